"""Logs carry ids only: whatever is opened, sent, refused or broken, no name, number or word of anybody is in a line."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.attacks.forms import browser, every_form, filled, pages, sent
from tests.cast import Cast
from tests.house.standing import NAMES, TREES

pytestmark = pytest.mark.django_db
TYPED = "密语甲乙丙丁"
PHONE, NUMBER = "13805732764", "11010519491231002X"


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("{name} {message}", style="{"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def kept() -> Iterator[Kept]:
    """Every line that a server of ours would write."""
    handler, root = Kept(), logging.getLogger()
    root.addHandler(handler)
    named = [logging.getLogger(name) for name in settings.LOGGING["loggers"]]
    for logger in named:
        logger.addHandler(handler)
    yield handler
    for logger in (root, *named):
        logger.removeHandler(handler)


def test_no_line_names_anybody_or_repeats_what_was_typed(cast: Cast, kept: Kept) -> None:
    clients: dict[str, Client] = {}
    at = pages(cast)
    for path, who in at:
        client = clients.setdefault(who, browser(cast, who))
        client.get(path)
        client.get(path + ("&" if "?" in path else "?") + f"q={TYPED}{PHONE}&because={NUMBER}")
    for form in every_form(cast, at):
        client = clients.setdefault(form.who, browser(cast, form.who))
        sent(client, form, filled(form, lambda _: [f"{TYPED}{PHONE}"]))
    stranger = Client(raise_request_exception=False)
    stranger.post(reverse("sign-in"), {"username": TYPED, "password": PHONE})
    stranger.get("/nowhere/", {"q": TYPED})
    browser(cast, "partner").get(reverse("households"), {"q": TYPED})

    words = {TYPED, PHONE, NUMBER, *TREES.values(), *(name for names in NAMES.values() for name in names)}
    wrong = [line[:200] for line in kept.lines if any(word in line for word in words)]

    assert any("refused status=" in line for line in kept.lines), "nothing was listened to"
    assert wrong == []
