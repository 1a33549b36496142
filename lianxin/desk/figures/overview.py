"""A county (or town, or village) at a glance: one spoken sentence, four figures, its parts, how the year ran."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import HttpResponse

from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of
from lianxin.base.days import Span, now, say_day
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import IndicatorSpec
from lianxin.desk.figures import shown
from lianxin.desk.figures.asked import Asked, asked_of, part_chips, region_chips, region_crumbs, year_chips
from lianxin.indicators.figures import Compared, compare_all
from lianxin.indicators.tables import Area, areas_below, by_month, by_town
from lianxin.indicators.veil import Veil
from lianxin.ui import charts, parts
from lianxin.ui.screen import Screen

# The figures that a leader asks for first; what the sentence and the four doors say of them stands below.
VISITED, TIMES, SOLVED, FOUND = "visits.households", "visits.times", "difficulties.solved", "difficulties.found"
HEARD, IDEAS, FILES, FILES_NEW = "opinions.heard", "ideas.heard", "files.family-and-women", "files.family-and-women.new"
OTHERS = (
    "visits.times",
    "visits.people",
    "visits.door.households",
    "files.family",
    "files.women",
    "files.children",
    "difficulties.found",
    "givings.people",
    "givings.amount",
    "deliveries.law",
    "deliveries.policy",
    "deliveries.care",
    "deliveries.skill",
    "deliveries.health",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    title: str
    asked: Asked
    crumbs: tuple[parts.Crumb, ...]
    years: tuple[parts.Chip, ...]
    spans: tuple[tuple[parts.Chip, ...], ...]
    visited: shown.Door
    solved: shown.Door
    filed: shown.Door
    doors: tuple[shown.Door, ...]
    fresh: str
    is_empty: bool
    places: shown.PlacesShown | None
    places_title: str
    running: shown.Drawn[charts.Running] | None
    running_href: str
    others: tuple[tuple[shown.Door, str], ...]
    others_last: str
    below: tuple[parts.Chip, ...]
    all_href: str


class Overview(Screen):
    """One region in one period."""

    needs = Verb.FIGURE_READ
    template = "desk/figures/overview.html"
    title = "总览"
    room = "figures"

    def get(self, request: object) -> HttpResponse:
        at = now()
        asked = asked_of(self.actor, self.request.GET, today=at.date())
        fresh = f"{_days(asked)} · {at:%H:%M} 读自底账 · 带线的数都能点开，看到是哪些记录"
        return self.render(overview_page(asked, fresh=fresh))


def overview_page(asked: Asked, *, fresh: str) -> OverviewPage:
    view, veil, areas = asked.view, Veil(), areas_below(asked.region)
    specs = _specs((VISITED, TIMES, SOLVED, FOUND, HEARD, IDEAS, FILES, FILES_NEW, *OTHERS))
    found = compare_all(specs.values(), view, veil=veil)
    return OverviewPage(
        title=f"{asked.place}{asked.period.name}总览",
        asked=asked,
        crumbs=region_crumbs(asked, "overview"),
        years=year_chips(asked, "overview"),
        spans=part_chips(asked, "overview"),
        visited=shown.door(asked, found[VISITED]),
        solved=shown.door(asked, found[SOLVED]),
        filed=shown.door(asked, found[FILES]),
        doors=_doors(asked, found),
        fresh=fresh,
        is_empty=not any(compared.now.value for compared in found.values()),
        places=_places(asked, found[VISITED], areas, veil),
        places_title=_parts_name(asked),
        running=_running(asked, found[TIMES], veil),
        running_href=asked.link("figure", TIMES),
        others=_others(asked, [found[code] for code in OTHERS]),
        others_last=asked.last_name if any(found[code].last.value for code in OTHERS) else "",
        below=region_chips(asked, areas, "overview"),
        all_href=asked.link("figures"),
    )


def _specs(codes: tuple[str, ...]) -> dict[str, IndicatorSpec]:
    return {code: catalog().indicator(code) for code in codes}


def _doors(asked: Asked, found: Mapping[str, Compared]) -> tuple[shown.Door, ...]:
    def said(code: str) -> str:
        return f"{shown.say_value(found[code].now)} {found[code].now.spec.unit}"

    files = f"{say_day(asked.period.last_day)}在册" if asked.is_over else "到今天在册"
    return (
        shown.door(asked, found[VISITED], note=f"一共走访 {said(TIMES)}，同一户只算一户"),
        shown.door(asked, found[SOLVED], note=f"发现 {said(FOUND)}"),
        shown.door(asked, found[HEARD], note=f"其中“金点子” {said(IDEAS)}"),
        shown.door(asked, found[FILES], note=f"{files}，{asked.said}新建 {said(FILES_NEW)}"),
    )


def _places(asked: Asked, visited: Compared, areas: tuple[Area, ...], veil: Veil) -> shown.PlacesShown | None:
    spec = visited.now.spec
    if not areas:
        return None
    rows = by_town(spec, asked.view, veil=veil, areas=areas)
    before = replace(asked.view, period=asked.period.a_year_before)
    last = by_town(spec, before, veil=veil, areas=areas) if visited.last.value else ()
    return shown.places(asked, rows, last, title=f"{spec.name}，{_parts_name(asked)}", total=visited.now)


def _parts_name(asked: Asked) -> str:
    names = {Level.COUNTY: "各镇街", Level.TOWN: "各村（社区）", Level.CITY: "各县（区）", Level.PROVINCE: "各市"}
    return names.get(level_of(asked.region), "各地")


def _running(asked: Asked, times: Compared, veil: Veil) -> shown.Drawn[charts.Running] | None:
    """Of a whole year only: a month's total has nothing to run through."""
    spec = times.now.spec
    if asked.period.span is not Span.YEAR or not times.now.value:
        return None
    rows = by_month(spec, asked.view, veil=veil)
    before = replace(asked.view, period=asked.period.a_year_before)
    last = by_month(spec, before, veil=veil) if times.last.value else ()
    return shown.running(asked, rows, last, title="走访逐月累计")


def _others(asked: Asked, found: list[Compared]) -> tuple[tuple[shown.Door, str], ...]:
    """The other figures, each with what it was the year before."""
    return tuple(
        (shown.door(asked, compared), shown.say_value(compared.last) if compared.last.value else "")
        for compared in found
    )


def _days(asked: Asked) -> str:
    last = min(asked.period.last_day, asked.today)
    return f"{say_day(asked.period.start)}至{say_day(last)}"
