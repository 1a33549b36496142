"""What stands where: county, town, village, what each place has, and which places are still without."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, ancestors, is_under, level_of
from lianxin.base.days import today
from lianxin.base.errors import Unseen
from lianxin.catalog.current import catalog
from lianxin.desk.organisations import queries, shown
from lianxin.net.models import Region
from lianxin.net.regions import children, path_name, region_name, standing_region, subtree
from lianxin.ui.parts import Cell, Chip, Column, Crumb, Line, Row, Table
from lianxin.ui.screen import Screen

MOST_MISSING = 12
# Groups with a column of their own; the rest stand together under 其他.
COLUMNS = {"federation": "妇联", "home": "阵地", "mediation": "调解", "team": "队伍"}


@dataclass(frozen=True, slots=True)
class Cover:
    """A type that every place should have: how many do, which do not."""

    name: str
    have: int
    all: int
    missing: tuple[Chip, ...]
    more: int
    figure: str

    @property
    def says(self) -> str:
        return "全覆盖" if self.have == self.all else f"还差 {self.all - self.have} 个"


@dataclass(frozen=True, slots=True)
class PlacesPage:
    title: str
    place: str
    crumbs: tuple[Crumb, ...]
    covers: tuple[Cover, ...]
    table: Table | None
    here: tuple[tuple[str, tuple[Line, ...]], ...]
    listed: str
    may_write: bool
    export: str


class Places(Screen):
    """The net as a tree, one place at a time."""

    needs = Verb.ORGANISATION_READ
    template = "desk/organisations/places.html"
    title = "哪里有什么"
    room = "users"

    def get(self, request: object) -> HttpResponse:
        region, day = region_asked(self.actor, self.request.GET.get("region", "")), today()
        below = [] if level_of(region) >= Level.VILLAGE else children(region)
        page = PlacesPage(
            title=f"{region_name(region)}：哪里有什么",
            place=region_name(region),
            crumbs=_crumbs(self.actor, region),
            covers=tuple(_covers(self.actor, region, on=day)),
            table=_table(self.actor, region, below, on=day) if below else None,
            here=shown.by_group(queries.standing_at(self.actor, region, on=day)),
            listed=f"{reverse('organisations')}?{urlencode({'region': region})}",
            may_write=bool(self.actor.may(Verb.ORGANISATION_WRITE, region=region)),
            export=f"{reverse('organisations-places-export')}?{urlencode({'region': region})}"
            if self.actor.may_take_out(Verb.ORGANISATION_READ)
            else "",
        )
        return self.render(page)


def region_asked(actor: Actor, asked: str) -> str:
    """The place that was asked for, or the top of what she has charge of; Unseen beyond it."""
    tops = actor.regions(Verb.ORGANISATION_READ)
    if not asked and tops:
        return standing_region(tops[0]).code
    if not (asked.isascii() and asked.isdigit()) or not any(is_under(asked, top) for top in tops):
        raise Unseen("没有这个地方，或者它不在您负责的区域里。")
    return standing_region(asked).code


def _crumbs(actor: Actor, region: str) -> tuple[Crumb, ...]:
    tops = actor.regions(Verb.ORGANISATION_READ)
    above = [code for code in reversed(ancestors(region)) if any(is_under(code, top) for top in tops)]
    steps = [Crumb(region_name(code), _address(code)) for code in above]
    return (Crumb("组织", reverse("organisations")), *steps, Crumb(region_name(region)))


def _address(region: str) -> str:
    return f"{reverse('organisations-places')}?{urlencode({'region': region})}"


def _covers(actor: Actor, region: str, *, on: dt.date) -> list[Cover]:
    asked = [spec for spec in catalog().organisation_types.values() if spec.covers]
    levels = {spec.code: Level[spec.covers.upper()] for spec in asked if spec.covers}
    fitting = [spec for spec in asked if levels[spec.code] > level_of(region)]
    places = {level: [row.code for row in subtree(region, level)] for level in {levels[spec.code] for spec in fitting}}
    having = queries.places_having(actor, region, [spec.code for spec in fitting], on=on)
    shares = _shares(actor, region)
    return [
        _cover(spec.name, places[levels[spec.code]], having[spec.code], shares.get(spec.covered_on, ""))
        for spec in fitting
    ]


def _shares(actor: Actor, region: str) -> dict[str, str]:
    """List of covered places → the page of the share that is counted from it, for whoever reads figures."""
    if not actor.may(Verb.FIGURE_READ, region=region):
        return {}
    known, asked = catalog().indicators, urlencode({"region": region})
    return {
        code: f"{reverse('figure', args=[spec.code])}?{asked}"
        for spec in known.values()
        if spec.fold == "ratio"
        for code in dict(known[spec.numerator].where).get("list", ())
        if code in {each.covered_on for each in catalog().organisation_types.values()}
    }


def _cover(name: str, places: Sequence[str], having: frozenset[str], figure: str) -> Cover:
    missing = [code for code in places if code not in having]
    shown_ones = tuple(Chip(label=path_name(code), href=_address(code)) for code in missing[:MOST_MISSING])
    more = len(missing) - len(shown_ones)
    return Cover(name, len(places) - len(missing), len(places), shown_ones, more, figure)


def _table(actor: Actor, region: str, below: Sequence[Region], *, on: dt.date) -> Table:
    level = Level(below[0].level)
    counted = queries.standing_by_place(actor, region, level, on=on)
    heading = "镇（街道）" if level is Level.TOWN else "村（社区）" if level is Level.VILLAGE else "地方"
    columns = (
        Column(label=heading, is_key=True),
        *(Column(label=label, kind="number") for label in COLUMNS.values()),
        Column(label="其他", kind="number"),
    )
    rows = tuple(_row(row.code, counted.get(row.code, {})) for row in below)
    return Table(caption="各地的组织", columns=columns, rows=rows, empty="这里下面没有别的区划。")


def _row(place: str, counted: dict[str, int]) -> Row:
    types = catalog().organisation_types
    by_group: dict[str, int] = {}
    for kind, many in counted.items():
        group = types[kind].group if kind in types else "unit"
        by_group[group] = by_group.get(group, 0) + many
    others = sum(many for group, many in by_group.items() if group not in COLUMNS)
    cells = [Cell(text=region_name(place), href=_address(place))]
    cells += [_number(by_group.get(group, 0), place, group) for group in COLUMNS]
    return Row((*cells, Cell(text=str(others or "—"))))


def _number(many: int, place: str, group: str) -> Cell:
    href = f"{reverse('organisations')}?{urlencode({'group': group, 'region': place})}"
    return Cell(text=str(many), href=href, unit="个") if many else Cell(text="—")
