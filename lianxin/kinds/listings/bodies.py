"""Organisations that are counted: founding, correcting, dissolving and joining keep their listings in the same breath.

The organisation's row owns its days; the listing follows, through the door, in the same transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.errors import Forbidden, Problem, Problems, Refused
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.kinds.listings.actions import amend_listing
from lianxin.kinds.listings.covered import federations_at, federations_beside
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.listings.queries import list_name
from lianxin.kinds.listings.spans import Place, Stay
from lianxin.kinds.listings.stays import MODE, followed_lists, grade_lists, keeping, laid_lists, stays_of
from lianxin.net import alliances, organisations, rebuilding
from lianxin.net.alliances import MemberDraft
from lianxin.net.models import Member, Organisation
from lianxin.net.organisations import OrganisationDraft
from lianxin.records.door import is_correction, submit
from lianxin.records.drafts import Act, Draft, Rejected
from lianxin.records.kinds import Subject
from lianxin.records.reground import reground

_FIELDS = {"on_day": "founded_on", "day": "founded_on", "off_day": "dissolved_on"}
_MEMBER_FIELDS = {"founded_on": "starts", "dissolved_on": "ends"}


def open_organisation(actor: Actor, draft: OrganisationDraft, *, because: str = "", at: dt.datetime) -> Organisation:
    """Found a body; if its type is counted it stands on its list from its day on."""
    return open_organisations(actor, [draft], because=because, at=at)[0]


def open_organisations(
    actor: Actor, drafts: Sequence[OrganisationDraft], *, because: str = "", at: dt.datetime
) -> list[Organisation]:
    """Found many, all or none. A parent must be founded before. Raises what `net` and the door do."""
    with transaction.atomic():
        bodies = [organisations.found_organisation(actor, draft, today=at.date()) for draft in drafts]
        _settle(actor, bodies, because=because, at=at)
    return bodies


def count_organisations(actor: Actor, bodies: Sequence[Organisation], *, because: str = "", at: dt.datetime) -> None:
    """Lay what is missing for bodies whose days are known by now: those of a loaded county, those from before."""
    with transaction.atomic():
        for body in bodies:
            actor.require(Verb.ORGANISATION_WRITE, region=body.region)
        _settle(actor, bodies, because=because, at=at)


def correct_organisation(
    actor: Actor, body: Organisation, draft: OrganisationDraft, *, because: str, at: dt.datetime
) -> Organisation:
    """Put right what is said of a body: another founding day moves its listing along."""
    with transaction.atomic():
        row = organisations.amend_organisation(actor, body, draft, today=at.date())
        _settle(actor, [row], because=because, at=at)
    return row


def put_organisation_elsewhere(
    actor: Actor, body: Organisation, draft: OrganisationDraft, *, because: str, at: dt.datetime
) -> Organisation:
    """Another type or place, as it always was: its listings leave the wrong list, and stand on the right ground."""
    before = body.region
    with transaction.atomic():
        _refuse_graded(actor, body, draft)
        row = rebuilding.put_elsewhere(actor, body, draft, because=because, today=at.date())
        beside = federations_at(before)
        _settle(actor, [row, *beside, *_member_bodies(row)], because=because, at=at, besides=[before])
        if row.region != before:
            lists = followed_lists() | grade_lists() | laid_lists()
            keeper = keeping(actor, [before, row.region], lists)
            correcting = is_correction(actor, because)
            reground(keeper, Subject("organisation", row.pk), because=because, correcting=correcting, at=at)
    return row


def _refuse_graded(actor: Actor, body: Organisation, draft: OrganisationDraft) -> None:
    """A grade stays with the type that wins it."""
    spec = catalog().organisation_types.get(draft.type)
    rows = Listing.objects.seen_by(_keeper(actor, {body.region})).filter(subject=body.pk, is_void=False)
    held = rows.filter(programme__in=grade_lists() - set(spec.graded_on if spec else ())).first()
    if held is not None and draft.type != body.type:
        raise Refused(f"它还登在“{list_name(held.programme)}”上，那一类组织才评，请先撤回那一份。", field="type")


def rebuild(
    actor: Actor, body: Organisation, draft: OrganisationDraft, *, because: str, at: dt.datetime
) -> Organisation:
    """改建: the old body leaves its list, the new one stands on its own, and on that of the rebuilt."""
    with transaction.atomic():
        new = rebuilding.rebuild_organisation(actor, body, draft, today=at.date())
        old = Organisation.objects.get(pk=body.pk)
        _settle(actor, [old, new, *_member_bodies(new)], because=because, at=at)
        _leave_grades(actor, old, on=old.dissolved_on, because=because, at=at)
    return new


def close_organisation(
    actor: Actor, body: Organisation, *, on: dt.date, because: str = "", at: dt.datetime
) -> Organisation:
    """Dissolve a body: it leaves every list it stands on, its members leave theirs."""
    with transaction.atomic():
        members = _member_bodies(body)
        row = organisations.dissolve_organisation(actor, body, on=on, today=at.date())
        _settle(actor, [row, *members], because=because, at=at)
        _leave_grades(actor, row, on=on, because=because, at=at)
    return row


def take_back(actor: Actor, body: Organisation, *, because: str, at: dt.datetime) -> Organisation:
    """A body that never stood: its listings are withdrawn, and what it was rebuilt from stands again."""
    with transaction.atomic():
        if body.rebuilt_from_id:
            members = _member_bodies(body)
            old = rebuilding.undo_rebuilding(actor, body, because=because, today=at.date())
            row = Organisation.objects.get(pk=body.pk)
            _settle(actor, [row, old, *members], because=because, at=at)
            _leave_grades(actor, row, on=None, because=because, at=at)
            return row
        row = organisations.take_back_organisation(actor, body, because=because, today=at.date())
        _settle(actor, [row], because=because, at=at)
        _leave_grades(actor, row, on=None, because=because, at=at)
    return row


def admit_member(actor: Actor, draft: MemberDraft, *, because: str = "", at: dt.datetime) -> Member:
    """An organisation or a person joins a body; a member of a counted alliance stands on its list."""
    return admit_members(actor, [draft], because=because, at=at)[0]


def admit_members(actor: Actor, drafts: Sequence[MemberDraft], *, because: str = "", at: dt.datetime) -> list[Member]:
    """Many join, all or none."""
    with transaction.atomic(), _said_of_members():
        members = [alliances.add_member(actor, draft, today=at.date()) for draft in drafts]
        joined = [member.body for member in members if member.body is not None]
        _settle(actor, joined, because=because, at=at)
    return members


def release_member(actor: Actor, member: Member, *, on: dt.date, because: str = "", at: dt.datetime) -> Member:
    """A member leaves: `on` is the first day it no longer belongs."""
    with transaction.atomic(), _said_of_members():
        row = alliances.end_member(actor, member, on=on, today=at.date())
        _settle(actor, [row.body] if row.body else [], because=because, at=at)
    return row


def _member_bodies(body: Organisation) -> list[Organisation]:
    rows = Member.objects.filter(organisation=body, ends__isnull=True, body__isnull=False).select_related("body")
    return [row.body for row in rows if row.body is not None]


# ── keeping the listings up ──────────────────────────────────────────────────


def _settle(
    actor: Actor, bodies: Collection[Organisation], *, because: str, at: dt.datetime, besides: Collection[str] = ()
) -> None:
    """Make the listings on followed lists say what the organisations say; `besides`: where they stood till now."""
    if not bodies:
        return
    bodies = [*bodies, *federations_beside(bodies)]
    keys = {body.pk for body in bodies}
    wanted = stays_of(keys)
    keeper = _keeper(actor, {body.region for body in bodies} | set(besides))
    rows = Listing.objects.seen_by(keeper).filter(subject__in=keys, programme__in=followed_lists(), is_void=False)
    present: dict[tuple[str, str], list[Listing]] = {}
    for row in rows.order_by("day", "seq"):
        present.setdefault((row.programme, row.subject), []).append(row)
    drafts: list[Draft] = []
    voids: list[Draft] = []
    with _said_of_bodies():
        for place in sorted(wanted.keys() | present.keys()):
            stays, standing = wanted.get(place, ()), present.get(place, [])
            for stay, listing in zip(stays, standing, strict=False):
                _move(keeper, listing, stay, because=because, at=at)
            voids += [_void(actor, listing, because) for listing in standing[len(stays) :]]
            drafts += [_draft(actor, place, stay, because) for stay in stays[len(standing) :]]
        _submit(keeper, voids, at=at)
        _submit(keeper, drafts, at=at)


def _keeper(actor: Actor, regions: Iterable[str]) -> Actor:
    """The same person, allowed for this act to lay what follows from the organisations she has just been let write."""
    return keeping(actor, regions, followed_lists() | grade_lists())


def _draft(actor: Actor, place: Place, stay: Stay, because: str) -> Draft:
    programme, subject = place
    values = {"list": programme, "subject_type": "organisation", "subject": subject, **_said(programme, stay)}
    return Draft("listing", new_id(), values, because=because, correcting=is_correction(actor, because))


def _void(actor: Actor, listing: Listing, because: str) -> Draft:
    why = because or "组织改了，不再计入这本册子"
    correcting = is_correction(actor, because)
    return Draft("listing", listing.key, {}, Act.VOID, listing.revision, why, correcting)


def _said(programme: str, stay: Stay) -> dict[str, Any]:
    off = stay.ends.isoformat() if stay.ends else ""
    why = "撤销或退出" if off else ""
    answers = {f"{programme}.{MODE}": stay.mode} if stay.mode else {}
    days = {"on_day": stay.starts.isoformat(), "off_day": off, "off_why": why}
    return {**days, "category": stay.category, "answers": answers}


def _move(keeper: Actor, listing: Listing, stay: Stay, *, because: str, at: dt.datetime) -> None:
    stands = Stay(
        listing.day, listing.off_day, listing.category, listing.answers.get(f"{listing.programme}.{MODE}", "")
    )
    if stands != stay:
        said = _said(listing.programme, stay)
        amend_listing(keeper, key=listing.key, base=listing.revision, values=said, because=because, at=at)


def _submit(keeper: Actor, drafts: list[Draft], *, at: dt.datetime) -> None:
    try:
        submit(keeper, drafts, at=at)
    except Rejected as rejected:
        raise rejected.first from rejected


def _leave_grades(actor: Actor, body: Organisation, *, on: dt.date | None, because: str, at: dt.datetime) -> None:
    """A dissolved body keeps no grade; without a day it never had one."""
    keeper = _keeper(actor, {body.region})
    rows = Listing.objects.seen_by(keeper).filter(
        subject=body.pk, is_void=False, off_day__isnull=True, programme__in=grade_lists()
    )
    with _said_of_bodies():
        for row in rows.order_by("seq"):
            if on is not None and on > row.day:
                left = {"off_day": on.isoformat(), "off_why": "组织撤销"}
                amend_listing(keeper, key=row.key, base=row.revision, values=left, because=because, at=at)
            else:
                _submit(keeper, [_void(actor, row, because)], at=at)


@contextmanager
def _said_of_bodies() -> Iterator[None]:
    """What is wrong with a listing, said at the fields of the organisation that it follows."""
    with _renamed(_FIELDS):
        yield


@contextmanager
def _said_of_members() -> Iterator[None]:
    with _renamed(_MEMBER_FIELDS):
        yield


@contextmanager
def _renamed(fields: dict[str, str]) -> Iterator[None]:
    try:
        yield
    except Problems as error:
        raise Problems([Problem(fields.get(item.field, item.field), item.message) for item in error.items]) from error
    except Forbidden:
        raise
    except Refused as error:
        error.field = fields.get(error.field, error.field)
        raise
