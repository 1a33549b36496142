"""Pages that show visits: the list, one visit, its versions, open difficulties. Recording stands in screens_record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Seal, Verb
from lianxin.base.days import now, parse_day, say_day, today
from lianxin.base.errors import Problems, Refused, Unseen
from lianxin.catalog.current import catalog
from lianxin.kinds.visits import actions, queries
from lianxin.kinds.visits.models import Difficulty, Visit
from lianxin.kinds.visits.story import VersionLine, told_visit, version_lines
from lianxin.kinds.visits.values import Mode, Progress
from lianxin.net.regions import path_name
from lianxin.records.kinds import Subject
from lianxin.records.subjects import SubjectName, subject_names
from lianxin.records.watched import note_view
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.parts import Cell, Chip, Column, Event, Known, Pages, Row, Table
from lianxin.ui.screen import Screen

HEARD_SHOWN = 40
UNDO_WITHIN = dt.timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class VisitsPage:
    table: Table
    pages: Pages
    search: Field
    days: tuple[Field, Field]
    by_purpose: tuple[Chip, ...]
    by_mode: tuple[Chip, ...]
    whose: tuple[Chip, ...]
    kept: tuple[tuple[str, str], ...]
    export: str
    may_record: bool
    error: str = ""


class Visits(Screen):
    """Newest first, narrowed by words, line of work, way of meeting, days, region, mine."""

    needs = Verb.VISIT_READ
    template = "visits/visits.html"
    title = "走访"
    room = "visits"
    fragments = {"visits": "visits/_visits.html"}

    def get(self, request: object) -> HttpResponse:
        asked = self.request.GET
        error = ""
        try:
            chosen = filter_from(asked)
            before = queries.Cursor.parse(asked.get("before", ""))
            found = queries.visits_page(self.actor, chosen, before=before)
        except Refused as refused:
            error, found = refused.message, queries.VisitPage((), 0, None)
        return self.render(_visits_page(self.actor, asked, found, error), status=400 if error else 200)


def filter_from(asked: QueryDict) -> queries.VisitFilter:
    """The filter that an address names; Refused for a day that is none."""

    def day(name: str) -> dt.date | None:
        text = asked.get(name, "").strip()
        return parse_day(text, field=name) if text else None

    until = day("until")
    return queries.VisitFilter(
        words=asked.get("q", "").strip()[:60],
        purpose=asked.get("purpose", "") if asked.get("purpose", "") in catalog().programmes else "",
        mode=asked.get("mode", "") if asked.get("mode", "") in set(Mode) else "",
        region=region if (region := asked.get("region", "")).isascii() and region.isdigit() else "",
        since=day("since"),
        until=until + dt.timedelta(days=1) if until else None,
        mine=asked.get("mine") == "1",
    )


def _visits_page(actor: Actor, asked: QueryDict, found: queries.VisitPage, error: str) -> VisitsPage:
    names = subject_names(actor, (Subject(visit.subject_type, visit.subject) for visit in found.visits))
    older = _with(asked, before=found.older.text) if found.older else ""
    programmes = catalog().of_kind("visit")
    kept = tuple((name, asked.get(name, "")) for name in ("purpose", "mode", "mine", "region") if asked.get(name))
    return VisitsPage(
        table=visits_table(found.visits, names),
        pages=Pages(
            says=f"一共 {found.count:,} 次走访", older=older, newer=_with(asked, before="") if "before" in asked else ""
        ),
        search=Field(
            name="q",
            label="找走访",
            values=(asked.get("q", ""),),
            error=error,
            placeholder="听到的话、困难、建议里的词",
        ),
        days=(
            Field(name="since", label="从哪天", type=FieldType.DAY, values=(asked.get("since", ""),)),
            Field(name="until", label="到哪天", type=FieldType.DAY, values=(asked.get("until", ""),)),
        ),
        by_purpose=tuple(_chip(asked, "purpose", programme.code, programme.short) for programme in programmes),
        by_mode=tuple(_chip(asked, "mode", mode.value, mode.label) for mode in Mode),
        whose=(_chip(asked, "mine", "1", "我登记的"),),
        kept=kept,
        export=f"{reverse('visits-export')}?{asked.urlencode()}" if actor.may_take_out(Verb.VISIT_READ) else "",
        may_record=bool(actor.may(Verb.VISIT_RECORD)),
        error=error,
    )


def _with(asked: QueryDict, **changes: str) -> str:
    """This list's address with something changed; an empty value takes it out."""
    merged = {name: asked[name] for name in asked} | changes
    return "?" + urlencode({name: value for name, value in merged.items() if value})


