"""Where a case stands and what may happen next, worked out from its log alone. No database.

States: reported 待定级, working 在办, asked 待审结案, closed 回访中, settled 已归档; joined 已并案; consulted 咨询.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lianxin.base.days import SHANGHAI
from lianxin.catalog.cases import CaseSpec, ColourSpec
from lianxin.catalog.current import catalog
from lianxin.clocks import due
from lianxin.kinds.cases.steps import Answer, Beat, Seating, Step
from lianxin.kinds.cases.values import CaseValues


class Stage(StrEnum):
    """Where a case stands."""

    CONSULTED = "consulted"
    REPORTED = "reported"
    WORKING = "working"
    ASKED = "asked"
    CLOSED = "closed"
    SETTLED = "settled"
    JOINED = "joined"

    @property
    def label(self) -> str:
        return {
            "consulted": "只是咨询",
            "reported": "待定级",
            "working": "在办",
            "asked": "待审结案",
            "closed": "回访中",
            "settled": "已归档",
            "joined": "已并案",
        }[self.value]


OPEN = frozenset({Stage.REPORTED, Stage.WORKING, Stage.ASKED})


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that falls due: what, at the latest when, by whose rule."""

    what: str
    by: dt.datetime
    source: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody in the team from a day to before a day."""

    account: str
    role: str
    starts: dt.date
    ends: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that follows from the log."""

    stage: Stage
    colour: str = ""
    asked_colour: Beat | None = None  # a lowering that waits for a second person
    asked_close: Beat | None = None
    closed: Beat | None = None
    outcome: str = ""
    contacted: Beat | None = None
    repeats: int = 0
    revisits: tuple[Beat, ...] = ()
    rated: Beat | None = None
    level: int = 1
    team: tuple[Seated, ...] = ()
    joined_to: str = ""
    waiting: tuple[Beat, ...] = ()  # referrals, whistles and tasks nobody has answered

    @property
    def lead(self) -> str:
        """Whose it is: never nobody."""
        now = [seat for seat in self.team if seat.ends is None and seat.role != RECUSED]
        return next((seat.account for seat in now if seat.role == Seating.LEAD), now[0].account if now else "")


RECUSED = "recused"


@dataclass(slots=True)
class _Course:
    """The log read so far."""

    case: CaseSpec
    stage: Stage
    colour: str = ""
    asked_colour: Beat | None = None
    asked_close: Beat | None = None
    closed: Beat | None = None
    level: int = 1
    joined_to: str = ""
    before_joined: Stage = Stage.REPORTED

    def take(self, beat: Beat) -> None:
        if read := _READ.get(beat.act):
            read(self, beat)

    def weigh(self, beat: Beat) -> None:
        self.colour, self.asked_colour = beat.colour, None
        self.stage = Stage.WORKING if self.stage is Stage.REPORTED else self.stage

    def begin_again(self, beat: Beat) -> None:
        """A new alarm, or harm to a child: the gravest colour, and open, whatever it was before."""
        self.colour, self.asked_colour, self.asked_close, self.closed = self.case.colours[0].code, None, None, None
        self.stage = Stage.WORKING if self.stage is not Stage.JOINED else self.stage

    def ask_to_lower(self, beat: Beat) -> None:
        self.asked_colour = beat

    def lower(self, beat: Beat) -> None:
        self.colour, self.asked_colour = self.asked_colour.colour if self.asked_colour else self.colour, None

    def keep_colour(self, beat: Beat) -> None:
        self.asked_colour = None

    def ask_to_close(self, beat: Beat) -> None:
        self.asked_close, self.stage = beat, Stage.ASKED

    def close(self, beat: Beat) -> None:
        self.closed, self.stage = beat, Stage.CLOSED

    def reopen(self, beat: Beat) -> None:
        self.asked_close, self.closed, self.stage = None, None, Stage.WORKING

    def step_in(self, beat: Beat) -> None:
        self.level = beat.level or self.level

    def join(self, beat: Beat) -> None:
        self.before_joined, self.stage, self.joined_to = self.stage, Stage.JOINED, beat.case

    def part(self, beat: Beat) -> None:
        self.stage, self.joined_to = self.before_joined, ""


