"""A claim: somebody outside the ledger counted, and said so. It stands beside our own count and changes nothing."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lianxin.access.actor import Columns
from lianxin.access.guard import Guard, Guarded
from lianxin.access.verbs import Verb
from lianxin.base.ids import LENGTH as KEY
from lianxin.base.ids import new_id

PEN = "quality"


class Claim(Guarded):
    """“On 31 December the town counted 312.” `period` is a code of days; of a stock its last day counts."""

    guard: ClassVar[Guard] = Guard(
        read=Verb.LISTING_READ, pen=PEN, columns=Columns(region="region", town="town", county="county")
    )

    id = models.CharField(primary_key=True, max_length=KEY, default=new_id, editable=False)
    region = models.CharField("区划", max_length=12)
    town = models.CharField("镇（街道）", max_length=9, blank=True)
    county = models.CharField("县（区）", max_length=6)
    indicator = models.CharField("指标", max_length=60)
    period = models.CharField("期间", max_length=8)
    value = models.DecimalField("报的数", max_digits=14, decimal_places=2)
    counted_by = models.CharField("谁数的", max_length=60)
    note = models.CharField("说明", max_length=200, blank=True)
    stated_by = models.CharField("登记人", max_length=KEY)
    stated_at = models.DateTimeField("登记时间")
    is_void = models.BooleanField("已撤回", default=False)
    void_why = models.CharField("撤回原因", max_length=200, blank=True)

    class Meta(Guarded.Meta):
        verbose_name = verbose_name_plural = "别处报的数"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(value__gte=0), name="claim_not_negative"),
            models.CheckConstraint(condition=Q(is_void=False) | ~Q(void_why=""), name="claim_void_says_why"),
        ]
        indexes: ClassVar = [models.Index(fields=["county", "period"], name="claim_county_period")]

    def __str__(self) -> str:
        return self.indicator
