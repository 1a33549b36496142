"""Accounts opened for many at once, without a password; their temporary passwords made when somebody hands them out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db import transaction
from django.db.models import Q, QuerySet

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.net.accounts import OpenedAccount, accounts_seen_by, checked_username, note_change, temporary_password
from lianxin.net.models import Account, Appointment, ChangeKind

_SHORTEST = 3  # letters of a username


def open_unhanded(actor: Actor, *, stem: str, name: str, person: str, is_demo: bool = False) -> Account:
    """An account that nobody can sign in to before its password is handed out. `stem`: what its username begins with.

    Needs user.manage somewhere.
    """
    actor.require(Verb.USER_MANAGE)
    account = Account(
        username=_free_username(stem),
        name=name[:40],
        person=person,
        must_change_password=True,
        created_by=actor.account,
        is_demo=is_demo,
    )
    account.set_unusable_password()
    with transaction.atomic():
        account.save(force_insert=True)
        note_change(actor, ChangeKind.CREATED, account)
    return account


def _free_username(stem: str) -> str:
    """The stem, or the stem with the first number nobody has: zhangguiying, zhangguiying2."""
    begins = "".join(sign for sign in stem.lower() if sign.isascii() and sign.isalnum())[:30]
    begins = begins if len(begins) >= _SHORTEST else f"user{begins}"
    taken = set(Account.objects.filter(username__startswith=begins).values_list("username", flat=True))
    number = next(number for number in range(1, len(taken) + 2) if _numbered(begins, number) not in taken)
    return checked_username(_numbered(begins, number))


def _numbered(begins: str, number: int) -> str:
    return begins if number == 1 else f"{begins}{number}"


def unhanded(keys: Collection[str]) -> QuerySet[Account]:
    """Those of these accounts that have no password yet."""
    rows = Account.objects.filter(pk__in=keys, is_active=True)
    return rows.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX).order_by("name", "id")


def not_her_own(keys: Collection[str]) -> QuerySet[Account]:
    """Those of these accounts whose password nobody has chosen for herself yet."""
    return Account.objects.filter(pk__in=keys, is_active=True, must_change_password=True).order_by("name", "id")


def hand_out(actor: Actor, keys: Collection[str], *, today: dt.date) -> list[OpenedAccount]:
    """A temporary password for each in the actor's charge that has none of its own yet: shown once, kept nowhere.

    The hashing, which takes its time, is done before anything is locked.
    """
    actor.require(Verb.USER_MANAGE)
    chosen = {row.pk: temporary_password() for row in not_her_own(_in_charge(actor, keys, today))}
    hashed = {key: make_password(password) for key, password in chosen.items()}
    with transaction.atomic():
        rows = list(not_her_own(chosen).select_for_update())
        for row in rows:
            row.password, row.must_change_password = hashed[row.pk], True
            row.save(update_fields=["password", "must_change_password"])
            note_change(actor, ChangeKind.PASSWORD_RESET, row)
    return [OpenedAccount(row, chosen[row.pk]) for row in rows]


def _in_charge(actor: Actor, keys: Collection[str], today: dt.date) -> set[str]:
    """What `accounts.require_charge` asks of one, of many at once."""
    seen = set(accounts_seen_by(actor, Verb.USER_MANAGE).filter(pk__in=keys).values_list("pk", flat=True))
    running = Appointment.objects.filter(Q(ends__isnull=True) | Q(ends__gt=today), account__in=seen)
    elsewhere = {
        account
        for account, region in running.values_list("account", "region")
        if not actor.may(Verb.USER_MANAGE, region=region)
    }
    return seen - elsewhere - {actor.account}