def _chip(asked: QueryDict, name: str, value: str, label: str) -> Chip:
    is_on = asked.get(name) == value
    return Chip(label=label, href=_with(asked, **{name: "" if is_on else value, "before": ""}), is_on=is_on)


def visits_table(visits: Sequence[Visit], names: dict[str, SubjectName]) -> Table:
    """Visits as rows: who, when, why, what was heard, what came of it."""
    return Table(
        caption="走访",
        columns=(
            Column(label="看了谁", is_key=True),
            Column(label="哪天", kind="day"),
            Column(label="为什么去"),
            Column(label="听到什么", kind="voice"),
            Column(label="困难"),
        ),
        rows=tuple(_visit_row(visit, names[visit.subject]) for visit in visits),
        empty="还没有走访。点“记走访”，从常去的人家里挑一户开始。",
    )


def _visit_row(visit: Visit, name: SubjectName) -> Row:
    heard = visit.heard[:HEARD_SHOWN] + ("…" if len(visit.heard) > HEARD_SHOWN else "")
    return Row(
        (
            Cell(text=name.name, href=reverse("visit", args=[visit.key]), note=path_name(visit.region)),
            Cell(text=say_day(visit.day), note=Mode(visit.mode).label),
            "、".join(queries.purpose_names(visit)),
            heard,
            _difficulties_cell(visit),
        )
    )


def _difficulties_cell(visit: Visit) -> Cell:
    if not visit.difficulties:
        return Cell()
    waiting = visit.difficulties - visit.solved
    if waiting:
        return Cell(text=f"{waiting} 件在办", tone="yellow")
    return Cell(text=f"{visit.solved} 件都解决了", tone="green")


@dataclass(frozen=True, slots=True)
class VisitPage:
    title: str
    visit: Visit
    name: SubjectName
    place: str
    mode: str
    purposes: tuple[str, ...]
    events: tuple[Event, ...]
    facts: tuple[Known, ...]
    difficulties: tuple[tuple[Difficulty, str, str], ...]
    may_amend: bool
    may_withdraw: bool
    was_changed: bool
    subject_href: str
    may_again: bool


class OneVisit(Screen):
    """One visit, told from top to bottom."""

    needs = Verb.VISIT_READ
    template = "visits/visit.html"
    title = "一次走访"
    room = "visits"

    def get(self, request: object, key: str) -> HttpResponse:
        story = queries.visit_story(self.actor, key)
        if story is None:
            raise Unseen("没有这次走访，可能已经撤回，或不在您的区域。")
        visit = story.visit
        note_view(self.actor, "visit", key, region=visit.region, seal=visit.seal, at=now())
        subject = Subject(visit.subject_type, visit.subject)
        name = subject_names(self.actor, [subject])[subject.key]
        told = told_visit(story)
        may_amend = _may(self.actor, Verb.VISIT_AMEND, visit)
        page = VisitPage(
            title=f"看{name.name}",
            visit=visit,
            name=name,
            place=path_name(visit.region),
            mode=Mode(visit.mode).label,
            purposes=told.purposes,
            events=told.events,
            facts=told.facts,
            difficulties=tuple(
                (item, Progress(item.state).label, _next_step(item) if may_amend else "") for item in story.difficulties
            ),
            may_amend=may_amend,
            may_withdraw=_may(self.actor, Verb.VISIT_VOID, visit),
            was_changed=visit.revision > 1,
            subject_href=_subject_href(self.actor, name),
            may_again=bool(self.actor.may(Verb.VISIT_RECORD)) and name.is_seen,
        )
        return self.render(page)


