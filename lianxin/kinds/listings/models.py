"""The table of listings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lianxin.access.guard import Guard
from lianxin.access.verbs import Verb
from lianxin.records.models import PEN, SCOPE, Record

_KEPT = Q(is_void=False)


class Listing(Record):
    """One subject on one list; the list is the record's programme, `day` the day it was put on."""

    guard: ClassVar[Guard] = Guard(read=Verb.LISTING_READ, pen=PEN, columns=SCOPE)

    subject_type = models.CharField(max_length=12)
    subject = models.CharField(max_length=26)
    off_day = models.DateField(null=True)
    off_why = models.CharField(max_length=60, blank=True)
    category = models.CharField(max_length=40, blank=True)
    grade = models.CharField(max_length=40, blank=True)
    review_on = models.DateField(null=True)
    note = models.TextField(blank=True)
    answers = models.JSONField(default=dict)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "subject"],
                condition=_KEPT & Q(off_day__isnull=True),
                name="listing_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region", "programme", "-day"], name="listing_village", condition=_KEPT),
            models.Index(fields=["town", "programme", "-day"], name="listing_town", condition=_KEPT),
            models.Index(fields=["county", "programme", "-day"], name="listing_county", condition=_KEPT),
            models.Index(fields=["subject"], name="listing_subject"),
        ]
