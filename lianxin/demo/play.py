"""Plays the demo county through the front door: register, visits of 2021, files, what came in 2022, recent weeks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from django.db import transaction

from lianxin.access.actor import Actor, operator
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level
from lianxin.base.days import SHANGHAI
from lianxin.base.errors import Refused
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.demo import words
from lianxin.demo.accounts import FIRST_DAY, HOME_VILLAGE, member_of_home_village, officer, open_accounts
from lianxin.demo.cases import lay_cases
from lianxin.demo.lists import fill_lists
from lianxin.demo.people import households as invented
from lianxin.demo.sums import COUNTY, PUBLISHED, YEAR, Published
from lianxin.demo.tree import FEDERATIONS_SINCE, lay_organisations
from lianxin.demo.visits import PlannedVisit, difficulty, purposes, visits_of_year
from lianxin.net.actors import actor_of
from lianxin.net.federations import found_federations
from lianxin.net.models import Account
from lianxin.net.regions import load_regions, subtree
from lianxin.records.door import submit
from lianxin.records.drafts import Act, Draft
from lianxin.register.actions import bulk_register, move_household
from lianxin.register.drafts import HouseholdDraft
from lianxin.register.models import Residence

Progress = Callable[[str], None]
BATCH = 400
RECENT_VISITS = 160


def lay_demo(*, seed: int, now: dt.datetime, progress: Progress, published: Published = PUBLISHED) -> None:
    """The whole demo in one transaction. Refused unless the home is empty."""
    if Account.objects.exists():
        raise Refused("这里已经有账号和数据，演示县只能建在空的文件夹里；请用 LIANXIN_HOME 另指一个。")
    dice = Random(seed)
    with transaction.atomic():
        progress("载入南湖区的镇、街道和村、社区 …")
        load_regions(COUNTY)
        keeper = operator(*Verb, because="laying the demo county")
        found_federations(keeper, COUNTY, founded_on=FEDERATIONS_SINCE, is_demo=True)
        villages = [village.code for village in subtree(COUNTY, Level.VILLAGE)]
        chairs = open_accounts(villages)
        actors = {village: actor_of(chairs[village], today=FIRST_DAY) for village in villages}
        homes = _register(dice, keeper, villages, published, progress)
        plans = visits_of_year(dice, [home.id for home in homes], published)
        _move(dice, keeper, homes, villages, plans, published)
        _visit(dice, actors, homes, plans, progress)
        moved = _moved_homes()
        stayed = [home for home in homes if home.id not in moved]
        fill_lists(dice, actors, officer(), stayed, published=published, now=now, progress=progress)
        lay_cases(dice, actors, officer(), stayed, published=published, now=now, progress=progress)
        _lately(dice, actors, homes, now, progress)
        lay_organisations(dice, keeper, published, progress)


def _register(
    dice: Random, keeper: Actor, villages: list[str], published: Published, progress: Progress
) -> list[HouseholdDraft]:
    homes = invented(dice, villages, many=published.households)
    at = _evening(dt.date(YEAR - 1, 12, 31))
    for start in range(0, len(homes), 2_000):
        progress(f"登记住户 {start:,} / {len(homes):,} …")
        bulk_register(keeper, homes[start : start + 2_000], at=at)
    return homes


def _move(
    dice: Random,
    keeper: Actor,
    homes: list[HouseholdDraft],
    villages: list[str],
    plans: list[PlannedVisit],
    published: Published,
) -> None:
    """Some households called on in both halves move at midsummer: they count in both villages, and once above."""
    halves = {(plan.household, plan.day.month > 6) for plan in plans}
    twice = [home for home in homes if {(home.id, False), (home.id, True)} <= halves]
    for home in dice.sample(twice, min(published.moved, len(twice))):
        to = dice.choice([village for village in villages if village != home.region])
        day = dt.date(YEAR, 7, 1)
        move_household(keeper, home.id, to=to, on=day, place=home.place, at=_evening(day))


def _visit(
    dice: Random,
    actors: dict[str, Actor],
    homes: list[HouseholdDraft],
    plans: list[PlannedVisit],
    progress: Progress,
) -> None:
    village_of = {home.id: home.region for home in homes}
    moved = _moved_homes()
    unsolved: list[tuple[Actor, PlannedVisit]] = []
    done = 0
    for half in (1, 2):
        by_village: dict[str, list[PlannedVisit]] = {}
        for plan in plans:
            if (plan.day.month > 6) == (half == 2):
                at_first = village_of[plan.household]
                home = moved.get(plan.household, at_first) if half == 2 else at_first
                by_village.setdefault(home, []).append(plan)
        at = _evening(dt.date(YEAR, 6 * half, 30 + half - 1))
        for village, mine in sorted(by_village.items()):
            _record(actors[village], mine, at=at)
            unsolved += [(actors[village], plan) for plan in mine if _is_waiting(plan)]
            done += len(mine)
            progress(f"登记走访 {done:,} / {len(plans):,} …")
    _solve_next_year(dice, unsolved)


def _moved_homes() -> dict[str, str]:
    rows = Residence.objects.unscoped("the demo asks whither its own households moved").filter(
        ends__isnull=True, starts=dt.date(YEAR, 7, 1)
    )
    return dict(rows.values_list("household_id", "region"))


def _is_waiting(plan: PlannedVisit) -> bool:
    return any(item["state"] != "solved" for item in plan.values.get("difficulties", ()))


def _record(actor: Actor, plans: Sequence[PlannedVisit], *, at: dt.datetime) -> None:
    for start in range(0, len(plans), BATCH):
        submit(actor, [Draft("visit", plan.key, plan.values) for plan in plans[start : start + BATCH]], at=at)


def _solve_next_year(dice: Random, unsolved: list[tuple[Actor, PlannedVisit]]) -> None:
    """What was still waiting at the year's end is solved in the next, and counts there."""
    for actor, plan in unsolved:
        solved = dt.date(YEAR + 1, dice.randint(1, 3), dice.randint(1, 28))
        lines = [item | {"state": "solved", "solved_on": solved.isoformat()} for item in plan.values["difficulties"]]
        values = plan.values | {"difficulties": lines, "purposes": _with_versions(plan.values["purposes"])}
        submit(actor, [Draft("visit", plan.key, values, Act.FOLLOW_UP, base=1)], at=_evening(solved))


