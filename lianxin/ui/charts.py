"""Charts as SVG from the server: geometry here, drawing in ui/charts/*.html, a table behind each. No colours.

Widths are per cent and heights pixels, so that words keep their size on every screen (docs/decisions/0004).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from lianxin.ui.parts import Cell, Column, Gauge, Row, Table, gauge
from lianxin.ui.say import Number, say_number, say_reached

HEIGHT = 256  # of the whole drawing
TOP = 28  # room for the number above the highest bar
FLOOR = 224  # the axis; names of months stand below
LINES = 3  # about so many lines of the grid


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the grid with its number."""

    y: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """`is_minor`: its number and name step back on a narrow screen. `last_y` is the year before as a short line."""

    name: str
    text: str
    middle: str
    left: str
    width: str
    y: str
    height: str
    text_y: str
    last_left: str
    last_right: str
    last_y: str = ""
    is_minor: bool = False
    is_name_minor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A figure by month (or quarter), the year before as hairlines."""

    title: str
    says: str
    lines: tuple[Line, ...]
    bars: tuple[Bar, ...]
    table: Table
    has_last: bool
    height: int = HEIGHT
    floor: int = FLOOR


@dataclass(frozen=True, slots=True)
class Stretch:
    """One straight piece of a line: per cent across, pixels down (a polyline cannot do per cent)."""

    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Where a line ends, and how much that is: said in the legend, where no two labels can meet."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A running total against last year's and the target."""

    title: str
    says: str
    lines: tuple[Line, ...]
    names: tuple[tuple[str, str, bool], ...]  # where, what, steps back on a narrow screen
    this: tuple[Stretch, ...]
    last: tuple[Stretch, ...]
    this_end: Ending | None
    last_end: Ending | None
    target_y: str
    target_text: str
    unit: str
    table: Table
    height: int = HEIGHT
    floor: int = FLOOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place's own figures, as they come from the indicator."""

    name: str
    value: Number | None
    href: str = ""
    last: Number | None = None
    target: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """A place as the table prints it."""

    name: str
    href: str
    text: str
    last: str
    reached: str
    gauge: Gauge


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Bars by town: the table is the chart. `sum_note` explains why the parts do not add up, where they do not."""

    title: str
    unit: str
    rows: tuple[PlaceRow, ...]
    has_last: bool
    has_target: bool
    heading: str = "镇街"
    sum_note: str = ""


def bars(
    names: Sequence[str],
    values: Sequence[Number | None],
    *,
    title: str,
    unit: str,
    last: Sequence[Number | None] = (),
) -> Bars:
    """`values` and `last` go with `names`; None (not yet, not known) leaves a gap."""
    before = _padded(last, len(names))
    top, lines = _grid(values, before)
    known = [value for value in values if value is not None]
    most = max(known, default=None)
    return Bars(
        title=title,
        says=_says(title, names, values, unit),
        lines=lines,
        bars=tuple(
            _bar(at, names, value, before[at], top=top, is_minor=value != most) for at, value in enumerate(values)
        ),
        table=_behind(title, names, values, before, unit, has_last=bool(last)),
        has_last=bool(last),
    )


def running(
    names: Sequence[str],
    values: Sequence[Number | None],
    *,
    title: str,
    unit: str,
    last: Sequence[Number | None] = (),
    target: Number | None = None,
) -> Running:
    """`values` are totals up to each name's end, None for what lies ahead; so is `last`."""
    before = _padded(last, len(names))
    top, lines = _grid(values, before, [target])
    return Running(
        title=title,
        says=_says(title, names, values, unit),
        lines=lines,
        names=tuple((_middle(at, len(names)), name, _steps_back(at, len(names))) for at, name in enumerate(names)),
        this=_stretches(values, top),
        last=_stretches(before, top),
        this_end=_ending(values, top),
        last_end=_ending(before, top),
        target_y="" if target is None else _px(_down(target, top)),
        target_text="" if target is None else say_number(target),
        unit=unit,
        table=_behind(title, names, values, before, unit, has_last=bool(last), heading="到月底"),
    )


def places(rows: Sequence[Place], *, title: str, unit: str, heading: str = "镇街", sum_note: str = "") -> Places:
    """In the order given: places are not ranked."""
    most = max((float(each or 0) for row in rows for each in (row.value, row.last, row.target)), default=0) * 1.05
    return Places(
        title=title,
        unit=unit,
        heading=heading,
        sum_note=sum_note,
        has_last=any(row.last is not None for row in rows),
        has_target=any(row.target is not None for row in rows),
        rows=tuple(
            PlaceRow(
                name=row.name,
                href=row.href,
                text=say_number(row.value),
                last=say_number(row.last),
                reached=say_reached(row.value, row.target),
                gauge=gauge(row.value, last=row.last, target=row.target, most=most or 1),
            )
            for row in rows
        ),
    )


