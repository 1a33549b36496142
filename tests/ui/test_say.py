"""How figures are said, worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lianxin.ui.say import say_change, say_number, say_percent, say_reached, say_wan, say_yuan


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (16704, "16,704"),
        (0, "0"),
        (Decimal("1.50"), "1.5"),
        (Decimal(1200), "1,200"),
        (Decimal("1E+3"), "1,000"),
        (-5, "-5"),
        (None, "没有数"),
    ],
)
def test_numbers_have_commas_and_no_idle_zeros(value: Decimal | None, said: str) -> None:
    assert say_number(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(69600, "69,600.00 元"), (Decimal("0.5"), "0.50 元"), (Decimal("1.005"), "1.01 元"), (None, "没有数")],
)
def test_yuan_have_two_places(value: Decimal | None, said: str) -> None:
    assert say_yuan(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (69600, "6.96 万元"),
        (70000, "7 万元"),
        (9999, "9,999.00 元"),
        (10000, "1 万元"),
        (123_456_789, "1.23 亿元"),
        (12_345_678, "1,234.57 万元"),
        (None, "没有数"),
    ],
)
def test_big_sums_are_said_in_wan(value: int | None, said: str) -> None:
    assert say_wan(value) == said


@pytest.mark.parametrize(
    ("ratio", "said"),
    [(Decimal("0.098"), "9.8%"), (Decimal("1.04"), "104%"), (Decimal("0.98765"), "98.8%"), (0, "0%"), (None, "没有数")],
)
def test_percent_has_one_place(ratio: Decimal | None, said: str) -> None:
    assert say_percent(ratio) == said


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (110, 100, "多 10%"),
        (97, 100, "少 3%"),
        (5, 5, "和去年一样"),
        (5, None, "去年没有数"),
        (None, 5, "没有数"),
        (7, 0, "多 7"),
        (0, 8, "少 100%"),
    ],
)
def test_change_says_more_less_or_unknown(now: int | None, before: int | None, said: str) -> None:
    assert say_change(now, before) == said


@pytest.mark.parametrize(
    ("now", "target", "said"),
    [(104, 100, "到了 104%"), (96, 100, "还差 4 个"), (None, 100, "没有数"), (3, None, "没有设目标"), (0, 0, "到了")],
)
def test_target_says_how_far(now: int | None, target: int | None, said: str) -> None:
    assert say_reached(now, target, unit="个") == said
