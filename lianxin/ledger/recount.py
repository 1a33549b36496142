"""What the tallies should hold, as SQL over the facts and nothing else: `rebuild` fills them, `verify` compares.

Written apart from `tallies`, which moves the same cells fact by fact, so that each proves the other.
"""

# ruff: noqa: S608 - SQL is put together from our own names; every value is a parameter
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lianxin.base.days import Span
from lianxin.ledger.cuts import period_code
from lianxin.ledger.models import ALL_LEVELS
from lianxin.ledger.selections import Fold, Selection
from lianxin.ledger.tallies import FORKS


@dataclass(frozen=True, slots=True)
class Expected:
    """The rows of one tally table for one key: a SELECT of `columns` and then the number, and its parameters."""

    table: str
    columns: tuple[str, ...]
    number: str
    sql: str
    params: tuple[Any, ...]


def expected(selection: Selection) -> tuple[Expected, ...]:
    """Everything kept for a selection, in the order in which it is built."""
    if selection.fold is not Fold.DISTINCT:
        return (_flow_cells(selection),)
    return _presence(selection), _cells(selection)


def _flow_cells(selection: Selection) -> Expected:
    condition, params = selection.condition()
    sql = (
        "SELECT month, region, org_level AS level, SUM(hundredths) AS hundredths FROM ledger_fact "
        f"WHERE {condition} GROUP BY month, region, org_level HAVING SUM(hundredths) <> 0"
    )
    return Expected("ledger_flowcell", ("month", "region", "level"), "hundredths", sql, tuple(params))


def _presence(selection: Selection) -> Expected:
    condition, params = selection.condition()
    sql = (
        "SELECT subject, month, region, org_level AS level, SUM(hundredths) AS hundredths FROM ledger_fact "
        f"WHERE {condition} GROUP BY subject, month, region, org_level HAVING SUM(hundredths) <> 0"
    )
    return Expected("ledger_presence", ("subject", "month", "region", "level"), "hundredths", sql, tuple(params))


def _cells(selection: Selection) -> Expected:
    """Cells out of the presence rows, period by period."""
    sql = " UNION ALL ".join(f"SELECT * FROM ({_cells_of(span)}) {span.value}s" for span in Span)
    columns = ("level", "period", "region", "fork")
    return Expected("ledger_cell", columns, "n", sql, (selection.key, selection.key) * len(Span))


def _cells_of(span: Span) -> str:
    """Leaves, and a fork wherever the ways of a subject that shows in several regions part. Asks for the key twice."""
    of_key = (
        f"FROM (SELECT subject, region, level, {period_code(span)} AS period, hundredths FROM ledger_presence "
        'WHERE "key" = %s)'
    )
    showing = (
        f"SELECT level, period, subject, region {of_key} own "
        "GROUP BY subject, level, period, region HAVING SUM(hundredths) > 0 UNION ALL "
        f"SELECT {ALL_LEVELS}, period, subject, region {of_key} every "
        "GROUP BY subject, period, region HAVING SUM(hundredths) > 0"
    )
    several = (
        "SELECT showing.level, showing.period, showing.subject, showing.region FROM showing JOIN "
        "(SELECT level, period, subject FROM showing GROUP BY level, period, subject HAVING COUNT(*) > 1) often "
        "ON often.level = showing.level AND often.period = showing.period AND often.subject = showing.subject"
    )
    forks = "".join(f" UNION ALL {_forks(branch, fork)}" for branch, fork in FORKS)
    return (
        f"WITH showing AS MATERIALIZED ({showing}), several AS MATERIALIZED ({several}) "
        "SELECT level, period, region, FALSE AS fork, COUNT(*) AS n FROM showing GROUP BY level, period, region" + forks
    )


def _forks(branch: int, fork: int) -> str:
    ways = (
        f"SELECT level, period, SUBSTR(region, 1, {fork}) AS area, COUNT(DISTINCT SUBSTR(region, 1, {branch})) AS ways "
        f"FROM several WHERE LENGTH(region) >= {fork} GROUP BY level, period, subject, SUBSTR(region, 1, {fork})"
    )
    return (
        f"SELECT level, period, area, TRUE, SUM(1 - ways) FROM ({ways}) parting WHERE ways > 1 "
        "GROUP BY level, period, area"
    )
