"""The shelf: a record's files kept, listed, opened and taken back. Every call asks the record first what is allowed.

`keep`, `of`, `open_file`, `withdraw`; a kind whose records may not be read by region alone says so in `Kind.find`.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.access.guard import GuardedQuerySet, pen
from lianxin.base.errors import Refused, Unseen
from lianxin.base.ids import new_id
from lianxin.base.text import clean_line
from lianxin.files import disk
from lianxin.files.kinds import LARGEST, UNKNOWN, FileType, require_size, sniff
from lianxin.files.models import PEN, File
from lianxin.files.papers import require_harmless
from lianxin.files.pictures import repainted
from lianxin.records.kinds import Kind, kind_of
from lianxin.records.models import Record
from lianxin.records.watched import note_view
from lianxin.vault.box import Unsealable
from lianxin.vault.masks import mask_free_text

MOST_OF_A_RECORD = 30
LONGEST_NAME = 80
_ASKED = "the record it belongs to was asked for by the same eyes"
# Slashes of both kinds, and what Windows does not take in a name.
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|]+')


class Upload(Protocol):
    """What Django hands over; a test may hand over anything that has a size and can be read."""

    @property
    def size(self) -> int | None: ...

    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Ref:
    """Which record of which kind."""

    kind: str
    record: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept file as others see it."""

    id: str
    name: str
    type: FileType
    size: int
    at: dt.datetime
    by: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A kept file with its bytes."""

    file: Kept
    content: bytes


def keep(actor: Actor, *, record: Ref, name: str, upload: Upload, at: dt.datetime) -> Kept:
    """Look at it, clean it, seal it. Needs the kind's verb to amend this record.

    Refused at `file`, with what is wrong; Unseen for a record she may not change.
    """
    kind, row = _record(actor, record, "amend")
    require_size(upload.size or 0)
    content = upload.read(LARGEST + 1)
    require_size(len(content))
    found = sniff(content)
    if found is None:
        raise Refused(UNKNOWN, field="file")
    clean = _cleaned(content, found)
    key = new_id()
    try:
        disk.put(key, clean)
        with transaction.atomic():
            _require_room(kind, row)
            file = File(
                id=key,
                kind=kind.code,
                record=row.key,
                region=row.region,
                name=_named(name, found),
                type=found.value,
                size=len(clean),
                at=at,
                by=actor.account,
            )
            with pen(PEN):
                file.save(force_insert=True)
    except OSError:
        raise Refused("这会儿存不下文件（磁盘满了或者出了故障），请告诉系统管理员。", field="file") from None
    except Refused:
        disk.drop(key)
        raise
    return _said(file)


def of(actor: Actor, record: Ref) -> tuple[Kept, ...]:
    """A record's files, oldest first. Unseen for a record she may not read."""
    kind, row = _record(actor, record, "read")
    return tuple(_said(file) for file in _standing(kind, row).order_by("id"))


def of_seen(record: Record, kind: Kind[Any]) -> tuple[Kept, ...]:
    """The same for a page that has just read the record by the reader's own eyes."""
    return tuple(_said(file) for file in _standing(kind, record).order_by("id"))


def one(actor: Actor, record: Ref, key: str) -> Kept:
    """One file of a record she may amend, for a page that asks about it; Unseen for anything else."""
    return _said(_one(actor, record, key, "amend"))


def require_amendable(actor: Actor, record: Ref) -> None:
    """Unseen unless she may hand files in for this record."""
    _record(actor, record, "amend")


def open_file(actor: Actor, record: Ref, key: str, *, at: dt.datetime) -> Opened:
    """One file of a record she may read, with its bytes; Unseen for anything else. A protected one leaves an entry."""
    _, row = _record(actor, record, "read")
    file = _one(actor, record, key, "read")
    note_view(actor, "file", file.pk, region=row.region, seal=row.seal, at=at)
    try:
        return Opened(_said(file), disk.get(file.pk))
    except (OSError, Unsealable):
        raise Refused("这份材料的原件找不到或者损坏了，请告诉系统管理员，从备份里找回。") from None


def withdraw(actor: Actor, record: Ref, key: str, *, because: str, at: dt.datetime) -> None:
    """The bytes go for good, the line with who and why stays. Needs the kind's verb to amend this record."""
    why = mask_free_text(clean_line(because, field="because", limit=200))
    if not why:
        raise Refused("请写明为什么撤回。", field="because")
    with transaction.atomic(), pen(PEN):
        file = _one(actor, record, key, "amend")
        file.is_void, file.void_at, file.void_by, file.because = True, at, actor.account, why
        file.name = ""
        file.save()
        transaction.on_commit(lambda: disk.drop(file.pk))


def _record(actor: Actor, record: Ref, act: str) -> tuple[Kind[Any], Record]:
    kind = kind_of(record.kind)
    row = kind.find(actor, record.record, kind.verbs[act])
    if row is None or (row.is_void and act != "read"):
        raise Unseen("没有这条记录，或者不在您负责的范围里。")
    return kind, row


def _one(actor: Actor, record: Ref, key: str, act: str) -> File:
    kind, row = _record(actor, record, act)
    file = _standing(kind, row).filter(pk=key).first()
    if file is None:
        raise Unseen("没有这份材料，或者已经撤回。")
    return file


def _standing(kind: Kind[Any], row: Record) -> GuardedQuerySet[File]:
    return File.objects.unscoped(_ASKED).filter(kind=kind.code, record=row.key, is_void=False)


def _require_room(kind: Kind[Any], row: Record) -> None:
    if _standing(kind, row).count() >= MOST_OF_A_RECORD:
        raise Refused(f"一条记录最多放 {MOST_OF_A_RECORD} 份材料；请把几页合成一个 PDF 再传。", field="file")


def _cleaned(content: bytes, kind: FileType) -> bytes:
    if kind.is_picture:
        return repainted(content, kind)
    require_harmless(content, kind)
    return content


def _named(typed: str, kind: FileType) -> str:
    """The name to give it out by: no path, nothing invisible, numbers of people hidden, the ending that it is."""
    last = re.split(r"[\\/]", typed)[-1]
    visible = "".join(each for each in last if unicodedata.category(each)[0] not in "CZ" or each == " ")
    stem = visible.rpartition(".")[0] if "." in visible else visible
    stem = _NOT_IN_A_NAME.sub("_", stem).strip(". ")
    return f"{mask_free_text(stem[:LONGEST_NAME]).strip() or '材料'}.{kind.value}"


def _said(file: File) -> Kept:
    return Kept(file.pk, file.name.reveal(), FileType(file.type), file.size, file.at, file.by)
