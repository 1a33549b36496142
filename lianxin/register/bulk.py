"""Laying many rows at once, as tuples: to build a model instance of each takes several times longer than to store it.

Reads nothing. Only for rows that `checked` has been through: here nothing looks at lengths or choices any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
    names = ", ".join(quote(field.column or field.name) for field in fields)
    signs = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({signs})"  # noqa: S608  # names from the model
    prepare = [(place, prepared) for place, field in enumerate(fields) if (prepared := _preparing(field, connection))]
    waiting = (_prepared(row, prepare) for row in rows)
    with connection.cursor() as cursor:
        while batch := list(islice(waiting, BATCH)):
            cursor.executemany(sql, batch)


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
