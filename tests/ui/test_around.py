"""What stands around a page: rooms she may enter, tabs that fit a thumb, the look; and pages that say no."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from lianxin.access.actor import Actor, Grant
from lianxin.access.verbs import Verb
from lianxin.ui.appearance import Appearance, appearance_of, remember_appearance
from lianxin.ui.around import around
from lianxin.ui.refusals import server_error


def tabs(page: str) -> list[str]:
    nav = page.split('class="tabs"')[1].split("</nav>")[0]
    return re.findall(r"</svg>(?:</b>)?([^<]+)</a>", nav)


def test_she_sees_the_rooms_she_may_enter(visitor: Client) -> None:
    page = visitor.get("/visits").content.decode()
    rooms = page.split('class="rooms"')[1].split("</nav>")[0]

    assert re.findall(r">([^<>\s]+)</a>", rooms) == ["今天", "走访", "人家", "数字", "报告"]  # 用户 needs another verb
    assert re.findall(r'aria-current="page">([^<]+)', rooms) == ["走访"]


def test_five_targets_fit_a_thumb_with_the_main_act_in_the_middle(visitor: Client) -> None:
    assert tabs(visitor.get("/visits").content.decode()) == ["今天", "走访", "记走访", "数字", "我的"]


def test_more_rooms_than_fit_stay_out_of_the_tabs(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from . import specimen  # noqa: PLC0415 — the fixture's settings come first

    rooms = tuple(dataclasses.replace(each, on_phone=True) for each in specimen.ROOMS)
    monkeypatch.setattr(specimen, "ROOMS", rooms)

    assert tabs(visitor.get("/visits").content.decode()) == ["今天", "走访", "记走访", "人家", "我的"]


def test_who_may_not_record_has_no_main_act(specimen: Any) -> None:
    request = RequestFactory().get("/")
    verbs = frozenset({Verb.FIGURE_READ, Verb.OWN_ACCOUNT})
    request.actor = Actor(account="01H", name="领导", grants=(Grant("leader", verbs, "330402"),))  # type: ignore[attr-defined]

    page = around(request)

    assert page.act is None
    assert [each.name for each in page.doors] == ["今天", "数字"]
    assert [each.name for each in (*page.tabs_before, *page.tabs_after)] == ["今天", "数字", "我的"]


def test_a_stranger_sees_no_rooms(visitor: Client) -> None:
    page = visitor.get("/sign-in?stranger").content.decode()

    assert 'class="rooms"' not in page
    assert 'class="tabs"' not in page


def test_without_a_house_pages_still_stand(visitor: Client, specimen: Any) -> None:
    del specimen.HOUSE

    assert visitor.get("/visits").status_code == 200


@pytest.mark.parametrize(
    ("look", "classes"),
    [
        (Appearance(), ""),
        (Appearance("dark"), "dark"),
        (Appearance("light", elder=True), "light elder"),
        (Appearance("auto", elder=True), "elder"),
    ],
)
def test_the_look_is_a_class_of_the_page(look: Appearance, classes: str) -> None:
    assert look.classes == classes


def test_the_cookie_brings_the_look_back(specimen: Any) -> None:
    response = HttpResponse()
    remember_appearance(response, Appearance("dark", elder=True))
    request = RequestFactory().get("/")
    request.COOKIES["look"] = response.cookies["look"].value

    assert appearance_of(request) == Appearance("dark", elder=True)
    assert response.cookies["look"]["samesite"] == "Lax"
    assert response.cookies["look"]["httponly"]


@pytest.mark.parametrize("cookie", ["", "pink.", "dark", '"><script>.elder', "."])
def test_a_strange_cookie_is_no_error(cookie: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["look"] = cookie

    assert appearance_of(request).theme in ("auto", "dark")


def test_a_stranger_may_choose_larger_words(visitor: Client) -> None:
    response = visitor.post("/appearance?stranger", {"elder": "yes", "next": "/sign-in"})

    assert (response.status_code, response["Location"]) == (302, "/sign-in")
    assert 'class="elder"' in visitor.get("/sign-in?stranger").content.decode()


def test_choosing_one_thing_keeps_the_other(visitor: Client) -> None:
    visitor.post("/appearance?stranger", {"elder": "yes"})
    visitor.post("/appearance?stranger", {"theme": "dark"})

    assert 'class="dark elder"' in visitor.get("/sign-in?stranger").content.decode()


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_choosing_leads_nowhere_else(visitor: Client, back: str) -> None:
    assert visitor.post("/appearance", {"theme": "dark", "next": back})["Location"] == "/"


def test_looking_at_it_changes_nothing(visitor: Client) -> None:
    assert visitor.get("/appearance").status_code == 405


def test_what_happened_is_said_once_with_a_way_back(visitor: Client) -> None:
    page = visitor.get("/visits?told").content.decode()

    assert "张桂英这次走访已保存，4 张表自动有数。" in page
    assert 'action="/record"' in page
    assert "撤销" in page
    assert "张桂英这次走访已保存" not in visitor.get("/visits").content.decode()


def test_an_unknown_address_says_what_to_do(visitor: Client) -> None:
    response = visitor.get("/nowhere")

    assert response.status_code == 404
    assert "没有这个页面" in response.content.decode()
    assert "回到首页" in response.content.decode()


def test_a_stale_form_says_what_to_do(specimen: Any) -> None:
    strict = Client(enforce_csrf_checks=True)

    response = strict.post("/record", {"heard": "x"})

    assert response.status_code == 403
    assert "这一页放得太久" in response.content.decode()
    assert 'href="/record"' in response.content.decode()


def test_a_broken_page_says_it_is_not_her_fault(visitor: Client) -> None:
    response = visitor.get("/broken")

    assert response.status_code == 500
    assert "不是您的错" in response.content.decode()
    assert "on purpose" not in response.content.decode()


def test_the_page_of_a_breakdown_asks_for_nothing(settings: Any) -> None:
    settings.HOUSE = "no.such.house"
    settings.ROOT_URLCONF = "no.such.urls"

    assert server_error(RequestFactory().get("/")).status_code == 500
