"""The visit as a kind of record: what the door asks it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.errors import Problems
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.kinds.visits import facts as visit_facts
from lianxin.kinds.visits import queries
from lianxin.kinds.visits.models import DeliveryMade, Difficulty, Opinion, Visit, Visitor
from lianxin.kinds.visits.values import Progress, Purpose, VisitValues, read_values
from lianxin.ledger.facts import FactDraft
from lianxin.records.answers import clean_answers
from lianxin.records.drafts import Act, Draft, Raw
from lianxin.records.ground import AWAY, Home, home_on, homes_of
from lianxin.records.kinds import Card, Kind, Stand, Subject
from lianxin.records.lines import giving_rows
from lianxin.records.models import Giving, Line

OUT_OF_SIGHT = {
    "household": "册子里没有找到这一户，可能已迁走或不在您的区域；请重新选，或新登一户。",
    "person": "册子里没有找到这个人，可能已迁走或不在您的区域；请重新选。",
    "organisation": "没有找到这个单位，可能已撤销或不在您的区域；请重新选。",
}
CALLED = {"household": "一户人家", "person": "一个人", "organisation": "一个单位"}


class VisitKind(Kind[VisitValues]):
    """走访."""

    code = "visit"
    name = "走访"
    model = Visit
    line_models = (Visitor, Opinion, Difficulty, DeliveryMade, Giving)
    verbs = {
        "read": Verb.VISIT_READ,
        Act.RECORD.value: Verb.VISIT_RECORD,
        Act.AMEND.value: Verb.VISIT_AMEND,
        Act.FOLLOW_UP.value: Verb.VISIT_AMEND,
        Act.VOID.value: Verb.VISIT_VOID,
    }

    def clean(
        self, actor: Actor, drafts: Sequence[Draft], *, today: dt.date
    ) -> list[tuple[Stand, VisitValues] | Exception]:
        read = []
        for draft in drafts:
            problems = Problems()
            read.append((draft, read_values(draft.values, problems, today=today), problems))
        homes = homes_of(actor, (values.subject for _, values, _ in read))
        return [_stood(draft, values, homes, problems) for draft, values, problems in read]

    def recall(self, raw: Raw) -> VisitValues:
        values = read_values(raw, Problems(), today=dt.date.max)
        purposes = tuple(
            Purpose(item["programme"], item["version"], tuple(item["reasons"])) for item in raw["purposes"]
        )
        return replace(values, purposes=purposes, answers=dict(raw["answers"]))

    def follows(self, before: VisitValues, after: VisitValues) -> bool:
        return _unfollowed(before) == _unfollowed(after)

    def subjects(self, values: VisitValues) -> tuple[Subject, ...]:
        return (values.subject,)

    def programmes(self, values: VisitValues) -> tuple[ProgrammeSpec, ...]:
        return tuple(catalog().programme(purpose.programme, purpose.version) for purpose in values.purposes)

    def fill(self, record: Visit, values: VisitValues) -> None:
        record.subject_type, record.subject = values.subject.type, values.subject.key
        record.mode = values.mode.value
        record.purposes = _listed(purpose.programme for purpose in values.purposes)
        record.reasons = _listed(
            f"{purpose.programme}/{reason}" for purpose in values.purposes for reason in purpose.reasons
        )
        record.companions = values.companions
        record.people = values.people
        record.heard = values.heard
        record.ideas = sum(opinion.is_idea for opinion in values.opinions)
        record.difficulties = len(values.difficulties)
        record.solved = sum(item.state is Progress.SOLVED for item in values.difficulties)
        record.next_on, record.next_why = values.next_on, values.next_why
        record.answers = dict(values.answers)

    def lines(self, record: Visit, values: VisitValues) -> Iterable[Line]:
        yield from _lines(record, values)
        yield from giving_rows(record, self.code, values.subject.key, values.givings)

    def facts(self, stand: Stand, values: VisitValues) -> tuple[FactDraft, ...]:
        return visit_facts.facts(stand, values)

    def words(self, values: VisitValues) -> str:
        return "\n".join(
            text
            for text in (
                values.heard,
                *(opinion.text for opinion in values.opinions),
                *(difficulty.text for difficulty in values.difficulties),
                values.next_why,
                *(answer for answer in values.answers.values() if isinstance(answer, str)),
            )
            if text
        )

    def marks(self, record: Visit) -> tuple[str, ...]:
        return queries.marks_of(record)

    def cards(self, actor: Actor, keys: Sequence[str]) -> dict[str, Card]:
        return queries.visit_cards(actor, keys)


def _unfollowed(values: VisitValues) -> VisitValues:
    """A visit without what may become of its difficulties afterwards."""
    bare = tuple(
        replace(item, state=Progress.FOUND, handling_on=None, solved_on=None, handler="")
        for item in values.difficulties
    )
    return replace(values, difficulties=bare)


def _listed(codes: Iterable[str]) -> str:
    """Codes as “;a;b;” so that one is found by “;a;”; empty for none."""
    joined = ";".join(dict.fromkeys(codes))
    return f";{joined};" if joined else ""


def _stood(
    draft: Draft, values: VisitValues, homes: dict[Subject, tuple[Home, ...]], problems: Problems
) -> tuple[Stand, VisitValues] | Exception:
    programmes, purposes = _purposes(draft, values.day, problems)
    _check_subject(draft, values.subject, programmes, problems)
    home = homes.get(values.subject)
    if home is None and values.subject.key:
        problems.add("subject", OUT_OF_SIGHT[values.subject.type])
    raw_answers = draft.values.get("answers")
    answers = clean_answers(programmes, raw_answers if isinstance(raw_answers, dict) else {}, problems)
    _check_categories(values, problems)
    stood_at = home_on(home, values.day) if home else None
    if stood_at is not None and not stood_at.is_seen and draft.act is not Act.FOLLOW_UP:
        problems.add("day", AWAY)
    if problems.items or stood_at is None:
        return problems
    stand = Stand(draft.key, stood_at.region, values.day, tuple(programmes))
    return stand, replace(values, purposes=purposes, answers=answers)


def _check_subject(draft: Draft, subject: Subject, programmes: Sequence[ProgrammeSpec], problems: Problems) -> None:
    """A line of work says of whom it keeps records; what was kept once is followed up all the same."""
    if draft.act is Act.FOLLOW_UP or not subject.key:
        return
    for programme in programmes:
        if subject.type not in programme.subjects:
            problems.add("purposes", f"“{programme.name}”不记在{CALLED[subject.type]}名下，请选别的。")


def _check_categories(values: VisitValues, problems: Problems) -> None:
    known = {"", *(option.code for option in catalog().options("visit", "category"))}
    for number, difficulty in enumerate(values.difficulties):
        if difficulty.category not in known:
            problems.add(f"difficulties.{number}.category", "哪一类困难，请从列出的选项里选。")


def _purposes(draft: Draft, day: dt.date, problems: Problems) -> tuple[list[ProgrammeSpec], tuple[Purpose, ...]]:
    """The lines of work served. A record keeps the version of the programme it was made under."""
    programmes: dict[str, ProgrammeSpec] = {}
    reasons: dict[str, list[str]] = {}
    for item in _purpose_items(draft.values.get("purposes"), problems):
        code = str(item.get("programme", ""))
        version = item.get("version") if draft.act is not Act.RECORD else None
        programme = catalog().find_programme(code, version=version if isinstance(version, int) else None)
        if programme is None or programme.kind != "visit":
            problems.add("purposes", "有一项“为什么去”已不在目录里，请重新选。")
            continue
        if draft.act is Act.RECORD and not programme.is_open_on(day):
            problems.add("purposes", f"“{programme.name}”在这一天没有开展，请选别的。")
        programmes[code] = programme
        known = {reason.code for reason in programme.reasons}
        chosen = [str(reason) for reason in item.get("reasons") or ()]
        if not known.issuperset(chosen):
            problems.add("purposes", f"“{programme.name}”里有一项已不在目录里，请重新选。")
        reasons.setdefault(code, []).extend(reason for reason in chosen if reason in known)
    if not programmes and not any(problem.field == "purposes" for problem in problems.items):
        problems.add("purposes", "请选为什么去，至少选一样。")
    purposes = tuple(
        Purpose(code, programme.version, tuple(dict.fromkeys(reasons[code]))) for code, programme in programmes.items()
    )
    return list(programmes.values()), purposes


def _purpose_items(raw: Any, problems: Problems) -> list[dict[str, Any]]:
    if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
        if raw:
            problems.add("purposes", "“为什么去”读不出来，请重新选。")
        return []
    return raw


def _lines(visit: Visit, values: VisitValues) -> Iterable[Line]:
    ground: dict[str, Any] = {
        "record": visit.key,
        "region": visit.region,
        "town": visit.town,
        "county": visit.county,
        "day": visit.day,
        "programme": visit.programme,
        "seal": visit.seal,
        "is_void": visit.is_void,
    }
    for no, visitor in enumerate(values.visitors):
        yield Visitor(**ground, line=visitor, no=no, visitor=visitor)
    for no, opinion in enumerate(values.opinions):
        yield Opinion(
            **ground, line=opinion.line, no=no, subject=visit.subject, text=opinion.text, is_idea=opinion.is_idea
        )
    for no, item in enumerate(values.difficulties):
        yield Difficulty(
            **ground,
            line=item.line,
            no=no,
            subject=visit.subject,
            subject_type=visit.subject_type,
            text=item.text,
            category=item.category,
            state=item.state.value,
            found_on=item.found_on,
            handling_on=item.handling_on,
            solved_on=item.solved_on,
            handler=item.handler,
        )
    for no, delivery in enumerate(values.deliveries):
        yield DeliveryMade(**ground, line=delivery.line, no=no, kind=delivery.kind.value, people=delivery.people)
