"""One village's committee is renewed in a browser: prepared, settled, carried out with a new account, taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from lianxin.base.days import today
from lianxin.net.models import Organisation, Post
from tests.cast import COUNTY, LIANFENG, PASSWORD, Cast
from tests.conftest import DESK
from tests.journeys.walking import findings, number_on, sign_in
from tests.terms.test_change_of_term import person_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_village_changes_its_committee_and_takes_it_back(
    cast: Cast, phone_page: Page, desk_page: Page, open_page: Callable[..., Page]
) -> None:
    Post.objects.create(
        person=person_of(LIANFENG, "张桂英"),
        account=cast.accounts["chair"],
        organisation=Organisation.objects.get(region=LIANFENG, type="federation"),
        title="主席",
        starts=dt.date(2018, 1, 5),
    )
    sign_in(desk_page, "cast.officer")
    desk_page.goto(reverse("term-new"))
    desk_page.get_by_label("名称").fill("联丰村妇联换届")
    desk_page.get_by_label("镇（街道）", exact=True).select_option(label="凤桥镇")
    desk_page.get_by_label("村（社区）", exact=True).select_option(label="联丰村")
    desk_page.get_by_role("button", name="开始筹备").click()
    desk_page.get_by_role("link", name="联丰村委会妇联").click()
    desk_page.get_by_role("link", name="张桂英").click()
    desk_page.get_by_role("button", name="从名单上划去").click()
    desk_page.get_by_role("button", name="划去", exact=True).click()
    desk_page.get_by_role("link", name="加人").click()
    desk_page.locator("input[name=person-find]").fill("zgy")
    desk_page.get_by_label("周根玉").check()
    desk_page.get_by_label("职务").fill("主席")
    desk_page.get_by_label("村（社区）妇联主席", exact=True).check()
    desk_page.get_by_role("button", name="写进名单").click()
    desk_page.get_by_text("不再任职：张桂英（主席）").wait_for()
    assert findings(desk_page) == []
    desk_page.get_by_role("button", name="名单就这样定了").click()
    desk_page.get_by_text("名单定了").wait_for()
    change = desk_page.get_by_role("link", name="联丰村妇联换届").get_attribute("href") or ""

    desk_page.context.clear_cookies()
    sign_in(desk_page, "cast.administrator")
    desk_page.goto(change)
    desk_page.get_by_role("link", name="定换届时间").click()
    desk_page.get_by_role("button", name="定下时间").click()
    desk_page.get_by_text("换届办好了").wait_for()
    desk_page.get_by_text("1 个还没有发临时密码").wait_for()
    desk_page.get_by_role("button", name="发临时密码，印账号单").click()
    slip = desk_page.locator(".slip")
    assert "周根玉" in slip.inner_text()
    assert findings(desk_page) == []
    username, password = slip.locator("dd b").all_inner_texts()

    phone_page.goto(reverse("sign-in"))
    phone_page.get_by_label("账号").fill(username)
    phone_page.get_by_label("密码").fill(password)
    phone_page.get_by_role("button", name="登录").click()
    phone_page.get_by_label("临时密码").fill(password)
    phone_page.locator("input[name=new]").fill(PASSWORD)
    phone_page.get_by_label("再输一次新密码").fill(PASSWORD)
    phone_page.get_by_role("button", name="换好，开始用").click()
    phone_page.wait_for_url("**/")
    phone_page.goto(reverse("visits"))
    phone_page.get_by_role("heading", name="走访").first.wait_for()
    phone_page.goto(reverse("household", args=[cast.households[LIANFENG][0]]))
    assert "张桂英" in phone_page.content()

    officer = open_page(**DESK)
    sign_in(officer, "cast.officer")
    figure = f"{reverse('figure', args=['terms.villages'])}?region={COUNTY}&period={today().year}"
    assert number_on(officer, figure) == 1

    desk_page.goto(change)
    desk_page.get_by_role("link", name="撤回").click()
    desk_page.get_by_label("为什么撤回").fill("名单报错了")
    desk_page.get_by_role("button", name="撤回").click()
    desk_page.get_by_text("恢复原样").first.wait_for()
    assert phone_page.goto(reverse("visits")).status == 403  # type: ignore[union-attr]
    assert number_on(officer, figure) == 0
