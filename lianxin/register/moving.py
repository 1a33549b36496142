"""Moving: a household goes to another village from a day on. What was recorded before stays on its old ground."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.access.verbs import Verb
from lianxin.base.days import say_day
from lianxin.base.errors import Refused
from lianxin.base.text import clean_line
from lianxin.register.checked import Checker
from lianxin.register.drafts import Day
from lianxin.register.log import Act, FieldChange, log_of
from lianxin.register.models import PEN, Household, Residence
from lianxin.register.opened import (
    all_memberships,
    home_now,
    lay_house,
    lay_person,
    lift_house,
    lift_person,
    members_now,
    open_household,
    people_of,
)
from lianxin.register.rows import Place


def move_household(
    actor: Actor,
    key: str,
    *,
    to: str,
    on: Day = None,
    place: str = "",
    grid: str = "",
    at: dt.datetime,
) -> None:
    """From a day on (today) the household lives in another village. Needs the right to write in both."""
    with transaction.atomic(), pen(PEN):
        household, home = _opened(actor, key)
        checker = Checker.at(at)
        village, day = checker.village(to), checker.past_day(on, "on", default=checker.today)
        if village == household.region:
            checker.add("region", "这一户已经在这个村（社区）。只换门牌的话，请改门牌。")
        if day <= home.starts:
            checker.add("on", f"搬家的日子要晚于住进来的日子（{say_day(home.starts)}）；住址登记错了，请用“更正住址”。")
        address = (checker.place(place), checker.grid(grid, region=to))
        checker.problems.raise_if_any()
        actor.require(Verb.REGISTER_WRITE, region=village)
        said = [FieldChange.said("region", household.region, village), FieldChange.said("on", "", day)]
        log_of(actor, Act.MOVED, household, at=at, fields=said)
        home.ends = day
        home.save()
        Residence(household_id=household.id, starts=day, **Place(village).columns).save()
        _settle(household, Place(village), place=address[0], grid=address[1])


def correct_home(actor: Actor, key: str, *, to: str, because: str, at: dt.datetime) -> None:
    """The village was wrong from the beginning of this residence on. Whoever counts by it must post again."""
    with transaction.atomic(), pen(PEN):
        household, home = _opened(actor, key)
        checker = Checker.at(at)
        village = checker.village(to)
        if village == household.region:
            checker.add("region", "这一户已经在这个村（社区）。")
        reason = clean_line(because, field="because", limit=200)
        if not reason:
            checker.add("because", "请写明为什么更正。")
        checker.problems.raise_if_any()
        actor.require(Verb.REGISTER_WRITE, region=village)
        said = [FieldChange.said("region", household.region, village)]
        log_of(actor, Act.CORRECTED, household, at=at, fields=said, because=reason)
        home.region, home.town, home.county = village, village[:9], village[:6]
        home.save()
        _settle(household, Place(village), place=household.place, grid="")


def _opened(actor: Actor, key: str) -> tuple[Household, Residence]:
    household = open_household(actor, key)
    home = home_now(household)
    if household.until is not None or home is None:
        raise Refused("这一户已经销户，不能再改住址。")
    return household, home


def _settle(household: Household, village: Place, *, place: str, grid: str) -> None:
    """The household and everybody in it are read from the new village now; who left earlier stays where she was."""
    people, memberships = people_of(members_now(household)), all_memberships(household)
    lift_house(household)
    for person in people:
        lift_person(person)
    household.place, household.grid = place, grid
    for row in (household, *people, *memberships):
        row.region, row.town, row.county = village.region, village.town, village.county
        row.save()
    lay_house(household)
    for person in people:
        lay_person(person, household=household.id)
