"""A figure cut into its parts: by the areas right below, by month (or quarter), by both. Areas are never ranked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lianxin.base.codes import Level, is_under, level_of
from lianxin.base.days import Period, Span
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import IndicatorSpec
from lianxin.indicators.figures import Figure, divided, with_parts
from lianxin.indicators.veil import Veil
from lianxin.ledger import folds
from lianxin.ledger.selections import selection_of
from lianxin.ledger.view import LedgerView
from lianxin.net.regions import children, region_name

_Numbers = dict[str, dict[tuple[str, str], Decimal]]
_Hidden = Mapping[str, frozenset[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Area:
    """One area that a table has a row for. `level` is how deep its code is cut."""

    code: str
    name: str
    level: Level


def by_town(
    spec: IndicatorSpec, view: LedgerView, *, veil: Veil | None = None, areas: Sequence[Area] | None = None
) -> tuple[Figure, ...]:
    """A figure for each area right below (towns of a county, villages of a town), in order of code."""
    return by_town_all([spec], view, veil=veil, areas=areas)[spec.code]


def by_town_all(
    specs: Iterable[IndicatorSpec], view: LedgerView, *, veil: Veil | None = None, areas: Sequence[Area] | None = None
) -> dict[str, tuple[Figure, ...]]:
    """Code → the figures of the areas right below; `areas` where the caller has already asked which these are."""
    cut = _cut(list(specs), view, areas_below(view.region) if areas is None else areas, veil=veil or Veil())
    return {code: tuple(rows) for code, rows in cut.items()}


def by_month(
    spec: IndicatorSpec, view: LedgerView, *, span: Span = Span.MONTH, veil: Veil | None = None
) -> tuple[Figure, ...]:
    """A figure for each month (or quarter, half-year) of the period, in order; a stock's at its last day."""
    return by_month_all([spec], view, span=span, veil=veil)[spec.code]


def by_month_all(
    specs: Iterable[IndicatorSpec], view: LedgerView, *, span: Span = Span.MONTH, veil: Veil | None = None
) -> dict[str, tuple[Figure, ...]]:
    """Code → the figures of the parts of the period."""
    asked = list(specs)
    counted = [spec for spec in with_parts(asked) if spec.fold != "ratio"]
    numbers: _Numbers = {
        code: {("", period): n for period, n in cells.items()}
        for code, cells in folds.by_period(view, map(selection_of, counted), span=span).items()
    }
    hidden = {
        code: frozenset(("", period) for period in periods)
        for code, periods in (veil or Veil()).over(counted, view, span=span).items()
    }
    places = [("", part.code) for part in view.period.parts(span)]
    return {spec.code: tuple(_rows(spec, view, places, numbers, hidden)) for spec in asked}


def by_town_and_month(
    spec: IndicatorSpec, view: LedgerView, *, span: Span = Span.MONTH, veil: Veil | None = None
) -> dict[str, tuple[Figure, ...]]:
    """Area → its figures by month; areas in order of code."""
    rows = _cut([spec], view, areas_below(view.region), span=span, veil=veil or Veil())[spec.code]
    table: dict[str, tuple[Figure, ...]] = {}
    for figure in rows:
        table[figure.region] = (*table.get(figure.region, ()), figure)
    return table


def areas_below(region: str) -> tuple[Area, ...]:
    """The areas that stand right below, in order of code; none of a village."""
    if level_of(region) >= Level.VILLAGE:
        return ()
    return tuple(Area(row.code, region_name(row.code), Level(row.level)) for row in children(region))


def _with_others(areas: Iterable[Area], region: str, seen: Iterable[str]) -> list[str]:
    """The areas' codes, and what else has figures: a withdrawn code; the region itself, for what no part has."""
    found = {area.code for area in areas}
    for code in sorted(seen):
        if code == region or not any(is_under(code, area) or is_under(area, code) for area in found):
            found.add(code)
    return sorted(found)


def _cut(
    specs: list[IndicatorSpec], view: LedgerView, areas: Sequence[Area], *, veil: Veil, span: Span | None = None
) -> dict[str, list[Figure]]:
    if level_of(view.region) >= Level.VILLAGE:
        return {spec.code: [] for spec in specs}
    counted = [spec for spec in with_parts(specs) if spec.fold != "ratio"]
    numbers: _Numbers = {spec.code: {} for spec in counted}
    hidden: dict[str, set[tuple[str, str]]] = {}
    # One level, but for the handful of places whose counties stand right below a province.
    for level in sorted({area.level for area in areas} or {Level(level_of(view.region) + 1)}):
        grids = folds.by_region_and_period(view, map(selection_of, counted), level=level, span=span or view.period.span)
        for code, grid in grids.items():
            numbers[code] |= grid
        for code, found in veil.over_parts(counted, view, level=level, span=span).items():
            hidden.setdefault(code, set()).update((region, at) for at, regions in found.items() for region in regions)
    seen = {region for grid in numbers.values() for (region, _), n in grid.items() if n}
    periods = [part.code for part in view.period.parts(span)] if span else [view.period.code]
    places = [(code, period) for code in _with_others(areas, view.region, seen) for period in periods]
    frozen = {code: frozenset(at) for code, at in hidden.items()}
    return {spec.code: list(_rows(spec, view, places, numbers, frozen)) for spec in specs}


def _rows(
    spec: IndicatorSpec, view: LedgerView, places: Iterable[tuple[str, str]], numbers: _Numbers, hidden: _Hidden
) -> Iterable[Figure]:
    for region, period in places:
        number, is_hidden = _number(spec, (region, period), numbers, hidden)
        yield Figure(
            spec=spec,
            region=region or view.region,
            period=Period.parse(period),
            value=number,
            is_hidden=is_hidden,
            own_level=view.own_level,
        )


def _number(
    spec: IndicatorSpec, at: tuple[str, str], numbers: _Numbers, hidden: _Hidden
) -> tuple[Decimal | None, bool]:
    if spec.fold != "ratio":
        is_hidden = at in hidden.get(spec.code, ())
        return (None if is_hidden else numbers[spec.code].get(at, Decimal(0))), is_hidden
    over = _number(catalog().indicator(spec.numerator), at, numbers, hidden)
    under = _number(catalog().indicator(spec.denominator), at, numbers, hidden)
    return divided(spec, over[0], under[0]), over[1] or under[1]
