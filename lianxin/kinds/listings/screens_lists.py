"""The list of lists, and two work lists: what should be looked at again, by village; children who turn an age."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from lianxin.access.verbs import Seal, Verb
from lianxin.base.days import say_day, today
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.kinds.listings.ages import Turning, aged_lists, said_turning, turnings
from lianxin.kinds.listings.checked import may_put_on
from lianxin.kinds.listings.queries import list_name
from lianxin.kinds.listings.readings import ListCount, due_by_village, how_many_due, list_counts
from lianxin.kinds.listings.stays import followed_lists, laid_lists
from lianxin.net.regions import path_name
from lianxin.records.subjects import subject_names
from lianxin.ui.parts import Cell, Chip, Column, Line, Row, Table
from lianxin.ui.screen import Screen

SPANS = (3, 6, 12)
MOST = 200


@dataclass(frozen=True, slots=True)
class Chapter:
    name: str
    lists: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ListsPage:
    chapters: tuple[Chapter, ...]
    due: int


class Lists(Screen):
    """Which lists there are, how many stand on each, how many of them should be looked at again."""

    needs = Verb.LISTING_READ
    template = "listings/lists.html"
    title = "名册"
    room = "households"

    def get(self, request: object) -> HttpResponse:
        counts = list_counts(self.actor, on=today())
        shown: dict[str, list[Line]] = {}
        for spec in catalog().of_kind("listing"):
            if spec.code in counts or self._is_hers(spec):
                shown.setdefault(spec.chapter, []).append(self._line(spec, counts))
        chapters = tuple(
            Chapter(chapter.name, tuple(shown[chapter.code]))
            for chapter in catalog().chapters.values()
            if chapter.code in shown
        )
        return self.render(ListsPage(chapters, due=sum(count.due for count in counts.values())))

    def _is_hers(self, spec: ProgrammeSpec) -> bool:
        seal = Seal(spec.seal)
        return spec.is_open_on(today()) and bool(self.actor.may(Verb.LISTING_READ, programme=spec.code, seal=seal))

    def _line(self, spec: ProgrammeSpec, counts: Mapping[str, ListCount]) -> Line:
        count = counts.get(spec.code, ListCount(0, 0))
        said = [f"在册 {count.standing:,} {spec.unit or '份'}"]
        said += [f"{count.due:,} {spec.unit or '份'}该复核了"] if count.due else []
        if spec.code in followed_lists():
            said.append("跟着组织走")
        elif spec.code in laid_lists():
            said.append("换届时自动记下")
        elif not may_put_on(self.actor, spec):
            said.append("您这一级不登记")
        return Line(text=spec.name, note=" · ".join(said), href=f"{reverse('listings')}?list={spec.code}")


@dataclass(frozen=True, slots=True)
class DuePage:
    total: int
    villages: tuple[Line, ...]
    lists: tuple[Chip, ...]


class ListingsDue(Screen):
    """Which villages have something to look at again."""

    needs = Verb.LISTING_READ
    template = "listings/due.html"
    title = "该复核的"
    room = "households"

    def get(self, request: object) -> HttpResponse:
        asked = self.request.GET.get("list", "")
        programme = asked if asked in catalog().programmes else ""
        now = today()
        counts = list_counts(self.actor, on=now)
        villages = due_by_village(self.actor, on=now, programme=programme)
        page = DuePage(
            total=sum(n for _, n in villages) if programme else how_many_due(self.actor, on=now),
            villages=tuple(_village(region, n, programme) for region, n in villages),
            lists=tuple(
                Chip(label=list_name(code), href=_due_href("" if code == programme else code), is_on=code == programme)
                for code, count in counts.items()
                if count.due
            ),
        )
        return self.render(page)


def _due_href(programme: str) -> str:
    return f"{reverse('listings-due')}{'?' + urlencode({'list': programme}) if programme else ''}"


def _village(region: str, n: int, programme: str) -> Line:
    asked = {"state": "due", "region": region} | ({"list": programme} if programme else {})
    return Line(text=path_name(region) or region, note=f"{n:,} 份", href=f"{reverse('listings')}?{urlencode(asked)}")


@dataclass(frozen=True, slots=True)
class AgesPage:
    table: Table
    spans: tuple[Chip, ...]
    lists: tuple[Chip, ...]
    over: int
    soon: int
    is_more: bool
    months: int
    export: str


class ListingsAges(Screen):
    """Children on a list who turn 14, 16, 18 soon, or have outgrown the list."""

    needs = Verb.LISTING_READ
    template = "listings/ages.html"
    title = "快满岁数的孩子"
    room = "households"

    def get(self, request: object) -> HttpResponse:
        months, programme = asked_of(self.request.GET)
        found = turnings(self.actor, on=today(), months=months, programme=programme)
        shown = found[:MOST]
        names = subject_names(self.actor, (each.subject for each in shown))
        over = sum(each.is_over for each in found)
        rows = (_row(each, names[each.subject.key].name) for each in shown)
        page = AgesPage(
            table=_ages_table(rows, months),
            spans=tuple(_ages_chip(f"{span} 个月内", span, programme, is_on=span == months) for span in SPANS),
            lists=tuple(_ages_lists(self, months, programme)),
            over=over,
            soon=len(found) - over,
            is_more=len(found) > MOST,
            months=months,
            export=f"{reverse('listings-ages-export')}?{self.request.GET.urlencode()}"
            if self.actor.may_take_out(Verb.LISTING_READ)
            else "",
        )
        return self.render(page)


def asked_of(asked: Mapping[str, str]) -> tuple[int, str]:
    """(months, list) of an address; what is unknown is the default."""
    text, programme = asked.get("months", ""), asked.get("list", "")
    months = int(text) if text in map(str, SPANS) else 6
    return months, programme if programme in {spec.code for spec in aged_lists()} else ""


def _ages_lists(screen: Screen, months: int, programme: str) -> Iterable[Chip]:
    for spec in aged_lists():
        if screen.actor.may(Verb.LISTING_READ, seal=Seal(spec.seal)):
            is_on = spec.code == programme
            yield _ages_chip(spec.name, months, "" if is_on else spec.code, is_on=is_on)


def _ages_chip(label: str, months: int, programme: str, *, is_on: bool) -> Chip:
    asked = {"months": months} | ({"list": programme} if programme else {})
    return Chip(label=label, href=f"{reverse('listings-ages')}?{urlencode(asked)}", is_on=is_on)


def _ages_table(rows: Iterable[Row], months: int) -> Table:
    return Table(
        caption="快满岁数的孩子",
        columns=(
            Column(label="谁", is_key=True),
            Column(label="哪天", kind="day"),
            Column(label="满几岁"),
            Column(label="册子"),
        ),
        rows=tuple(rows),
        empty=f"{months} 个月里没有在册的孩子满 14、16、18 周岁，也没有超龄还在册的。",
    )


def _row(each: Turning, name: str) -> Row:
    return Row(
        (
            Cell(text=name, href=reverse("listing", args=[each.key]), note=path_name(each.region)),
            say_day(each.day),
            Cell(text=said_turning(each), tone="yellow" if each.is_over else ""),
            list_name(each.programme),
        )
    )
