"""The document model: numbers of headings, figures in reading order."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lianxin.official.document import BoundFigure, Document, Heading, Level, Paragraph, Text, heading_number, plain_text


def heading(level: Level, text: str) -> Heading:
    return Heading(level, (Text(text),))


def figure(code: str, shown: str) -> BoundFigure:
    return BoundFigure(code=code, shown=shown, value=Decimal(1), unit="户")


@pytest.mark.parametrize(
    ("level", "number", "said"),
    [
        (1, 1, "一、"),
        (1, 10, "十、"),
        (1, 11, "十一、"),
        (1, 20, "二十、"),
        (1, 42, "四十二、"),
        (2, 3, "（三）"),
        (3, 2, "2．"),
        (4, 12, "（12）"),
    ],
)
def test_each_level_is_numbered_its_own_way(level: Level, number: int, said: str) -> None:
    assert heading_number(level, number) == said


@pytest.mark.parametrize("number", [0, 100])
def test_a_heading_number_out_of_reach_is_an_error(number: int) -> None:
    with pytest.raises(ValueError, match="no number of a heading"):
        heading_number(1, number)


def test_lower_levels_begin_again_under_each_heading() -> None:
    words = Paragraph((Text("正文。"),))
    blocks = (
        heading(1, "甲"),
        heading(2, "乙"),
        heading(3, "丙"),
        words,
        heading(3, "丁"),
        heading(2, "戊"),
        heading(3, "己"),
        heading(1, "庚"),
        heading(2, "辛"),
    )

    numbers = [number for number, _ in Document("题", None, None, blocks).numbered()]

    assert numbers == ["一、", "（一）", "1．", "", "2．", "（二）", "1．", "二、", "（一）"]


def test_figures_come_in_reading_order_and_read_as_words() -> None:
    first, second = figure("visits.households", "16,704"), figure("difficulties.solved", "330余")
    runs = (Text("走访"), first, Text("户，解决"), second, Text("项。"))

    document = Document("题", None, None, (Paragraph(runs), Heading(1, (first,))))

    assert document.figures == (first, second, first)
    assert plain_text(runs) == "走访16,704户，解决330余项。"
