"""How the database is reached: the embedded SQLite of the home, or the PostgreSQL that an address names."""

from __future__ import annotations

from typing import Any, cast

import dj_database_url

from lianxin.base.errors import Refused

_SQLITE = {
    "transaction_mode": "IMMEDIATE",  # a writer waits at BEGIN instead of failing at its first write
    "timeout": 20,
    # NORMAL: the backend forces each commit to the disk itself. A log of 64 MB: whoever fills it folds it into the
    # database while the others wait, which is every 250th visit instead of every 15th.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=16384; "
        "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;"
    ),
}

# Pages ask much and briefly: compiling a statement, or starting workers for it, takes a hundred times as long as
# answering it (a county's rare word 130 ms instead of 1).
_POSTGRES = "-c jit=off -c max_parallel_workers_per_gather=0"


def database_settings(address: str) -> dict[str, Any]:
    """Django's settings for `sqlite:///…` or `postgresql://…`; Refused for anything else."""
    try:
        parsed = dj_database_url.parse(address, conn_max_age=600, conn_health_checks=True)
    except ValueError as error:  # an unknown scheme, a port that is no number
        raise Refused(_mend()) from error
    settings = cast("dict[str, Any]", parsed)
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        return settings | {"ENGINE": "lianxin.project.sqlite", "OPTIONS": _SQLITE, "CONN_HEALTH_CHECKS": False}
    if settings["ENGINE"] == "django.db.backends.postgresql":
        asked = settings.get("OPTIONS", {})
        together = " ".join(filter(None, (_POSTGRES, asked.get("options", ""))))  # the address may say more
        return settings | {"OPTIONS": asked | {"options": together}}
    raise Refused(_mend())


def _mend() -> str:
    # The address may hold a password, so it is not repeated.
    return "LIANXIN_DATABASE_URL 写得不对，应像 postgresql://用户:口令@主机:5432/库名；不设则用自带的数据库。"
