"""The case as a kind of record: what the door asks it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of
from lianxin.base.errors import Problems, Refused
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.kinds.cases import facts as case_facts
from lianxin.kinds.cases import queries
from lianxin.kinds.cases.life import answered, owed, standing, team_of
from lianxin.kinds.cases.models import Case, Referral
from lianxin.kinds.cases.rules import Hand, Move, refusal
from lianxin.kinds.cases.steps import Beat, Seating, Step, grown
from lianxin.kinds.cases.values import CaseValues, read_values
from lianxin.ledger.facts import FactDraft
from lianxin.net.models import Account, Region
from lianxin.records.answers import clean_answers
from lianxin.records.circle import is_kin
from lianxin.records.drafts import Act, Draft, Raw
from lianxin.records.ground import AWAY, home_on, homes_of
from lianxin.records.history import latest_values
from lianxin.records.kinds import Card, Kind, Stand, Subject
from lianxin.records.models import Line, Seat

_GONE = "册子里没有找到这一户（人），可能已迁走或不在您的区域；请重新选，或只写称呼。"


class CaseKind(Kind[CaseValues]):
    """个案."""

    code = "case"
    name = "个案"
    model = Case
    line_models = (Seat, Referral)
    verbs = {
        "read": Verb.CASE_READ,
        Act.RECORD.value: Verb.CASE_RECORD,
        Act.AMEND.value: Verb.CASE_WORK,
        Act.FOLLOW_UP.value: Verb.CASE_WORK,
        Act.VOID.value: Verb.CASE_VOID,
    }

    def clean(
        self, actor: Actor, drafts: Sequence[Draft], *, today: dt.date
    ) -> list[tuple[Stand, CaseValues] | Exception]:
        read = []
        for draft in drafts:
            problems = Problems()
            read.append((draft, read_values(draft.values, problems, today=today), problems))
        changed = tuple(draft.key for draft, _, _ in read if draft.act is not Act.RECORD)
        before = {key: self.recall(raw) for key, _, raw in latest_values(actor, self, changed)} if changed else {}
        new = [values for draft, values, _ in read if draft.act is Act.RECORD]
        homes = homes_of(actor, (subject for values in new for subject in values.subjects))
        villages = _known_regions(values.region for values in new)
        return [
            _recorded(actor, draft, values, problems, homes, villages)
            if draft.act is Act.RECORD
            else _continued(actor, draft, values, problems, before.get(draft.key))
            for draft, values, problems in read
        ]

    def recall(self, raw: Raw) -> CaseValues:
        return replace(read_values(raw, Problems(), today=dt.date.max), answers=dict(raw["answers"]))

    def follows(self, before: CaseValues, after: CaseValues) -> bool:
        return grown(before.log, after.log) is not None and _begun(before) == _begun(after)

    def subjects(self, values: CaseValues) -> tuple[Subject, ...]:
        return values.subjects

    def programmes(self, values: CaseValues) -> tuple[ProgrammeSpec, ...]:
        return (catalog().programme(values.programme, values.version),)

    def fill(self, record: Case, values: CaseValues) -> None:
        case = queries.case_spec(values)
        now = standing(values, case)
        record.number = queries.number_of(record.key, values.at.year)
        record.source, record.matter, record.household = values.source, values.matter, values.household
        record.gist, record.stage, record.colour = values.gist, now.stage.value, now.colour
        record.lead, record.reported_at = now.lead, values.at
        record.contacted_at = now.contacted.at if now.contacted else None
        record.closed_on = now.closed.day if now.closed else None
        record.outcome, record.reviewer = now.outcome, now.closed.by if now.closed else ""
        record.repeats, record.steps = now.repeats, len(values.log)
        first = next(iter(owed(values, now, case)), None)
        record.next_what, record.next_by = (first.what, first.by) if first else ("", None)

    def lines(self, record: Case, values: CaseValues) -> Iterable[Line]:
        ground = queries.ground_of(record)
        for no, seat in enumerate(team_of(values.log)):
            spell = {"starts": seat.starts, "ends": seat.ends}
            yield Seat(**ground, line=record.key, no=no, account=seat.account, role=seat.role, **spell)
        for no, beat in enumerate(beat for beat in values.log if beat.act in (Step.REFER, Step.WHISTLE)):
            yield _referral(ground, no, beat, values)

    def facts(self, stand: Stand, values: CaseValues) -> tuple[FactDraft, ...]:
        return case_facts.facts(stand, values)

    def words(self, values: CaseValues) -> str:
        notes = (beat.note for beat in values.log)
        return "\n".join(text for text in (values.gist, values.heard, *notes) if text)

    def marks(self, record: Case) -> tuple[str, ...]:
        return ()  # what is its team's is not filed (records.filing)

    def cards(self, actor: Actor, keys: Sequence[str]) -> dict[str, Card]:
        return queries.case_cards(actor, keys)


def _begun(values: CaseValues) -> CaseValues:
    """A case as it came in; how she may be reached may be put right at any time."""
    return replace(values, log=(), safety=type(values.safety)())


def _known_regions(codes: Iterable[str]) -> frozenset[str]:
    wanted = {code for code in codes if code}
    return frozenset(Region.objects.filter(code__in=wanted).values_list("code", flat=True)) if wanted else frozenset()


def _referral(ground: Mapping[str, Any], no: int, beat: Beat, values: CaseValues) -> Referral:
    said = next((each for each in reversed(values.log) if each.act is Step.ANSWER and each.about == beat.line), None)
    return Referral(
        **ground,
        line=beat.line,
        no=no,
        organisation=beat.organisation,
        to=beat.to,
        is_whistle=beat.act is Step.WHISTLE,
        asked=beat.note,
        sent_on=beat.day,
        until=beat.until or beat.day,
        answer=answered(values.log, beat.line),
        said=said.note if said else "",
        answered_on=said.day if said else None,
    )


def _recorded(
    actor: Actor,
    draft: Draft,
    values: CaseValues,
    problems: Problems,
    homes: Mapping[Subject, Any],
    villages: frozenset[str],
) -> tuple[Stand, CaseValues] | Exception:
    programme = catalog().find_programme(values.programme)
    if programme is None or programme.case is None:
        problems.add("programme", "请选是哪一类事。")
        return problems
    if not programme.is_open_on(values.day):
        problems.add("programme", f"“{programme.name}”在这一天没有开展，请选别的。")
    if values.source not in programme.case.sources:
        problems.add("source", "请选从哪里来的。")
    if values.matter not in programme.case.matters:
        problems.add("matter", "请选是什么事。")
    if not values.is_consultation and not values.gist:
        problems.add("gist", "请用一句话写是什么事，不写名字。")
    if not values.safety.is_asked and not values.is_anonymous and not values.is_consultation and not values.log:
        problems.add("is_asked", "请先问怎样联系她才安全，再往下填；问过了就选“问过了”。")
    region = _region(values, homes, villages, problems)
    raw_answers = draft.values.get("answers")
    answers = clean_answers((programme,), raw_answers if isinstance(raw_answers, dict) else {}, problems)
    if problems.items:
        return problems
    values = replace(values, version=programme.version, region=region, answers=answers)
    values = _with_lead(actor, values)
    _check_log(actor, replace(values, log=()), values.log, problems)
    is_old = any(beat.act is not Step.SEAT for beat in values.log)
    # A log that comes with the case is an old paper case entered later: only a supervisor may.
    if is_old and not actor.may(Verb.CASE_SUPERVISE, region=region, programme=programme.code):
        problems.add("log", "补录办过的旧案，请镇、县妇联来登。")
    return problems if problems.items else (Stand(draft.key, region, values.day, (programme,)), values)


def _region(values: CaseValues, homes: Mapping[Subject, Any], villages: frozenset[str], problems: Problems) -> str:
    """The village of the household on that day; without one, the place that was named."""
    for subject in values.subjects:
        if subject not in homes:
            problems.add("household" if subject.type == "household" else "parties", _GONE)
            return ""
    if values.household:
        home = home_on(homes[Subject("household", values.household)], values.day)
        if not home.is_seen:
            problems.add("day", AWAY)
        return str(home.region)
    if values.region not in villages or level_of(values.region) < Level.COUNTY:
        problems.add("region", "请选在哪个村（社区）；只知道是哪个镇就选镇。")
    return values.region


def _with_lead(actor: Actor, values: CaseValues) -> CaseValues:
    """Whoever takes it in has it until somebody else does; unless it is her own family's."""
    if any(beat.act is Step.SEAT for beat in values.log):
        return values
    if actor.account == "operator" or is_kin(actor.person, (subject.key for subject in values.subjects)):
        return values
    seat = Beat(new_id(), Step.SEAT, values.at, actor.account, account=actor.account, role=Seating.LEAD.value)
    return replace(values, log=(seat, *values.log))


