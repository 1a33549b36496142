"""What is done with a batch: worked on piece by piece, applied, dropped, decided, taken back. Each is a POST."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.verbs import Verb
from lianxin.base.days import now, say_day, today
from lianxin.base.errors import Problems, Refused, Unseen
from lianxin.desk.imports.progress import Progress, progress_of
from lianxin.exchange.imports.applying import begin, begin_undo, work_on
from lianxin.exchange.imports.batches import batch_for, counts, decide, drop, rows_in
from lianxin.exchange.imports.installed import kind_of
from lianxin.exchange.imports.rows import shown
from lianxin.exchange.models import Stage, State
from lianxin.register.queries import person_cards
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.screen import Screen

READING, WORKING = 6.0, 2.0  # seconds of one POST
ASKED = 20  # rows decided on one page


class Act(Screen, abstract=True):
    """A button on the batch's page; opened by itself it leads back there."""

    needs = Verb.IMPORT
    template = "desk/imports/import.html"
    title = "导入表格"
    room = "households"

    def get(self, request: object, key: str) -> HttpResponse:
        batch_for(self.actor, key)
        return redirect("import", key=key)


@dataclass(frozen=True, slots=True)
class WorkPage:
    progress: Progress


class ImportWork(Act):
    """A piece of the work, then how far it has come. htmx asks for the next one; without scripts a button does."""

    fragments = {"progress": "desk/imports/_progress.html"}

    def post(self, request: object, key: str) -> HttpResponse:
        batch = batch_for(self.actor, key)
        seconds = READING if batch.stage == Stage.READING else WORKING
        try:
            batch = work_on(self.actor, key, seconds=seconds, at=now())
        except Unseen:
            raise
        except Refused as error:
            tell(self.request, error.message, level=40)
            return self._back(key)
        progress = progress_of(batch, counts(self.actor, batch))
        if progress is None or not self.request.htmx:
            return self._back(key)
        return self.render(WorkPage(progress))

    def _back(self, key: str) -> HttpResponse:
        there = reverse("import", args=[key])
        return HttpResponse(headers={"HX-Redirect": there}) if self.request.htmx else redirect(there)


class ImportApply(Act):
    """From here on what is good goes into the books."""

    def post(self, request: object, key: str) -> HttpResponse:
        begin(self.actor, key, at=now())
        batch = work_on(self.actor, key, seconds=WORKING, at=now())
        if batch.stage == Stage.APPLIED:
            found = counts(self.actor, batch)
            tell(self.request, f"导入好了：{found[State.APPLIED]:,} 行。", undo="")
        return redirect("import", key=key)


class ImportDrop(Act):
    """Nothing of it is wanted; its rows and its file go."""

    def post(self, request: object, key: str) -> HttpResponse:
        drop(self.actor, batch_for(self.actor, key), at=now())
        tell(self.request, "已丢弃，什么也没有导入。")
        return redirect("imports")


@dataclass(frozen=True, slots=True)
class DecidePage:
    title: str
    key: str
    form: Form
    many: int


class ImportDecide(Screen):
    """Rows that may name somebody who stands in the register already: the same, or somebody else."""

    needs = Verb.IMPORT
    template = "desk/imports/decide.html"
    title = "可能已在册的人"
    room = "households"

    def get(self, request: object, key: str) -> HttpResponse:
        form, many = self._form(key)
        return self.render(DecidePage(self.title, key, form, many))

    def post(self, request: object, key: str) -> HttpResponse:
        form, _ = self._form(key)
        form = form.bind(self.request.POST)
        answers = {
            int(field.name.removeprefix("row-")): field.value == "same"
            for field in form.fields
            if field.value in ("same", "other")
        }
        if not answers:
            return self.render(
                DecidePage(self.title, key, form.refuse(Refused("请至少定一行。")), len(form.fields)), status=400
            )
        batch = batch_for(self.actor, key)
        many = decide(self.actor, batch, answers, at=now())
        tell(self.request, f"定了 {many} 行。")
        return redirect("import", key=key)

    def _form(self, key: str) -> tuple[Form, int]:
        batch = batch_for(self.actor, key)
        asked = rows_in(self.actor, batch, [State.ASK])
        rows = list(asked[:ASKED])
        cards = person_cards(self.actor, [row.found for row in rows], on=today())
        options = (Option("same", "就是她，不用再登"), Option("other", "是另一个人，另外登"))
        fields = []
        for row in rows:
            card = cards.get(row.found)
            born = f"，{say_day(card.birth)}出生" if card and card.birth else ""
            there = f"册子里：{card.name}{born}{'，电话 ' + card.phone if card.phone else ''}" if card else ""
            fields.append(
                Field(
                    name=f"row-{row.row}",
                    label=f"第 {row.row} 行：{shown(row)}",
                    type=FieldType.CHOICE,
                    options=options,
                    help=there or "册子里有这个人。",
                )
            )
        return Form(tuple(fields)), asked.count()


@dataclass(frozen=True, slots=True)
class UndoPage:
    title: str
    key: str
    about: str
    form: Form


class ImportUndo(Screen):
    """The whole batch taken back, for a reason that is kept."""

    needs = Verb.IMPORT
    template = "desk/imports/undo.html"
    title = "整批撤销"
    room = "households"

    def get(self, request: object, key: str) -> HttpResponse:
        return self._page(key, self._form())

    def post(self, request: object, key: str) -> HttpResponse:
        form = self._form().bind(self.request.POST)
        try:
            begin_undo(self.actor, key, because=form.raw("because"), at=now())
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            return self._page(key, form.refuse(error), status=400)
        work_on(self.actor, key, seconds=WORKING, at=now())
        return redirect("import", key=key)

    def _form(self) -> Form:
        reason = Field(
            name="because", label="为什么撤销", required=True, limit=200, help="例如：传错了文件。会留下记录。"
        )
        return Form((reason,))

    def _page(self, key: str, form: Form, *, status: int = 200) -> HttpResponse:
        batch = batch_for(self.actor, key)
        about = f"{batch.file_name}（{kind_of(batch.kind).name}）"
        return self.render(UndoPage(self.title, key, about, form), status=status)
