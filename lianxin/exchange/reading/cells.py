"""What stands in one row of somebody's sheet: text, text that was a number, or a cell that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

MOST_COLUMNS = 200
MOST_ROWS = 1_048_576  # Excel's last row
LONGEST_CELL = 8_000

NO_RESULT = "这一格是公式，还没有算出结果；请在 Excel 里打开、保存一次，或改成数值。"
FORMULA_ERROR = "这一格的公式出错了（{}），请改成数值。"

_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\u200b-\u200f\u202a-\u202e\u2060]")


class Numeric(str):
    """A cell that the sheet keeps as a number, as plain digits."""

    __slots__ = ()


class Broken(str):
    """A cell without a value that could be used; the text is what to say about it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as it stands: its number in the sheet, its cells from the first column on, none of them None."""

    number: int
    cells: Sequence[str]
    is_hidden: bool = False

    def at(self, column: int) -> str:
        return self.cells[column] if column < len(self.cells) else ""


def plain(text: str) -> str:
    """Without signs that nobody sees; trimmed."""
    return _NOT_TEXT.sub("", text[:LONGEST_CELL]).strip()


def number(raw: str) -> str:
    """33000, 33000.0 and 3.3E4 as 33000; digits as they stand are kept, however many."""
    if raw.isdigit():
        return Numeric(raw)
    try:
        value = Decimal(raw)
    except InvalidOperation:
        return plain(raw)
    if not value.is_finite() or abs(value.adjusted()) > 30:
        return plain(raw)
    whole = value.to_integral_value()
    return Numeric(f"{whole:f}" if value == whole else f"{value.normalize():f}")