def _with_versions(chosen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [item | {"version": catalog().programme(item["programme"]).version} for item in chosen]


def _lately(
    dice: Random,
    actors: dict[str, Actor],
    homes: list[HouseholdDraft],
    now: dt.datetime,
    progress: Progress,
) -> None:
    """A few visits of the last weeks in one town, so that 今天 has something to do; none of them in 2021."""
    progress("登记最近几周的走访 …")
    moved = _moved_homes()
    member = actor_of(member_of_home_village(), today=FIRST_DAY)
    town = [home for home in homes if home.region.startswith("330402100") and home.id not in moved]
    for home in dice.sample(town, min(RECENT_VISITS, len(town))):
        day = now.date() - dt.timedelta(days=dice.randint(0, 45))
        if day.year <= YEAR + 1:
            return
        values: dict[str, Any] = {
            "day": day.isoformat(),
            "subject": home.id,
            "mode": dice.choice(("door", "door", "phone")),
            "purposes": list(purposes(dice)),
            "people": str(dice.randint(1, 3)),
            "heard": words.heard(dice),
        }
        if dice.random() < 0.12:
            values["difficulties"] = [difficulty(dice, day, is_solved=False) | {"handling_on": day.isoformat()}]
        if dice.random() < 0.3:
            values |= {
                "next_on": (day + dt.timedelta(days=dice.randint(7, 50))).isoformat(),
                "next_why": dice.choice(words.NEXT),
            }
        actor = member if home.region == HOME_VILLAGE else actors[home.region]
        submit(actor, [Draft("visit", new_id(), values)], at=now)


def _evening(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, 20, 0, tzinfo=SHANGHAI)
