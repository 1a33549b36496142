"""What kinds of file are taken, told by their content and never by their name or by what the browser says."""

from __future__ import annotations

from enum import StrEnum

from lianxin.base.errors import Refused

LARGEST = 20 << 20
ACCEPT = ".jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx"

UNKNOWN = "只收照片（JPG、PNG、WebP）、PDF、.docx 和 .xlsx；别的请转成 PDF 再传。"
EMPTY = "这个文件是空的，请换一个。"
TOO_LARGE = f"文件太大，最大 {LARGEST >> 20} MB；照片请缩小，PDF 请分开传。"


class FileType(StrEnum):
    """The value is the ending it is given out with."""

    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        return _MEDIA[self]

    @property
    def is_picture(self) -> bool:
        return self in _PICTURES


_PICTURES = frozenset({FileType.JPEG, FileType.PNG, FileType.WEBP})
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MEDIA = {
    FileType.JPEG: "image/jpeg",
    FileType.PNG: "image/png",
    FileType.WEBP: "image/webp",
    FileType.PDF: "application/pdf",
    FileType.DOCX: f"{_OFFICE}wordprocessingml.document",
    FileType.XLSX: f"{_OFFICE}spreadsheetml.sheet",
}


def sniff(content: bytes) -> FileType | None:
    """By its first bytes; a zip by the part that a document of its kind must have. None for all else."""
    if content.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType.PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return FileType.WEBP
    if content.startswith(b"%PDF-"):
        return FileType.PDF
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return None


def _office(content: bytes) -> FileType | None:
    for mark, found in ((b"word/document.xml", FileType.DOCX), (b"xl/workbook.xml", FileType.XLSX)):
        if mark in content:
            return found
    return None


def require_size(size: int) -> None:
    """Asked before anything is read."""
    if size > LARGEST:
        raise Refused(TOO_LARGE, field="file")
    if size <= 0:
        raise Refused(EMPTY, field="file")
