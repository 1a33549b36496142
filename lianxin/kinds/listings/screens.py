"""One list, or all of them: who stands there now, or stood on a day; narrowed by class, level, grade and state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.urls import reverse

from lianxin.access.verbs import Verb
from lianxin.base.days import now, parse_day, say_day, today
from lianxin.base.errors import Refused
from lianxin.catalog.current import catalog
from lianxin.catalog.lists import OptionSpec
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.kinds.listings.queries import ListingFilter, list_name
from lianxin.kinds.listings.readings import Stood, matching, place_words, stood
from lianxin.net.regions import path_name, region_name
from lianxin.records.subjects import SubjectName, subject_names
from lianxin.records.watched import note_lists
from lianxin.ui.forms import Field, FieldType
from lianxin.ui.parts import Cell, Chip, Column, Pages, Row, Table
from lianxin.ui.screen import Screen

PAGE = 20
REGIONS = (2, 4, 6, 9, 12)  # digits of a code that a list is narrowed to
STATES = (("standing", "在册"), ("due", "该复核了"), ("lapsed", "有效期过了"), ("closed", "已离册"))


def filter_from(asked: QueryDict) -> ListingFilter:
    """The filter that an address names; what is unknown narrows nothing."""
    programme = asked.get("list", "")
    state = asked.get("state", "standing")
    region = asked.get("region", "")
    day = str(asked.get("on", "")).strip()
    try:
        on = parse_day(day, field="on").isoformat() if day else ""
    except Refused:
        on = ""
    return ListingFilter(
        programme=programme if programme in catalog().programmes else "",
        category=asked.get("category", "")[:40],
        level=asked.get("level", "")[:40],
        grade=asked.get("grade", "")[:40],
        state=state if state in dict(STATES) else "standing",
        region=region if region.isascii() and region.isdigit() and len(region) in REGIONS else "",
        on=on,
    )


@dataclass(frozen=True, slots=True)
class ListingsPage:
    title: str
    gist: str
    table: Table
    pages: Pages
    states: tuple[Chip, ...]
    narrow: tuple[tuple[str, tuple[Chip, ...]], ...]
    place: tuple[Chip, ...]
    on: Field
    kept: tuple[tuple[str, str], ...]
    whole: str
    export: str


class Listings(Screen):
    """Who stands on which list."""

    needs = Verb.LISTING_READ
    template = "listings/listings.html"
    title = "档案"
    room = "households"
    fragments = {"list": "listings/_listings.html"}

    def get(self, request: object) -> HttpResponse:
        asked = self.request.GET
        chosen = filter_from(asked)
        start = int(asked["from"]) if asked.get("from", "").isdigit() and len(asked["from"]) < 7 else 0
        rows = matching(self.actor, chosen)
        shown = list(stood(rows[start : start + PAGE + 1]))
        note_lists(self.actor, (row.programme for row in shown), at=now())
        names = subject_names(self.actor, (row.subject for row in shown))
        older = _with(asked, **{"from": str(start + PAGE)}) if len(shown) > PAGE else ""
        spec = catalog().find_programme(chosen.programme) if chosen.programme else None
        page = ListingsPage(
            title=spec.name if spec else "档案名册",
            gist=_gist(spec, chosen),
            table=_table(shown[:PAGE], names, spec, chosen),
            pages=Pages(
                says=f"一共 {rows.count():,} {spec.unit if spec and spec.unit else '份'}",
                older=older,
                newer=_with(asked, **{"from": ""}) if start else "",
            ),
            states=() if chosen.on else tuple(_states(asked, chosen)),
            narrow=tuple(_narrow(asked, chosen, spec)) if spec else (),
            place=_place(asked, chosen),
            on=_on(asked, chosen),
            kept=tuple((name, asked[name]) for name in asked if name not in ("on", "from", "state") and asked[name]),
            whole=_with(asked, on="", **{"from": ""}) if chosen.on else "",
            export=_export(asked, chosen) if self.actor.may_take_out(Verb.LISTING_READ) else "",
        )
        return self.render(page, status=400 if page.on.error else 200)


def _export(asked: QueryDict, chosen: ListingFilter) -> str:
    """One list, or a day, has a ledger of its own; all lists together only what they have in common."""
    name = "listings-ledger" if chosen.programme or chosen.on else "listings-export"
    return f"{reverse(name)}?{asked.urlencode()}"


def _on(asked: QueryDict, chosen: ListingFilter) -> Field:
    typed = asked.get("on", "").strip()
    error = "" if chosen.on or not typed else "日期请写成 2021-12-31。"
    value = chosen.on or typed[:20]
    return Field(name="on", label="哪一天在册的", type=FieldType.DAY, values=(value,), error=error)


def _said(chosen: ListingFilter) -> str:
    return say_day(dt.date.fromisoformat(chosen.on))


def _gist(spec: ProgrammeSpec | None, chosen: ListingFilter) -> str:
    if chosen.on:
        return f"{_said(chosen)}那天在册的，类别和等级都是当时的；之后变了的不影响这里。"
    return (spec.help if spec else "") or "谁在哪本册子上，从哪天到哪天。"


def _with(asked: QueryDict, **changes: str) -> str:
    merged = {name: asked[name] for name in asked} | changes
    return "?" + urlencode({name: value for name, value in merged.items() if value})


def _chip(asked: QueryDict, name: str, value: str, label: str, *, is_on: bool) -> Chip:
    return Chip(label=label, href=_with(asked, **{name: "" if is_on else value, "from": ""}), is_on=is_on)


def _states(asked: QueryDict, chosen: ListingFilter) -> Iterable[Chip]:
    for state, label in STATES:
        yield _chip(asked, "state", state, label, is_on=chosen.state == state)


def _narrow(asked: QueryDict, chosen: ListingFilter, spec: ProgrammeSpec) -> Iterable[tuple[str, tuple[Chip, ...]]]:
    lists: tuple[tuple[str, str, str, Iterable[OptionSpec]], ...] = (
        ("category", "哪一类", chosen.category, spec.categories),
        ("level", "哪一级的", chosen.level, spec.levels),
        ("grade", "定在哪一等", chosen.grade, spec.grades),
    )
    for name, label, value, options in lists:
        chips = tuple(_chip(asked, name, each.code, each.name, is_on=value == each.code) for each in options)
        if chips:
            yield label, chips


def _place(asked: QueryDict, chosen: ListingFilter) -> tuple[Chip, ...]:
    if not chosen.region:
        return ()
    return (_chip(asked, "region", chosen.region, region_name(chosen.region) or chosen.region, is_on=True),)


def _table(
    rows: list[Stood], names: dict[str, SubjectName], spec: ProgrammeSpec | None, chosen: ListingFilter
) -> Table:
    return Table(
        caption="档案",
        columns=(
            Column(label="谁", is_key=True),
            *(() if spec else (Column(label="册子"),)),
            Column(label="类别"),
            *((Column(label=_ranks(spec)),) if spec is None or spec.levels or spec.grades else ()),
            Column(label="哪天上册", kind="day"),
            *(() if chosen.on else (Column(label="现在"),)),
        ),
        rows=tuple(Row(_cells(row, names[row.subject.key], spec, chosen)) for row in rows),
        empty=_empty(chosen),
    )


def _ranks(spec: ProgrammeSpec | None) -> str:
    if spec is None or (spec.levels and spec.grades):
        return "级别等级"
    return "级别" if spec.levels else "等级"


def _cells(row: Stood, name: SubjectName, spec: ProgrammeSpec | None, chosen: ListingFilter) -> tuple[Cell | str, ...]:
    category, level, grade = place_words(catalog().find_programme(row.programme), row.place)
    note = " · ".join(part for part in (name.name if row.headline else "", path_name(row.region)) if part)
    return (
        Cell(text=row.headline or name.name, href=reverse("listing", args=[row.key]), note=note),
        *(() if spec else (list_name(row.programme),)),
        category,
        *((" ".join(filter(None, (level, grade))),) if spec is None or spec.levels or spec.grades else ()),
        say_day(row.day),
        *(() if chosen.on else (state_cell(row),)),
    )


def _empty(chosen: ListingFilter) -> str:
    if chosen.on:
        return f"{_said(chosen)}那天册上没有人。"
    said = {
        "due": "没有过了复核日期的，都看过了。",
        "lapsed": "没有过了有效期还没办离册的。",
        "closed": "还没有离册的。",
    }
    return said.get(chosen.state, "这里还没有档案。打开一户人家、一个人或一个单位，点“建档”。")


def state_cell(row: Stood) -> Cell:
    """Standing, overdue, lapsed or taken off: the word first, then the colour."""
    now = today()
    if row.off_why:
        return Cell(text="已离册", note=f"{say_day(row.ends) if row.ends else ''} {row.off_why}".strip(), tone="soft")
    if row.ends and row.ends <= now:
        return Cell(text="有效期过了", note=f"{say_day(row.ends)}起", tone="yellow")
    if row.review_on and row.review_on < now:
        return Cell(text="该复核了", note=f"{say_day(row.review_on)}到期", tone="yellow")
    return Cell(text="在册", tone="green")
