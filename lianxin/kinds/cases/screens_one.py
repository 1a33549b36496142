"""One case as a story: how to reach her before anything else, what happened, what comes next, who works on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.audit.log import Thing, note
from lianxin.audit.models import Act
from lianxin.base.days import SHANGHAI, now, say_day
from lianxin.base.errors import Unseen
from lianxin.catalog.cases import CaseSpec
from lianxin.files.shelf import of_seen
from lianxin.files.shown import FilesPart, files_part
from lianxin.kinds.cases import queries
from lianxin.kinds.cases.actions import KIND
from lianxin.kinds.cases.life import OPEN, RECUSED, Owed, Stage, Standing, owed, standing
from lianxin.kinds.cases.models import Case
from lianxin.kinds.cases.rules import SERVICES, is_violent
from lianxin.kinds.cases.steps import Step
from lianxin.kinds.cases.story import seat_words, told
from lianxin.kinds.cases.values import PARTY_ROLES, WAYS, CaseValues
from lianxin.net.colleagues import account_names
from lianxin.net.models import Organisation
from lianxin.net.regions import path_name
from lianxin.records.glass import openings_of
from lianxin.records.history import values_at
from lianxin.records.models import Opening
from lianxin.records.subjects import subject_names
from lianxin.ui.parts import Event, Known
from lianxin.ui.screen import Screen

NOT_HERE = "没有这件个案，或者不归您看。"


@dataclass(frozen=True, slots=True)
class ActLink:
    """Something that may be done next."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class CasePage:
    title: str
    case: Case
    guard: str
    place: str
    tone: str
    colour: str
    means: str
    days: int
    source: str
    stage: str
    lead: str
    gist: str
    next_says: str
    events: tuple[Event, ...]
    contact: tuple[Known, ...]
    people: tuple[Known, ...]
    team: tuple[Known, ...]
    served: tuple[tuple[str, bool], ...]
    clocks: tuple[Known, ...]
    openings: tuple[str, ...]
    is_violent: bool
    main: ActLink | None
    acts: tuple[ActLink, ...]
    safety_href: str
    alike: tuple[tuple[str, str, str], ...]
    looks: tuple[ActLink, ...]
    files: FilesPart


def case_for(actor: Actor, key: str) -> tuple[Case, CaseValues]:
    """The case and what it says now; Unseen for whoever may not read it."""
    row = queries.one_case(actor, key)
    raw = values_at(actor, KIND, key, row.revision) if row else None
    if row is None or raw is None:
        raise Unseen(NOT_HERE)
    return row, KIND.recall(raw)


class OneCase(Screen):
    """A case, told from top to bottom."""

    needs = Verb.CASE_READ
    template = "cases/case.html"
    title = "个案"
    room = "cases"

    def get(self, request: object, key: str) -> HttpResponse:
        row, values = case_for(self.actor, key)
        with transaction.atomic():  # who looked at a protected file is written down, or it is not shown
            note(self.actor, Act.VIEW, at=now(), about=Thing(KIND.code, row.key, row.region))
        spec = queries.spec_of(row)
        state = standing(values, spec)
        due = owed(values, state, spec)
        openings = openings_of(self.actor, row.key)
        names = _names(values, openings)
        alike = queries.alike(self.actor, row)
        at = now()
        colour = spec.colour(state.colour)
        acts = tuple(acts_of(self.actor, row, values, state, spec, has_alike=bool(alike)))
        page = CasePage(
            title=f"个案 {row.number}",
            case=row,
            guard=_guard(state),
            place=path_name(row.region),
            tone=colour.tone if colour else "soft",
            colour=colour.name if colour else "待定级",
            means=f"{colour.means}（{colour.source}）" if colour else "",
            days=(at.date() - values.day).days + 1,
            source=queries.option_name("source", values.source),
            stage=state.stage.label,
            lead=names.get(state.lead, "还没有人"),
            gist=_gist(values, state),
            next_says=_next_says(due, at),
            events=told(values, due, spec, names, now=at),
            contact=tuple(_contact(values)),
            people=tuple(_people(self.actor, values)),
            team=tuple(_team(state, names)),
            served=_served(values),
            clocks=tuple(_clocks(due)),
            openings=tuple(_opening_words(each, names) for each in openings),
            is_violent=is_violent(values, spec),
            main=acts[0] if acts else None,
            acts=acts[1:],
            safety_href=reverse("case-safety", args=[row.key]),
            alike=tuple(
                (other.number, f"{say_day(other.day)}，{Stage(other.stage).label}", reverse("case", args=[other.key]))
                for other in alike
            ),
            looks=tuple(
                ActLink(label, reverse("case-look", args=[row.key, name]))
                for name, label in (("safe_number", "看安全的电话"), ("whereabouts", "看现在的住处"))
                if getattr(values.safety, name)
            ),
            files=files_part(
                of_seen(row, KIND), record=row.key, address="case-file", may_amend=bool(self.actor.may(Verb.CASE_WORK))
            ),
        )
        return self.render(page)


