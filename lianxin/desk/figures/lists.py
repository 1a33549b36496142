"""Every figure of a chapter, as a list and as a ledger to keep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpResponse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import now, today
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import ChapterSpec, IndicatorSpec
from lianxin.desk.figures import shown
from lianxin.desk.figures.asked import Asked, asked_of, part_chips, region_chips, region_crumbs, year_chips
from lianxin.desk.taking import TakeOut
from lianxin.exchange.sheets import Column as SheetColumn
from lianxin.exchange.sheets import Kind, LedgerSheet, Value, say_export
from lianxin.indicators.explain import fold_words
from lianxin.indicators.figures import Compared, compare_all, compute_all, with_parts
from lianxin.indicators.tables import areas_below
from lianxin.net.regions import path_name
from lianxin.ui.parts import Cell, Chip, Column, Crumb, Known, Row, Table
from lianxin.ui.say import say_change
from lianxin.ui.screen import Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresPage:
    title: str
    asked: Asked
    crumbs: tuple[Crumb, ...]
    years: tuple[Chip, ...]
    spans: tuple[tuple[Chip, ...], ...]
    below: tuple[Chip, ...]
    chapters: tuple[Chip, ...]
    table: Table
    more: tuple[tuple[Known, ...], ...]
    has_hidden: bool
    overview: str
    export: str


class Figures(Screen):
    """The figures of one chapter for one region and period."""

    needs = Verb.FIGURE_READ
    template = "desk/figures/figures.html"
    title = "数字"
    room = "figures"

    def get(self, request: object) -> HttpResponse:
        asked = asked_of(self.actor, self.request.GET, today=today())
        return self.render(figures_page(asked, self.request.GET.get("chapter", "")))


class FiguresExport(TakeOut):
    """All figures of all chapters for one region and period, as .xlsx."""

    title = "导出数字"

    def sheet(self, actor: Actor) -> LedgerSheet:
        at = now()
        asked = asked_of(self.actor, self.request.GET, today=at.date())
        return LedgerSheet(
            title=f"{asked.place}{asked.period.name}指标",
            subtitle=say_export(
                what="指标", where=path_name(asked.region), period=asked.period.name, by=self.actor.name, at=at
            ),
            columns=(
                SheetColumn("章", Kind.TEXT),
                SheetColumn("指标", Kind.TEXT, width=28),
                SheetColumn("数", Kind.NUMBER),
                SheetColumn("单位", Kind.NAME),
                SheetColumn("怎么数", Kind.TEXT, width=24),
                SheetColumn("说明", Kind.LONG),
            ),
            rows=_sheet_rows(asked),
            is_numbered=True,
        )


def figures_page(asked: Asked, chapter: str) -> FiguresPage:
    chapters = chapters_with_figures()
    chosen = next((each for each in chapters if each.code == chapter), chapters[0])
    specs = [spec for spec in catalog().whole_indicators if spec.chapter == chosen.code]
    quick = [spec for spec in specs if _is_quick(spec)]
    found = list(compare_all(quick, asked.view).values())
    return FiguresPage(
        title=f"{asked.place}{asked.said}的数字",
        asked=asked,
        crumbs=region_crumbs(asked, "figures", chapter=chosen.code),
        years=year_chips(asked, "figures", chapter=chosen.code),
        spans=part_chips(asked, "figures", chapter=chosen.code),
        below=region_chips(asked, areas_below(asked.region), "figures", chapter=chosen.code),
        chapters=tuple(
            Chip(label=each.name, href=asked.link("figures", chapter=each.code), is_on=each == chosen)
            for each in chapters
        ),
        table=_table(asked, found, chosen.name),
        more=_in_halves(
            [
                Known(label=spec.name, text=spec.unit, href=asked.link("figure", spec.code))
                for spec in specs
                if spec not in quick
            ]
        ),
        has_hidden=any(compared.now.is_hidden for compared in found),
        overview=asked.link("overview"),
        export=asked.link("figures-export") if asked.actor.may(Verb.EXPORT) else "",
    )


def _in_halves(items: list[Known]) -> tuple[tuple[Known, ...], ...]:
    """Two columns that are read one after the other."""
    middle = (len(items) + 1) // 2
    return tuple(half for half in (tuple(items[:middle]), tuple(items[middle:])) if half)


def chapters_with_figures() -> tuple[ChapterSpec, ...]:
    """In their order; the chapter of executives' duties first, since that is what is recorded so far."""
    told = {spec.chapter for spec in catalog().indicators.values()}
    chapters = sorted(catalog().chapters.values(), key=lambda chapter: (chapter.code != "duties", chapter.order))
    return tuple(chapter for chapter in chapters if chapter.code in told)


def _is_quick(spec: IndicatorSpec) -> bool:
    """Whether sums are kept of it. The others are counted when they are opened: a page of them would be slow."""
    return all(part.tally for part in with_parts([spec]) if part.fold != "ratio")


def _table(asked: Asked, found: Sequence[Compared], caption: str) -> Table:
    has_last = any(compared.last.value for compared in found)
    return Table(
        caption=caption,
        columns=(
            Column(label="指标", is_key=True),
            Column(label=asked.said, kind="number"),
            *((Column(label=shown.last_name(asked), kind="number"),) if has_last else ()),
            Column(label="怎么数"),
        ),
        rows=tuple(_row(asked, compared, has_last=has_last) for compared in found),
        empty="这一章的数都在下面，点开就算。",
    )


def _row(asked: Asked, compared: Compared, *, has_last: bool) -> Row:
    figure, last = compared.now, compared.last
    change = say_change(figure.value, last.value) if asked.is_over and last.value and figure.value is not None else ""
    before = Cell(text=shown.say_value(last) if last.value or last.is_hidden else "", note=change)
    return Row(
        (
            Cell(text=figure.spec.name, href=asked.link("figure", figure.code)),
            shown.cell(asked, figure),
            *((before,) if has_last else ()),
            fold_words(figure.spec, figure.period, until=asked.today),
        )
    )


def _sheet_rows(asked: Asked) -> Iterator[tuple[Value, ...]]:
    figures = compute_all(catalog().whole_indicators, asked.view)
    chapters = catalog().chapters
    for figure in figures.values():
        spec = figure.spec
        value: Value = shown.HIDDEN if figure.is_hidden else figure.value
        fold = fold_words(spec, figure.period, until=asked.today)
        yield chapters[spec.chapter].name, spec.name, value, spec.unit, fold, spec.note
