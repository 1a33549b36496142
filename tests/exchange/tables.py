"""Makes tables as they really come in: invented people, real mistakes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence

from openpyxl import Workbook

from lianxin.exchange.imports.batches import Handed
from lianxin.vault.identity import check_digit

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def number_of(birth: str = "19850305", order: int = 2) -> str:
    """An ID number that passes its check: 330402 + birth + order; even orders are women's."""
    digits = f"330402{birth}{order:03}"
    return digits + check_digit(digits)


def workbook(*rows: Sequence[object], name: str = "花名册") -> Workbook:
    book = Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    return book


def handed(book: Workbook | bytes | str, name: str = "花名册.xlsx", **more: str) -> Handed:
    """The file as somebody hands it in."""
    if isinstance(book, Workbook):
        return Handed(io.BytesIO(as_excel_keeps_it(book)), name, **more)
    content = book.encode() if isinstance(book, str) else book
    return Handed(io.BytesIO(content), name, **more)


def packed(book: Workbook, **parts: bytes) -> bytes:
    """The workbook with parts of its zip replaced or added (“xl/vbaProject.bin”)."""
    file = io.BytesIO()
    book.save(file)
    out = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in parts:
                new.writestr(part.filename, old.read(part.filename))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def as_excel_keeps_it(book: Workbook) -> bytes:
    """With every text in the table of shared ones, where openpyxl writes it into the cell."""
    texts: list[str] = []

    def cell(match: re.Match[str]) -> str:
        texts.append(match["text"])
        return f'<c{match["attributes"]} t="s"><v>{len(texts) - 1}</v></c>'

    file = io.BytesIO()
    book.save(file)
    with zipfile.ZipFile(file) as old:
        sheets = {name: old.read(name).decode() for name in old.namelist() if name.startswith("xl/worksheets/sheet")}
    inline = re.compile(r'<c(?P<attributes>[^>]*?) t="inlineStr"><is><t[^>]*>(?P<text>[^<]*)</t></is></c>')
    parts = {name: inline.sub(cell, text).encode() for name, text in sheets.items()}
    items = "".join(f"<si><t>{text}</t><rPh><t>dú</t></rPh></si>" for text in texts)
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{items}</sst>'.encode()
    return packed(book, **parts)


# ── ten tables ───────────────────────────────────────────────────────────────


def merged_cells() -> Workbook:
    """Village and head merged over the rows of a household; a title over all columns."""
    book = workbook(
        ("联丰村妇女花名册",),
        ("村", "户主", "姓名", "关系", "身份证号"),
        ("联丰村", "钱大福", "钱大福", "户主", number_of("19600101", 1)),
        (None, None, "孙阿妹", "妻", number_of("19620202", 2)),
        (None, None, "钱小花", "女儿", number_of("19900303", 4)),
        ("三星村", "李根宝", "李根宝", "户主", number_of("19550505", 1)),
    )
    for area in ("A1:E1", "A3:A5", "B3:B5"):
        book.active.merge_cells(area)
    return book


def two_header_rows() -> Workbook:
    book = workbook(
        ("村名", "户主", "家庭成员", None, None, "联系方式"),
        (None, None, "姓名", "与户主关系", "身份证号码", None),
        ("联丰村", "钱大福", "钱大福", "户主", number_of("19600101", 1), "13800000001"),
        ("联丰村", "钱大福", "孙阿妹", "配偶", number_of("19620202", 2), ""),
    )
    for area in ("A1:A2", "B1:B2", "C1:E1", "F1:F2"):
        book.active.merge_cells(area)
    return book


def full_width_digits() -> Workbook:
    number = number_of("19600101", 2)
    full = "".join(chr(0xFEE0 + ord(sign)) for sign in number)
    return workbook(
        ("村", "姓名", "与户主关系", "身份证号", "电话", "出生日期"),
        ("联丰村", "吴　桂珍", "户主", full, "１３８００００００００", "１９６０－１－１"),
    )


