"""Figures: flow, stock and distinct, whole or by region and period, from the tallies where they are kept.

Ratio, growth and suppression are declared over these, in `indicators`.
"""

# ruff: noqa: S608 - SQL is put together from our own names; every value is a parameter
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import connection

from lianxin.base.codes import Level
from lianxin.base.days import Period, Span
from lianxin.base.money import from_hundredths
from lianxin.ledger.counting import counted, month_to_day
from lianxin.ledger.cuts import Cut, Grid, area, running
from lianxin.ledger.models import ALL_LEVELS
from lianxin.ledger.rows import marks
from lianxin.ledger.selections import Fold, Selection, tallied
from lianxin.ledger.view import LedgerView

_WHOLE = Cut()
Grids = dict[str, Grid]


def flow(view: LedgerView, selection: Selection) -> Decimal:
    """Σ of the period, in the measure's unit."""
    return _only(Fold.FLOW, view, selection)


def stock(view: LedgerView, selection: Selection, *, on: dt.date | None = None) -> Decimal:
    """The balance at the end of a day (by default the period's last)."""
    return _only(Fold.STOCK, view, selection, on=on)


def distinct(view: LedgerView, selection: Selection) -> int:
    """How many subjects have a net above zero somewhere in the region in the period, each counted once."""
    return int(_only(Fold.DISTINCT, view, selection))


def figure(view: LedgerView, selection: Selection, *, on: dt.date | None = None) -> Decimal:
    """The selection's number, whichever its fold."""
    return figures(view, [selection], on=on)[selection.key]


def figures(view: LedgerView, selections: Iterable[Selection], *, on: dt.date | None = None) -> dict[str, Decimal]:
    """Key → number, for a page of figures in at most three queries."""
    asked = list(selections)
    grids = _read(view, asked, _WHOLE, on=on)
    return {one.key: _said(one, grids[one.key].get(("", ""), 0)) for one in asked}


def by_region(view: LedgerView, selections: Iterable[Selection], *, level: Level) -> dict[str, dict[str, Decimal]]:
    """Key → region → number. Regions without facts are left away; what counts above `level` keeps its own code."""
    asked = list(selections)
    grids = _read(view, asked, Cut(level=level))
    return {one.key: {region: _said(one, n) for (region, _), n in grids[one.key].items()} for one in asked}


def by_period(view: LedgerView, selections: Iterable[Selection], *, span: Span) -> dict[str, dict[str, Decimal]]:
    """Key → period code → number, for every part of the view's period in order; a stock's at each part's last day."""
    asked = list(selections)
    grids = _read(view, asked, Cut(span=span))
    codes = [part.code for part in view.period.parts(span)]
    return {one.key: {code: _said(one, grids[one.key].get(("", code), 0)) for code in codes} for one in asked}


def by_region_and_period(
    view: LedgerView, selections: Iterable[Selection], *, level: Level, span: Span
) -> dict[str, dict[tuple[str, str], Decimal]]:
    """Key → (region, period code) → number; what is nothing may be left away."""
    asked = list(selections)
    grids = _read(view, asked, Cut(level, span))
    return {one.key: {at: _said(one, n) for at, n in grids[one.key].items()} for one in asked}


def _only(fold: Fold, view: LedgerView, selection: Selection, *, on: dt.date | None = None) -> Decimal:
    if selection.fold is not fold:
        raise ValueError(f"{selection.key} is a {selection.fold}, not a {fold}")
    return figure(view, selection, on=on)


def _said(selection: Selection, n: int) -> Decimal:
    return Decimal(n) if selection.fold is Fold.DISTINCT else from_hundredths(n)


