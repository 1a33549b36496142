"""The yearly look through rights: the list, one of them confirmed or withdrawn, the list as a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import now, say_day, today
from lianxin.base.errors import Problems, Refused
from lianxin.desk.accounts.lists import mendable
from lianxin.desk.accounts.queries import said_appointment
from lianxin.desk.house import place_of
from lianxin.desk.taking import TakeOut
from lianxin.exchange.sheets import Column as SheetColumn
from lianxin.exchange.sheets import Kind, LedgerSheet, say_export
from lianxin.net.actors import known_roles
from lianxin.net.regions import path_name
from lianxin.net.reviews import MONTHS, Right, confirm, right_for, rights, withdraw
from lianxin.ui.forms import Field, Form
from lianxin.ui.notices import tell
from lianxin.ui.parts import Cell, Chip, Column, Crumb, Known, Row, Table
from lianxin.ui.screen import Screen

SHOWN = 200


@dataclass(frozen=True, slots=True)
class ReviewPage:
    table: Table
    chips: tuple[Chip, ...]
    says: str
    export: str


class Review(Screen):
    """All rights in force, the longest unseen first."""

    needs = Verb.RIGHTS_REVIEW
    template = "desk/accounts/review.html"
    title = "权限复核"
    room = "users"

    def get(self, request: object) -> HttpResponse:
        every, day = rights(self.actor, today=today()), today()
        late = tuple(right for right in every if right.is_overdue(day))
        is_all = self.request.GET.get("all") == "1"
        shown = every if is_all else late
        page = ReviewPage(
            table=_table(shown[:SHOWN]),
            chips=(
                Chip(label="该复核的", href=reverse("review"), is_on=not is_all, count=len(late)),
                Chip(label="全部", href=reverse("review") + "?all=1", is_on=is_all, count=len(every)),
            ),
            says=f"先看最久没有复核的 {SHOWN} 个，办一个少一个。" if len(shown) > SHOWN else "",
            export=reverse("review-export") if self.actor.may_take_out(Verb.RIGHTS_REVIEW) else "",
        )
        return self.render(page)


def _table(shown: Sequence[Right]) -> Table:
    return Table(
        caption="权限",
        columns=(
            Column(label="谁", is_key=True),
            Column(label="岗位"),
            Column(label="从哪天", kind="day"),
            Column(label="上次复核"),
            Column(label="现在"),
        ),
        rows=tuple(Row(_cells(right)) for right in shown),
        empty="都复核过了，一年之内不用再看。",
    )


def _cells(right: Right) -> tuple[Cell | str, ...]:
    row = right.appointment
    return (
        Cell(text=row.account.name, note=row.account.username, href=reverse("review-one", args=[row.pk])),
        said_appointment(row.role, row.region),
        say_day(row.starts),
        say_day(right.seen_on) if right.seen_on else "授予以后没有过",
        _state(right),
    )


def _state(right: Right) -> Cell:
    if right.is_overdue(today()):
        return Cell(text="该复核了", note=f"{say_day(right.due_on)}到期", tone="yellow")
    return Cell(text="复核过", note=f"{say_day(right.due_on)}前再看", tone="green")


@dataclass(frozen=True, slots=True)
class OnePage:
    title: str
    facts: tuple[Known, ...]
    form: Form
    crumbs: tuple[Crumb, ...]


class ReviewOne(Screen):
    """Does she still need it?"""

    needs = Verb.RIGHTS_REVIEW
    template = "desk/accounts/review_one.html"
    title = "复核一个岗位"
    room = "users"

    def get(self, request: object, key: str) -> HttpResponse:
        return self._page(right_for(self.actor, key, today=today()), _form())

    def post(self, request: object, key: str) -> HttpResponse:
        right, form = right_for(self.actor, key, today=today()), _form().bind(self.request.POST)
        name = right.appointment.account.name
        try:
            if self.request.POST.get("act") == "withdraw":
                withdraw(self.actor, right, because=form.raw("because"), today=today())
                tell(self.request, f"{name}的这个岗位收回了，今天起就没有了。")
            else:
                confirm(self.actor, right)
                tell(self.request, f"{name}的这个岗位复核过了，{MONTHS} 个月内不用再看。")
        except (Refused, Problems) as error:
            return self._page(right, form.refuse(mendable(error)), status=400)
        return redirect("review")

    def _page(self, right: Right, form: Form, *, status: int = 200) -> HttpResponse:
        row = right.appointment
        role = known_roles().get(row.role)
        told = (
            ("岗位", said_appointment(row.role, row.region)),
            ("能做什么", role.description if role else "这个岗位现在没有了，什么也办不了"),
            ("从哪天", say_day(row.starts) + (f"，到{say_day(row.ends)}止" if row.ends else "")),
            ("依据", row.because),
            ("上次登录", say_day(row.account.last_login.date()) if row.account.last_login else "从来没有"),
            ("上次复核", say_day(right.seen_on) if right.seen_on else "授予以后没有过"),
        )
        facts = tuple(Known(label, text) for label, text in told if text)
        crumbs = (Crumb("权限复核", reverse("review")), Crumb(row.account.name))
        return self.render(OnePage(f"{row.account.name}还要这个岗位吗", facts, form, crumbs), status=status)


def _form() -> Form:
    help_ = "确认的不用填；收回的请写一句。"
    return Form((Field(name="because", label="为什么收回", limit=200, placeholder="例如 已调离", help=help_),))


class ReviewExport(TakeOut):
    """The list as a ledger, to be signed and kept."""

    needs = Verb.RIGHTS_REVIEW
    title = "权限复核台账"

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.RIGHTS_REVIEW)
        known, day = known_roles(), today()
        columns = (
            SheetColumn("姓名", Kind.NAME),
            SheetColumn("账号", Kind.CODE),
            SheetColumn("岗位"),
            SheetColumn("在哪里", Kind.LONG),
            SheetColumn("从哪天", Kind.DAY),
            SheetColumn("上次复核", Kind.DAY),
            SheetColumn("该在哪天前复核", Kind.DAY),
            SheetColumn("现在"),
        )
        rows = (
            (
                right.appointment.account.name,
                right.appointment.account.username,
                known[right.appointment.role].name if right.appointment.role in known else right.appointment.role,
                path_name(right.appointment.region),
                right.appointment.starts,
                right.seen_on,
                right.due_on,
                "该复核了" if right.is_overdue(day) else "复核过",
            )
            for right in rights(actor, today=day)
        )
        says = say_export(what=self.title, where=place_of(self.actor), period="", by=self.actor.name, at=now())
        return LedgerSheet(self.title, says, columns, rows, is_numbered=True)