def many_days() -> Workbook:
    """As a day, as its serial number, and as people write it."""
    said = (dt.date(1960, 3, 5), 21980, "1960.3.5", "1960年3月5日", "19600305", 19600305, "1960/3/5 0:00:00")
    return workbook(
        ("村", "姓名", "出生日期"),
        *(("联丰村", f"吴{'甲乙丙丁戊己庚'[place]}", day) for place, day in enumerate(said)),
        ("联丰村", "吴错", "1960年13月5日"),
    )


def total_rows() -> Workbook:
    return workbook(
        ("序号", "村", "姓名", "身份证号"),
        (1, "联丰村", "吴桂珍", number_of("19600101", 2)),
        ("小计", None, "1人", None),
        (2, "联丰村", "郑美娟", number_of("19610101", 2)),
        ("合 计", None, "2人", None),
        ("填表人：沈某    审核：陈某",),
    )


CSV = (
    f"村,姓名,与户主关系,身份证号,电话\r\n联丰村,吴桂珍,户主,{number_of('19600101', 2)},13800000001\r\n"
    "联丰村,吴小明,儿子,,\r\n"
)


def formulas() -> Workbook:
    """One with its result, as Excel keeps it; one never computed; one that failed."""
    return workbook(
        ("村", "姓名", "身份证号", "电话"),
        ("联丰村", "吴桂珍", number_of("19600101", 2), "13800000001"),
        ("联丰村", "郑美娟", '=CONCATENATE("3304","02")', "13800000002"),
    )


def formula_with_result() -> bytes:
    def inline(place: str, text: str) -> str:
        return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'

    cells = (
        f'<row r="1">{inline("A1", "村")}{inline("B1", "姓名")}</row>'
        f'<row r="2">{inline("A2", "联丰村")}<c r="B2" t="str"><f>A9&amp;"珍"</f><v>吴桂珍</v></c></row>'
        f'<row r="3">{inline("A3", "联丰村")}<c r="B3" t="e"><f>A9/0</f><v>#DIV/0!</v></c></row>'
    )
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    )
    return packed(workbook(("x",)), **{"xl/worksheets/sheet1.xml": sheet.encode()})


def hidden_sheets_and_rows() -> Workbook:
    book = workbook(
        ("村", "姓名", "身份证号"),
        ("联丰村", "吴桂珍", number_of("19600101", 2)),
        ("联丰村", "郑藏起", number_of("19610101", 2)),
        ("联丰村", "王秀英", number_of("19620101", 2)),
    )
    book.active.row_dimensions[3].hidden = True
    other = book.create_sheet("旧表")
    other.append(("村", "姓名", "身份证号", "电话"))
    other.append(("联丰村", "冯旧表", number_of("19630101", 2), ""))
    other.sheet_state = "hidden"
    return book


def lost_digits() -> Workbook:
    """An ID number kept as a number: Excel shows 3.30402E+17, and only fifteen digits are left."""
    return workbook(
        ("村", "姓名", "身份证号"),
        ("联丰村", "吴桂珍", 330402196001010000),
        ("联丰村", "郑美娟", "3.30402E+17"),
        ("联丰村", "王秀英", number_of("19620101", 2)),
    )


def empty_rows_between() -> Workbook:
    return workbook(
        ("村", "姓名", "身份证号"),
        (),
        ("联丰村", "吴桂珍", number_of("19600101", 2)),
        (),
        (None, "  ", None),
        ("联丰村", "郑美娟", number_of("19610101", 2)),
    )


def head_filled_rest_blank() -> Workbook:
    return workbook(
        ("村（社区）", "门牌", "户主", "姓名", "与户主关系", "身份证号"),
        ("联丰村", "3组8号", "钱大福", "钱大福", "户主", number_of("19600101", 1)),
        (None, None, None, "孙阿妹", "妻", number_of("19620202", 2)),
        (None, None, None, "钱小花", "女儿", None),
        ("联丰村", "3组9号", "李根宝", "李根宝", "户主", number_of("19550505", 1)),
        (None, None, None, "李小芳", "孙女", None),
    )
