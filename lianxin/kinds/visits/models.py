"""The tables of visits: the visit and its lines. Rows only; what they mean is said in values.py."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lianxin.access.guard import Guard
from lianxin.access.verbs import Verb
from lianxin.records.models import PEN, SCOPE, Line, Record

_KEPT = Q(is_void=False)


class Visit(Record):
    """One call on one household, person or organisation. `purposes` and `reasons` are canonical “;a;b;” strings."""

    guard: ClassVar[Guard] = Guard(read=Verb.VISIT_READ, pen=PEN, columns=SCOPE)

    subject_type = models.CharField(max_length=12)
    subject = models.CharField(max_length=26)
    mode = models.CharField(max_length=8)
    purposes = models.CharField(max_length=400)
    reasons = models.CharField(max_length=600, blank=True)
    companions = models.CharField(max_length=120, blank=True)
    people = models.PositiveIntegerField()
    heard = models.TextField(blank=True)
    ideas = models.PositiveSmallIntegerField(default=0)
    difficulties = models.PositiveSmallIntegerField(default=0)
    solved = models.PositiveSmallIntegerField(default=0)
    next_on = models.DateField(null=True)
    next_why = models.CharField(max_length=60, blank=True)
    answers = models.JSONField(default=dict)

    class Meta(Record.Meta):
        indexes: ClassVar = [
            # Newest first within an area: what every list of visits walks.
            models.Index(fields=["region", "-day", "-seq"], name="visit_village_newest", condition=_KEPT),
            models.Index(fields=["town", "-day", "-seq"], name="visit_town_newest", condition=_KEPT),
            models.Index(fields=["county", "-day", "-seq"], name="visit_county_newest", condition=_KEPT),
            models.Index(fields=["subject", "-day"], name="visit_subject"),
            models.Index(fields=["recorded_by", "-seq"], name="visit_recorder"),
            models.Index(fields=["region", "next_on"], name="visit_next", condition=_KEPT & Q(next_on__isnull=False)),
        ]


class Visitor(Line):
    """A colleague who came along. Two visitors make one visit."""

    guard: ClassVar[Guard] = Guard(read=Verb.VISIT_READ, pen=PEN, columns=SCOPE)

    visitor = models.CharField(max_length=26, db_index=True)


class Opinion(Line):
    """An opinion or suggestion heard; a golden idea 金点子 when marked so."""

    guard: ClassVar[Guard] = Guard(read=Verb.VISIT_READ, pen=PEN, columns=SCOPE)

    subject = models.CharField(max_length=26)
    text = models.TextField()
    is_idea = models.BooleanField(default=False)


class Difficulty(Line):
    """A difficulty found, with its days up to the solving."""

    guard: ClassVar[Guard] = Guard(read=Verb.VISIT_READ, pen=PEN, columns=SCOPE)

    subject = models.CharField(max_length=26)
    subject_type = models.CharField(max_length=12)
    text = models.TextField()
    category = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10)
    found_on = models.DateField()
    handling_on = models.DateField(null=True)
    solved_on = models.DateField(null=True)
    handler = models.CharField(max_length=60, blank=True)

    class Meta(Line.Meta):
        indexes: ClassVar = [
            models.Index(fields=["region", "state", "found_on"], name="difficulty_village"),
            models.Index(fields=["town", "state", "found_on"], name="difficulty_town"),
            models.Index(fields=["county", "state", "found_on"], name="difficulty_county"),
        ]


class DeliveryMade(Line):
    """One of the five deliveries, made during the visit to so many people."""

    guard: ClassVar[Guard] = Guard(read=Verb.VISIT_READ, pen=PEN, columns=SCOPE)

    kind = models.CharField(max_length=8)
    people = models.PositiveIntegerField()
