"""Pages of one committee within a change: its list beside those who leave, a seat, settling the list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import today
from lianxin.base.errors import Forbidden, Problems, Refused
from lianxin.desk.accounts.lists import mendable
from lianxin.desk.asking import FormPage
from lianxin.desk.choosing import FIND, PERSON, with_hits
from lianxin.desk.terms.forms import seat_draft, seat_form
from lianxin.desk.terms.screens import crumbs_of, makeup_facts
from lianxin.kinds.visits.queries import open_work_in
from lianxin.terms.handing import Waiting, waiting
from lianxin.terms.models import Committee, Seat, State, TermChange
from lianxin.terms.preparing import committee_for, seat_person, settle, unseat
from lianxin.terms.reading import CommitteeView, SeatLine, committee_view
from lianxin.ui.forms import Form
from lianxin.ui.notices import tell
from lianxin.ui.parts import Cell, Column, Crumb, Known, Line, Row, Table
from lianxin.ui.screen import Screen


@dataclass(frozen=True, slots=True)
class CommitteePage:
    title: str
    view: CommitteeView
    table: Table
    makeup: tuple[Known, ...]
    handed_over: tuple[Line, ...]
    mark: tuple[str, str]
    key: str
    is_open: bool
    may_seat: bool
    waiting: Waiting
    crumbs: tuple[Crumb, ...]


class OneCommittee(Screen):
    """One committee: who is to sit in it, who leaves, whose rights end, what work is handed over."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/terms/committee.html"
    title = "换届名单"
    room = "users"

    def get(self, request: object, key: str) -> HttpResponse:
        change, committee = committee_for(self.actor, key)
        view = committee_view(self.actor, committee, today=today())
        is_open = change.state == State.PREPARING
        page = CommitteePage(
            title=view.name,
            view=view,
            table=_table(view, committee, is_open=is_open),
            makeup=makeup_facts(view.makeup),
            handed_over=_handed_over(self.actor, committee, today()),
            mark=_mark(change, committee),
            key=committee.pk,
            is_open=is_open,
            may_seat=is_open and may_choose(self.actor, committee),
            waiting=waiting(self.actor, change, committee),
            crumbs=crumbs_of(change, view.name),
        )
        return self.render(page)


def may_choose(actor: Actor, committee: Committee) -> bool:
    """Members are chosen from the register, so whoever fills the list has to see it."""
    return bool(
        actor.may(Verb.ORGANISATION_WRITE, region=committee.region)
        and actor.may(Verb.REGISTER_READ, region=committee.region)
    )


def _mark(change: TermChange, committee: Committee) -> tuple[str, str]:
    if committee.trouble:
        return "red", "没有换成"
    if committee.is_renewed:
        return "green", "已换届"
    if change.state in (State.PREPARING, State.SET):
        return ("blue", "名单已定") if committee.is_ready else ("yellow", "名单没有定")
    return "soft", State(change.state).label


def _table(view: CommitteeView, committee: Committee, *, is_open: bool) -> Table:
    columns = (
        Column(label="姓名", is_key=True),
        Column(label="职务"),
        Column(label="年龄", kind="number"),
        Column(label="文化程度"),
        Column(label="“两委”"),
        Column(label="换届后能办什么"),
    )
    rows = tuple(Row(_cells(line, committee, is_open=is_open)) for line in view.seats)
    return Table(caption="新一届名单", columns=columns, rows=rows, empty="名单还是空的，请加人。")


def _cells(line: SeatLine, committee: Committee, *, is_open: bool) -> tuple[Cell | str, ...]:
    href = f"{reverse('term-seat', args=[committee.pk])}?who={line.person}" if is_open else ""
    lacks = _lacks(line, is_open=is_open)
    return (
        Cell(text=line.name, href=href, note="新进" if line.is_new and is_open else ""),
        line.title,
        Cell(text="" if line.age is None else str(line.age), unit="岁" if line.age is not None else ""),
        line.schooling,
        "进" if line.sits_in_both else "",
        Cell(text=line.role or "不授岗位", note=lacks),
    )


