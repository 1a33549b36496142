"""Whose account is whose: by the person it names, or by a post that was held with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lianxin.net.models import Account, Post


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
