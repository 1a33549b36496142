"""One visit on a phone, closely watched: every tap and key, a second click, no scripts, and what a neighbour sees."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from lianxin.base.days import now, today
from lianxin.kinds.visits.models import Visit
from tests.cast import COUNTY, LIANFENG, Cast
from tests.journeys.walking import Thumb, number_on, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

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
    thumb.tap(phone.get_by_label("困难家庭", exact=True))
    phone.get_by_label("听到什么").fill(HEARD)  # spoken into the phone, or left empty
    thumb.tap(phone.get_by_role("button", name="保存走访"))
    phone.wait_for_url(re.compile(r"/visits/\w{26}/$"))
    return thumb


def test_a_known_household_takes_a_dozen_taps_keys_counted(cast: Cast, phone_page: Page) -> None:
    sign_in(phone_page, "cast.member")

    thumb = record(phone_page)

    assert thumb.taps <= 12
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 360
    assert "走访已保存" in phone_page.locator("#messages").inner_text()
    visit = Visit.objects.unscoped("test").get()
    assert (visit.subject, visit.heard, visit.day) == (cast.households[LIANFENG][0], HEARD, today())


def test_the_neighbours_member_sees_the_number_and_not_the_visit(cast: Cast, phone_page: Page, desk_page: Page) -> None:
    cast.visit("member", heard=HEARD, day=today().isoformat(), at=now())
    sign_in(desk_page, "cast.neighbour")

    assert number_on(desk_page, of_the_county("figure", "visits.times")) == 1
    desk_page.goto(of_the_county("figure-records", "visits.times"))

    text = desk_page.locator("main").inner_text()
    assert "只计数" in text
    assert HEARD not in text


def test_a_second_click_makes_one_visit(cast: Cast, phone_page: Page) -> None:
    sign_in(phone_page, "cast.member")
    phone_page.goto(reverse("visit-record", args=["household", cast.households[LIANFENG][0]]))
    phone_page.get_by_label("困难家庭", exact=True).tap()

    phone_page.get_by_role("button", name="保存走访").dblclick()
    phone_page.wait_for_url(re.compile(r"/visits/\w{26}/$"))
    assert Visit.objects.unscoped("test").count() == 1


def test_without_scripts_it_works_as_well(cast: Cast, chromium: Browser, live_server: LiveServer) -> None:
    context = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="zh-CN"
    )
    try:
        page = context.new_page()
        sign_in(page, "cast.member")
        page.goto(reverse("visit-new"))
        page.get_by_role("searchbox").fill("zgy")
        page.get_by_role("button", name="查找").click()
        page.get_by_role("link", name=re.compile("张桂英")).click()
        page.get_by_label("困难家庭", exact=True).check()
        page.get_by_role("button", name="保存走访").click()
        page.wait_for_url(re.compile(r"/visits/\w{26}/$"))
    finally:
        context.close()

    assert Visit.objects.unscoped("test").count() == 1