def _read(view: LedgerView, selections: Sequence[Selection], cut: Cut, *, on: dt.date | None = None) -> Grids:
    """Each selection's grid: one query a fold for all that have tallies, one each for those that have none."""
    cut = cut.checked(view)
    kept = tallied()
    grids: Grids = {}
    by_fold: dict[Fold, list[str]] = {fold: [] for fold in Fold}
    for selection in selections:
        if view.watermark is None and kept.holds(selection):
            by_fold[selection.fold].append(selection.key)
        else:
            grids[selection.key] = counted(view, selection, cut, on=on)
    grids |= _flows(view, by_fold[Fold.FLOW], cut)
    grids |= _distincts(view, by_fold[Fold.DISTINCT], cut)
    if on is None or on == view.period.last_day:
        return grids | _stocks(view, by_fold[Fold.STOCK], cut)
    running_stocks = [selection for selection in selections if selection.key in by_fold[Fold.STOCK]]
    return grids | {selection.key: _stock_within(view, selection, on) for selection in running_stocks}


def _flows(view: LedgerView, keys: Sequence[str], cut: Cut) -> Grids:
    if not keys:
        return {}
    months = view.period.months
    within, params = _flow_area(view)
    rows = _rows(
        f'SELECT "key", {cut.region}, {cut.period}, SUM(hundredths) FROM ledger_flowcell WHERE "key" IN '
        f"({marks(len(keys))}) AND grain = %s AND month IN ({marks(len(months))}) AND {within} GROUP BY 1, 2, 3",
        [*keys, cut.grain(view), *months, *params],
    )
    grids: Grids = {key: {} for key in keys}
    for key, region, number, n in rows:
        grids[key][region, cut.code(number)] = int(n)
    return grids


def _stocks(view: LedgerView, keys: Sequence[str], cut: Cut) -> Grids:
    if not keys:
        return {}
    months = view.period.months
    within, params = _flow_area(view)
    rows = _rows(
        f'SELECT "key", {cut.region}, CASE WHEN month < %s THEN 0 ELSE month END, SUM(hundredths) FROM ledger_flowcell '
        f'WHERE "key" IN ({marks(len(keys))}) AND grain = %s AND month <= %s AND {within} GROUP BY 1, 2, 3',
        [months[0], *keys, cut.grain(view), months[-1], *params],
    )
    grids: Grids = {}
    for key in keys:
        balances = running((row[1:] for row in rows if row[0] == key), cut.periods(view.period))
        grids[key] = balances if cut.span else {(region, ""): n for (region, _), n in balances.items()}
    return grids


def _stock_within(view: LedgerView, selection: Selection, on: dt.date) -> Grid:
    """A balance inside a month: the cells of the months before, and the month's own facts up to the day."""
    month = Period.holding(on, Span.MONTH)
    before = _stocks(replace(view, period=month.before), [selection.key], _WHOLE)[selection.key]
    return {("", ""): before.get(("", ""), 0) + month_to_day(view, selection, on)}


def _distincts(view: LedgerView, keys: Sequence[str], cut: Cut) -> Grids:
    if not keys:
        return {}
    codes = [period.code for period in cut.periods(view.period)]
    within, params = area(view.region)
    # a fork above the level of the parts belongs to the whole, not to any part
    parts = f"(LENGTH(region) >= {cut.level.length} OR NOT fork)" if cut.level else "1 = 1"
    period = "period" if cut.span else "CAST('' AS TEXT)"
    level = ALL_LEVELS if view.level is None else int(view.level)
    rows = _rows(
        f'SELECT "key", {cut.region}, {period}, SUM(n) FROM ledger_cell WHERE "key" IN ({marks(len(keys))}) '
        f"AND grain = %s AND level = %s AND period IN ({marks(len(codes))}) AND {within} AND {parts} GROUP BY 1, 2, 3",
        [*keys, cut.grain(view), level, *codes, *params],
    )
    grids: Grids = {key: {} for key in keys}
    for key, region, code, n in rows:
        grids[key][region, code] = int(n)
    return grids


def _flow_area(view: LedgerView) -> tuple[str, list[Any]]:
    within, params = area(view.region)
    return (within, params) if view.level is None else (f"{within} AND level = %s", [*params, int(view.level)])


def _rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
