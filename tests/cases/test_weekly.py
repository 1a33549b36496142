"""The weekly joint entry: who has handed over, who is late, and whose business it is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base.days import now, today
from lianxin.base.errors import Forbidden, Refused
from lianxin.kinds.cases.weekly import ONE_WEEK, hand_over, handed_over, monday, weekly_sources
from tests.cases.town import case
from tests.cast import COUNTY, NOW, OTHER_COUNTY, Cast

pytestmark = pytest.mark.django_db
FRIDAY = dt.date(2021, 12, 24)
THIS = dt.date(2021, 12, 20)  # its Monday, by the calendar on the wall


def test_a_week_is_late_once_it_is_over_and_nobody_handed_over(cast: Cast) -> None:
    officer = cast.actor("officer")
    case(cast, source="alarm-110")
    hand_over(officer, COUNTY, "alarm-110", THIS, is_nothing=False, at=NOW)
    hand_over(officer, COUNTY, "hotline-12338", THIS - ONE_WEEK, is_nothing=True, at=NOW)

    found = handed_over(officer, COUNTY, today=FRIDAY)

    assert monday(FRIDAY) == THIS
    assert set(found) == set(weekly_sources()) == {"alarm-110", "hotline-12338", "micro-home"}
    assert [(each.week, each.is_late, each.cases) for each in found["alarm-110"]][:2] == [
        (THIS, False, 1), (THIS - ONE_WEEK, True, 0),
    ]  # fmt: skip
    assert [each.is_late for each in found["hotline-12338"]] == [False, False, True, True, True, True]
    assert [each.is_late for each in found["micro-home"]] == [False, True, True, True, True, True]


def test_it_is_said_once_a_week_and_may_be_put_right(cast: Cast) -> None:
    officer = cast.actor("officer")
    hand_over(officer, COUNTY, "micro-home", THIS, is_nothing=True, at=NOW)
    hand_over(officer, COUNTY, "micro-home", THIS, is_nothing=False, at=NOW)

    assert handed_over(officer, COUNTY, today=FRIDAY)["micro-home"][0].is_nothing is False


def test_another_county_another_source_and_a_week_to_come_are_refused(cast: Cast) -> None:
    officer = cast.actor("officer")
    with pytest.raises(Forbidden):
        hand_over(officer, OTHER_COUNTY, "alarm-110", THIS, is_nothing=True, at=NOW)
    with pytest.raises(Refused, match="来源"):
        hand_over(officer, COUNTY, "grid", THIS, is_nothing=True, at=NOW)
    with pytest.raises(Refused, match="这一周"):
        hand_over(officer, COUNTY, "alarm-110", THIS + ONE_WEEK, is_nothing=True, at=NOW)


def test_the_page_says_who_is_late_and_takes_a_word(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.accounts["officer"])
    path = reverse("cases-weekly")

    assert "没有送来" in client.get(path).content.decode()
    week = monday(today()).isoformat()
    assert client.post(path, {"source": "alarm-110", "week": week, "state": "handed"}).status_code == 302
    assert client.post(path, {"source": "alarm-110", "week": week}).status_code == 400
    assert f"{now().month}月{now().day}日，登了 0 件" in client.get(path).content.decode()
