"""Ledgers read back with openpyxl: head, kinds of column, print, formulas defused, many rows in little memory."""

from __future__ import annotations

import datetime as dt
import io
import re
import tempfile
import tracemalloc
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.exchange.sheets import (
    CELL_LIMIT,
    Column,
    Kind,
    LedgerSheet,
    Value,
    legal_name,
    say_export,
    write_ledger,
)

COLUMNS = (
    Column("户主", Kind.NAME),
    Column("区划代码", Kind.CODE),
    Column("走访日期", Kind.DAY),
    Column("人次", Kind.WHOLE),
    Column("慰问金额（元）", Kind.YUAN),
    Column("听到的意见", Kind.LONG, width=20),
    Column("录入时间", Kind.MOMENT),
)
ROW: tuple[Value, ...] = (
    "示例户",
    "330402100201",
    dt.date(2021, 7, 1),
    3,
    Decimal("9999999999.99"),
    "路灯不亮",
    dt.datetime(2021, 7, 1, 16, 30, tzinfo=ZoneInfo("UTC")),
)


def ledger(*rows: tuple[Value, ...], columns: tuple[Column, ...] = COLUMNS, is_numbered: bool = False) -> LedgerSheet:
    return LedgerSheet("走访台账", "入户走访　凤桥镇　2021年", columns, rows, is_numbered)


def texts(*values: Value) -> LedgerSheet:
    """One column of text, a value a row."""
    return ledger(*((value,) for value in values), columns=(Column("说明"),))


def written(sheet: LedgerSheet) -> io.BytesIO:
    file = io.BytesIO()
    write_ledger(sheet, file)
    file.seek(0)
    return file


def read(sheet: LedgerSheet) -> Any:
    return openpyxl.load_workbook(written(sheet)).active


def xml_of(sheet: LedgerSheet) -> str:
    with zipfile.ZipFile(written(sheet)) as package:
        return package.read("xl/worksheets/sheet1.xml").decode()


def test_a_ledger_begins_with_title_subtitle_and_header() -> None:
    page = read(ledger(ROW))

    assert page.title == "走访台账"
    assert (page["A1"].value, page["A2"].value) == ("走访台账", "入户走访　凤桥镇　2021年")
    assert [cell.value for cell in page[3]] == [column.name for column in COLUMNS]
    assert all(cell.font.bold for cell in page[3])
    assert {str(area) for area in page.merged_cells.ranges} == {"A1:G1", "A2:G2"}
    assert page.freeze_panes == "A4"


def test_values_keep_their_kind() -> None:
    page = read(ledger(ROW))

    found = [cell.value for cell in page[4]]
    assert found == [
        "示例户",
        "330402100201",
        dt.datetime(2021, 7, 1),
        3,
        9999999999.99,
        "路灯不亮",
        dt.datetime(2021, 7, 2, 0, 30),
    ]
    assert [cell.data_type for cell in page[4]] == ["s", "s", "d", "n", "n", "s", "d"]
    assert page["C4"].number_format == 'yyyy"年"m"月"d"日"'
    assert page["E4"].number_format == "#,##0.00"


def test_what_is_no_number_or_day_for_its_column_is_written_as_words() -> None:
    columns = (Column("金额", Kind.YUAN), Column("备注"), Column("代码", Kind.CODE), Column("是否", Kind.NAME))

    page = read(ledger(("不足5", dt.date(2021, 7, 1), 330402, True), (None, ROW[6], None, False), columns=columns))

    assert [cell.value for cell in page[4]] == ["不足5", "2021年7月1日", "330402", "是"]
    assert [cell.value for cell in page[5]] == [None, "2021-07-02 00:30", None, "否"]


def test_a_column_is_as_wide_as_its_kind_or_as_it_says() -> None:
    page = read(ledger(ROW))

    assert page.column_dimensions["A"].width == Kind.NAME.value.width
    assert page.column_dimensions["F"].width == 20


