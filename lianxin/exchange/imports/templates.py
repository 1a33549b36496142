"""The table that a kind of import wants, as an .xlsx to fill in: its columns, an example, lists to pull down."""

from __future__ import annotations

from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from lianxin.exchange.imports.kinds import Asked, Kind

EXAMPLE = "（示例，导入时跳过）"
ROWS = 2_000  # with lists and formats
_SIDE = Side(style="thin", color="BFBFBF")
_FRAME = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_NEEDED, _HEAD = PatternFill("solid", fgColor="F6E3EC"), PatternFill("solid", fgColor="F2F2F2")
_GREY = Font(name="宋体", size=11, italic=False, color="808080")


def write_template(kind: Kind, file: BinaryIO) -> None:
    """One sheet to fill in and one that explains; every cell is text, so that no number loses its last digits."""
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise ValueError("a new workbook has a sheet")
    sheet.title = kind.title
    for place, asked in enumerate(kind.asked(), start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = max(asked.width, len(asked.label) * 2 + 4)
        head = sheet.cell(1, place, f"{asked.label}*" if asked.is_needed else asked.label)
        head.font, head.fill, head.border = Font(name="宋体", size=11, bold=True), _HEAD, _FRAME
        head.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        if asked.is_needed:
            head.fill = _NEEDED
        if asked.help:
            head.comment = Comment(asked.help, "连心")
        example = sheet.cell(2, place, EXAMPLE if place == 1 else asked.example)
        example.font, example.border = _GREY, _FRAME
        for row in range(2, 202):
            sheet.cell(row, place).number_format = "@"
        if asked.options:
            _pull_down(book, sheet, asked, letter, place)
    sheet.row_dimensions[1].height = 24
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.print_title_rows = "1:1"
    _explain(book, kind)
    book.save(file)


def _pull_down(book: Workbook, sheet: object, asked: Asked, letter: str, place: int) -> None:
    """Options stand on a hidden sheet: a list written into the cell itself is cut off at 255 letters."""
    name = "选项"
    options = book[name] if name in book.sheetnames else book.create_sheet(name)
    options.sheet_state = "hidden"
    for row, option in enumerate(asked.options, start=1):
        options.cell(row, place, option)
    rule = DataValidation(
        type="list",
        formula1=f"{name}!${letter}$1:${letter}${len(asked.options)}",
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="请从列表里选",
        error=f"“{asked.label}”请从下拉列表里选。",
    )
    sheet.add_data_validation(rule)  # type: ignore[attr-defined]  # a worksheet, which the stubs know by many names
    rule.add(f"{letter}2:{letter}{ROWS}")


def _explain(book: Workbook, kind: Kind) -> None:
    page = book.create_sheet("怎么填")
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 20, 80
    lines = [(f"导入{kind.name}", kind.help), *((each.label, _said(each)) for each in kind.asked())]
    for row, (label, said) in enumerate(lines, start=1):
        page.cell(row, 1, label).font = Font(name="宋体", size=11, bold=True)
        cell = page.cell(row, 2, said)
        cell.font, cell.alignment = Font(name="宋体", size=11), Alignment(wrap_text=True, vertical="top")


def _said(asked: Asked) -> str:
    options = f"从列表里选：{'、'.join(asked.options[:20])}。" if asked.options else ""
    example = f"例如 {asked.example}。" if asked.example else ""
    return f"{'必填。' if asked.is_needed else ''}{options}{asked.help + '。' if asked.help else ''}{example}"
