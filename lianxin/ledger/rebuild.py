"""Builds the tallies anew from the facts, set by set. They may be thrown away at any time; facts are never touched."""

# ruff: noqa: S608 - SQL is put together from our own names; every value is a parameter
from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from lianxin.ledger import locks
from lianxin.ledger.models import TallyState
from lianxin.ledger.recount import expected
from lianxin.ledger.rows import marks, put
from lianxin.ledger.selections import Selection, selections

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many parts are done, of how many."""

TABLES = ("ledger_flowcell", "ledger_presence", "ledger_cell")


def rebuild(progress: Progress | None = None) -> tuple[str, ...]:
    """Build every tally anew; the keys built. Whoever posts waits until it is done."""
    with transaction.atomic(), connection.cursor() as cursor:
        locks.hold_tallies()
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("DELETE FROM ledger_tallystate")
        return _build(cursor, selections(), progress)


def ensure_tallies(progress: Progress | None = None) -> tuple[str, ...]:
    """Build the tallies that are new or whose definition has changed, drop those that are no more; the keys built."""
    with transaction.atomic(), connection.cursor() as cursor:
        locks.hold_tallies()
        built = dict(TallyState.objects.values_list("key", "hash"))
        changed = [selection for selection in selections() if built.get(selection.key) != selection.hash]
        gone = built.keys() - {selection.key for selection in selections()}
        _drop(cursor, [*gone, *(selection.key for selection in changed)])
        return _build(cursor, changed, progress)


def _drop(cursor: CursorWrapper, keys: list[str]) -> None:
    if keys:
        for table in (*TABLES, "ledger_tallystate"):
            cursor.execute(f'DELETE FROM {table} WHERE "key" IN ({marks(len(keys))})', keys)


def _build(cursor: CursorWrapper, changed: Iterable[Selection], progress: Progress | None) -> tuple[str, ...]:
    todo = list(changed)
    for done, selection in enumerate(todo):
        if progress:
            progress(selection.key, done, len(todo))
        for part in expected(selection):
            columns = ", ".join((*part.columns, part.number))
            fresh = f"SELECT CAST(%s AS TEXT), {columns} FROM ({part.sql}) fresh"
            cursor.execute(f'INSERT INTO {part.table} ("key", {columns}) {fresh}', [selection.key, *part.params])
        put(cursor, "ledger_tallystate", ("key", "hash"), [(selection.key, selection.hash)])
    return tuple(selection.key for selection in todo)
