"""Which small figures about protected records one reader is not shown, and which others with them.

A cell from 1 to small − 1 is hidden; so is its complement, as long as something that is shown would give it away. What
is hidden is worked out from a cell's whole family of sisters, level by level, so that every page says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from lianxin.access.verbs import Seal
from lianxin.base.codes import Level, ancestor, level_of
from lianxin.base.days import Period, Span
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import IndicatorSpec, ProgrammeSpec
from lianxin.ledger import folds
from lianxin.ledger.selections import selection_of
from lianxin.ledger.view import LedgerView
from lianxin.records.kinds import kind_of

Hidden = dict[str, frozenset[str]]
"""Period code → the regions whose figure is hidden then."""

Numbers = dict[str, dict[str, Decimal]]
"""Period code → region → number."""

Above = Callable[[str], bool]
"""Whether the sum of a family is hidden in a period."""

_ROOT = Level.CITY  # from here up only a figure's own smallness counts; nobody sees the sisters of her city
_COARSE_TO_FINE = (Span.YEAR, Span.HALF, Span.QUARTER, Span.MONTH)
_ZERO = Decimal(0)


def programmes_behind(spec: IndicatorSpec) -> tuple[ProgrammeSpec, ...]:
    """The lines of work that post what a figure counts, as far as its `where` names them."""
    named = {code for name, codes in spec.where if name in ("purpose", "list", "programme") for code in codes}
    named |= {reason.split("/")[0] for name, codes in spec.where if name == "reason" for reason in codes}
    return tuple(
        programme
        for programme in catalog().of_kind(catalog().measure(spec.measure).owner)
        if (programme.code in named if named else any(fact.measure == spec.measure for fact in programme.facts))
    )


def is_veiled(spec: IndicatorSpec, view: LedgerView) -> bool:
    """Whether small numbers are kept from this reader: she may not read all the protected records of the region."""
    if not spec.small or spec.fold == "ratio":
        return False
    read = kind_of(catalog().measure(spec.measure).owner).verbs["read"]
    return not all(
        view.actor.may(read, region=view.region, programme=programme.code, seal=_delicate(Seal(programme.seal)))
        for programme in programmes_behind(spec)
    )


def _delicate(seal: Seal) -> Seal:
    """`small` says that a figure is delicate: to read all of it takes the staff's eyes, even of an open programme."""
    return Seal.STAFF if seal is Seal.OPEN else seal


class Veil:
    """What is hidden, for the figures of one page: each family of sisters is read once."""

    def __init__(self) -> None:
        self._families: dict[tuple[object, ...], Hidden] = {}

    def over(
        self, specs: Iterable[IndicatorSpec], view: LedgerView, *, span: Span | None = None
    ) -> dict[str, frozenset[str]]:
        """Code → the periods in which the view's own figure is hidden: its period, or its parts of a span."""
        asked = [spec for spec in specs if is_veiled(spec, view)]
        if not asked:
            return {}
        span = span or view.period.span
        every = frozenset(part.code for part in view.period.parts(span))
        if view.own_level:  # 各级 less 本级 would give a small number away
            return dict.fromkeys((spec.code for spec in asked), every)
        # By class or grade not even a nothing is shown: where one part alone is not nothing, it is the whole.
        parts = {spec.code: every for spec in asked if spec.of}
        return parts | self._over([spec for spec in asked if not spec.of], view, span)

    def _over(self, asked: Sequence[IndicatorSpec], view: LedgerView, span: Span) -> dict[str, frozenset[str]]:
        if not asked:
            return {}
        if level_of(view.region) <= _ROOT:
            families = self._families_of(asked, view, None, span)
        else:
            level = level_of(view.region)
            above = replace(view, region=ancestor(view.region, Level(level - 1)))
            families = self.over_parts(asked, above, level=level, span=span)
        return {
            code: frozenset(period for period, regions in hidden.items() if view.region in regions)
            for code, hidden in families.items()
        }

    def over_parts(
        self, specs: Iterable[IndicatorSpec], view: LedgerView, *, level: Level, span: Span | None = None
    ) -> dict[str, Hidden]:
        """Code → period → the areas of a level within the view's region whose figures are hidden."""
        asked = [spec for spec in specs if is_veiled(spec, view)]
        whole = replace(view, own_level=False)
        return self._families_of(asked, whole, level, span or view.period.span) if asked else {}

    def _families_of(
        self, specs: Sequence[IndicatorSpec], view: LedgerView, level: Level | None, span: Span
    ) -> dict[str, Hidden]:
        place = (view.actor.account, view.region, level, view.watermark)
        keys = {spec.code: (*place, spec.code, *_stretch(spec, view, span)) for spec in specs}
        new = [spec for spec in specs if keys[spec.code] not in self._families]
        for code, hidden in self._read(new, view, level, span).items():
            self._families[keys[code]] = hidden
        return {spec.code: self._families[keys[spec.code]] for spec in specs}

    def _read(
        self, specs: Sequence[IndicatorSpec], view: LedgerView, level: Level | None, span: Span
    ) -> dict[str, Hidden]:
        found: dict[str, Hidden] = {}
        for is_distinct in (False, True):
            some = [spec for spec in specs if (spec.fold == "distinct") is is_distinct]
            if not some:
                continue
            stretch, step = _stretch(some[0], view, span)
            whole = replace(view, period=stretch)
            for code, numbers in _numbers(some, whole, level, step).items():
                spec = catalog().indicator(code)
                by_fold = {"flow": _flow_family, "stock": _stock_family, "distinct": _plain_family}
                tell = _part_family if spec.of else by_fold[spec.fold]
                shown = _without_known(spec, whole, numbers)
                found[code] = tell(shown, spec.small, stretch, step, self._above(some, spec, whole, step))
        return found

    def _above(self, specs: Sequence[IndicatorSpec], spec: IndicatorSpec, view: LedgerView, step: Span) -> Above:
        """Whether the sum of a family is itself hidden. Asked only where nothing else is, which is seldom."""

        def is_hidden(period: str) -> bool:
            # A root is hidden only for being small; then each of its parts is small, too, and nobody asks.
            return level_of(view.region) > _ROOT and period in self.over(specs, view, span=step).get(spec.code, ())

        return is_hidden


