"""The circle of a record that is its team's: who sits in it, who broke the glass, who is kept out as family."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from lianxin.base.days import now
from lianxin.records.models import Entry, Opening, Seat
from lianxin.register.aliases import with_merged
from lianxin.register.models import Household, Membership, Person

_TEAM = "the guard itself asks whose team it is"
_KIN = "the guard itself asks who is family, wherever they live"


class TeamCircle:
    """Installed into the guard. All three answers are subqueries: a seat that ends is gone with the next read."""

    def seated(self, account: str) -> QuerySet[Any]:
        # The real clock, not a day passed in: a lock must not be opened by whoever says what day it is.
        moment = now()
        seats = Seat.objects.unscoped(_TEAM).filter(account=account, is_void=False, starts__lte=moment.date())
        seats = seats.filter(Q(ends__isnull=True) | Q(ends__gt=moment.date())).exclude(role=Seat.RECUSED)
        opened = Opening.objects.unscoped(_TEAM).filter(account=account, until__gt=moment)
        return seats.values("record").union(opened.values("record"))

    def recused(self, account: str) -> QuerySet[Any]:
        return Seat.objects.unscoped(_TEAM).filter(account=account, role=Seat.RECUSED).values("record")

    def of_kin(self, person: str) -> QuerySet[Any]:
        people, houses = _family(person)
        merged = Person.objects.unscoped(_KIN).filter(into__in=people).values("id")
        joined = Household.objects.unscoped(_KIN).filter(into__in=houses).values("id")
        touching = Q(subject=person) | Q(subject__in=people) | Q(subject__in=houses)
        touching |= Q(subject__in=merged) | Q(subject__in=joined)
        return Entry.objects.unscoped(_KIN).filter(touching).values("record")


def _family(person: str) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Everybody who was ever of a household of hers, and the households that these went to or came from."""
    everybody, members = Person.objects.unscoped(_KIN), Membership.objects.unscoped(_KIN)
    led = everybody.filter(id=person).exclude(into="").values("into")
    me = everybody.filter(Q(id=person) | Q(into=person) | Q(id__in=led)).values("id")
    own = members.filter(person_id__in=me).values("household_id")
    people = members.filter(household_id__in=own).values("person_id")
    return people, members.filter(person_id__in=people).values("household_id")


def is_kin(person: str, subjects: Iterable[str]) -> bool:
    """Whether one of these people or households is of somebody's own family."""
    keys = with_merged(subjects)
    if not person or not keys:
        return False
    people, houses = _family(person)
    members = Membership.objects.unscoped(_KIN).filter(Q(person_id__in=people) | Q(household_id__in=houses))
    return person in keys or members.filter(Q(person_id__in=keys) | Q(household_id__in=keys)).exists()
