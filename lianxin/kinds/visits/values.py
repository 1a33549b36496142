"""What a visit says: its values as frozen dataclasses, cleaned from the JSON a form sends. No rows, no queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lianxin.base.days import checked_past_day, parse_day, say_day
from lianxin.base.errors import Problems, Refused
from lianxin.base.ids import LENGTH
from lianxin.base.money import parse_yuan
from lianxin.base.text import half_width
from lianxin.records.answers import clean_count
from lianxin.records.kinds import Subject, Values
from lianxin.records.lines import GivingLine
from lianxin.records.reader import Reader

FAR_AHEAD = dt.timedelta(days=730)


class Mode(StrEnum):
    """How they met."""

    DOOR = "door"
    PHONE = "phone"
    OFFICE = "office"

    @property
    def label(self) -> str:
        return {"door": "上门", "phone": "电话", "office": "来访"}[self.value]


class Progress(StrEnum):
    """Where a difficulty stands; it moves forward only by somebody's word."""

    FOUND = "found"
    HANDLING = "handling"
    SOLVED = "solved"

    @property
    def label(self) -> str:
        return {"found": "刚发现", "handling": "在办", "solved": "解决了"}[self.value]


class Delivery(StrEnum):
    """The five deliveries 五送."""

    LAW = "law"
    POLICY = "policy"
    CARE = "care"
    SKILL = "skill"
    HEALTH = "health"

    @property
    def label(self) -> str:
        return {"law": "送法律", "policy": "送政策", "care": "送关爱", "skill": "送技能", "health": "送健康"}[
            self.value
        ]


SUBJECT_TYPES = ("household", "person", "organisation")


@dataclass(frozen=True, slots=True)
class Purpose:
    """One line of work that the visit serves, under the version of its programme, with the reasons chosen."""

    programme: str
    version: int
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpinionLine:
    line: str
    text: str
    is_idea: bool


@dataclass(frozen=True, slots=True)
class DifficultyLine:
    """A difficulty found 发现 → handling 在办 → solved 解决, each with its day; `handler` says by whom."""

    line: str
    text: str
    category: str
    state: Progress
    found_on: dt.date
    handling_on: dt.date | None = None
    solved_on: dt.date | None = None
    handler: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    line: str
    kind: Delivery
    people: int


@dataclass(frozen=True, slots=True)
class VisitValues(Values):
    """A visit's values. `people`: women and children met, 人次. `answers`: what the programmes ask on top."""

    day: dt.date
    subject: Subject
    mode: Mode
    purposes: tuple[Purpose, ...]
    visitors: tuple[str, ...] = ()
    companions: str = ""
    people: int = 1
    heard: str = ""
    opinions: tuple[OpinionLine, ...] = ()
    difficulties: tuple[DifficultyLine, ...] = ()
    deliveries: tuple[DeliveryLine, ...] = ()
    givings: tuple[GivingLine, ...] = ()
    next_on: dt.date | None = None
    next_why: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return _as_json(self)


def _as_json(values: VisitValues) -> dict[str, Any]:
    """The wire shape: what a form sends and a history keeps."""
    return {
        "day": values.day.isoformat(),
        "subject_type": values.subject.type,
        "subject": values.subject.key,
        "mode": values.mode.value,
        "purposes": [
            {"programme": purpose.programme, "version": purpose.version, "reasons": list(purpose.reasons)}
            for purpose in values.purposes
        ],
        "visitors": list(values.visitors),
        "companions": values.companions,
        "people": values.people,
        "heard": values.heard,
        "opinions": [{"id": item.line, "text": item.text, "idea": item.is_idea} for item in values.opinions],
        "difficulties": [_difficulty_json(item) for item in values.difficulties],
        "deliveries": [{"id": item.line, "kind": item.kind.value, "people": item.people} for item in values.deliveries],
        "givings": [_giving_json(item) for item in values.givings],
        "next_on": values.next_on.isoformat() if values.next_on else "",
        "next_why": values.next_why,
        "answers": dict(values.answers),
    }


def _difficulty_json(item: DifficultyLine) -> dict[str, Any]:
    return {
        "id": item.line,
        "text": item.text,
        "category": item.category,
        "state": item.state.value,
        "found_on": item.found_on.isoformat(),
        "handling_on": item.handling_on.isoformat() if item.handling_on else "",
        "solved_on": item.solved_on.isoformat() if item.solved_on else "",
        "handler": item.handler,
    }


def _giving_json(item: GivingLine) -> dict[str, Any]:
    return {
        "id": item.line,
        "what": item.what,
        "name": item.name,
        "amount": str(item.amount),
        "quantity": str(item.quantity) if item.quantity is not None else "",
        "measure_word": item.measure_word,
        "giver": item.giver,
        "fund": item.fund,
    }


