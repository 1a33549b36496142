"""Writes a list as an Excel ledger 台账 (.xlsx): title, what it is of, header, rows, ready to print on A4.

Not here: which rows, and who may have them. Rows are streamed, so that a county's visits fit in memory.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, unique
from itertools import chain, islice
from math import ceil
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from lianxin.base.days import SHANGHAI, say_day

Value = str | int | Decimal | bool | dt.date | dt.datetime | None

HEAD_ROWS: Final = 3  # title, subtitle, header
ROWS_A_SHEET: Final = 1_048_576 - HEAD_ROWS  # Excel's last row
CELL_LIMIT: Final = 16_000  # a cell of Excel holds 32,767 UTF-16 units; a character may take two
CUT: Final = "……（太长，余下的请看原记录）"
LINE_HEIGHT: Final = 15  # points
AIR: Final = 4
MOST_LINES: Final = 26  # Excel's highest row is 409 points
MARK: Final = "lianxin-taken-out-by"
EMPTY: Final = "（没有符合条件的记录）"


@dataclass(frozen=True, slots=True)
class _Form:
    width: float
    number_format: str = "General"
    align: str = "left"


@unique
class Kind(Enum):
    """What a column holds; decides its width (in half-width characters), number format and alignment.

    A CODE is never a number, however many digits it has. YUAN takes Decimal yuan, MOMENT a datetime with its zone.
    """

    TEXT = _Form(12)
    NAME = _Form(10, align="center")
    CODE = _Form(16, "@", "center")
    LONG = _Form(36)
    WHOLE = _Form(9, "#,##0", "center")
    NUMBER = _Form(11, "#,##0.00", "right")
    YUAN = _Form(13, "#,##0.00", "right")
    DAY = _Form(15, 'yyyy"年"m"月"d"日"', "center")
    MOMENT = _Form(17, "yyyy-mm-dd hh:mm", "center")


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in half-width characters, where the kind's own will not do."""

    name: str
    kind: Kind = Kind.TEXT
    width: float | None = None

    @property
    def room(self) -> float:
        return self.width or self.kind.value.width


@dataclass(frozen=True, slots=True)
class LedgerSheet:
    """A ledger to be written: every row has a value for each column, in their order.

    `subtitle` says what, where, which period, who exported it and when (`say_export`). `is_numbered` puts a column
    序号 before the others. `mark` says who took it out: printed on every page, and kept as a property of the file.
    """

    title: str
    subtitle: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Value]]
    is_numbered: bool = False
    mark: str = ""


def say_export(*, what: str, where: str, period: str, by: str, at: dt.datetime) -> str:
    """走访台账　凤桥镇　2021年　导出：张某　2022-01-05 09:30; parts that are empty are left out."""
    moment = f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    return "　".join(filter(None, (what, where, period, f"导出：{by}", moment)))


def write_ledger(sheet: LedgerSheet, path_or_file: Path | str | BinaryIO, *, rows_a_sheet: int = ROWS_A_SHEET) -> int:
    """The ledger as .xlsx; returns how many rows it holds. When a row cannot be read, nothing is written.

    More rows than a worksheet holds go on to a second one. ValueError for a row that does not fit its columns.
    """
    with tempfile.TemporaryFile() as spool:
        count = _write(sheet, spool, rows_a_sheet)
        spool.seek(0)
        if not isinstance(path_or_file, str | Path):
            shutil.copyfileobj(spool, path_or_file)
            return count
        path = Path(path_or_file)
        part = path.with_name(f".{path.name}.part")
        try:
            with part.open("wb") as target:
                shutil.copyfileobj(spool, target)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
        return count


