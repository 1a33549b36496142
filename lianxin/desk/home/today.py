"""What is hers to do: visits that were promised, forms begun, difficulties waiting, households she was last at.

Asked in as few queries as can be; put into words here, printed by the home page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of
from lianxin.base.days import SHANGHAI
from lianxin.desk.nearby import said_past, say_ahead, say_short
from lianxin.kinds.visits.models import Difficulty, Visit
from lianxin.kinds.visits.queries import difficulties_open, visits_due
from lianxin.kinds.visits.values import Progress
from lianxin.net.regions import path_name, region_name
from lianxin.records.kinds import Subject
from lianxin.records.models import SavedDraft
from lianxin.records.saved import KEPT_FOR
from lianxin.records.subjects import SubjectName, subject_names
from lianxin.ui.parts import Line, Paper, Todo

SOON = dt.timedelta(days=7)
LONG = 30  # days after which a difficulty has waited long
MOST_DUE, MOST_SOON, MOST_WAITING, MOST_FACES, MOST_DRAFTS = 5, 5, 4, 6, 3
_DUE_ASKED = 50
_LAST_ASKED = 60  # her own newest visits, out of which the last households come
_BEGUN = 48  # characters of a difficulty on the home page


@dataclass(frozen=True, slots=True)
class Face:
    """A household she was last at; `when` is 昨天, 周一, 18日."""

    name: str
    when: str
    href: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One working day. `left` counts what is to do; `is_more`: there is more than was asked for."""

    todos: tuple[Todo, ...]
    left: int
    is_more: bool
    done: int
    more_due: int
    soon: tuple[Line, ...]
    waiting: tuple[Line, ...]
    faces: tuple[Face, ...]
    newest: dt.date | None = None


@dataclass(frozen=True, slots=True)
class _Own:
    """One of her own visits, as much as the home page needs."""

    subject: Subject
    day: dt.date


@dataclass(frozen=True, slots=True)
class _Begun:
    """A form left before it was saved."""

    form: str
    at: dt.datetime

    @property
    def subject(self) -> Subject | None:
        """Whom it is about; None for somebody new or a visit that is being changed."""
        parts = self.form.split(":")
        return Subject(parts[2], parts[3]) if parts[1] == "new" and len(parts) == 4 else None

    @property
    def amended(self) -> str:
        """The visit that is being changed, "" for a new one."""
        kind, _, about = self.form.removeprefix("visit:").partition(":")
        return about if kind == "amend" else ""


def plan_of(actor: Actor, *, now: dt.datetime) -> Plan:
    """The day of somebody who records visits."""
    today = now.astimezone(SHANGHAI).date()
    promised = visits_due(actor, today=today, until=today + SOON + dt.timedelta(days=1), limit=_DUE_ASKED)
    due = [visit for visit in promised if visit.next_on and visit.next_on <= today]
    soon = [visit for visit in promised if visit.next_on and visit.next_on > today][:MOST_SOON]
    waiting = difficulties_open(actor, limit=MOST_WAITING)
    own, begun = _own_visits(actor), _begun(actor, now)
    names = _names(actor, due[:MOST_DUE], soon, waiting, own, begun)
    drafts = _drafts(begun, names, today)
    places = _places(actor, due)
    done = [visit for visit in own if visit.day == today]
    return Plan(
        todos=tuple(_in_order(_done(done, names), drafts, _due(due[:MOST_DUE], names, places, today))),
        left=len(due) + len(drafts),
        is_more=len(promised) == _DUE_ASKED,
        done=len(done),
        more_due=max(len(due) - MOST_DUE, 0),
        soon=tuple(_soon(visit, names, today) for visit in soon),
        waiting=tuple(_waiting(item, names[item.subject].name, today) for item in waiting),
        faces=tuple(_faces(own, names, today)),
        newest=max((visit.day for visit in own), default=None),
    )


def longest_waiting(actor: Actor, *, today: dt.date) -> tuple[Line, ...]:
    """The difficulties of a county that have waited longest: where they are, not whose they are."""
    if not actor.may(Verb.VISIT_READ):
        return ()
    return tuple(_waiting(item, path_name(item.region), today) for item in difficulties_open(actor, limit=MOST_WAITING))


def _own_visits(actor: Actor) -> list[_Own]:
    """Newest first. `last_subjects` and `last_visits` would say the same in two queries."""
    rows = Visit.objects.seen_by(actor).filter(is_void=False, recorded_by=actor.account).order_by("-seq")
    return [
        _Own(Subject(kind, key), day)
        for kind, key, day in rows.values_list("subject_type", "subject", "day")[:_LAST_ASKED]
    ]


def _begun(actor: Actor, now: dt.datetime) -> list[_Begun]:
    """The forms she left, newest first; one that changes a visit only while that visit stands."""
    rows = SavedDraft.objects.filter(account=actor.account, form__startswith="visit:", at__gt=now - KEPT_FOR)
    begun = [_Begun(form, at) for form, at in rows.order_by("-at").values_list("form", "at")[:MOST_DRAFTS]]
    changed = [each.amended for each in begun if each.amended]
    if not changed:
        return begun
    kept = Visit.objects.seen_by(actor, Verb.VISIT_AMEND).filter(key__in=changed, is_void=False)
    standing = set(kept.values_list("key", flat=True))
    return [each for each in begun if not each.amended or each.amended in standing]


