"""A figure by town, by month, by both: names in order of code, nothing ranked, nothing left out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lianxin.base.codes import Level
from lianxin.base.days import Period, Span
from lianxin.indicators.tables import areas_below, by_month, by_town, by_town_all, by_town_and_month
from tests.indicators.counties import (
    BAIHUALONG,
    COUNTY,
    FENGQIAO,
    JIANSHE,
    LIANFENG,
    file,
    indicator,
    view,
    visit,
)

pytestmark = pytest.mark.usefixtures("nanhu")


def numbers(code: str, **at: Any) -> dict[str, Decimal | None]:
    """What is not nothing, by region."""
    return {row.region: row.value for row in by_town(indicator(code), view(**at)) if row.value}


def test_towns_stand_in_order_of_code_with_nothing_where_nothing_is() -> None:
    visit("H1", region=LIANFENG)
    visit("H2", region=LIANFENG)
    visit("H2", region=BAIHUALONG, day="2021-08-01")

    rows = by_town(indicator("visits.households"), view())

    assert [row.region for row in rows] == sorted(row.region for row in rows)
    assert len(rows) == 13
    assert numbers("visits.households") == {JIANSHE: 1, FENGQIAO: 2}
    assert rows[1].value == 0


def test_villages_of_a_town_and_none_of_a_village() -> None:
    visit("H1", region=LIANFENG)

    assert len(by_town(indicator("visits.times"), view(region=FENGQIAO))) == 12
    assert numbers("visits.times", region=FENGQIAO) == {LIANFENG: 1}
    assert by_town(indicator("visits.times"), view(region=LIANFENG)) == ()


def test_what_counts_at_the_county_itself_keeps_a_row_of_its_own() -> None:
    visit("ORG1", region=COUNTY, level=Level.COUNTY)
    visit("H1", region=LIANFENG)

    rows = by_town(indicator("visits.times"), view())

    assert (rows[0].region, rows[0].value) == (COUNTY, 1)
    assert len(rows) == 14
    assert sum(row.value or 0 for row in rows) == 2


def test_a_city_is_cut_by_counties_past_its_placeholder() -> None:
    visit("H1", region=LIANFENG)

    assert [area.code for area in areas_below("3304")] == [COUNTY]
    assert numbers("visits.times", region="3304") == {COUNTY: 1}


def test_ratios_by_town_are_unknown_where_nothing_was_done() -> None:
    visit("H1", region=LIANFENG, mode="phone")
    visit("H2", region=LIANFENG, mode="door")

    found = {row.region: row.value for row in by_town(indicator("visits.door-share"), view())}

    assert found[FENGQIAO] == 50
    assert found[JIANSHE] is None


def test_months_of_a_flow_add_up_and_those_of_a_distinct_count_do_not() -> None:
    for day in ("2021-01-03", "2021-01-20", "2021-12-31"):
        visit("H1", day=day)

    flow = by_month(indicator("visits.times"), view())
    distinct = by_month(indicator("visits.households"), view())

    assert [row.value for row in flow] == [2, *[0] * 10, 1]
    assert [row.value for row in distinct] == [1, *[0] * 10, 1]
    assert flow[11].period == Period.parse("2021-12")


def test_a_stock_by_quarter_is_what_stands_at_each_end() -> None:
    file("W1", book="woman-file", day="2020-11-01")
    file("W2", book="woman-file", day="2021-04-01", off="2021-09-30")

    rows = by_month(indicator("files.women"), view(), span=Span.QUARTER)

    assert [row.value for row in rows] == [1, 2, 1, 1]


def test_towns_by_month() -> None:
    visit("H1", region=LIANFENG, day="2021-02-01")
    visit("H1", region=LIANFENG, day="2021-02-02")
    visit("H2", region=BAIHUALONG, day="2021-03-01")

    table = by_town_and_month(indicator("visits.times"), view(period=Period.parse("2021-Q1")))

    assert [row.value for row in table[FENGQIAO]] == [0, 2, 0]
    assert [row.value for row in table[JIANSHE]] == [0, 0, 1]
    assert len(table) == 13


def test_many_figures_by_town_cost_no_more_queries_than_one(django_assert_max_num_queries: Any) -> None:
    visit("H1", people=3)
    specs = [indicator(code) for code in ("visits.households", "visits.times", "visits.people", "files.family")]
    by_town_all(specs, view())

    with django_assert_max_num_queries(5):
        tables = by_town_all(specs, view())

    assert [sum(row.value or 0 for row in tables[spec.code]) for spec in specs] == [1, 1, 3, 0]
