"""Where an account is signed in: listed for its owner and its administrator, ended by either."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.base.days import now
from lianxin.base.errors import Refused
from lianxin.net.accounts import note_change, require_charge
from lianxin.net.models import Account, ChangeKind, Sitting
from lianxin.net.sessions import mark_of, standing


@dataclass(frozen=True, slots=True)
class Seat:
    """One place where somebody is signed in."""

    id: str
    device: str
    began_at: dt.datetime
    seen_at: dt.datetime
    is_this: bool


def own_seats(account: Account, *, key: str | None) -> tuple[Seat, ...]:
    """Where she is signed in, the newest first; `key` is of the browser that asks."""
    mark = mark_of(key or "")
    rows = standing(now()).filter(account=account.pk).order_by("-seen_at", "-id")
    return tuple(Seat(row.pk, row.device, row.began_at, row.seen_at, row.mark == mark) for row in rows)


def seats_of(account: Account) -> int:
    """In how many places somebody is signed in, for whom her page is open to. Which ones is her own affair."""
    return standing(now()).filter(account=account.pk).count()


def end_own(account: Account, seat: str) -> None:
    """End one of one's own; Refused when it has ended already."""
    ended, _ = Sitting.objects.filter(pk=seat, account=account.pk).delete()
    if not ended:
        raise Refused("那里已经退出了。")


def end_others(account: Account, *, key: str | None) -> int:
    """End all of one's own but the one that asks; how many."""
    ended, _ = Sitting.objects.filter(account=account.pk).exclude(mark=mark_of(key or "")).delete()
    return ended


def end_all(actor: Actor, account: Account, *, today: dt.date) -> int:
    """Sign somebody out everywhere; how many places. Needs charge of the account."""
    require_charge(actor, account, today=today)
    with transaction.atomic():
        ended, _ = Sitting.objects.filter(account=account.pk).delete()
        note_change(actor, ChangeKind.SIGNED_OUT, account)
    return ended