def _lacks(line: SeatLine, *, is_open: bool) -> str:
    """What happens to somebody without an account who is to have a right."""
    if not line.role or line.has_account:
        return ""
    if line.is_switched_off:
        return "账号已停用，到时不授；请管理员先恢复" if is_open else "账号已停用"
    return "还没有账号，到时一起开" if is_open else "没有账号"


def _handed_over(actor: Actor, committee: Committee, day: dt.date) -> tuple[Line, ...]:
    """Open work belongs to the village, not to the member: it lies on her successor's desk from that hour."""
    if not actor.may(Verb.VISIT_READ, region=committee.region):
        return ()
    visits, difficulties = open_work_in(actor, committee.region, today=day)
    found = (
        Line(text=f"{visits} 户约好了还没有再去", href=f"{reverse('visits')}?region={committee.region}"),
        Line(text=f"{difficulties} 项困难还没有解决", href=reverse("difficulties")),
    )
    return tuple(line for line, count in zip(found, (visits, difficulties), strict=True) if count)


class EditSeat(Screen):
    """Put somebody on the list, or change how she stands on it."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/terms/seat.html"
    title = "名单上的人"
    room = "users"
    fragments = {"f-person-hits": "desk/accounts/_person_hits.html"}

    def get(self, request: object, key: str) -> HttpResponse:
        change, committee = self._found(key)
        form = self._form(committee, self.request.GET.get("who", ""))
        sought = self.request.GET.get("person-find", "")
        return self._page(change, committee, with_hits(self.actor, form, sought, on=today(), near=committee.region))

    def post(self, request: object, key: str) -> HttpResponse:
        change, committee = self._found(key)
        sought = self.request.POST.get("person-find", "")
        form = with_hits(
            self.actor, self._form(committee).bind(self.request.POST), sought, on=today(), near=committee.region
        )
        if FIND in self.request.POST:
            return self._page(change, committee, form)
        try:
            seat = seat_person(self.actor, committee, seat_draft(form), today=today())
        except (Refused, Problems) as error:
            return self._page(change, committee, form.refuse(mendable(error)), status=400)
        tell(self.request, f"写进名单了：{seat.title}。")
        return redirect("term-committee", key=committee.pk)

    def _found(self, key: str) -> tuple[TermChange, Committee]:
        change, committee = committee_for(self.actor, key)
        if not may_choose(self.actor, committee):
            raise Forbidden("名单上的人要从本地册子里选；请由能看册子的妇联干部来填。")
        return change, committee

    def _form(self, committee: Committee, who: str = "") -> Form:
        held = Seat.objects.seen_by(self.actor).filter(committee_id=committee.pk, person=who).first() if who else None
        return seat_form(committee, find_url=reverse("term-seat", args=[committee.pk]), held=held)

    def _page(self, change: TermChange, committee: Committee, form: Form, *, status: int = 200) -> HttpResponse:
        gist = "从册子里找到她，写清职务；同一个人再写一次，就是改。"
        crumbs = crumbs_of(change, self.title)
        seats = Seat.objects.seen_by(self.actor).filter(committee_id=committee.pk, person=form.raw(PERSON))
        page = SeatPage(self.title, gist, "写进名单", form, crumbs, committee=committee.pk, is_listed=seats.exists())
        return self.render(page, status=status)


@dataclass(frozen=True, slots=True)
class SeatPage(FormPage):
    committee: str = ""
    is_listed: bool = False


class Unseat(Screen):
    """Take somebody off the list."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/terms/committee.html"
    title = "划去"

    def post(self, request: object, key: str) -> HttpResponse:
        _, committee = committee_for(self.actor, key)
        unseat(self.actor, committee, self.request.POST.get(PERSON, ""))
        tell(self.request, "从名单上划去了。")
        return redirect("term-committee", key=committee.pk)


class Settle(Screen):
    """Say that the list stands, or open it again."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/terms/committee.html"
    title = "定名单"

    def post(self, request: object, key: str) -> HttpResponse:
        _, committee = committee_for(self.actor, key)
        is_ready = self.request.POST.get("ready") == "yes"
        settle(self.actor, committee, is_ready=is_ready)
        tell(self.request, "名单定了。" if is_ready else "名单打开了，可以再改。")
        return redirect("term-committee", key=committee.pk)
