"""Requests for protected lists: one's own and how they stand, and those that wait for one's word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI, now
from lianxin.base.errors import Forbidden, Problems, Refused, Unseen
from lianxin.exchange.models import Taking, TakingState
from lianxin.exchange.taking import decide, may_decide, taking_for, takings_of
from lianxin.net.colleagues import account_names
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.parts import Cell, Column, Crumb, Known, Row, Table
from lianxin.ui.screen import Screen

_TONES = {TakingState.ASKED: "yellow", TakingState.GRANTED: "green", TakingState.REFUSED: "soft", TakingState.TAKEN: ""}


@dataclass(frozen=True, slots=True)
class TakingsPage:
    table: Table


class Takings(Screen):
    """Her own requests with the way to the file, and those she may decide, the latest first."""

    needs = Verb.EXPORT
    template = "desk/taking/takings.html"
    title = "受保护名册的导出"
    room = "households"

    def get(self, request: object) -> HttpResponse:
        rows = takings_of(self.actor)
        names = account_names({row.asked_by for row in rows} | {row.decided_by for row in rows})
        table = Table(
            caption="受保护名册的导出",
            columns=(
                Column(label="哪份台账", is_key=True),
                Column(label="谁要"),
                Column(label="什么时候"),
                Column(label="为什么", kind="voice"),
                Column(label="办到哪一步"),
            ),
            rows=tuple(_row(self.actor, row, names) for row in rows),
            empty="没有申请。要导出儿童等受保护的名册时，在名册页面点“导出表格”，写明为什么，等另一位批准。",
        )
        return self.render(TakingsPage(table))


def _row(actor: Actor, row: Taking, names: dict[str, str]) -> Row:
    is_over = row.until <= now() and row.state in (TakingState.ASKED, TakingState.GRANTED)
    word = "过期了" if is_over else TakingState(row.state).label
    note = f"{names.get(row.decided_by, '')}办的" if row.decided_by else ""
    return Row(
        (
            Cell(text=row.title, href="" if is_over else _href(actor, row)),
            names.get(row.asked_by, "已注销的账号"),
            f"{row.asked_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
            row.why.reveal(),
            Cell(text=word, note=note, tone="soft" if is_over else _TONES[TakingState(row.state)]),
        )
    )


def _href(actor: Actor, row: Taking) -> str:
    """To the file for who asked, to the decision for who may decide."""
    if row.state == TakingState.ASKED and may_decide(actor, row):
        return reverse("taking-decide", args=[row.pk])
    return row.path.reveal() if row.state == TakingState.GRANTED and row.asked_by == actor.account else ""


@dataclass(frozen=True, slots=True)
class DecidePage:
    title: str
    facts: tuple[Known, ...]
    form: Form
    crumbs: tuple[Crumb, ...]


def _form() -> Form:
    options = (Option("yes", "批准", "24 小时内可以导出一次"), Option("no", "不批准"))
    return Form((Field(name="word", label="您的意见", type=FieldType.CHOICE, options=options, required=True),))


class DecideTaking(Screen):
    """Somebody else's request: yes or no, once."""

    needs = Verb.EXPORT
    template = "desk/taking/decide.html"
    title = "批准导出"
    room = "households"

    def get(self, request: object, key: str) -> HttpResponse:
        return self._page(key, _form())

    def post(self, request: object, key: str) -> HttpResponse:
        form = _form().bind(self.request.POST)
        try:
            word = form.chosen("word")
            if not word:
                raise Refused("请选批准还是不批准。", field="word")
            decide(self.actor, key, grant=word == "yes", at=now())
        except (Refused, Problems) as error:
            if isinstance(error, Forbidden | Unseen):
                raise
            return self._page(key, form.refuse(error), status=400)
        tell(self.request, "已批准。" if word == "yes" else "没有批准，已告诉她。")
        return redirect("takings")

    def _page(self, key: str, form: Form, **more: Any) -> HttpResponse:
        row = taking_for(self.actor, key)
        if not may_decide(self.actor, row):
            raise Forbidden("自己的申请要由另一位来批准。")
        name = account_names([row.asked_by]).get(row.asked_by, "")
        facts = (
            Known("谁要", name),
            Known("什么时候", f"{row.asked_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"),
            Known("为什么", row.why.reveal()),
        )
        crumbs = (Crumb(Takings.title, reverse("takings")), Crumb("批准"))
        return self.render(DecidePage(f"{name}要导出{row.title}", facts, form, crumbs), **more)
