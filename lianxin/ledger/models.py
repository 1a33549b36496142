"""Tables of the ledger: batches and facts (only grow), seals (only grow), and the tallies kept beside them (a cache).

Nobody outside this room reads them: figures come from `folds`, records behind them from `lineage`.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lianxin.base.codes import Level
from lianxin.base.days import Period
from lianxin.ledger.append_only import WrittenOnce
from lianxin.ledger.facts import WIDTHS

ALL_LEVELS = -1
"""The level of tally cells that count what organisations of every level did (各级); others hold one level (本级)."""

GRAINS = (int(Level.VILLAGE), int(Level.TOWN))
"""Every cell is kept twice: at the code where it counts, and rounded up to the town, for the pages of a county."""


class Batch(WrittenOnce):
    """One act of posting. `no` is the ledger position, without gaps; each hash holds the one before."""

    no = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=26)
    because = models.TextField(blank=True)
    facts = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"batch {self.no}"


class Head(models.Model):
    """One row: the last batch and its hash. Whoever posts holds it, last of all locks, until the commit."""

    no = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"head at {self.no}"


class Fact(WrittenOnce):
    """One difference: so many hundredths of a measure more (or less) for a subject, there, on that day."""

    batch = models.PositiveBigIntegerField()
    record = models.CharField(max_length=WIDTHS["record"])
    kind = models.CharField(max_length=WIDTHS["kind"])
    revision = models.PositiveIntegerField()
    measure = models.CharField(max_length=WIDTHS["measure"])
    hundredths = models.BigIntegerField()
    subject = models.CharField(max_length=WIDTHS["subject"])
    subject_type = models.CharField(max_length=WIDTHS["subject_type"])
    region = models.CharField(max_length=WIDTHS["region"])
    town = models.CharField(max_length=9, blank=True)
    county = models.CharField(max_length=6, blank=True)
    day = models.DateField()
    month = models.PositiveIntegerField()
    programme = models.CharField(max_length=WIDTHS["programme"])
    tags = models.CharField(max_length=WIDTHS["tags"], blank=True)
    organisation = models.CharField(max_length=WIDTHS["organisation"], blank=True)
    org_level = models.PositiveSmallIntegerField()
    seal = models.CharField(max_length=WIDTHS["seal"])

    class Meta(WrittenOnce.Meta):
        indexes: ClassVar = [
            models.Index(fields=["record"], name="fact_record"),
            # region last: a town's or village's part is told apart inside the index
            models.Index(fields=["measure", "county", "day", "region"], name="fact_measure_ground"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.hundredths / 100:g} on {self.day}"


class FlowCell(models.Model):
    """Σ of a tally in one month, at one region code, by organisations of one level. Serves flow and stock."""

    pk = models.CompositePrimaryKey("key", "grain", "month", "region", "level")
    key = models.CharField(max_length=80)
    grain = models.PositiveSmallIntegerField()
    month = models.PositiveIntegerField()
    region = models.CharField(max_length=12)
    level = models.SmallIntegerField()
    hundredths = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.key} {self.month} {self.region}"


class Presence(models.Model):
    """What one subject has of a distinct tally in one month at one region code; the reason behind the cells."""

    pk = models.CompositePrimaryKey("key", "subject", "month", "region", "level")
    key = models.CharField(max_length=80)
    subject = models.CharField(max_length=26)
    month = models.PositiveIntegerField()
    region = models.CharField(max_length=12)
    level = models.SmallIntegerField()
    hundredths = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.key} {self.month} {self.region}"


class Cell(models.Model):
    """Part of a distinct count. The count of an area is the sum of every cell in it.

    A leaf cell says how many subjects show at a region code. A fork cell (negative) stands at the area where subjects
    that show in several places below are counted once too often.
    """

    pk = models.CompositePrimaryKey("key", "grain", "level", "period", "region", "fork")
    key = models.CharField(max_length=80)
    grain = models.PositiveSmallIntegerField()
    level = models.SmallIntegerField()
    period = models.CharField(max_length=7)
    region = models.CharField(max_length=12, blank=True)
    fork = models.BooleanField()
    n = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.key} {self.period} {self.region}"


class TallyState(models.Model):
    """Which definition the cells of a tally were built with, so that a changed one is built anew."""

    key = models.CharField(max_length=80, primary_key=True)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.key


class SealedPeriod(WrittenOnce):
    """A county's period that is closed: its figures stay what they are at the watermark. Never lifted."""

    id = models.CharField(max_length=26, primary_key=True)
    region = models.CharField(max_length=6)
    period = models.CharField(max_length=7)
    watermark = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=26)
    because = models.TextField(blank=True)

    class Meta(WrittenOnce.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region", "period"], name="sealed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.period}"

    @property
    def span(self) -> Period:
        return Period.parse(self.period)

    @property
    def name(self) -> str:
        """2021年上半年."""
        return self.span.name
