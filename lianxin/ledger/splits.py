"""Many parts of one figure at once: its facts summed by their tags in one query, then matched in Python."""

# ruff: noqa: S608 - SQL is put together from our own names; every value is a parameter
from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db import connection

from lianxin.base.money import from_hundredths
from lianxin.ledger.counting import facts_of
from lianxin.ledger.selections import Fold, Selection
from lianxin.ledger.view import LedgerView


def parts_of(view: LedgerView, whole: Selection, parts: Iterable[Selection]) -> dict[str, Decimal]:
    """Key → number of each part, a flow or a stock as the whole; a part asks for some of the whole's facts by tags."""
    if whole.fold is Fold.DISTINCT:
        raise ValueError("distinct parts do not add up from sums")
    condition, params = facts_of(view, whole)
    sql = f"SELECT programme, tags, SUM(hundredths) FROM ledger_fact WHERE {condition} GROUP BY 1, 2"
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        sums = [(str(programme), str(tags), int(n)) for programme, tags, n in cursor.fetchall()]
    return {
        part.key: from_hundredths(sum(n for programme, tags, n in sums if part.matches(whole.measure, programme, tags)))
        for part in parts
    }
