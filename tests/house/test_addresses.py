"""Laws of the addresses: no page without a verb, none open that does not say why, one strict policy on each."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from lianxin.access.verbs import Verb
from lianxin.ui.screen import OPEN_DOORS, Screen
from tests.cast import Cast
from tests.house.addresses import addresses


def test_every_address_is_a_screen_with_a_verb_or_an_open_door() -> None:
    bare = [
        address.name
        for address in addresses()
        if not (isinstance(address.view, type) and issubclass(address.view, Screen) and _asks(address.view))
        and getattr(address.view, "open_door", "") not in OPEN_DOORS
    ]

    assert bare == []


def _asks(view: Any) -> bool:
    return isinstance(getattr(view, "needs", None), Verb) or view.open_door in OPEN_DOORS


def test_every_open_door_stands_where_it_says_and_only_there() -> None:
    open_doors = [address.name for address in addresses() if getattr(address.view, "open_door", "")]

    assert sorted(open_doors) == sorted(OPEN_DOORS)
    for address in addresses():
        if door := getattr(address.view, "open_door", ""):
            assert door == address.name


def test_names_of_addresses_are_told_apart() -> None:
    twice = [name for name, times in Counter(address.name for address in addresses()).items() if times > 1 or not name]

    assert twice == []


def test_signing_in_is_asked_for_by_default() -> None:
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE


def test_no_form_is_exempt_from_the_token() -> None:
    assert [address.name for address in addresses() if getattr(address.view, "csrf_exempt", False)] == []


@pytest.mark.django_db
def test_every_page_carries_a_policy_without_holes(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.accounts["officer"])
    wrong: dict[str, str] = {}
    for address in addresses():
        url = reverse(address.name) if not address.has_arguments else reverse("home") + "nowhere/" + address.name
        response = client.get(url)
        policy = response.headers.get("Content-Security-Policy", "")
        if (
            "default-src 'none'" not in policy
            or "script-src 'self'" not in policy
            or "unsafe" in policy
            or "http:" in policy
            or "*" in policy
        ):
            wrong[address.name] = policy or "none"
        for header, value in (("X-Frame-Options", "DENY"), ("X-Content-Type-Options", "nosniff")):
            if response.headers.get(header) != value:
                wrong[address.name] = f"{header}: {response.headers.get(header)}"

    assert wrong == {}


@pytest.mark.django_db
def test_a_page_about_people_stays_in_nobodys_cache(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.accounts["member"])

    for url in (
        reverse("home"),
        reverse("visits"),
        reverse("household", args=[next(iter(cast.households.values()))[0]]),
    ):
        assert "private" in client.get(url).headers["Cache-Control"]