_READ = {
    Step.TRIAGE: _Course.weigh,
    Step.ALARM: _Course.begin_again,
    Step.MANDATED: _Course.begin_again,
    Step.LOWER_ASK: _Course.ask_to_lower,
    Step.LOWER: _Course.lower,
    Step.LOWER_NO: _Course.keep_colour,
    Step.CLOSE_ASK: _Course.ask_to_close,
    Step.CLOSE: _Course.close,
    Step.CLOSE_NO: _Course.reopen,
    Step.REOPEN: _Course.reopen,
    Step.LEVEL: _Course.step_in,
    Step.JOIN: _Course.join,
    Step.APART: _Course.part,
}


def standing(values: CaseValues, case: CaseSpec) -> Standing:
    """The state after the whole log."""
    course = _Course(case, Stage.CONSULTED if values.is_consultation else Stage.REPORTED)
    for beat in values.log:
        course.take(beat)
    revisits = _since(values.log, course.closed, Step.REVISIT)
    stage = course.stage
    if stage is Stage.CLOSED and len(revisits) >= len(revisit_rules(case, course.colour)):
        stage = Stage.SETTLED
    return Standing(
        stage=stage,
        colour=course.colour,
        asked_colour=course.asked_colour,
        asked_close=course.asked_close if stage is Stage.ASKED else None,
        closed=course.closed,
        outcome=course.asked_close.outcome if course.asked_close and course.closed else "",
        contacted=next((beat for beat in values.log if beat.act is Step.CONTACT and beat.is_met), None),
        repeats=sum(beat.act is Step.ALARM for beat in values.log),
        revisits=revisits,
        rated=next((beat for beat in reversed(values.log) if beat.act is Step.RATED and beat.rating), None),
        level=course.level,
        team=team_of(values.log),
        joined_to=course.joined_to,
        waiting=waiting_of(values.log),
    )


def _since(log: tuple[Beat, ...], closed: Beat | None, act: Step) -> tuple[Beat, ...]:
    if closed is None:
        return ()
    return tuple(beat for beat in log[log.index(closed) + 1 :] if beat.act is act)


def revisit_rules(case: CaseSpec, colour: str) -> tuple[str, ...]:
    """After what intervals a closed case of this colour is looked at again; one at least."""
    spec = case.colour(colour)
    return (spec.revisits if spec else ()) or ("case.revisit.quarter",)


def team_of(log: tuple[Beat, ...]) -> tuple[Seated, ...]:
    seats: list[Seated] = []
    for beat in log:
        if beat.act in (Step.SEAT, Step.RECUSE):
            role = RECUSED if beat.act is Step.RECUSE else beat.role
            if role in (RECUSED, Seating.LEAD):
                seats = [_ended(seat, beat, lead=role == Seating.LEAD) for seat in seats]
            seats.append(Seated(beat.account, role, beat.day))
        elif beat.act is Step.UNSEAT:
            seats = [_left(seat, beat) for seat in seats]
    return tuple(seats)


def _ended(seat: Seated, beat: Beat, *, lead: bool) -> Seated:
    """A new lead takes over from the old one; whoever is recused leaves whatever place she had."""
    gone = seat.role == Seating.LEAD if lead else seat.account == beat.account
    if seat.ends is None and gone and (lead or seat.role != RECUSED):
        return Seated(
            seat.account,
            "linked" if lead and seat.account != beat.account else seat.role,
            seat.starts,
            None if lead and seat.account != beat.account else beat.day,
        )
    return seat


def _left(seat: Seated, beat: Beat) -> Seated:
    if seat.account == beat.account and seat.ends is None and seat.role != RECUSED:
        return Seated(seat.account, seat.role, seat.starts, beat.day)
    return seat


def waiting_of(log: tuple[Beat, ...]) -> tuple[Beat, ...]:
    """Referrals, whistles and tasks that still wait for somebody."""
    final = {Answer.REJECTED.value, Answer.DONE.value, Answer.REVOKED.value}
    over = {beat.about for beat in log if beat.act is Step.TASK_DONE or beat.answer in final}
    return tuple(beat for beat in log if beat.act in (Step.REFER, Step.WHISTLE, Step.TASK) and beat.line not in over)


