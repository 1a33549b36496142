"""A file that was handed in: what it is by its first bytes, not by its name; its sheets and rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from lianxin.base.errors import Refused
from lianxin.exchange.reading import delimited
from lianxin.exchange.reading.cells import MOST_ROWS, SheetRow
from lianxin.exchange.reading.package import OLD
from lianxin.exchange.reading.workbook import Sheet, Workbook

LARGEST_FILE = 64 << 20
EMPTY = "这个文件是空的，请检查后再传。"
TOO_LARGE = "文件太大了（最大 64 MB），请分成几个文件再传。"
PICTURE = "请传 .xlsx 或 .csv 表格；图片、文档和压缩包读不了。"

_OTHERS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
    b"<htm",
    b"<!DO",
)


@dataclass(frozen=True, slots=True)
class Source:
    """An .xlsx, or a .csv when there is no workbook."""

    file: BinaryIO
    book: Workbook | None

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """Those that one sees; the only one of a .csv has no name."""
        if self.book is None:
            return (Sheet("", "", is_hidden=False),)
        return tuple(sheet for sheet in self.book.sheets if not sheet.is_hidden)

    @property
    def hidden(self) -> tuple[str, ...]:
        return tuple(sheet.name for sheet in self.book.sheets if sheet.is_hidden) if self.book else ()

    def rows(self, sheet: Sheet) -> Iterator[SheetRow]:
        found = self.book.rows(sheet) if self.book else delimited.rows(self.file)
        for row in found:
            if row.number > MOST_ROWS:
                raise Refused("行数太多，请分成几个文件再传。", field="file")
            yield row


def open_source(file: BinaryIO) -> Source:
    """Refused, in one sentence, for what is neither."""
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(8)
    if not size:
        raise Refused(EMPTY, field="file")
    if size > LARGEST_FILE:
        raise Refused(TOO_LARGE, field="file")
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(OLD, field="file")
    if head.startswith(b"PK"):
        return Source(file, Workbook(file))
    if head.lower().startswith(tuple(each.lower() for each in _OTHERS)):
        raise Refused(PICTURE, field="file")
    return Source(file, None)
