"""Periods and days as people write them. Expected values are read off a calendar."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.base.days import (
    Period,
    Span,
    age_on,
    birthday,
    checked_past_day,
    checked_year,
    months_after,
    parse_day,
    periods_of_month,
    say_day,
    say_weekday,
)
from lianxin.base.errors import Refused

DAYS = st.dates(dt.date(1949, 1, 1), dt.date(2100, 12, 31))


@pytest.mark.parametrize(
    ("code", "start", "last", "name"),
    [
        ("2021", "2021-01-01", "2021-12-31", "2021年"),
        ("2021-H1", "2021-01-01", "2021-06-30", "2021年上半年"),
        ("2021-H2", "2021-07-01", "2021-12-31", "2021年下半年"),
        ("2021-Q1", "2021-01-01", "2021-03-31", "2021年第一季度"),
        ("2021-Q4", "2021-10-01", "2021-12-31", "2021年第四季度"),
        ("2020-02", "2020-02-01", "2020-02-29", "2020年2月"),
        ("2021-02", "2021-02-01", "2021-02-28", "2021年2月"),
        ("2021-12", "2021-12-01", "2021-12-31", "2021年12月"),
    ],
)
def test_a_period_knows_its_days_and_its_name(code: str, start: str, last: str, name: str) -> None:
    period = Period.parse(code)

    assert (period.start.isoformat(), period.last_day.isoformat(), period.name) == (start, last, name)
    assert period.code == code


@pytest.mark.parametrize("code", ["21", "2021-13", "2021-00", "2021-Q5", "2021-H3", "2021-1", "abc", "", "2021-Q"])
def test_what_is_no_period_is_refused_in_words(code: str) -> None:
    with pytest.raises(Refused, match="不是期间"):
        Period.parse(code)


@given(DAYS)
def test_each_day_lies_in_one_period_of_each_span_and_its_code_leads_back(day: dt.date) -> None:
    for span in Span:
        period = Period.holding(day, span)

        assert period.holds(day)
        assert Period.parse(period.code) == period
        assert not period.before.holds(day)
        assert period.before.end == period.start


def test_a_month_belongs_to_a_month_a_quarter_a_half_and_a_year() -> None:
    assert [period.code for period in periods_of_month(202109)] == ["2021-09", "2021-Q3", "2021-H2", "2021"]


def test_a_year_has_four_quarters_and_they_meet() -> None:
    quarters = Period.of_year(2021).parts(Span.QUARTER)

    assert [quarter.code for quarter in quarters] == ["2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4"]
    assert all(one.end == other.start for one, other in pairwise(quarters))


@pytest.mark.parametrize(
    "text", ["2021-3-5", "2021.3.5", "2021/03/05", "2021年3月5日", "20210305", "２０２１－３－５", " 2021 - 3 - 5 "]
)
def test_a_day_is_understood_as_people_write_it(text: str) -> None:
    assert parse_day(text) == dt.date(2021, 3, 5)


@pytest.mark.parametrize("text", ["2021-2-29", "2021-13-1", "2021-0-3"])
def test_a_day_that_never_was_is_named(text: str) -> None:
    with pytest.raises(Refused, match="没有"):
        parse_day(text)


@pytest.mark.parametrize("text", ["昨天", "3月5日", "", "2021-3", "44260"])
def test_what_is_no_day_is_told_how_to_write_one(text: str) -> None:
    with pytest.raises(Refused, match="请写成"):
        parse_day(text)


def test_something_that_happened_did_so_by_today_and_since_1949() -> None:
    today = dt.date(2021, 12, 24)

    assert checked_past_day(today, today=today) == today
    with pytest.raises(Refused, match="不能晚于今天"):
        checked_past_day(dt.date(2021, 12, 25), today=today)
    with pytest.raises(Refused, match="不能早于"):
        checked_past_day(dt.date(1948, 12, 31), today=today)


def test_a_report_is_of_a_year_that_has_begun() -> None:
    today = dt.date(2021, 1, 1)

    assert checked_year(2021, today=today) == 2021
    with pytest.raises(Refused):
        checked_year(2022, today=today)
    with pytest.raises(Refused):
        checked_year(1948, today=today)


def test_days_are_said_as_on_paper() -> None:
    day = dt.date(2021, 12, 24)

    assert (say_day(day), say_weekday(day)) == ("2021年12月24日", "周五")


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2021-01-31", 1, "2021-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2021-12-15", 1, "2022-01-15"),
        ("2021-03-31", -1, "2021-02-28"),
        ("2020-02-29", 12, "2021-02-28"),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: str, months: int, then: str) -> None:
    assert months_after(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(then)


AGES = [
    ("2007-12-24", "2021-12-23", 13),
    ("2007-12-24", "2021-12-24", 14),
    ("2004-02-29", "2021-02-28", 16),
    ("2004-02-29", "2021-03-01", 17),
]


@pytest.mark.parametrize(("birth", "day", "years"), AGES)
def test_the_birthday_is_the_first_day_of_the_age(birth: str, day: str, years: int) -> None:
    born, on = dt.date.fromisoformat(birth), dt.date.fromisoformat(day)

    assert birthday(born, years) <= on < birthday(born, years + 1)
    assert age_on(born, birthday(born, years)) == years
    assert age_on(born, birthday(born, years) - dt.timedelta(days=1)) == years - 1


@pytest.mark.parametrize(("birth", "day", "years"), AGES)
def test_one_turns_a_year_older_on_the_birthday(birth: str, day: str, years: int) -> None:
    assert age_on(dt.date.fromisoformat(birth), dt.date.fromisoformat(day)) == years
