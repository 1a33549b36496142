"""Organisations: found, amend, dissolve, take back, list, and the federations of a loaded county.

Who sits in them: `posts`; members, partners and rotas: `alliances`. What of them is counted is laid by the listings.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from lianxin.access.actor import REGION_ONLY, Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import is_under, level_of
from lianxin.base.days import checked_past_day
from lianxin.base.errors import Refused, Unseen
from lianxin.base.text import clean_line
from lianxin.catalog.bodies import OrganisationTypeSpec
from lianxin.catalog.current import catalog
from lianxin.net.models import FEDERATION, Member, Organisation, OrganisationChange, Partner, Post
from lianxin.net.regions import standing_region
from lianxin.vault.masks import mask_free_text


@dataclass(frozen=True, slots=True)
class OrganisationDraft:
    """What is said of a body; `parent` and `host` are keys of organisations, `standard` the items it has reached."""

    name: str
    type: str
    region: str
    parent: str = ""
    host: str = ""
    founded_on: dt.date | None = None
    mode: str = ""
    field: str = ""
    address: str = ""
    contact: str = ""
    standard: tuple[str, ...] = ()


def organisations_seen_by(actor: Actor) -> QuerySet[Organisation]:
    """Standing and dissolved bodies where the actor has organisation.read, from the county down."""
    reach = actor.reach(Verb.ORGANISATION_READ, REGION_ONLY)
    return Organisation.objects.filter(reach).order_by("region", "type", "name")


def organisation_for(actor: Actor, key: str) -> Organisation:
    """One organisation; Unseen where the actor may not look."""
    row = organisations_seen_by(actor).select_related("parent", "host", "rebuilt_from").filter(pk=key).first()
    if row is None:
        raise Unseen("没有这个组织，或者它不在您负责的区域里。")
    return row


def standing(on: dt.date) -> Q:
    """Founded by that day (or nobody knows when) and not yet dissolved."""
    founded = Q(founded_on__isnull=True) | Q(founded_on__lte=on)
    return founded & (Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=on))


def never_stood() -> Q:
    """Entered by mistake and taken back."""
    return Q(founded_on__isnull=False, dissolved_on=F("founded_on"))


def federation_of(region: str) -> Organisation | None:
    """The women's federation 妇联 of exactly this region that has not been dissolved."""
    return Organisation.objects.filter(region=region, type=FEDERATION, dissolved_on__isnull=True).first()


def type_name(code: str) -> str:
    """What a type is called today; its code when it has left the catalogue."""
    spec = catalog().organisation_types.get(code)
    return spec.name if spec else code


def found_organisation(actor: Actor, draft: OrganisationDraft, *, today: dt.date) -> Organisation:
    """Enter a body that was founded. Needs organisation.write at its region. Counted types need their day.

    Pages and imports call `kinds.listings.bodies.open_organisation`, which also lays what is counted of it.
    """
    actor.require(Verb.ORGANISATION_WRITE, region=draft.region)
    standing_region(draft.region)
    spec = type_for(draft, today=today)
    said = checked_draft(draft, spec, today=today)
    with transaction.atomic():
        refuse_same_name(said)
        require_day(said, spec)
        row = Organisation.objects.create(
            type=spec.code,
            level=level_of(said.region),
            region=said.region,
            parent=leader_of(said, spec),
            host=standing_organisation(said.host, field="host") if said.host else None,
            **plain_values(said),
        )
        _log(actor, row, "登记", {})
    return row


def amend_organisation(
    actor: Actor, organisation: Organisation, draft: OrganisationDraft, *, today: dt.date
) -> Organisation:
    """Put right or change what is said of a body; type and place stay. Needs organisation.write at its region."""
    actor.require(Verb.ORGANISATION_WRITE, region=organisation.region)
    with transaction.atomic():
        row = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        if row.dissolved_on is not None:
            raise Refused(f"“{row.name}”已经撤销，不能再改。")
        draft = replace(draft, type=row.type, region=row.region)
        spec = catalog().organisation_types.get(row.type)
        said = checked_draft(draft, spec, today=today) if spec else draft
        refuse_same_name(said, besides=row.pk)
        if spec and row.founded_on is not None:
            require_day(said, spec)  # one that nobody knew may stay unknown: it is not counted until somebody does
        new = plain_values(said) | {"parent_id": said.parent or None, "host_id": said.host or None}
        if said.parent and said.parent != row.parent_id:
            leader_of(said, spec, itself=row.pk)
        if said.host and said.host != row.host_id:
            standing_organisation(said.host, field="host")
        write_change(actor, row, "修改", new)
    return row


