"""What an address asks for: which region, which period, 各级 or 本级; and the links that lead on from there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import QueryDict
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.base.codes import NATION, Level, as_typed, level_of
from lianxin.base.days import FIRST_YEAR, Period, Span
from lianxin.base.errors import Refused
from lianxin.catalog.current import catalog
from lianxin.desk.house import home_region
from lianxin.indicators.reach import figure_view, may_look_at
from lianxin.indicators.tables import Area
from lianxin.ledger import folds
from lianxin.ledger.selections import selection_of
from lianxin.ledger.view import LedgerView
from lianxin.net.regions import region_name
from lianxin.ui.parts import Chip, Crumb

YEARS_BACK = 8  # how far a page looks for the last year with records, when this one has none yet
_LATEST = "figures.latest.{}"
_LATEST_KEPT = 300  # seconds
_QUARTERS = "一二三四"
_YEARS = 5  # a plan's term


@dataclass(frozen=True, slots=True)
class Asked:
    """A region in a period, seen by somebody today."""

    actor: Actor
    region: str
    period: Period
    today: dt.date
    own_level: bool = False

    @property
    def view(self) -> LedgerView:
        return figure_view(self.actor, self.region, self.period, own_level=self.own_level)

    @property
    def place(self) -> str:
        return region_name(self.region)

    @property
    def is_over(self) -> bool:
        """Whether nothing more can happen in the period."""
        return self.period.end <= self.today

    @property
    def this_name(self) -> str:
        return "今年" if self.period.year == self.today.year else f"{self.period.year}年"

    @property
    def last_name(self) -> str:
        """What the same period of the year before is called beside it."""
        return "去年" if self.period.year == self.today.year else f"{self.period.year - 1}年"

    @property
    def said(self) -> str:
        """今年, or the period's own name."""
        return self.this_name if self.period.span is Span.YEAR else self.period.name

    def elsewhere(self, region: str) -> Asked:
        return replace(self, region=region)

    def during(self, period: Period) -> Asked:
        return replace(self, period=period)

    def link(self, name: str, *args: str, **more: str) -> str:
        """The page `name` for this region and period."""
        asked = {"region": self.region, "period": self.period.code, "own": "1" if self.own_level else ""} | more
        return f"{reverse(name, args=args)}?{urlencode({key: value for key, value in asked.items() if value})}"


def asked_of(actor: Actor, given: QueryDict | Mapping[str, str], *, today: dt.date) -> Asked:
    """From an address. Refused for a region or period that is none, Unseen for another county's."""
    place = _region(actor, given.get("region", ""))
    figure_view(actor, place, Period.of_year(today.year))  # refused before anything is asked about it
    text = given.get("period", "").strip()
    period = Period.parse(text) if text else latest_year(actor, place, today=today)
    if not FIRST_YEAR <= period.year <= today.year + 1:
        raise Refused(f"只能看 {FIRST_YEAR} 年到今年的数字。", field="period")
    return Asked(actor, place, period, today, own_level=given.get("own") == "1")


def _region(actor: Actor, text: str) -> str:
    if not text.strip():
        return home_region(actor)
    code = as_typed(text)
    if level_of(code) == Level.NATION:
        return NATION
    if region_name(code) == code:
        raise Refused(f"没有“{code}”这个区划，请核对代码。", field="region")
    return code


def latest_year(actor: Actor, region: str, *, today: dt.date) -> Period:
    """This year; while nothing is recorded in it, the last one that has records (a demonstration's year)."""
    this = Period.of_year(today.year)
    if _has_records(LedgerView(actor, region, this)):
        return this
    kept = _LATEST.format(region)
    year: int | None = cache.get(kept)
    if year is None:
        back = (Period.of_year(today.year - years) for years in range(1, YEARS_BACK + 1))
        year = next((period.year for period in back if _has_records(LedgerView(actor, region, period))), today.year)
        cache.set(kept, year, _LATEST_KEPT)
    return Period.of_year(year)


def _has_records(view: LedgerView) -> bool:
    """One query over the kept sums."""
    flows = [selection_of(spec) for spec in catalog().indicators.values() if spec.fold == "flow" and spec.tally]
    return any(folds.figures(view, flows).values())


def year_chips(asked: Asked, name: str, *args: str, **more: str) -> tuple[Chip, ...]:
    """The last years up to this one, and the one that is looked at with its neighbours."""
    here, this = asked.period.year, asked.today.year
    years = {*range(this - _YEARS, this + 1), here - 1, here, here + 1}
    return tuple(
        _chip(asked, Period.of_year(year), f"{year}年", name, *args, **more)
        for year in sorted(years)
        if FIRST_YEAR <= year <= this
    )


def part_chips(asked: Asked, name: str, *args: str, **more: str) -> tuple[tuple[Chip, ...], ...]:
    """Halves and quarters, then months, of the year; those that have not begun are left out."""
    year = Period.of_year(asked.period.year)
    rows = ((*year.parts(Span.HALF), *year.parts(Span.QUARTER)), year.parts(Span.MONTH))
    return tuple(
        tuple(_chip(asked, part, _short(part), name, *args, **more) for part in row if part.start <= asked.today)
        for row in rows
    )


def _chip(asked: Asked, period: Period, label: str, name: str, *args: str, **more: str) -> Chip:
    is_on = period == asked.period
    return Chip(label=label, href=asked.during(period).link(name, *args, **more), is_on=is_on)


def _short(period: Period) -> str:
    match period.span:
        case Span.HALF:
            return "上半年" if period.first_month == 1 else "下半年"
        case Span.QUARTER:
            return f"{_QUARTERS[period.first_month // 3]}季度"
        case _:
            return f"{period.first_month}月"


def region_crumbs(asked: Asked, name: str, *args: str, **more: str) -> tuple[Crumb, ...]:
    """The regions from the province down to the one that is looked at, as far as she may look, without placeholders."""
    if asked.region == NATION:
        return (Crumb(region_name(NATION)),)
    steps = [asked.region[: Level(depth).length] for depth in range(1, level_of(asked.region) + 1)]
    shown = [step for step in steps if may_look_at(asked.actor, step) and not _is_placeholder(step)]
    return tuple(
        Crumb(region_name(step), asked.elsewhere(step).link(name, *args, **more) if step != asked.region else "")
        for step in shown
    )


def _is_placeholder(code: str) -> bool:
    return region_name(code) in ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


def region_chips(asked: Asked, areas: Iterable[Area], name: str, *args: str, **more: str) -> tuple[Chip, ...]:
    """The regions right below, to narrow to."""
    return tuple(
        Chip(label=area.name, href=asked.elsewhere(area.code).link(name, *args, **more))
        for area in areas
        if may_look_at(asked.actor, area.code)
    )


def level_chips(asked: Asked, name: str, *args: str, **more: str) -> tuple[Chip, ...]:
    """各级 (what organisations of every level did) and 本级 (only those of the region's own level)."""
    every, own = replace(asked, own_level=False), replace(asked, own_level=True)
    return (
        Chip(label="各级", href=every.link(name, *args, **more), is_on=not asked.own_level),
        Chip(label="本级", href=own.link(name, *args, **more), is_on=asked.own_level),
    )
