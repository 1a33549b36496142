"""Rows of a change of term: the change, the committees it renews, who is to sit in them, what was done.

A committee's list is nobody's business before the hour: reading it needs organisation.write over the place.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from django.db import models, transaction

from lianxin.access.actor import Columns
from lianxin.access.guard import Guard, Guarded, pen
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level
from lianxin.base.ids import LENGTH as KEY
from lianxin.base.ids import new_id

PEN = "terms"


@contextmanager
def writing() -> Iterator[None]:
    """All or nothing, with this room's pen."""
    with transaction.atomic(), pen(PEN):
        yield


class State(models.TextChoices):
    PREPARING = "preparing", "筹备中"
    SET = "set", "已定时间"
    CARRIED = "carried", "已换届"
    UNDONE = "undone", "已撤回"
    DROPPED = "dropped", "已取消"


class Schooling(models.TextChoices):
    """文化程度, as the federation's own summaries break it down."""

    PRIMARY = "primary", "小学及以下"
    JUNIOR = "junior", "初中"
    SENIOR = "senior", "高中（中专）"
    COLLEGE = "college", "大专"
    BACHELOR = "bachelor", "本科"
    MASTER = "master", "研究生"


class Placed(Guarded):
    """A row of a village, a town or a county; what is above its level stays empty."""

    guard: ClassVar[Guard] = Guard(
        read=Verb.ORGANISATION_WRITE, pen=PEN, columns=Columns(region="region", town="town", county="county")
    )

    id = models.CharField(primary_key=True, max_length=KEY, default=new_id, editable=False)
    region = models.CharField("区划", max_length=12)
    town = models.CharField("镇（街道）", max_length=9, blank=True)
    county = models.CharField("县（区）", max_length=6)

    class Meta(Guarded.Meta):
        abstract = True


class TermChange(Placed):
    """One change of term: of all committees of a level under a region, or of one."""

    name = models.CharField("名称", max_length=60)
    level = models.PositiveSmallIntegerField("哪一级", choices=[(int(level), level.label) for level in Level])
    state = models.CharField("状态", max_length=10, choices=State, default=State.PREPARING)
    at = models.DateTimeField("换届时间", null=True, blank=True)
    prepared_by = models.CharField("筹备人", max_length=KEY)
    prepared_at = models.DateTimeField("筹备时间")
    set_by = models.CharField("定时间的人", max_length=KEY, blank=True)
    carried_at = models.DateTimeField("办成时间", null=True, blank=True)
    undone_at = models.DateTimeField("撤回时间", null=True, blank=True)
    undone_by = models.CharField("撤回人", max_length=KEY, blank=True)
    undone_why = models.CharField("撤回原因", max_length=200, blank=True)

    class Meta(Placed.Meta):
        verbose_name = verbose_name_plural = "换届"
        indexes: ClassVar = [models.Index(fields=["state", "at"], name="termchange_due")]

    def __str__(self) -> str:
        return self.name


class Committee(Placed):
    """One organisation's committee within a change; `organisation` is a key of the net, `trouble` why it stayed."""

    change = models.ForeignKey(TermChange, models.PROTECT, related_name="+")
    organisation = models.CharField("组织", max_length=KEY)
    is_ready = models.BooleanField("名单已定", default=False)
    is_renewed = models.BooleanField("已换", default=False)
    trouble = models.CharField("没有换成的原因", max_length=200, blank=True)

    class Meta(Placed.Meta):
        verbose_name = verbose_name_plural = "换届的组织"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change", "organisation"], name="committee_once_in_a_change")
        ]

    def __str__(self) -> str:
        return self.organisation


class Seat(Placed):
    """Somebody who is to sit in the new committee. `role` is what she may do from that hour, or empty."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    person = models.CharField("人", max_length=KEY)
    title = models.CharField("职务", max_length=40)
    role = models.CharField("岗位", max_length=40, blank=True)
    schooling = models.CharField("文化程度", max_length=10, blank=True, choices=Schooling)
    sits_in_both = models.BooleanField("进“两委”班子", default=False)

    class Meta(Placed.Meta):
        verbose_name = verbose_name_plural = "换届名单"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["committee", "person"], name="seat_one_a_person"),
        ]

    def __str__(self) -> str:
        return self.title


class Act(models.TextChoices):
    POST_BEGUN = "post-begun", "开始任职"
    POST_ENDED = "post-ended", "结束任职"
    GRANTED = "granted", "授予岗位"
    REVOKED = "revoked", "结束岗位"
    OPENED = "opened", "开通账号"
    LISTED = "listed", "记入换届的册子"
    LEFT = "left", "上一届离册"


class Done(Placed):
    """One thing the change did: to which row of the net, what its end was before and is since. Undoing reads these."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="+")
    act = models.CharField("做了什么", max_length=10, choices=Act)
    key = models.CharField("哪一条", max_length=KEY)
    ends_before = models.DateField("原来的止日", null=True, blank=True)
    ends_since = models.DateField("改成的止日", null=True, blank=True)

    class Meta(Placed.Meta):
        verbose_name = verbose_name_plural = "换届办理"

    def __str__(self) -> str:
        return self.act