def dissolve_organisation(actor: Actor, organisation: Organisation, *, on: dt.date, today: dt.date) -> Organisation:
    """Note that a body was dissolved. Its posts must have ended and nothing may stand under it.

    It leaves the alliances it was in, and its own members and partners are its no longer, on the same day.
    """
    actor.require(Verb.ORGANISATION_WRITE, region=organisation.region)
    checked_past_day(on, today=today, field="dissolved_on")
    if organisation.founded_on and on <= organisation.founded_on:
        raise Refused("撤销日期要晚于成立日期；根本没有成立过、登记错了的，请用“撤回登记”。", field="dissolved_on")
    with transaction.atomic():
        row = standing_row(organisation)
        _refuse_followers(row, on)
        # Whoever came on that very day or later never belonged to it.
        for rows in (
            Member.objects.filter(Q(organisation=row) | Q(body=row)),
            Partner.objects.filter(organisation=row),
        ):
            rows.filter(starts__gte=on).delete()
            rows.filter(Q(ends__isnull=True) | Q(ends__gt=on)).update(ends=on)
        write_change(actor, row, "登记撤销", {"dissolved_on": on})
    return row


def take_back_organisation(actor: Actor, organisation: Organisation, *, because: str, today: dt.date) -> Organisation:
    """A body that was entered by mistake and never stood: its two days become the same one."""
    actor.require(Verb.ORGANISATION_WRITE, region=organisation.region)
    why = mask_free_text(clean_line(because, field="because", limit=200))
    if not why:
        raise Refused("请写明为什么撤回，例如：同一个微家登记了两次。", field="because")
    with transaction.atomic():
        row = standing_row(organisation)
        _refuse_followers(row, row.founded_on or dt.date.min)
        hangers = Member.objects.filter(Q(organisation=row) | Q(body=row))
        if hangers.exists() or Partner.objects.filter(organisation=row).exists():
            raise Refused(f"“{row.name}”还有成员或共建伙伴，请先让他们退出，再登记撤销。")
        day = row.founded_on or today
        write_change(actor, row, f"撤回：{why}"[:20], {"founded_on": day, "dissolved_on": day})
    return row


def standing_row(organisation: Organisation) -> Organisation:
    """The body, locked; Refused once it is dissolved."""
    row = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if row.dissolved_on is not None:
        raise Refused(f"“{row.name}”已经撤销过了。")
    return row


def _refuse_followers(row: Organisation, on: dt.date) -> None:
    if Organisation.objects.filter(parent=row, dissolved_on__isnull=True).exists():
        raise Refused(f"“{row.name}”下面还有组织，请先把它们撤销或改到别处。")
    if Post.objects.filter(Q(ends__isnull=True) | Q(ends__gt=on), organisation=row).exists():
        raise Refused(f"“{row.name}”还有人在任，请先办离任。")


def type_for(draft: OrganisationDraft, *, today: dt.date) -> OrganisationTypeSpec:
    """The type a new body is to be of; Refused where it is closed, or does not stand on that level."""
    spec = catalog().organisation_types.get(draft.type)
    if spec is None:
        raise Refused("请选一个类型。", field="type")
    if not spec.is_open_on(today):
        raise Refused(f"“{spec.name}”已经不再新建，请选别的类型。", field="type")
    level = level_of(draft.region)
    if level.name.lower() not in spec.levels:
        raise Refused(f"“{spec.name}”不建在{level.label}一级，请改选地方或类型。", field="region")
    return spec


