"""The table of listings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lianxin.access.guard import Guard
from lianxin.access.verbs import Verb
from lianxin.records.models import PEN, SCOPE, Line, Record

_KEPT = Q(is_void=False)


class ListingSpell(Line):
    """From a day to a day somebody stood at one place of a list: who stood there on 31 December is asked here."""

    guard: ClassVar[Guard] = Guard(read=Verb.LISTING_READ, pen=PEN, columns=SCOPE)

    subject_type = models.CharField(max_length=12)
    subject = models.CharField(max_length=26)
    headline = models.CharField(max_length=120, blank=True)
    starts = models.DateField()
    ends = models.DateField(null=True)
    category = models.CharField(max_length=40, blank=True)
    also = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=40, blank=True)
    grade = models.CharField(max_length=40, blank=True)

    class Meta(Line.Meta):
        indexes: ClassVar = [
            models.Index(fields=["region", "programme", "starts"], name="spell_village", condition=_KEPT),
            models.Index(fields=["town", "programme", "starts"], name="spell_town", condition=_KEPT),
            models.Index(fields=["county", "programme", "starts"], name="spell_county", condition=_KEPT),
        ]


class Listing(Record):
    """One subject on one list; the list is the record's programme, `day` the day it was put on."""

    guard: ClassVar[Guard] = Guard(read=Verb.LISTING_READ, pen=PEN, columns=SCOPE)

    subject_type = models.CharField(max_length=12)
    subject = models.CharField(max_length=26)
    off_day = models.DateField(null=True)
    off_why = models.CharField(max_length=60, blank=True)
    category = models.CharField(max_length=40, blank=True)
    also = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=40, blank=True)
    grade = models.CharField(max_length=40, blank=True)
    headline = models.CharField(max_length=120, blank=True)
    ends = models.DateField(null=True)  # the first day it no longer stands: taken off, or no longer valid
    valid_to = models.DateField(null=True)
    paper = models.CharField(max_length=40, blank=True)
    paper_number = models.CharField(max_length=60, blank=True)
    paper_day = models.DateField(null=True)
    reviewed_on = models.DateField(null=True)
    slot = models.CharField(max_length=26, blank=True)  # its own key where a subject may stand there several times
    review_on = models.DateField(null=True)
    note = models.TextField(blank=True)
    answers = models.JSONField(default=dict)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "subject", "slot"],
                condition=_KEPT & Q(off_day__isnull=True),
                name="listing_once_in_its_slot",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region", "programme", "-day"], name="listing_village", condition=_KEPT),
            models.Index(fields=["town", "programme", "-day"], name="listing_town", condition=_KEPT),
            models.Index(fields=["county", "programme", "-day"], name="listing_county", condition=_KEPT),
            models.Index(fields=["subject"], name="listing_subject"),
            models.Index(fields=["programme", "review_on"], name="listing_review", condition=_KEPT),
        ]
