"""From a rule and a start to the day or the minute something is due. Days after 民法典第二百零一至二百零四条."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lianxin.base.days import FIRST_YEAR, SHANGHAI, months_after
from lianxin.base.errors import Refused
from lianxin.catalog.clocks import EXACT, ClockSpec, Duty, Grade
from lianxin.catalog.current import catalog
from lianxin.catalog.problems import nearest
from lianxin.clocks.workdays import ONE_DAY, Calendar, calendar_of

FARTHEST_YEARS = 10
_MONTHS = {"months": 1, "years": 12}
_STEPS = {"minutes": dt.timedelta(minutes=1), "hours": dt.timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class Due:
    """The last day, and for clocks of hours and minutes the last moment `at`. `note` says what must stand beside it."""

    rule: str
    name: str
    start: dt.date | dt.datetime
    day: dt.date
    at: dt.datetime | None
    source: str
    grade: Grade
    duty: Duty
    provisional: bool
    note: str
    reminders: tuple[dt.date, ...]

    def is_over(self, now: dt.datetime) -> bool:
        """Whether the last day, or the last moment, lies behind."""
        if self.at is not None:
            return _in_shanghai(now) > self.at
        return _in_shanghai(now).date() > self.day


def due(rule: str, start: dt.date | dt.datetime, *, today: dt.date) -> Due:
    """When it is due by this rule of the catalogue; Refused for an unknown rule or a start that cannot be."""
    shelf = catalog()
    clock = shelf.clocks.get(rule)
    if clock is None:
        raise Refused(f"没有“{rule}”这个期限。{nearest(rule, shelf.clocks)}。", field="rule")
    return due_by(clock, start, today=today, calendar=calendar_of(shelf.years))


def due_by(clock: ClockSpec, start: dt.date | dt.datetime, *, today: dt.date, calendar: Calendar) -> Due:
    """The same for a clock in hand and a calendar in hand; pure."""
    _check_start(start, today=today)
    if clock.unit in EXACT:
        return _exactly(clock, start)
    first = _in_shanghai(start).date() if isinstance(start, dt.datetime) else start
    day, years = _last_day(clock, first, calendar)
    unknown = sorted(year for year in years if not calendar.is_published(year))
    notes = [*(_unpublished(year, today=today) for year in unknown), clock.note]
    return _due(clock, start, day, at=None, provisional=bool(unknown), notes=notes)


def _exactly(clock: ClockSpec, start: dt.date | dt.datetime) -> Due:
    """Hours run from the moment, through nights and holidays. Without an hour the day's first moment is taken."""
    if isinstance(start, dt.datetime):
        moment, notes = _in_shanghai(start), [clock.note]
    else:
        moment = dt.datetime.combine(start, dt.time(), SHANGHAI)
        notes = ["没有写几点几分，按当日 0:00 起算", clock.note]
    # through UTC: wall clocks moved in the summers of 1986 to 1991
    at = (moment.astimezone(dt.UTC) + clock.length * _STEPS[clock.unit]).astimezone(SHANGHAI)
    return _due(clock, start, at.date(), at=at, provisional=False, notes=notes)


def _due(
    clock: ClockSpec,
    start: dt.date | dt.datetime,
    day: dt.date,
    *,
    at: dt.datetime | None,
    provisional: bool,
    notes: list[str],
) -> Due:
    return Due(
        rule=clock.code,
        name=clock.name,
        start=start,
        day=day,
        at=at,
        source=clock.cited,
        grade=clock.grade,
        duty=clock.duty,
        provisional=provisional,
        note="；".join(note.rstrip("。") for note in notes if note),
        reminders=tuple(sorted(day - dt.timedelta(days=before) for before in clock.remind)),
    )


def _last_day(clock: ClockSpec, start: dt.date, calendar: Calendar) -> tuple[dt.date, set[int]]:
    """The last day, and the years whose holidays it hangs on."""
    if clock.unit == "working-days":
        return _working_days(clock, start, calendar)
    if clock.unit == "days":
        day = start + dt.timedelta(days=clock.length - clock.counts_first)
    else:
        day = _months(start, clock.length * _MONTHS[clock.unit], clamps=clock.clamps)
        day -= ONE_DAY * clock.counts_first
    if not clock.rolls:
        return day, set()
    rolled = calendar.next_workday(day)
    return rolled, {day.year, rolled.year}


def _working_days(clock: ClockSpec, start: dt.date, calendar: Calendar) -> tuple[dt.date, set[int]]:
    left = clock.length
    day = start - ONE_DAY * clock.counts_first
    years = {start.year}
    while left:
        day += ONE_DAY
        years.add(day.year)
        left -= calendar.is_workday(day)
    return day, years


def _months(start: dt.date, months: int, *, clamps: bool) -> dt.date:
    day = months_after(start, months)
    return day if clamps or day.day == start.day else day + ONE_DAY


def _check_start(start: dt.date, *, today: dt.date) -> None:
    if start.year < FIRST_YEAR:
        raise Refused(f"起算的日子不能早于 {FIRST_YEAR} 年，请核对。", field="start")
    if start.year > today.year + FARTHEST_YEARS:
        raise Refused(f"起算的日子不能晚于 {today.year + FARTHEST_YEARS} 年，请核对。", field="start")


def _in_shanghai(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(SHANGHAI) if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _unpublished(year: int, *, today: dt.date) -> str:
    told = "没有收录" if year < today.year else "尚未公布" if year > today.year else "还没有载入"
    return f"{year} 年放假安排{told}，按周末计算"
