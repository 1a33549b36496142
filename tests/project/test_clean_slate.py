"""The suite's own ground: what one test commits is gone in the next, on both databases; pages open at their widths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from lianxin.net.models import Region


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_what_a_test_commits_is_gone_in_the_next(turn: int) -> None:
    assert Region.objects.count() == 0
    assert ContentType.objects.exists()  # laid by the migrations, and still there

    Region.objects.create(code="33", name="浙江省", level=1)

    assert Region.objects.count() == 1


@pytest.mark.parametrize("turn", [1, 2])
def test_a_live_server_starts_from_a_clean_slate(turn: int, live_server: Any) -> None:
    assert Region.objects.count() == 0

    Region.objects.create(code="33", name="浙江省", level=1)


@pytest.mark.django_db
def test_the_embedded_database_of_the_tests_is_a_file_with_a_write_ahead_log() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL")

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1440, "dark")])
def test_a_page_has_the_width_and_the_colours_that_were_asked_for(
    open_page: Callable[..., Any], width: int, scheme: str
) -> None:
    page = open_page(width=width, scheme=scheme)
    page.goto("/static/django_htmx/htmx.min.js")

    assert page.evaluate("innerWidth") == width
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is (scheme == "dark")
