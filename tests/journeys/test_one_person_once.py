"""A duplicate in the browser: asked about while saving, found on the work list, merged, counted once, taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from lianxin.base.days import now, today
from lianxin.register.actions import register_household
from lianxin.register.drafts import HouseholdDraft, MemberDraft
from lianxin.register.models import Person
from tests.cast import COUNTY, LIANFENG, Cast
from tests.journeys.walking import findings, number_on, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
ALL = "the test looks at every row"


def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def give(cast: Cast, person: str) -> None:
    giving = {"what": "money", "name": "慰问金", "amount": "500.00"}
    cast.visit(
        "officer", at=now(), day=today().isoformat(), subject_type="person", subject=person,
        purposes=[{"programme": "paired-help"}], givings=[giving],
    )  # fmt: skip


def test_a_duplicate_is_found_merged_and_taken_apart(cast: Cast, phone_page: Page, desk_page: Page) -> None:
    sign_in(phone_page, "cast.member")
    phone_page.goto(reverse("household-new"))
    phone_page.get_by_label("户主姓名").fill("章桂英")
    phone_page.get_by_label("出生日期").fill("1953-05-01")
    phone_page.get_by_label("门牌").fill("9组9号")
    phone_page.get_by_role("button", name="保存").click()

    # Somebody alike is shown; what was typed is still there; she says it is somebody else, which it is not.
    phone_page.get_by_text("姓名同音、生日相同").wait_for()
    assert phone_page.get_by_label("门牌").input_value() == "9组9号"
    assert (findings(phone_page), fits(phone_page)) == ([], True)
    assert not Person.objects.unscoped(ALL).filter(name="章桂英").exists()
    phone_page.get_by_label("看过了，不是同一个人").check()
    phone_page.get_by_role("button", name="保存").click()
    phone_page.get_by_text("这一户登进册子了").wait_for()

    zhang, twin = (Person.objects.unscoped(ALL).get(name=name).id for name in ("张桂英", "章桂英"))
    for person in (zhang, twin):
        give(cast, person)
    sign_in(desk_page, "cast.officer")
    figure = f"{reverse('figure', args=['givings.persons'])}?region={COUNTY}&period={today().year}"
    assert number_on(desk_page, figure) == 2

    # The county finds who sounds alike, looks at both, and merges them.
    desk_page.goto(reverse("person", args=[zhang]))
    desk_page.get_by_role("link", name="合并重复").click()
    desk_page.get_by_role("link", name="章桂英").click()
    assert (findings(desk_page), fits(desk_page)) == ([], True)
    desk_page.get_by_label("怎么知道是同一个人").fill("核对过身份证")
    desk_page.get_by_role("button", name="是同一个人，合并").click()
    desk_page.get_by_text("两条并成一条了").wait_for()
    assert (findings(desk_page), fits(desk_page)) == ([], True)
    assert number_on(desk_page, figure) == 1

    # The old key still leads to her, on a phone as well; and the two are taken apart.
    phone_page.goto(reverse("person", args=[twin]))
    assert phone_page.url.endswith(reverse("person", args=[zhang]))
    assert (findings(phone_page), fits(phone_page)) == ([], True)
    phone_page.get_by_role("link", name="拆开").click()
    phone_page.get_by_label("为什么拆开").fill("问过本人，是两个人")
    phone_page.get_by_role("button", name="拆开").click()
    phone_page.get_by_text("各是各的").wait_for()
    assert number_on(desk_page, figure) == 2


def test_the_work_list_on_a_phone_and_on_a_desk(cast: Cast, phone_page: Page, desk_page: Page) -> None:
    for name in ("章桂英", "张贵英"):
        member = MemberDraft(name=name, relation="head", birth="1953-5-1")
        register_household(cast.actor("member"), HouseholdDraft(region=LIANFENG, members=(member,)), at=now())
    sign_in(desk_page, "cast.officer")
    desk_page.goto(reverse("doubles"))
    desk_page.get_by_role("button", name="全县再查一遍").click()
    desk_page.get_by_text("还有 3 对等着看").wait_for()
    assert (findings(desk_page), fits(desk_page)) == ([], True)

    sign_in(phone_page, "cast.member")
    phone_page.goto(reverse("doubles"))
    assert (findings(phone_page), fits(phone_page)) == ([], True)
    phone_page.get_by_role("link", name="不是同一个人").first.click()
    phone_page.get_by_label("怎么知道的").fill("打电话问过")
    phone_page.get_by_role("button", name="是两个人").click()
    phone_page.get_by_text("2 对等着看").wait_for()
