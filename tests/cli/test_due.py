"""`lianxin due`: the day or the minute with its source; whatever cannot be is one sentence and exit code 2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Lianxin = Callable[..., Any]


def test_a_day_is_told_with_its_source(lianxin: Lianxin) -> None:
    said = lianxin("due", "petition.notice", "2021-03-05")

    assert said.code == 0
    assert said.out.splitlines()[:2] == ["2021年3月20日（周六）", "依据：信访工作条例第二十三条（法律法规）"]


def test_a_minute_is_told_for_a_clock_of_hours(lianxin: Lianxin) -> None:
    said = lianxin("due", "protection-order.decide", "2021年9月30日", "17点30分", "--json")

    assert said.json["due"] == "2021-10-03T17:30:00+08:00"
    assert (said.json["source"], said.json["provisional"]) == ("反家庭暴力法第二十八条", False)


def test_the_moment_can_be_one_word_with_a_t(lianxin: Lianxin) -> None:
    assert lianxin("due", "protection-order.urgent", "2021-03-05T23:59:59", "--json").json["at"] == (
        "2021-03-06T23:59:59+08:00"
    )


def test_a_default_says_that_it_is_one(lianxin: Lianxin) -> None:
    said = lianxin("due", "three-colour.red.visit", "2021-03-05")

    assert "出厂默认，待县妇联确认" in said.out
    assert "（出厂默认）" in said.out


def test_all_rules_are_listed(lianxin: Lianxin) -> None:
    said, told = lianxin("due", "--list"), lianxin("due", "--list", "--json").json

    assert len(said.out.splitlines()) == told["count"] == len(told["rules"])
    assert {"petition.notice", "petition.extend", "protection-order.expires", "mediation.confirm"} <= {
        rule["rule"] for rule in told["rules"]
    }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "请写期限代号和起算的日子"),
        (("petition.notice",), "请写期限代号和起算的日子"),
        (("petition.notise", "2021-03-05"), "是不是想写“petition.notice”"),
        (("petition.notice", "2021-02-30"), "没有“2021-02-30”这一天"),
        (("petition.notice", "明天"), "日期请写成"),
        (("petition.notice", "2021-03-05", "25:00"), "时间请写成"),
        (("petition.notice", "2021-03-05", "14:30:99"), "时间请写成"),
        (("petition.notice", "1900-01-01"), "不能早于 1949 年"),
        (("petition.notice", "9999-12-31"), "不能晚于"),
        (("petition.notice", ""), "日期请写成"),
        (("petition.notice", "2021-03-05", "--jsn"), "没有 --jsn 这个选项"),
    ],
)
def test_what_cannot_be_is_one_sentence(lianxin: Lianxin, arguments: tuple[str, ...], sentence: str) -> None:
    said = lianxin("due", *arguments)

    assert said.code == 2
    assert sentence in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert said.out == ""
