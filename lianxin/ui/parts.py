"""What pages are made of, as frozen values: figures, events on a thread, rows, chips. Templates only print them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from lianxin.ui.say import WAN, Number, say_change, say_number, say_percent, say_reached, say_wan

# How each fold is said beside its figure, where the indicator has no sentence of its own.
FOLD_WORDS = {
    "flow": "去几次算几次，可以相加",
    "stock": "这一天在册的数",
    "distinct": "同一户只算一次",
    "ratio": "两个数相除",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """Widths of a bar and its hairlines, in per cent of the longest."""

    fill: str
    last: str = ""
    target: str = ""


def gauge(value: Number | None, *, last: Number | None = None, target: Number | None = None, most: float = 0) -> Gauge:
    """`most` is what the full width stands for; 0: a little more than the largest of the three."""
    full = most or max(float(each or 0) for each in (value, last, target)) * 1.15
    if full <= 0:
        return Gauge(fill="0%")

    def width(number: Number) -> str:
        return f"{min(max(float(number) / full, 0), 1) * 100:.2f}%"

    return Gauge(
        fill=width(value or 0),
        last="" if last is None else width(last),
        target="" if target is None else width(target),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that opens. `note` says its fold; None is 没有数, which is not 0. `last`: same span, a year before."""

    label: str
    value: Number | None
    unit: str = ""
    href: str = ""
    note: str = ""
    last: Number | None = None
    target: Number | None = None
    is_money: bool = False

    @property
    def shown(self) -> str:
        """Money from 10,000 yuan in 万元, without its unit: `shown_unit` has it."""
        return self._words[0]

    @property
    def shown_unit(self) -> str:
        return self._words[1]

    @property
    def _words(self) -> tuple[str, str]:
        if self.value is None:
            return say_number(None), ""
        if self.is_money and abs(Decimal(self.value)) >= WAN:
            number, _, unit = say_wan(self.value).partition(" ")
            return number, unit
        return say_number(self.value), self.unit

    @property
    def last_words(self) -> str:
        return "" if self.last is None else f"去年 {say_number(self.last)}"

    @property
    def change_words(self) -> str:
        return say_change(self.value, self.last)

    @property
    def target_words(self) -> str:
        return "" if self.target is None else f"目标 {say_number(self.target)}"

    @property
    def reached_words(self) -> str:
        return say_reached(self.value, self.target, unit=self.unit)

    @property
    def gauge(self) -> Gauge | None:
        """Nothing to compare with: no bar."""
        if self.last is None and self.target is None:
            return None
        return gauge(self.value, last=self.last, target=self.target)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A link under an event: a document, a record, a visit."""

    label: str
    href: str
    icon: str = "file-text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A knot on the thread. `state`: done (solid), now, next (dotted, ahead), fold (several put together)."""

    day: str
    title: str
    time: str = ""
    href: str = ""
    quote: str = ""
    text: str = ""
    by: str = ""
    papers: tuple[Paper, ...] = ()
    state: str = "done"
    tone: str = ""
    tone_word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """A knot of the day's plan. `when` is 上午, 今天 18:00 前; `acts` are the one or two things at hand (打电话)."""

    title: str
    href: str = ""
    when: str = ""
    text: str = ""
    state: str = ""
    tone: str = ""
    tone_word: str = ""
    acts: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One link in a list of links; `lead` stands small before it (后天), `icon` instead of a lead."""

    text: str
    href: str
    note: str = ""
    lead: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """A place in a list walked by key: no page numbers, which lie as soon as somebody adds a row."""

    says: str
    newer: str = ""
    older: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`kind`: text, number, day, voice (somebody's own words). `is_key` heads the card on a phone."""

    label: str
    kind: str = "text"
    is_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`tone` with its word: green, yellow, red, blue, soft."""

    text: str = ""
    href: str = ""
    unit: str = ""
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells in the order of the columns; plain strings will do."""

    cells: tuple[Cell | str, ...]
    is_soft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table that becomes cards below 48 rem. `empty` says what will be here and how to begin."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str = "还没有记录。"

    @property
    def paired(self) -> tuple[tuple[bool, tuple[tuple[Column, Cell], ...]], ...]:
        """Each row's cells with their columns, for the template."""
        return tuple(
            (
                row.is_soft,
                tuple(
                    (column, Cell(text=cell) if isinstance(cell, str) else cell)
                    for column, cell in zip(self.columns, row.cells, strict=True)
                ),
            )
            for row in self.rows
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One filter: a link that sets or clears it. `count` only where it is at hand."""

    label: str
    href: str
    is_on: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of where we are; the last has no address."""

    label: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """One line of what the register knows."""

    label: str
    text: str
    href: str = ""
    link: str = ""


def share(part: Number, whole: Number) -> str:
    """A part in per cent of a whole; 没有数 when the whole is nothing."""
    return say_percent(Decimal(part) / Decimal(whole) if whole else None)
