"""Laying many rows at once, as tuples: to build a model instance of each takes several times longer than to store it.

Reads nothing. Only for rows that `checked` has been through: here nothing looks at lengths or choices any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper

from lianxin.access.guard import Guarded, require_pen

BATCH = 5_000  # rows handed to the database at a time

Row = Sequence[Any]


def lay(model: type[Guarded], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows whose values stand in the order of `columns` (names of the model's fields). Needs the model's pen."""
    require_pen(model)
    connection = connections[router.db_for_write(model)]
    known = {field.name: field for field in model._meta.concrete_fields}
    fields = [known[name] for name in columns]
    quote = connection.ops.quote_name
    target = f"{quote(model._meta.db_table)} ({', '.join(quote(field.column or field.name) for field in fields)})"
    prepare = [(place, prepared) for place, field in enumerate(fields) if (prepared := _preparing(field, connection))]
    waiting = (_prepared(row, prepare) for row in rows)
    if connection.vendor == "postgresql":
        _copy(connection, target, waiting)
    else:
        _insert(connection, target, len(fields), waiting)


def lay_new(rows: Sequence[Guarded]) -> None:
    """New rows of one model that nobody asks for their number: `bulk_create` takes three times as long."""
    if not rows:
        return
    fields = [field for field in type(rows[0])._meta.concrete_fields if not isinstance(field, models.AutoField)]
    names, attributes = [field.name for field in fields], [field.attname for field in fields]
    lay(type(rows[0]), names, ([getattr(row, name) for name in attributes] for row in rows))


def _insert(connection: BaseDatabaseWrapper, target: str, width: int, rows: Iterator[Row]) -> None:
    sql = f"INSERT INTO {target} VALUES ({', '.join(['%s'] * width)})"  # noqa: S608  # names come from the model
    with connection.cursor() as cursor:
        while batch := list(islice(rows, BATCH)):
            cursor.executemany(sql, batch)


def _copy(connection: BaseDatabaseWrapper, target: str, rows: Iterator[Row]) -> None:
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {target} FROM STDIN") as lines,
    ):
        for row in rows:
            lines.write_row(row)


# Fields whose values go to the database as they are; all others are asked, sealed ones among them.
_PLAIN = (models.CharField, models.BooleanField, models.ForeignKey)


def _preparing(field: models.Field[Any, Any], connection: BaseDatabaseWrapper) -> Callable[[Any], Any] | None:
    if isinstance(field, _PLAIN):
        return None
    return partial(field.get_db_prep_save, connection=connection)


def _prepared(row: Row, prepare: Sequence[tuple[int, Callable[[Any], Any]]]) -> Row:
    if not prepare:
        return row
    values = list(row)
    for place, prepared in prepare:
        values[place] = prepared(values[place])
    return values
