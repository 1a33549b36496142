"""What happens in a case, one step after another: a log that only grows. Pure: no rows, no clock, no catalogue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lianxin.base.days import SHANGHAI, parse_day, parse_hour, say_day
from lianxin.base.errors import Refused
from lianxin.records.reader import Reader

STEPS_MOST = 400


class Step(StrEnum):
    """Everything that can be said to have happened."""

    TRIAGE = "triage"
    ALARM = "alarm"
    LOWER_ASK = "lower-ask"
    LOWER = "lower"
    LOWER_NO = "lower-no"
    CONTACT = "contact"
    SESSION = "session"
    CONFERENCE = "conference"
    TASK = "task"
    TASK_DONE = "task-done"
    REFER = "refer"
    WHISTLE = "whistle"
    ANSWER = "answer"
    MEASURE = "measure"
    SERVICE = "service"
    MANDATED = "mandated"
    SEAT = "seat"
    UNSEAT = "unseat"
    RECUSE = "recuse"
    LEVEL = "level"
    NOTE = "note"
    CLOSE_ASK = "close-ask"
    CLOSE = "close"
    CLOSE_NO = "close-no"
    REVISIT = "revisit"
    RATED = "rated"
    REOPEN = "reopen"
    JOIN = "join"
    APART = "apart"
    LOOK = "look"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Step.TRIAGE: "定级",
    Step.ALARM: "又发生了",
    Step.LOWER_ASK: "请求降级",
    Step.LOWER: "同意降级",
    Step.LOWER_NO: "不降级",
    Step.CONTACT: "联系",
    Step.SESSION: "调解",
    Step.CONFERENCE: "会商",
    Step.TASK: "派任务",
    Step.TASK_DONE: "任务办好了",
    Step.REFER: "转介",
    Step.WHISTLE: "吹哨",
    Step.ANSWER: "对方答复",
    Step.MEASURE: "措施",
    Step.SERVICE: "服务",
    Step.MANDATED: "强制报告",
    Step.SEAT: "加承办人",
    Step.UNSEAT: "退出承办",
    Step.RECUSE: "回避",
    Step.LEVEL: "升级介入",
    Step.NOTE: "记一笔",
    Step.CLOSE_ASK: "请求结案",
    Step.CLOSE: "审过结案",
    Step.CLOSE_NO: "退回再办",
    Step.REVISIT: "回访",
    Step.RATED: "问满意",
    Step.REOPEN: "重新办理",
    Step.JOIN: "并到另一件",
    Step.APART: "分开另办",
    Step.LOOK: "看了加密的内容",
}


class Answer(StrEnum):
    """What the other body says to a referral or a whistle."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DONE = "done"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        return {"accepted": "接下了", "rejected": "退回", "done": "办好了", "revoked": "我们撤回了"}[self.value]


