"""What a listing says: its values, cleaned. No rows, no queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lianxin.base.days import checked_past_day, parse_day
from lianxin.base.errors import Problems, Refused
from lianxin.records.kinds import Subject, Values
from lianxin.records.reader import Reader


@dataclass(frozen=True, slots=True)
class ListingValues(Values):
    """`on_day` is the first day on the list, `off_day` the first day no longer on it."""

    programme: str
    version: int
    subject: Subject
    on_day: dt.date
    off_day: dt.date | None = None
    off_why: str = ""
    category: str = ""
    grade: str = ""
    review_on: dt.date | None = None
    note: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "list": self.programme,
            "version": self.version,
            "subject_type": self.subject.type,
            "subject": self.subject.key,
            "on_day": self.on_day.isoformat(),
            "off_day": self.off_day.isoformat() if self.off_day else "",
            "off_why": self.off_why,
            "category": self.category,
            "grade": self.grade,
            "review_on": self.review_on.isoformat() if self.review_on else "",
            "note": self.note,
            "answers": dict(self.answers),
        }


def read_values(raw: Mapping[str, Any], problems: Problems, *, today: dt.date) -> ListingValues:
    """Everything that can be read without asking the catalogue or the register."""
    reader = Reader(raw, problems)
    on_day = _past(reader, "on_day", today) or today
    off_day = _past(reader, "off_day", today)
    if off_day is not None and off_day <= on_day:
        problems.add("off_day", "离册日期应当晚于建档日期。")
    off_why = reader.line("off_why")
    if off_day is not None and not off_why:
        problems.add("off_why", "请写明为什么离册，例如搬走、情况好转。")
    return ListingValues(
        programme=reader.text("list").strip(),
        version=int(reader.text("version") or 0) if reader.text("version").isdigit() else 0,
        subject=reader.subject(("household", "person", "organisation"), "请先选给谁建档。"),
        on_day=on_day,
        off_day=off_day,
        off_why=off_why,
        category=reader.text("category").strip(),
        grade=reader.text("grade").strip(),
        review_on=reader.tried(parse_day, "review_on", None),
        note=reader.note("note"),
    )


def _past(reader: Reader, key: str, today: dt.date) -> dt.date | None:
    day = reader.tried(parse_day, key, None)
    if day is None:
        return None
    try:
        return checked_past_day(day, today=today, field=key)
    except Refused as error:
        reader.problems.add(error.field, error.message)
        return None
