"""Whose account is whose: by the person it names, or by a post that was held with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from lianxin.access.actor import operator
from lianxin.access.verbs import Verb
from lianxin.net.models import Account, Post
from lianxin.register.queries import names_and_ages


@dataclass(frozen=True, slots=True)
class Known:
    """An account that is switched on: its key and what it is called."""

    key: str
    name: str


def accounts_of_people(people: Iterable[str]) -> dict[str, Known]:
    """Person → the account she works with, for those who have one that is switched on. Two queries."""
    wanted = {person for person in people if person}
    named = Account.objects.filter(person__in=wanted, is_active=True).order_by("created_at", "id")
    found = {person: Known(key, name) for key, name, person in named.values_list("pk", "name", "person")}
    held = Post.objects.filter(person__in=wanted - set(found), account__is_active=True).order_by("starts", "id")
    rows = held.values_list("account_id", "account__name", "person")
    return found | {person: Known(key, name) for key, name, person in rows}


def known_at_the_hour(people: Collection[str], *, on: dt.date) -> dict[str, tuple[str, int | None]]:
    """Name and age of those who are to sit, for whom nobody is asking.

    Whoever set the hour does not see the register: she gets the names of her colleagues and classes of age, no more.
    """
    reader = operator(Verb.REGISTER_READ, because="names on the accounts and classes of age of new committees")
    return names_and_ages(reader, people, on=on)


def switched_off(people: Iterable[str]) -> frozenset[str]:
    """Those of these people who have accounts, none of them switched on. Two queries."""
    wanted = {person for person in people if person}
    off = set(Account.objects.filter(person__in=wanted, is_active=False).values_list("person", flat=True))
    return frozenset(off - set(accounts_of_people(off))) if off else frozenset()
