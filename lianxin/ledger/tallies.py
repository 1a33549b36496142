"""Moves the tallies by the facts just posted. What the cells should be from scratch is `recount`'s to say, not ours.

A subject shows in a place when what it has there in the period is above zero; the rules stand in docs/decisions/0003.
"""

# ruff: noqa: S608 - SQL is put together from our own names; every value is a parameter
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

from django.db import connection
from django.db.backends.utils import CursorWrapper

from lianxin.base.codes import Level
from lianxin.base.days import periods_of_month
from lianxin.ledger.facts import FactRow
from lianxin.ledger.models import ALL_LEVELS, GRAINS
from lianxin.ledger.rows import in_pieces, marks, put
from lianxin.ledger.selections import Fold, tallied

FORKS = tuple(pairwise(Level(depth).length for depth in range(Level.VILLAGE, -1, -1)))
"""(12, 9), (9, 6), (6, 4), (4, 2), (2, 0): how long a branch's code is, and the code of the area where it forks off."""

_FLOW = ("key", "grain", "month", "region", "level", "hundredths")
_PRESENCE = ("key", "subject", "month", "region", "level", "hundredths")
_CELL = ("key", "grain", "level", "period", "region", "fork", "n")
_ADD_FLOW = (
    'ON CONFLICT ("key", grain, month, region, level) '
    "DO UPDATE SET hundredths = ledger_flowcell.hundredths + excluded.hundredths"
)
_SET_PRESENCE = 'ON CONFLICT ("key", subject, month, region, level) DO UPDATE SET hundredths = excluded.hundredths'
_ADD_CELL = 'ON CONFLICT ("key", grain, level, period, region, fork) DO UPDATE SET n = ledger_cell.n + excluded.n'

_VILLAGE, _TOWN = GRAINS
_TOWN_LENGTH = Level.TOWN.length

Place = tuple[int, str, int]  # month, region, level: where a subject shows, as in Presence
Shown = dict[tuple[str, str], dict[Place, int]]  # (key, subject) → place → hundredths
Changes = Counter[tuple[int, str, str, bool]]  # level, period, region, fork → by how many


def move(rows: Iterable[FactRow]) -> None:
    """Bring flow cells, presence and cells up to these facts, in the transaction that posts them."""
    flows: Counter[tuple[str, int, int, str, int]] = Counter()
    shown: Shown = defaultdict(lambda: defaultdict(int))
    touched = tallied().touched
    for row in rows:
        for selection in touched(row.measure, row.programme, row.tags):
            if selection.fold is Fold.DISTINCT:
                shown[selection.key, row.subject][row.month, row.region, row.org_level] += row.hundredths
            else:
                flows[selection.key, _VILLAGE, row.month, row.region, row.org_level] += row.hundredths
                flows[selection.key, _TOWN, row.month, row.region[:_TOWN_LENGTH], row.org_level] += row.hundredths
    with connection.cursor() as cursor:
        if shown:
            _move_distinct(cursor, shown)
        # sorted, here and below: two writers who meet in the same cells take them in the same order
        put(cursor, "ledger_flowcell", _FLOW, [(*at, n) for at, n in sorted(flows.items()) if n], conflict=_ADD_FLOW)


def _move_distinct(cursor: CursorWrapper, shown: Shown) -> None:
    before = _present(cursor, shown)
    changes: dict[str, Changes] = defaultdict(Counter)
    kept: list[tuple[str, str, int, str, int, int]] = []
    gone: list[tuple[str, str, int, str, int, int]] = []
    for at, deltas in sorted(shown.items()):
        old = before.get(at, {})
        for place, delta in deltas.items():
            new = old.get(place, 0) + delta
            (kept if new else gone).append((*at, *place, new))
        changes[at[0]].update(cell_changes(old, deltas))
    cells = [(key, *cell, n) for key, of_key in changes.items() for cell, n in _in_both_grains(of_key).items() if n]
    put(cursor, "ledger_presence", _PRESENCE, kept, conflict=_SET_PRESENCE)
    _remove_presence(cursor, gone)
    put(cursor, "ledger_cell", _CELL, sorted(cells), conflict=_ADD_CELL)


def _in_both_grains(changes: Changes) -> Counter[tuple[int, int, str, str, bool]]:
    """As they are, and with whatever lies in a town taken together at the town."""
    both: Counter[tuple[int, int, str, str, bool]] = Counter()
    for (level, period, region, fork), n in changes.items():
        both[_VILLAGE, level, period, region, fork] += n
        both[_TOWN, level, period, region[:_TOWN_LENGTH], fork and len(region) < _TOWN_LENGTH] += n
    return both


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


def cell_changes(old: Mapping[Place, int], deltas: Mapping[Place, int]) -> Changes:
    """How one subject moves the cells when what it has, `old` until now, grows by `deltas`."""
    touched = {code for month, _, _ in deltas for code in _codes(month)}
    sums: dict[tuple[int, str, str], int] = {}
    _add(sums, old, touched)
    was = {at for at, n in sums.items() if n > 0}
    _add(sums, deltas, touched)
    shows = {at for at, n in sums.items() if n > 0}
    changes: Changes = Counter({(*at, False): 1 if at in shows else -1 for at in was ^ shows})
    if len({region for _, _, region in was | shows}) > 1:
        for sign, showing in ((-1, was), (1, shows)):
            for (level, period), regions in _by_time(showing).items():
                for area, n in forks(regions):
                    changes[level, period, area, True] += sign * n
    return changes


def _add(sums: dict[tuple[int, str, str], int], places: Mapping[Place, int], touched: set[str]) -> None:
    """Add up by (level, period, region) for the periods touched, 各级 beside each level."""
    for (month, region, level), hundredths in places.items():
        for code in _codes(month):
            if code in touched:
                for at in ((level, code, region), (ALL_LEVELS, code, region)):
                    sums[at] = sums.get(at, 0) + hundredths


def _by_time(showing: Iterable[tuple[int, str, str]]) -> dict[tuple[int, str], set[str]]:
    regions: dict[tuple[int, str], set[str]] = defaultdict(set)
    for level, period, region in showing:
        regions[level, period].add(region)
    return regions


def forks(regions: Collection[str]) -> Iterator[tuple[str, int]]:
    """Where the ways to the regions part, and 1 − the number of branches there.

    With one for each region, the sum over any area is 1 if a subject shows there at all, and nothing otherwise.
    """
    if len(regions) < 2:
        return
    for branch, fork in FORKS:
        ways: dict[str, set[str]] = defaultdict(set)
        for region in regions:
            if len(region) >= fork:
                ways[region[:fork]].add(region[:branch])
        yield from ((area, 1 - len(branches)) for area, branches in ways.items() if len(branches) > 1)


@cache
def _codes(month: int) -> tuple[str, ...]:
    return tuple(period.code for period in periods_of_month(month))
