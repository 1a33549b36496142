"""A frozen report: what it said, at which ledger position, by whose hand. Written once; holds figures, no persons."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lianxin.base.days import Period
from lianxin.ledger.append_only import WrittenOnce


class Issue(WrittenOnce):
    """One freeze of a report. `figures` and `document` are what `kept` writes; `watermark` is the ledger position."""

    id = models.CharField(max_length=26, primary_key=True)
    report = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    spec_hash = models.CharField(max_length=64)
    region = models.CharField(max_length=12)
    period = models.CharField(max_length=7)
    watermark = models.PositiveBigIntegerField()
    figures = models.JSONField()
    document = models.JSONField()
    by = models.CharField(max_length=26)
    at = models.DateTimeField()

    class Meta(WrittenOnce.Meta):
        indexes: ClassVar = [models.Index(fields=["region", "report", "period"], name="issue_place")]

    def __str__(self) -> str:
        return f"{self.title} {self.id}"

    def keep(self) -> None:
        """Write it, once: the one way past the guard. A second time is an IntegrityError."""
        super(WrittenOnce, self).save(force_insert=True)

    @property
    def span(self) -> Period:
        return Period.parse(self.period)
