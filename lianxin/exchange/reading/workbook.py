"""A workbook's sheets and their rows, streamed: hidden rows and sheets named, merged cells filled, days as days.

openpyxl builds an element of every cell and calamine holds the whole sheet: neither keeps the limits in
docs/decisions/0011. What number formats mean is openpyxl's knowledge.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, BinaryIO

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904, WINDOWS_EPOCH, from_excel

from lianxin.base.errors import Refused
from lianxin.exchange.reading.cells import FORMULA_ERROR, MOST_COLUMNS, NO_RESULT, Broken, SheetRow, number, plain
from lianxin.exchange.reading.package import NOT_A_WORKBOOK, open_package, pieces, tree
from lianxin.exchange.reading.strings import SharedStrings, feed, finish, parser, read_strings

MOST_MERGED_CELLS = 500_000
LONGEST_MERGE = 2_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION = re.compile(r"\{.*\}id$")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet; `part` is where it stands in the package."""

    name: str
    part: str
    is_hidden: bool


@dataclass(slots=True)
class Merges:
    """Cells that belong to a range merged downwards: the first row of it, by cell. A cell is row × 256 + column."""

    first_row: dict[int, int] = field(default_factory=dict)
    tops: set[int] = field(default_factory=set)

    def add(self, first: int, last: int, column: int) -> None:
        if column >= MOST_COLUMNS or last <= first:
            return
        for row in range(first + 1, min(last, first + LONGEST_MERGE) + 1):
            self.first_row[row << 8 | column] = first
        self.tops.add(first << 8 | column)
        if len(self.first_row) > MOST_MERGED_CELLS:
            raise Refused("合并的单元格太多，请先取消合并再传。", field="file")


