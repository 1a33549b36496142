"""What is hidden in running text and what is left alone. Numbers here are examples of standards or made of patterns."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.vault.masks import mask_free_text, mask_id, mask_phone

WOMAN = "11010519491231002X"  # the example of GB 11643-1999


def test_masks_keep_the_head_and_the_last_four() -> None:
    assert mask_id(WOMAN) == "110···········002X"
    assert mask_phone("13812342764") == "138····2764"
    assert mask_phone("057382831234") == "0573····1234"
    assert mask_phone("01062831234") == "010····1234"
    assert mask_phone("82831234") == "····1234"
    assert (mask_phone(""), mask_phone("2764"), mask_id("1234567")) == ("", "····", "·······")


@pytest.mark.parametrize(
    ("typed", "masked"),
    [
        ("她的电话是13812342764，晚上打", "她的电话是138····2764，晚上打"),
        ("138 1234 2764", "138····2764"),
        ("138-1234-2764", "138····2764"),
        ("138.1234.2764", "138····2764"),
        ("138·1234·2764", "138····2764"),
        ("138 - 1234 - 2764", "138····2764"),
        ("1 3 8 1 2 3 4 2 7 6 4", "138····2764"),
        ("手机１３８１２３４２７６４。", "手机138····2764。"),
        ("微信wx13812342764", "微信wx138····2764"),
        ("+86 138 1234 2764", "138····2764"),
        ("+8613812342764", "138····2764"),
        ("0086-13812342764", "138····2764"),
        ("（+86）138-1234-2764", "138····2764"),
        ("86-13812342764", "138····2764"),
        ("013812342764", "138····2764"),
        ("\u202d138 1234 2764\u202c", "\u202d138····2764\u202c"),
        ("13812342764、13912342764", "138····2764、139····2764"),
        ("13812342764 13912342764", "138····2764 139····2764"),
        ("1. 13812342764 2. 13912342764", "1. 138····2764 2. 139····2764"),
        ("住3组17号13812342764", "住3组17号138····2764"),
        ("13812342764@139.com", "138····2764@139.com"),
        ("2021年3月5日13812342764来电", "2021年3月5日138····2764来电"),
        ("2021-03-05 13812342764", "2021-03-05 138····2764"),
        ("家里(0573)8283-1234", "家里0573····1234"),
        ("（0573）82831234", "0573····1234"),
        ("0573-82831234", "0573····1234"),
        ("0573 8283 1234", "0573····1234"),
        ("057382831234", "0573····1234"),
        ("+86 0573 82831234", "0573····1234"),
        ("010-62831234转8", "010····1234转8"),
        ("0951-2831234", "095····1234"),
        ("400-820-1234", "400····1234"),
        ("4008201234", "400····1234"),
        ("家里电话：82831234", "家里电话：····1234"),
        (WOMAN, "110···········002X"),
        ("身份证11010519491231002x已核", "身份证110···········002X已核"),
        ("１１０１０５１９４９１２３１００２Ｘ", "110···········002X"),
        ("110105 19491231 002X", "110···········002X"),
        ("110105-1949-1231-002 X", "110···········002X"),
        ("1101 0519 4912 3100 2X", "110···········002X"),
        ("440524188001010014", "440···········0014"),
        ("440524188001010014，13812342764", "440···········0014，138····2764"),
        ("440524188001010014 13812342764", "440···········0014 138····2764"),
        ("旧证110105491231002", "旧证110········1002"),
        ("440524188013450014", "440···········0014"),  # no such day: mistyped, and still hers
        ("6222021203012345678", "622············5678"),  # the pattern of a bank card
        ("13812342764，家里电话82831234", "138····2764，家里电话····1234"),
        ("电话 2 000002 00001010000", "电话 200···········0000"),  # 电话 before what is no phone
        ("1381234276413912342764", "138···············2764"),  # two phones glued together
    ],
)
def test_a_number_in_running_text_is_hidden(typed: str, masked: str) -> None:
    assert mask_free_text(typed) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2021年3月5日上门",
        "2021-03-05 15:30",
        "2021.3.5—2021.12.31",
        "20210305",
        "20210305153000",
        "330402100201",
        "网格330402100201001",
        "330402",
        "1,078件",
        "69600.00元",
        "69,600.00 元",
        "12338",
        "110、119、120",
        "国办函〔2026〕12号",
        "3组17号，5幢2单元301室",
        "补助1500 2021-3-15",
        "发500元，又发1200.50元，共1700.50元",
        "2021年共走访16704户，建档9346份",
        "01ARZ3NDEKTSV4RRFFQ69G5FAV",  # the ULID of its specification
        "见01ARZ3NDEKTSV4RRFFQ69G5FAV，已办",
        "01HF13812342764N4RRFFQ69G5",
        "身高165.5厘米，体重58公斤",
        "第13、14、15、16、17期",
        "82831234",
    ],
)
def test_ordinary_sentences_stay_as_they_are(text: str) -> None:
    assert mask_free_text(text) == text


SIGNS = st.sampled_from(list("0123456789０１２３４５６７８９xXＸ .-－—·（）()+年月日组号元张电话，。\u3000\u200b\n"))


@given(st.text(SIGNS, max_size=60))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask_free_text(text)

    assert mask_free_text(once) == once


def _full_width(text: str) -> str:
    return text.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789Xx"})


@st.composite
def typed(draw: st.DrawFn, number: str) -> str:
    """A number as somebody types it: broken anywhere by one kind of gap, half- or full-width."""
    gap = draw(st.sampled_from(["", " ", "-", ".", "·", "—", "\u3000", " - ", "－"]))
    breaks = draw(st.sets(st.integers(1, len(number) - 1)))
    broken = "".join((gap if place in breaks else "") + sign for place, sign in enumerate(number))
    return _full_width(broken) if draw(st.booleans()) else broken


MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
DAYS = st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2030, 1, 1))
IDS = st.builds(
    lambda place, day, order, last: f"{place}{day:%Y%m%d}{order}{last}",
    st.from_regex(r"[1-8][0-9]{5}", fullmatch=True),
    DAYS,
    st.from_regex(r"[0-9]{3}", fullmatch=True),
    st.sampled_from("0123456789Xx"),
)
AROUND = st.sampled_from(
    ["", "电话", "身份证号：", "她叫张某，", "wx", "No.", "，", "。住3组", "（", "）", "\n", "是x", "x", "X"]
)


def _digits_of(text: str) -> str:
    plain = text.translate({0xFF10 + digit: str(digit) for digit in range(10)})
    return "".join(sign for sign in plain if sign.isdecimal())


@given(MOBILES.flatmap(lambda number: st.tuples(st.just(number), typed(number))), AROUND, AROUND)
def test_no_mobile_survives(number: tuple[str, str], before: str, after: str) -> None:
    masked = mask_free_text(before + number[1] + after)

    assert number[0] not in _digits_of(masked)
    assert len(_digits_of(masked)) <= 7 + len(_digits_of(before + after))


@given(IDS.flatmap(lambda number: st.tuples(st.just(number), typed(number))), AROUND, AROUND)
def test_no_id_number_survives(number: tuple[str, str], before: str, after: str) -> None:
    masked = mask_free_text(before + number[1] + after)

    assert number[0][:17] not in _digits_of(masked)
    assert len(_digits_of(masked)) <= 7 + len(_digits_of(before + after))


@given(MOBILES, IDS, st.sampled_from(["，", " ", "、", "\n", "/", "\t", "；", " 电话"]))
def test_two_numbers_side_by_side_are_both_hidden(mobile: str, number: str, between: str) -> None:
    for text in (mobile + between + number, number + between + mobile):
        digits = _digits_of(mask_free_text(text))

        assert mobile not in digits
        assert number[:17] not in digits
