"""A visit told in words: the events on its thread, what is known beside them, and what each version changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from lianxin.access.actor import Actor
from lianxin.base.days import SHANGHAI, say_day, say_weekday
from lianxin.catalog.current import catalog
from lianxin.kinds.visits.kind import VisitKind
from lianxin.kinds.visits.models import Visit
from lianxin.kinds.visits.queries import VisitStory, codes_in, purpose_names
from lianxin.kinds.visits.values import Delivery, Mode, Progress
from lianxin.net.colleagues import account_names
from lianxin.records.answers import said_answers
from lianxin.records.history import revisions
from lianxin.records.models import Giving
from lianxin.ui.parts import Event, Known
from lianxin.ui.say import say_yuan

VALUE_NAMES = {
    "day": "日期",
    "subject": "看了谁",
    "subject_type": "看了谁",
    "mode": "怎么见的",
    "purposes": "为什么去",
    "visitors": "同去的人",
    "companions": "同去的人",
    "people": "人数",
    "heard": "听到什么",
    "opinions": "意见建议",
    "difficulties": "困难",
    "deliveries": "五送",
    "givings": "送了什么",
    "next_on": "下次走访",
    "next_why": "下次走访",
    "answers": "另外填的",
}


@dataclass(frozen=True, slots=True)
class ToldVisit:
    purposes: tuple[str, ...]
    events: tuple[Event, ...]
    facts: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One revision in words."""

    no: int
    what: str
    by: str
    at: dt.datetime
    because: str
    changed: str


def told_visit(story: VisitStory) -> ToldVisit:
    """The whole visit, as it was read for somebody."""
    visit = story.visit
    names = account_names({visit.recorded_by, visit.changed_by, *story.visitors})
    return ToldVisit(purpose_names(visit), tuple(_events(story, names)), tuple(_facts(story, names)))


def _events(story: VisitStory, names: dict[str, str]) -> list[Event]:
    visit = story.visit
    day = say_day(visit.day)
    events = [
        Event(
            day=day,
            time=say_weekday(visit.day),
            title=_how(visit),
            quote=visit.heard,
            by=f"{names.get(visit.recorded_by, '已注销的账号')} 登记于 {_moment(visit.recorded_at)}",
        )
    ]
    events += [
        Event(day=day, title="金点子" if item.is_idea else "意见建议", quote=item.text) for item in story.opinions
    ]
    events += [
        Event(day=day, title=Delivery(item.kind).label, text=f"{item.people} 人受益") for item in story.deliveries
    ]
    events += [Event(day=day, title=f"送了{item.name}", text=_giving_words(item)) for item in story.givings]
    for difficulty in story.difficulties:
        events += _difficulty_events(difficulty.text, difficulty)
    if visit.next_on:
        events.append(Event(day=say_day(visit.next_on), title="下次再去", text=visit.next_why, state="next"))
    return events


def _how(visit: Visit) -> str:
    words = {Mode.DOOR: "上门走访", Mode.PHONE: "打了电话", Mode.OFFICE: "来访接待"}
    return f"{words[Mode(visit.mode)]}，见到妇女儿童 {visit.people} 人"


def _difficulty_events(text: str, difficulty: Any) -> list[Event]:
    events = [Event(day=say_day(difficulty.found_on), title="发现困难", text=text)]
    if difficulty.handling_on and difficulty.handling_on != difficulty.solved_on:
        by = f"{difficulty.handler}在办" if difficulty.handler else ""
        events.append(Event(day=say_day(difficulty.handling_on), title="开始办", text=by))
    if difficulty.state == Progress.SOLVED and difficulty.solved_on:
        events.append(
            Event(
                day=say_day(difficulty.solved_on),
                title="解决了",
                text=f"{difficulty.handler}办的" if difficulty.handler else "",
                tone="green",
                tone_word="解决了",
            )
        )
    else:
        events.append(Event(day="还没解决", title=Progress(difficulty.state).label, state="next"))
    return events


def _giving_words(giving: Giving) -> str:
    amount = say_yuan(giving.amount)
    parts = [f"{giving.quantity.normalize():f} {giving.measure_word}" if giving.quantity else "", amount]
    parts.append(f"{giving.giver}出的" if giving.giver else "")
    return "，".join(part for part in parts if part)


def _facts(story: VisitStory, names: dict[str, str]) -> list[Known]:
    visit = story.visit
    together = [names[key] for key in story.visitors if key in names]
    together += [visit.companions] if visit.companions else []
    facts = [Known("同去的人", "、".join(together))] if together else []
    programmes = [catalog().find_programme(code) for code in codes_in(visit.purposes)]
    facts += [Known(name, text) for name, text in said_answers([each for each in programmes if each], visit.answers)]
    return facts


def version_lines(actor: Actor, key: str) -> tuple[VersionLine, ...]:
    """The versions of a visit, newest first."""
    told = revisions(actor, VisitKind(), key)
    names = account_names({revision.by for revision in told})
    return tuple(
        VersionLine(
            revision.no,
            revision.act.label,
            names.get(revision.by, "已注销的账号"),
            revision.at.astimezone(SHANGHAI),
            revision.because,
            "、".join(dict.fromkeys(VALUE_NAMES.get(name, name) for name in revision.changed)),
        )
        for revision in told
    )


def _moment(at: dt.datetime) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
