"""What the tallies should hold, as SQL over the facts and nothing else: `rebuild` fills them, `verify` compares.

Written apart from `tallies`, which moves the same cells fact by fact, so that each proves the other.
"""

# ruff: noqa: S608 - SQL is put together from our own names; every value is a parameter
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lianxin.base.days import Period, Span
from lianxin.ledger.models import ALL_LEVELS, GRAINS
from lianxin.ledger.selections import Fold, Selection
from lianxin.ledger.tallies import FORKS

_FLOW = ("grain", "month", "level", "region")
_CELL = ("grain", "level", "period", "region", "fork")
_VILLAGE, _TOWN = GRAINS
_PERIODS = {
    f"p{number}": part for number, part in enumerate(part for span in Span for part in Period.of_year(2000).parts(span))
}
"""The nineteen periods of a year, each with the name of its flag."""


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
    flags = ", ".join(f"SUM({flag}) AS {flag}" for flag in _PERIODS)
    counts = f"SELECT level, year, region, {flags} FROM ({_showing(of_key)}) everybody GROUP BY level, year, region"
    of_movers = _showing(f"{of_key} AND subject IN ({movers})")
    moving = [
        f"SELECT level, {_code(flag)} AS period, subject, region FROM movers WHERE {flag} = 1" for flag in _PERIODS
    ]
    parts = [*map(_leaves, _PERIODS), *(_forks(branch, fork) for branch, fork in FORKS)]
    sql = (
        f"WITH counts AS MATERIALIZED ({counts}), movers AS MATERIALIZED ({of_movers}), "
        f"moving AS MATERIALIZED ({' UNION ALL '.join(moving)}) {' UNION ALL '.join(parts)}"
    )
    return Expected("ledger_cell", f"grain = {_VILLAGE}", _CELL, "n", sql, (selection.key,) * sql.count("%s"))


def _showing(of_key: str) -> str:
    """Level, year, subject, region, and 1 or 0 for each period of the year: does the subject show there?

    By level, and on all levels together; one sort each for all nineteen periods.
    """
    months = ", ".join(f"SUM(CASE m WHEN {month} THEN hundredths ELSE 0 END) AS m{month}" for month in range(1, 13))
    flags = ", ".join(f"CASE WHEN {_sum(part)} > 0 THEN 1 ELSE 0 END AS {flag}" for flag, part in _PERIODS.items())
    seen = f"(SELECT *, month / 100 AS year, month - month / 100 * 100 AS m {of_key}) seen"
    own = f"SELECT level, year, subject, region, {months} FROM {seen} GROUP BY subject, region, year, level"
    every = f"SELECT {ALL_LEVELS} AS level, year, subject, region, {months} FROM {seen} GROUP BY subject, region, year"
    return " UNION ALL ".join(
        f"SELECT level, year, subject, region, {flags} FROM ({sums}) sums" for sums in (own, every)
    )


def _sum(part: Period) -> str:
    return " + ".join(f"m{month % 100}" for month in part.months)


def _code(flag: str) -> str:
    """The period's code: that of the same period in another year, with its own year."""
    return f"CAST(year AS TEXT) || '{_PERIODS[flag].code[4:]}'"


def _leaves(flag: str) -> str:
    return (
        f"SELECT {_VILLAGE} AS grain, level, {_code(flag)} AS period, region, FALSE AS fork, {flag} AS n FROM counts "
        f"WHERE {flag} > 0"
    )


def _forks(branch: int, fork: int) -> str:
    ways = (
        f"SELECT level, period, SUBSTR(region, 1, {fork}) AS area, COUNT(DISTINCT SUBSTR(region, 1, {branch})) AS ways "
        f"FROM moving WHERE LENGTH(region) >= {fork} GROUP BY level, period, subject, SUBSTR(region, 1, {fork})"
    )
    parting = f"FROM ({ways}) parting WHERE ways > 1 GROUP BY level, period, area"
    return f"SELECT {_VILLAGE}, level, period, area, TRUE, SUM(1 - ways) {parting}"