def _names(values: CaseValues, openings: Iterable[Opening]) -> dict[str, str]:
    """Accounts and bodies of the log by their names."""
    accounts = {key for beat in values.log for key in (beat.by, beat.account) if key}
    names = account_names(accounts | {each.account for each in openings})
    bodies = {beat.organisation for beat in values.log if beat.organisation}
    if bodies:
        names |= dict(Organisation.objects.filter(id__in=bodies).values_list("id", "name"))
    return names


def _guard(state: Standing) -> str:
    here = {seat.account for seat in state.team if seat.ends is None and seat.role != RECUSED}
    return f"只有办案的 {len(here)} 个人和上级主管看得到。离开座位请先遮住。"


def _gist(values: CaseValues, state: Standing) -> str:
    contacts = [beat for beat in values.log if beat.act is Step.CONTACT]
    met = sum(beat.is_met for beat in contacts)
    said = [f"联系过 {len(contacts)} 次，联系上 {met} 次" if contacts else "还没有联系过她"]
    if state.repeats:
        said.append(f"收下以后又发生 {state.repeats} 次")
    if state.closed:
        said.append(f"{say_day(state.closed.day)}结案，回访过 {len(state.revisits)} 次")
    return "；".join(said) + "。"


def _next_says(due: tuple[Owed, ...], at: dt.datetime) -> str:
    if not due:
        return ""
    by = due[0].by.astimezone(SHANGHAI)
    late = "（已超期）" if due[0].by < at else ""
    return f"{due[0].what}：{by.month}月{by.day}日 {by:%H:%M} 前{late}"


def _contact(values: CaseValues) -> Iterator[Known]:
    safety = values.safety
    if not safety.is_asked:
        yield Known("还没问", "联系她之前，先问怎样联系才安全。")
    if safety.ways:
        yield Known("可以", "、".join(WAYS[way] for way in safety.ways) + (f"，{safety.hours}" if safety.hours else ""))
    if safety.never:
        yield Known("不要", "、".join(WAYS[way] for way in safety.never))
    if safety.opening:
        yield Known("开口说", safety.opening)
    if safety.cover:
        yield Known("上门叫", safety.cover)
    if safety.safe_number:
        yield Known("安全的电话", "已加密")
    if safety.whereabouts:
        yield Known("现在住处", "已加密，不印在任何材料上")


def _people(actor: Actor, values: CaseValues) -> Iterator[Known]:
    names = subject_names(actor, values.subjects)
    if values.household and (home := names.get(values.household)):
        href = reverse("household", args=[values.household]) if home.is_seen else ""
        yield Known("住户", f"{home.name} {home.place}".strip(), href, "看这一户" if href else "")
    for party in values.parties:
        name = names[party.person].name if party.person in names else party.name
        if name:
            yield Known(PARTY_ROLES[party.role], f"{name}{f'（{party.relation}）' if party.relation else ''}")


def _team(state: Standing, names: dict[str, str]) -> Iterator[Known]:
    for seat in state.team:
        if seat.ends is None:
            yield Known(seat_words(seat.role), names.get(seat.account, ""))


