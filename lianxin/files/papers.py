"""Documents looked through before they are kept: bombs, entities, macros, things that run are refused, with a reason.

A document is kept as it came: its text is the evidence. It is only ever given out to be saved, never shown in a page.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from lianxin.base.errors import Refused
from lianxin.files.kinds import FileType

MOST_PARTS = 1_000
LARGEST_UNFOLDED = 200 << 20
MOST_TIMES_LARGER = 200
_CHUNK = 1 << 16
_TAIL = 64  # bytes carried from one piece to the next, so that no word is cut in two
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)

DAMAGED = "这个文件打不开，可能损坏了、加了密码，或者不是真正的文档；请另存一份再传。"
BOMB = "这个文件展开后大得不正常，没有收；请把内容另存成 PDF 再传。"
ENTITY = "这个文件里有文档不该有的定义，没有收；请另存一份再传。"
RUNS = "这个文件带有宏、脚本或嵌入的程序，没有收；请另存成不带这些的 PDF 再传。"

_PROGRAMS = re.compile(r"vbaproject\.bin|macrosheets/|activex/|embeddings/.*\.(?:bin|exe|js|vbs|bat|cmd|ps1)$", re.I)
# Names in a PDF may be written with #41 for A.
_HEX_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_RUNS = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")


def require_harmless(content: bytes, kind: FileType) -> None:
    """Refused, with what is wrong."""
    if kind is FileType.PDF:
        _look_through_pdf(content)
    else:
        _look_through_package(content)


def _look_through_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-2048:]:
        raise Refused(DAMAGED, field="file")
    plain = _HEX_NAME.sub(lambda match: bytes([int(match[1], 16)]), content)
    # What lies in packed streams is not looked through: a reader of PDF files asks before it runs anything.
    if _PDF_RUNS.search(plain):
        raise Refused(RUNS, field="file")


def _look_through_package(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _look_at_parts(package)
    except _BROKEN:
        raise Refused(DAMAGED, field="file") from None


def _look_at_parts(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if len(parts) > MOST_PARTS:
        raise Refused(BOMB, field="file")
    if any(_PROGRAMS.search(part.filename) for part in parts):
        raise Refused(RUNS, field="file")
    if "[Content_Types].xml" not in {part.filename for part in parts}:
        raise Refused(DAMAGED, field="file")
    unfolded = 0
    for part in parts:
        if part.flag_bits & 1:
            raise Refused(DAMAGED, field="file")
        for size in _pieces(package, part):
            unfolded += size
            # What the zip says of its own sizes is not believed: what comes out is counted.
            if unfolded > LARGEST_UNFOLDED or (unfolded > 1 << 20 and unfolded > MOST_TIMES_LARGER * _packed(package)):
                raise Refused(BOMB, field="file")


def _packed(package: zipfile.ZipFile) -> int:
    return max(sum(part.compress_size for part in package.infolist()), 1)


def _pieces(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[int]:
    """Unpacks a part a piece at a time and looks for entities in what is XML."""
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    before = b""
    with package.open(part) as file:
        while piece := file.read(_CHUNK):
            if is_xml:
                seen = before + piece.replace(b"\0", b"")  # UTF-16 spells the same words with zeros between
                if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                    raise Refused(ENTITY, field="file")
                if b"macroEnabled" in seen:
                    raise Refused(RUNS, field="file")
                before = seen[-_TAIL:]
            yield len(piece)