def _may(actor: Actor, verb: Verb, visit: Visit) -> bool:
    if visit.is_void:
        return False
    return bool(actor.may(verb, region=visit.region, programme=visit.programme, seal=Seal(visit.seal)))


def _next_step(item: Difficulty) -> str:
    if item.state == Progress.SOLVED or item.is_void:
        return ""
    return reverse("visit-followup", args=[item.record, item.line])


def _subject_href(actor: Actor, name: SubjectName) -> str:
    verb = Verb.ORGANISATION_READ if name.type == "organisation" else Verb.REGISTER_READ
    return reverse(name.type, args=[name.key]) if name.is_seen and actor.may(verb) else ""


@dataclass(frozen=True, slots=True)
class VersionsPage:
    title: str
    key: str
    lines: tuple[VersionLine, ...]


class VisitVersions(Screen):
    """Who changed what, when and why."""

    needs = Verb.VISIT_READ
    template = "visits/versions.html"
    title = "改动记录"
    room = "visits"

    def get(self, request: object, key: str) -> HttpResponse:
        lines = version_lines(self.actor, key)
        if not lines:
            raise Unseen("没有这次走访。")
        return self.render(VersionsPage("改动记录", key, lines))


@dataclass(frozen=True, slots=True)
class WithdrawPage:
    title: str
    key: str
    base: int
    form: Form
    is_sealed: bool


def _reason_form() -> Form:
    return Form((Field(name="because", label="为什么撤回", type=FieldType.NOTE, required=True, limit=500),))


class WithdrawVisit(Screen):
    """Taking a visit back, with a reason."""

    needs = Verb.VISIT_VOID
    template = "visits/withdraw.html"
    title = "撤回走访"
    room = "visits"

    def get(self, request: object, key: str) -> HttpResponse:
        return self._page(key, _reason_form())

    def post(self, request: object, key: str) -> HttpResponse:
        form = _reason_form().bind(self.request.POST)
        base = _number(self.request.POST.get("base", ""))
        try:
            actions.withdraw_visit(
                self.actor,
                key=key,
                base=base,
                because=form.raw("because"),
                at=now(),
            )
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            return self._page(key, form.refuse(error), status=400)
        tell(self.request, "这次走访已撤回，相关数字跟着减掉了。")
        return redirect("visits")

    def _page(self, key: str, form: Form, *, status: int = 200) -> HttpResponse:
        visit = Visit.objects.seen_by(self.actor, Verb.VISIT_VOID).filter(key=key, is_void=False).first()
        if visit is None:
            raise Unseen("没有这次走访，可能已经撤回。")
        return self.render(WithdrawPage("撤回走访", key, visit.revision, form, is_sealed=False), status=status)


class UndoVisit(Screen):
    """撤销 in the half hour after recording, by whoever recorded it."""

    needs = Verb.VISIT_VOID
    template = "visits/withdraw.html"
    title = "撤销"
    http_method_names = ["post"]

    def post(self, request: object, key: str) -> HttpResponse:
        moment = now()
        visit = Visit.objects.seen_by(self.actor, Verb.VISIT_VOID).filter(key=key).first()
        if visit is None:
            raise Unseen("没有这次走访，可能已经撤回，或不在您的区域。")
        if visit.recorded_by != self.actor.account or visit.recorded_at <= moment - UNDO_WITHIN:
            raise Refused("只能在登记后半小时内撤销自己登记的走访；过后请打开这次走访，写明原因撤回。")
        actions.withdraw_visit(self.actor, key=key, base=visit.revision, because="登记后随即撤销", at=moment)
        tell(self.request, "刚才的登记已撤销。")
        return redirect("visits")


@dataclass(frozen=True, slots=True)
class FollowUpPage:
    title: str
    key: str
    base: int
    difficulty: Difficulty
    form: Form
    name: SubjectName


