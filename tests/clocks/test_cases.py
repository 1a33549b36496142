"""Every clock against the table that a county's lawyer reads, worked out by hand: cases.csv."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from lianxin.base.days import SHANGHAI, parse_moment
from lianxin.catalog.current import catalog
from lianxin.clocks import due

TODAY = dt.date(2026, 11, 22)
ROWS = list(csv.DictReader((Path(__file__).parent / "cases.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['期限代号']} {row['事由']}" for row in ROWS])
def test_it_is_due_when_the_table_says(row: dict[str, str]) -> None:
    found = due(row["期限代号"], parse_moment(row["起算"]), today=TODAY)

    said = found.at.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00") if found.at else found.day.isoformat()
    assert said == row["到期"]
    assert found.provisional == (row["暂按周末"] == "是")
    assert ("按周末计算" in found.note) == found.provisional


def test_every_clock_has_a_case() -> None:
    assert {row["期限代号"] for row in ROWS} == set(catalog().clocks)


def test_what_an_unpublished_year_is_told_by() -> None:
    ahead = due("petition.transfer-objection", dt.date(2026, 12, 30), today=TODAY)
    within = due("petition.transfer-objection", dt.date(2027, 3, 1), today=dt.date(2027, 2, 1))
    long_ago = due("petition.transfer-objection", dt.date(2003, 9, 29), today=TODAY)

    assert "2027 年放假安排尚未公布，按周末计算" in ahead.note
    assert "2027 年放假安排还没有载入，按周末计算" in within.note
    assert "2003 年放假安排没有收录，按周末计算" in long_ago.note


def test_a_moment_told_in_another_zone_is_a_moment_in_shanghai() -> None:
    start = dt.datetime(2021, 3, 5, 16, 30, tzinfo=dt.UTC)  # half past midnight of the 6th

    assert due("petition.notice", start, today=TODAY).day == dt.date(2021, 3, 21)
    assert due("protection-order.urgent", start, today=TODAY).at == dt.datetime(2021, 3, 7, 0, 30, tzinfo=SHANGHAI)


def test_reminders_stand_before_the_day() -> None:
    order = due("protection-order.expires", dt.date(2021, 3, 15), today=TODAY)

    assert order.reminders == (dt.date(2021, 8, 16), dt.date(2021, 9, 8))  # 30 and 7 days before 15 September


def test_a_day_is_over_when_it_has_passed_and_a_moment_when_it_has() -> None:
    notice = due("petition.notice", dt.date(2021, 3, 5), today=TODAY)
    order = due("protection-order.urgent", dt.datetime(2021, 3, 5, 14, 30), today=TODAY)

    assert not notice.is_over(dt.datetime(2021, 3, 20, 23, 59, 59, tzinfo=SHANGHAI))
    assert notice.is_over(dt.datetime(2021, 3, 21, tzinfo=SHANGHAI))
    assert not order.is_over(dt.datetime(2021, 3, 6, 14, 30, tzinfo=SHANGHAI))
    assert order.is_over(dt.datetime(2021, 3, 6, 14, 30, 1, tzinfo=SHANGHAI))