def read_values(raw: Mapping[str, Any], problems: Problems, *, today: dt.date) -> VisitValues:
    """Everything that can be read without asking anybody: shapes, days, numbers, lengths. Purposes are left bare."""
    reader = Reader(raw, problems)
    day = _day(reader, today)
    return VisitValues(
        day=day,
        subject=reader.subject(SUBJECT_TYPES, "请先选去看谁；不在册的，点“新登一户”。"),
        mode=reader.one_of("mode", Mode, Mode.DOOR),
        purposes=(),
        visitors=tuple(dict.fromkeys(str(key) for key in raw.get("visitors") or () if len(str(key)) == LENGTH)),
        companions=reader.line("companions", limit=120),
        people=reader.tried(clean_count, "people", 1, what="见到的人数"),
        heard=reader.note("heard"),
        opinions=tuple(_opinions(reader)),
        difficulties=tuple(_difficulties(reader, day, today)),
        deliveries=tuple(_deliveries(reader)),
        givings=tuple(_givings(reader)),
        next_on=_next_on(reader, day),
        next_why=reader.line("next_why", limit=60),
        answers={},
    )


def _day(reader: Reader, today: dt.date) -> dt.date:
    day = reader.tried(parse_day, "day", today)
    try:
        return checked_past_day(day, today=today, field=reader.name("day"))
    except Refused as error:
        reader.problems.add(error.field, error.message)
        return today


def _opinions(reader: Reader) -> Iterable[OpinionLine]:
    for row in reader.rows("opinions"):
        if text := row.note("text"):
            yield OpinionLine(row.line_id(), text, is_idea=row.raw.get("idea") in (True, "true", "on", "1", "yes"))


def _difficulties(reader: Reader, day: dt.date, today: dt.date) -> Iterable[DifficultyLine]:
    for row in reader.rows("difficulties"):
        text = row.note("text")
        if not text:
            continue
        state = row.one_of("state", Progress, Progress.FOUND)
        found_on = row.tried(parse_day, "found_on", day)
        handling_on = row.tried(parse_day, "handling_on", found_on) if state is not Progress.FOUND else None
        solved_on = row.tried(parse_day, "solved_on", today) if state is Progress.SOLVED else None
        _in_order(row, today, found_on=found_on, handling_on=handling_on, solved_on=solved_on)
        yield DifficultyLine(
            row.line_id(),
            text,
            row.line("category", limit=20),
            state,
            found_on,
            handling_on,
            solved_on,
            handler=row.line("handler"),
        )


def _in_order(row: Reader, today: dt.date, **days: dt.date | None) -> None:
    before: dt.date | None = None
    for key, day in days.items():
        if day is None:
            continue
        if day > today:
            row.problems.add(row.name(key), f"日期不能晚于今天（{say_day(today)}）。")
        elif before is not None and day < before:
            row.problems.add(row.name(key), f"日期不能早于上一步（{say_day(before)}）。")
        before = day


def _deliveries(reader: Reader) -> Iterable[DeliveryLine]:
    for row in reader.rows("deliveries"):
        if not row.text("kind").strip():
            continue
        kind = row.one_of("kind", Delivery, Delivery.CARE)
        yield DeliveryLine(row.line_id(), kind, row.tried(clean_count, "people", 1, what="受益人数"))


def _givings(reader: Reader) -> Iterable[GivingLine]:
    for row in reader.rows("givings"):
        name, amount = row.line("name"), row.text("amount").strip()
        if not name and not amount:
            continue
        what = "goods" if row.text("what") == "goods" else "money"
        if not name:
            name = "慰问金" if what == "money" else ""
        if not name:
            row.problems.add(row.name("name"), "请写送了什么，例如大米、棉被。")
        if not amount:
            row.problems.add(row.name("amount"), "请填金额；物品请填大约值多少元，没有就填 0。")
        yield GivingLine(
            row.line_id(),
            what,
            name,
            row.tried(parse_yuan, "amount", Decimal(0)),
            row.tried(_quantity, "quantity", None),
            row.line("measure_word", limit=10),
            row.line("giver"),
            row.line("fund"),
        )


def _quantity(text: str, *, field: str) -> Decimal:
    try:
        return parse_yuan(half_width(text), field=field)
    except Refused:
        raise Refused("数量请填数字，例如 1 或 2.5。", field=field) from None


def _next_on(reader: Reader, day: dt.date) -> dt.date | None:
    next_on = reader.tried(parse_day, "next_on", None)
    if next_on is not None and next_on <= day:
        reader.problems.add("next_on", "下次走访的日期应当晚于这次。")
    elif next_on is not None and next_on - day > FAR_AHEAD:
        reader.problems.add("next_on", "下次走访排在两年以后，请核对年份。")
    return next_on
