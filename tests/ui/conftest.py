"""The specimen for tests: settings over the house's, a client without a database, a server for the browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from .serving import served
from .specimen_settings import specimen_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture
def specimen(settings: Any) -> Any:
    """Django's settings, changed to the specimen's for this test."""
    for name, value in specimen_settings(settings).items():
        setattr(settings, name, value)
    return settings


@pytest.fixture
def visitor(specimen: Any) -> Client:
    """A client of the specimen; `?stranger` makes it a stranger."""
    return Client(raise_request_exception=False)


@pytest.fixture
def root(specimen: Any) -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def view(chromium: Browser, root: str) -> Iterator[Callable[..., Page]]:
    """`view("visits", width=360, look="theme=dark")`: a page; any error in its console fails the test."""
    opened: list[Page] = []
    errors: list[str] = []

    def open_view(path: str, *, width: int = 1440, look: str = "theme=light", script: bool = True) -> Page:
        context = chromium.new_context(
            base_url=root,
            viewport={"width": width, "height": 800},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            java_script_enabled=script,
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(f"/{path}{'&' if '?' in path else '?'}{look}")
        opened.append(page)
        return page

    yield open_view
    for page in opened:
        page.context.close()
    # A refused page and a lost network are asked for by some tests; anything else (CSP above all) is a mistake.
    expected = ("status of 4", "status of 500", "net::ERR_INTERNET_DISCONNECTED", "htmx:")
    assert [each for each in errors if not any(part in each for part in expected)] == []
