"""What every test may use: both databases, browser pages at two widths, a clean slate after transactions.

Databases. SQLite in a file (WAL, as in production) unless LIANXIN_DATABASE_URL names a PostgreSQL; `make test` does
both. Most tests take `db` and are rolled back. Tests with `transactional_db` or `live_server` commit, and are undone
thus: the database as the migrations left it is kept aside once, and laid back whole. Django's own flush would not do:
the ledger's triggers refuse DELETE (SQLite) and TRUNCATE (PostgreSQL), and rows that migrations laid would be lost.
SQLite is laid back page by page through its backup call, which open connections of a live server see as one
transaction; PostgreSQL is emptied and filled with triggers off (`session_replication_role`; the tests' role is a
superuser).

Browser. `phone_page` (360 px, touch) and `desk_page` (1440 px) are pages of one Chromium, each test with cookies of its
own; `open_page(width=…, scheme="dark")` gives any other. Tests that take one are marked `browser` and skipped where
Debian's chromium is missing.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import TransactionTestCase

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize
    from pytest_django.plugin import DjangoDbBlocker

    from tests.cast import Cast

PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1440, "height": 900}
CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
BROWSER_FIXTURES = frozenset({"chromium", "open_page", "phone_page", "desk_page"})
WAIT = 15_000  # ms: two workers and a browser share two cores


# A busy machine is no failure, and the same commit tests the same examples. To let the dice fall:
# pytest --hypothesis-profile=dice
hypothesis.settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile("dice", hypothesis.settings.get_profile("steady"), derandomize=False)


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--hypothesis-profile"):
        hypothesis.settings.load_profile("steady")
    os.environ.setdefault("DJANGO_LIVE_TEST_SERVER_ADDRESS", "127.0.0.1")
    # Argon2 takes 50 ms by design; the suite signs in hundreds of times.
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Most tests are of other things; those of the second factor and of limits switch them on.
    django_settings.SECOND_FACTOR = False
    django_settings.RATE_LIMITS = {}
    default = django_settings.DATABASES["default"]
    if "sqlite" in default["ENGINE"]:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        default.setdefault("TEST", {})["NAME"] = str(django_settings.HOME.path / f"test-{worker}.sqlite3")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if BROWSER_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


# ── databases ────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The migrated database, kept aside, and the way back to it in place of Django's flush."""
    with django_db_blocker.unblock():
        keep, lay_back = _WAYS_BACK[connection.vendor]
        keep()

    def fixture_teardown(self: TransactionTestCase) -> None:
        lay_back()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", fixture_teardown)
        yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            # A live server's threads may still hold theirs, and the database is to be dropped.
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def _kept_file() -> Path:
    return Path(f"{connection.settings_dict['NAME']}.kept")


def _keep_sqlite() -> None:
    _copy_pages(Path(connection.settings_dict["NAME"]), _kept_file())


def _lay_back_sqlite() -> None:
    connection.close()
    _copy_pages(_kept_file(), Path(connection.settings_dict["NAME"]))


def _copy_pages(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as old, sqlite3.connect(target, timeout=20) as new:
        old.backup(new)
    old.close()
    new.close()


def _keep_postgres() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA kept")
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT 1 FROM {name} LIMIT 1")
            if cursor.fetchone():
                cursor.execute(f"CREATE TABLE kept.{name} AS TABLE {name}")


def _lay_back_postgres() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'kept'")
        kept = [connection.ops.quote_name(name) for (name,) in cursor.fetchall()]
        every = [connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor)]
        steps = [
            "BEGIN",
            "SET LOCAL session_replication_role = replica",
            f"TRUNCATE {', '.join(every)}",
            *(f"INSERT INTO {name} OVERRIDING SYSTEM VALUE SELECT * FROM kept.{name}" for name in kept),
            "COMMIT",
        ]
        cursor.execute("; ".join(steps))


_WAYS_BACK: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
    "sqlite": (_keep_sqlite, _lay_back_sqlite),
    "postgresql": (_keep_postgres, _lay_back_postgres),
}


# ── browser ──────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium a test run (a worker): the system's own, driven by the driver that playwright brings."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no chromium here: apt install chromium fonts-noto-cjk")
    # Playwright keeps an event loop in this thread, and Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 — 200 ms that most runs of one test need not wait

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """`open_page(width=768, height=…, scheme="dark", touch=True)`: a page of its own with nobody signed in."""
    contexts: list[BrowserContext] = []

    def opened(*, width: int, height: int = 900, scheme: str = "light", touch: bool = False) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            has_touch=touch,
            is_mobile=touch,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        context.set_default_timeout(WAIT)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def phone_page(open_page: Callable[..., Page]) -> Page:
    return open_page(**PHONE, touch=True)


@pytest.fixture
def desk_page(open_page: Callable[..., Page]) -> Page:
    return open_page(**DESK)


# ── people ───────────────────────────────────────────────────────────────────


@pytest.fixture
def cast(db: None) -> Cast:
    """One small county with an account for each role; see tests/cast.py."""
    from tests.cast import lay_cast  # noqa: PLC0415 — models need Django set up first

    return lay_cast()
