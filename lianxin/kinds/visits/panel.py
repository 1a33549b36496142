"""What is already known of a household when somebody stands at its door: 已有数据，无需再填."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lianxin.access.actor import Actor
from lianxin.base.days import say_day
from lianxin.kinds.visits.models import Difficulty, Visit
from lianxin.kinds.visits.queries import difficulties_of, last_subjects, last_visits
from lianxin.net.regions import path_name
from lianxin.records.history import timeline
from lianxin.records.kinds import Card, Subject
from lianxin.records.subjects import subject_names
from lianxin.register.queries import household_card
from lianxin.ui.parts import Known


@dataclass(frozen=True, slots=True)
class Recent:
    """A household somebody was last at."""

    key: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class SubjectPanel:
    """Facts of the register, what she said last time, and what she still waits for."""

    facts: tuple[Known, ...]
    last: Visit | None
    waiting: tuple[Difficulty, ...]


def recent_faces(actor: Actor) -> tuple[Recent, ...]:
    """“上次去过的人家”, newest first, with the day of the last visit."""
    subjects = [subject for subject in last_subjects(actor) if subject.type == "household"]
    names = subject_names(actor, subjects)
    last = last_visits(actor, [subject.key for subject in subjects])
    return tuple(
        Recent(subject.key, names[subject.key].name, say_day(last[subject.key].day))
        for subject in subjects
        if names[subject.key].is_seen
    )


def household_panel(actor: Actor, about: Subject, *, today: dt.date) -> SubjectPanel | None:
    """None for what is no household, or none the actor may see."""
    if about.type != "household":
        return None
    card = household_card(actor, about.key, on=today)
    if card is None:
        return None
    lists = [each for each in timeline(actor, (about.key,)) if each.kind == "listing"]
    facts = [Known("家里", card.people_words), Known("住在", f"{path_name(card.region)} {card.place}".strip())]
    facts += [Known("册子", _listed(lists))] if lists else []
    facts += [Known("电话", card.phone)] if card.phone else []
    return SubjectPanel(tuple(facts), last_visits(actor, [about.key]).get(about.key), difficulties_of(actor, about))


def _listed(cards: list[Card]) -> str:
    return "、".join(dict.fromkeys(card.title.removeprefix("建档 · ") for card in cards))
