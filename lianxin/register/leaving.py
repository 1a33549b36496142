"""Leaving a household: died, married out, moved out, split off, or never rightly in it; and the end of a household."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.base.days import say_day
from lianxin.base.errors import Refused
from lianxin.register.checked import Checker
from lianxin.register.drafts import Day, Leaving, Relation
from lianxin.register.log import Act, FieldChange, log_of
from lianxin.register.models import PEN, Household, Membership, Person
from lianxin.register.opened import (
    home_now,
    lay_person,
    lift_house,
    lift_person,
    members_now,
    open_household,
    people_of,
)

# Who is head when the head leaves and nobody says; the page shows it, and it can be changed.
_HEIRS = (
    Relation.SPOUSE,
    Relation.CHILD,
    Relation.PARENT,
    Relation.CHILD_IN_LAW,
    Relation.SIBLING,
    Relation.GRANDCHILD,
)


def end_membership(
    actor: Actor, household_key: str, person_key: str, *, on: Day = None, why: str, at: dt.datetime
) -> None:
    """Somebody is no longer in a household from a day on (today). The last one to go closes it.

    With `Leaving.MISTAKE` she never was in it: the day is that of her coming. Raises Problems, Refused, Unseen.
    """
    with transaction.atomic(), pen(PEN):
        household = open_household(actor, household_key)
        rows = members_now(household)
        leaving = [row for row in rows if row.person_id == person_key]
        if not leaving:
            raise Refused("这个人现在不在这一户。", field="person")
        checker = Checker.at(at)
        reason = _reason(why, checker)
        day = leaving[0].starts if reason == Leaving.MISTAKE else checker.past_day(on, "on", default=checker.today)
        _end(actor, household, leaving, day, reason, checker, at=at)
        staying = [row for row in rows if row.person_id != person_key]
        if not staying:
            close_quietly(household, day)
            log_of(actor, Act.CLOSED, household, at=at)
        elif household.head == person_key:
            pass_on(household, staying)


def close_household(actor: Actor, key: str, *, on: Day = None, why: str, at: dt.datetime) -> None:
    """A household is no more from a day on (today), and everybody in it has left. Raises Problems, Unseen."""
    with transaction.atomic(), pen(PEN):
        household = open_household(actor, key)
        if household.until is not None:
            raise Refused(f"这一户在{say_day(household.until)}已经销户。")
        checker = Checker.at(at)
        reason, day = _reason(why, checker), checker.past_day(on, "on", default=checker.today)
        if day < household.since:
            checker.add("on", f"日期不能早于建户的日子（{say_day(household.since)}）。")
        _end(actor, household, members_now(household), day, reason, checker, at=at)
        close_quietly(household, day)
        log_of(actor, Act.CLOSED, household, at=at, fields=[FieldChange.said("why", "", reason.label)])


def _reason(why: str, checker: Checker) -> Leaving:
    if why in frozenset(Leaving) - {Leaving.WITHDRAWN, Leaving.MERGED}:
        return Leaving(why)
    checker.add("why", "请在列出的原因里选一个。")
    return Leaving.OTHER


def _end(
    actor: Actor,
    household: Household,
    rows: list[Membership],
    day: dt.date,
    why: Leaving,
    checker: Checker,
    *,
    at: dt.datetime,
) -> None:
    people = {person.id: person for person in people_of(rows)}
    for row in rows:
        if day < row.starts:
            name = people[row.person_id].name
            checker.add("on", f"日期不能早于{name}入户的日子（{say_day(row.starts)}）。")
    checker.problems.raise_if_any()
    for row in rows:
        row.ends, row.ended_why = day, why.value
        row.save()
        _let_go(people[row.person_id], day, why)
        fields = [FieldChange.said("why", "", why.label), FieldChange.said("on", "", day)]
        log_of(actor, Act.LEFT, household, person=row.person_id, at=at, fields=fields)


def _let_go(person: Person, day: dt.date, why: Leaving) -> None:
    """The living are still found, by themselves; the dead no more."""
    lift_person(person)
    if why == Leaving.DIED:
        person.died_on = day
        person.save()
    else:
        lay_person(person, household="")


def close_quietly(household: Household, day: dt.date) -> None:
    """The household is no more from a day on; whoever closes it says so in the log."""
    household.until, household.head = day, ""
    household.save()
    lift_house(household)
    home = home_now(household)
    if home is not None:
        home.ends = max(day, home.starts)
        home.save()


def heir_of(staying: list[Membership]) -> Membership:
    """Who leads a household whose head has gone, until somebody says otherwise."""

    def rank(row: Membership) -> tuple[int, dt.date, int]:
        kin = Relation(row.relation)
        return (_HEIRS.index(kin) if kin in _HEIRS else len(_HEIRS), row.starts, row.pk)

    return min(staying, key=rank)


def pass_on(household: Household, staying: list[Membership]) -> None:
    heir = heir_of(staying)
    heir.relation = Relation.HEAD.value
    heir.save()
    household.head = heir.person_id
    household.save()
