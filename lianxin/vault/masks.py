"""Masks: how sealed numbers are shown, and how numbers typed into running text are hidden. Opens and keeps nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

from lianxin.base.text import half_width

DOT = "·"


def mask_id(number: str) -> str:
    """330402199001010028 → 330···········0028: the first three and the last four."""
    return _keep(number, 3, 4)


def mask_phone(number: str) -> str:
    """13812342764 → 138····2764; 057382831234 → 0573····1234; 82831234 → ····1234."""
    if len(number) < 10:
        return _keep(number, 0, 4)
    return _keep(number, 4 if len(number) == 12 and number.startswith("0") else 3, 4)


def mask_free_text(text: str) -> str:
    """Running text with everything hidden that reads as an ID number or a telephone number. Idempotent.

    Digits may be full-width and broken by spaces, dots or dashes. Kept: days, amounts, 12-digit region codes, short
    numbers like 12338, ids of records. Numbers spelled in characters (一三八…) are not recognised.
    """
    if sum(map(str.isdecimal, text)) < _FEWEST:
        return text
    # Masking one number can lay open the next. Each round that changes anything leaves fewer digits, so this ends.
    while (masked := _hidden_once(text)) != text:
        text = masked
    return text


def _keep(number: str, head: int, tail: int) -> str:
    if len(number) <= head + tail:
        return DOT * len(number)
    return number[:head] + DOT * max(_FEWEST_DOTS, len(number) - head - tail) + number[-tail:]


_FEWEST = 7
_FEWEST_DOTS = 4
# What people and address books put between digits; at most three, so that the dots of a mask are never bridged.
_GAP = "[ \t.\u00a0\u3000．·_‐-―−－\\-\u200b-\u200f\u202a-\u202e\u2060\ufeff]{0,3}"


def _digits(count: str) -> str:
    return rf"(?:{_GAP}[0-9]){{{count}}}"


# Ids of records are kept. Twenty-six digits and capitals, one capital at least.
_RECORD_ID = r"(?<![0-9A-Za-z])(?=[0-9]{0,25}[A-Z])[0-7][0-9A-HJKMNP-TV-Z]{25}(?![0-9A-Za-z])"
# The birthday in the middle tells an ID number from a row of other figures (GB 11643: six of place, eight of birth).
_MONTH = rf"(?:0{_GAP}[1-9]|1{_GAP}[0-2])"
_DAY = rf"(?:[0-2]{_GAP}[0-9]|3{_GAP}[01])"
_YEAR = rf"(?:1{_GAP}[89]|2{_GAP}0){_digits('2')}"
_ID_18 = rf"[1-9]{_digits('5')}{_GAP}{_YEAR}{_GAP}{_MONTH}{_GAP}{_DAY}{_digits('3')}{_GAP}[0-9Xx]"
# Fifteen digits were given to people born 19xx; only from 25 on, so that grids (village + three digits) mostly stay.
_ID_15 = r"[1-9][0-9]{5}[ -]?(?:2[5-9]|[3-9][0-9])(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])[ -]?[0-9]{3}"
# Sixteen and more in one piece: bank cards, misspelt ID numbers, two numbers glued together.
_LONG_RUN = r"[0-9]{15,}[0-9Xx]"
_COUNTRY = rf"(?:\(?(?:\+|00)?{_GAP}86\)?{_GAP}|0)?"
_MOBILE = rf"{_COUNTRY}1{_GAP}[3-9]{_digits('9')}"
_LANDLINE = rf"(?:\+?86{_GAP})?\(?0(?:10|2[0-9]|[3-9][0-9]{{2}})\)?{_GAP}[2-8]{_digits('6,7')}"
_SERVICE = r"[48]00[- ]?(?:[0-9]{3}[- ]?[0-9]{4}|[0-9]{4}[- ]?[0-9]{3})"

_NUMBERS = re.compile(
    rf"(?P<record>{_RECORD_ID})"
    rf"|(?<![0-9])(?P<id>{_ID_18}|{_LONG_RUN}|{_ID_15})(?![0-9])"
    rf"|(?<![0-9])(?P<phone>{_MOBILE}|{_LANDLINE}|{_SERVICE})(?![0-9])"
)
# A landline without its area code is one only where it says so; asked last, as 电话 may stand before a longer number.
_LOCAL = re.compile(rf"((?:电话|座机|固话|家电)[是为:：号码\s]{{0,4}})([2-8]{_digits('6,7')})(?![0-9])")
_AMOUNT_AND_DAY = re.compile(r"[0-9]{3,5}\s+(?:19|20)[0-9]{2}([-./])[0-9]{1,2}\1[0-9]{1,2}")
# One sign for one sign, so that what is found in the folded text stands at the same place in the text as typed.
_FOLD = str.maketrans({full: half_width(full) for full in "０１２３４５６７８９ＸｘＸ＋"} | {"（": "(", "）": ")"})


def _hidden_once(text: str) -> str:
    return _hidden(text, _NUMBERS, _mask_of_number) or _hidden(text, _LOCAL, _mask_of_local) or text


def _hidden(text: str, pattern: re.Pattern[str], mask_of: Callable[[re.Match[str]], str | None]) -> str:
    """The text with what was found masked; "" when nothing was."""
    parts, end = [], 0
    for match in pattern.finditer(text.translate(_FOLD)):
        mask = mask_of(match)
        if mask is not None:
            parts += [text[end : match.start()], mask]
            end = match.end()
    return "".join([*parts, text[end:]]) if parts else ""


def _mask_of_number(match: re.Match[str]) -> str | None:
    """What stands in the number's place; None where it is to stay."""
    if match["record"] or _AMOUNT_AND_DAY.fullmatch(match[0]):
        return None
    plain = _plain(match[0])
    return mask_id(plain) if match["id"] else mask_phone(_national(plain))


def _mask_of_local(match: re.Match[str]) -> str:
    return match[1] + mask_phone(_plain(match[2]))


def _plain(typed: str) -> str:
    return "".join(sign for sign in typed.upper() if sign.isdecimal() or sign == "X")


def _national(digits: str) -> str:
    """A number without its country code, or the 0 once dialled before mobiles."""
    return re.sub(r"^(?:(?:00)?86(?=1|0)|0(?=1[3-9][0-9]{9}$))", "", digits)