def _names(
    actor: Actor,
    due: Iterable[Visit],
    soon: Iterable[Visit],
    waiting: Iterable[Difficulty],
    own: Iterable[_Own],
    begun: Iterable[_Begun],
) -> dict[str, SubjectName]:
    """Every name of the page at once."""
    subjects = [Subject(row.subject_type, row.subject) for rows in (due, soon, waiting) for row in rows]
    subjects += [visit.subject for visit in own]
    subjects += [each.subject for each in begun if each.subject]
    return subject_names(actor, dict.fromkeys(subjects))


# ── on the thread ────────────────────────────────────────────────────────────


def _in_order(done: Sequence[Todo], drafts: Sequence[Todo], due: Sequence[Todo]) -> list[Todo]:
    """What is done first, then what is at hand; the first open one is now."""
    ahead = [*drafts, *due]
    return [*done, *(_with_state(todo, "now" if place == 0 else "") for place, todo in enumerate(ahead))]


def _with_state(todo: Todo, state: str) -> Todo:
    return Todo(
        title=todo.title,
        href=todo.href,
        when=todo.when,
        text=todo.text,
        state=state,
        tone=todo.tone,
        tone_word=todo.tone_word,
        acts=todo.acts,
    )


def _done(own: Sequence[_Own], names: Mapping[str, SubjectName]) -> list[Todo]:
    if not own:
        return []
    called = list(dict.fromkeys(names[visit.subject.key].name for visit in own))
    said = "、".join(called[:3]) + (f"等 {len(called)} 处" if len(called) > 3 else "")
    title = f"今天去过{said}"
    return [Todo(title=title, state="done", tone="green", tone_word=f"记了 {len(own)} 次")]


def _drafts(begun: Sequence[_Begun], names: Mapping[str, SubjectName], today: dt.date) -> list[Todo]:
    found = (_draft(each, names, today) for each in begun)
    return [todo for todo in found if todo]


def _draft(each: _Begun, names: Mapping[str, SubjectName], today: dt.date) -> Todo | None:
    at = each.at.astimezone(SHANGHAI)
    when = f"{said_past(at.date(), today)} {at:%H:%M} 写到一半"
    if each.subject:
        name = names[each.subject.key]
        href = _record_href(name)
        return Todo(title=f"接着写{name.name}的走访", href=href, when=when) if href else None
    if each.amended:
        return Todo(title="接着改一次走访", href=reverse("visit-amend", args=[each.amended]), when=when)
    return Todo(title="接着写新登的一户", href=reverse("visit-newcomer"), when=when)


def _places(actor: Actor, visits: Sequence[Visit]) -> dict[str, str]:
    """Region → its name, where not all are her own village's: a town's clerk has many."""
    is_one_village = all(level_of(top) >= Level.VILLAGE for top in actor.regions(Verb.VISIT_READ))
    return {} if is_one_village else {visit.region: f"{region_name(visit.region)} · " for visit in visits}


def _due(
    visits: Sequence[Visit], names: Mapping[str, SubjectName], places: Mapping[str, str], today: dt.date
) -> list[Todo]:
    return [_promised(visit, names[visit.subject], places.get(visit.region, ""), today) for visit in visits]


def _promised(visit: Visit, name: SubjectName, place: str, today: dt.date) -> Todo:
    on = visit.next_on or today
    late = (today - on).days
    acts = [Paper(label="上次走访", href=reverse("visit", args=[visit.key]), icon="history")]
    if name.type == "household" and name.is_seen:
        household = Paper(label=name.place or "这户人家", href=reverse("household", args=[name.key]), icon="map-pin")
        acts.insert(0, household)
    return Todo(
        title=f"去看{name.name}",
        href=_record_href(name),
        when=f"{place}约好今天" if late == 0 else f"{place}约好{say_short(on, today)}",
        text=visit.next_why or visit.heard[:_BEGUN],
        tone="yellow" if late else "",
        tone_word=f"过了 {late} 天" if late else "",
        acts=tuple(acts),
    )


def _record_href(name: SubjectName) -> str:
    return reverse("visit-record", args=[name.type, name.key]) if name.is_seen else ""


# ── lines and faces ──────────────────────────────────────────────────────────


def _soon(visit: Visit, names: Mapping[str, SubjectName], today: dt.date) -> Line:
    name, on = names[visit.subject], visit.next_on or today
    href = _record_href(name) or reverse("visit", args=[visit.key])
    return Line(lead=say_ahead(on, today), text=f"去看{name.name}", note=visit.next_why or name.place, href=href)


def _waiting(item: Difficulty, whose: str, today: dt.date) -> Line:
    text = item.text[:_BEGUN] + ("…" if len(item.text) > _BEGUN else "")
    step = Progress(item.state).label
    waited = (today - item.found_on).days
    said = f"等了 {waited} 天" if waited >= LONG else f"{say_short(item.found_on, today)}发现"
    href = reverse("visit", args=[item.record])
    return Line(text=text, note=f"{whose} · {step} · {said}", href=href)


def _faces(own: Sequence[_Own], names: Mapping[str, SubjectName], today: dt.date) -> Iterable[Face]:
    newest: dict[Subject, dt.date] = {}
    for visit in own:
        newest.setdefault(visit.subject, visit.day)
    seen = [(names[subject.key], day) for subject, day in newest.items() if names[subject.key].is_seen]
    return [Face(name.name, said_past(day, today), _record_href(name)) for name, day in seen[:MOST_FACES]]
