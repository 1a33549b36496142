"""What every answer tells the browser, and what changes behind HTTPS."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.project.headers import HEADERS
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/sign-in/", "/", "/nowhere/", "/health/", "/static/lianxin/ground.css"])
def test_every_answer_carries_them(cast: Cast, path: str) -> None:
    client = Client()
    client.force_login(cast.accounts["officer"])

    headers = client.get(path).headers

    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in headers


def test_a_page_behind_the_door_is_kept_on_no_disk(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.accounts["officer"])

    assert "no-store" in client.get(reverse("home"))["Cache-Control"]
    assert "no-store" in client.get(reverse("visits-export"))["Cache-Control"]


def test_a_strange_host_is_refused(cast: Cast, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["lianxin.example"]
    client = Client()

    assert client.get("/sign-in/", headers={"host": "lianxin.example"}).status_code == 200
    for host in ("evil.example", "lianxin.example.evil.example", "lianxin.example@evil.example", "127.0.0.1"):
        answer = client.get("/sign-in/", headers={"host": host})
        assert answer.status_code == 400
        assert b"evil" not in answer.content
    forwarded = client.get("/sign-in/", headers={"host": "lianxin.example", "x-forwarded-host": "evil.example"})
    assert b"evil" not in forwarded.content


def test_behind_https_cookies_are_bound_to_the_host_and_browsers_remember(tmp_path: Path) -> None:
    asked = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
        "s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_HTTPONLY, "
        "s.SESSION_COOKIE_SAMESITE)"
    )
    home = {"LIANXIN_HOME": str(tmp_path), "LIANXIN_HTTPS": "1", "DJANGO_SETTINGS_MODULE": "lianxin.project.settings"}
    said = subprocess.run(
        [sys.executable, "-c", asked], env=os.environ | home, capture_output=True, text=True, check=True
    )

    assert said.stdout.split() == ["True", "True", "31536000", "__Host-lianxin", "__Host-csrftoken", "True", "Lax"]
