"""The duty desk, and the list of cases. Both show only what the reader may open; nothing is counted beyond it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import NATION, Level, level_of
from lianxin.base.days import SHANGHAI, now
from lianxin.catalog.current import catalog
from lianxin.kinds.cases import queries
from lianxin.kinds.cases.life import OPEN, Stage
from lianxin.kinds.cases.models import Case
from lianxin.kinds.cases.queries import CaseFilter
from lianxin.net.colleagues import account_names
from lianxin.net.regions import children, path_name, region_name
from lianxin.records.glass import openings_to_see
from lianxin.records.models import Opening
from lianxin.ui.forms import Field
from lianxin.ui.parts import Cell, Chip, Column, Pages, Row, Table
from lianxin.ui.screen import Screen

AHEAD = dt.timedelta(days=7)
_COLUMNS = (
    Column(label="什么事", is_key=True),
    Column(label="哪一色"),
    Column(label="接下来"),
    Column(label="最晚", kind="day"),
    Column(label="主办"),
)


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """Somebody broke the glass: told to the supervisor until she says that she has seen it."""

    who: str
    when: str
    because: str
    number: str
    href: str


@dataclass(frozen=True, slots=True)
class DeskPage:
    title: str
    gist: str
    late: Table
    today: Table
    soon: Table
    unowned: Table | None
    colours: tuple[Chip, ...]
    whose: tuple[Chip, ...]
    places: tuple[Chip, ...]
    openings: tuple[OpeningLine, ...]
    may_record: bool
    may_break: bool
    may_join: bool


class CaseDesk(Screen):
    """值守台: what is overdue, due today, due within the week; mine, my town's, the county's."""

    needs = Verb.CASE_READ
    template = "cases/desk.html"
    title = "值守台"
    room = "cases"

    def get(self, request: object) -> HttpResponse:
        asked, at = self.request.GET, now()
        chosen = filter_from(asked)
        rows = queries.due_cases(self.actor, chosen, until=at + AHEAD)
        orphans = queries.unowned(self.actor)
        openings = openings_to_see(self.actor) if self.actor.may(Verb.CASE_SUPERVISE) else ()
        names = account_names([*(row.lead for row in rows), *(each.account for each in openings)])
        parts = _parted(rows, at)
        page = DeskPage(
            title=self.title,
            gist=f"超期 {len(parts[0])} 件，今天到期 {len(parts[1])} 件，七天内还有 {len(parts[2])} 件。",
            late=case_table(parts[0], names, "超期的", at, "没有超期的。"),
            today=case_table(parts[1], names, "今天到期的", at, "今天没有到期的。"),
            soon=case_table(parts[2], names, "七天内到期的", at, "七天内没有到期的。"),
            unowned=case_table(orphans, names, "还没有主办的", at, "") if orphans else None,
            colours=_colour_chips(self.actor, asked, chosen),
            whose=(_chip(asked, "mine", "1", "我主办的"),),
            places=_place_chips(self.actor, asked),
            openings=_opening_lines(self.actor, openings, names),
            may_record=bool(self.actor.may(Verb.CASE_RECORD)),
            may_break=bool(self.actor.may(Verb.CASE_BREAK_GLASS)),
            may_join=any(len(top) == Level.COUNTY.length for top in self.actor.regions(Verb.CASE_SUPERVISE)),
        )
        return self.render(page)


def _parted(rows: Sequence[Case], at: dt.datetime) -> tuple[list[Case], list[Case], list[Case]]:
    tomorrow = dt.datetime.combine(at.date() + dt.timedelta(days=1), dt.time(), SHANGHAI)
    late: list[Case] = []
    today: list[Case] = []
    soon: list[Case] = []
    for row in rows:
        if row.next_by is not None:
            (late if row.next_by < at else today if row.next_by < tomorrow else soon).append(row)
    return late, today, soon


def case_table(rows: Sequence[Case], names: dict[str, str], caption: str, at: dt.datetime, empty: str) -> Table:
    marks = queries.colour_names(rows)
    return Table(
        caption=caption,
        columns=_COLUMNS,
        rows=tuple(_row(row, marks.get((row.programme, row.colour)), names, at) for row in rows),
        empty=empty,
    )


def _row(row: Case, colour: tuple[str, str] | None, names: dict[str, str], at: dt.datetime) -> Row:
    by = row.next_by.astimezone(SHANGHAI) if row.next_by else None
    late = by is not None and by < at
    when = f"{by.month}月{by.day}日 {by:%H:%M}" if by else ""
    return Row(
        (
            Cell(text=row.gist or row.number, href=reverse("case", args=[row.key]), note=path_name(row.region)),
            Cell(text=colour[1], tone=colour[0]) if colour else Cell(text="待定级", tone="soft"),
            row.next_what or Stage(row.stage).label,
            Cell(text=f"超期 {when}", tone="red") if late else Cell(text=when),
            names.get(row.lead, "还没有人"),
        )
    )


def _opening_lines(actor: Actor, openings: Sequence[Opening], names: dict[str, str]) -> tuple[OpeningLine, ...]:
    rows = Case.objects.seen_by(actor).filter(key__in=[each.record for each in openings])
    numbers = dict(rows.values_list("key", "number"))
    return tuple(
        OpeningLine(
            names.get(each.account, ""),
            f"{each.at.astimezone(SHANGHAI):%m月%d日 %H:%M}",
            each.because,
            numbers[each.record],
            reverse("case", args=[each.record]),
        )
        for each in openings
        if each.record in numbers
    )


def filter_from(asked: QueryDict) -> CaseFilter:
    """The filter that an address names; what is no value of it narrows nothing."""
    colours = {option.code for option in catalog().options("case", "colour")}
    sources = {option.code for option in catalog().options("case", "source")}
    stages = {"open", *(stage.value for stage in Stage)}
    region = asked.get("region", "")
    return CaseFilter(
        words=asked.get("q", "").strip()[:60],
        colour=asked.get("colour", "") if asked.get("colour", "") in colours else "",
        stage=asked.get("stage", "") if asked.get("stage", "") in stages else "",
        region=region if region.isascii() and region.isdigit() and len(region) in (6, 9, 12) else "",
        source=asked.get("source", "") if asked.get("source", "") in sources else "",
        mine=asked.get("mine") == "1",
    )


def _with(asked: QueryDict, **changes: str) -> str:
    merged = {name: asked[name] for name in asked} | changes
    return "?" + urlencode({name: value for name, value in merged.items() if value})


def _chip(asked: QueryDict, name: str, value: str, label: str, count: int | None = None) -> Chip:
    is_on = asked.get(name) == value
    href = _with(asked, **{name: "" if is_on else value, "before": ""})
    return Chip(label=label, href=href, is_on=is_on, count=count)


def _colour_chips(actor: Actor, asked: QueryDict, chosen: CaseFilter) -> tuple[Chip, ...]:
    counts = queries.open_by_colour(actor, CaseFilter(region=chosen.region, mine=chosen.mine))
    return tuple(
        _chip(asked, "colour", option.code, f"在办{option.name}", counts[option.code])
        for option in catalog().options("case", "colour")
        if counts.get(option.code)
    )


def _place_chips(actor: Actor, asked: QueryDict) -> tuple[Chip, ...]:
    """A county's towns, a town's villages: for who supervises there."""
    tops = [top for top in actor.regions(Verb.CASE_SUPERVISE) if top != NATION]
    if len(tops) != 1 or level_of(tops[0]) not in (Level.COUNTY, Level.TOWN):
        return ()
    return tuple(_chip(asked, "region", region.code, region_name(region.code)) for region in children(tops[0]))


def may_take_out(actor: Actor) -> bool:
    """A list of protected cases leaves the house by a supervisor's hand only, and without what they are about."""
    return bool(actor.holding(Verb.EXPORT).may(Verb.CASE_SUPERVISE))


