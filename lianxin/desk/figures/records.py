"""The records behind a figure: a page at a time, as far as the reader may open them, and as a ledger to keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from django.http import HttpResponse
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Seal, Verb
from lianxin.base.days import now, say_day, today
from lianxin.base.ids import LENGTH
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import IndicatorSpec
from lianxin.desk.figures.asked import Asked, asked_of
from lianxin.desk.figures.one import spec_of
from lianxin.desk.taking import TakeOut
from lianxin.exchange.sheets import Column as SheetColumn
from lianxin.exchange.sheets import Kind, LedgerSheet, Value, say_export
from lianxin.indicators.behind import (
    Contribution,
    HowMany,
    Place,
    RecordsBehind,
    every_record,
    how_many,
    opened,
    records_behind,
)
from lianxin.net.regions import path_name
from lianxin.records.kinds import Subject
from lianxin.records.models import Entry
from lianxin.records.subjects import SubjectName, subject_names
from lianxin.ui.parts import Cell, Column, Crumb, Pages, Row, Table
from lianxin.ui.say import say_number
from lianxin.ui.screen import Screen

PAGE = 20
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsPage:
    title: str
    asked: Asked
    spec: IndicatorSpec
    crumbs: tuple[Crumb, ...]
    table: Table
    pages: Pages
    counted: str
    count_href: str
    export: str


class FigureRecords(Screen):
    """Newest first. The figure's own page takes the list in as a fragment, and how many there are as another."""

    needs = Verb.FIGURE_READ
    template = "desk/figures/records.html"
    title = "背后的记录"
    room = "figures"
    fragments = {"records": "desk/figures/_records.html", "counted": "desk/figures/_counted.html"}

    def get(self, request: object, code: str) -> HttpResponse:
        spec = spec_of(code)
        asked = asked_of(self.actor, self.request.GET, today=today())
        target = self.request.htmx.target if self.request.htmx else ""
        found = RecordsBehind(rows=(), older=None)
        if target != "counted":
            found = records_behind(spec, asked.view, after=_place(self.request.GET.get("after", "")), limit=PAGE)
        return self.render(
            RecordsPage(
                title=f"{spec.name}：背后的记录",
                asked=asked,
                spec=spec,
                crumbs=(Crumb(spec.name, asked.link("figure", code)), Crumb("背后的记录")),
                table=records_table(asked, spec, found.rows),
                pages=_pages(asked, spec, found, is_later="after" in self.request.GET),
                counted="" if target == "records" else _says(how_many(spec, asked.view)),
                count_href=asked.link("figure-records", code),
                export=asked.link("figure-export", code) if self.actor.may(Verb.EXPORT) else "",
            )
        )


class FigureExport(TakeOut):
    """All of them as .xlsx, by the eyes of those of her posts that may export."""

    title = "导出记录"

    def sheet(self, actor: Actor) -> LedgerSheet:
        at = now()
        spec = spec_of(self.kwargs["code"])
        asked = asked_of(self.actor, self.request.GET, today=at.date())
        return LedgerSheet(
            title=f"{spec.name}台账",
            subtitle=say_export(
                what=spec.name, where=path_name(asked.region), period=asked.period.name, by=self.actor.name, at=at
            ),
            columns=(
                SheetColumn("日期", Kind.DAY),
                SheetColumn("对象", Kind.TEXT),
                SheetColumn("地方", Kind.TEXT, width=22),
                SheetColumn("事由", Kind.TEXT, width=22),
                SheetColumn("内容", Kind.LONG),
                SheetColumn(f"计入（{_unit(spec)}）", Kind.NUMBER),
            ),
            rows=_sheet_rows(replace(asked, actor=actor), spec),
            is_numbered=True,
        )


def _place(text: str) -> Place | None:
    """Where a page begins: 2021-12-24.KEY. None for anything else: an address cut short starts at the top."""
    day, _, key = text.partition(".")
    try:
        return (dt.date.fromisoformat(day), key) if len(key) == LENGTH else None
    except ValueError:
        return None


def records_table(asked: Asked, spec: IndicatorSpec, rows: Sequence[Contribution]) -> Table:
    names = _who(asked.actor, rows)
    # 1, 1, 1, … down a column says nothing; an amount or a number of people does.
    weighs = any(row.value != 1 for row in rows)
    return Table(
        caption=f"{spec.name}背后的记录",
        columns=(
            Column(label="谁家", is_key=True),
            Column(label="算在哪天", kind="day"),
            Column(label="哪里"),
            Column(label="什么事"),
            Column(label="听到、记下", kind="voice"),
            *((Column(label=f"计入，{_unit(spec)}", kind="number"),) if weighs else ()),
        ),
        rows=tuple(_row(row, names.get(row.card.key), weighs=weighs) for row in rows),
        empty="这里没有您打得开的记录。",
    )


def _unit(spec: IndicatorSpec) -> str:
    """What records add up in: the measure's own unit (户次), whatever the figure makes of it (户)."""
    return catalog().measure(opened(spec).measure).unit


def _row(row: Contribution, who: SubjectName | None, *, weighs: bool) -> Row:
    card = row.card
    return Row(
        (
            Cell(
                text=who.name if who else "看这条记录",
                href=reverse(card.url_name, args=[card.key]),
                note=who.place if who else "",
            ),
            say_day(row.day),
            path_name(card.region),
            card.title,
            card.detail,
            *((say_number(row.value),) if weighs else ()),
        )
    )


def _who(actor: Actor, rows: Iterable[Contribution]) -> dict[str, SubjectName]:
    """Whom the records are about, for somebody who may look into the register."""
    keys = [row.card.key for row in rows]
    if not keys or not actor.may(Verb.REGISTER_READ):
        return {}
    entries = list(
        Entry.objects.seen_by(actor)
        .filter(record__in=keys)
        .exclude(seal=Seal.TEAM)  # lists are printed and taken out: whose case it is stands on its own page alone
        .values_list("record", "subject_type", "subject")
    )
    names = subject_names(actor, [Subject(kind, subject) for _, kind, subject in entries])
    return {record: names[subject] for record, _, subject in entries}


def _pages(asked: Asked, spec: IndicatorSpec, found: RecordsBehind, *, is_later: bool) -> Pages:
    here = asked.link("figure-records", spec.code)
    older = ""
    if found.older is not None:
        day, key = found.older
        older = asked.link("figure-records", spec.code, after=f"{day.isoformat()}.{key}")
    return Pages(says="最近的在前", newer=here if is_later else "", older=older)


def _says(found: HowMany | None) -> str:
    """How many there are, and how many of them are not hers to open."""
    if found is None:
        return "记录太少，只计数，不显示。"
    if not found.total:
        return "一条记录也没有。"
    if found.is_of_teams:
        return f"一共 {found.total:,} 条记录；受保护的，只有承办人和主管在下面看得到。"
    if not found.closed:
        return f"一共 {found.total:,} 条记录。"
    hers = found.total - found.closed
    return f"一共 {found.total:,} 条记录，您打得开 {hers:,} 条；另有 {found.closed:,} 条受保护或不在您的区域，只计数。"


def _sheet_rows(asked: Asked, spec: IndicatorSpec) -> Iterator[tuple[Value, ...]]:
    left = every_record(spec, asked.view, at_once=_AT_ONCE)
    while some := list(islice(left, _AT_ONCE)):
        names = _who(asked.actor, some)
        for row in some:
            who = names.get(row.card.key)
            yield (
                row.day,
                who.name if who else "",
                path_name(row.card.region),
                row.card.title,
                row.card.detail,
                row.value,
            )
