"""An .xlsx as the zip of parts that it is, looked at before anything in it is believed."""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, BinaryIO

from lianxin.base.errors import Refused

MOST_PARTS = 2_000
LARGEST_PART = 1 << 30
LARGEST_SMALL_PART = 8 << 20
MOST_TIMES_LARGER = 200  # a sheet's own XML packs some ten to fifty times
CHUNK = 1 << 16

NOT_A_WORKBOOK = "这个文件不是 .xlsx 表格，或者已经损坏，请用 Excel 或 WPS 另存为 .xlsx 再传。"
OLD = "这是旧版 .xls 或加了密码的文件，请在 Excel 或 WPS 里去掉密码、另存为 .xlsx 再传。"
MACROS = "这个文件带宏（.xlsm），不能导入；请另存为不带宏的 .xlsx 再传。"
TOO_LARGE = "这个文件展开后太大，不像普通表格，没有读。请只留要导入的那一张表，另存后再传。"

Broken = (zipfile.BadZipFile, zlib.error, ET.ParseError, EOFError, NotImplementedError, RuntimeError, KeyError)


def open_package(file: BinaryIO) -> zipfile.ZipFile:
    """The zip; Refused for anything that is no workbook, hides macros, or would unfold without end."""
    file.seek(0)
    head = file.read(8)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(OLD, field="file")
    try:
        package = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError):
        raise Refused(NOT_A_WORKBOOK, field="file") from None
    parts = package.infolist()
    names = {part.filename for part in parts}
    if any(name.lower().endswith(("vbaproject.bin", "macrosheets")) or "/macrosheets/" in name for name in names):
        raise Refused(MACROS, field="file")
    if len(parts) > MOST_PARTS or any(map(_is_a_bomb, parts)):
        raise Refused(TOO_LARGE, field="file")
    if "[Content_Types].xml" not in names:
        raise Refused(NOT_A_WORKBOOK, field="file")
    if b"macroEnabled" in small_part(package, "[Content_Types].xml"):
        raise Refused(MACROS, field="file")
    return package


def _is_a_bomb(part: zipfile.ZipInfo) -> bool:
    large = part.file_size > LARGEST_PART
    return large or (part.file_size > 16 << 20 and part.file_size > MOST_TIMES_LARGER * max(part.compress_size, 1))


def small_part(package: zipfile.ZipFile, name: str) -> bytes:
    """A part that is read whole; Refused when it is missing, large, or declares entities of its own."""
    try:
        if package.getinfo(name).file_size > LARGEST_SMALL_PART:
            raise Refused(TOO_LARGE, field="file")
        content = package.read(name)
    except Broken:
        raise Refused(NOT_A_WORKBOOK, field="file") from None
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Refused(NOT_A_WORKBOOK, field="file")
    return content


def tree(package: zipfile.ZipFile, name: str) -> ET.Element:
    """A small part as XML."""
    try:
        return ET.fromstring(small_part(package, name))  # noqa: S314 — no document type is let in above
    except ET.ParseError:
        raise Refused(NOT_A_WORKBOOK, field="file") from None


def pieces(part: IO[bytes]) -> Iterator[bytes]:
    """A part from beginning to end, a piece at a time; Refused where it breaks off."""
    try:
        while piece := part.read(CHUNK):
            yield piece
    except Broken:
        raise Refused(NOT_A_WORKBOOK, field="file") from None
