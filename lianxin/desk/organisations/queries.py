"""Reading organisations for their pages: the list, what stands where, one body with all that hangs on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Substr

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, ancestors, range_under
from lianxin.catalog.current import catalog
from lianxin.desk.choosing import people_found
from lianxin.net.alliances import held_on
from lianxin.net.models import Member, Organisation, OrganisationChange, Partner, Post, Rota
from lianxin.net.organisations import organisations_seen_by, standing, type_name
from lianxin.net.regions import path_name
from lianxin.register.queries import person_card
from lianxin.ui.forms import Option

PAGE = 30
MOST_MEMBERS = 60
MOST_HITS = 10


@dataclass(frozen=True, slots=True)
class OrganisationFilter:
    """How the list of organisations is narrowed. Empty means: not by this."""

    words: str = ""
    group: str = ""
    type: str = ""
    region: str = ""
    is_dissolved: bool = False


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """One page in order of region; `after` begins the next one."""

    rows: tuple[Organisation, ...]
    count: int
    after: str = ""


def organisations_page(
    actor: Actor, chosen: OrganisationFilter, *, after: str = "", size: int = PAGE
) -> OrganisationPage:
    rows = narrowed_organisations(actor, chosen)
    count = rows.count()
    region, _, key = after.partition(".")
    if key:
        rows = rows.filter(Q(region__gt=region) | Q(region=region, pk__gt=key))
    found = list(rows[: size + 1])
    shown = tuple(found[:size])
    last = shown[-1] if len(found) > size else None
    return OrganisationPage(shown, count, after=f"{last.region}.{last.pk}" if last else "")


def narrowed_organisations(actor: Actor, chosen: OrganisationFilter) -> QuerySet[Organisation]:
    rows = organisations_seen_by(actor).filter(_at(chosen.region), dissolved_on__isnull=not chosen.is_dissolved)
    if chosen.words:
        rows = rows.filter(Q(name__icontains=chosen.words) | Q(address__icontains=chosen.words))
    if chosen.type:
        rows = rows.filter(type=chosen.type)
    elif chosen.group:
        rows = rows.filter(type__in=types_of(chosen.group))
    return rows.order_by("region", "pk")


def types_of(group: str) -> tuple[str, ...]:
    return tuple(spec.code for spec in catalog().organisation_types.values() if spec.group == group)


def counts_by_type(actor: Actor, chosen: OrganisationFilter) -> dict[str, int]:
    """How many of each type the other conditions leave."""
    plain = OrganisationFilter(words=chosen.words, region=chosen.region, is_dissolved=chosen.is_dissolved)
    rows = narrowed_organisations(actor, plain).order_by().values_list("type")
    return dict(rows.annotate(Count("id")))


def _at(region: str) -> Q:
    if not region:
        return Q()
    low, high = range_under(region)
    return Q(region__gte=low, region__lt=high)


def standing_by_place(actor: Actor, region: str, below: Level, *, on: dt.date) -> dict[str, dict[str, int]]:
    """Place of a level below → type → how many stand there or under it; bodies above that level are left out."""
    rows = organisations_seen_by(actor).filter(_at(region), standing(on), level__gte=int(below)).order_by()
    counted = rows.annotate(place=Substr("region", 1, below.length)).values_list("place", "type").annotate(Count("id"))
    found: dict[str, dict[str, int]] = {}
    for place, kind, many in counted:
        found.setdefault(place, {})[kind] = many
    return found


def standing_at(actor: Actor, region: str, *, on: dt.date) -> tuple[Organisation, ...]:
    """The bodies of exactly this place."""
    rows = organisations_seen_by(actor).filter(standing(on), region=region)
    return tuple(rows.order_by("type", "name", "pk"))


def places_having(actor: Actor, region: str, kinds: Sequence[str], *, on: dt.date) -> dict[str, frozenset[str]]:
    """Type → the places that have one, for the types that every place should have."""
    rows = organisations_seen_by(actor).filter(_at(region), standing(on), type__in=kinds).order_by()
    found: dict[str, set[str]] = {kind: set() for kind in kinds}
    for kind, place in rows.values_list("type", "region"):
        found[kind].add(place)
    return {kind: frozenset(places) for kind, places in found.items()}


def bodies_at(region: str) -> tuple[Organisation, ...]:
    """Standing bodies of a place and of those above it, up to the county: what may lead or house a new one there."""
    if not region:
        return ()
    places = [code for code in (region, *ancestors(region)) if len(code) >= Level.COUNTY.length]
    rows = Organisation.objects.filter(region__in=places, dissolved_on__isnull=True)
    return tuple(rows.order_by("-level", "type", "name"))


def bodies_under(actor: Actor, organisation: Organisation) -> tuple[Organisation, ...]:
    """The standing bodies it leads or houses, in order of region."""
    rows = organisations_seen_by(actor).filter(Q(parent=organisation) | Q(host=organisation), dissolved_on__isnull=True)
    return tuple(rows.order_by("region", "type", "name"))


def became(body: Organisation) -> Organisation | None:
    """What a dissolved body was rebuilt into, if it was. Call it only for a body that was found for the reader."""
    if body.dissolved_on is None:
        return None
    return Organisation.objects.filter(rebuilt_from=body).exclude(dissolved_on=F("founded_on")).first()


def posts_of(organisation: Organisation) -> Sequence[Post]:
    """Its posts, running ones first, then the newest. Call it only for a body that was found for the reader."""
    # Equal days are a post that was taken back: it never was held.
    rows = Post.objects.filter(organisation=organisation).exclude(ends=F("starts")).select_related("account")
    return sorted(rows, key=lambda post: (post.ends is not None, -post.starts.toordinal(), post.pk))


@dataclass(frozen=True, slots=True)
class Belonging:
    """Who belongs to a body, who works with it, what it belongs to, who hosts. Running ones first."""

    members: tuple[Member, ...]
    many: int
    partners: tuple[Partner, ...]
    within: tuple[Member, ...]
    rota: Rota | None


def belonging_of(organisation: Organisation, *, on: dt.date) -> Belonging:
    """Call it only for a body that was found for the reader."""
    members = Member.objects.filter(organisation=organisation).select_related("body")
    shown = sorted(members, key=lambda each: (each.ends is not None and each.ends <= on, each.starts, each.pk))
    partners = Partner.objects.filter(organisation=organisation)
    within = Member.objects.filter(held_on(on), body=organisation).select_related("organisation")
    return Belonging(
        members=tuple(shown[:MOST_MEMBERS]),
        many=sum(each.ends is None or each.ends > on for each in shown),
        partners=tuple(sorted(partners, key=lambda each: (each.ends is not None and each.ends <= on, each.starts))),
        within=tuple(within.order_by("starts", "id")),
        rota=Rota.objects.filter(organisation=organisation).first(),
    )


def changes_of(organisation: Organisation) -> tuple[OrganisationChange, ...]:
    """What was changed of it, newest first. Call it only for a body that was found for the reader."""
    return tuple(OrganisationChange.objects.filter(organisation=organisation.pk).order_by("-at", "-pk")[:20])


def who_may_join(actor: Actor, body: Organisation, sought: str, chosen: str, *, on: dt.date) -> tuple[Option, ...]:
    """Bodies of its area and people of the register that a search finds, and who is chosen already."""
    low, high = range_under(body.region)
    bodies = organisations_seen_by(actor).filter(standing(on), region__gte=low, region__lt=high).exclude(pk=body.pk)
    kind, _, key = chosen.partition(":")
    options: dict[str, Option] = {}
    if kind == "organisation" and (row := bodies.filter(pk=key).first()):
        options[chosen] = Option(chosen, row.name, note=path_name(row.region))
    if kind == "person" and actor.may(Verb.REGISTER_READ) and (card := person_card(actor, key, on=on)):
        options[chosen] = Option(chosen, card.name, note=path_name(card.region))
    if not sought:
        return tuple(options.values())
    for row in bodies.filter(name__icontains=sought)[:MOST_HITS]:
        name = f"organisation:{row.pk}"
        options[name] = Option(name, row.name, note=f"{type_name(row.type)} · {path_name(row.region)}")
    if actor.may(Verb.REGISTER_READ):
        for found in people_found(actor, sought, on=on):
            options[f"person:{found.value}"] = replace(found, value=f"person:{found.value}")
    return tuple(options.values())


def may_write(actor: Actor, body: Organisation) -> bool:
    """Whether the reader may change it: dissolved bodies stay as they are."""
    return body.dissolved_on is None and bool(actor.may(Verb.ORGANISATION_WRITE, region=body.region))


def may_appoint_to(actor: Actor, body: Organisation) -> bool:
    """Posts are held by people of the register: who cannot see them cannot choose among them."""
    return may_write(actor, body) and bool(actor.may(Verb.REGISTER_READ, region=body.region))
