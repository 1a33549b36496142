"""A micro-home in a browser, on a phone and at a desk: opened, joined, partnered, taking turns, closed; counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from lianxin.base.days import today
from tests.cast import TOWN, Cast
from tests.conftest import DESK, PHONE
from tests.journeys.walking import findings, number_on, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = {"phone": {**PHONE, "touch": True}, "desk": dict(DESK)}


def figure(code: str, year: int) -> str:
    return f"{reverse('figure', args=[code])}?region={TOWN}&period={year}"


def told(page: Page, words: str) -> None:
    page.get_by_text(words).first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("size", SIZES)
def test_a_micro_home_lives_and_its_figures_follow(cast: Cast, open_page: Callable[..., Page], size: str) -> None:
    page = open_page(**SIZES[size])
    sign_in(page, "cast.clerk")
    founded, closed = today() - dt.timedelta(days=60), today() - dt.timedelta(days=1)

    page.goto(reverse("organisation-new"))
    page.get_by_label("名称").fill("石榴微家")
    page.get_by_label("类型").select_option(label="妇女儿童阵地 · 妇女微家")
    page.get_by_text("“五个一”做到了哪几项").first.wait_for()
    with page.expect_response(lambda answer: answer.request.method == "POST"):  # what may lead it follows the place
        page.get_by_label("村（社区）", exact=True).select_option(label="联丰村")
    page.locator("select[name=parent]").select_option(label="联丰村委会妇联")
    page.get_by_label("成立（开办）日期").fill(founded.isoformat())
    page.get_by_role("button", name="登记").click()
    told(page, "“石榴微家”登记好了")
    assert findings(page) == []
    home = page.url

    page.get_by_role("link", name="登记成员").click()
    page.wait_for_url("**/members/new/")  # loaded: what finds people as she types is there by then
    page.locator("input[name=who-find]").fill("zgy")
    page.get_by_label("周根玉").check()
    page.get_by_label("在里面做什么").fill("志愿者")
    page.get_by_role("button", name="登记").click()
    told(page, "现在一共 1 个成员")

    page.get_by_role("link", name="登记共建伙伴").click()
    page.get_by_label("对方").fill("安吉县妇联")
    page.get_by_label("在哪里").fill("浙江省湖州市安吉县")
    page.get_by_role("button", name="登记").click()
    told(page, "共建伙伴（外县）")

    page.get_by_role("link", name="排轮值").click()
    page.get_by_label("每月一家").check()
    page.get_by_role("group", name="第 1 家").get_by_label("安吉县妇联").check()
    page.get_by_role("group", name="第 2 家").get_by_label("石榴微家").check()
    page.get_by_role("button", name="保存").click()
    told(page, "轮值排好了")
    told(page, "安吉县妇联（")
    assert findings(page) == []
    assert number_on(page, figure("micro-homes", today().year)) == 1

    page.goto(home)
    page.get_by_role("link", name="登记撤销").click()
    page.get_by_label("撤销日期").fill(closed.isoformat())
    page.get_by_role("button", name="登记撤销").click()
    told(page, "已登记撤销")
    assert number_on(page, figure("micro-homes", today().year)) == 0
    assert number_on(page, figure("micro-homes.new", founded.year)) == 1