class FollowUp(Screen):
    """What became of one difficulty."""

    needs = Verb.VISIT_AMEND
    template = "visits/followup.html"
    title = "困难办到哪一步"
    room = "visits"

    def get(self, request: object, key: str, line: str) -> HttpResponse:
        visit, difficulty = self._found(key, line)
        return self._page(visit, difficulty, _followup_form(difficulty))

    def post(self, request: object, key: str, line: str) -> HttpResponse:
        visit, difficulty = self._found(key, line)
        form = _followup_form(difficulty).bind(self.request.POST)
        try:
            state = Progress(form.raw("state")) if form.raw("state") in set(Progress) else Progress.HANDLING
            day = parse_day(form.raw("on") or today().isoformat(), field="on").isoformat()
            actions.follow_up(
                self.actor,
                key=key,
                base=_number(self.request.POST.get("base", "")),
                line=line,
                state=state,
                on=day,
                handler=form.raw("handler"),
                at=now(),
            )
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            return self._page(visit, difficulty, form.refuse(_by_this_form(error)), status=400)
        tell(self.request, "解决了，已记上一笔。" if state is Progress.SOLVED else "已记下。")
        return redirect("visit", key=key)

    def _found(self, key: str, line: str) -> tuple[Visit, Difficulty]:
        visit = Visit.objects.seen_by(self.actor, Verb.VISIT_AMEND).filter(key=key, is_void=False).first()
        difficulty = Difficulty.objects.seen_by(self.actor).filter(record=key, line=line).first() if visit else None
        if visit is None or difficulty is None:
            raise Unseen("没有这件困难，可能走访已撤回。")
        if self.request.method == "GET":
            note_view(self.actor, "visit", key, region=visit.region, seal=visit.seal, at=now())
        return visit, difficulty

    def _page(self, visit: Visit, difficulty: Difficulty, form: Form, *, status: int = 200) -> HttpResponse:
        name = subject_names(self.actor, [Subject(visit.subject_type, visit.subject)])[visit.subject]
        page = FollowUpPage("困难办到哪一步", visit.key, visit.revision, difficulty, form, name)
        return self.render(page, status=status)


def _followup_form(difficulty: Difficulty) -> Form:
    states = tuple(Option(state.value, state.label) for state in (Progress.HANDLING, Progress.SOLVED))
    return Form(
        (
            Field(name="state", label="现在", type=FieldType.CHOICE, options=states, values=(Progress.SOLVED.value,)),
            Field(name="on", label="哪一天", type=FieldType.DAY, values=(today().isoformat(),)),
            Field(
                name="handler", label="谁办的", values=(difficulty.handler,), limit=60, help="人或单位，例如镇民政办"
            ),
        )
    )


def _by_this_form(error: Refused | Problems) -> Refused | Problems:
    """The door names a difficulty's days by their place in the visit; here there is one day to mend."""
    if not isinstance(error, Problems):
        return error
    items = [replace(item, field="on" if item.field.endswith("_on") else item.field) for item in error.items]
    return Problems(items)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@dataclass(frozen=True, slots=True)
class DifficultiesPage:
    table: Table


class Difficulties(Screen):
    """What is still waiting, longest first: 困难问题清单."""

    needs = Verb.VISIT_READ
    template = "visits/difficulties.html"
    title = "还没解决的困难"
    room = "visits"

    def get(self, request: object) -> HttpResponse:
        waiting = queries.difficulties_open(self.actor)
        names = subject_names(self.actor, (Subject(item.subject_type, item.subject) for item in waiting))
        table = Table(
            caption="还没解决的困难",
            columns=(
                Column(label="什么困难", is_key=True),
                Column(label="谁家"),
                Column(label="哪天发现", kind="day"),
                Column(label="办到哪一步"),
            ),
            rows=tuple(self._row(item, names[item.subject]) for item in waiting),
            empty="没有等着解决的困难。走访时发现的困难会排在这里，等久了的在前面。",
        )
        return self.render(DifficultiesPage(table))

    def _row(self, item: Difficulty, name: SubjectName) -> Row:
        waited = (today() - item.found_on).days
        return Row(
            (
                Cell(text=item.text, href=reverse("visit", args=[item.record])),
                Cell(text=name.name, note=path_name(item.region)),
                Cell(text=say_day(item.found_on), note=f"等了 {waited} 天"),
                Cell(text=Progress(item.state).label, note=item.handler, tone="yellow"),
            )
        )