def _stretch(spec: IndicatorSpec, view: LedgerView, span: Span) -> tuple[Period, Span]:
    """What is read of a family at once. Months of a flow add up to its year, so the whole year is one question."""
    return (view.period, span) if spec.fold == "distinct" else (Period.of_year(view.period.year), Span.MONTH)


def _numbers(specs: Sequence[IndicatorSpec], view: LedgerView, level: Level | None, span: Span) -> dict[str, Numbers]:
    selections = [selection_of(spec) for spec in specs]
    found: dict[str, Numbers] = {spec.code: {} for spec in specs}
    if level is None:
        for code, cells in folds.by_period(view, selections, span=span).items():
            found[code] = {period: {view.region: n} for period, n in cells.items()}
        return found
    for code, grid in folds.by_region_and_period(view, selections, level=level, span=span).items():
        for (region, period), n in grid.items():
            found[code].setdefault(period, {})[region] = n
    return found


def _without_known(spec: IndicatorSpec, view: LedgerView, numbers: Numbers) -> Numbers:
    """Without the areas that the reader reads in full: they are shown to her, so they hide nothing beside them."""
    regions = {region for cells in numbers.values() for region in cells}
    known = {region for region in regions if not is_veiled(spec, replace(view, region=region))}
    return {
        period: {region: n for region, n in cells.items() if region not in known} for period, cells in numbers.items()
    }


def veiled_rows(
    rows: Mapping[str, Sequence[Decimal]], small: int, *, is_sum_hidden: bool = False, already: Iterable[str] = ()
) -> frozenset[str]:
    """The rows of a table that must be hidden, each whole; the sums of its columns are shown unless told otherwise.

    Every row with a small cell; then the smallest others, until nothing small is left to be had by subtraction.
    """
    hidden = set(already) | {name for name, cells in rows.items() if any(0 < cell < small for cell in cells)}
    others = sorted(
        (name for name, cells in rows.items() if name not in hidden and any(cells)),
        key=lambda name: (sum(rows[name]), name),
    )
    while others and _gives_away([rows[name] for name in hidden], small, is_sum_hidden=is_sum_hidden):
        hidden.add(others.pop(0))
    return frozenset(hidden)


def _gives_away(hidden: Sequence[Sequence[Decimal]], small: int, *, is_sum_hidden: bool) -> bool:
    if is_sum_hidden:  # with every part shown, the sum could be had
        return not hidden
    return any(0 < sum(cells) < small for cells in zip(*hidden, strict=True))


def _flow_family(numbers: Numbers, small: int, year: Period, step: Span, above: Above) -> Hidden:
    """Each area's months are one row. What is hidden for the year stays hidden in its quarters, and so on down."""
    regions = {region for cells in numbers.values() for region in cells}
    found: Hidden = {}
    hidden: frozenset[str] = frozenset()
    for span in _COARSE_TO_FINE[: _COARSE_TO_FINE.index(step) + 1]:
        parts = year.parts(span)
        rows = {region: [_sum_within(numbers, region, part) for part in parts] for region in regions}
        hidden = _veiled(rows, small, parts[0], above, already=hidden)
        found |= {part.code: hidden for part in parts}
    return found


def _stock_family(numbers: Numbers, small: int, year: Period, step: Span, above: Above) -> Hidden:
    """A balance at the end of a quarter is the one at the end of its last month."""
    found = _plain_family(numbers, small, year, step, above)
    by_end = {part.end: found[part.code] for part in year.parts(step)}
    return {part.code: by_end[part.end] for span in _COARSE_TO_FINE for part in year.parts(span)}


def _plain_family(numbers: Numbers, small: int, whole: Period, step: Span, above: Above) -> Hidden:
    return {
        part.code: _veiled({region: [n] for region, n in numbers.get(part.code, {}).items()}, small, part, above)
        for part in whole.parts(step)
    }


def _part_family(numbers: Numbers, small: int, whole: Period, step: Span, above: Above) -> Hidden:
    """A part by class or grade is hidden whole: its sisters are other figures, and their sum stands beside them."""
    del small, step, above
    regions = frozenset(region for cells in numbers.values() for region in cells)
    return {part.code: regions for span in _COARSE_TO_FINE for part in whole.parts(span)}


def _veiled(
    rows: Mapping[str, Sequence[Decimal]], small: int, part: Period, above: Above, *, already: Iterable[str] = ()
) -> frozenset[str]:
    """What is hidden beside a shown sum is enough beside a hidden one, unless it is nothing."""
    hidden = veiled_rows(rows, small, already=already)
    if hidden or not any(any(cells) for cells in rows.values()) or not above(part.code):
        return hidden
    return veiled_rows(rows, small, is_sum_hidden=True)


def _sum_within(numbers: Numbers, region: str, part: Period) -> Decimal:
    months = (cells.get(region, _ZERO) for code, cells in numbers.items() if part.holds(Period.parse(code).start))
    return sum(months, _ZERO)
