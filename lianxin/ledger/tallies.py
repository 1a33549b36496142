"""Moves the tallies by the facts just posted. What the cells should be from scratch is `recount`'s to say, not ours.

A subject shows in a place when what it has there in the period is above zero; the rules stand in docs/decisions/0003.
"""

# ruff: noqa: S608 - SQL is put together from our own names; every value is a parameter
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

from django.db import connection
from django.db.backends.utils import CursorWrapper

from lianxin.base.codes import Level
from lianxin.base.days import periods_of_month
from lianxin.ledger.facts import FactRow
from lianxin.ledger.models import ALL_LEVELS
from lianxin.ledger.rows import in_pieces, marks, put
from lianxin.ledger.selections import Fold, tallied

FORKS = tuple(pairwise(Level(depth).length for depth in range(Level.VILLAGE, -1, -1)))
"""(12, 9), (9, 6), (6, 4), (4, 2), (2, 0): how long a branch's code is, and the code of the area where it forks off."""

_FLOW = ("key", "month", "region", "level", "hundredths")
_PRESENCE = ("key", "subject", "month", "region", "level", "hundredths")
_CELL = ("key", "level", "period", "region", "fork", "n")
_ADD_FLOW = (
    'ON CONFLICT ("key", month, region, level) '
    "DO UPDATE SET hundredths = ledger_flowcell.hundredths + excluded.hundredths"
)
_SET_PRESENCE = 'ON CONFLICT ("key", subject, month, region, level) DO UPDATE SET hundredths = excluded.hundredths'
_ADD_CELL = 'ON CONFLICT ("key", level, period, region, fork) DO UPDATE SET n = ledger_cell.n + excluded.n'

Place = tuple[int, str, int]  # month, region, level: where a subject shows, as in Presence
Shown = dict[tuple[str, str], dict[Place, int]]  # (key, subject) → place → hundredths
CellKey = tuple[str, int, str, str, bool]  # as in Cell


def move(rows: Iterable[FactRow]) -> None:
    """Bring flow cells, presence and cells up to these facts, in the transaction that posts them."""
    flows: Counter[tuple[str, int, str, int]] = Counter()
    shown: Shown = defaultdict(lambda: defaultdict(int))
    touched = tallied().touched
    for row in rows:
        for selection in touched(row.measure, row.programme, row.tags):
            if selection.fold is Fold.DISTINCT:
                shown[selection.key, row.subject][row.month, row.region, row.org_level] += row.hundredths
            else:
                flows[selection.key, row.month, row.region, row.org_level] += row.hundredths
    with connection.cursor() as cursor:
        if shown:
            _move_distinct(cursor, shown)
        # sorted, here and below: two writers who meet in the same cells take them in the same order
        put(cursor, "ledger_flowcell", _FLOW, [(*at, n) for at, n in sorted(flows.items()) if n], conflict=_ADD_FLOW)


def _move_distinct(cursor: CursorWrapper, shown: Shown) -> None:
    before = _present(cursor, shown)
    changes: Counter[CellKey] = Counter()
    kept: list[tuple[str, str, int, str, int, int]] = []
    gone: list[tuple[str, str, int, str, int, int]] = []
    for at, deltas in sorted(shown.items()):
        old = before.get(at, {})
        new = dict(old)
        for place, delta in deltas.items():
            new[place] = new.get(place, 0) + delta
            (kept if new[place] else gone).append((*at, *place, new[place]))
        for cell, n in cell_changes(old, new, months={place[0] for place in deltas}).items():
            changes[at[0], *cell] += n
    put(cursor, "ledger_presence", _PRESENCE, kept, conflict=_SET_PRESENCE)
    _remove_presence(cursor, gone)
    put(cursor, "ledger_cell", _CELL, [(*cell, n) for cell, n in sorted(changes.items()) if n], conflict=_ADD_CELL)


def _present(cursor: CursorWrapper, shown: Shown) -> Shown:
    """What the subjects have in every month of the years touched: quarter, half-year and year look at those."""
    months = [place[0] for deltas in shown.values() for place in deltas]
    first, last = min(months) // 100 * 100, max(months) // 100 * 100 + 12
    keys = sorted({key for key, _ in shown})
    found: Shown = defaultdict(dict)
    for subjects in in_pieces(sorted({subject for _, subject in shown})):
        cursor.execute(
            f'SELECT "key", subject, month, region, level, hundredths FROM ledger_presence '
            f'WHERE "key" IN ({marks(len(keys))}) AND subject IN ({marks(len(subjects))}) AND month BETWEEN %s AND %s',
            [*keys, *subjects, first, last],
        )
        for key, subject, month, region, level, hundredths in cursor.fetchall():
            found[key, subject][month, region, level] = hundredths
    return found


def _remove_presence(cursor: CursorWrapper, gone: Sequence[tuple[str, str, int, str, int, int]]) -> None:
    if gone:
        cursor.executemany(
            'DELETE FROM ledger_presence WHERE "key" = %s AND subject = %s AND month = %s AND region = %s '
            "AND level = %s",
            [row[:-1] for row in gone],
        )


def cell_changes(
    old: Mapping[Place, int], new: Mapping[Place, int], *, months: Iterable[int]
) -> Counter[tuple[int, str, str, bool]]:
    """How one subject moves the cells (level, period, region, fork) when what it has goes from `old` to `new`."""
    touched = {code for month in months for code in _codes(month)}
    was, is_now = _showing(old, touched), _showing(new, touched)
    changes: Counter[tuple[int, str, str, bool]] = Counter()
    for at in was.keys() | is_now.keys():
        regions_before, regions_after = was.get(at, frozenset()), is_now.get(at, frozenset())
        if regions_before != regions_after:
            for sign, regions in ((-1, regions_before), (1, regions_after)):
                for (region, fork), n in shares(regions):
                    changes[*at, region, fork] += sign * n
    return changes


def _showing(places: Mapping[Place, int], touched: set[str]) -> dict[tuple[int, str], frozenset[str]]:
    """(level, period) → the regions where the subject shows, for the periods touched; 各级 beside each level."""
    sums: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for (month, region, level), hundredths in places.items():
        for code in _codes(month):
            if code in touched:
                sums[level, code][region] += hundredths
                sums[ALL_LEVELS, code][region] += hundredths
    return {at: frozenset(region for region, n in regions.items() if n > 0) for at, regions in sums.items()}


def shares(regions: frozenset[str]) -> Iterator[tuple[tuple[str, bool], int]]:
    """The cells of a subject that shows in these regions: one at each, less 1 − branches wherever the ways part.

    The sum over any area is 1 if it shows there at all, and nothing otherwise.
    """
    for region in regions:
        yield (region, False), 1
    if len(regions) < 2:
        return
    for branch, fork in FORKS:
        ways: dict[str, set[str]] = defaultdict(set)
        for region in regions:
            if len(region) >= fork:
                ways[region[:fork]].add(region[:branch])
        for area, branches in ways.items():
            if len(branches) > 1:
                yield (area, True), 1 - len(branches)


@cache
def _codes(month: int) -> tuple[str, ...]:
    return tuple(period.code for period in periods_of_month(month))
