"""Organisations that are counted: founding, correcting, dissolving and joining keep their listings in the same breath.

The organisation's row owns its days; the listing follows, through the door, in the same transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.errors import Forbidden, Problem, Problems, Refused
from lianxin.base.ids import new_id
from lianxin.kinds.listings.actions import amend_listing
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.listings.stays import Stay, followed_lists, grade_lists, keeping, stays_of
from lianxin.net import alliances, organisations
from lianxin.net.alliances import MemberDraft
from lianxin.net.models import Member, Organisation
from lianxin.net.organisations import OrganisationDraft
from lianxin.records.door import is_correction, submit
from lianxin.records.drafts import Act, Draft, Rejected

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
    """A body that never stood: its listings are withdrawn, their facts reversed."""
    with transaction.atomic():
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


def _settle(actor: Actor, bodies: Collection[Organisation], *, because: str, at: dt.datetime) -> None:
    """Make the listings on followed lists say what the organisations say."""
    if not bodies:
        return
    keeper = _keeper(actor, {body.region for body in bodies})
    keys = {body.pk for body in bodies}
    wanted = stays_of(keys)
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


def _draft(actor: Actor, place: tuple[str, str], stay: Stay, because: str) -> Draft:
    programme, subject = place
    values = {"list": programme, "subject_type": "organisation", "subject": subject, **_said(stay)}
    return Draft("listing", new_id(), values, because=because, correcting=is_correction(actor, because))


def _void(actor: Actor, listing: Listing, because: str) -> Draft:
    why = because or "组织改了，不再计入这本册子"
    correcting = is_correction(actor, because)
    return Draft("listing", listing.key, {}, Act.VOID, listing.revision, why, correcting)


def _said(stay: Stay) -> dict[str, str]:
    off = stay.ends.isoformat() if stay.ends else ""
    why = "撤销或退出" if off else ""
    return {"on_day": stay.starts.isoformat(), "off_day": off, "off_why": why, "category": stay.category}


def _move(keeper: Actor, listing: Listing, stay: Stay, *, because: str, at: dt.datetime) -> None:
    if (listing.day, listing.off_day, listing.category) != (stay.starts, stay.ends, stay.category):
        said = _said(stay)
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
