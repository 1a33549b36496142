"""What another body was asked: its own list, its answer. It sees the paragraph meant for it, nothing of the case."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.verbs import Verb
from lianxin.base.days import now, say_day, today
from lianxin.base.errors import Problems, Refused, Unseen
from lianxin.kinds.cases import actions, queries
from lianxin.kinds.cases.models import Referral
from lianxin.kinds.cases.steps import Answer
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.parts import Cell, Column, Row, Table
from lianxin.ui.screen import Screen

_ANSWERS = (Answer.ACCEPTED, Answer.REJECTED, Answer.DONE)
_FORM = Form(
    (
        Field(
            name="answer",
            label="怎么答复",
            type=FieldType.CHOICE,
            options=tuple(Option(each.value, each.label) for each in _ANSWERS),
            required=True,
        ),
        Field(name="note", label="办得怎样，或者为什么退回", type=FieldType.NOTE),
    )
)


@dataclass(frozen=True, slots=True)
class ReferredPage:
    table: Table


class Referred(Screen):
    """请我们办的: newest first; what waits for an answer says by when."""

    needs = Verb.REFERRAL_ANSWER
    template = "cases/referred.html"
    title = "请我们办的"
    room = "referred"

    def get(self, request: object) -> HttpResponse:
        rows = queries.referrals_to(self.actor)
        table = Table(
            caption=self.title,
            columns=(
                Column(label="请办什么", is_key=True),
                Column(label="哪天请的", kind="day"),
                Column(label="哪天以前", kind="day"),
                Column(label="办到哪里"),
            ),
            rows=tuple(_row(each) for each in rows),
            empty="没有请您这边办的事。",
        )
        return self.render(ReferredPage(table))


def _row(asked: Referral) -> Row:
    is_late = not asked.answer and asked.until < today()
    state = Answer(asked.answer).label if asked.answer else "超期未答复" if is_late else "等您答复"
    tone = "red" if is_late else "green" if asked.answer == Answer.DONE else "" if asked.answer else "yellow"
    return Row(
        (
            Cell(text=asked.asked[:80], href=reverse("referral-answer", args=[asked.line]), note=_called(asked)),
            say_day(asked.sent_on),
            say_day(asked.until),
            Cell(text=state, tone=tone),
        )
    )


def _called(asked: Referral) -> str:
    return "吹哨" if asked.is_whistle else "转介"


@dataclass(frozen=True, slots=True)
class AnswerPage:
    title: str
    asked: str
    until: str
    form: Form | None


class AnswerReferral(Screen):
    """Accepted, sent back, done: with a line of how."""

    needs = Verb.REFERRAL_ANSWER
    template = "cases/referral.html"
    title = "答复"
    room = "referred"

    def get(self, request: object, line: str) -> HttpResponse:
        return self._page(line, _FORM)

    def post(self, request: object, line: str) -> HttpResponse:
        form = _FORM.bind(self.request.POST)
        try:
            answer = form.chosen("answer")
            if not answer:
                raise Refused("请选怎么答复。", field="answer")
            actions.answer_referral(self.actor, line=line.upper(), answer=answer, note=form.raw("note"), at=now())
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            return self._page(line, form.refuse(error), status=400)
        tell(self.request, "答复过去了。")
        return redirect("referred")

    def _page(self, line: str, form: Form, *, status: int = 200) -> HttpResponse:
        asked = next(iter(queries.referrals_to(self.actor, line=line.upper())), None)
        if asked is None:
            raise Unseen("没有请您办的这一件。")
        is_over = asked.answer in (Answer.REJECTED, Answer.DONE, Answer.REVOKED)
        page = AnswerPage(_called(asked), asked.asked, say_day(asked.until), None if is_over else form)
        return self.render(page, status=status)
