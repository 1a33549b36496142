"""What holds of every clock on every day: later starts are due no earlier, months clamp, working days are worked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lianxin.base.days import SHANGHAI
from lianxin.catalog.clocks import ClockSpec, Unit
from lianxin.clocks.reckoning import Due, due_by
from lianxin.clocks.workdays import Calendar, calendar_of

TODAY = dt.date(2026, 11, 22)
CALENDAR: Calendar = calendar_of({})
DAYS = st.dates(dt.date(2001, 1, 1), dt.date(2034, 12, 31))
BY_DAY: tuple[Unit, ...] = ("days", "working-days", "months", "years")
UNITS = st.sampled_from(BY_DAY)
LENGTHS = st.integers(1, 70)


def clock(unit: Unit, length: int, *, rolls: bool = False) -> ClockSpec:
    return ClockSpec(
        code="t", name="试", begins="起", length=length, unit=unit, duty="right" if rolls else "ours", source="本县",
        grade="local", rolls=rolls,
    )  # fmt: skip


def reckoned(spec: ClockSpec, start: dt.date) -> Due:
    return due_by(spec, start, today=TODAY, calendar=CALENDAR)


@given(DAYS, st.integers(0, 400), UNITS, LENGTHS, st.booleans())
def test_a_later_start_is_due_no_earlier(start: dt.date, later: int, unit: Unit, length: int, rolls: bool) -> None:
    spec = clock(unit, length, rolls=rolls and unit != "working-days")

    assert reckoned(spec, start).day <= reckoned(spec, start + dt.timedelta(days=later)).day


@given(DAYS, UNITS, LENGTHS)
def test_a_longer_limit_is_due_later(start: dt.date, unit: Unit, length: int) -> None:
    assert start < reckoned(clock(unit, length), start).day < reckoned(clock(unit, length + 1), start).day


@given(DAYS, LENGTHS)
def test_working_days_never_end_on_a_rest_day_and_count_only_worked_ones(start: dt.date, length: int) -> None:
    last = reckoned(clock("working-days", length), start).day

    between = [start + dt.timedelta(days=n) for n in range(1, (last - start).days + 1)]
    assert CALENDAR.is_workday(last)
    assert sum(CALENDAR.is_workday(day) for day in between) == length


@given(DAYS, UNITS.filter(lambda unit: unit != "working-days"), LENGTHS)
def test_a_right_ends_on_a_worked_day_never_before_its_own(start: dt.date, unit: Unit, length: int) -> None:
    own, rolled = reckoned(clock(unit, length), start).day, reckoned(clock(unit, length, rolls=True), start).day

    skipped = [own + dt.timedelta(days=n) for n in range((rolled - own).days)]
    assert CALENDAR.is_workday(rolled)
    assert not any(CALENDAR.is_workday(day) for day in skipped)


@given(DAYS, st.integers(1, 60))
def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month(start: dt.date, months: int) -> None:
    last = reckoned(clock("months", months), start).day

    assert (last.year * 12 + last.month) - (start.year * 12 + start.month) == months
    assert last.day == start.day or (last.day < start.day and (last + dt.timedelta(days=1)).day == 1)


@given(DAYS, UNITS, LENGTHS)
def test_counting_the_first_day_never_ends_later(start: dt.date, unit: Unit, length: int) -> None:
    spec = clock(unit, length)

    assert reckoned(replace(spec, counts_first=True), start).day <= reckoned(spec, start).day


@given(st.datetimes(dt.datetime(1985, 1, 1), dt.datetime(2034, 1, 1)), st.integers(0, 2_000))
def test_hours_pass_as_hours_whatever_the_wall_clock_did(start: dt.datetime, hours: int) -> None:
    moment = start.replace(tzinfo=SHANGHAI)

    at = reckoned(clock("hours", hours), moment).at

    assert at is not None
    assert at.astimezone(dt.UTC) - moment.astimezone(dt.UTC) == dt.timedelta(hours=hours)


def test_a_missing_day_can_end_on_the_first_of_the_next_month() -> None:
    spec = replace(clock("months", 1), clamps=False)

    assert reckoned(spec, dt.date(2021, 1, 31)).day == dt.date(2021, 3, 1)
    assert reckoned(spec, dt.date(2021, 3, 31)).day == dt.date(2021, 5, 1)
    assert reckoned(spec, dt.date(2021, 3, 30)).day == dt.date(2021, 4, 30)
