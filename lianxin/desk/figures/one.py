"""One figure opened: how many, what that means, by place, by month, how it is counted. Its records: records.py."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.utils.timezone import localtime

from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of
from lianxin.base.days import Span, say_day, today
from lianxin.base.errors import Unseen
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import IndicatorSpec
from lianxin.desk.figures import shown
from lianxin.desk.figures.asked import Asked, asked_of, level_chips, part_chips, region_crumbs, year_chips
from lianxin.indicators.explain import FOLD_NAMES, Told, explain, fold_words, hidden_note
from lianxin.indicators.figures import Compared, Figure, compare_all
from lianxin.indicators.tables import areas_below, by_month, by_town
from lianxin.indicators.veil import Veil
from lianxin.ledger.seals import corrected_since, seal_over
from lianxin.ledger.selections import selection_of
from lianxin.ledger.splits import parts_of as split
from lianxin.ledger.view import LedgerView
from lianxin.reports.compose import holes_in
from lianxin.ui import charts
from lianxin.ui.parts import Cell, Chip, Column, Crumb, Known, Row, Table
from lianxin.ui.say import say_change, say_number
from lianxin.ui.screen import Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePage:
    """`beside`: label, what, and a word beneath."""

    title: str
    asked: Asked
    spec: IndicatorSpec
    crumbs: tuple[Crumb, ...]
    years: tuple[Chip, ...]
    spans: tuple[tuple[Chip, ...], ...]
    levels: tuple[Chip, ...]
    number: str
    is_unknown: bool
    beside: tuple[tuple[str, str, str], ...]
    places: shown.PlacesShown | None
    parts: Table | None
    months: shown.Drawn[charts.Bars] | None
    are_months_hidden: bool
    how: tuple[Told, ...]
    hidden: str
    sealed: tuple[str, ...]
    used: tuple[Known, ...]
    records: str
    every: str
    export: str


class OneFigure(Screen):
    """A figure of one region and period."""

    needs = Verb.FIGURE_READ
    template = "desk/figures/figure.html"
    title = "数字"
    room = "figures"

    def get(self, request: object, code: str) -> HttpResponse:
        spec = spec_of(code)
        asked = asked_of(self.actor, self.request.GET, today=today())
        return self.render(figure_page(asked, spec))


def spec_of(code: str) -> IndicatorSpec:
    """The indicator an address names; Unseen when the catalogue has none."""
    spec = catalog().indicators.get(code)
    if spec is None:
        raise Unseen("没有这个指标，可能已经改了代号。")
    return spec


def figure_page(asked: Asked, spec: IndicatorSpec) -> FigurePage:
    view, veil = asked.view, Veil()
    compared = compare_all([spec], view, veil=veil)[spec.code]
    figure = compared.now
    places = _places(asked, compared, veil)
    rows = by_month(spec, view, veil=veil) if asked.period.span is not Span.MONTH else ()
    are_months_hidden = bool(rows) and all(row.is_hidden for row in rows)
    return FigurePage(
        title=spec.name,
        asked=asked,
        spec=spec,
        crumbs=region_crumbs(asked, "figure", spec.code),
        years=year_chips(asked, "figure", spec.code),
        spans=part_chips(asked, "figure", spec.code),
        levels=level_chips(asked, "figure", spec.code),
        number=shown.say_value(figure),
        is_unknown=figure.value is None,
        beside=_beside(asked, compared),
        places=places,
        parts=_parts(asked, figure, veil),
        months=_months(asked, compared, rows, veil),
        are_months_hidden=are_months_hidden,
        how=explain(spec, asked.period),
        hidden=hidden_note(spec) if figure.is_hidden or are_months_hidden or (places and places.has_hidden) else "",
        sealed=_sealed(asked, figure),
        used=_used(asked, spec),
        every=asked.link("figures", chapter=spec.chapter),
        records=asked.link("figure-records", spec.code),
        export=asked.link("figure-export", spec.code) if asked.actor.may(Verb.EXPORT) else "",
    )


def _beside(asked: Asked, compared: Compared) -> tuple[tuple[str, str, str], ...]:
    last_day = min(asked.period.last_day, asked.today)
    figure, last = compared.now, compared.last
    lines = [
        ("哪一段", asked.said, f"{_short(asked.period.start)}至{_short(last_day)}"),
        ("哪里", asked.place, ""),
        ("怎么数", FOLD_NAMES[figure.spec.fold], fold_words(figure.spec, asked.period, until=asked.today)),
    ]
    if last.value and not figure.is_hidden:
        fold = figure.spec.fold
        change = say_change(figure.value, last.value) if asked.is_over or fold == "stock" else ""
        lines.append((shown.last_name(asked, fold), say_number(last.value), change.replace("去年", asked.last_name)))
    return tuple(lines)


def _short(day: dt.date) -> str:
    return f"{day.month}月{day.day}日"


def _places(asked: Asked, compared: Compared, veil: Veil) -> shown.PlacesShown | None:
    areas = areas_below(asked.region)
    if not areas:
        return None
    spec = compared.now.spec
    rows = by_town(spec, asked.view, veil=veil, areas=areas)
    last = by_town(spec, _year_before(asked), veil=veil, areas=areas) if _has_last(compared) else ()
    names = {Level.PROVINCE: "市", Level.CITY: "县（区）", Level.COUNTY: "镇街", Level.TOWN: "村（社区）"}
    return shown.places(asked, rows, last, title=names.get(level_of(asked.region), "地方"), total=compared.now)


def _parts(asked: Asked, figure: Figure, veil: Veil) -> Table | None:
    """By class, level, grade and answer, those that are not nothing; none for who may not see the parts."""
    specs = catalog().parts_of(figure.code)
    if not specs or not figure.value or veil.over(specs[:1], asked.view):
        return None
    numbers = split(asked.view, selection_of(figure.spec), map(selection_of, specs))
    rows = tuple(
        Row(
            (
                spec.name.removeprefix(f"{figure.spec.name}·"),
                Cell(text=say_number(numbers[spec.code]), unit=spec.unit, href=asked.link("figure", spec.code)),
            )
        )
        for spec in specs
        if numbers[spec.code]
    )
    columns = (Column(label="哪一种", is_key=True), Column(label=asked.said, kind="number"))
    return Table(caption="其中", columns=columns, rows=rows) if rows else None


def _months(asked: Asked, compared: Compared, rows: tuple[Figure, ...], veil: Veil) -> shown.Drawn[charts.Bars] | None:
    if not rows or not shown.has_any(rows):
        return None
    spec = compared.now.spec
    last = by_month(spec, _year_before(asked), veil=veil) if _has_last(compared) else ()
    return shown.months(asked, rows, last, title=f"{spec.name}，逐月")


def _year_before(asked: Asked) -> LedgerView:
    return replace(asked.view, period=asked.period.a_year_before)


def _has_last(compared: Compared) -> bool:
    """Not for delicate figures: their families of two years would have to be read."""
    return bool(compared.last.value) and not compared.now.spec.small


def _sealed(asked: Asked, figure: Figure) -> tuple[str, ...]:
    """That the period is closed, and whether the figure was corrected since."""
    if figure.spec.fold == "ratio" or figure.is_hidden:
        return ()
    seal = seal_over(asked.view)
    if seal is None:
        return ()
    lines = [f"{seal.name}已在{say_day(localtime(seal.at).date())}封账。"]
    since = corrected_since(asked.view, selection_of(figure.spec))
    if since is not None:
        unit = figure.spec.unit
        lines.append(f"封账时 {say_number(since.sealed)} {unit}，之后办过更正，现在 {say_number(since.live)} {unit}。")
    return tuple(lines)


def _used(asked: Asked, spec: IndicatorSpec) -> tuple[Known, ...]:
    """The reports whose wording binds it."""
    if not asked.actor.may(Verb.REPORT_READ):
        return ()
    reports = (report for report in catalog().reports.values() if any(h.code == spec.code for h in holes_in(report)))
    year = str(asked.period.year)
    return tuple(Known(report.name, year, asked.link("report", report.code, period=year)) for report in reports)
