"""Organisations: found, dissolve, list, and the federations of a loaded county. Who sits in them: `posts`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from lianxin.access.actor import REGION_ONLY, Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, is_under, level_of, range_under
from lianxin.base.days import checked_past_day
from lianxin.base.errors import Refused, Unseen
from lianxin.base.text import clean_line
from lianxin.net.models import Organisation, OrganisationType, Post
from lianxin.net.regions import region_name, standing_region, subtree


@dataclass(frozen=True, slots=True)
class OrganisationDraft:
    """What is known of a body before it has a row; `parent` and `host` are keys of organisations, or empty."""

    name: str
    type: OrganisationType
    region: str
    parent: str = ""
    host: str = ""
    founded_on: dt.date | None = None


def organisations_seen_by(actor: Actor) -> QuerySet[Organisation]:
    """Standing and dissolved bodies where the actor has organisation.read, from the county down."""
    reach = actor.reach(Verb.ORGANISATION_READ, REGION_ONLY)
    return Organisation.objects.filter(reach).order_by("region", "type", "name")


def organisation_for(actor: Actor, key: str) -> Organisation:
    """One organisation; Unseen where the actor may not look."""
    row = organisations_seen_by(actor).filter(pk=key).first()
    if row is None:
        raise Unseen("没有这个组织，或者它不在您负责的区域里。")
    return row


def standing(on: dt.date) -> Q:
    """Founded by that day (or nobody knows when) and not yet dissolved."""
    founded = Q(founded_on__isnull=True) | Q(founded_on__lte=on)
    return founded & (Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=on))


def federation_of(region: str) -> Organisation | None:
    """The women's federation 妇联 of exactly this region that has not been dissolved."""
    return Organisation.objects.filter(
        region=region, type=OrganisationType.FEDERATION, dissolved_on__isnull=True
    ).first()


def found_organisation(actor: Actor, draft: OrganisationDraft, *, today: dt.date) -> Organisation:
    """Enter a body that was founded. Needs organisation.write at its region."""
    actor.require(Verb.ORGANISATION_WRITE, region=draft.region)
    standing_region(draft.region)
    name = clean_line(draft.name, field="name", limit=80)
    if not name:
        raise Refused("请填组织名称。", field="name")
    if draft.founded_on:
        checked_past_day(draft.founded_on, today=today, field="founded_on")
    with transaction.atomic():
        if Organisation.objects.filter(region=draft.region, name=name, dissolved_on__isnull=True).exists():
            raise Refused(f"这里已经有“{name}”，不用再建。", field="name")
        return Organisation.objects.create(
            name=name,
            type=draft.type,
            level=level_of(draft.region),
            region=draft.region,
            parent=_parent_of(draft),
            host=_standing_organisation(draft.host, field="host") if draft.host else None,
            founded_on=draft.founded_on,
        )


def _parent_of(draft: OrganisationDraft) -> Organisation | None:
    if not draft.parent:
        return None
    parent = _standing_organisation(draft.parent, field="parent")
    if not is_under(draft.region, parent.region):
        raise Refused(f"“{parent.name}”不在本组织的上级区划，不能当它的上级组织。", field="parent")
    return parent


def _standing_organisation(key: str, *, field: str) -> Organisation:
    row = Organisation.objects.filter(pk=key, dissolved_on__isnull=True).first()
    if row is None:
        raise Refused("没有这个组织，或它已经撤销，请重新选。", field=field)
    return row


def rename_organisation(actor: Actor, organisation: Organisation, *, name: str) -> Organisation:
    """Another name for the same body. Needs organisation.write at its region."""
    actor.require(Verb.ORGANISATION_WRITE, region=organisation.region)
    cleaned = clean_line(name, field="name", limit=80)
    if not cleaned:
        raise Refused("请填组织名称。", field="name")
    organisation.name = cleaned
    organisation.save(update_fields=["name"])
    return organisation


def dissolve_organisation(actor: Actor, organisation: Organisation, *, on: dt.date, today: dt.date) -> Organisation:
    """Note that a body was dissolved. Its posts must have ended and nothing may stand under it."""
    actor.require(Verb.ORGANISATION_WRITE, region=organisation.region)
    checked_past_day(on, today=today, field="dissolved_on")
    if organisation.founded_on and on < organisation.founded_on:
        raise Refused("撤销日期不能早于成立日期。", field="dissolved_on")
    with transaction.atomic():
        row = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        if row.dissolved_on is not None:
            raise Refused(f"“{row.name}”已经撤销过了。")
        if Organisation.objects.filter(parent=row, dissolved_on__isnull=True).exists():
            raise Refused(f"“{row.name}”下面还有组织，请先把它们撤销或改到别处。")
        if Post.objects.filter(Q(ends__isnull=True) | Q(ends__gt=on), organisation=row).exists():
            raise Refused(f"“{row.name}”还有人在任，请先办离任。")
        row.dissolved_on = on
        row.save(update_fields=["dissolved_on"])
    return row


def found_federations(actor: Actor, county: str, *, is_demo: bool = False) -> int:
    """A federation 妇联 for a loaded county, each of its towns and villages; how many were new (南湖区: 1 + 13 + 143).

    Regions that have one keep it. Needs organisation.write over the county.
    """
    actor.require(Verb.ORGANISATION_WRITE, region=county)
    top = standing_region(county)
    if top.level != Level.COUNTY:
        raise Refused("请写县（区）的 6 位代码，例如 330402。", field="region")
    low, high = range_under(county)
    with transaction.atomic():
        federations = Organisation.objects.filter(type=OrganisationType.FEDERATION, dissolved_on__isnull=True)
        by_region = {row.region: row for row in federations.filter(region__gte=low, region__lt=high)}
        before = len(by_region)
        for level in (Level.COUNTY, Level.TOWN, Level.VILLAGE):
            added = [
                Organisation(
                    name=f"{region_name(place.code)}妇联",
                    type=OrganisationType.FEDERATION,
                    level=level,
                    region=place.code,
                    parent=by_region.get(place.parent),
                    is_demo=is_demo,
                )
                for place in subtree(county, level)
                if place.code not in by_region
            ]
            by_region |= {row.region: row for row in Organisation.objects.bulk_create(added)}
        return len(by_region) - before
