"""Figures made ready for templates: doors with last year beside them, bars by place, bars by month, a running total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate
from typing import Generic, TypeVar

from lianxin.base.days import Span
from lianxin.desk.figures.asked import Asked
from lianxin.indicators.explain import fold_words
from lianxin.indicators.figures import Compared, Figure
from lianxin.net.regions import region_name
from lianxin.ui import charts, parts
from lianxin.ui.say import UNKNOWN, say_number

HIDDEN = "不显示"
_Chart = TypeVar("_Chart")


@dataclass(frozen=True, kw_only=True)  # with slots the class would be made anew, and super() look for the old one
class Door(parts.Figure):
    """A figure with the year before under its own name, where 去年 would not be true."""

    last_name: str = "去年"
    is_over: bool = True
    hidden: str = ""

    @property
    def shown(self) -> str:
        return self.hidden or super().shown

    @property
    def last_words(self) -> str:
        return "" if self.last is None else f"{self.last_name} {say_number(self.last)}"

    @property
    def change_words(self) -> str:
        """Half a year beside a whole one says nothing."""
        if not self.is_over or self.value is None:
            return ""
        return super().change_words.replace("去年", self.last_name.removesuffix("全年"))


def door(asked: Asked, compared: Compared, *, label: str = "", note: str = "") -> Door:
    """A figure that opens, its fold said beneath. A year before without anything is not compared with."""
    figure = compared.now
    return Door(
        label=label or figure.spec.name,
        value=figure.value,
        unit=figure.spec.unit,
        href="" if figure.is_hidden else asked.link("figure", figure.code),
        note=note or fold_words(figure.spec, figure.period, until=asked.today),
        last=None if figure.is_hidden else compared.last.value or None,
        is_money=figure.spec.unit == "元",
        last_name=last_name(asked, figure.spec.fold),
        is_over=asked.is_over or figure.spec.fold == "stock",
        hidden=HIDDEN if figure.is_hidden else "",
    )


def last_name(asked: Asked, fold: str = "flow") -> str:
    """去年, 2020年; 去年全年 where this year is not over and the comparison would be lame; 去年年底 for a stock."""
    if fold == "stock" and asked.period.span is Span.YEAR:
        return f"{asked.last_name}年底" if asked.last_name == "去年" else f"{asked.last_name}底"
    whole = "全年" if asked.period.span is Span.YEAR else "同期"
    if not asked.is_over:
        return f"{asked.last_name}{whole}"
    return asked.last_name if asked.period.span is Span.YEAR else f"{asked.last_name}同期"


def say_value(figure: Figure) -> str:
    """The number, or the words in its place."""
    return HIDDEN if figure.is_hidden else say_number(figure.value)


def cell(asked: Asked, figure: Figure) -> parts.Cell:
    """A number in a table, threaded when it opens."""
    if figure.value is None:
        return parts.Cell(text=HIDDEN if figure.is_hidden else UNKNOWN)
    href = asked.elsewhere(figure.region).during(figure.period).link("figure", figure.code)
    return parts.Cell(text=say_number(figure.value), unit=figure.spec.unit, href=href)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesShown:
    """Bars by place; the year before in its own words."""

    chart: charts.Places
    this_name: str
    last_name: str
    has_hidden: bool


def places(asked: Asked, rows: Sequence[Figure], last: Sequence[Figure], *, title: str, total: Figure) -> PlacesShown:
    """A row a place in order of code, its number a door to the place's own page of this figure."""
    before = {figure.region: figure for figure in last}
    spec = total.spec
    chart = charts.places(
        [
            charts.Place(
                name=_place_name(asked, figure),
                value=figure.value,
                href="" if figure.value is None else _href(asked, figure),
                last=before[figure.region].value if figure.region in before and has_any(last) else None,
            )
            for figure in rows
        ],
        title=title,
        unit=spec.unit,
        sum_note=sum_note(rows, total),
    )
    shown = [replace(row, text=say_value(figure)) for row, figure in zip(chart.rows, rows, strict=True)]
    return PlacesShown(
        chart=replace(chart, rows=tuple(shown)),
        this_name=asked.said,
        last_name=last_name(asked, spec.fold),
        has_hidden=any(figure.is_hidden for figure in rows),
    )


