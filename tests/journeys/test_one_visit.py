"""A visit recorded once on a phone turns up, exact and traceable, in the county's figures and its annual report."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from lianxin.base.days import today
from lianxin.kinds.visits.models import Visit
from lianxin.records.models import SavedDraft
from tests.cast import COUNTY, LIANFENG, Cast
from tests.journeys.walking import Thumb, number_on, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
HEARD = "夜里下楼怕滑，想装个扶手"


def of_the_county(name: str, code: str) -> str:
    return f"{reverse(name, args=[code])}?{urlencode({'region': COUNTY, 'period': today().year})}"


def record(phone: Page) -> Thumb:
    """From her first page to the saved visit."""
    thumb = Thumb(phone)
    phone.goto(reverse("home"))
    thumb.tap(phone.get_by_role("navigation", name="主要栏目（手机）").get_by_role("link", name="记走访"))
    thumb.tap(phone.get_by_role("searchbox"))
    thumb.type("zgy")
    thumb.tap(phone.get_by_role("link", name=re.compile("张桂英")))
    thumb.tap(phone.get_by_text("困难家庭"))
    phone.get_by_label("听到什么").fill(HEARD)  # spoken into the phone, or left empty
    thumb.tap(phone.get_by_role("button", name="保存走访"))
    phone.wait_for_url(re.compile(r"/visits/\w{26}/$"))
    return thumb


def test_from_the_phone_to_the_report_and_back(cast: Cast, phone_page: Page, desk_page: Page) -> None:
    sign_in(desk_page, "cast.officer")
    times, households = (of_the_county("figure", code) for code in ("visits.times", "visits.households"))
    before = number_on(desk_page, times), number_on(desk_page, households)
    sign_in(phone_page, "cast.member")

    thumb = record(phone_page)

    assert thumb.taps <= 12
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 360
    assert "走访已保存" in phone_page.locator("#messages").inner_text()
    assert (number_on(desk_page, times), number_on(desk_page, households)) == (before[0] + 1, before[1] + 1)

    desk_page.goto(of_the_county("report", "annual-duties"))
    bound = desk_page.locator("a.fig", has_text=re.compile(r"^1 ?户$")).first
    bound.click()
    desk_page.wait_for_url("**/figures/visits.households/**")
    desk_page.locator("#records, table").get_by_role("link", name=re.compile("张桂英")).first.click()
    desk_page.wait_for_url(re.compile(r"/visits/\w{26}/$"))
    assert HEARD in desk_page.locator("main").inner_text()


def test_the_neighbours_member_sees_the_number_and_not_the_visit(cast: Cast, phone_page: Page, desk_page: Page) -> None:
    cast.visit("member", heard=HEARD, day=today().isoformat(), at=_noon())
    sign_in(desk_page, "cast.neighbour")

    assert number_on(desk_page, of_the_county("figure", "visits.times")) == 1
    desk_page.goto(of_the_county("figure-records", "visits.times"))

    text = desk_page.locator("main").inner_text()
    assert "只计数" in text
    assert HEARD not in text


def test_a_draft_survives_a_closed_browser(cast: Cast, open_page: Callable[..., Page]) -> None:
    first = open_page(width=360, height=740, touch=True)
    sign_in(first, "cast.member")
    url = reverse("visit-record", args=["household", cast.households[LIANFENG][0]])
    first.goto(url)
    first.get_by_text("困难家庭").tap()
    first.get_by_label("听到什么").fill(HEARD)
    first.get_by_text("草稿已存").wait_for()
    first.context.close()
    assert SavedDraft.objects.count() == 1

    second = open_page(width=360, height=740, touch=True)
    sign_in(second, "cast.member")
    second.goto(url)

    assert second.get_by_label("听到什么").input_value() == HEARD
    assert second.locator("input[name=why]:checked").get_attribute("value") == "four-musts/hardship"
    assert "没存完" in second.locator("#draft-state").inner_text()
    second.get_by_role("button", name="保存走访").tap()
    second.wait_for_url(re.compile(r"/visits/\w{26}/$"))
    assert not SavedDraft.objects.exists()
    assert Visit.objects.unscoped("test").get().heard == HEARD


def test_a_second_click_makes_one_visit(cast: Cast, phone_page: Page) -> None:
    sign_in(phone_page, "cast.member")
    phone_page.goto(reverse("visit-record", args=["household", cast.households[LIANFENG][0]]))
    phone_page.get_by_text("困难家庭").tap()

    phone_page.get_by_role("button", name="保存走访").dblclick()
    phone_page.wait_for_url(re.compile(r"/visits/\w{26}/$"))
    assert Visit.objects.unscoped("test").count() == 1

    # And once more from the page she comes back to: the same form, the same id.
    phone_page.go_back()
    phone_page.get_by_role("button", name="保存走访").tap()
    phone_page.wait_for_url(re.compile(r"/visits/\w{26}/$"))
    assert Visit.objects.unscoped("test").count() == 1


def test_without_scripts_it_works_as_well(cast: Cast, chromium: object, live_server: object) -> None:
    context = chromium.new_context(  # type: ignore[attr-defined]
        base_url=live_server.url,
        java_script_enabled=False,
        viewport={"width": 360, "height": 740},
        locale="zh-CN",  # type: ignore[attr-defined]
    )
    try:
        page = context.new_page()
        sign_in(page, "cast.member")
        page.goto(reverse("visit-new"))
        page.get_by_role("searchbox").fill("zgy")
        page.get_by_role("button", name="查找").click()
        page.get_by_role("link", name=re.compile("张桂英")).click()
        page.get_by_text("困难家庭").click()
        page.get_by_role("button", name="保存走访").click()
        page.wait_for_url(re.compile(r"/visits/\w{26}/$"))
    finally:
        context.close()

    assert Visit.objects.unscoped("test").count() == 1


def _noon() -> object:
    import datetime as dt  # noqa: PLC0415

    from lianxin.base.days import SHANGHAI  # noqa: PLC0415

    return dt.datetime.combine(today(), dt.time(23, 0), tzinfo=SHANGHAI)