def test_long_texts_are_wrapped_and_their_row_is_high_enough() -> None:
    # 20 wide less a margin of 1 holds 9 Han characters: 28 of them take four lines (15 points each, 4 of air).
    page = read(ledger((*ROW[:5], "意" * 28, ROW[6]), ROW))

    assert page["F4"].alignment.wrap_text
    assert page.row_dimensions[4].height == 64
    assert page.row_dimensions[5].height is None


def test_line_breaks_in_a_text_count_as_lines() -> None:
    page = read(texts("一\r\n二\r三"))

    assert page["A4"].value == "一\n二\n三"
    assert page.row_dimensions[4].height == 49


def test_it_prints_on_landscape_a4_with_the_header_on_every_page() -> None:
    page = read(ledger(ROW))

    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
    assert page.print_title_rows == "$3:$3"
    assert page.auto_filter.ref == "A3:G4"
    assert page.oddFooter.center.text == "第 &P 页，共 &N 页"


def test_rows_are_numbered_where_asked() -> None:
    page = read(ledger(ROW, ROW, is_numbered=True))

    assert [page[f"A{row}"].value for row in (3, 4, 5)] == ["序号", 1, 2]
    assert page["B5"].value == "示例户"


def test_an_empty_ledger_says_that_it_is_empty() -> None:
    page = read(ledger())

    assert page["A4"].value == "（没有符合条件的记录）"
    assert page.auto_filter.ref == "A3:G3"


def test_rows_beyond_a_worksheet_go_on_to_the_next() -> None:
    file = io.BytesIO()
    sheet = ledger(*((f"第{n}户", *ROW[1:]) for n in range(1, 6)), is_numbered=True)

    count = write_ledger(sheet, file, rows_a_sheet=2)

    book = openpyxl.load_workbook(file)
    assert count == 5
    assert book.sheetnames == ["走访台账", "走访台账 (2)", "走访台账 (3)"]
    rows = [[row[:2] for row in book[name].iter_rows(min_row=4, values_only=True)] for name in book.sheetnames]
    assert rows == [[(1, "第1户"), (2, "第2户")], [(3, "第3户"), (4, "第4户")], [(5, "第5户")]]


def test_rows_that_fill_a_worksheet_leave_no_empty_one_behind() -> None:
    file = io.BytesIO()

    write_ledger(ledger(ROW, ROW), file, rows_a_sheet=2)

    assert openpyxl.load_workbook(file).sheetnames == ["走访台账"]


# Formulas


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+8657312345",
        "-2+3",
        "@SUM(1)",
        "\t=1+1",
        "\r=1+1",
        "  =1+1",
        "\x00=1+1",
        "＝1+1",
        "-",
    ],
)
def test_what_looks_like_a_formula_is_text_with_the_quote_mark_of_excel(text: str) -> None:
    sheet = texts(text, "平常的话")

    page = read(sheet)

    assert page["A4"].data_type == "s"
    assert page["A4"].quotePrefix
    assert not page["A5"].quotePrefix
    assert "<f>" not in xml_of(sheet)


def test_words_of_excel_for_errors_stay_words() -> None:
    page = read(texts("#N/A", "#REF!"))

    assert [(page[f"A{row}"].value, page[f"A{row}"].data_type) for row in (4, 5)] == [("#N/A", "s"), ("#REF!", "s")]


def test_title_subtitle_and_header_are_text_too() -> None:
    sheet = LedgerSheet("=1+1", "@SUM(1)", (Column("=2+2"),), [("甲",)])

    page = read(sheet)

    assert [(page[f"A{row}"].value, page[f"A{row}"].quotePrefix) for row in (1, 2, 3)] == [
        ("=1+1", True),
        ("@SUM(1)", True),
        ("=2+2", True),
    ]
    assert "<f>" not in xml_of(sheet)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.text(), st.from_regex(r"[=+\-@\t\r＝＋－＠].{0,20}")), min_size=1, max_size=5))
