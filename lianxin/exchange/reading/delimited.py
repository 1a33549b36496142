"""Rows of a .csv, whatever it was saved in: UTF-8 with or without a mark, UTF-16, GBK; commas, semicolons or tabs."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from lianxin.base.errors import Refused
from lianxin.exchange.reading.cells import SheetRow, plain

CHUNK = 1 << 16
UNREADABLE = "这个 .csv 读不出来，请用 Excel 或 WPS 打开，另存为 .xlsx 再传。"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def rows(file: BinaryIO) -> Iterator[SheetRow]:
    """Every row that holds something, numbered as lines of the table; Refused when it cannot be read."""
    encoding = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(io.BufferedReader(_Kept(file)), encoding=encoding, newline="", errors="strict")
    try:
        delimiter = _delimiter(text)
        text.seek(0)
        for number, cells in enumerate(csv.reader(text, delimiter=delimiter), start=1):
            found = [plain(cell) for cell in cells[:200]]
            if any(found):
                yield SheetRow(number, found)
    except (csv.Error, UnicodeError):
        raise Refused(UNREADABLE, field="file") from None
    finally:
        text.detach()


def _encoding(file: BinaryIO) -> str:
    """By its mark; else UTF-8 where every letter is some, else GB 18030, which GBK and GB 2312 are part of."""
    file.seek(0)
    head = file.read(4)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    for name in ("utf-8", "gb18030"):
        if _reads_as(file, name):
            return name
    raise Refused(UNREADABLE, field="file")


def _reads_as(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(CHUNK):
            if "\x00" in decoder.decode(piece):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _delimiter(text: io.TextIOWrapper) -> str:
    head = "".join(line for line, _ in zip(text, range(5), strict=False))
    return max(",\t;，", key=head.count) if head else ","


class _Kept(io.RawIOBase):
    """The file, not closed with the text that is read from it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        piece = self._file.read(len(view))
        view[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()
