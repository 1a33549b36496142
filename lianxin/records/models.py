"""What every kind's record has in common, and the rows that all kinds share: history, entries, giving lines, drafts."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from django.db import models

from lianxin.access.actor import Columns
from lianxin.access.guard import Guard, Guarded
from lianxin.access.verbs import Seal, Verb
from lianxin.vault.boxes import Boxes, also

SCOPE = Columns(region="region", village="region", town="town", county="county", seal="seal", programme="programme")
TEAM_SCOPE = replace(SCOPE, record="key", is_of_teams=True)
"""For a kind all of whose records are kept for their teams; TEAM_ROWS for what belongs to such records alone."""
TEAM_ROWS = replace(SCOPE, record="record", is_of_teams=True)
TEAM_LINES = replace(SCOPE, record="record")
"""For rows of every kind's records, some of which are their teams'."""
PEN = "door"
TEAM_PEN = "team"


class Grounded(Guarded):
    """A row that stands on the ground of its day: the village code then, with its town and county beside it.

    Lines, entries and histories carry their record's leading programme and seal as well: they are seen by whoever may
    see the record, and by nobody else.
    """

    region = models.CharField(max_length=15)
    town = models.CharField(max_length=9)
    county = models.CharField(max_length=6)
    day = models.DateField()
    programme = models.CharField(max_length=40)
    seal = models.CharField(max_length=8, default=Seal.OPEN.value)

    class Meta(Guarded.Meta):
        abstract = True


class Line(Grounded):
    """A sub-row of a record. `line` is the id that travels in the values, `no` its place among its like."""

    record = models.CharField(max_length=26, db_index=True)
    line = models.CharField(max_length=26)
    no = models.PositiveSmallIntegerField()
    is_void = models.BooleanField(default=False)

    class Meta(Grounded.Meta):
        abstract = True


class Record(Grounded):
    """One record of one kind. `key` is made by the client; `seq` orders rows and is what the word index points at."""

    seq = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=26, unique=True)
    programme_version = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField(default=1)
    is_void = models.BooleanField(default=False)
    organisation = models.CharField(max_length=26, blank=True)
    org_level = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=26)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=26)
    words = models.TextField(blank=True)

    class Meta(Grounded.Meta):
        abstract = True


class History(Grounded):
    """One revision of one record, whole: what it said, who said so and when. Written once, never changed."""

    guard: ClassVar[Guard] = Guard(read=Verb.VISIT_READ, pen=PEN, columns=TEAM_LINES)

    kind = models.CharField(max_length=20)
    record = models.CharField(max_length=26)
    revision = models.PositiveIntegerField()
    act = models.CharField(max_length=12)
    because = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=26)
    values = models.JSONField()

    class Meta(Grounded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "revision"], name="history_record_revision"),
        ]


class Entry(Grounded):
    """That a record touches a subject: the line it draws on a household's timeline, whatever its kind."""

    guard: ClassVar[Guard] = Guard(read=Verb.REGISTER_READ, pen=PEN, columns=TEAM_LINES)

    kind = models.CharField(max_length=20)
    record = models.CharField(max_length=26)
    subject = models.CharField(max_length=26)
    subject_type = models.CharField(max_length=12)
    is_void = models.BooleanField(default=False)

    class Meta(Grounded.Meta):
        indexes: ClassVar = [
            models.Index(fields=["subject", "day"], name="entry_subject_day"),
            models.Index(fields=["record"], name="entry_record"),
        ]


class Giving(Line):
    """Money or goods handed over, as a line of the record that carries it. Amounts in yuan; goods at their value."""

    guard: ClassVar[Guard] = Guard(read=Verb.VISIT_READ, pen=PEN, columns=TEAM_LINES)

    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=26)
    what = models.CharField(max_length=8)
    name = models.CharField(max_length=60)
    quantity = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    measure_word = models.CharField(max_length=10, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    giver = models.CharField(max_length=60, blank=True)
    fund = models.CharField(max_length=60, blank=True)


class Seat(Line):
    """Somebody's place in the team of a record, from a day to before a day. `role` RECUSED keeps her out instead."""

    RECUSED: ClassVar[str] = "recused"
    guard: ClassVar[Guard] = Guard(read=Verb.CASE_READ, pen=PEN, columns=TEAM_ROWS)

    account = models.CharField(max_length=26)
    role = models.CharField(max_length=20)
    starts = models.DateField()
    ends = models.DateField(null=True)

    class Meta(Line.Meta):
        indexes: ClassVar = [models.Index(fields=["account", "role"], name="seat_account")]


class Opening(Grounded):
    """The glass broken: somebody outside the team reads one record for three hours, and says why. Never changed."""

    guard: ClassVar[Guard] = Guard(read=Verb.CASE_READ, pen=TEAM_PEN, columns=TEAM_ROWS)

    kind = models.CharField(max_length=20)
    record = models.CharField(max_length=26, db_index=True)
    account = models.CharField(max_length=26)
    because = models.CharField(max_length=500)
    at = models.DateTimeField()
    until = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)  # when a supervisor said that she has seen it
    seen_by_account = models.CharField(max_length=26, blank=True)

    class Meta(Grounded.Meta):
        indexes: ClassVar = [models.Index(fields=["account", "until"], name="opening_account")]


class Filing(models.Model):
    """How many records of a kind stand at a place under one seal, one leading line of work, one set of marks."""

    pk = models.CompositePrimaryKey("kind", "grain", "place", "seal", "programme", "marks")
    kind = models.CharField(max_length=20)
    grain = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=15)
    seal = models.CharField(max_length=8)
    programme = models.CharField(max_length=40)
    marks = models.CharField(max_length=600, blank=True)
    n = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.n} of {self.kind} at {self.place}"


class SavedDraft(models.Model):
    """What somebody has typed and not yet saved: one a form and account, sealed, gone when saved or after a month."""

    account = models.CharField(max_length=26)
    form = models.CharField(max_length=80)
    payload = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "form"], name="draft_account_form"),
        ]

    def __str__(self) -> str:
        return f"draft of {self.account}"


also(Boxes("records_saveddraft", "id", "payload", "draft:{}:{}".format, ("account", "form")))
