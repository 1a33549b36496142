"""No serious finding of axe on any page that the county officer or a village member can open, on paper-wide and narrow
screens; and on three pages with larger words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.cast import LIANFENG, Cast
from tests.house.test_matrix import places
from tests.journeys.walking import findings

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)
NO_PAGES = ("sign-out",)  # leaving would end the walk


def let_in(context: BrowserContext, cast: Cast, who: str, url: str) -> None:
    """Signed in by cookie: the door itself is walked through in the journeys."""
    client = Client()
    client.force_login(cast.accounts[who])
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])


def pages_of(cast: Cast, who: str) -> list[str]:
    """Every path that answers this person's GET with a page."""
    client = Client()
    client.force_login(cast.accounts[who])
    found = []
    for (name, _), path in places(cast):
        if name in NO_PAGES:
            continue
        response = client.get(path)
        is_page = response.headers["Content-Type"].startswith("text/html") and "Content-Disposition" not in response
        if response.status_code == 200 and is_page:
            found.append(path)
        if response.streaming:
            b"".join(response.streaming_content)
    return found


def unroll(page: Page) -> None:
    """A screen as tall as the page: what is scrolled under the bar at the foot is not too small to touch."""
    tall = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": 360, "height": max(740, tall)})


@pytest.mark.parametrize("who", ["officer", "member"])
def test_no_serious_findings_on_any_page(
    cast: Cast, open_page: Callable[..., Page], live_server: LiveServer, who: str
) -> None:
    paths = pages_of(cast, who)
    page = open_page(width=1440, height=900)
    let_in(page.context, cast, who, live_server.url)
    wrong: list[str] = []

    for path in paths:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(path)
        wrong += [f"{path} at 1440: {each}" for each in findings(page)]
        page.set_viewport_size({"width": 360, "height": 740})
        unroll(page)
        wrong += [f"{path} at 360: {each}" for each in findings(page)]
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wrong += [f"{path} at 360: {wider} px wider than the screen"] if wider > 0 else []

    assert wrong == []
    assert len(paths) > 30


def test_larger_words_are_as_accessible(cast: Cast, open_page: Callable[..., Page], live_server: LiveServer) -> None:
    account = cast.accounts["member"]
    account.elder = True
    account.save()
    page = open_page(width=360, height=740, touch=True)
    let_in(page.context, cast, "member", live_server.url)
    wrong: list[str] = []

    for path in (
        reverse("home"),
        reverse("visits"),
        reverse("visit-record", args=["household", cast.households[LIANFENG][0]]),
    ):
        page.goto(path)
        assert "elder" in (page.locator("html").get_attribute("class") or "")
        unroll(page)
        wrong += [f"{path}: {each}" for each in findings(page)]

    assert wrong == []
