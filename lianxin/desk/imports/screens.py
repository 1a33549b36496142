"""Pages that show imports: the list, handing in a file, its columns, one batch with what is wrong in it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO, cast
from urllib.parse import quote

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI, now, say_day
from lianxin.base.errors import Problems, Refused, Unseen
from lianxin.desk.imports.progress import Progress, progress_of
from lianxin.desk.taking import XLSX, TakeOut
from lianxin.exchange.imports.batches import (
    Handed,
    batch_for,
    columns_of,
    counts,
    previewed,
    rows_in,
    seen_by,
    settle_columns,
    take_in,
)
from lianxin.exchange.imports.installed import KINDS, kind_of
from lianxin.exchange.imports.kinds import Kind
from lianxin.exchange.imports.templates import write_template
from lianxin.exchange.imports.villages import villages_of
from lianxin.exchange.imports.words import IGNORED
from lianxin.exchange.ledgers import import_errors_ledger
from lianxin.exchange.models import Batch, Stage, State
from lianxin.exchange.reading.source import LARGEST_FILE
from lianxin.exchange.sheets import LedgerSheet
from lianxin.net.colleagues import account_names
from lianxin.net.regions import path_name, region_name
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.parts import Cell, Column, Line, Pages, Row, Table
from lianxin.ui.screen import Screen

PAGE = 30
TONES = {
    Stage.APPLIED: "green", Stage.UNDONE: "soft", Stage.DROPPED: "soft", Stage.READY: "yellow", Stage.COLUMNS: "yellow",
    Stage.READING: "blue", Stage.APPLYING: "blue", Stage.UNDOING: "blue",
}  # fmt: skip
WRONG = (State.BAD, State.FAILED, State.KEPT)


def kinds_of(actor: Actor) -> list[Kind]:
    """What she may import at all."""
    return [kind for kind in KINDS.values() if actor.may(kind.verb)]


def kind_for(actor: Actor, code: str) -> Kind:
    """Unseen for no such kind, Forbidden for one she may not write."""
    try:
        kind = kind_of(code)
    except Refused:
        raise Unseen("没有这种导入。") from None
    actor.require(kind.verb)
    return kind


@dataclass(frozen=True, slots=True)
class ImportsPage:
    kinds: tuple[Line, ...]
    table: Table


class Imports(Screen):
    """What she and those below her have taken in, the newest first."""

    needs = Verb.IMPORT
    template = "desk/imports/imports.html"
    title = "导入表格"
    room = "households"

    def get(self, request: object) -> HttpResponse:
        batches = list(seen_by(self.actor).order_by("-id")[:PAGE])
        names = account_names({batch.by for batch in batches})
        kinds = tuple(
            Line(text=f"导入{kind.name}", href=reverse("import-new", args=[kind.code]), note=kind.help, icon="plus")
            for kind in kinds_of(self.actor)
        )
        columns = (
            Column(label="文件", is_key=True),
            Column(label="导入什么"),
            Column(label="到哪一步"),
            Column(label="谁"),
            Column(label="哪天", kind="day"),
        )
        table = Table(
            caption="导入过的表格",
            columns=columns,
            rows=tuple(_line(batch, names.get(batch.by, "命令行")) for batch in batches),
            empty="还没有导入过。从上面选一种，先下载模板看看要哪些列。",
        )
        return self.render(ImportsPage(kinds, table))


def _line(batch: Batch, by: str) -> Row:
    stage = Stage(batch.stage)
    return Row(
        (
            Cell(text=batch.file_name, href=reverse("import", args=[batch.pk])),
            KINDS[batch.kind].name if batch.kind in KINDS else batch.kind,
            Cell(text=stage.label, tone=TONES[stage]),
            f"{by}（{region_name(batch.region)}）",
            say_day(batch.at.astimezone(SHANGHAI).date()),
        )
    )


@dataclass(frozen=True, slots=True)
class NewPage:
    title: str
    help: str
    template: str
    form: Form


class ImportNew(Screen):
    """Hand a table in. It is looked at at once; what cannot be read is said here."""

    needs = Verb.IMPORT
    template = "desk/imports/new.html"
    title = "导入表格"
    room = "households"

    def get(self, request: object, kind: str) -> HttpResponse:
        return self._page(kind_for(self.actor, kind), self._form())

    def post(self, request: object, kind: str) -> HttpResponse:
        found, form = kind_for(self.actor, kind), self._form()
        uploaded = self.request.FILES.get("file")
        try:
            if uploaded is None:
                largest = LARGEST_FILE >> 20
                raise Refused(f"请选一个 .xlsx 或 .csv 文件（最大 {largest} MB）。", field="file")
            handed = Handed(cast(BinaryIO, uploaded.file), uploaded.name or "表格")  # in memory: no second copy of it
            batch = take_in(self.actor, found.code, handed, at=now())
        except (Refused, Problems) as error:
            return self._page(found, form.refuse(error), status=400)
        return redirect("import", key=batch.pk)

    def _form(self) -> Form:
        file = Field(
            name="file",
            label="哪个文件",
            type=FieldType.FILE,
            placeholder=".xlsx,.csv",
            required=True,
            help=".xlsx 或 .csv，最大 64 MB。文件加密保存，读完就删。",
        )
        return Form((file,))

    def _page(self, kind: Kind, form: Form, *, status: int = 200) -> HttpResponse:
        page = NewPage(f"导入{kind.name}", kind.help, reverse("import-template", args=[kind.code]), form)
        return self.render(page, status=status)


class ImportTemplate(Screen):
    """An empty table to fill in."""

    needs = Verb.IMPORT
    template = "ui/refusal.html"
    title = "下载模板"
    http_method_names = ["get"]

    def get(self, request: object, kind: str) -> HttpResponseBase:
        found = kind_for(self.actor, kind)
        file = io.BytesIO()
        write_template(found, file)
        file.seek(0)
        response = FileResponse(file, content_type=XLSX)
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{found.title}（模板）')}.xlsx"
        return response


@dataclass(frozen=True, slots=True)
class ColumnsPage:
    title: str
    batch: Batch
    form: Form


class ImportColumns(Screen):
    """What each column means: recognised by name, and asked where it is not. Remembered for the next time."""

    needs = Verb.IMPORT
    template = "desk/imports/columns.html"
    title = "核对各列"
    room = "households"

    def get(self, request: object, key: str) -> HttpResponse:
        batch = batch_for(self.actor, key)
        if batch.stage != Stage.COLUMNS:
            return redirect("import", key=key)
        return self.render(ColumnsPage(self.title, batch, self._form(batch)))

    def post(self, request: object, key: str) -> HttpResponse:
        batch = batch_for(self.actor, key)
        form = self._form(batch).bind(self.request.POST)
        places = range(len(batch.columns))
        fields = [form.raw(f"column-{place}") if f"column-{place}" in form else "" for place in places]
        village = form.raw("village") if "village" in form else ""
        try:
            settle_columns(self.actor, key, fields, village=village, at=now())
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            return self.render(ColumnsPage(self.title, batch, form.refuse(error)), status=400)
        return redirect("import", key=key)

    def _form(self, batch: Batch) -> Form:
        kind, samples = kind_of(batch.kind), previewed(batch)
        options = tuple(Option(field, label) for field, label in kind.labels().items())
        options = (Option(IGNORED, "不导入这一列"), *options)
        fields = [
            Field(
                name=f"column-{place}",
                label=column.label,
                type=FieldType.CHOICE,
                options=options,
                values=(column.field,) if column.field else (),
                help=f"例如：{'、'.join(found)}" if (found := _samples(samples, place)) else "",
            )
            for place, column in enumerate(columns_of(batch))
            if column.label
        ]
        villages = [Option(row.code, path_name(row.code)) for row in villages_of(self.actor, kind.verb, batch.county)]
        if len(villages) > 1:
            asked = Field(
                name="village",
                label="没写村（社区）的行，都算哪个村",
                type=FieldType.CHOICE,
                options=tuple(villages),
                values=(batch.village,) if batch.village else (),
            )
            fields.append(asked)
        return Form(tuple(fields))


def _samples(rows: list[list[str]], place: int) -> list[str]:
    found = [row[place] for row in rows if place < len(row) and row[place]]
    return list(dict.fromkeys(found))[:3]


@dataclass(frozen=True, slots=True)
class OnePage:
    title: str
    batch: Batch
    stage: Stage
    tone: str
    who: str
    progress: Progress | None
    figures: tuple[tuple[str, int], ...]
    good: int
    asks: int
    errors: Table
    pages: Pages
    preview: Table | None
    may_undo: bool


class OneImport(Screen):
    """One batch: how far it has come, how many rows of which sort, what is wrong in which row and column."""

    needs = Verb.IMPORT
    template = "desk/imports/import.html"
    title = "导入表格"
    room = "households"

    def get(self, request: object, key: str) -> HttpResponse:
        batch = batch_for(self.actor, key)
        stage = Stage(batch.stage)
        if stage == Stage.COLUMNS:
            return redirect("import-columns", key=key)
        found = counts(self.actor, batch)
        errors, pages = self._errors(batch)
        page = OnePage(
            title=batch.file_name,
            batch=batch,
            stage=stage,
            tone=TONES[stage],
            who=account_names({batch.by}).get(batch.by, "命令行"),
            progress=progress_of(batch, found),
            figures=_figures(stage, found),
            good=found[State.GOOD],
            asks=found[State.ASK],
            errors=errors,
            pages=pages,
            preview=_preview(batch) if stage == Stage.READY else None,
            may_undo=stage == Stage.APPLIED and bool(found[State.APPLIED]),
        )
        return self.render(page)

    def _errors(self, batch: Batch) -> tuple[Table, Pages]:
        after = self.request.GET.get("after", "0")
        start = int(after) if after.isdigit() and len(after) < 8 else 0
        rows = list(rows_in(self.actor, batch, WRONG).filter(row__gt=start)[: PAGE + 1])
        lines = tuple(
            Row((Cell(text=f"第 {row.row} 行"), column, message))
            for row in rows[:PAGE]
            for column, message in row.problems or [["", ""]]
        )
        columns = (Column(label="哪一行", is_key=True), Column(label="哪一列"), Column(label="怎么了"))
        table = Table(caption="有错的行", columns=columns, rows=lines, empty="没有有错的行。")
        older = f"?after={rows[PAGE - 1].row}" if len(rows) > PAGE else ""
        return table, Pages(says="按行号排", newer="?" if start else "", older=older)


def _figures(stage: Stage, found: dict[State, int]) -> tuple[tuple[str, int], ...]:
    """What this stage is asked about, in rows."""
    bad = found[State.BAD] + found[State.FAILED]
    told = [("一共", sum(found.values()))]
    if stage in (Stage.READY, Stage.READING, Stage.DROPPED):
        told += [("可以导入", found[State.GOOD])]
    else:
        told += [("已导入", found[State.APPLIED])]
    if stage in (Stage.UNDOING, Stage.UNDONE):
        told += [("已撤销", found[State.UNDONE]), ("没有撤销", found[State.KEPT])]
    told += [("早已在册", found[State.KNOWN])] if found[State.KNOWN] else []
    return (*told, ("有错", bad))


def _preview(batch: Batch) -> Table | None:
    rows = previewed(batch)
    shown = [place for place, column in enumerate(columns_of(batch)) if column.field not in ("", IGNORED)]
    if not rows or not shown:
        return None
    labels = columns_of(batch)
    key = next((place for place in shown if labels[place].field in ("name", "head", "organisation")), shown[0])
    return Table(
        caption="前几行",
        columns=tuple(Column(label=labels[place].label, is_key=place == key) for place in shown),
        rows=tuple(Row(tuple(row[place] if place < len(row) else "" for place in shown)) for row in rows),
    )


class ImportErrors(TakeOut):
    """What is wrong, as a table to mend the file by."""

    needs = Verb.IMPORT
    title = "导出有错的行"

    def sheet(self, actor: Actor) -> LedgerSheet:
        batch = batch_for(self.actor, self.kwargs["key"])
        return import_errors_ledger(self.actor, batch, rows_in(self.actor, batch, WRONG), at=now())
