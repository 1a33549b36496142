"""Leaving as one operation: rights and posts end, open work goes to somebody else, the account is switched off.

Rooms above say what open work they keep by `hand_over_with`; all of it happens, or nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from django.db import transaction
from django.db.models import Q

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.errors import Refused
from lianxin.base.text import clean_line
from lianxin.net.accounts import accounts_seen_by, deactivate, note_change, require_charge
from lianxin.net.actors import actor_of
from lianxin.net.appointments import end_appointment
from lianxin.net.models import Account, Appointment, ChangeKind, Post
from lianxin.vault.masks import mask_free_text


class OpenWork(Protocol):
    """Work of one room that hangs on an account. `name` is said on the page: 定好时间的换届."""

    name: str

    def count(self, account: str) -> int:
        """How many pieces are open."""

    def hand_over(self, account: str, to: Actor, *, now: dt.datetime) -> int:
        """Give them to somebody else, in the caller's transaction; Refused where she may not do them. How many."""


_kept_by: list[OpenWork] = []


def hand_over_with(work: OpenWork) -> None:
    """Called once by a room's app when Django starts."""
    _kept_by.append(work)


@dataclass(frozen=True, slots=True)
class Leaving:
    """What ends and what is open, before it is done; and after it, what was done."""

    appointments: tuple[Appointment, ...]
    posts: tuple[Post, ...]
    open_work: tuple[tuple[str, int], ...]


def what_ends(actor: Actor, account: Account, *, today: dt.date) -> Leaving:
    """For the page that asks. Needs charge of the account."""
    require_charge(actor, account, today=today)
    return Leaving(tuple(_appointments(account, today)), tuple(_posts(account, today)), tuple(_open_work(account)))


def leave(
    actor: Actor, account: Account, *, to: Account | None, because: str, today: dt.date, now: dt.datetime
) -> Leaving:
    """She leaves today. `to` takes the open work over, and is asked for only where there is some.

    Needs charge of the account, and organisation.write where her posts are.
    """
    require_charge(actor, account, today=today)
    why = mask_free_text(clean_line(because, field="because", limit=200))
    with transaction.atomic():
        locked = Account.objects.select_for_update().get(pk=account.pk)
        if not locked.is_active:
            raise Refused("这个账号已经停用了。")
        ended = what_ends(actor, locked, today=today)
        _hand_over(actor, ended, locked, to, today=today, now=now)
        for row in ended.appointments:
            end_appointment(actor, row, on=max(today, row.starts), today=today)
        for post in ended.posts:
            actor.require(Verb.ORGANISATION_WRITE, region=post.organisation.region)
            post.ends = max(today, post.starts)
            post.save(update_fields=["ends"])
        deactivate(actor, locked, today=today)
        note_change(actor, ChangeKind.LEFT, locked, because=why)
    account.is_active = False
    return ended


def successors(actor: Actor, account: Account, *, today: dt.date) -> list[Account]:
    """Who could take it over: switched on, in the actor's sight, at work today at one of the same places."""
    places = [row.region for row in _appointments(account, today)]
    at_work = Appointment.objects.filter(Q(ends__isnull=True) | Q(ends__gt=today), starts__lte=today, region__in=places)
    seen = accounts_seen_by(actor, Verb.USER_MANAGE).filter(is_active=True, pk__in=at_work.values("account"))
    return list(seen.exclude(pk=account.pk).order_by("name", "pk")[:50])


def _hand_over(
    actor: Actor, ended: Leaving, account: Account, to: Account | None, *, today: dt.date, now: dt.datetime
) -> None:
    if not any(count for _, count in ended.open_work):
        return
    said = "、".join(f"{name} {count} 件" for name, count in ended.open_work)
    if to is None:
        raise Refused(f"她手上还有{said}，请选交给谁。", field="to")
    if to.pk == account.pk or not to.is_active:
        raise Refused("请选一位在岗的同事来接。", field="to")
    if not accounts_seen_by(actor, Verb.USER_MANAGE).filter(pk=to.pk).exists():
        raise Refused("请从列表里选交给谁。", field="to")
    takes = actor_of(to, today=today)
    for work in _kept_by:
        work.hand_over(account.pk, takes, now=now)


def _appointments(account: Account, today: dt.date) -> Iterator[Appointment]:
    """Those that run and those that would still begin."""
    rows = Appointment.objects.filter(Q(ends__isnull=True) | Q(ends__gt=today), account=account)
    yield from rows.select_related("account").order_by("starts", "id")


def _posts(account: Account, today: dt.date) -> Iterator[Post]:
    own = Q(account=account) | Q(person=account.person) if account.person else Q(account=account)
    rows = Post.objects.filter(own, Q(ends__isnull=True) | Q(ends__gt=today))
    yield from rows.select_related("organisation").order_by("starts", "id")


def _open_work(account: Account) -> Iterator[tuple[str, int]]:
    for work in _kept_by:
        if count := work.count(account.pk):
            yield work.name, count
