"""What a listing says: its values, cleaned. No rows, no queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lianxin.base.days import checked_past_day, parse_day
from lianxin.base.errors import Problems, Refused
from lianxin.records.kinds import Subject, Values
from lianxin.records.reader import Reader

PLACE_KEYS = ("category", "also", "level", "grade")


@dataclass(frozen=True, slots=True)
class Place:
    """Where on its list somebody stands; `also` are further classes on lists that allow several."""

    category: str = ""
    also: tuple[str, ...] = ()
    level: str = ""
    grade: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"category": self.category, "also": list(self.also), "level": self.level, "grade": self.grade}


class Outcome(StrEnum):
    """What looking again came to."""

    SAME = "same"
    CHANGED = "changed"
    LEFT = "left"

    @property
    def label(self) -> str:
        return {"same": "还是这样", "changed": "有变化", "left": "离册了"}[self.value]


@dataclass(frozen=True, slots=True)
class Review:
    """Somebody looked again on a day; `place` is where the subject stands from that day on, if it changed."""

    line: str
    day: dt.date
    outcome: Outcome = Outcome.SAME
    place: Place = Place()
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        place = self.place.as_json() if self.outcome is Outcome.CHANGED else {}
        said = {"id": self.line, "day": self.day.isoformat(), "outcome": self.outcome.value, "note": self.note}
        return said | place


@dataclass(frozen=True, slots=True)
class Spell:
    """From a day to a day (half-open; None: still) somebody stands at one place of a list."""

    starts: dt.date
    ends: dt.date | None
    place: Place


@dataclass(frozen=True, slots=True)
class ListingValues(Values):
    """`on_day` is the first day on the list, `off_day` the first day no longer on it, `valid_to` the last valid day."""

    programme: str
    version: int
    subject: Subject
    on_day: dt.date
    off_day: dt.date | None = None
    off_why: str = ""
    place: Place = Place()
    review_on: dt.date | None = None
    valid_to: dt.date | None = None
    paper: str = ""
    paper_number: str = ""
    paper_day: dt.date | None = None
    reviews: tuple[Review, ...] = ()
    note: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ends(self) -> dt.date | None:
        """The first day it no longer stands: taken off, or no longer valid."""
        lapsed = self.valid_to + dt.timedelta(days=1) if self.valid_to else None
        return min((day for day in (self.off_day, lapsed) if day), default=None)

    @property
    def spells(self) -> tuple[Spell, ...]:
        """Where it stood when, oldest first, without gaps; at least one."""
        turns = [(self.on_day, self.place)]
        for review in self.reviews:
            if review.outcome is Outcome.CHANGED and (self.ends is None or review.day < self.ends):
                turns = [turn for turn in turns if turn[0] < review.day] + [(review.day, review.place)]
        ends = [*(day for day, _ in turns[1:]), self.ends]
        return tuple(Spell(day, end, place) for (day, place), end in zip(turns, ends, strict=True))

    @property
    def last_place(self) -> Place:
        return self.spells[-1].place

    def as_json(self) -> dict[str, Any]:
        return {
            "list": self.programme,
            "version": self.version,
            "subject_type": self.subject.type,
            "subject": self.subject.key,
            "on_day": self.on_day.isoformat(),
            "off_day": _iso(self.off_day),
            "off_why": self.off_why,
            **self.place.as_json(),
            "review_on": _iso(self.review_on),
            "valid_to": _iso(self.valid_to),
            "paper": self.paper,
            "paper_number": self.paper_number,
            "paper_day": _iso(self.paper_day),
            "reviews": [review.as_json() for review in self.reviews],
            "note": self.note,
            "answers": dict(self.answers),
        }


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


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
    valid_to = reader.tried(parse_day, "valid_to", None)
    if valid_to is not None and valid_to < on_day:
        problems.add("valid_to", "有效期应当不早于建档日期。")
    return ListingValues(
        programme=reader.text("list").strip(),
        version=int(reader.text("version") or 0) if reader.text("version").isdigit() else 0,
        subject=reader.subject(("household", "person", "organisation"), "请先选给谁建档。"),
        on_day=on_day,
        off_day=off_day,
        off_why=off_why,
        place=_place(reader),
        review_on=reader.tried(parse_day, "review_on", None),
        valid_to=valid_to,
        paper=reader.text("paper").strip(),
        paper_number=reader.line("paper_number", 40),
        paper_day=_past(reader, "paper_day", today),
        reviews=_reviews(reader, on_day, off_day, today),
        note=reader.note("note"),
    )


def _place(reader: Reader) -> Place:
    category = reader.text("category").strip()
    also = reader.raw.get("also") or ()
    more = (str(code).strip() for code in (also if isinstance(also, (list, tuple)) else [also]))
    return Place(
        category=category,
        also=tuple(dict.fromkeys(code for code in more if code and code != category)),
        level=reader.text("level").strip(),
        grade=reader.text("grade").strip(),
    )


def _reviews(reader: Reader, on_day: dt.date, off_day: dt.date | None, today: dt.date) -> tuple[Review, ...]:
    """In the order of their days; a review without a day is nobody's."""
    read = [_review(row, on_day, off_day, today) for row in reader.rows("reviews")]
    return tuple(sorted((review for review in read if review), key=lambda review: review.day))


def _review(reader: Reader, on_day: dt.date, off_day: dt.date | None, today: dt.date) -> Review | None:
    day = _past(reader, "day", today)
    if day is None:
        if not reader.text("day").strip():
            reader.problems.add(reader.name("day"), "请写明哪天复核的。")
        return None
    if day < on_day or (off_day is not None and day > off_day):
        reader.problems.add(reader.name("day"), "复核日期应当在建档之后、离册之前。")
    outcome = reader.one_of("outcome", Outcome, Outcome.SAME)
    place = _place(reader) if outcome is Outcome.CHANGED else Place()
    return Review(reader.line_id(), day, outcome, place, reader.line("note", 120))


def _past(reader: Reader, key: str, today: dt.date) -> dt.date | None:
    day = reader.tried(parse_day, key, None)
    if day is None:
        return None
    try:
        return checked_past_day(day, today=today, field=reader.name(key))
    except Refused as error:
        reader.problems.add(error.field, error.message)
        return None
