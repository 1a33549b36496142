"""One indicator, one region, one period, one number: compute it, alone or many at once, with the year before.

Tables by area and by month stand in `tables`, what is hidden in `veil`, the records in `behind`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from lianxin.base.days import Period
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import IndicatorSpec
from lianxin.indicators.veil import Veil, is_veiled
from lianxin.ledger import folds
from lianxin.ledger.selections import selection_of
from lianxin.ledger.view import LedgerView

_SCALES = {"%": (100, Decimal("0.1")), "‰": (1000, Decimal("0.01"))}
_NOTHING = Decimal(0)
_FINEST = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number with all that says what it is. `value` None: hidden from this reader, or a ratio over nothing."""

    spec: IndicatorSpec
    region: str
    period: Period
    value: Decimal | None
    is_hidden: bool = False
    own_level: bool = False

    @property
    def code(self) -> str:
        return self.spec.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A figure beside the same period of the year before (同比)."""

    now: Figure
    last: Figure

    @property
    def growth(self) -> Decimal | None:
        """(now − last) ÷ last as a ratio; None when one of them is not known, or there was nothing last year."""
        if self.now.value is None or not self.last.value:
            return None
        return (self.now.value - self.last.value) / self.last.value


def compute(spec: IndicatorSpec, view: LedgerView, *, veil: Veil | None = None) -> Figure:
    return compute_all([spec], view, veil=veil)[spec.code]


def compute_all(specs: Iterable[IndicatorSpec], view: LedgerView, *, veil: Veil | None = None) -> dict[str, Figure]:
    """Code → figure. At most three queries for all that have tallies; one more each for those that have none."""
    asked = list(specs)
    counted = [spec for spec in with_parts(asked) if spec.fold != "ratio"]
    numbers = folds.figures(view, map(selection_of, counted))
    hidden = (veil or Veil()).over(counted, view)
    figures = {
        spec.code: _counted(spec, view, numbers[spec.code], is_hidden=view.period.code in hidden.get(spec.code, ()))
        for spec in counted
    }
    return {spec.code: figures.get(spec.code) or _ratio(spec, view, figures) for spec in asked}


def compare_all(specs: Iterable[IndicatorSpec], view: LedgerView, *, veil: Veil | None = None) -> dict[str, Compared]:
    """As `compute_all`, each with the year before; a figure with a veil over it goes without, to spare its families."""
    asked, veil = list(specs), veil or Veil()
    now = compute_all(asked, view, veil=veil)
    before = replace(view, period=view.period.a_year_before)
    last = compute_all([spec for spec in asked if not is_veiled(spec, view)], before, veil=veil)
    return {
        code: Compared(now=figure, last=last.get(code) or _counted(figure.spec, before, _NOTHING, is_hidden=True))
        for code, figure in now.items()
    }


def with_parts(specs: Iterable[IndicatorSpec]) -> list[IndicatorSpec]:
    """These indicators and those that their ratios are made of, each once."""
    found: dict[str, IndicatorSpec] = {}
    waiting = list(specs)
    while waiting:
        spec = waiting.pop(0)
        if spec.code not in found:
            found[spec.code] = spec
            if spec.fold == "ratio":
                waiting += [catalog().indicator(spec.numerator), catalog().indicator(spec.denominator)]
    return list(found.values())


def divided(spec: IndicatorSpec, numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """A ratio in its unit, rounded as it is printed: 50.3 for %; None when the denominator is nothing or not known."""
    if numerator is None or not denominator:
        return None
    scale, finest = _SCALES.get(spec.unit, (1, _FINEST))
    return (numerator * scale / denominator).quantize(finest, rounding=ROUND_HALF_UP).normalize() + 0


def _counted(spec: IndicatorSpec, view: LedgerView, number: Decimal, *, is_hidden: bool) -> Figure:
    return Figure(
        spec=spec,
        region=view.region,
        period=view.period,
        value=None if is_hidden else number,
        is_hidden=is_hidden,
        own_level=view.own_level,
    )


def _ratio(spec: IndicatorSpec, view: LedgerView, figures: Mapping[str, Figure]) -> Figure:
    """Ratios of ratios are worked out on the way down; `check` refuses circles."""
    parts = [
        figures.get(code) or _ratio(catalog().indicator(code), view, figures)
        for code in (spec.numerator, spec.denominator)
    ]
    return Figure(
        spec=spec,
        region=view.region,
        period=view.period,
        value=divided(spec, parts[0].value, parts[1].value),
        is_hidden=any(part.is_hidden for part in parts),
        own_level=view.own_level,
    )