def _continued(
    actor: Actor, draft: Draft, values: CaseValues, problems: Problems, before: CaseValues | None
) -> tuple[Stand, CaseValues] | Exception:
    if before is None:
        return Refused("没有这条记录。")
    programme = catalog().programme(before.programme, before.version)
    values = replace(values, programme=before.programme, version=before.version, answers=before.answers)
    new = grown(before.log, values.log)
    if new is None:
        problems.add("log", "记下的经过不能改、不能删；写错了，再记一笔说明。")
        return problems
    # Who said it is not what the form says but who is signed in.
    mine = tuple(replace(beat, by=actor.account) for beat in new)
    values = replace(values, log=(*before.log, *mine))
    _check_log(actor, replace(before, safety=values.safety), mine, problems)
    return problems if problems.items else (Stand(draft.key, before.region, before.day, (programme,)), values)


def _check_log(actor: Actor, values: CaseValues, new: Sequence[Beat], problems: Problems) -> None:
    case = queries.case_spec(values)
    supervises = bool(actor.may(Verb.CASE_SUPERVISE, region=values.region, programme=values.programme))
    hand = Hand(actor.account, supervises)
    for beat in new:
        now = standing(values, case)
        if why := refusal(Move(values, now, beat, hand, case)):
            problems.add(*why)
            return
        if beat.act is Step.JOIN and not Case.objects.seen_by(actor).filter(key=beat.case, is_void=False).exists():
            problems.add("case", "请从列出的里面选一件。")
            return
        if beat.act is Step.SEAT and beat.account != actor.account and _is_family(beat.account, values):
            problems.add("account", "她和当事人是一家人，要回避，请另选一位。")
            return
        values = replace(values, log=(*values.log, beat))


def _is_family(account: str, values: CaseValues) -> bool:
    person = Account.objects.filter(id=account).values_list("person", flat=True).first()
    return is_kin(person or "", (subject.key for subject in values.subjects))