def checked_draft(draft: OrganisationDraft, spec: OrganisationTypeSpec, *, today: dt.date) -> OrganisationDraft:
    """The draft with its lines cleaned. Refused, by field, for what is missing or not to be chosen."""
    name = clean_line(draft.name, field="name", limit=80)
    if not name:
        raise Refused("请填组织名称。", field="name")
    if draft.founded_on:
        checked_past_day(draft.founded_on, today=today, field="founded_on")
    items = [item.code for item in spec.standard.items] if spec.standard else []
    return replace(
        draft,
        name=name,
        mode=_one_of(draft.mode, catalog().modes, asked=spec.has_mode, field="mode"),
        field=_one_of(draft.field, catalog().new_fields, asked=spec.has_field, field="field"),
        address=mask_free_text(clean_line(draft.address, field="address", limit=120)),
        contact=mask_free_text(clean_line(draft.contact, field="contact", limit=40)),
        standard=tuple(code for code in items if code in draft.standard),
    )


def require_day(said: OrganisationDraft, spec: OrganisationTypeSpec) -> None:
    """Refused for a counted body without its day."""
    if spec.counted_on and said.founded_on is None:
        raise Refused(f"“{spec.name}”要计入数字，请填成立（开办）日期。", field="founded_on")


def _one_of(code: str, known: Any, *, asked: bool, field: str) -> str:
    if not asked or not code:
        if asked and field == "field":
            raise Refused("请选是哪个领域。", field=field)
        return ""
    if code not in known:
        raise Refused("请从列出的选项里选。", field=field)
    return code


def plain_values(said: OrganisationDraft) -> dict[str, Any]:
    """What goes into the row as it was said."""
    names = ("name", "founded_on", "mode", "field", "address", "contact")
    return {name: getattr(said, name) for name in names} | {"standard": list(said.standard)}


def refuse_same_name(said: OrganisationDraft, *, besides: str = "") -> None:
    """Refused where a standing body of the place has the name already."""
    rows = Organisation.objects.filter(region=said.region, name=said.name, dissolved_on__isnull=True)
    if rows.exclude(pk=besides).exists():
        raise Refused(f"这里已经有“{said.name}”，不用再建。", field="name")


def leader_of(draft: OrganisationDraft, spec: OrganisationTypeSpec | None, *, itself: str = "") -> Organisation | None:
    """Who is to lead it; Refused for one below itself, elsewhere, or of a type that may not."""
    if not draft.parent:
        return None
    parent = standing_organisation(draft.parent, field="parent")
    if parent.pk == itself or _leads(itself, parent):
        raise Refused("组织不能归自己或自己下面的组织管。", field="parent")
    if not is_under(draft.region, parent.region):
        raise Refused(f"“{parent.name}”不在本组织的上级区划，不能当它的上级组织。", field="parent")
    if spec and spec.led_by and parent.type not in spec.led_by:
        kinds = "、".join(type_name(code) for code in spec.led_by)
        raise Refused(f"“{spec.name}”的上级组织应当是{kinds}。", field="parent")
    return parent


def _leads(key: str, organisation: Organisation) -> bool:
    """Whether the body of this key stands somewhere above the other."""
    above, passed = organisation.parent, set[str]()
    while key and above is not None and above.pk not in passed:
        if above.pk == key:
            return True
        passed.add(above.pk)
        above = above.parent
    return False


def standing_organisation(key: str, *, field: str) -> Organisation:
    """The body of a key that stands; Refused at the field otherwise."""
    row = Organisation.objects.filter(pk=key, dissolved_on__isnull=True).first()
    if row is None:
        raise Refused("没有这个组织，或它已经撤销，请重新选。", field=field)
    return row


def write_change(actor: Actor, row: Organisation, what: str, new: dict[str, Any]) -> None:
    """Write what differs, and what it was before."""
    said = {name: [_words(getattr(row, name)), _words(value)] for name, value in new.items()}
    said = {name: pair for name, pair in said.items() if pair[0] != pair[1]}
    if not said:
        return
    for name in said:
        setattr(row, name, new[name])
    row.save(update_fields=list(said))
    _log(actor, row, what, said)


def _words(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    return "、".join(value) if isinstance(value, list) else str(value or "")


def _log(actor: Actor, row: Organisation, what: str, said: dict[str, list[str]]) -> None:
    OrganisationChange.objects.create(by=actor.account, organisation=row.pk, what=what, said=said)
