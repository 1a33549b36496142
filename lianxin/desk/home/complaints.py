"""Pages of 意见与投诉: write one, see one's own, come back by a receipt; read and answer for those who answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control

from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI, now, say_day
from lianxin.base.errors import Problems, Refused, Unseen
from lianxin.base.ids import new_id
from lianxin.desk.nearby import say_short
from lianxin.net.colleagues import account_names
from lianxin.outreach.complaints import (
    LIMIT,
    ComplaintDraft,
    answer_complaint,
    complaint_by_receipt,
    complaints_seen_by,
    own_complaints,
    submit_complaint,
)
from lianxin.outreach.models import Complaint, ComplaintKind, ComplaintState
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.parts import Cell, Chip, Column, Crumb, Event, Row, Table
from lianxin.ui.screen import Screen

SHOWN = 50
BEGUN = 40  # characters of a complaint in a list


@dataclass(frozen=True, slots=True)
class ComplaintsPage:
    own: Table
    inbox: Table | None
    states: tuple[Chip, ...]


class Complaints(Screen):
    """What she handed in and what was answered; for those who answer, what came in from their county."""

    needs = Verb.COMPLAINT_WRITE
    template = "desk/home/complaints.html"
    title = "意见与投诉"
    room = "complaints"

    def get(self, request: object) -> HttpResponse:
        state = self.request.GET.get("state", "")
        chosen = ComplaintState(state) if state in ComplaintState.values else None
        inbox = None
        if self.actor.may(Verb.COMPLAINT_READ):
            inbox = _table(list(complaints_seen_by(self.actor, state=chosen)[:SHOWN]), "没有这样的意见。")
        page = ComplaintsPage(
            own=_table(list(own_complaints(self.actor)[:SHOWN]), "您还没有署名提过意见。"),
            inbox=inbox,
            states=tuple(_chip(each, chosen) for each in ComplaintState),
        )
        return self.render(page)


def _chip(state: ComplaintState, chosen: ComplaintState | None) -> Chip:
    is_on = state is chosen
    return Chip(label=state.label, href="?" if is_on else f"?state={state.value}", is_on=is_on)


def _table(rows: Sequence[Complaint], empty: str) -> Table:
    return Table(
        caption="意见与投诉",
        columns=(
            Column(label="说了什么", is_key=True),
            Column(label="类别"),
            Column(label="哪天", kind="day"),
            Column(label="状态"),
        ),
        rows=tuple(_row(row) for row in rows),
        empty=empty,
    )


def _row(row: Complaint) -> Row:
    begun = row.text[:BEGUN] + ("…" if len(row.text) > BEGUN else "")
    is_answered = row.state == ComplaintState.ANSWERED
    return Row(
        (
            Cell(text=begun, href=reverse("complaint", args=[row.pk])),
            ComplaintKind(row.kind).label,
            say_day(row.created_at.astimezone(SHANGHAI).date()),
            Cell(text=ComplaintState(row.state).label, tone="green" if is_answered else "yellow"),
        )
    )


@dataclass(frozen=True, slots=True)
class NewComplaintPage:
    title: str
    form: Form
    crumbs: tuple[Crumb, ...]
    receipt: str = ""


class NewComplaint(Screen):
    """Writing one, with her name or without. Whoever stays anonymous gets a receipt, shown once."""

    needs = Verb.COMPLAINT_WRITE
    template = "desk/home/complaint_new.html"
    title = "提意见"
    room = "complaints"

    def get(self, request: object) -> HttpResponse:
        return self._page(_form(key=new_id(), page=self.request.GET.get("from", "")))

    def post(self, request: object) -> HttpResponse:
        form = _form(key="", page="").bind(self.request.POST)
        is_anonymous = form.raw("whose") == "anonymous"
        draft = ComplaintDraft(form.raw("id"), form.raw("kind"), form.raw("text"), form.raw("page"), is_anonymous)
        try:
            key = submit_complaint(self.actor, draft, now=now())
        except (Refused, Problems) as error:
            return self._page(form.refuse(error), status=400)
        if is_anonymous:
            response = self._page(form, receipt=key)
            patch_cache_control(response, no_store=True)
            return response
        tell(self.request, "收到了，谢谢您。答复会出现在这里。")
        return redirect("complaint", key=key)

    def _page(self, form: Form, *, receipt: str = "", status: int = 200) -> HttpResponse:
        crumbs = (Crumb("意见与投诉", reverse("complaints")), Crumb(self.title))
        return self.render(
            NewComplaintPage("收到了，谢谢您" if receipt else self.title, form, crumbs, receipt), status=status
        )


def _form(*, key: str, page: str) -> Form:
    kinds = tuple(Option(kind.value, kind.label) for kind in ComplaintKind)
    whose = (Option("named", "署名，好让人回我"), Option("anonymous", "匿名"))
    return Form(
        (
            Field(name="kind", label="是哪一类", type=FieldType.CHOICE, options=kinds, required=True),
            Field(
                name="text",
                label="想说什么",
                type=FieldType.NOTE,
                required=True,
                limit=LIMIT,
                help="在哪一页、想做什么、结果怎样。别写群众的姓名、电话和身份证号。",
            ),
            Field(
                name="whose",
                label="署名还是匿名",
                type=FieldType.CHOICE,
                options=whose,
                values=("named",),
                help="匿名的不记是谁提的，只给您一个回执编号，凭它来看答复。",
            ),
            Field(name="id", label="", type=FieldType.HIDDEN, values=(key,)),
            Field(name="page", label="", type=FieldType.HIDDEN, values=(page,)),
        )
    )


@dataclass(frozen=True, slots=True)
class Told:
    """One complaint and what became of it."""

    complaint: Complaint
    kind: str
    by: str
    events: tuple[Event, ...]


def _told(complaint: Complaint, *, today: dt.date) -> Told:
    names = account_names([complaint.account, complaint.answered_by])
    by = names.get(complaint.account, "已离开的同事") if complaint.account else "匿名"
    asked = Event(day=_said_day(complaint.created_at, today), title="提出", text=complaint.text, by=by)
    if complaint.answered_at is None:
        then = Event(day="", title="等着答复", state="next")
    else:
        answerer = names.get(complaint.answered_by, "管理员")
        day = _said_day(complaint.answered_at, today)
        then = Event(day=day, title="答复", text=complaint.answer, by=answerer)
    return Told(complaint, ComplaintKind(complaint.kind).label, by, (asked, then))


def _said_day(moment: dt.datetime, today: dt.date) -> str:
    return say_short(moment.astimezone(SHANGHAI).date(), today)


@dataclass(frozen=True, slots=True)
class ComplaintPage:
    told: Told
    crumbs: tuple[Crumb, ...]
    form: Form | None


class OneComplaint(Screen):
    """One complaint with its answer: for whoever signed it, and for those who answer in its county."""

    needs = Verb.COMPLAINT_WRITE
    template = "desk/home/complaint.html"
    title = "一条意见"
    room = "complaints"

    def get(self, request: object, key: str) -> HttpResponse:
        complaint = self._found(key)
        return self._page(complaint, _answer_form(complaint))

    def post(self, request: object, key: str) -> HttpResponse:
        self.actor.require(Verb.COMPLAINT_READ)
        complaint = self._found(key)
        form = _answer_form(complaint).bind(self.request.POST)
        try:
            answer_complaint(self.actor, key, answer=form.raw("answer"), now=now())
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            return self._page(complaint, form.refuse(error), status=400)
        tell(self.request, "答复好了，提的人看得到。")
        return redirect("complaint", key=key)

    def _found(self, key: str) -> Complaint:
        found = complaints_seen_by(self.actor).filter(pk=key).first()
        found = found or own_complaints(self.actor).filter(pk=key).first()
        if found is None:
            raise Unseen("没有这条意见，或者它不归您看。匿名提的，请凭回执编号来看。")
        return found

    def _page(self, complaint: Complaint, form: Form, *, status: int = 200) -> HttpResponse:
        crumbs = (Crumb("意见与投诉", reverse("complaints")), Crumb("一条意见"))
        may_answer = self.actor.may(Verb.COMPLAINT_READ, region=complaint.region)
        return self.render(
            ComplaintPage(_told(complaint, today=now().date()), crumbs, form if may_answer else None), status=status
        )


def _answer_form(complaint: Complaint) -> Form:
    answered = (complaint.answer,) if complaint.answer else ()
    label = "改答复" if answered else "答复"
    return Form((Field(name="answer", label=label, type=FieldType.NOTE, values=answered, required=True, limit=LIMIT),))


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    form: Form
    crumbs: tuple[Crumb, ...]
    told: Told | None = None


class ByReceipt(Screen):
    """The way back for whoever stayed anonymous. Sent by POST: in an address the receipt would stay behind in logs."""

    needs = Verb.COMPLAINT_WRITE
    template = "desk/home/complaint_receipt.html"
    title = "凭回执看答复"
    room = "complaints"

    def get(self, request: object) -> HttpResponse:
        return self._page(_receipt_form())

    def post(self, request: object) -> HttpResponse:
        form = _receipt_form().bind(self.request.POST)
        try:
            complaint = complaint_by_receipt(self.actor, form.raw("receipt"))
            if complaint.account:
                raise Unseen("这一条是署名提的，请在自己的意见里看。")
        except Refused as error:
            return self._page(form.refuse(Refused(error.message, field="receipt")), status=404)
        return self._page(form, told=_told(complaint, today=now().date()))

    def _page(self, form: Form, *, told: Told | None = None, status: int = 200) -> HttpResponse:
        crumbs = (Crumb("意见与投诉", reverse("complaints")), Crumb(self.title))
        response = self.render(ReceiptPage(form, crumbs, told), status=status)
        patch_cache_control(response, no_store=True)
        return response


def _receipt_form() -> Form:
    help_words = "提意见的那一页给过一串编号，26 个字母和数字。"
    return Form((Field(name="receipt", label="回执编号", required=True, limit=40, help=help_words),))
