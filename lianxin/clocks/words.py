"""Clocks and due days in words: for the command, the guide and whoever prints them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from lianxin.base.days import say_day, say_weekday
from lianxin.catalog.clocks import DUTIES, GRADES, ClockSpec
from lianxin.clocks.reckoning import Due

HEADINGS = ("代号", "期限", "从什么时候起算", "多长", "当日算不算", "遇休息日", "月末", "谁的事", "出处", "可靠程度")


def say_due(due: Due) -> str:
    """2021年3月20日（周六） or 2021年3月8日（周一）14:30."""
    return f"{say_day(due.day)}（{say_weekday(due.day)}）{say_hour(due.at) if due.at else ''}"


def say_hour(at: dt.datetime) -> str:
    return at.strftime("%H:%M:%S" if at.second else "%H:%M")


def as_row(clock: ClockSpec) -> tuple[str, ...]:
    """One clock under the headings above."""
    by_day = clock.unit in ("days", "months", "years")
    return (
        clock.code,
        clock.name,
        clock.begins,
        clock.says,
        "算" if clock.counts_first else "不算" if by_day or clock.unit == "working-days" else "—",
        "顺延" if clock.rolls else "不顺延" if by_day else "—",
        ("取月末日" if clock.clamps else "取下月 1 日") if clock.unit in ("months", "years") else "—",
        DUTIES[clock.duty],
        clock.cited,
        GRADES[clock.grade],
    )


def as_markdown(clocks: Iterable[ClockSpec]) -> str:
    """The table of the guide, docs/use/期限.md."""
    rows = [HEADINGS, ("---",) * len(HEADINGS), *map(as_row, clocks)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"
