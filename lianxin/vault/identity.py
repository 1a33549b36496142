"""ID numbers and telephone numbers as typed, made plain and checked. Nothing is kept here."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from enum import StrEnum

from lianxin.base.errors import Refused
from lianxin.base.text import half_width

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999, 2^(18-i) mod 11
_CHECKS = "10X98765432"
_EIGHTEEN = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1[3-9]|0\d)")
_OLD_LONG_DISTANCE = re.compile(r"^0(?=1[3-9]\d{9}$)")
_PHONE = re.compile(r"1[3-9]\d{9}|0(?:10|2\d)[2-8]\d{7}|0[3-9]\d{2}[2-8]\d{6,7}", re.ASCII)
_WITHOUT_AREA = re.compile(r"[2-8]\d{6,7}", re.ASCII)
_BETWEEN = re.compile(r"[\s.\-‐-―−_()（）\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")


class Sex(StrEnum):
    """As the ID card says; "" stands for not known."""

    FEMALE = "female"
    MALE = "male"

    @property
    def label(self) -> str:
        return {"female": "女", "male": "男"}[self.value]


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A resident identity number 公民身份号码 that passed its check, and what it says. Its repr does not tell it."""

    number: str = field(repr=False)
    birth: dt.date = field(repr=False)
    sex: Sex


def parse_id_number(text: str, *, field: str = "id_number") -> IdNumber:
    """Eighteen digits (the last may be X), typed with spaces, dashes or full-width; Refused with what is wrong."""
    number = _without_gaps(text).upper()
    if len(number) == 15:
        raise Refused("15 位的旧身份证号已经停用，请填 18 位的新号。", field=field)
    if len(number) != 18:
        raise Refused(f"身份证号应是 18 位，现在有 {len(number)} 位，请核对。", field=field)
    if not _EIGHTEEN.fullmatch(number):
        raise Refused("身份证号只能是数字（最后一位可以是 X），第一位不是 0，请核对。", field=field)
    try:
        birth = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise Refused("身份证号里的出生日期不存在，请核对第 7 到 14 位。", field=field) from None
    if check_digit(number[:17]) != number[17]:
        raise Refused("身份证号有误（最后一位校验不对），请对照证件再看一遍。", field=field)
    return IdNumber(number=number, birth=birth, sex=Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def check_digit(first_seventeen: str) -> str:
    """The eighteenth sign after ISO 7064 MOD 11-2, as GB 11643 has it."""
    return _CHECKS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_seventeen, strict=True)) % 11]


def parse_phone(text: str, *, field: str = "phone") -> str:
    """A mobile (11 digits) or a landline with its area code (10 to 12 digits), plain; Refused for anything else."""
    digits = _OLD_LONG_DISTANCE.sub("", _COUNTRY.sub("", _without_gaps(text)))
    if _PHONE.fullmatch(digits):
        return digits
    if _WITHOUT_AREA.fullmatch(digits):
        raise Refused("固定电话请带上区号，例如 0573-82831234。", field=field)
    raise Refused("电话号码不对：手机号是 11 位，固定电话请带区号，例如 0573-82831234。", field=field)


def phone_tail(text: str) -> str:
    """The last four digits of a number; "" when there are fewer."""
    digits = _without_gaps(text)
    return digits[-4:] if len(digits) >= 4 else ""


def _without_gaps(text: str) -> str:
    return _BETWEEN.sub("", half_width(text))
