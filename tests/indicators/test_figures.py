"""One figure at a time: the folds, ratios, the year before."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lianxin.base.codes import Level
from lianxin.base.days import Period
from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.indicators.figures import compare_all, compute, compute_all
from lianxin.indicators.reach import figure_view, may_look_at
from tests.indicators.counties import (
    BAIHUALONG,
    COUNTY,
    FENGQIAO,
    JIANSHE,
    LIANFENG,
    YEAR,
    file,
    indicator,
    reader,
    view,
    visit,
)

pytestmark = pytest.mark.django_db


def value(code: str, **at: object) -> Decimal | None:
    return compute(indicator(code), view(**at)).value  # type: ignore[arg-type]


def test_households_are_counted_once_and_visits_each_time() -> None:
    visit("H1", day="2021-03-05")
    visit("H1", day="2021-06-01", mode="phone")
    visit("H2", day="2021-06-01")

    assert value("visits.households") == 2
    assert value("visits.times") == 3
    assert value("visits.door.households") == 2


def test_a_stock_is_what_stands_on_the_last_day_and_a_flow_what_happened() -> None:
    file("W1", book="woman-file", day="2020-05-01")
    file("W2", book="woman-file", day="2021-05-01", off="2021-09-01")
    file("F1", book="family-file", day="2021-12-31")
    file("F2", book="family-file", day="2022-01-01")

    assert value("files.family-and-women") == 2  # W1, F1
    assert value("files.family-and-women.new") == 2  # W2, F1
    assert value("files.women", period=Period.parse("2021-06")) == 2  # W1, W2
    assert value("files.women", period=Period.parse("2021-09")) == 1


def test_a_ratio_is_rounded_as_printed_and_unknown_over_nothing() -> None:
    visit("H1", mode="door")
    visit("H2", mode="door")
    visit("H3", mode="phone")

    assert value("visits.door-share") == Decimal("66.7")
    assert value("visits.door-share", period=Period.parse("2020")) is None
    assert value("visits.door-share", period=Period.parse("2021-03")) == Decimal("66.7")


def test_a_whole_ratio_has_no_decimals() -> None:
    visit("H1", mode="door")

    assert str(value("visits.door-share")) == "100"


def test_own_level_counts_only_what_that_level_did() -> None:
    visit("H1", level=Level.VILLAGE)
    visit("H2", level=Level.COUNTY)
    visit("H3", level=Level.COUNTY)

    assert value("visits.households") == 3
    assert value("visits.households", own_level=True) == 2
    assert value("visits.households", region=LIANFENG, own_level=True) == 1


def test_growth_is_against_the_same_period_of_the_year_before() -> None:
    for number in range(4):
        visit(f"H{number}", day="2020-03-05")
    for number in range(5):
        visit(f"H{number}", day="2021-03-05")

    compared = compare_all([indicator("visits.times"), indicator("ideas.heard")], view())

    assert compared["visits.times"].last.value == 4
    assert compared["visits.times"].growth == Decimal("0.25")
    assert compared["ideas.heard"].growth is None


def test_many_tallied_figures_cost_three_queries(django_assert_num_queries: object) -> None:
    visit("H1", people=2)
    codes = ["visits.households", "visits.times", "visits.people", "files.family", "files.women", "ideas.heard"]
    specs = [indicator(code) for code in codes]

    with django_assert_num_queries(3):  # type: ignore[operator]
        figures = compute_all(specs, view())

    assert [figures[code].value for code in codes] == [1, 1, 2, 0, 0, 0]


def test_figures_are_open_within_her_county_above_and_below() -> None:
    member = reader(LIANFENG)

    assert figure_view(member, LIANFENG, YEAR).region == LIANFENG
    assert figure_view(member, JIANSHE, YEAR).region == JIANSHE
    assert figure_view(member, COUNTY, YEAR).region == COUNTY
    assert figure_view(member, "3304", YEAR).region == "3304"
    assert not may_look_at(member, "330411")
    with pytest.raises(Unseen):
        figure_view(member, "330411100", YEAR)


def test_a_view_needs_the_verb_and_a_code() -> None:
    with pytest.raises(Forbidden):
        figure_view(reader(verbs=frozenset()), COUNTY, YEAR)
    with pytest.raises(Refused, match="不是区划代码"):
        figure_view(reader(), "3304021", YEAR)
    with pytest.raises(Refused, match="统计到村"):
        figure_view(reader(), f"{LIANFENG}001", YEAR)


def test_a_figure_of_a_town_is_that_of_its_villages() -> None:
    visit("H1", region=LIANFENG)
    visit("H2", region="330402100001")
    visit("H3", region=BAIHUALONG)

    assert value("visits.times", region=FENGQIAO) == 2
