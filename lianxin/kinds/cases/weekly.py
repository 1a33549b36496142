"""Weekly joint entry 每周信息汇总录入: which source has handed over what it had, which is late. No person is in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.access.verbs import Verb
from lianxin.base.errors import Refused
from lianxin.catalog.current import catalog
from lianxin.kinds.cases.models import Case, Delivery

WEEKS = 6
ONE_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Handed:
    """One source in one week: when it handed over, what came of it, or that it is late. `cases` only in her sight."""

    week: dt.date
    day: dt.date | None
    is_nothing: bool
    is_late: bool
    cases: int


def monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def weekly_sources() -> tuple[str, ...]:
    """The sources that some line of work wants every week, in the order of the catalogue."""
    wanted = {code for spec in catalog().of_kind("case") if spec.case for code in spec.case.weekly}
    return tuple(option.code for option in catalog().options("case", "source") if option.code in wanted)


def handed_over(actor: Actor, county: str, *, today: dt.date) -> dict[str, tuple[Handed, ...]]:
    """Source → its last weeks, newest first. A week is late once it is over and nobody handed over."""
    this = monday(today)
    weeks = [this - ONE_WEEK * number for number in range(WEEKS)]
    rows = Delivery.objects.seen_by(actor).filter(county=county, week__gte=weeks[-1])
    known = {(row.source, row.week): row for row in rows}
    found = Case.objects.seen_by(actor).filter(county=county, is_void=False, day__gte=weeks[-1])
    counts: dict[tuple[str, dt.date], int] = {}
    for source, day in found.values_list("source", "day"):
        place = (source, monday(day))
        counts[place] = counts.get(place, 0) + 1
    return {
        source: tuple(_handed(known.get((source, week)), week, this, counts.get((source, week), 0)) for week in weeks)
        for source in weekly_sources()
    }


def _handed(row: Delivery | None, week: dt.date, this: dt.date, cases: int) -> Handed:
    day = row.at.date() if row else None
    return Handed(week, day, row is not None and row.is_nothing, row is None and week < this, cases)


def hand_over(actor: Actor, county: str, source: str, week: dt.date, *, is_nothing: bool, at: dt.datetime) -> Delivery:
    """Say that a source has handed over for a week. Refused for another county, an unknown source, a week to come."""
    actor.require(Verb.CASE_SUPERVISE, region=county)
    if source not in weekly_sources():
        raise Refused("请选是哪个来源。", field="source")
    if week > monday(at.date()) or week != monday(week):
        raise Refused("请选这一周或以前的一周。", field="week")
    with pen("deliveries"):
        row, _ = Delivery.objects.seen_by(actor).update_or_create(
            county=county,
            source=source,
            week=week,
            defaults={"region": county, "is_nothing": is_nothing, "by": actor.account, "at": at},
        )
    return row
