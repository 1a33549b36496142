"""ID numbers and telephone numbers as people type them. The two ID numbers are the examples in GB 11643-1999."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.base.errors import Refused
from lianxin.vault.identity import Sex, parse_id_number, parse_phone, phone_tail

WOMAN = "11010519491231002X"
MAN = "440524188001010014"


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002X",
        "11010519491231002x",
        "110105 19491231 002X",
        "110105-19491231-002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        "  1101 0519 4912 3100 2X ",
    ],
)
def test_the_standards_own_example_is_read_however_it_is_typed(typed: str) -> None:
    identity = parse_id_number(typed)

    assert (identity.number, identity.birth, identity.sex) == (WOMAN, dt.date(1949, 12, 31), Sex.FEMALE)


def test_an_odd_seventeenth_digit_is_a_man() -> None:
    identity = parse_id_number(MAN)

    assert (identity.birth, identity.sex) == (dt.date(1880, 1, 1), Sex.MALE)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("110105194912310021", "校验"),
        ("11010519491231002", "17 位"),
        ("11010519490229002X", "出生日期不存在"),
        ("110105491231002", "15 位的旧身份证号"),
        ("010105194912310020", "第一位不是 0"),
        ("1101051949123100XX", "只能是数字"),
        ("11010519491231002Y", "只能是数字"),
        ("", "0 位"),
    ],
)
def test_a_wrong_number_is_refused_with_what_is_wrong(typed: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        parse_id_number(typed, field="members.0.id_number")

    assert refusal.value.field == "members.0.id_number"


def test_the_refusal_does_not_repeat_the_number() -> None:
    with pytest.raises(Refused) as refusal:
        parse_id_number("110105194912310021")

    assert "1949" not in str(refusal.value)


def test_the_repr_tells_nothing() -> None:
    assert "1949" not in repr(parse_id_number(WOMAN))


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("13812342764", "13812342764"),
        ("138 1234 2764", "13812342764"),
        ("138-1234-2764", "13812342764"),
        ("１３８１２３４２７６４", "13812342764"),
        ("+86 138 1234 2764", "13812342764"),
        ("0086-13812342764", "13812342764"),
        ("8613812342764", "13812342764"),
        ("013812342764", "13812342764"),
        ("\u202d138 1234 2764\u202c", "13812342764"),
        ("0573-82831234", "057382831234"),
        ("(0573)8283-1234", "057382831234"),
        ("（0573）8283 1234", "057382831234"),
        ("010-62831234", "01062831234"),
        ("+86 0573 82831234", "057382831234"),
        ("0951-2831234", "09512831234"),
    ],
)
def test_a_phone_is_read_however_it_is_typed(typed: str, plain: str) -> None:
    assert parse_phone(typed) == plain


@pytest.mark.parametrize(
    "typed", ["1381234276", "138123427644", "12812342764", "12338", "", "abc", "010-128312345", "0573-1234567"]
)
def test_what_is_no_phone_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="电话号码不对"):
        parse_phone(typed)


def test_a_landline_without_its_area_code_is_asked_for_it() -> None:
    with pytest.raises(Refused, match="请带上区号"):
        parse_phone("82831234")


def test_the_tail_is_the_last_four() -> None:
    assert (phone_tail("138-1234-2764"), phone_tail("276")) == ("2764", "")
