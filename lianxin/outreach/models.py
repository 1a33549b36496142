"""Rows of outreach. For now: complaints about the system itself and their answers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lianxin.access.actor import Columns
from lianxin.access.guard import Guard, Guarded
from lianxin.access.verbs import Verb
from lianxin.base.ids import new_id


class ComplaintKind(models.TextChoices):
    """What it is about; filling the same thing twice comes first, because that is why the house was built."""

    DUPLICATE = "duplicate", "重复填报"
    AWKWARD = "awkward", "不好用"
    BROKEN = "broken", "出错"
    OTHER = "other", "别的"


class ComplaintState(models.TextChoices):
    OPEN = "open", "待答复"
    ANSWERED = "answered", "已答复"


class Complaint(Guarded):
    """意见与投诉. `region` is the complainer's county, never her village; `account` is empty when she chose 匿名."""

    guard: ClassVar[Guard] = Guard(read=Verb.COMPLAINT_READ, pen="outreach", columns=Columns(region="region"))

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    kind = models.CharField("类别", max_length=12, choices=ComplaintKind)
    text = models.TextField("内容")
    page = models.CharField("所在页面", max_length=200, blank=True)
    region = models.CharField("县（区）", max_length=15, blank=True, db_index=True)
    account = models.CharField("提出人", max_length=26, blank=True, db_index=True)
    created_at = models.DateTimeField("提出时间")
    state = models.CharField("状态", max_length=10, choices=ComplaintState, default=ComplaintState.OPEN)
    answer = models.TextField("答复", blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.CharField("答复人", max_length=26, blank=True)

    class Meta(Guarded.Meta):
        verbose_name = verbose_name_plural = "意见与投诉"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ComplaintState.OPEN, answered_at__isnull=True, answered_by="")
                | Q(state=ComplaintState.ANSWERED, answered_at__isnull=False) & ~Q(answered_by=""),
                name="complaint_answered_at_by",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
