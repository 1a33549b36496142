"""From a figure back to the records it is made of: keys and what each contributes, never what stands in them."""

# ruff: noqa: S608 - SQL is put together from our own names; every value is a parameter
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from lianxin.base.codes import is_under
from lianxin.base.money import from_hundredths
from lianxin.ledger.counting import Condition, facts_of
from lianxin.ledger.cuts import fact_area
from lianxin.ledger.rows import marks
from lianxin.ledger.selections import Selection
from lianxin.ledger.view import LedgerView

Visible = Callable[[Sequence[str]], Collection[str]]
"""Record keys in, those of them out that the reader may see."""

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Behind:
    """A record behind a figure: what it contributes, and the newest day on which it does."""

    record: str
    kind: str
    day: dt.date
    value: Decimal

    @property
    def place(self) -> tuple[dt.date, str]:
        """Give the last one's as `after` to read on."""
        return self.day, self.record


def records_behind(
    view: LedgerView,
    selection: Selection,
    *,
    after: tuple[dt.date, str] | None = None,
    limit: int = 50,
    visible: Visible | None = None,
    under: str = "",
) -> tuple[Behind, ...]:
    """Records with a net contribution, newest day first, those that `visible` leaves.

    `under` narrows to the part of the region that the reader may open, which is far quicker than asking for each.
    """
    facts = _narrowed(facts_of(view, selection), view, under)
    found: list[Behind] = []
    for behind in _walk(facts, after):
        keys = [item.record for item in behind]
        seen = set(keys) if visible is None else set(visible(keys))
        found += [item for item in behind if item.record in seen]
        if len(found) >= limit:
            break
    return tuple(found[:limit])


def count_records(view: LedgerView, selection: Selection, *, under: str = "") -> int:
    """How many records `records_behind` would name in all."""
    condition, params = _narrowed(facts_of(view, selection), view, under)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM (SELECT record FROM ledger_fact WHERE {condition} "
            "GROUP BY record HAVING SUM(hundredths) <> 0) behind",
            params,
        )
        return int(cursor.fetchone()[0])


def _narrowed(facts: Condition, view: LedgerView, under: str) -> Condition:
    if not under or is_under(view.region, under):
        return facts
    within, more = fact_area(under) if is_under(under, view.region) else ("1 = 0", [])
    return f"{facts[0]} AND {within}", [*facts[1], *more]


def _walk(facts: Condition, after: tuple[dt.date, str] | None) -> Iterator[list[Behind]]:
    """The records by their days, piece by piece down the index; each once, at the newest day that counts."""
    while True:
        places = _places(facts, after)
        if not places:
            return
        nets = _nets(facts, sorted({record for _, record in places}))
        yield [nets[record] for day, record in places if record in nets and nets[record].day == day]
        after = places[-1]


def _places(facts: Condition, after: tuple[dt.date, str] | None) -> list[tuple[dt.date, str]]:
    condition, params = facts
    if after is not None:
        day, record = after[0].isoformat(), after[1]
        condition, params = f"{condition} AND day <= %s AND (day < %s OR record < %s)", [*params, day, day, record]
    with connection.cursor() as cursor:
        # ordered by the bare column, so that the index is walked; with DISTINCT everything would be sorted first
        cursor.execute(
            f"SELECT CAST(day AS TEXT), record FROM ledger_fact WHERE {condition} "
            f"ORDER BY ledger_fact.day DESC, record DESC LIMIT {_AT_ONCE}",
            params,
        )
        return list(dict.fromkeys((dt.date.fromisoformat(day), record) for day, record in cursor.fetchall()))


def _nets(facts: Condition, records: list[str]) -> dict[str, Behind]:
    """The records whose contributions do not cancel out."""
    condition, params = facts
    with connection.cursor() as cursor:
        # materialised, or the planner goes through all facts of the measure instead of those of these records
        cursor.execute(
            f"WITH theirs AS MATERIALIZED (SELECT * FROM ledger_fact WHERE record IN ({marks(len(records))})) "
            f"SELECT record, kind, CAST(day AS TEXT), SUM(hundredths) FROM theirs WHERE {condition} "
            "GROUP BY record, kind, day HAVING SUM(hundredths) <> 0 ORDER BY record, day",
            [*records, *params],
        )
        rows = cursor.fetchall()
    nets: dict[str, Behind] = {}
    for record, kind, day, hundredths in rows:
        old = nets.get(record)
        value = from_hundredths(int(hundredths)) + (old.value if old else 0)
        nets[record] = Behind(record, kind, dt.date.fromisoformat(day), value)
    return {record: item for record, item in nets.items() if item.value}
