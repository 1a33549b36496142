"""Which days people work: the published arrangements of the library, a county's own table over them, else weekends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from chinese_calendar.constants import holidays, workdays

from lianxin.catalog.clocks import YearSpec

ONE_DAY = dt.timedelta(days=1)
_SATURDAY = 5
LIBRARY_YEARS = frozenset(day.year for day in holidays)


@dataclass(frozen=True, slots=True)
class Calendar:
    """`years` are the county's; within them the library is not asked. `off` and `on` are what their notices print."""

    years: frozenset[int]
    off: frozenset[dt.date]
    on: frozenset[dt.date]

    def is_published(self, year: int) -> bool:
        """Whether that year's holidays and moved working days are known."""
        return year in self.years or year in LIBRARY_YEARS

    def is_workday(self, day: dt.date) -> bool:
        """By the county's table, else the library's, else Monday to Friday."""
        if day in self.on:
            return True
        if day in self.off:
            return False
        if day.year not in self.years:
            if day in workdays:
                return True
            if day in holidays:
                return False
        return day.weekday() < _SATURDAY

    def next_workday(self, day: dt.date) -> dt.date:
        """That day itself when people work on it, or the next on which they do."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day


def calendar_of(years: Mapping[int, YearSpec]) -> Calendar:
    """The calendar with a county's tables laid over the library's."""
    return _calendar(tuple(years.values()))


@cache
def _calendar(years: tuple[YearSpec, ...]) -> Calendar:
    off = {day for year in years for rest in year.rests for day in _days(rest.first, rest.last)}
    on = {day for year in years for day in year.work}
    return Calendar(frozenset(year.year for year in years), frozenset(off - on), frozenset(on))


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
