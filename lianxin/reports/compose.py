"""From a report's shipped wording and a view of the ledger to a Document whose figures are bound. Writes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from lianxin.base.days import Period, Span
from lianxin.base.errors import Refused
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import IndicatorSpec, ReportSpec
from lianxin.indicators.behind import count_behind
from lianxin.indicators.figures import Figure, compute_all
from lianxin.indicators.tables import by_month_all
from lianxin.indicators.veil import Veil
from lianxin.ledger.view import LedgerView
from lianxin.net.regions import region_name
from lianxin.official.document import Block, BoundFigure, Document, Heading, Paragraph, Run, Text

SOME = "若干"
"""Stands for a number that this reader is not shown."""
UNKNOWN = "无法计算"
_WAN = Decimal(10_000)
_HOLE = re.compile(r"\{([^{}]*)\}")
_SENTENCE = re.compile(r"[^。]+。?")
_WORDS = ("region", "period")


@dataclass(frozen=True, slots=True)
class Hole:
    """A figure that the wording asks for: the indicator, and which part of the report's period ("" for all of it)."""

    code: str
    part: str = ""

    @classmethod
    def parse(cls, text: str) -> Hole:
        """visits.times or visits.times@Q1."""
        code, _, part = text.partition("@")
        return cls(code, part)

    def __str__(self) -> str:
        return f"{self.code}@{self.part}" if self.part else self.code

    def period(self, whole: Period) -> Period:
        return Period.parse(f"{whole.year}-{self.part}") if self.part else whole


Figures = Mapping[Hole, Figure]
Records = Mapping[Hole, int | None]


def compose(spec: ReportSpec, view: LedgerView, *, with_records: bool = False) -> Document:
    """The report as the ledger reads now (or at the view's watermark), a draft: nobody has signed it.

    `with_records` also counts what each figure's link opens. Refused when the period is not of the report's kind.
    """
    require_span(spec, view.period)
    figures = read_figures(holes_in(spec), view)
    return write(spec, view, figures, records=count_records(figures, view) if with_records else None)


def write(spec: ReportSpec, view: LedgerView, figures: Figures, *, records: Records | None = None) -> Document:
    """The wording with figures that are already read; `records` says how many rows each one's link opens."""
    writer = _Writer(view, figures, records or {})
    return Document(title=writer.words(spec.title), issuer=None, date=None, blocks=tuple(_blocks(spec, writer)))


_SPANS = {Span.YEAR: "年", Span.HALF: "半年", Span.QUARTER: "季度", Span.MONTH: "月"}


def require_span(spec: ReportSpec, period: Period) -> None:
    """Refused when the period is not of the report's kind."""
    if period.span.value != spec.span:
        raise Refused(f"“{spec.name}”按{_SPANS[Span(spec.span)]}出，{period.name}不合适。", field="period")


def holes_in(spec: ReportSpec) -> tuple[Hole, ...]:
    """Every figure that the wording binds, each once, in reading order."""
    paragraphs = (paragraph for section in spec.sections for paragraph in section.paragraphs)
    return tuple(dict.fromkeys(hole for paragraph in paragraphs for hole in _holes(paragraph)))


def read_figures(holes: Iterable[Hole], view: LedgerView) -> dict[Hole, Figure]:
    """The figures of all holes, in a few queries for each kind of part (whole period, quarters …)."""
    veil, asked = Veil(), list(holes)
    found: dict[Hole, Figure] = {}
    for span in dict.fromkeys(hole.period(view.period).span for hole in asked):
        some = [hole for hole in asked if hole.period(view.period).span is span]
        specs = {hole.code: catalog().indicator(hole.code) for hole in some}.values()
        if span is view.period.span:
            figures = compute_all(specs, view, veil=veil)
            found |= {hole: figures[hole.code] for hole in some}
            continue
        parts = by_month_all(specs, view, span=span, veil=veil)
        for hole in some:
            period = hole.period(view.period)
            found[hole] = next(figure for figure in parts[hole.code] if figure.period == period)
    return found


def count_records(figures: Figures, view: LedgerView) -> dict[Hole, int | None]:
    """How many rows each figure's link opens; None where the number is hidden."""
    veil = Veil()
    return {
        hole: count_behind(figure.spec, replace(view, period=figure.period), veil=veil)
        for hole, figure in figures.items()
    }


def _holes(text: str) -> list[Hole]:
    return [Hole.parse(name) for name in _HOLE.findall(text) if name not in _WORDS]


def _blocks(spec: ReportSpec, writer: _Writer) -> Iterator[Block]:
    """A section of which no sentence is left goes with its heading."""
    for section in spec.sections:
        paragraphs = [tuple(writer.paragraph(text, spec.none)) for text in section.paragraphs]
        said = [Paragraph(runs) for runs in paragraphs if runs]
        if said:
            yield Heading(1, (Text(writer.words(section.heading)),))
            yield from said


@dataclass(frozen=True, slots=True)
class _Writer:
    """Fills the holes of one report."""

    view: LedgerView
    figures: Figures
    records: Records

    def words(self, text: str) -> str:
        return text.replace("{region}", region_name(self.view.region)).replace("{period}", self.view.period.name)

    def paragraph(self, text: str, none: Mapping[str, str]) -> Iterator[Run]:
        """Sentence by sentence: one whose figures are all nothing is said otherwise, or not at all."""
        for sentence in _SENTENCE.findall(text):
            holes = _holes(sentence)
            if holes and all(is_nothing(self.figures[hole]) for hole in holes):
                sentence = none.get(str(holes[0]), "")
            yield from self.runs(sentence)

    def runs(self, text: str) -> Iterator[Run]:
        for place, piece in enumerate(_HOLE.split(self.words(text))):
            if place % 2:
                hole = Hole.parse(piece)
                number, unit = bound(self.figures[hole], records=self.records.get(hole))
                yield number
                yield from (Text(unit),) if unit else ()
            elif piece:
                yield Text(piece)


def is_nothing(figure: Figure) -> bool:
    """Nothing was recorded; a number that is only hidden is something."""
    return not figure.is_hidden and not figure.value


def bound(figure: Figure, *, records: int | None = None) -> tuple[BoundFigure, str]:
    """The number as a report prints it, and its unit after it: 16704 户, 6.96 万元. Such papers have no commas."""
    shown, unit = _shown(figure.spec, figure)
    number = BoundFigure(
        code=figure.code,
        shown=shown,
        value=figure.value,
        unit=figure.spec.unit,
        name=figure.spec.name,
        fold=figure.spec.fold,
        region=figure.region,
        period=figure.period.code,
        records=records,
    )
    return number, unit


def _shown(spec: IndicatorSpec, figure: Figure) -> tuple[str, str]:
    if figure.is_hidden:
        return SOME, spec.unit
    if figure.value is None:
        return UNKNOWN, ""
    if spec.unit == "元" and figure.value >= _WAN:
        return _plain((figure.value / _WAN).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)), "万元"
    return _plain(figure.value), spec.unit


def _plain(value: Decimal) -> str:
    whole = f"{value:f}"
    return whole.rstrip("0").rstrip(".") if "." in whole else whole
