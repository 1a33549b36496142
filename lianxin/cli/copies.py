"""A copy of the running database as one file, and such a file laid back whole; on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection

from lianxin.base.errors import Refused

COPY = "database/copy"  # its name in an archive


def engine() -> str:
    """“sqlite” or “postgresql”."""
    return connection.vendor


def copy_database(target: Path) -> None:
    """A consistent copy while others go on writing."""
    if engine() == "sqlite":
        with (
            closing(sqlite3.connect(settings.DATABASES["default"]["NAME"])) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            live.backup(copy)
            # The copy is one file, without the log beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
    else:
        _postgres_program("pg_dump", "--no-owner", "--no-privileges", "--file", str(target))


def require_sound(copy: Path) -> None:
    """Refused when the copy is not a database that can be opened; PostgreSQL tells only while it is laid back."""
    if engine() != "sqlite":
        return
    try:
        with closing(sqlite3.connect(copy)) as database:
            verdict = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise Refused("备份里的数据库已损坏，没有恢复任何东西；请换一份备份。") from error
    if verdict != ("ok",):
        raise Refused("备份里的数据库已损坏，没有恢复任何东西；请换一份备份。")


def lay_back(copy: Path, aside: Path) -> None:
    """Put the copy in the database's place, all or nothing. An embedded database that stood there moves to `aside`."""
    had_tables = bool(connection.introspection.table_names())
    connection.close()
    if engine() == "sqlite":
        _change_files(copy, Path(settings.DATABASES["default"]["NAME"]), aside if had_tables else None)
    else:
        # One transaction: on any error PostgreSQL keeps what it had.
        empty = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
        quiet = ("--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output", os.devnull)
        _postgres_program("psql", *quiet, "--single-transaction", "--command", empty, "--file", str(copy))


def _change_files(copy: Path, database: Path, aside: Path | None) -> None:
    with closing(sqlite3.connect(database)) as old:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if aside is not None:
        aside.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A link and not a move: until the copy is there, the old database still is.
        os.link(database, aside / database.name)
    for beside in ("-wal", "-shm"):
        database.with_name(database.name + beside).unlink(missing_ok=True)
    copy.replace(database)


def _postgres_program(name: str, *options: str) -> None:
    program = shutil.which(name)
    if program is None:
        raise Refused(f"这台机器上没有 {name}，请先运行：apt install postgresql-client")
    told = settings.DATABASES["default"]
    environment = {
        "PGHOST": told.get("HOST"),
        "PGPORT": str(told.get("PORT") or ""),
        "PGUSER": told.get("USER"),
        "PGPASSWORD": told.get("PASSWORD"),  # not on the command line, where other users could read it
        "PGDATABASE": told["NAME"],
        "PGSSLMODE": told.get("OPTIONS", {}).get("sslmode"),
    }
    done = subprocess.run(  # noqa: S603 — the program's own path, options of our own
        [program, *options],
        env=os.environ | {name: value for name, value in environment.items() if value},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["没有说明原因"])[-1]
        raise Refused(f"{name} 没有完成，数据库保持原样：{last}")
