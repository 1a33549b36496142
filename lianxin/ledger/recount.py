"""What the tallies should hold, as SQL over the facts and nothing else: `rebuild` fills them, `verify` compares.

Written apart from `tallies`, which moves the same cells fact by fact, so that each proves the other.
"""

# ruff: noqa: S608 - SQL is put together from our own names; every value is a parameter
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lianxin.base.days import Span
from lianxin.ledger.cuts import code_of_number, period_number
from lianxin.ledger.models import ALL_LEVELS, GRAINS
from lianxin.ledger.selections import Fold, Selection
from lianxin.ledger.tallies import FORKS

_FLOW = ("grain", "month", "level", "region")
_CELL = ("grain", "level", "period", "region", "fork")
_VILLAGE, _TOWN = GRAINS


@dataclass(frozen=True, slots=True)
class Expected:
    """Rows of one tally table for one key: a SELECT of `columns` and then the number, and its parameters.

    `part` says which of the key's rows these are.
    """

    table: str
    part: str
    columns: tuple[str, ...]
    number: str
    sql: str
    params: tuple[Any, ...]


def expected(selection: Selection) -> tuple[Expected, ...]:
    """Everything kept for a selection, in the order in which it is built."""
    town = "SUBSTR(region, 1, 9)"
    if selection.fold is not Fold.DISTINCT:
        return _flow_cells(selection), _towns(selection, "ledger_flowcell", _FLOW, "hundredths", [town])
    # a fork in a town is taken into the town; those above stay what they are
    forks = "(fork AND LENGTH(region) < 9)"
    return _presence(selection), _cells(selection), _towns(selection, "ledger_cell", _CELL, "n", [town, forks])


def _flow_cells(selection: Selection) -> Expected:
    condition, params = selection.condition()
    sql = (
        f"SELECT {_VILLAGE} AS grain, month, org_level AS level, region, SUM(hundredths) AS hundredths "
        f"FROM ledger_fact WHERE {condition} GROUP BY month, org_level, region HAVING SUM(hundredths) <> 0"
    )
    return Expected("ledger_flowcell", f"grain = {_VILLAGE}", _FLOW, "hundredths", sql, tuple(params))


def _presence(selection: Selection) -> Expected:
    condition, params = selection.condition()
    sql = (
        "SELECT subject, month, region, org_level AS level, SUM(hundredths) AS hundredths FROM ledger_fact "
        f"WHERE {condition} GROUP BY subject, month, region, org_level HAVING SUM(hundredths) <> 0"
    )
    columns = ("subject", "month", "region", "level")
    return Expected("ledger_presence", "1 = 1", columns, "hundredths", sql, tuple(params))


def _towns(selection: Selection, table: str, columns: tuple[str, ...], number: str, rounded: Sequence[str]) -> Expected:
    """The same rows rounded up to the town: `rounded` says how, for `region` and what follows."""
    same = columns[1 : len(columns) - len(rounded)]
    cut = (f"{sql} AS {name}" for sql, name in zip(rounded, columns[-len(rounded) :], strict=True))
    sql = (
        f"SELECT {_TOWN} AS grain, {', '.join((*same, *cut))}, SUM({number}) AS {number} FROM {table} "
        f'WHERE "key" = %s AND grain = {_VILLAGE} GROUP BY {", ".join((*same, *rounded))} HAVING SUM({number}) <> 0'
    )
    return Expected(table, f"grain <> {_VILLAGE}", columns, number, sql, (selection.key,))


def _cells(selection: Selection) -> Expected:
    """Cells out of the presence rows: leaves for everybody, forks for those who are seen in several regions at all."""
    of_key = 'FROM ledger_presence WHERE "key" = %s'
    movers = f"SELECT subject {of_key} GROUP BY subject HAVING MIN(region) < MAX(region)"
    of_movers = f"{of_key} AND subject IN (SELECT subject FROM movers)"
    codes = {span: code_of_number(span, "number") for span in Span}
    moving = " UNION ALL ".join(
        f"SELECT level, {code} AS period, subject, region FROM ({_showing(span, of_movers)}) own"
        for span, code in codes.items()
    )
    parts = [*(_leaves(span, of_key) for span in Span), *(_forks(branch, fork) for branch, fork in FORKS)]
    sql = f"WITH movers AS ({movers}), moving AS MATERIALIZED ({moving}) {' UNION ALL '.join(parts)}"
    return Expected("ledger_cell", f"grain = {_VILLAGE}", _CELL, "n", sql, (selection.key,) * sql.count("%s"))


def _showing(span: Span, of_key: str) -> str:
    """Who shows where in each period: by level, and on all levels together."""
    number = period_number(span)
    return (
        f"SELECT level, {number} AS number, subject, region {of_key} "
        f"GROUP BY subject, level, {number}, region HAVING SUM(hundredths) > 0 UNION ALL "
        f"SELECT {ALL_LEVELS}, {number}, subject, region {of_key} "
        f"GROUP BY subject, {number}, region HAVING SUM(hundredths) > 0"
    )


def _leaves(span: Span, of_key: str) -> str:
    period = code_of_number(span, "number")
    return (
        f"SELECT {_VILLAGE} AS grain, level, {period} AS period, region, FALSE AS fork, COUNT(*) AS n "
        f"FROM ({_showing(span, of_key)}) showing GROUP BY level, number, region"
    )


def _forks(branch: int, fork: int) -> str:
    ways = (
        f"SELECT level, period, SUBSTR(region, 1, {fork}) AS area, COUNT(DISTINCT SUBSTR(region, 1, {branch})) AS ways "
        f"FROM moving WHERE LENGTH(region) >= {fork} GROUP BY level, period, subject, SUBSTR(region, 1, {fork})"
    )
    parting = f"FROM ({ways}) parting WHERE ways > 1 GROUP BY level, period, area"
    return f"SELECT {_VILLAGE}, level, period, area, TRUE, SUM(1 - ways) {parting}"
