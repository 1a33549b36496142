"""A record's files as a part of its page: `{% include "files/_files.html" with files=page.files %}`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from lianxin.base.days import SHANGHAI, say_day
from lianxin.files.shelf import Kept


@dataclass(frozen=True, slots=True)
class FileLine:
    name: str
    note: str
    href: str
    withdraw: str


@dataclass(frozen=True, slots=True)
class FilesPart:
    """`add` is the address of the form, "" for who may only read."""

    lines: tuple[FileLine, ...]
    add: str


def files_part(files: Iterable[Kept], *, record: str, address: str, may_amend: bool) -> FilesPart:
    """`address` is the url name of one file; the form is “…-new”, taking back “…-withdraw”."""
    return FilesPart(
        tuple(_line(file, record, address, may_amend=may_amend) for file in files),
        reverse(f"{address}-new", args=[record]) if may_amend else "",
    )


def _line(file: Kept, record: str, address: str, *, may_amend: bool) -> FileLine:
    return FileLine(
        name=file.name,
        note=f"{say_size(file.size)}，{say_day(file.at.astimezone(SHANGHAI).date())}",
        href=reverse(address, args=[record, file.id]),
        withdraw=reverse(f"{address}-withdraw", args=[record, file.id]) if may_amend else "",
    )


def say_size(size: int) -> str:
    """1.2 MB, 340 KB."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(size // 1_000, 1)} KB"
