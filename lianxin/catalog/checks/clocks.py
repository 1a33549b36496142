"""Clocks and holidays: a law has its article, rights roll and duties do not, a year's days lie in or near the year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from lianxin.catalog.clocks import EXACT, ClockSpec, YearSpec
from lianxin.catalog.merge import Book
from lianxin.catalog.problems import CatalogProblem
from lianxin.catalog.shelves import Placed

LONGEST = {"minutes": 10_000, "hours": 2_400, "days": 3_660, "working-days": 1_000, "months": 600, "years": 50}


def clock_problems(book: Book) -> Iterator[CatalogProblem]:
    for placed in book.clocks.values():
        yield from _length(placed)
        yield from _roll(placed)
        yield from _sources(placed)
        if placed.spec.after and (mend := book.unknown("clock", placed.spec.after, book.clocks)):
            yield placed.problem("after", f"没有“{placed.spec.after}”这个期限", mend)
    for year in book.years.values():
        yield from _year(year)


def _length(placed: Placed[ClockSpec]) -> Iterator[CatalogProblem]:
    clock = placed.spec
    if not clock.length and clock.unit not in EXACT:
        yield placed.problem("length", "0 是立即，只能按分钟或小时计", '写 1 或更大，或写 unit = "minutes"')
    if clock.length > LONGEST[clock.unit]:
        yield placed.problem("length", f"{clock.length} 太长", f"最多写 {LONGEST[clock.unit]}")
    if clock.unit in EXACT and clock.remind:
        yield placed.problem("remind", "按分钟、小时计的不提前几天提醒", "删去这个键")
    if any(days < 1 or days > LONGEST["days"] for days in clock.remind):
        yield placed.problem("remind", "提前的天数要是 1 或更大的整数", "例如 [30, 7]")


def _roll(placed: Placed[ClockSpec]) -> Iterator[CatalogProblem]:
    """民法典第二百零三条 serves whoever has the right; our own duties are never put off by a holiday."""
    clock = placed.spec
    if clock.unit in (*EXACT, "working-days"):
        if clock.rolls:
            yield placed.problem("rolls", "按小时或工作日计的，没有顺延", "删去这个键")
    elif clock.rolls != (clock.duty == "right"):
        message = "群众的权利要顺延" if clock.duty == "right" else "只有群众的权利才顺延，自己该办的不往后推"
        yield placed.problem("rolls", message, f"写 rolls = {'true' if clock.duty == 'right' else 'false'}")


def _sources(placed: Placed[ClockSpec]) -> Iterator[CatalogProblem]:
    clock = placed.spec
    if clock.is_fixed and not clock.article:
        yield placed.problem("article", "说是法律定的，却没有写第几条", "补上 article，或把 grade 写成别的")
    if clock.grade == "default" and "出厂默认" not in clock.source:
        yield placed.problem("source", "出厂默认的数要写明", "出处写“出厂默认，待县妇联确认”和参照了什么")


def _year(placed: Placed[YearSpec]) -> Iterator[CatalogProblem]:
    spec = placed.spec
    for number, rest in enumerate(spec.rests, 1):
        if rest.last < rest.first:
            yield placed.problem(f"rest[{number}].last", "最后一天早于头一天", "核对两个日期")
        elif not _in_year(rest.first, spec.year) and not _in_year(rest.last, spec.year):
            yield placed.problem(f"rest[{number}].first", f"不在 {spec.year} 年", "放到那一年的那一段里")
        elif (rest.last - rest.first).days > 30:
            yield placed.problem(f"rest[{number}].last", "一个假超过 30 天", "核对两个日期")
    for number, day in enumerate(spec.work, 1):
        if not _in_year(day, spec.year):
            yield placed.problem(f"work[{number}]", f"不在 {spec.year} 年", "放到那一年的那一段里")
        elif day.weekday() < 5:
            yield placed.problem(f"work[{number}]", "本来就是工作日", "这里只写要上班的周六、周日")
        elif any(rest.first <= day <= rest.last for rest in spec.rests):
            yield placed.problem(f"work[{number}]", "这一天又放假又上班", "核对放假通知")


def _in_year(day: dt.date, year: int) -> bool:
    """New Year's holiday reaches into the December before, and its notice moves working days there."""
    return day.year == year or (day.year, day.month) == (year - 1, 12)
