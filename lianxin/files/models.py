"""What is known of a kept file. Its bytes lie sealed in `disk`; its name, which may name a person, is sealed here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lianxin.access.guard import Guard, Guarded
from lianxin.access.verbs import Verb
from lianxin.base.ids import LENGTH as KEY
from lianxin.base.ids import new_id
from lianxin.vault.fields import SealedField

PEN = "files"


class File(Guarded):
    """One file of one record. Who may read it is asked of the record: `shelf` is the only reader."""

    # The columns say where it was handed in; the record, which may move or be sealed later, decides every time.
    guard: ClassVar[Guard] = Guard(read=Verb.REGISTER_READ, pen=PEN)

    id = models.CharField(primary_key=True, max_length=KEY, default=new_id, editable=False)
    kind = models.CharField("哪种记录", max_length=20)
    record = models.CharField("哪条记录", max_length=KEY)
    region = models.CharField("哪里", max_length=15)
    name = SealedField("文件名", context="file.name")
    type = models.CharField("类型", max_length=8)
    size = models.PositiveIntegerField("字节数")
    at = models.DateTimeField("交来的时间")
    by = models.CharField("谁", max_length=KEY)
    is_void = models.BooleanField("已撤回", default=False)
    void_at = models.DateTimeField("撤回时间", null=True)
    void_by = models.CharField("谁撤回", max_length=KEY, blank=True)
    because = models.CharField("为什么撤回", max_length=200, blank=True)

    class Meta(Guarded.Meta):
        verbose_name = verbose_name_plural = "材料"
        indexes: ClassVar = [models.Index(fields=["record", "id"], name="file_record")]

    def __str__(self) -> str:
        return self.id