class Workbook:
    """An .xlsx that was opened; Refused for whatever is none."""

    def __init__(self, file: BinaryIO) -> None:
        self._package: zipfile.ZipFile = open_package(file)
        self._book = tree(self._package, "xl/workbook.xml")
        properties = next(iter(_found(self._book, "workbookPr")), None)
        is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.epoch = CALENDAR_MAC_1904 if is_1904 else WINDOWS_EPOCH

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        targets = {each.get("Id"): each.get("Target", "") for each in tree(self._package, "xl/_rels/workbook.xml.rels")}
        found = []
        for each in _found(self._book, "sheet"):
            relation = next((value for name, value in each.attrib.items() if _RELATION.match(name)), "")
            target = targets.get(relation, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in self._package.NameToInfo and "worksheets/" in part:
                hidden = each.get("state", "visible") != "visible"
                found.append(Sheet(plain(each.get("name", "")), part, hidden))
        if not found:
            raise Refused(NOT_A_WORKBOOK, field="file")
        return tuple(found)

    @cached_property
    def _strings(self) -> SharedStrings:
        name = "xl/sharedStrings.xml"
        if name not in self._package.NameToInfo:
            return SharedStrings()
        with self._package.open(name) as part:
            return read_strings(pieces(part))

    @cached_property
    def _day_styles(self) -> frozenset[str]:
        """Numbers of the cell formats that show a number as a day."""
        if "xl/styles.xml" not in self._package.NameToInfo:
            return frozenset()
        styles = tree(self._package, "xl/styles.xml")
        own = {each.get("numFmtId"): each.get("formatCode", "") for each in _found(styles, "numFmt")}
        cell_formats: Any = next(iter(_found(styles, "cellXfs")), [])
        days = set()
        for place, each in enumerate(cell_formats):
            code = each.get("numFmtId", "0")
            shown = own.get(code) or BUILTIN_FORMATS.get(int(code) if code.isdigit() else 0, "")
            # 27–36 and 50–58 are days in Chinese Excel (2021年3月5日) and have no code in the file.
            if is_date_format(shown) or (code.isdigit() and (27 <= int(code) <= 36 or 50 <= int(code) <= 58)):
                days.add(str(place))
        return frozenset(days)

    def _merges(self, sheet: Sheet) -> Merges:
        """They stand behind the rows they are about, so the part is run through once for them alone."""
        merges, tail = Merges(), b""
        with self._package.open(sheet.part) as part:
            for piece in pieces(part):
                text, end = tail + piece, 0
                for match in _MERGE.finditer(text):
                    end = match.end()
                    merges.add(int(match[2]), int(match[4]), column_index_from_string(match[1].decode()) - 1)
                tail = text[max(end, len(text) - 200) :]
        return merges

    def rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        """Every row that holds something, in order."""
        reader = _Rows(self._strings, self._day_styles, self.epoch)
        merges = self._merges(sheet)
        above: dict[int, str] = {}
        with self._package.open(sheet.part) as part:
            for row in reader.read(pieces(part)):
                yield _filled(row, merges, above) if merges.first_row else row


def _filled(row: SheetRow, merges: Merges, above: dict[int, str]) -> SheetRow:
    """A cell that was merged downwards says what its first row says; a title across columns says it once."""
    cells = list(row.cells)
    for column in range(MOST_COLUMNS):
        cell = row.number << 8 | column
        value = cells[column] if column < len(cells) else ""
        if value and cell in merges.tops:
            above[cell] = value
        first = merges.first_row.get(cell)
        if first is not None and not value and (filled := above.get(first << 8 | column)):
            cells += [""] * (column + 1 - len(cells))
            cells[column] = filled
    return SheetRow(row.number, cells, row.is_hidden)


_NAMES = frozenset({"c", "v", "row", "t", "f", "is", "rPh"})


class _Rows:
    """Turns the XML of a sheet into rows as it comes in."""

    def __init__(self, strings: SharedStrings, days: frozenset[str], epoch: Any) -> None:
        self._strings, self._days, self._epoch = strings, days, epoch
        self._done: list[SheetRow] = []
        self._cells: list[str] = []
        self._row, self._is_hidden = 0, False
        self._column, self._type, self._style = -1, "", ""
        self._text: list[str] = []
        self._is_text = self._has_formula = self._is_reading = False
        self._columns: dict[str, int] = {}

    def read(self, parts: Iterator[bytes]) -> Iterator[SheetRow]:
        made = parser()
        made.StartElementHandler, made.EndElementHandler, made.CharacterDataHandler = self._start, self._end, self._data
        for piece in parts:
            feed(made, piece)
            yield from self._done
            self._done.clear()
        finish(made)
        yield from self._done

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name if name in _NAMES else name.rpartition(":")[2]  # some programs write <x:row>
        if name == "c":
            self._column = self._place(attributes.get("r", ""))
            self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._has_formula = False
        elif name in ("v", "t"):
            self._is_text = not self._is_reading
        elif name == "f":
            self._has_formula = True
        elif name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._is_hidden = attributes.get("hidden") in ("1", "true") or attributes.get("ht") == "0"
            self._cells, self._column = [], -1
        elif name == "rPh":
            self._is_reading = True

    def _place(self, reference: str) -> int:
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            return self._column + 1
        letters = match[1]
        if letters not in self._columns:
            self._columns[letters] = column_index_from_string(letters) - 1
        return self._columns[letters]

    def _data(self, text: str) -> None:
        if self._is_text:
            self._text.append(text)

    def _end(self, name: str) -> None:
        name = name if name in _NAMES else name.rpartition(":")[2]
        if name in ("v", "t"):
            self._is_text = False
        elif name == "c":
            if self._text or self._has_formula:
                self._keep("".join(self._text))
                self._text.clear()
        elif name == "row":
            if any(self._cells):
                self._done.append(SheetRow(self._row, self._cells, self._is_hidden))
        elif name == "rPh":
            self._is_reading = False

    def _keep(self, raw: str) -> None:
        column = self._column
        if column >= MOST_COLUMNS:
            return
        if column >= len(self._cells):
            self._cells += [""] * (column + 1 - len(self._cells))
        self._cells[column] = self._value(raw)

    def _value(self, raw: str) -> str:
        match self._type:
            case "s":
                return self._strings[int(raw)] if raw.isdigit() and int(raw) < len(self._strings) else ""
            case "n":
                return self._number(raw) if raw else Broken(NO_RESULT)
            case "b":
                return "是" if raw == "1" else "否"
            case "e":
                return Broken(FORMULA_ERROR.format(plain(raw)))
            case "d":
                return raw[:10]
            case _:
                return plain(raw) if raw or not self._has_formula else Broken(NO_RESULT)

    def _number(self, raw: str) -> str:
        if self._style in self._days:
            return day_of(raw, self._epoch) or number(raw)
        return number(raw)


def day_of(raw: str, epoch: Any = WINDOWS_EPOCH) -> str:
    """A serial number of Excel as an ISO day; "" when it is none that somebody living could have."""
    try:
        serial = float(raw)
        if not 1 <= serial < 80_000:
            return ""
        moment = from_excel(serial, epoch)
    except (ValueError, OverflowError):
        return ""
    return moment.isoformat()[:10] if hasattr(moment, "year") else ""


def _found(element: Any, name: str) -> Iterator[Any]:
    yield from element.iter(f"{_MAIN}{name}")
    yield from element.iter(f"{_STRICT}{name}")
