"""Tables of the access log: entries (only grow), their reasons (sealed, apart, never removed), the last entry's hash.

Entries hold ids and codes only. Written by `log.note` alone; triggers in the database refuse what is not a new row.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar, Never

from django.db import models
from django.db.models import Manager

from lianxin.access.guard import Guard, Guarded, GuardedQuerySet
from lianxin.access.verbs import Verb
from lianxin.vault.box import HASH_LENGTH as HASH
from lianxin.vault.fields import SealedField

PEN = "audit"


class Act(StrEnum):
    """What is written down."""

    REVEAL = "reveal"
    VIEW = "view"
    SEARCH = "search"
    EXPORT = "export"
    RIGHTS = "rights"
    KEYS = "keys"
    RESTORE = "restore"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Act.REVEAL: "看完整号码",
    Act.VIEW: "打开受保护的档案",
    Act.SEARCH: "按证件号查找",
    Act.EXPORT: "导出",
    Act.RIGHTS: "改账号、改权限",
    Act.KEYS: "换密钥",
    Act.RESTORE: "从备份恢复",
}


class WrittenOnce(GuardedQuerySet[Any]):
    """Rows that are never changed or removed."""

    def update(self, **_: Any) -> Never:
        raise TypeError("the access log only grows")

    def delete(self) -> Never:
        raise TypeError("the access log only grows")


class Entry(Guarded):
    """One act. `no` is its place, without gaps; `hash` is keyed and holds the one before. `region` "" is everywhere."""

    no = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField("时间")
    by = models.CharField("谁", max_length=26)
    act = models.CharField("做了什么", max_length=12)
    kind = models.CharField("对什么", max_length=16, blank=True)
    key = models.CharField("哪一个", max_length=40, blank=True)
    what = models.CharField("哪一栏、哪一份", max_length=40, blank=True)
    region = models.CharField("哪里", max_length=15, blank=True)
    address = models.CharField("从哪台机器", max_length=HASH, blank=True)
    reason = models.CharField("事由的指纹", max_length=HASH, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    guard = Guard(read=Verb.AUDIT_READ, pen=PEN)
    objects: ClassVar[Manager[Any]] = WrittenOnce.as_manager()

    class Meta(Guarded.Meta):
        verbose_name = verbose_name_plural = "查阅记录"
        indexes = [
            models.Index(fields=["key", "no"], name="audit_entry_key"),
            models.Index(fields=["by", "no"], name="audit_entry_by"),
        ]

    def __str__(self) -> str:
        return f"{self.no} {self.act}"


class Reason(Guarded):
    """Why, in somebody's own words, which may name people: sealed, and apart, so that keys can be changed."""

    entry = models.PositiveBigIntegerField(primary_key=True)
    region = models.CharField("哪里", max_length=15, blank=True)
    said = SealedField("事由", context="audit.reason")
    guard = Guard(read=Verb.AUDIT_READ, pen=PEN)

    class Meta(Guarded.Meta):
        verbose_name = verbose_name_plural = "查阅事由"

    def __str__(self) -> str:
        return str(self.entry)


class Head(models.Model):
    """One row: the last entry and its hash. Whoever writes the log holds it, last of all locks, until the commit."""

    no = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"head at {self.no}"
