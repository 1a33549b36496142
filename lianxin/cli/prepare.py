"""`lianxin prepare`: the database migrated, the static files collected; each only when something changed."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.management.commands import collectstatic
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from whitenoise.storage import CompressedManifestStaticFilesStorage

from lianxin.base.errors import Refused
from lianxin.cli.speech import Command, parts, progress
from lianxin.kinds.cases.limits import reckon_again
from lianxin.ledger.rebuild import ensure_tallies
from lianxin.records.reindex import ensure_index
from lianxin.register.forms import ensure_forms

_SOURCES = "sources.sha256"


@click.command(cls=Command)
def command() -> None:
    """建立或升级数据库，整理样式和脚本。没有变化时很快就好，可以重复运行。"""
    prepare()
    progress("准备好了。")


def prepare() -> None:
    """What a server needs before it starts."""
    migrate()
    build_tallies()
    build_index()
    reckon_limits()
    if laid := ensure_forms():
        progress(f"按新的读音规则整理了 {laid} 条查找用的索引。")
    take_measure()
    collect_static()


def ensure_database() -> None:
    """For commands that work on the database: a new one is made, an old one is left for `prepare`. Refused then."""
    applied, missing = _migrations()
    if missing and applied:
        raise Refused("数据库是旧版本的，请先备份，再运行 lianxin prepare 升级。")
    if missing:
        migrate()
    ensure_tallies()
    ensure_index(parts())


def build_tallies() -> None:
    """What the catalogue wants kept and the database does not keep yet, or keeps by an older definition."""
    if built := ensure_tallies():
        progress(f"按目录建了 {len(built)} 项汇总。")


def build_index() -> None:
    """The word index with its counts, where an upgrade left it empty."""
    if built := ensure_index(parts()):
        progress(f"重建了{'、'.join(built)}的查找索引。")


def reckon_limits() -> None:
    """A county's new interval, or a year's holidays come out: what cases owe next moves along, and that is said."""
    if moved := reckon_again():
        progress(f"期限的规定变了，{moved} 件个案的下一个期限重新算过。")


def take_measure() -> None:
    """SQLite plans by the numbers of its last ANALYZE, and without any takes “this county” for ten people."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 100000")
            cursor.execute("ANALYZE")


def applied_migrations() -> tuple[str, ...]:
    """“app.name” of each migration that stands in the database."""
    return tuple(sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations()))


def known_migrations() -> frozenset[str]:
    """“app.name” of each migration that this version knows."""
    return frozenset(".".join(key) for key in MigrationLoader(None).disk_migrations)


def is_empty_home() -> bool:
    """Nobody has an account here yet, so nothing was ever recorded."""
    accounts = get_user_model()
    return accounts._meta.db_table not in connection.introspection.table_names() or not accounts.objects.exists()


def migrate() -> None:
    applied, missing = _migrations()
    if missing:
        progress("升级数据库 …" if applied else "建立数据库 …")
        call_command("migrate", interactive=False, verbosity=0)


def _migrations() -> tuple[int, int]:
    """How many migrations stand in the database, and how many are missing there."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return len(executor.loader.applied_migrations), len(plan)


def collect_static() -> None:
    """Collects beside the old folder and then changes places, so that no request meets half a collection."""
    target: Path = settings.HOME.static
    wanted = _fingerprint()
    standing = target / _SOURCES
    if settings.DEBUG or (standing.is_file() and standing.read_text(encoding="ascii") == wanted):
        return
    progress("整理样式和脚本 …")
    fresh = target.with_name("static.new")
    shutil.rmtree(fresh, ignore_errors=True)
    collector = collectstatic.Command()
    # The settings name this storage only once a collection stands, so the first one is told.
    collector.storage = CompressedManifestStaticFilesStorage(location=fresh)
    call_command(collector, interactive=False, verbosity=0)
    (fresh / _SOURCES).write_text(wanted, encoding="ascii")
    old = target.with_name("static.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for line in sorted(_sources()):
        digest.update(line.encode())
    return digest.hexdigest()


def _sources() -> Iterator[str]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path)).stat()
            yield f"{path}\t{file.st_size}\t{file.st_mtime_ns}\n"
