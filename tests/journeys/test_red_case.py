"""One red case from the 110 alarm to the last revisit: clerk, member, partner, officer, and a chair who is outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from lianxin.kinds.cases.models import Case
from tests.cast import LIANFENG, Cast
from tests.journeys.walking import findings, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


def as_(page: Page, who: str, path: str) -> None:
    """Somebody else sits down here."""
    page.context.clear_cookies()
    sign_in(page, f"cast.{who.replace('_', '-')}")
    page.goto(path)


def kept() -> Case:
    return Case.objects.unscoped("test").get()


def step(page: Page, act: str) -> None:
    page.goto(reverse("case-step", args=[kept().key, act]))


def pick(page: Page, name: str, value: str) -> None:
    """A choice, whether it is chips or a list to pull down."""
    if page.locator(f"select[name='{name}']").count():
        page.locator(f"select[name='{name}']").select_option(value)
    else:
        page.locator(f"input[name='{name}'][value='{value}']").check()


def save(page: Page) -> None:
    page.get_by_role("button", name="记下", exact=True).click()
    page.wait_for_url("**/cases/*/")


def test_a_red_case_from_the_alarm_to_the_last_revisit(cast: Cast, phone_page: Page, desk_page: Page) -> None:
    # The town's clerk takes the alarm in, and asks what the scheme would say.
    as_(desk_page, "clerk", reverse("case-new"))
    pick(desk_page, "is_asked", "yes")
    pick(desk_page, "never", "door")
    pick(desk_page, "programme", "violence")
    pick(desk_page, "matter", "violence")
    pick(desk_page, "source", "alarm-110")
    pick(desk_page, "region", LIANFENG)
    desk_page.get_by_label("用一句话写是什么事").fill("动了手，孩子在场")
    desk_page.get_by_label("她的原话").fill("他昨晚又动手了")
    assert findings(desk_page) == []
    desk_page.get_by_role("button", name="收下").click()
    desk_page.get_by_text("先定级，再按时限联系她").wait_for()
    step(desk_page, "triage")
    pick(desk_page, "factor.injury", "yes")
    desk_page.get_by_role("button", name="看看提议").click()
    assert "红色" in desk_page.locator("#proposal").inner_text()
    pick(desk_page, "colour", "red")
    desk_page.get_by_label("为什么定这一色").fill("手臂有伤")
    save(desk_page)
    assert findings(desk_page) == []
    step(desk_page, "seat")
    pick(desk_page, "account", cast.accounts["member"].pk)
    pick(desk_page, "role", "lead")
    save(desk_page)

    # The member sees it on her phone, and is kept from what the woman forbade.
    as_(phone_page, "member", reverse("cases"))
    phone_page.get_by_role("link", name="动了手，孩子在场").click()
    phone_page.get_by_role("link", name="联系", exact=True).click()
    assert phone_page.locator("input[name=mode][value=door]").count() == 0
    pick(phone_page, "mode", "office")
    pick(phone_page, "is_met", "yes")
    phone_page.get_by_label("她说了什么").fill("愿意让法院知道")
    save(phone_page)
    assert phone_page.get_by_role("link", name="调解", exact=True).count() == 0
    assert findings(phone_page) == []

    # Another body is asked, and answers knowing nothing else.
    step(desk_page, "refer")
    pick(desk_page, "organisation", cast.actor("partner").organisation)
    desk_page.get_by_label("哪天以前").fill("2030-01-01")
    desk_page.get_by_label("请对方做什么").fill("请陪着申请保护令")
    save(desk_page)
    as_(desk_page, "partner", reverse("referred"))
    assert "动了手" not in desk_page.content()
    desk_page.get_by_role("link", name="请陪着申请保护令").click()
    pick(desk_page, "answer", "done")
    desk_page.get_by_label("办得怎样").fill("一起去了法院")
    desk_page.get_by_role("button", name="答复").click()
    desk_page.get_by_text("答复过去了").wait_for()

    # The chair of the same village does not know that it exists.
    as_(desk_page, "chair", reverse("cases"))
    assert "动了手" not in desk_page.content()
    assert desk_page.goto(reverse("case", args=[kept().key])).status == 404  # type: ignore[union-attr]

    # Red is not closed directly: lowered by a second person, closed by a third.
    phone_page.goto(reverse("case", args=[kept().key]))
    assert phone_page.get_by_role("link", name="请求结案").count() == 0
    step(phone_page, "lower-ask")
    pick(phone_page, "colour", "yellow")
    phone_page.get_by_label("为什么可以降").fill("三个月没有再动手")
    save(phone_page)
    as_(desk_page, "officer", reverse("case-step", args=[kept().key, "lower"]))
    desk_page.get_by_label("为什么同意").fill("派出所也这样看")
    save(desk_page)
    step(phone_page, "close-ask")
    pick(phone_page, "outcome", "safe")
    phone_page.get_by_label("怎么办成的").fill("搬出去住了，孩子转了学")
    save(phone_page)
    as_(desk_page, "clerk", reverse("case-step", args=[kept().key, "close"]))
    desk_page.get_by_label("审看的意见").fill("看过材料")
    save(desk_page)

    # Twice more, and it is put away.
    for _ in range(2):
        step(phone_page, "revisit")
        pick(phone_page, "mode", "call")
        phone_page.get_by_label("看到的，听到的").fill("晚上能睡着了")
        save(phone_page)
    assert "已归档" in phone_page.content()
    assert kept().reviewer == cast.accounts["clerk"].pk
