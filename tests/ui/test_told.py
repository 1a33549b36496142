"""Notices wait in the browser: sealed, for the one they were said to, without a write to the database."""

from __future__ import annotations

import base64

import pytest
from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.base.ids import new_id
from lianxin.net.models import Account
from lianxin.ui.told import SealedCookie
from tests.cast import LIANFENG, Cast

pytestmark = pytest.mark.django_db
SENTENCE = "陆小妹登进这一户了。"


def asked(by: Account, cookie: str = "") -> SealedCookie:
    request = HttpRequest()
    request.user = by
    request.COOKIES = {"messages": cookie} if cookie else {}
    return SealedCookie(request)


def said(by: Account, sentence: str = SENTENCE) -> str:
    storage, response = asked(by), HttpResponse()
    storage.add(messages.SUCCESS, sentence, extra_tags="/undo/")
    storage.update(response)
    return response.cookies["messages"].value


def test_a_notice_comes_back_whole_and_cannot_be_read_on_the_way(cast: Cast) -> None:
    cookie = said(cast.accounts["member"])

    assert [(each.message, each.extra_tags) for each in asked(cast.accounts["member"], cookie)] == [
        (SENTENCE, "/undo/")
    ]
    assert SENTENCE.encode() not in base64.urlsafe_b64decode(cookie)
    assert "小妹" not in cookie.encode().decode("unicode_escape")


@pytest.mark.parametrize("spoil", [lambda text: text[:-6] + "AAAAAA", lambda _: "!", lambda text: text[4:]])
def test_a_spoilt_cookie_says_nothing(cast: Cast, spoil: object) -> None:
    cookie = spoil(said(cast.accounts["member"]))  # type: ignore[operator]

    assert list(asked(cast.accounts["member"], cookie)) == []


def test_whoever_signs_in_next_at_the_same_browser_is_not_told(cast: Cast) -> None:
    assert list(asked(cast.accounts["clerk"], said(cast.accounts["member"]))) == []


def test_what_is_too_long_for_a_cookie_gives_way_to_the_newest(cast: Cast) -> None:
    storage, response = asked(cast.accounts["member"]), HttpResponse()
    for number in range(60):
        storage.add(messages.SUCCESS, f"第 {number} 句，{SENTENCE * 3}")
    storage.update(response)

    kept = [str(each.message) for each in asked(cast.accounts["member"], response.cookies["messages"].value)]
    assert kept
    assert kept[-1].startswith("第 59 句")


def test_recording_a_visit_writes_no_session(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.accounts["member"])
    typed = {"id": new_id(), "day": "2021-12-20", "mode": "door", "why": "four-musts/hardship", "people": "1"}

    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        url = reverse("visit-record", args=["household", cast.households[LIANFENG][0]])
        kept = client.post(url, typed | {"heard": "浴室没扶手"})
        page = client.get(kept.headers["Location"])

    assert "走访已保存" in page.content.decode()
    assert not [query["sql"] for query in asked_for if "UPDATE" in query["sql"] and "django_session" in query["sql"]]
