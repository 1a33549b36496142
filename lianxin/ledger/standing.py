"""What records have in the ledger now: the net of their facts."""

# ruff: noqa: S608 - SQL is put together from our own names; every value is a parameter
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection

from lianxin.ledger.facts import FactKey
from lianxin.ledger.rows import in_pieces, marks

_COLUMNS = ", ".join("CAST(day AS TEXT)" if name == "day" else name for name in FactKey._fields)
_DAY = FactKey._fields.index("day")


def net_of(records: Iterable[str]) -> dict[str, dict[FactKey, int]]:
    """Record → key → hundredths, what is zero left away; a record without facts does not appear."""
    nets: dict[str, dict[FactKey, int]] = {}
    with connection.cursor() as cursor:
        for piece in in_pieces(sorted(set(records))):
            cursor.execute(
                f"SELECT record, {_COLUMNS}, SUM(hundredths) FROM ledger_fact WHERE record IN ({marks(len(piece))}) "
                f"GROUP BY record, {', '.join(FactKey._fields)} HAVING SUM(hundredths) <> 0",
                piece,
            )
            for record, *key, hundredths in cursor.fetchall():
                nets.setdefault(record, {})[_key(key)] = int(hundredths)
    return nets


def _key(fields: list[Any]) -> FactKey:
    fields[_DAY] = dt.date.fromisoformat(fields[_DAY])
    return FactKey(*fields)
