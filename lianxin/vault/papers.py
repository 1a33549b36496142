"""Papers that say who somebody is: which kinds there are, what their numbers look like and what can be read from them.

Resident ID card and residence permit for Hong Kong, Macao and Taiwan residents: GB 11643, eighteen digits with a check;
the foreign permanent resident's card alike since 2023. Of the others only the format is known.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from enum import StrEnum

from lianxin.base.errors import Refused
from lianxin.base.text import half_width
from lianxin.vault.identity import Sex, parse_id_number


class PaperKind(StrEnum):
    """What kind of paper a number stands on."""

    RESIDENT = "resident"
    PERMIT = "permit"
    PERMANENT = "permanent"
    PASSPORT = "passport"
    TRAVEL = "travel"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    PaperKind.RESIDENT: "居民身份证",
    PaperKind.PERMIT: "港澳台居民居住证",
    PaperKind.PERMANENT: "外国人永久居留身份证",
    PaperKind.PASSPORT: "护照",
    PaperKind.TRAVEL: "通行证",
}

_PERMIT = ("81", "82", "83")  # Hong Kong, Macao, Taiwan
_PASSPORT = re.compile(r"(?=.*\d)[A-Z0-9]{6,15}", re.ASCII)
_TRAVEL = re.compile(r"[A-Z]\d{8,10}|\d{8}|\d{10}", re.ASCII)
_OLD_PERMANENT = re.compile(r"[A-Z]{3}\d{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Paper:
    """A number that passed the checks of its kind; birth and sex where the number holds them."""

    kind: PaperKind
    number: str = field(repr=False)
    birth: dt.date | None = field(default=None, repr=False)
    sex: Sex | None = None


def parse_paper(text: str, *, kind: str = "", field: str = "id_number") -> Paper:
    """The paper with this number; without a kind a resident's card or permit. Refused with what is wrong."""
    number = re.sub(r"[\s.\-‐-―_()（）]+", "", half_width(text)).upper()
    match kind:
        case "" | PaperKind.RESIDENT | PaperKind.PERMIT:
            return _of_a_resident(text, number, kind, field)
        case PaperKind.PERMANENT if _OLD_PERMANENT.fullmatch(number):
            return Paper(PaperKind.PERMANENT, number)
        case PaperKind.PERMANENT:
            return _permanent(text, number, field)
        case PaperKind.PASSPORT if _PASSPORT.fullmatch(number):
            return Paper(PaperKind.PASSPORT, number)
        case PaperKind.PASSPORT:
            raise Refused("护照号是 6 到 15 位字母和数字，请对照护照再看一遍。", field=field)
        case PaperKind.TRAVEL if _TRAVEL.fullmatch(number):
            return Paper(PaperKind.TRAVEL, number)
        case PaperKind.TRAVEL:
            raise Refused("通行证号是一个字母加 8 到 10 位数字，或 8 位、10 位数字，请核对。", field=field)
    raise Refused("证件种类请从列出的选项里选。", field="id_kind")


def _of_a_resident(text: str, number: str, kind: str, field: str) -> Paper:
    identity = parse_id_number(text, field=field)
    found = PaperKind.PERMIT if number.startswith(_PERMIT) else PaperKind.RESIDENT
    if kind and kind != found:
        raise Refused(f"这个号码是{found.label}的，证件种类请改选。", field="id_kind")
    return Paper(found, identity.number, identity.birth, identity.sex)


def _permanent(text: str, number: str, field: str) -> Paper:
    if not number.startswith("9"):
        raise Refused("永久居留身份证号是 9 开头的 18 位，旧证是 3 个字母加 12 位数字，请核对。", field=field)
    identity = parse_id_number(text, field=field)
    return Paper(PaperKind.PERMANENT, identity.number, identity.birth, identity.sex)