def _served(values: CaseValues) -> tuple[tuple[str, bool], ...]:
    """The six services, and the other side's: which have been given."""
    given = {code for beat in values.log if beat.act is Step.SERVICE for code in beat.codes}
    if any(beat.act is Step.SESSION for beat in values.log):
        given.add("mediation")
    return tuple((name, code in given) for code, name in SERVICES.items())


def _clocks(due: tuple[Owed, ...]) -> Iterator[Known]:
    for each in due:
        by = each.by.astimezone(SHANGHAI)
        yield Known(each.what, f"{by.month}月{by.day}日 {by:%H:%M} 前", link=each.source)


def _opening_words(each: Opening, names: dict[str, str]) -> str:
    at = each.at.astimezone(SHANGHAI)
    return f"{at:%Y年%m月%d日 %H:%M} {names.get(each.account, '')}应急查看：{each.because}"


_MAIN = {
    Stage.REPORTED: (Step.TRIAGE, Step.CONTACT),
    Stage.WORKING: (Step.CONTACT, Step.SERVICE),
    Stage.ASKED: (Step.CLOSE, Step.CLOSE_NO),
    Stage.CLOSED: (Step.REVISIT, Step.RATED),
    Stage.SETTLED: (Step.NOTE,),
    Stage.JOINED: (Step.APART,),
    Stage.CONSULTED: (Step.NOTE,),
}
_WHILE_OPEN = (
    Step.TRIAGE,
    Step.ALARM,
    Step.CONTACT,
    Step.SESSION,
    Step.CONFERENCE,
    Step.TASK,
    Step.TASK_DONE,
    Step.REFER,
    Step.WHISTLE,
    Step.ANSWER,
    Step.MEASURE,
    Step.SERVICE,
    Step.LEVEL,
    Step.LOWER_ASK,
    Step.LOWER,
    Step.LOWER_NO,
    Step.CLOSE_ASK,
    Step.MANDATED,
)
_ALWAYS = (Step.SEAT, Step.UNSEAT, Step.RECUSE, Step.NOTE)


def acts_of(
    actor: Actor, row: Case, values: CaseValues, state: Standing, spec: CaseSpec, *, has_alike: bool = False
) -> Iterator[ActLink]:
    """What may be done now, the most likely first. What would be refused is not offered."""
    if row.is_void or not actor.may(Verb.CASE_WORK):
        return
    offered = [*_MAIN[state.stage]]
    if state.stage in OPEN:
        offered += [*_WHILE_OPEN, *([Step.JOIN] if has_alike else [])]
    elif state.stage in (Stage.CLOSED, Stage.SETTLED):
        offered += [Step.REVISIT, Step.RATED, Step.REOPEN, Step.ALARM]
    for act in dict.fromkeys([*offered, *_ALWAYS]):
        if is_offered(act, actor, values, state, spec):
            yield ActLink(act.label, reverse("case-step", args=[row.key, act.value]))


def is_offered(act: Step, actor: Actor, values: CaseValues, state: Standing, spec: CaseSpec) -> bool:
    """Whether this act makes sense now for this person; the rules say no again when it is taken."""
    supervises = bool(actor.may(Verb.CASE_SUPERVISE, region=values.region, programme=values.programme))
    colour = spec.colour(state.colour)
    tasks = any(beat.act is Step.TASK for beat in state.waiting)
    asked = any(beat.act is not Step.TASK for beat in state.waiting)
    reviews = state.asked_close is not None and supervises and state.asked_close.by != actor.account
    lowers = state.asked_colour is not None and state.asked_colour.by != actor.account
    conditions = {
        Step.TRIAGE: state.colour != spec.colours[0].code,
        Step.SESSION: not is_violent(values, spec),
        Step.TASK_DONE: tasks,
        Step.ANSWER: asked,
        Step.LOWER_ASK: bool(state.colour) and state.colour != spec.colours[-1].code and state.asked_colour is None,
        Step.LOWER: lowers,
        Step.LOWER_NO: lowers,
        Step.CLOSE_ASK: state.stage is Stage.WORKING and (colour is None or colour.closes),
        Step.CLOSE: reviews,
        Step.CLOSE_NO: reviews,
    }
    return conditions.get(act, True)