def test_no_text_ever_becomes_a_formula(values: list[str]) -> None:
    sheet = texts(*values)

    cells = re.findall(r"<c [^>]*>", xml_of(sheet))[3:]
    page = read(sheet)

    assert len(cells) == len(values)
    assert all('t="inlineStr"' in cell for cell in cells)
    for row, value in enumerate(values, start=4):
        found = page[f"A{row}"]
        kept = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", "", value)
        assert (found.value or "") == kept.replace("\r\n", "\n").replace("\r", "\n")
        if kept.lstrip()[:1] in tuple("=+-@"):
            assert found.quotePrefix


# What Excel cannot hold


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    (short, cut) = (page_row.value for page_row in read(texts("长" * CELL_LIMIT, "长" * (CELL_LIMIT + 1)))["A"][3:])

    assert short == "长" * CELL_LIMIT
    assert len(cut) == CELL_LIMIT
    assert cut.endswith("长……（太长，余下的请看原记录）")


def test_no_row_is_higher_than_excel_allows() -> None:
    page = read(texts("\n" * 200 + "末"))

    assert page.row_dimensions[4].height <= 409


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("走访/慰问[2021]: 台账*?", "走访 慰问 2021 台账"),
        ("'引号'", "引号"),
        ("", "台账"),
        ("[]", "台账"),
        ("History", "台账"),
        ("一" * 40, "一" * 26),
        ("走访\n台账", "走访 台账"),
    ],
)
def test_a_worksheet_gets_a_name_that_excel_takes(title: str, name: str) -> None:
    assert legal_name(title) == name


@given(st.text())
def test_every_title_makes_a_legal_name(title: str) -> None:
    name = legal_name(title)

    assert 0 < len(name) <= 26
    assert not set("[]:*?/\\") & set(name)
    assert name == name.strip("'")


def test_the_line_under_the_title_says_what_where_when_and_who() -> None:
    at = dt.datetime(2022, 1, 5, 1, 30, tzinfo=ZoneInfo("UTC"))

    line = say_export(what="入户走访", where="凤桥镇", period="", by="示例账号", at=at)

    assert line == "入户走访　凤桥镇　导出：示例账号　2022-01-05 09:30"


# Whole or not at all


def broken_rows() -> Iterator[tuple[Value, ...]]:
    yield ROW
    raise LookupError("the database went away")


def test_a_row_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    target = tmp_path / "out" / "ledger.xlsx"
    target.parent.mkdir()
    target.write_bytes(b"yesterday's")
    file = io.BytesIO()

    for destination in (target, file):
        with pytest.raises(LookupError):
            write_ledger(LedgerSheet("走访台账", "", COLUMNS, broken_rows()), destination)

    assert target.read_bytes() == b"yesterday's"
    assert file.getvalue() == b""
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [target]


def test_a_ledger_goes_to_a_path_whole(tmp_path: Path) -> None:
    target = tmp_path / "走访台账.xlsx"

    count = write_ledger(ledger(ROW, ROW), target)

    assert count == 2
    assert openpyxl.load_workbook(target).active["A5"].value == "示例户"
    assert list(tmp_path.iterdir()) == [target]


def test_a_row_of_another_width_is_an_error() -> None:
    with pytest.raises(ValueError, match="row 2 has 1 values for 7 columns"):
        write_ledger(ledger(ROW, ("示例户",)), io.BytesIO())


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        long = (*ROW[:5], "意" * 28, ROW[6])
        rows = (long for _ in range(count))
        tracemalloc.start()
        write_ledger(LedgerSheet("走访台账", "", COLUMNS, rows), tmp_path / "ledger.xlsx")
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    peak(100)  # what is loaded once
    few, many = peak(200), peak(2_000)

    # 1,800 rows more: held in memory they would take 1,800 × 7 cells × some hundred bytes.
    assert many - few < 200_000
