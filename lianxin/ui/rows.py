"""The rows of a table, printed without the template engine, which spent more on a list than everything else did."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lianxin.ui.parts import Cell, Column, Row, Table

TONE_ICONS = {"green": "check", "red": "red", "yellow": "yellow", "blue": "blue", "soft": "question-mark"}


@lru_cache(maxsize=1024)
def icon(name: str, label: str = "", css: str = "i") -> SafeString:
    """An icon of the sprite. Without a label it is decoration; with one it is read out."""
    address = f"{static('lianxin/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, address)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, address)


def mark(tone: str, word: str) -> SafeString:
    """A colour with its shape and its word."""
    return format_html('<span class="mark is-{}">{}{}</span>', tone, icon(TONE_ICONS.get(tone, "question-mark")), word)


def printed_rows(table: Table) -> SafeString:
    """The <tr>s of a table's body. Roles are said again: as cards the cells are no table cells to the browser."""
    return SafeString("\n".join(_row(table.columns, row) for row in table.rows))


def _row(columns: tuple[Column, ...], row: Row) -> str:
    cells = "".join(_cell(column, cell) for column, cell in zip(columns, row.cells, strict=True))
    return f'<tr role="row" class="is-soft">{cells}</tr>' if row.is_soft else f'<tr role="row">{cells}</tr>'


def _cell(column: Column, cell: Cell | str) -> str:
    cell = Cell(text=cell) if isinstance(cell, str) else cell
    opening, closing = _around(column, is_blank=not cell.text)
    note = f" <small>{escape(cell.note)}</small>" if cell.note else ""
    return f"{opening}{_inside(column, cell)}{note}{closing}"


@lru_cache(maxsize=1024)
def _around(column: Column, *, is_blank: bool) -> tuple[str, str]:
    kind, label = escape(column.kind), escape(column.label)
    if column.is_key:
        return f'<th scope="row" role="rowheader" class="is-key is-{kind}" data-label="{label}">', "</th>"
    blank = " is-blank" if is_blank else ""
    return f'<td role="cell" class="is-{kind}{blank}" data-label="{label}">', "</td>"


def _inside(column: Column, cell: Cell) -> str:
    if cell.tone:
        return mark(cell.tone, cell.text)
    text = escape(cell.text) + (f'<span class="u">{escape(cell.unit)}</span>' if cell.unit else "")
    if not cell.href:
        return f"<span>{text}</span>"
    threaded = 'class="fig" ' if column.kind == "number" else ""
    return f'<a {threaded}href="{escape(cell.href)}">{text}</a>'
