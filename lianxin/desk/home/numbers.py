"""The figures of the home page: three of a month for a village or town, a sentence and four of a year for a county."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import NATION, Level, level_of
from lianxin.base.days import Period, Span, say_day
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import IndicatorSpec
from lianxin.desk.figures.asked import latest_year
from lianxin.indicators.explain import fold_words
from lianxin.indicators.figures import Compared, Figure, compare_all, compute_all
from lianxin.indicators.reach import figure_view
from lianxin.kinds.visits.models import Visit
from lianxin.net.regions import path_name
from lianxin.ui import parts

OF_A_MONTH = {"visits.households": "走访", "difficulties.solved": "解决困难", "ideas.heard": "金点子"}
OF_A_YEAR = ("visits.households", "difficulties.solved", "ideas.heard", "files.family-and-women")
SENTENCE = ("visits.households", "visits.people", "difficulties.found", "difficulties.solved", "ideas.heard")


@dataclass(frozen=True, slots=True)
class Small:
    """One figure of the three."""

    label: str
    value: Decimal | None
    unit: str
    href: str
    fold: str


@dataclass(frozen=True, slots=True)
class Month:
    """What a village or town did in a month."""

    title: str
    where: str
    figures: tuple[Small, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """What a county did in a year: `said` by code for the sentence, `figures` large, with the year before."""

    where: str
    title: str
    until: str
    said: dict[str, Small]
    figures: tuple[parts.Figure, ...]
    is_empty: bool


def month_of(actor: Actor, region: str, *, today: dt.date, newest: dt.date | None = None) -> Month | None:
    """This month; before anything was recorded in it, the last one with something. `newest`: a day known to have."""
    if not _may_read(actor, region):
        return None
    period = _month_with_visits(actor, today=today, newest=newest)
    figures = compute_all(_specs(*OF_A_MONTH), figure_view(actor, region, period))
    shown = tuple(_small(figures[code], label) for code, label in OF_A_MONTH.items() if code in figures)
    return Month("这个月" if period.holds(today) else period.name, path_name(region), shown)


def year_of(actor: Actor, region: str, *, today: dt.date) -> Year | None:
    """This year beside the one before; while nothing is recorded in it, the last one that has something."""
    if not _may_read(actor, region):
        return None
    period = latest_year(actor, region, today=today)
    figures = compare_all(_specs(*OF_A_YEAR, *SENTENCE), figure_view(actor, region, period))
    end = min(period.last_day, today)
    return Year(
        where=path_name(region),
        title="今年" if period.holds(today) else period.name,
        until=f"{say_day(period.start)}至{say_day(end)}",
        said={code.replace(".", "_"): _small(figures[code].now) for code in SENTENCE if code in figures},
        figures=tuple(_large(figures[code], today) for code in OF_A_YEAR if code in figures),
        is_empty=not any(figure.now.value for figure in figures.values()),
    )


def is_county_or_above(region: str) -> bool:
    return region != NATION and level_of(region) <= Level.COUNTY


def _may_read(actor: Actor, region: str) -> bool:
    return region != NATION and bool(actor.may(Verb.FIGURE_READ, region=region))


def _specs(*codes: str) -> Sequence[IndicatorSpec]:
    """Each once; a county's own catalogue may have left one away."""
    known = catalog().indicators
    return [known[code] for code in dict.fromkeys(codes) if code in known]


def _month_with_visits(actor: Actor, *, today: dt.date, newest: dt.date | None) -> Period:
    """The month of today, or the one of the newest visit in her sight when that lies before it."""
    current = Period.holding(today, Span.MONTH)
    if newest is None or not current.holds(newest):
        newest = _newest_visit(actor)
    return current if newest is None or newest >= current.start else Period.holding(newest, Span.MONTH)


def _newest_visit(actor: Actor) -> dt.date | None:
    if not actor.may(Verb.VISIT_READ):
        return None
    rows = Visit.objects.seen_by(actor).filter(is_void=False).order_by("-day", "-seq")
    return rows.values_list("day", flat=True).first()


def figure_href(figure: Figure) -> str:
    asked = {"region": figure.region, "period": figure.period.code}
    return f"{reverse('figure', args=[figure.code])}?{urlencode(asked)}"


def _small(figure: Figure, label: str = "") -> Small:
    return Small(label or figure.spec.name, figure.value, figure.spec.unit, figure_href(figure), figure.spec.fold)


def _large(each: Compared, today: dt.date) -> parts.Figure:
    spec, value, period = each.now.spec, each.now.value, each.now.period
    # The year's last day is still to come: “on file on 31 December” would be a promise.
    is_running = spec.fold == "stock" and period.last_day > today
    return parts.Figure(
        label=spec.name,
        value=value,
        unit=spec.unit,
        href=figure_href(each.now),
        note="到今天在册的数" if is_running else fold_words(spec, period),
        last=each.last.value if each.last.value else None,
        is_money=spec.unit == "元",
    )
