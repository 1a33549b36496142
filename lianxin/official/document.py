"""A report as a document: title, headings, paragraphs, and figures that know where they come from.

Says nothing of how it is read (indicators) or set (official, the page).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Level = Literal[1, 2, 3, 4]

_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Text:
    """Words and nothing else."""

    text: str

    @property
    def shown(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundFigure:
    """A figure in running text: `shown` is the wording (“16,704”, “330余”), the rest says which figure it words.

    `value` None: not shown to this reader, or there is none; `shown` then holds the words that say so.
    `records` is the number of rows that its link opens.
    """

    code: str
    shown: str
    value: Decimal | None
    unit: str
    name: str = ""
    fold: str = ""
    region: str = ""
    period: str = ""
    records: int | None = None


Run = Text | BoundFigure


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading without its number; `Document.numbered` gives 一、（一）1．（1） from the order of the blocks."""

    level: Level
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: tuple[Run, ...]


Block = Heading | Paragraph


@dataclass(frozen=True, slots=True)
class Document:
    """`title` may hold line breaks where it must be broken; `date` is the issuing date 成文日期."""

    title: str
    issuer: str | None
    date: dt.date | None
    blocks: tuple[Block, ...]

    @property
    def figures(self) -> tuple[BoundFigure, ...]:
        """Every bound figure in reading order, headings included."""
        return tuple(run for block in self.blocks for run in block.runs if isinstance(run, BoundFigure))

    def numbered(self) -> Iterator[tuple[str, Block]]:
        """Blocks in order, each with its number: “（二）” before a second heading of level 2, "" before paragraphs."""
        counts = [0, 0, 0, 0]
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield "", block
                continue
            counts[block.level - 1] += 1
            counts[block.level :] = [0] * (4 - block.level)
            yield heading_number(block.level, counts[block.level - 1]), block


def plain_text(runs: tuple[Run, ...]) -> str:
    """The words of some runs as they are printed."""
    return "".join(run.shown for run in runs)


def heading_number(level: Level, number: int) -> str:
    """一、 （一） 1． （1）: the four levels of GB/T 9704-2012, 7.3.3."""
    match level:
        case 1:
            return f"{_in_words(number)}、"
        case 2:
            return f"（{_in_words(number)}）"
        case 3:
            return f"{number}．"
        case _:
            return f"（{number}）"


def _in_words(number: int) -> str:
    """1 → 一, 10 → 十, 21 → 二十一; below a hundred, which no document's headings reach."""
    if not 0 < number < 100:
        raise ValueError(f"{number} is no number of a heading")
    tens, ones = divmod(number, 10)
    before = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return before + (_DIGITS[ones] if ones else "")
