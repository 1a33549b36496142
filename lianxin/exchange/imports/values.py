"""Cells as people fill them, made into what the register reads: days in every spelling, numbers Excel has spoilt."""

from __future__ import annotations

import re

from lianxin.base.text import half_width
from lianxin.exchange.reading.cells import Numeric
from lianxin.exchange.reading.workbook import day_of
from lianxin.vault.masks import DOT

LOST = (
    "身份证号被当成数字存了，末几位已经丢失。请把这一列设成“文本”格式，再对照证件重新填一遍号码"
    "（Excel：选中这一列 → 设置单元格格式 → 文本）。"
)
SPOILT_PHONE = "电话被显示成了科学计数，末几位已经丢失。请把这一列设成“文本”格式，再重新填。"
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?(\d{2})")
_TIME = re.compile(r"[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")


def is_masked(cell: str) -> bool:
    """A number as our own ledgers show it: 138····2764."""
    return DOT * 4 in cell or "****" in cell


def id_text(cell: str) -> tuple[str, str]:
    """(number, what is wrong): a number that went through a spreadsheet keeps fifteen digits."""
    if _SCIENTIFIC.fullmatch(cell.strip()) or (isinstance(cell, Numeric) and len(cell) > 15 and cell.endswith("000")):
        return "", LOST
    return str(cell).lstrip("'‘’`"), ""


def phone_text(cell: str) -> tuple[str, str]:
    """(number, what is wrong)."""
    if _SCIENTIFIC.fullmatch(cell.strip()):
        return "", SPOILT_PHONE
    return str(cell).lstrip("'‘’`"), ""


def day_text(cell: str) -> str:
    """A day in any spelling as `base.days` reads it; Excel's serial number too."""
    plain = _TIME.sub("", half_width(cell).strip())
    if (isinstance(cell, Numeric) or plain.isdigit()) and len(plain) < 6:
        return day_of(plain) or plain
    return plain


def text(cell: str) -> str:
    return str(cell)
