"""The accounts that a change of term opens at its hour, and their slips: each temporary password is shown once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.net.accounts import OpenedAccount
from lianxin.net.actors import known_roles
from lianxin.net.handing import hand_out, not_her_own, open_unhanded, unhanded
from lianxin.net.models import Appointment, Organisation
from lianxin.net.regions import path_name
from lianxin.register.names import readings_of
from lianxin.terms.accounts import accounts_of_people, known_at_the_hour, switched_off
from lianxin.terms.models import Act, Committee, Done, Seat, State, TermChange

AT_ONCE = 20
"""Slips made by one click: hashing takes its time."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Of the accounts a change opened: how many there are, have no password yet, and have none of their own yet."""

    opened: int
    without: int
    not_her_own: int


@dataclass(frozen=True, slots=True)
class Slip:
    """What is handed to one person. `what` is where and as what she works from now on."""

    name: str
    username: str
    password: str
    what: str
    is_demo: bool


def open_accounts(actor: Actor, body: Organisation, seats: Sequence[Seat], *, today: dt.date) -> list[Done]:
    """One for each who is to have a right and has no account: whoever stays goes on with hers.

    Somebody whose account was switched off gets none beside it: that was done for a reason.
    """
    wanted = [seat.person for seat in seats if seat.role]
    lacking = set(wanted) - set(accounts_of_people(wanted)) - switched_off(wanted)
    known = known_at_the_hour(lacking, on=today) if lacking else {}
    opened = [
        open_unhanded(actor, stem=_stem(name), name=name, person=person, is_demo=body.is_demo)
        for person, (name, _) in sorted(known.items())
    ]
    return [Done(act=Act.OPENED, key=account.pk) for account in opened]


def _stem(name: str) -> str:
    readings = readings_of(name)
    return readings[0] if readings else name


def waiting(actor: Actor, change: TermChange, committee: Committee | None = None) -> Waiting:
    """How far handing out has come, of a change or of one committee in it. Four queries; none where nothing was."""
    keys = _opened_by(actor, change, committee)
    if not keys:
        return Waiting(0, 0, 0)
    return Waiting(len(keys), unhanded(keys).count(), not_her_own(keys).count())


def next_slips(actor: Actor, change: TermChange, *, today: dt.date) -> list[Slip]:
    """Slips for the next of those who have no password yet. Needs user.manage over each."""
    return _slips(actor, list(unhanded(_opened_by(actor, change)).values_list("pk", flat=True)[:AT_ONCE]), today)


def slips_again(actor: Actor, change: TermChange, committee: Committee, *, today: dt.date) -> list[Slip]:
    """New slips for a committee's new accounts, as far as nobody has chosen a password of her own: the old ones end."""
    keys = _opened_by(actor, change, committee)
    return _slips(actor, list(not_her_own(keys).values_list("pk", flat=True)[:AT_ONCE]), today)


def _slips(actor: Actor, keys: Sequence[str], today: dt.date) -> list[Slip]:
    handed = hand_out(actor, keys, today=today)
    works = _works([each.account.pk for each in handed])
    return [_slip(each, works.get(each.account.pk, "")) for each in handed]


def _slip(opened: OpenedAccount, what: str) -> Slip:
    account = opened.account
    return Slip(account.name, account.username, opened.temporary_password, what, account.is_demo)


def _works(accounts: Sequence[str]) -> dict[str, str]:
    roles = known_roles()
    rows = Appointment.objects.filter(account__in=accounts, ends__isnull=True).order_by("starts", "id")
    return {row.account_id: f"{path_name(row.region)}，{roles[row.role].name}" for row in rows if row.role in roles}


def _opened_by(actor: Actor, change: TermChange, committee: Committee | None = None) -> list[str]:
    if change.state != State.CARRIED or not actor.may(Verb.USER_MANAGE):
        return []
    committees = Committee.objects.seen_by(actor).filter(change_id=change.pk)
    rows = committees.filter(pk=committee.pk) if committee else committees
    done = Done.objects.seen_by(actor).filter(committee_id__in=list(rows.values_list("pk", flat=True)), act=Act.OPENED)
    return list(done.values_list("key", flat=True))
