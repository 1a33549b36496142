"""Searching and taking out are slowed down: by account, by address for strangers, apart from one another."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from lianxin.net import limits
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _limits(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(limits, "now", lambda: NOW)  # a slow machine takes more than a minute for four pages
    settings.RATE_LIMITS = {"search": (3, 60), "export": (2, 600)}


def client(cast: Cast, who: str) -> Client:
    made = Client()
    made.force_login(cast.accounts[who])
    return made


def statuses(browser: Client, path: str, times: int) -> list[int]:
    return [browser.get(path).status_code for _ in range(times)]


def test_the_fourth_search_of_a_minute_waits_and_other_pages_do_not(cast: Cast) -> None:
    chair = client(cast, "chair")
    path = reverse("households") + "?q=zgy"

    assert statuses(chair, path, 3) == [200, 200, 200]
    refused = chair.get(path)
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert "先停一停" in refused.content.decode()
    assert chair.get(reverse("households")).status_code == 200
    assert client(cast, "chair").get(path).status_code == 429, "another browser of hers is still she"
    assert client(cast, "clerk").get(path).status_code == 200, "a colleague behind the same address is not"


def test_a_search_that_is_answered_with_a_fragment_says_so_too(cast: Cast) -> None:
    chair = client(cast, "chair")
    statuses(chair, reverse("households") + "?q=a", 3)

    answer = chair.get(reverse("households") + "?q=a", headers={"HX-Request": "true", "HX-Target": "list"})

    assert (answer.status_code, answer["HX-Retarget"]) == (429, "#messages")


def test_lists_are_taken_out_so_often_and_no_oftener(cast: Cast) -> None:
    chair = client(cast, "chair")

    assert statuses(chair, reverse("visits-export"), 3) == [200, 200, 429]
    assert chair.get(reverse("households-export")).status_code == 429, "another list is the same hunger"
    assert chair.get(reverse("households") + "?q=a").status_code == 200


def test_strangers_are_counted_by_address(cast: Cast) -> None:
    path = reverse("sign-in") + "?q=x"

    assert statuses(Client(REMOTE_ADDR="10.0.0.1"), path, 4) == [200, 200, 200, 429]
    assert Client(REMOTE_ADDR="10.0.0.2").get(path).status_code == 200
