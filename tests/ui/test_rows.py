"""Rows as they are printed: every text is escaped, and an empty cell says so to the phone."""

from __future__ import annotations

import pytest

from lianxin.ui.parts import Cell, Column, Row, Table
from lianxin.ui.rows import printed_rows

WHO, HOW_MANY = Column(label="看了谁", is_key=True), Column(label="几户", kind="number")


def printed(*cells: Cell | str, is_soft: bool = False) -> str:
    columns = (WHO, HOW_MANY)[: len(cells)]
    return printed_rows(Table(caption="", columns=columns, rows=(Row(cells, is_soft=is_soft),)))


def test_a_row_says_its_roles_again() -> None:
    assert printed(Cell(text="张桂英家", href="/x/", note="3组17号"), Cell(text="12", unit="户")) == (
        '<tr role="row">'
        '<th scope="row" role="rowheader" class="is-key is-text" data-label="看了谁">'
        '<a href="/x/">张桂英家</a> <small>3组17号</small></th>'
        '<td role="cell" class="is-number" data-label="几户"><span>12<span class="u">户</span></span></td>'
        "</tr>"
    )


@pytest.mark.parametrize(
    "cell",
    [
        Cell(text="<b>"),
        Cell(text="<b>", href='"<b>'),
        Cell(text="x", note="<b>"),
        Cell(text="x", unit="<b>"),
        Cell(text="<b>", tone="red"),
        "<b>",
    ],
)
def test_nobodys_text_becomes_markup(cell: Cell | str) -> None:
    row = printed(cell)

    assert "<b>" not in row
    assert "&lt;b&gt;" in row


def test_a_label_of_a_column_is_escaped_too() -> None:
    table = Table(caption="", columns=(Column(label='"<b>', kind='"<b>'),), rows=(Row(("x",)),))

    assert "<b>" not in printed_rows(table)


def test_an_empty_cell_is_marked_and_a_soft_row_is_soft() -> None:
    row = printed("x", "", is_soft=True)

    assert row.startswith('<tr role="row" class="is-soft">')
    assert '<td role="cell" class="is-number is-blank" data-label="几户"><span></span></td>' in row


def test_a_number_that_opens_is_threaded() -> None:
    assert '<a class="fig" href="/x/">3</a>' in printed("x", Cell(text="3", href="/x/"))
