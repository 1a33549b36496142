"""How a reading is cut, by region and by time, as SQL over a region and a month column. Facts and cells alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from lianxin.base.codes import Level, level_of, range_under
from lianxin.base.days import Period, Span
from lianxin.ledger.models import GRAINS
from lianxin.ledger.view import LedgerView

Grid = dict[tuple[str, str], int]
"""(region, period code) → hundredths, or subjects; "" where the reading is not cut that way."""

_MONTH_OF_YEAR = "(month - month / 100 * 100)"  # without %, which would be taken for a parameter
_NUMBERS = {
    Span.YEAR: "month / 100",
    Span.HALF: f"(month / 100 * 10 + ({_MONTH_OF_YEAR} + 5) / 6)",
    Span.QUARTER: f"(month / 100 * 10 + ({_MONTH_OF_YEAR} + 2) / 3)",
    Span.MONTH: "month",
}
_SIGNS = {Span.YEAR: "", Span.HALF: "-H", Span.QUARTER: "-Q", Span.MONTH: "-"}


@dataclass(frozen=True, slots=True)
class Cut:
    """By the areas of one level, by the periods of one span, by both, or not at all.

    What counts at a code above `level` (done at the county itself, in a reading by town) keeps its own code.
    """

    level: Level | None = None
    span: Span | None = None

    @property
    def region(self) -> str:
        return f"SUBSTR(region, 1, {self.level.length})" if self.level else "CAST('' AS TEXT)"

    @property
    def period(self) -> str:
        """A number that `code` makes a period's code of."""
        return period_number(self.span) if self.span else "0"

    def code(self, number: int) -> str:
        return _code(self.span, number) if self.span else ""

    def periods(self, whole: Period) -> tuple[Period, ...]:
        """The periods that the reading is about."""
        return whole.parts(self.span) if self.span else (whole,)

    def grain(self, view: LedgerView) -> int:
        """Which of the two copies of each cell to read: the towns', unless villages are asked for."""
        village, town = GRAINS
        return village if Level.VILLAGE in (self.level, level_of(view.region)) else town

    def checked(self, view: LedgerView) -> Cut:
        """Itself; ValueError when it does not cut the view into parts."""
        if self.level is not None and self.level < level_of(view.region):
            raise ValueError(f"{view.region} is not made of areas of level {self.level.name}")
        if self.span is not None and self.span.months > view.period.span.months:
            raise ValueError(f"{view.period.code} is not made of periods of a {self.span}")
        return self


def period_number(span: Span) -> str:
    """SQL: a number for the period that `month` (yyyymm) falls in: 2021, 20211 or 202103."""
    return _NUMBERS[span]


@cache
def _code(span: Span, number: int) -> str:
    text = str(number)
    return f"{text[:4]}{_SIGNS[span]}{text[4:]}"


def area(region: str) -> tuple[str, list[Any]]:
    """SQL: the region and all below it."""
    match level_of(region):
        case Level.NATION:
            return "1 = 1", []
        case Level.VILLAGE:
            return "region = %s", [region]
        case _:
            return "region >= %s AND region < %s", list(range_under(region))


def fact_area(region: str) -> tuple[str, list[Any]]:
    """SQL over ledger_fact: the same, said so that the index by measure, county and day serves."""
    within, params = area(region)
    level = level_of(region)
    if level == Level.COUNTY:
        return "county = %s", [region]
    if level > Level.COUNTY:
        return f"county = %s AND {within}", [region[: Level.COUNTY.length], *params]
    return within, params


def running(rows: Iterable[tuple[str, int, int]], periods: Iterable[Period]) -> Grid:
    """Balances at the end of each period out of (region, month, change); changes before the first are taken along."""
    changes = sorted((month, region, int(change)) for region, month, change in rows)
    balances: dict[str, int] = {region: 0 for _, region, _ in changes}
    grid: Grid = {}
    place = 0
    for period in periods:
        while place < len(changes) and changes[place][0] <= period.months[-1]:
            _, region, change = changes[place]
            balances[region] += change
            place += 1
        grid |= {(region, period.code): balance for region, balance in balances.items()}
    return grid
