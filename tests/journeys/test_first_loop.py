"""The main job end to end: a visit on a phone turns up in the county's figure and report, and leads back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from lianxin.base.days import today
from lianxin.kinds.visits.models import Visit
from tests.cast import COUNTY, PASSWORD, Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

MOST_TAPS = 12
SAID = "孙女三点半就放学，我腿脚慢，赶不上接。"


def sign_in(page: Page, username: str) -> None:
    page.goto(reverse("sign-in"))
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/")


def figure(page: Page) -> int:
    """The county's households of this year, read off the page as a person would."""
    page.goto(f"{reverse('figure', args=['visits.households'])}?region={COUNTY}&period={today().year}")
    return int(page.locator(".huge").inner_text().split()[0].replace(",", "").removesuffix("户"))


def test_a_visit_on_a_phone_is_one_more_in_the_county_and_leads_back(
    cast: Cast, phone_page: Page, desk_page: Page
) -> None:
    sign_in(desk_page, "cast.officer")
    before = figure(desk_page)
    sign_in(phone_page, "cast.member")
    taps = 0

    def tap(name: str, role: str = "link") -> None:
        nonlocal taps
        phone_page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        taps += 1

    tap("记走访")
    phone_page.get_by_role("searchbox").fill("zgy")
    taps += 1
    tap("张桂英")
    phone_page.get_by_label("困难家庭", exact=True).check()
    phone_page.get_by_label("听到什么").fill(SAID)
    taps += 2
    tap("保存走访", "button")
    phone_page.wait_for_url("**/visits/01*/")

    assert SAID in phone_page.content()
    assert taps <= MOST_TAPS
    assert figure(desk_page) == before + 1
    desk_page.goto(f"{reverse('report', args=['annual-duties'])}?region={COUNTY}&period={today().year}")
    bound = desk_page.locator("article a.fig").first
    bound.click()
    desk_page.get_by_text(SAID).first.wait_for()
    desk_page.get_by_role("link", name="张桂英家").first.click()
    visit = Visit.objects.unscoped("test").get()
    assert desk_page.url.endswith(reverse("visit", args=[visit.key]))
    assert SAID in desk_page.content()


def test_a_draft_survives_a_closed_browser(cast: Cast, phone_page: Page, desk_page: Page) -> None:
    sign_in(phone_page, "cast.member")
    phone_page.goto(reverse("visit-new") + "?q=zgy")
    phone_page.get_by_role("link", name="张桂英").first.click()
    address = phone_page.url
    with phone_page.expect_response("**/visits/new/draft/"):
        phone_page.get_by_label("听到什么").fill("还没写完的话")
    phone_page.context.close()

    sign_in(desk_page, "cast.member")
    desk_page.goto(address)

    assert desk_page.get_by_label("听到什么").input_value() == "还没写完的话"