def has_any(figures: Sequence[Figure]) -> bool:
    """Whether anything was recorded at all; a year before the system began is no comparison."""
    return any(figure.value for figure in figures)


def _place_name(asked: Asked, figure: Figure) -> str:
    name = region_name(figure.region)
    return f"{name}本级" if figure.region == asked.region else name


def _href(asked: Asked, figure: Figure) -> str:
    # The region's own row has no page of its own: its records stand on this one.
    return "" if figure.region == asked.region else asked.elsewhere(figure.region).link("figure", figure.code)


def sum_note(rows: Sequence[Figure], total: Figure) -> str:
    """Why the parts do not add up to the whole, where they do not."""
    if total.spec.fold != "distinct" or total.value is None or any(row.value is None for row in rows):
        return ""
    added = sum((row.value for row in rows if row.value is not None), Decimal(0))
    twice = added - total.value
    if not twice:
        return ""
    unit = total.spec.unit
    return (
        f"相加 {say_number(added)} − 重复 {say_number(twice)} = {say_number(total.value)} {unit}。"
        f"有{unit}在不止一处登记过，合在一起只算一次。"
    )


@dataclass(frozen=True, slots=True)
class Drawn(Generic[_Chart]):
    """A chart with a legend of our own: the charts' say 今年 and 去年, which is true of this year only."""

    chart: _Chart
    this: str = ""
    last: str = ""


def months(asked: Asked, rows: Sequence[Figure], last: Sequence[Figure], *, title: str) -> Drawn[charts.Bars] | None:
    """Bars by month with the year before as hairlines; None where every month is hidden. Months ahead are gaps."""
    if rows and all(row.is_hidden for row in rows):
        return None
    chart = charts.bars(
        [f"{figure.period.first_month}月" for figure in rows],
        [_so_far(asked, figure) for figure in rows],
        title=title,
        unit=rows[0].spec.unit if rows else "",
        last=[figure.value for figure in last] if has_any(last) else (),
    )
    drawn = replace(chart, table=_worded(asked, chart.table), has_last=False)
    return Drawn(drawn, asked.this_name, asked.last_name) if chart.has_last else Drawn(drawn)


def running(asked: Asked, rows: Sequence[Figure], last: Sequence[Figure], *, title: str) -> Drawn[charts.Running]:
    """The total up to each month's end. Only for what adds up over time."""
    so_far = [figure.value or Decimal(0) for figure in rows if _so_far(asked, figure) is not None]
    ahead = [None] * (len(rows) - len(so_far))
    chart = charts.running(
        [f"{figure.period.first_month}月" for figure in rows],
        [*accumulate(so_far), *ahead],
        title=title,
        unit=rows[0].spec.unit if rows else "",
        last=[*accumulate(figure.value or Decimal(0) for figure in last)] if has_any(last) else (),
    )
    return Drawn(
        replace(chart, table=_worded(asked, chart.table), this_end=None, last_end=None),
        f"{asked.this_name} {chart.this_end.text} {chart.unit}" if chart.this_end else "",
        f"{asked.last_name} {chart.last_end.text}" if chart.last_end else "",
    )


def _so_far(asked: Asked, figure: Figure) -> Decimal | None:
    return figure.value if figure.period.start <= asked.today else None


def _worded(asked: Asked, table: parts.Table) -> parts.Table:
    return replace(table, columns=tuple(replace(column, label=_words(asked, column.label)) for column in table.columns))


def _words(asked: Asked, text: str) -> str:
    return text.replace("今年", asked.this_name).replace("去年", asked.last_name)
