"""A browser that walks through the house asks nobody else for anything, and its console has nothing to complain of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from tests.cast import LIANFENG, PASSWORD, lay_cast

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_no_page_asks_another_machine(transactional_db: None, open_page: Callable[..., Page], live_server: Any) -> None:
    cast = lay_cast()
    household = cast.households[LIANFENG][0]
    page = open_page(width=1440)
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)

    page.goto(reverse("sign-in"))
    page.fill("[name=username]", "cast.chair")
    page.fill("[name=password]", PASSWORD)
    page.click("main button.btn")
    page.wait_for_url("**/")
    for address in (
        reverse("visits"),
        reverse("households") + "?q=zgy",
        reverse("household", args=[household]),
        reverse("visit-record", args=["household", household]),
        reverse("overview"),
        reverse("second-factor"),
        reverse("me"),
    ):
        page.goto(address)

    assert len(asked) > 20
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
    assert said == [], "a policy refused something of our own, or a script broke"
