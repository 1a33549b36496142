"""Files made here byte by byte, good ones and wicked ones."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from docx import Document
from PIL import Image

PLACE = 34853  # the EXIF tag of where a picture was taken


def picture(*, kind: str = "JPEG", size: tuple[int, int] = (40, 30), turned: bool = False) -> bytes:
    """A red picture that says where it was taken, by which telephone; `turned` by its EXIF a quarter round."""
    exif = Image.Exif()
    exif[0x010F] = "SPYPHONE"
    exif[0x0112] = 6 if turned else 1
    exif.get_ifd(PLACE).update({1: "N", 2: (30.0, 44.0, 1.0), 3: "E", 4: (120.0, 45.0, 2.0)})
    out = io.BytesIO()
    Image.new("RGB", size, (180, 20, 40)).save(out, kind, exif=exif)
    return out.getvalue()


def document(words: str = "告诫书") -> bytes:
    out = io.BytesIO()
    made = Document()
    made.add_paragraph(words)
    made.save(out)
    return out.getvalue()


def pdf(body: bytes = b"") -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog" + body + b">>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def package(parts: dict[str, bytes]) -> bytes:
    """A docx of these parts, besides the two that make one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in ({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"} | parts).items():
            zipped.writestr(name, content)
    return out.getvalue()


def picture_bomb() -> bytes:
    """A PNG of a few hundred bytes that says it is 30,000 by 30,000 pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9_000)) + chunk(b"IEND", b"")
    )
