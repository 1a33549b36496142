"""Closing the books of a county in the browser: what is open, closed, corrected since; months as well as years."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from lianxin.base.days import Period, today
from lianxin.ledger.models import SealedPeriod
from lianxin.ledger.seals import seal_period
from lianxin.records.door import submit
from lianxin.records.drafts import Act, Draft
from lianxin.records.models import History, Record
from tests.cast import COUNTY, NOW, OTHER_COUNTY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client, cast: Cast) -> Client:
    client.force_login(cast.accounts["officer"])
    return client


def page(client: Client, year: str = "2021") -> str:
    return client.get(reverse("periods"), {"year": year}).content.decode()


def states(html: str) -> dict[str, str]:
    """Month → what is said of it."""
    table = html.split("各月</h2>")[1].split("</table>")[0]
    rows = re.findall(r'<th scope="row".*?>(.*?)</th>.*?<td.*?>(.*?)</td>', table, re.S)
    return {_plain(month): _plain(state) for month, state in rows}


def _plain(html: str) -> str:
    return re.sub(r"<[^>]+>|\s", "", html)


def seal(cast: Cast, code: str, because: str = "月报已上报") -> None:
    with transaction.atomic():
        seal_period(cast.actor("officer"), region=COUNTY, period=Period.parse(code), because=because, at=NOW)


def correct(cast: Cast, visit: Record, **changed: str) -> None:
    raw = History.objects.unscoped("test").get(record=visit.key, revision=visit.revision).values | changed
    draft = Draft("visit", visit.key, raw, Act.AMEND, visit.revision, because="人数登错了", correcting=True)
    submit(cast.actor("officer"), [draft], at=NOW)


def test_months_that_are_over_can_be_closed_and_then_no_more(officer: Client) -> None:
    before = page(officer)
    assert '<option value="2021-11"' in before
    assert '<option value="2021"' in before

    address = reverse("periods") + "?year=2021"
    told = officer.post(address, {"period": "2021-11", "because": "月报已上报"}, follow=True).content.decode()

    assert "2021年11月封账了" in told
    assert '<option value="2021-11"' not in told
    assert states(told) == {
        **{f"{month}月": "开着" for month in range(1, 13)},
        "11月": "封了",
    }
    assert "南湖区，2021年：1 个月封了账，11 个月开着。" in told
    assert "月报已上报" in told
    assert "没有更正过" in told


def test_a_month_that_is_not_over_cannot_be_chosen(officer: Client) -> None:
    now = today()

    shown = page(officer, year=f"{now.year}")

    assert states(shown)[f"{now.month}月"] == "还没过完"
    assert f'<option value="{now.year}-{now.month:02}"' not in shown
    assert f'<option value="{now.year}"' not in shown


def test_a_quarter_closes_its_months(officer: Client, cast: Cast) -> None:
    seal(cast, "2021-Q1")

    shown = page(officer)

    assert [month for month, state in states(shown).items() if state == "封了"] == ["1月", "2月", "3月"]
    assert "随2021年第一季度" in shown
    assert '<option value="2021-02"' not in shown
    assert '<option value="2021-H1"' in shown


def test_what_was_corrected_since_is_counted_by_records_and_by_seal(officer: Client, cast: Cast) -> None:
    march, may = cast.visit(day="2021-03-02", people="2"), cast.visit(day="2021-05-04", people="2")
    seal(cast, "2021-03")
    seal(cast, "2021-H1", "半年报已上报")
    assert page(officer).count("没有更正过") == 2

    correct(cast, march, people="5")
    cast.visit(day="2021-07-01")  # in the open: no correction

    shown = page(officer)
    assert shown.count("更正过 1 条记录") == 2  # of March, and of the half-year around it
    correct(cast, may, people="3")
    shown = page(officer)
    assert shown.count("更正过 1 条记录") == 1
    assert shown.count("更正过 2 条记录") == 1


def test_a_year_without_anything_to_close_says_so(officer: Client, cast: Cast) -> None:
    seal(cast, "2020", "年报已上报")

    shown = page(officer, year="2020")

    assert "这一年没有可以封的" in shown
    assert "12 个月封了账，0 个月开着。" in shown
    assert "<form id=" not in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"period": "", "because": "月报"}, "请选封哪一段。"),
        ({"period": "2021-11", "because": " "}, "请写明为什么封账"),
        ({"period": "2021-13", "because": "月报"}, "月份应在 01 到 12 之间"),
        ({"period": "2090-12", "because": "月报"}, "还没有结束"),
    ],
)
def test_what_cannot_be_closed_is_said_and_nothing_typed_is_lost(
    officer: Client, typed: dict[str, str], said: str
) -> None:
    answer = officer.post(reverse("periods"), typed)

    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not SealedPeriod.objects.exists()


def test_another_county_is_not_closed_from_here(officer: Client, cast: Cast) -> None:
    address = f"{reverse('periods')}?region={OTHER_COUNTY}"

    officer.post(address, {"region": OTHER_COUNTY, "period": "2021-11", "because": "月报已上报"})

    assert [each.region for each in SealedPeriod.objects.all()] == [COUNTY]


@pytest.mark.parametrize("year", ["1066", "abc", "2999", "20210", "２０２１", ""])
def test_a_year_that_is_none_is_this_one(officer: Client, year: str) -> None:
    assert f"南湖区，{today().year}年：" in page(officer, year=year)


def test_the_reports_lead_to_it_and_say_whether_the_year_is_closed(officer: Client, cast: Cast) -> None:
    cast.visit(day="2020-05-01")
    asked = {"region": COUNTY, "period": "2020"}
    link = f"{reverse('periods')}?region={COUNTY}&amp;year=2020"
    open_report = officer.get(reverse("report", args=["annual-duties"]), asked).content.decode()
    assert link in officer.get(reverse("reports"), asked).content.decode()
    assert "2020年还没有封账" in open_report
    assert link in open_report

    frozen = officer.post(reverse("report-freeze", args=["annual-duties"]) + f"?region={COUNTY}&period=2020")
    seal(cast, "2020", "年报已上报")

    issue = officer.get(frozen["Location"]).content.decode()
    assert "2020年已在 2021年12月24日 封账（年报已上报）" in issue
    assert link in issue
    officer.force_login(cast.accounts["member"])
    seen = officer.get(reverse("reports"), asked).content.decode()
    assert "2020年已在 2021年12月24日 封账" in seen
    assert reverse("periods") not in seen


def test_the_page_costs_the_same_for_one_seal_and_for_three(
    officer: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    seal(cast, "2021-01")
    page(officer)
    with django_assert_max_num_queries(15) as one:
        page(officer)
    seal(cast, "2021-02")
    seal(cast, "2021-Q2")
    with django_assert_max_num_queries(15) as three:
        page(officer)

    assert len(one) == len(three)