def legal_name(title: str) -> str:
    """A worksheet's name out of a title: without []:*?/\\, no apostrophe at the ends, short enough, never empty."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", _clean(title))
    name = " ".join(plain.split()).strip("' ")[:26].rstrip("' ")  # room for “ (2)” within 31
    return "台账" if not name or name.casefold() == "history" else name  # Excel keeps History for itself


# The workbook


def _write(sheet: LedgerSheet, spool: BinaryIO, rows_a_sheet: int) -> int:
    workbook = Workbook(write_only=True)
    workbook.properties.creator = "连心"
    workbook.properties.title = _clean(sheet.title)
    if sheet.mark:
        cast(Any, workbook).custom_doc_props.append(StringProperty(name=MARK, value=_clean(sheet.mark)))
    count = 0
    try:
        for number, part in enumerate(_parts(sheet.rows, rows_a_sheet), start=1):
            page = _begin(workbook, sheet, number)
            count += _fill(page, sheet, part, already=count)
    finally:
        workbook.save(spool)  # after an error too: this is what removes openpyxl's own temporary files
    return count


def _parts(rows: Iterable[Sequence[Value]], size: int) -> Iterator[Iterator[Sequence[Value]]]:
    """The rows in runs of `size`, each to be read before the next is asked for; one empty run when there are none."""
    left = iter(rows)
    yield islice(left, size)
    for first in left:
        yield chain([first], islice(left, size - 1))


def _begin(workbook: Workbook, sheet: LedgerSheet, number: int) -> Any:
    """A worksheet with all that Excel wants to know before the first row."""
    page: Any = workbook.create_sheet(legal_name(sheet.title) + (f" ({number})" if number > 1 else ""))
    columns = _columns(sheet)
    for position, column in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(position)].width = column.room
    width = sum(column.room for column in columns)
    page.sheet_format.defaultRowHeight, page.sheet_format.customHeight = _height(1), True
    page.row_dimensions[1].height = _height(_lines(sheet.title, width * 11 / 16)) * 16 / 11
    page.row_dimensions[2].height = _height(_lines(sheet.subtitle, width))
    page.row_dimensions[3].height = _height(max(_lines(column.name, column.room) for column in columns))
    page.freeze_panes = f"A{HEAD_ROWS + 1}"
    _set_for_print(page)
    page.oddHeader.right.text, page.oddHeader.right.size = _clean(sheet.mark).replace("&", "&&") or None, 8
    last = get_column_letter(len(columns))
    if len(columns) > 1:
        for row in (1, 2):
            page.merged_cells.add(f"A{row}:{last}{row}")
    page.append([_styled(page, sheet.title, size=16, is_bold=True, align="center")])
    page.append([_styled(page, sheet.subtitle, size=10, align="center")])
    page.append([_styled(page, column.name, is_bold=True, is_framed=True, align="center") for column in columns])
    return page


def _set_for_print(page: Any) -> None:
    """Landscape A4, as wide as the paper, the header on every page, pages numbered."""
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.page_margins = PageMargins(left=0.5, right=0.5, top=0.6, bottom=0.6, header=0.3, footer=0.3)
    page.print_options.horizontalCentered = True
    page.print_title_rows = f"{HEAD_ROWS}:{HEAD_ROWS}"
    page.oddFooter.center.text, page.oddFooter.center.size = "第 &P 页，共 &N 页", 9


def _fill(page: Any, sheet: LedgerSheet, rows: Iterator[Sequence[Value]], *, already: int) -> int:
    columns = _columns(sheet)
    pens = [_Pen(page, column) for column in columns]
    count = 0
    for row in rows:
        count += 1
        values = (already + count, *row) if sheet.is_numbered else row
        if len(values) != len(pens):
            raise ValueError(f"row {already + count} has {len(row)} values for {len(sheet.columns)} columns")
        _append(page, HEAD_ROWS + count, [pen.put(value) for pen, value in zip(pens, values, strict=True)], pens)
    page.auto_filter.ref = f"A{HEAD_ROWS}:{get_column_letter(len(columns))}{HEAD_ROWS + count}"
    if not count:
        page.append([_styled(page, EMPTY)])
    return count


def _append(page: Any, number: int, cells: list[Cell], pens: list[_Pen]) -> None:
    """A row, high enough for its longest text: Excel would see to that itself, LibreOffice and WPS do not."""
    lines = max((pen.lines(cell) for pen, cell in zip(pens, cells, strict=True)), default=1)
    if lines > 1:
        page.row_dimensions[number].height = _height(lines)
    page.append(cells)
    page.row_dimensions.pop(number, None)  # written already; a hundred thousand of them would fill the memory


def _columns(sheet: LedgerSheet) -> tuple[Column, ...]:
    return (Column("序号", Kind.WHOLE, width=7), *sheet.columns) if sheet.is_numbered else sheet.columns


# Cells

_LINE = Side(style="thin", color="BFBFBF")
_FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_GREY = PatternFill("solid", fgColor="F2F2F2")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class _Pen:
    """Writes the cells of one column: one styled cell used again and again, since a row is streamed at once."""

    def __init__(self, page: Any, column: Column) -> None:
        self._kind = column.kind
        self._room = column.room
        self._plain, self._quoted = (self._cell(page, is_quoted=quoted) for quoted in (False, True))

    def _cell(self, page: Any, *, is_quoted: bool) -> Cell:
        cell = WriteOnlyCell(page)
        form = self._kind.value
        cell.font, cell.border, cell.number_format = Font(name="宋体", size=11), _FRAME, form.number_format
        is_number = form.align == "right"
        cell.alignment = Alignment(
            horizontal=form.align, vertical="center", wrap_text=not is_number, indent=1 if is_number else 0
        )
        cell.quotePrefix = is_quoted
        return cell

    def put(self, value: Value) -> Cell:
        shown = self._shown(value)
        if isinstance(shown, str):
            text = _clean(shown)
            return _put_text(self._quoted if _looks_like_a_formula(text) else self._plain, text)
        self._plain.value = shown
        return self._plain

    def lines(self, cell: Cell) -> int:
        return _lines(cell.value, self._room) if isinstance(cell.value, str) else 1

    def _shown(self, value: Value) -> str | int | Decimal | dt.date | None:
        """The value as its kind of column holds it: numbers and days as such only where the column is for them."""
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, dt.datetime):
            moment = value.astimezone(SHANGHAI).replace(tzinfo=None)  # Excel knows no zones
            return moment if self._kind is Kind.MOMENT else f"{moment:%Y-%m-%d %H:%M}"
        if isinstance(value, dt.date):
            return value if self._kind is Kind.DAY else say_day(value)
        return value if self._kind in (Kind.WHOLE, Kind.NUMBER, Kind.YUAN) else str(value)


def _styled(
    page: Any, text: str, *, size: int = 11, is_bold: bool = False, is_framed: bool = False, align: str = "left"
) -> Cell:
    """A cell of the head."""
    cell, text = WriteOnlyCell(page), _clean(text)
    cell.font = Font(name="宋体", size=size, bold=is_bold)
    cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
    cell.quotePrefix = _looks_like_a_formula(text)
    if is_framed:
        cell.border, cell.fill = _FRAME, _GREY
    return _put_text(cell, text)


def _put_text(cell: Cell, text: str) -> Cell:
    """As text, whatever it looks like: “=1+1”, “#N/A” and “-” stay what somebody wrote."""
    cell.value = text
    cell.data_type = "s"
    return cell


def _looks_like_a_formula(text: str) -> bool:
    """A text that Excel would compute once somebody edits or pastes it; in some locales full-width signs do as well."""
    return text.startswith(("\t", "\n")) or text.lstrip().startswith(tuple("=+-@＝＋－＠"))


def _lines(text: str, room: float) -> int:
    """How many lines a text takes; a Han character is as wide as its two bytes of GBK."""
    whole = max(1, int(room - 1) // 2) * 2  # Excel keeps a margin within the cell; no character is split
    if len(text) * 2 <= whole and "\n" not in text:
        return 1
    return sum(max(1, ceil(len(line.encode("gbk", "replace")) / whole)) for line in text.split("\n"))


def _height(lines: int) -> float:
    return min(lines, MOST_LINES) * LINE_HEIGHT + AIR


def _clean(text: str) -> str:
    plain = _NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain if len(plain) <= CELL_LIMIT else plain[: CELL_LIMIT - len(CUT)] + CUT
