"""The chain of batches: a line for each fact, a hash for each batch over the one before. Inserts batch and facts."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.backends.utils import CursorWrapper

from lianxin.ledger.facts import FactRow
from lianxin.ledger.rows import put

_SEPARATOR = "\x1f"
_BATCH_COLUMNS = ("no", "at", "by", "because", "facts", "previous", "hash")
FACT_COLUMNS = ("batch", *FactRow._fields)


def line_of(row: FactRow) -> str:
    """The fact as it enters the hash: every column but id and batch, in order."""
    line = _SEPARATOR.join(map(str, row))
    if line.count(_SEPARATOR) != len(FactRow._fields) - 1 or "\n" in line:
        raise ValueError(f"a fact holds codes, without control characters: {row!r}")
    return line


def line_sql() -> str:
    """The same line, put together by the database (four times faster than fetching seventeen columns)."""
    separator = {"sqlite": " || char(31) || ", "postgresql": " || chr(31) || "}[connection.vendor]
    return separator.join(f"CAST({column} AS TEXT)" for column in FactRow._fields)


class BatchHash:
    """The hash of one batch, fed line by line."""

    def __init__(self, no: int, *, at: dt.datetime, by: str, because: str, facts: int, previous: str) -> None:
        moment = at.astimezone(dt.UTC).isoformat(timespec="microseconds")
        header = json.dumps([previous, no, moment, by, because, facts], ensure_ascii=False)
        self._digest = hashlib.sha256(header.encode())

    def add(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._digest.update(b"\n" + line.encode())

    @property
    def hash(self) -> str:
        return self._digest.hexdigest()


def head() -> int:
    """The last batch that is committed (or ours): the ledger position of this moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT no FROM ledger_head")
        row = cursor.fetchone()
    return row[0] if row else 0


def append(rows: Sequence[FactRow], *, by: str, at: dt.datetime, because: str) -> int:
    """Write the rows as the next batch and move the head. Takes the head row: call it last in the transaction."""
    lines = [line_of(row) for row in rows]
    with connection.cursor() as cursor:
        previous_no, previous = _held_head(cursor)
        no = previous_no + 1
        digest = BatchHash(no, at=at, by=by, because=because, facts=len(rows), previous=previous)
        digest.add(lines)
        moment = connection.ops.adapt_datetimefield_value(at)
        batch = (no, moment, by, because, len(rows), previous, digest.hash)
        put(cursor, "ledger_batch", _BATCH_COLUMNS, [batch])
        put(cursor, "ledger_fact", FACT_COLUMNS, [(no, *row) for row in rows])
        cursor.execute("UPDATE ledger_head SET no = %s, hash = %s WHERE id = 1", [no, digest.hash])
    return no


def _held_head(cursor: CursorWrapper) -> tuple[int, str]:
    """The last batch and its hash, locked; an empty ledger gets its head here (a flush takes it away)."""
    held = "SELECT no, hash FROM ledger_head WHERE id = 1"
    if connection.vendor != "sqlite":  # where whoever writes holds the whole database
        held += " FOR UPDATE"
    cursor.execute(held)
    if (row := cursor.fetchone()) is None:
        cursor.execute("INSERT INTO ledger_head (id, no, hash) VALUES (1, 0, '') ON CONFLICT DO NOTHING")
        cursor.execute(held)
        row = cursor.fetchone()
    return row[0], row[1]
