"""How a figure is counted, in words."""

from __future__ import annotations

from lianxin.base.days import Period
from lianxin.catalog.current import catalog
from lianxin.indicators.explain import explain, fold_words
from tests.indicators.counties import YEAR, indicator


def told(code: str, period: Period = YEAR) -> dict[str, str]:
    return {line.label: line.text for line in explain(indicator(code), period)}


def test_a_distinct_count_says_what_is_counted_once_and_for_how_long() -> None:
    assert fold_words(indicator("visits.households"), YEAR) == "同一户全年只算一次"
    assert fold_words(indicator("visits.persons"), Period.parse("2021-Q2")) == "同一人一个季度里只算一次"
    assert "以总数为准" in told("visits.households")["怎么数"]


def test_a_stock_says_its_day() -> None:
    assert fold_words(indicator("files.women"), Period.parse("2021-02")) == "到2021年2月28日在册的数"
    assert told("files.women")["算哪天"] == "2021年12月31日那天结束的时候。"


def test_programmes_and_chosen_values_are_named() -> None:
    lines = told("visits.door.households")

    assert lines["只数"] == "上门"
    assert "执委“四必访”" in lines["哪些工作"]
    assert told("files.women")["哪些工作"] == catalog().programme("woman-file").name


def test_delicate_figures_say_what_is_not_shown() -> None:
    assert told("files.children")["小的数"] == "涉及受保护的记录：少于5的不显示，能推算出它的也不显示。"
    assert "小的数" not in told("files.women")


def test_a_ratio_names_its_two_figures() -> None:
    above, below = indicator("visits.door.times").name, indicator("visits.times").name

    assert told("visits.door-share")["两个数"] == f"“{above}”除以“{below}”；下面列的是“{below}”的记录。"


def test_every_indicator_can_be_explained() -> None:
    for spec in catalog().indicators.values():
        lines = explain(spec, YEAR)
        assert all(line.text for line in lines), spec.code
        assert [line.label for line in lines][:2] == ["数什么", "怎么数"]
