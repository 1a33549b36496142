"""Figures counted from the facts themselves: the slow, plain way, for watermarks and for what no tally is kept of."""

# ruff: noqa: S608 - SQL is put together from our own names; every value is a parameter
from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

from lianxin.ledger.cuts import Cut, Grid, fact_area, running
from lianxin.ledger.selections import Fold, Selection
from lianxin.ledger.view import LedgerView

Condition = tuple[str, list[Any]]


def facts_of(view: LedgerView, selection: Selection, *, on: dt.date | None = None) -> Condition:
    """SQL over ledger_fact: the facts that a figure is made of. A stock's reach back to the beginning."""
    parts = [selection.condition(), fact_area(view.region), _days(view, selection, on)]
    if view.level is not None:
        parts.append(("org_level = %s", [int(view.level)]))
    if view.watermark is not None:
        parts.append(("batch <= %s", [view.watermark]))
    return " AND ".join(sql for sql, _ in parts), [param for _, params in parts for param in params]


def _days(view: LedgerView, selection: Selection, on: dt.date | None) -> Condition:
    if selection.fold is Fold.STOCK:
        return "day <= %s", [(on or view.period.last_day).isoformat()]
    return "day >= %s AND day < %s", [view.period.start.isoformat(), view.period.end.isoformat()]


def counted(view: LedgerView, selection: Selection, cut: Cut, *, on: dt.date | None = None) -> Grid:
    """The figure, recounted; `on` is the day of a stock when it is not the period's last."""
    condition, params = facts_of(view, selection, on=on)
    match selection.fold:
        case Fold.FLOW:
            sql = f"SELECT {cut.region}, {cut.period}, SUM(hundredths) FROM ledger_fact WHERE {condition} GROUP BY 1, 2"
            return _grid(cut, sql, params)
        case Fold.STOCK:
            sql = f"SELECT {cut.region}, month, SUM(hundredths) FROM ledger_fact WHERE {condition} GROUP BY 1, 2"
            balances = running(_rows(sql, params), cut.periods(view.period))
            return balances if cut.span else {(region, ""): n for (region, _), n in balances.items()}
        case Fold.DISTINCT:
            showing = (
                f"(SELECT subject, region, {cut.period} AS period FROM ledger_fact WHERE {condition} "
                "GROUP BY subject, region, 3 HAVING SUM(hundredths) > 0) showing"
            )
            sql = f"SELECT {cut.region}, period, COUNT(DISTINCT subject) FROM {showing} GROUP BY 1, 2"
            return _grid(cut, sql, params)


def month_to_day(view: LedgerView, selection: Selection, on: dt.date) -> int:
    """How a stock moved from the first of the month to the end of that day."""
    condition, params = facts_of(view, selection, on=on)
    sql = f"SELECT COALESCE(SUM(hundredths), 0) FROM ledger_fact WHERE {condition} AND day >= %s"
    ((found,),) = _rows(sql, [*params, on.replace(day=1).isoformat()])
    return int(found)


def facts_after(view: LedgerView, selection: Selection, watermark: int) -> int:
    """How many facts came in for the figure after a batch."""
    condition, params = facts_of(view, selection)
    ((found,),) = _rows(f"SELECT COUNT(*) FROM ledger_fact WHERE {condition} AND batch > %s", [*params, watermark])
    return int(found)


def _grid(cut: Cut, sql: str, params: list[Any]) -> Grid:
    return {(region, cut.code(period)): int(n) for region, period, n in _rows(sql, params)}


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