@dataclass(frozen=True, slots=True)
class ListPage:
    table: Table
    pages: Pages
    search: Field
    by_stage: tuple[Chip, ...]
    by_colour: tuple[Chip, ...]
    by_source: tuple[Chip, ...]
    kept: tuple[tuple[str, str], ...]
    may_record: bool
    export: str


class Cases(Screen):
    """Every case that the reader may open, newest first."""

    needs = Verb.CASE_READ
    template = "cases/cases.html"
    title = "个案"
    room = "cases"
    fragments = {"list": "cases/_cases.html"}

    def get(self, request: object) -> HttpResponse:
        asked, at = self.request.GET, now()
        found = queries.cases_page(self.actor, filter_from(asked), before=asked.get("before", ""))
        names = account_names(row.lead for row in found.rows)
        older = _with(asked, before=found.older) if found.older else ""
        kept = ("stage", "colour", "source", "region", "mine")
        page = ListPage(
            table=case_table(found.rows, names, "个案", at, "这里没有您打得开的个案。点“登一件”开始。"),
            pages=Pages(
                says=f"您打得开的一共 {found.count:,} 件",
                older=older,
                newer=_with(asked, before="") if "before" in asked else "",
            ),
            search=Field(name="q", label="找个案", values=(asked.get("q", ""),), placeholder="编号，或经过里的词"),
            by_stage=(
                _chip(asked, "stage", "open", "没办结的"),
                *(_chip(asked, "stage", stage.value, stage.label) for stage in Stage if stage not in OPEN),
            ),
            by_colour=tuple(
                _chip(asked, "colour", each.code, each.name) for each in catalog().options("case", "colour")
            ),
            by_source=tuple(
                _chip(asked, "source", each.code, each.name) for each in catalog().options("case", "source")
            ),
            kept=tuple((name, asked.get(name, "")) for name in kept if asked.get(name)),
            export=f"{reverse('cases-export')}?{asked.urlencode()}" if may_take_out(self.actor) else "",
            may_record=bool(self.actor.may(Verb.CASE_RECORD)),
        )
        return self.render(page)