def _padded(numbers: Sequence[Number | None], length: int) -> list[Number | None]:
    return [*numbers, *[None] * (length - len(numbers))]


def _grid(*series: Sequence[Number | None]) -> tuple[float, tuple[Line, ...]]:
    """The value at the top, and lines at round numbers below it."""
    most = max((float(each) for numbers in series for each in numbers if each is not None), default=0)
    top = most or 1
    step = _round_step(top / LINES)
    marks = [step * nth for nth in range(1, floor(top / step) + 1)]
    return top, tuple(Line(_px(_down(mark, top)), f"{mark:,}") for mark in marks)


def _round_step(rough: float) -> int:
    """1, 2 or 5 × 10ⁿ, not below 1: things counted come whole."""
    if rough <= 1:
        return 1
    power = 10 ** floor(log10(rough))
    return int(power * next(nice for nice in (1, 2, 5, 10) if rough <= nice * power * 1.3))


def _bar(
    at: int, names: Sequence[str], value: Number | None, last: Number | None, *, top: float, is_minor: bool
) -> Bar:
    slot = 100 / len(names)
    y = FLOOR if value is None else _down(value, top)
    return Bar(
        name=names[at],
        text="" if value is None else say_number(value),
        middle=_middle(at, len(names)),
        left=_pc(slot * (at + 0.24)),
        width=_pc(slot * 0.52),
        y=_px(y),
        height=_px(FLOOR - y),
        text_y=_px(min(y, FLOOR if last is None else _down(last, top)) - 7),
        last_left=_pc(slot * (at + 0.12)),
        last_right=_pc(slot * (at + 0.88)),
        last_y="" if last is None else _px(_down(last, top)),
        is_minor=is_minor and len(names) > 6,
        is_name_minor=_steps_back(at, len(names)),
    )


def _stretches(values: Sequence[Number | None], top: float) -> tuple[Stretch, ...]:
    count = len(values)
    points = [(_middle(at, count), _px(_down(value, top))) for at, value in enumerate(values) if value is not None]
    return tuple(Stretch(*here, *there) for here, there in pairwise(points))


def _ending(values: Sequence[Number | None], top: float) -> Ending | None:
    known = [(at, value) for at, value in enumerate(values) if value is not None]
    if not known:
        return None
    at, value = known[-1]
    return Ending(x=_middle(at, len(values)), y=_px(_down(value, top)), text=say_number(value))


def _behind(
    title: str,
    names: Sequence[str],
    values: Sequence[Number | None],
    before: Sequence[Number | None],
    unit: str,
    *,
    has_last: bool,
    heading: str = "月份",
) -> Table:
    columns = [Column(label=heading, is_key=True), Column(label=f"今年，{unit}", kind="number")]
    if has_last:
        columns.append(Column(label=f"去年，{unit}", kind="number"))
    rows = []
    for name, value, last in zip(names, values, before, strict=True):
        cells: list[Cell | str] = [name, say_number(value)]
        rows.append(Row((*cells, say_number(last)) if has_last else tuple(cells)))
    return Table(caption=title, columns=tuple(columns), rows=tuple(rows))


def _says(title: str, names: Sequence[str], values: Sequence[Number | None], unit: str) -> str:
    """What a person who cannot see the drawing is told."""
    known = [(value, name) for value, name in zip(values, names, strict=True) if value is not None]
    if not known:
        return f"{title}：没有数"
    most, least = max(known, key=lambda each: each[0]), min(known, key=lambda each: each[0])
    return f"{title}：最多{most[1]} {say_number(most[0])}{unit}，最少{least[1]} {say_number(least[0])}{unit}"


def _down(value: Number | float, top: float) -> float:
    return FLOOR - max(float(value), 0) / top * (FLOOR - TOP)


def _middle(at: int, count: int) -> str:
    return _pc((at + 0.5) / count * 100)


def _steps_back(at: int, count: int) -> bool:
    """Of twelve months a phone names four."""
    return count > 6 and at % ceil(count / 4) != 0


def _pc(number: float) -> str:
    return f"{number:.2f}%"


def _px(number: float) -> str:
    return f"{number:.1f}"
