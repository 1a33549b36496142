"""Photographs the specimen: `python -m tests.ui.look FOLDER [page, look or width …]`. Then look at every picture."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WIDTHS = ("360", "768", "1440")
LOOKS = {"light": "theme=light", "dark": "theme=dark", "elder": "theme=light&elder=1"}
PAGES = ("components", "", "visits", "record", "visit", "figure", "report", "help", "user", "sign-in", "lost", "paper")
SLICE = 1500  # px: a picture longer than this is cut, or one cannot see anything in it
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --lang=zh-CN"
)


def furnish() -> None:
    """Django with nothing but the ui: other rooms may be half built."""
    os.environ.setdefault("LIANXIN_HOME", tempfile.mkdtemp(prefix="lianxin-look-"))
    os.environ["PYTEST_VERSION"] = "look"  # plain static files, as in tests

    import django  # noqa: PLC0415 — settings are made here
    from django.conf import settings  # noqa: PLC0415

    from lianxin.project import settings as house  # noqa: PLC0415 — reads the environment set above

    from .specimen_settings import APPS, specimen_settings  # noqa: PLC0415

    values = {name: getattr(house, name) for name in dir(house) if name.isupper()}
    own = {"INSTALLED_APPS": APPS, "AUTH_USER_MODEL": "auth.User"}
    settings.configure(**{**values, **specimen_settings(house), **own})
    django.setup()


def photograph(browser: Browser, address: str, folder: Path, name: str, *, width: int) -> None:
    view = browser.new_page(viewport={"width": width, "height": 800}, locale="zh-CN")
    view.on("console", lambda message: print(name, message.text) if message.type == "error" else None)  # noqa: T201
    view.goto(address)
    # As tall as the page, so that what sticks to the bottom rests there.
    tall = max(view.evaluate("document.documentElement.scrollHeight"), 640)
    view.set_viewport_size({"width": width, "height": tall})
    for nth, top in enumerate(range(0, tall, SLICE)):
        height = min(SLICE, tall - top)
        view.screenshot(
            path=folder / f"{name}-{width}-{nth}.png", clip={"x": 0, "y": top, "width": width, "height": height}
        )
    view.close()


def main(folder: Path, wanted: list[str]) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    from .serving import served  # noqa: PLC0415 — needs the settings

    def chosen(choices: tuple[str, ...]) -> list[str]:
        return [each for each in choices if (each or "home") in wanted] or list(choices)

    folder.mkdir(parents=True, exist_ok=True)
    with served() as root, sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS.split())
        for page in chosen(PAGES):
            for look in chosen(tuple(LOOKS)):
                for width in chosen(WIDTHS):
                    address = f"{root}/{page}?told&{LOOKS[look]}"
                    photograph(browser, address, folder, f"{page or 'home'}-{look}", width=int(width))
        browser.close()


if __name__ == "__main__":
    furnish()
    main(Path(sys.argv[1]), sys.argv[2:])
