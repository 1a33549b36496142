"""The tables of cases: the case, its seats (records.Seat) and what other bodies were asked. Rows only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lianxin.access.actor import Columns
from lianxin.access.guard import Guard, Guarded
from lianxin.access.verbs import Verb
from lianxin.records.models import PEN, TEAM_ROWS, TEAM_SCOPE, Grounded, Line, Record

PAPER_PEN = "papers"
TRACE_PEN = "traces"

_KEPT = Q(is_void=False)


class Case(Record):
    """One matter. Everything here but its ground follows from the values; lists and desks walk these columns."""

    guard: ClassVar[Guard] = Guard(read=Verb.CASE_READ, pen=PEN, columns=TEAM_SCOPE)

    number = models.CharField(max_length=16)
    source = models.CharField(max_length=20)
    matter = models.CharField(max_length=20)
    household = models.CharField(max_length=26, blank=True)
    gist = models.CharField(max_length=120, blank=True)
    stage = models.CharField(max_length=12)
    colour = models.CharField(max_length=20, blank=True)
    lead = models.CharField(max_length=26, blank=True)
    reported_at = models.DateTimeField()
    contacted_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    reviewer = models.CharField(max_length=26, blank=True)
    repeats = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=0)
    next_what = models.CharField(max_length=80, blank=True)
    next_by = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["number"], name="case_number")]
        indexes: ClassVar = [
            models.Index(fields=["region", "next_by"], name="case_village_next", condition=_KEPT),
            models.Index(fields=["town", "next_by"], name="case_town_next", condition=_KEPT),
            models.Index(fields=["county", "next_by"], name="case_county_next", condition=_KEPT),
            models.Index(fields=["county", "-day", "-seq"], name="case_county_newest", condition=_KEPT),
            models.Index(fields=["town", "-day", "-seq"], name="case_town_newest", condition=_KEPT),
            models.Index(fields=["lead", "next_by"], name="case_lead", condition=_KEPT),
        ]


class Delivery(Guarded):
    """That a source handed over what it had in a week (Monday), or said that it had nothing. No person in it."""

    guard: ClassVar[Guard] = Guard(read=Verb.CASE_SUPERVISE, pen="deliveries", columns=Columns(county="county"))

    region = models.CharField(max_length=12)
    county = models.CharField(max_length=6)
    source = models.CharField(max_length=20)
    week = models.DateField()
    is_nothing = models.BooleanField(default=False)
    by = models.CharField(max_length=26)
    at = models.DateTimeField()

    class Meta(Guarded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county", "source", "week"], name="delivery_once_a_week"),
        ]


class Referral(Line):
    """What another body was asked to do: all that its receiver sees of a case."""

    guard: ClassVar[Guard] = Guard(read=Verb.CASE_READ, pen=PEN, columns=TEAM_ROWS)

    organisation = models.CharField(max_length=26, blank=True, db_index=True)
    to = models.CharField(max_length=60, blank=True)
    is_whistle = models.BooleanField(default=False)
    asked = models.TextField()
    sent_on = models.DateField()
    until = models.DateField()
    answer = models.CharField(max_length=12, blank=True)
    said = models.TextField(blank=True)
    answered_on = models.DateField(null=True)


class Issued(Grounded):
    """A document made out from a case, whole: what it said is never changed, a mistake is put right by another."""

    guard: ClassVar[Guard] = Guard(read=Verb.CASE_READ, pen=PAPER_PEN, columns=TEAM_ROWS)

    record = models.CharField(max_length=26, db_index=True)
    no = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=40)
    template = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=20)
    title = models.CharField(max_length=40)
    lines = models.JSONField()  # [text, is it a heading]
    signed = models.JSONField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=26)

    class Meta(Grounded.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["record", "no"], name="issued_record_no")]


class Trace(Grounded):
    """What a case says of one of its people, in keyed signs that can only be compared (matching.Trace)."""

    guard: ClassVar[Guard] = Guard(read=Verb.CASE_READ, pen=TRACE_PEN, columns=TEAM_ROWS)

    record = models.CharField(max_length=26, db_index=True)
    sound = models.CharField(max_length=32, blank=True)
    signs = models.JSONField()

    class Meta(Grounded.Meta):
        indexes: ClassVar = [models.Index(fields=["county", "sound"], name="trace_county_sound")]


class Block(models.Model):
    """Under what traces are looked up. Keyed signs and numbers only: whose they are is asked of Trace, by its eyes."""

    block = models.CharField(max_length=32, db_index=True)
    trace = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"trace {self.trace}"


class Apart(Grounded):
    """Somebody looked and said: these are two matters of two people. They are not proposed again."""

    guard: ClassVar[Guard] = Guard(read=Verb.CASE_READ, pen=TRACE_PEN, columns=TEAM_ROWS)

    record = models.CharField(max_length=26, db_index=True)
    other = models.CharField(max_length=26)
    because = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.CharField(max_length=26)

    class Meta(Grounded.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["record", "other"], name="apart_record_other")]
