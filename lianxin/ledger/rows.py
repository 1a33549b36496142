"""Many rows in one go, on both databases. Knows SQL's ways, not what the rows mean."""

# ruff: noqa: S608 - SQL is put together from our own names; every value is a parameter
from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

from django.db import connection
from django.db.backends.utils import CursorWrapper

Row = Sequence[Any]
_Item = TypeVar("_Item")

AT_ONCE = 500
"""Rows (or keys) in one statement: well below the 32,766 parameters that SQLite takes."""
_WORTH_ARRAYS = 50
"""Batches of a thousand records: 0.4 ms of CPU a record over arrays, 1.1 over single values."""
_WORTH_COPYING = 2_000


def in_pieces(items: Sequence[_Item], size: int = AT_ONCE) -> Iterator[Sequence[_Item]]:
    """The items in slices of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def marks(count: int) -> str:
    """%s,%s,%s for an IN list."""
    return ",".join(["%s"] * count)


def put(cursor: CursorWrapper, table: str, columns: Sequence[str], rows: Sequence[Row], *, conflict: str = "") -> None:
    """Insert the rows in their order; `conflict` is the ON CONFLICT clause of an upsert."""
    if not rows:
        return
    names = ",".join(f'"{column}"' for column in columns)
    row = f"({marks(len(columns))})"
    start = f"INSERT INTO {table} ({names})"
    if connection.vendor == "sqlite":
        cursor.executemany(f"{start} VALUES {row} {conflict}", rows)
    elif len(rows) >= _WORTH_COPYING and not conflict:
        _copy(cursor, f"COPY {table} ({names}) FROM STDIN", rows)
    elif len(rows) >= _WORTH_ARRAYS:
        arrays = ",".join(f"%s::{_array_type(*pair)}[]" for pair in zip(columns, rows[0], strict=True))
        cursor.execute(f"{start} SELECT * FROM unnest({arrays}) {conflict}", list(map(list, zip(*rows, strict=True))))
    else:
        values = ",".join([row] * len(rows))
        cursor.execute(f"{start} VALUES {values} {conflict}", list(chain.from_iterable(rows)))


def _array_type(column: str, value: object) -> str:
    """PostgreSQL's type for a column's values: it fits them into the column, but makes no date out of text."""
    return "date" if column == "day" else {bool: "boolean", int: "bigint", str: "text"}[type(value)]


def _copy(cursor: CursorWrapper, statement: str, rows: Sequence[Row]) -> None:
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def streamed(sql: str, params: Sequence[Any] = (), *, size: int = 5_000) -> Iterator[tuple[Any, ...]]:
    """The rows of a query as they come, without holding them all."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(size):
            yield from rows


def batched(items: Iterator[_Item], size: int) -> Iterator[list[_Item]]:
    """Lists of at most `size` out of an iterator."""
    while piece := list(islice(items, size)):
        yield piece
