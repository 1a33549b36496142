"""What is already known of whom somebody is calling on: 已有数据，无需再填."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.base.days import say_day
from lianxin.kinds.visits.models import Difficulty, Visit
from lianxin.kinds.visits.queries import difficulties_of, last_subjects, last_visit, last_visits
from lianxin.kinds.visits.values import SUBJECT_TYPES
from lianxin.net.organisations import organisations_seen_by, type_name
from lianxin.net.regions import path_name
from lianxin.records.care import care_called_for, said_once
from lianxin.records.history import timeline
from lianxin.records.kinds import Card, Subject
from lianxin.records.subjects import SubjectName, subject_names
from lianxin.register.aliases import same_as, with_merged
from lianxin.register.queries import household_card, person_card
from lianxin.ui.parts import Known


@dataclass(frozen=True, slots=True)
class Recent:
    """A household, person or body somebody was last at."""

    type: str
    key: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class SubjectPanel:
    """What is on file, what was said last time, what still waits. `alone`: its people, if it is not about all of them.

    `alone` holds (key, words) of a household's members.
    """

    name: SubjectName
    facts: tuple[Known, ...]
    last: Visit | None
    waiting: tuple[Difficulty, ...]
    alone: tuple[tuple[str, str], ...] = ()


def recent_faces(actor: Actor, *, types: Collection[str] = SUBJECT_TYPES) -> tuple[Recent, ...]:
    """“上次去过的”, newest first, with the day of the last visit."""
    subjects = [subject for subject in last_subjects(actor) if subject.type in types]
    names = subject_names(actor, subjects)
    last = last_visits(actor, [subject.key for subject in subjects])
    return tuple(
        Recent(subject.type, subject.key, names[subject.key].name, say_day(last[subject.key].day))
        for subject in subjects
        if names[subject.key].is_seen
    )


def subject_panel(actor: Actor, about: Subject, *, today: dt.date) -> SubjectPanel | None:
    """None for what the actor may not see."""
    match about.type:
        case "household":
            return _household_panel(actor, about, today)
        case "person":
            return _person_panel(actor, about, today)
        case _:
            return _organisation_panel(actor, about)


def _household_panel(actor: Actor, about: Subject, today: dt.date) -> SubjectPanel | None:
    card = household_card(actor, about.key, on=today)
    if card is None:
        return None
    facts = [Known("家里", card.people_words), Known("住在", f"{path_name(card.region)} {card.place}".strip())]
    facts += _on_lists(actor, about)
    alike = same_as((about.key, *(line.key for line in card.members)))
    facts += _called_for(actor, tuple(key for keys in alike.values() for key in keys))
    facts += [Known("电话", card.phone)] if card.phone else []
    alone = tuple((line.key, line.words) for line in card.members) if len(card.members) > 1 else ()
    name = SubjectName(about.key, about.type, f"{card.name}家", card.place)
    return _panel(actor, about, name, facts, alike[about.key], alone=alone)


def _person_panel(actor: Actor, about: Subject, today: dt.date) -> SubjectPanel | None:
    card = person_card(actor, about.key, on=today)
    if card is None:
        return None
    facts = [Known("住在", path_name(card.region))]
    if card.household:
        whole = subject_names(actor, [Subject("household", card.household)])[card.household]
        if whole.is_seen:
            href = reverse("visit-record", args=["household", card.household])
            facts.append(Known("哪一家", f"{whole.name} {whole.place}".strip(), href, "改记全家"))
    facts += [Known("年纪", f"{card.age} 岁")] if card.age is not None else []
    facts += _on_lists(actor, about)
    keys = with_merged((about.key,))
    facts += _called_for(actor, keys)
    facts += [Known("电话", card.phone)] if card.phone else []
    return _panel(actor, about, SubjectName(about.key, about.type, card.name), facts, keys)


def _organisation_panel(actor: Actor, about: Subject) -> SubjectPanel | None:
    body = organisations_seen_by(actor).filter(pk=about.key).select_related("parent", "host").first()
    if body is None:
        return None
    facts = [Known("哪类组织", type_name(body.type)), Known("在哪里", path_name(body.region))]
    facts += [Known(label, other.name) for label, other in (("上级", body.parent), ("依托", body.host)) if other]
    return _panel(actor, about, SubjectName(about.key, about.type, body.name), facts, (about.key,))


def _panel(
    actor: Actor,
    about: Subject,
    name: SubjectName,
    facts: list[Known],
    keys: tuple[str, ...],
    *,
    alone: tuple[tuple[str, str], ...] = (),
) -> SubjectPanel:
    """`keys`: all that stand for the subject."""
    return SubjectPanel(name, tuple(facts), last_visit(actor, keys), difficulties_of(actor, about, keys=keys), alone)


def _on_lists(actor: Actor, about: Subject) -> list[Known]:
    lists = [each for each in timeline(actor, (about.key,), of_kind="listing") if not each.is_delicate]
    return [Known("册子", _listed(lists))] if lists else []


def _called_for(actor: Actor, keys: tuple[str, ...]) -> list[Known]:
    says = said_once(care_called_for(actor, keys))
    return [Known("该做的", says)] if says else []


def _listed(cards: list[Card]) -> str:
    return "、".join(dict.fromkeys(card.title.removeprefix("建档 · ") for card in cards))
