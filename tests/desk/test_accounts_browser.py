"""Accounts in a real browser: the first sign-in on a phone, places that follow each other, findings of axe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from lianxin.net.accounts import create_account
from lianxin.net.models import Account, Appointment, Organisation
from tests.cast import LIANFENG, PASSWORD, TOWN, Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.goto(reverse("sign-in"))
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_load_state()


def test_the_first_sign_in_on_a_phone_ends_on_her_own_page(cast: Cast, phone_page: Page) -> None:
    opened = create_account(cast.actor("administrator"), username="new.one", name="新来的人")
    Appointment.objects.create(
        account=opened.account, role="village-member", region=LIANFENG, starts="2020-01-01", granted_by="cast"
    )

    sign_in(phone_page, "new.one", opened.temporary_password)
    phone_page.get_by_label("临时密码").fill(opened.temporary_password)
    phone_page.get_by_label("新密码", exact=True).fill("heron-by-the-lake")
    phone_page.get_by_label("再输一次新密码").fill("heron-by-the-lake")
    phone_page.get_by_role("button", name="换好，开始用").click()

    phone_page.wait_for_url("**/")
    phone_page.get_by_role("navigation", name="主要栏目（手机）").get_by_role("link", name="我的").click()
    assert phone_page.get_by_role("heading", level=1).inner_text() == "新来的人"
    phone_page.get_by_label("长辈版").check()
    phone_page.get_by_role("button", name="就用这个样子").click()
    phone_page.wait_for_load_state()
    assert "elder" in (phone_page.locator("html").get_attribute("class") or "")


def test_villages_follow_the_town_and_the_rest_of_the_form_stays(cast: Cast, desk_page: Page) -> None:
    fresh = create_account(cast.actor("administrator"), username="new.one", name="新来的人").account
    sign_in(desk_page, "cast.administrator")
    desk_page.goto(reverse("user-appoint", args=[fresh.pk]))

    desk_page.get_by_label("村（社区）执委").check()
    desk_page.get_by_label("依据").fill("换届选举")
    desk_page.get_by_label("镇（街道）", exact=True).select_option(TOWN)
    desk_page.get_by_label("村（社区）", exact=True).select_option(LIANFENG)
    desk_page.get_by_role("button", name="授岗位").click()

    desk_page.wait_for_url(re.compile(r"/users/\w{26}/$"))
    assert "授好了：村（社区）执委 · 凤桥镇联丰村。" in desk_page.locator("#messages").inner_text()
    row = Appointment.objects.get(account=fresh)
    assert (row.role, row.region, row.because) == ("village-member", LIANFENG, "换届选举")


def test_switching_off_asks_first(cast: Cast, desk_page: Page) -> None:
    member = cast.accounts["member"]
    sign_in(desk_page, "cast.administrator")
    desk_page.goto(reverse("user", args=[member.pk]))

    desk_page.get_by_role("button", name="停用").click()
    desk_page.get_by_role("button", name="先不了").click()
    assert Account.objects.get(pk=member.pk).is_active
    desk_page.get_by_role("button", name="停用").click()
    desk_page.get_by_role("dialog").get_by_role("button", name="停用").click()

    desk_page.get_by_role("button", name="恢复账号").wait_for()
    assert not Account.objects.get(pk=member.pk).is_active


def test_nothing_serious_is_found_by_axe(cast: Cast, open_page: Any) -> None:
    member, body = cast.accounts["member"].pk, Organisation.objects.get(region=TOWN).pk
    cast.visit("member", heard="浴室没扶手")
    addresses = {
        "cast.administrator": [
            reverse("home"),
            reverse("users"),
            reverse("user", args=[member]),
            reverse("user-new"),
            reverse("user-appoint", args=[member]),
            reverse("organisations"),
            reverse("organisation", args=[body]),
            reverse("organisation-new"),
            reverse("complaints"),
        ],
        "cast.member": [
            reverse("home"),
            reverse("me"),
            reverse("help"),
            reverse("complaint-new"),
            reverse("password-change"),
            reverse("sign-out"),
        ],
        "cast.leader": [reverse("home")],
    }
    found: dict[str, list[str]] = {}

    for username, pages in addresses.items():
        page = open_page(width=360, scheme="dark")
        sign_in(page, username)
        for address in pages:
            page.goto(address)
            serious = [
                f"{each['id']}: {each['nodes'][0]['html'][:120]}"
                for each in Axe().run(page).response["violations"]
                if each["impact"] in ("serious", "critical")
            ]
            if serious:
                found[f"{username} {address}"] = serious

    assert found == {}