class Seating(StrEnum):
    """Places in a team: the core circle first, then the linked one (X+N; 妇工+义警+社工)."""

    LEAD = "lead"
    INTAKE = "intake"
    MEDIATOR = "mediator"
    WORKER = "women-worker"
    SOCIAL = "social-worker"
    POLICE = "volunteer-police"
    LAWYER = "lawyer"
    COUNSELLOR = "counsellor"
    LINKED = "linked"

    @property
    def label(self) -> str:
        return {
            "lead": "主办",
            "intake": "接收",
            "mediator": "调解员",
            "women-worker": "妇工",
            "social-worker": "社工",
            "volunteer-police": "义警",
            "lawyer": "律师",
            "counsellor": "心理咨询",
            "linked": "联动",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Beat:
    """One step. Only what its kind of step asks for is filled; `about` is the line of an earlier step."""

    line: str
    act: Step
    at: dt.datetime
    by: str
    note: str = ""
    colour: str = ""
    outcome: str = ""
    rating: str = ""
    mode: str = ""
    is_met: bool = False
    two_came: bool = False
    about: str = ""
    account: str = ""
    role: str = ""
    to: str = ""
    organisation: str = ""
    answer: str = ""
    until: dt.date | None = None
    codes: tuple[str, ...] = ()
    level: int = 0
    case: str = ""

    @property
    def day(self) -> dt.date:
        return self.at.date()

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {
            "id": self.line,
            "act": self.act.value,
            "at": self.at.strftime("%Y-%m-%d %H:%M"),
            "by": self.by,
            "note": self.note,
            "colour": self.colour,
            "outcome": self.outcome,
            "rating": self.rating,
            "mode": self.mode,
            "is_met": self.is_met,
            "two_came": self.two_came,
            "about": self.about,
            "account": self.account,
            "role": self.role,
            "to": self.to,
            "organisation": self.organisation,
            "answer": self.answer,
            "until": self.until.isoformat() if self.until else "",
            "codes": list(self.codes),
            "level": self.level,
            "case": self.case,
        }
        # What a step does not say is left out: a case of forty steps is kept whole at each of its revisions.
        return {name: value for name, value in said.items() if value}


def read_beat(reader: Reader, *, today: dt.date) -> Beat | None:
    """One step of the log as it came; None when it says no act that we know, which is noted."""
    try:
        act = Step(reader.text("act"))
    except ValueError:
        reader.problems.add(reader.name("act"), "请从列出的做法里选。")
        return None
    codes = reader.raw.get("codes") or ()
    codes = codes if isinstance(codes, (list, tuple)) else ()
    return Beat(
        line=reader.line_id(),
        act=act,
        at=read_moment(reader, "at", today=today),
        by=reader.text("by")[:26],
        note=reader.note("note"),
        colour=reader.line("colour", 20),
        outcome=reader.line("outcome", 40),
        rating=reader.line("rating", 20),
        mode=reader.line("mode", 12),
        is_met=_is_yes(reader.raw.get("is_met")),
        two_came=_is_yes(reader.raw.get("two_came")),
        about=reader.text("about")[:26],
        account=reader.text("account")[:26],
        role=reader.line("role", 20),
        to=reader.line("to", 60),
        organisation=reader.text("organisation")[:26],
        answer=reader.one_of("answer", Answer, Answer.ACCEPTED).value if reader.text("answer") else "",
        until=reader.tried(parse_day, "until", None),
        codes=tuple(dict.fromkeys(str(code)[:40] for code in codes if code)),
        level=int(reader.text("level")) if reader.text("level") in ("1", "2", "3") else 0,
        case=reader.text("case")[:26],
    )


def _is_yes(value: object) -> bool:
    return value in (True, "true", "on", "1", "yes")


def read_moment(reader: Reader, key: str, *, today: dt.date) -> dt.datetime:
    """“2021-11-02 12:40”, or a day alone (noon); not later than today."""
    text = reader.text(key).strip().replace("T", " ")
    day_text, _, hour_text = text.partition(" ")
    try:
        day = parse_day(day_text, field=reader.name(key)) if day_text else today
        hour = parse_hour(hour_text[:5], field=reader.name(key)) if hour_text else dt.time(12, tzinfo=SHANGHAI)
    except Refused as error:
        reader.problems.add(error.field, error.message)
        return dt.datetime.combine(min(today, dt.date(2999, 1, 1)), dt.time(12), SHANGHAI)
    if day > today:
        reader.problems.add(reader.name(key), f"日期不能晚于今天（{say_day(today)}）。")
    return dt.datetime.combine(day, hour.replace(tzinfo=None), SHANGHAI)


def grown(before: tuple[Beat, ...], after: tuple[Beat, ...]) -> tuple[Beat, ...] | None:
    """The steps that were added; None when anything said before was changed or left out."""
    return after[len(before) :] if after[: len(before)] == before else None


def moment_text(at: dt.datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


Raw = Mapping[str, Any]
