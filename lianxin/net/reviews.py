"""The yearly look through all rights: each appointment confirmed or withdrawn by who reviews and grants nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from lianxin.access.actor import REGION_ONLY, Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI, months_after
from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.base.text import clean_line
from lianxin.net.accounts import note_change
from lianxin.net.actors import in_force
from lianxin.net.models import AccountChange, Appointment, ChangeKind
from lianxin.vault.masks import mask_free_text

MONTHS = 12  # GB/T 22239 asks for “regularly”; a year is what assessors take


@dataclass(frozen=True, slots=True)
class Right:
    """One appointment in force, when it was last looked at (None: never since it was granted), and when it is due."""

    appointment: Appointment
    seen_on: dt.date | None
    due_on: dt.date

    def is_overdue(self, today: dt.date) -> bool:
        return self.due_on <= today


def rights(actor: Actor, *, today: dt.date, only_overdue: bool = False) -> tuple[Right, ...]:
    """Every appointment in force where the actor reviews, the longest unseen first. Two queries."""
    rows = Appointment.objects.filter(actor.reach(Verb.RIGHTS_REVIEW, REGION_ONLY), in_force(today))
    found = [_right(row, seen) for row, seen in _with_seen(rows.select_related("account"))]
    found.sort(key=lambda right: (right.due_on, right.appointment.region, right.appointment.pk))
    return tuple(right for right in found if right.is_overdue(today) or not only_overdue)


def overdue(actor: Actor, *, today: dt.date) -> int:
    return len(rights(actor, today=today, only_overdue=True))


def right_for(actor: Actor, key: str, *, today: dt.date) -> Right:
    """One of them; Unseen where the actor does not review."""
    rows = Appointment.objects.filter(actor.reach(Verb.RIGHTS_REVIEW, REGION_ONLY), in_force(today), pk=key)
    for row, seen in _with_seen(rows.select_related("account")):
        return _right(row, seen)
    raise Unseen("没有这个岗位，或者已经结束，或者不归您复核。")


def confirm(actor: Actor, right: Right) -> None:
    """She still needs it. Needs rights.review at its place; nobody reviews her own."""
    row = _in_charge(actor, right)
    with transaction.atomic():
        note_change(actor, ChangeKind.CONFIRMED, row.account, appointment=row.pk)


def withdraw(actor: Actor, right: Right, *, because: str, today: dt.date) -> None:
    """She needs it no longer: it ends today. A reason is asked for; whoever grants can grant it again."""
    row = _in_charge(actor, right)
    why = mask_free_text(clean_line(because, field="because", limit=200))
    if not why:
        raise Refused("请写明为什么收回。", field="because")
    with transaction.atomic():
        locked = Appointment.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if locked.ends is not None and locked.ends <= today:
            raise Refused("这个岗位已经结束了。")
        locked.ends = today
        locked.save(update_fields=["ends"])
        note_change(actor, ChangeKind.WITHDRAWN, row.account, appointment=row.pk, because=why)


def _in_charge(actor: Actor, right: Right) -> Appointment:
    row = right.appointment
    actor.require(Verb.RIGHTS_REVIEW, region=row.region)
    if row.account_id == actor.account:
        raise Forbidden("自己的岗位请由另一位安全管理员来复核。")
    return row


def _with_seen(rows: Iterable[Appointment]) -> list[tuple[Appointment, dt.datetime | None]]:
    found = list(rows)
    accounts = {row.account_id for row in found}
    confirmed = AccountChange.objects.filter(kind=ChangeKind.CONFIRMED, account__in=accounts)
    seen = dict(confirmed.values_list("appointment").annotate(last=Max("at")))
    return [(row, seen.get(row.pk)) for row in found]


def _right(row: Appointment, seen: dt.datetime | None) -> Right:
    seen_on = seen.astimezone(SHANGHAI).date() if seen else None
    return Right(row, seen_on, months_after(seen_on or row.starts, MONTHS))