def answered(log: tuple[Beat, ...], line: str) -> str:
    """The last word on a referral; “” while nothing was said."""
    return next((beat.answer for beat in reversed(log) if beat.act is Step.ANSWER and beat.about == line), "")


# ── what falls due ───────────────────────────────────────────────────────────


def limit(what: str, rule: str, start: dt.datetime, *, line: str = "") -> Owed:
    """What is due by a rule of the catalogue: to the minute where it runs in hours, else to the end of the last day."""
    found = due(rule, start, today=start.astimezone(SHANGHAI).date())
    # Beside a day that hangs on holidays nobody has published yet, that is said.
    source = f"{found.source}；{found.note}" if found.provisional else found.source
    return Owed(what, found.at or _evening(found.day), source, line)


def owed(values: CaseValues, now: Standing, case: CaseSpec) -> tuple[Owed, ...]:
    """Everything that falls due, soonest first. Nothing is ever closed by time alone."""
    return tuple(sorted(_owed(values, now, case), key=lambda each: each.by))


def _owed(values: CaseValues, now: Standing, case: CaseSpec) -> Iterator[Owed]:
    if now.stage in (Stage.SETTLED, Stage.JOINED, Stage.CONSULTED):
        return
    if now.stage is Stage.REPORTED:
        yield limit("定级", case.weigh, values.at)
    spec = case.colour(now.colour)
    if spec is not None and now.stage in OPEN:
        yield from _of_colour(values, now, spec)
    yield from _of_others(values, now)
    yield from _of_law(values, now, case)
    if now.stage is Stage.ASKED and now.asked_close:
        yield limit("审结案", case.review, now.asked_close.at)
    if now.asked_colour:
        yield limit("定要不要降级", case.lower, now.asked_colour.at)
    if now.stage is Stage.CLOSED and now.closed:
        yield limit("回访", revisit_rules(case, now.colour)[len(now.revisits)], now.closed.at)


def _of_others(values: CaseValues, now: Standing) -> Iterator[Owed]:
    """What other bodies and colleagues owe, and measures that run out."""
    for beat in now.waiting:
        if beat.until:
            what = "办好" if beat.act is Step.TASK else "答复"
            yield Owed(f"{beat.to or beat.act.label}：{what}", _evening(beat.until), line=beat.line)
    for beat in values.log:
        if beat.act is Step.MEASURE and beat.until and now.stage in OPEN:
            by = _evening(max(beat.until - dt.timedelta(days=30), beat.day))
            yield Owed("措施到期前问她要不要延长", by, "反家庭暴力法第三十条", beat.line)


def _of_law(values: CaseValues, now: Standing, case: CaseSpec) -> Iterator[Owed]:
    """What a statute sets, from the day the case came in."""
    for clock in case.clocks:
        met = now.contacted is not None if clock.until == "contacted" else now.stage not in OPEN
        if not met:
            yield limit(catalog().clocks[clock.rule].name, clock.rule, values.at)


def _evening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(23, 59), SHANGHAI)


def _of_colour(values: CaseValues, now: Standing, spec: ColourSpec) -> Iterator[Owed]:
    weighed = next(
        (beat for beat in reversed(values.log) if beat.act in (Step.TRIAGE, Step.ALARM, Step.MANDATED)), None
    )
    seen = next((beat for beat in reversed(values.log) if beat.act is Step.CONTACT and beat.is_met), None)
    if now.contacted is None and spec.contact:
        yield limit("第一次联系", spec.contact, values.at)
    elif weighed and weighed.act is not Step.TRIAGE and spec.contact and (seen is None or seen.at < weighed.at):
        yield limit("联系上她", spec.contact, weighed.at)
    elif spec.visits and seen:
        yield limit("再去看一次", spec.visits, seen.at)
    if spec.handle:
        yield limit("办结", spec.handle, values.at)
