"""Money as people type it, and text cleaned without losing what was meant."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.base.errors import Refused
from lianxin.base.ids import checked_id, new_id
from lianxin.base.money import from_hundredths, parse_yuan, to_hundredths
from lianxin.base.text import clean_line, clean_note


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [("500", "500.00"), ("1,200.50", "1200.50"), ("¥69600", "69600.00"), ("１２００．５元", "1200.50"), ("0", "0.00")],
)
def test_yuan_are_understood_as_typed(typed: str, yuan: str) -> None:
    assert parse_yuan(typed) == Decimal(yuan)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("-5", "负数"),
        ("0.001", "两位小数"),
        ("12.345", "两位小数"),
        ("五百", "请填数字"),
        ("NaN", "请填数字"),
        ("Infinity", "请填数字"),
        ("1e400", "太大"),
        ("99999999999", "太大"),
    ],
)
def test_what_is_no_amount_is_refused_with_the_reason(typed: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        parse_yuan(typed)


@given(st.decimals(min_value=-(10**10), max_value=10**10, places=2))
def test_hundredths_lead_back_to_the_value(value: Decimal) -> None:
    assert from_hundredths(to_hundredths(value)) == value


def test_a_value_finer_than_a_hundredth_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="finer"):
        to_hundredths(Decimal("0.001"))


def test_a_note_keeps_its_lines_and_punctuation_and_loses_control_characters() -> None:
    typed = "  她说：\r\n“浴室滑”，\x00住３组\u202f１７号。 😀\x07 "

    assert clean_note(typed, field="heard") == "她说：\n“浴室滑”，住3组\u202f17号。 😀"


def test_a_note_too_long_is_refused_with_both_numbers() -> None:
    with pytest.raises(Refused, match=r"最多写 5,000 个字，现在有 10,000 个"):
        clean_note("话" * 10_000, field="heard")


def test_a_line_has_no_breaks_and_plain_digits() -> None:
    assert clean_line(" ３组\n １７号 ", field="place") == "3组 17号"


def test_ids_are_ulids() -> None:
    made = new_id()

    assert checked_id(f" {made.lower()} ") == made
    for wrong in ("", "x" * 26, made[:-1], "8" + made[1:], made[:-1] + "U"):
        with pytest.raises(Refused):
            checked_id(wrong)


def test_a_rare_character_of_a_name_is_kept() -> None:
    rare = "张" + chr(0x31350) + chr(0x2EBF0)

    assert clean_line(rare, field="name") == rare
