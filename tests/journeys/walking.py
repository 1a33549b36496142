"""Walking through the house in a browser: signing in, counting taps, reading a number off a page, asking axe."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from tests.cast import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

RUN_AXE = "axe.run({resultTypes: ['violations'], runOnly: {type: 'tag', values: TAGS}})".replace(
    "TAGS", "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']"
)


def sign_in(page: Page, username: str) -> None:
    page.goto(reverse("sign-in"))
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/")


@dataclass
class Thumb:
    """Somebody's thumb on a phone: every tap counts, and so does every key she presses."""

    page: Page
    taps: int = 0

    def tap(self, there: Locator) -> None:
        there.tap()
        self.taps += 1

    def type(self, letters: str) -> None:
        for letter in letters:
            self.page.keyboard.press(letter)
            self.taps += 1


def number_on(page: Page, url: str) -> int:
    """The large number of a figure's page; nought where there is none yet."""
    page.goto(url)
    text = page.locator(".num").first.inner_text()
    return int(re.sub(r"\D", "", text) or 0)


def findings(page: Page) -> list[str]:
    """What axe finds serious or critical on the page as it stands. The script is put in once a page."""
    if not page.evaluate("'axe' in window"):
        from axe_playwright_python.base import AXE_SCRIPT  # noqa: PLC0415 — half a megabyte that most runs need not read

        page.evaluate(AXE_SCRIPT)
    report: dict[str, Any] = page.evaluate(RUN_AXE)
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in report["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
