"""Documents of a case: which have been made out, making one out, and one as .docx or .html."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import content_disposition_header

from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI, now, say_day
from lianxin.base.errors import Problems, Refused, Unseen
from lianxin.catalog.documents import READERS, TemplateSpec
from lianxin.kinds.cases import queries
from lianxin.kinds.cases.documents import Paper
from lianxin.kinds.cases.documents_issue import issue, issued_of, paper_of, template_for, templates_for
from lianxin.kinds.cases.models import Case
from lianxin.kinds.cases.screens_one import case_for
from lianxin.kinds.cases.values import CaseValues
from lianxin.net.colleagues import account_names
from lianxin.official.document import Heading, plain_text
from lianxin.official.word import write_official
from lianxin.records.watched import note_view
from lianxin.ui.forms import FieldType, Form, field_of
from lianxin.ui.notices import tell
from lianxin.ui.parts import Cell, Column, Row, Table
from lianxin.ui.screen import Screen

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_COLUMNS = (
    Column(label="文书", is_key=True),
    Column(label="编号"),
    Column(label="哪天", kind="day"),
    Column(label="谁出具"),
    Column(label="打印"),
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A heading with its number, or a paragraph, as the file of one page prints it."""

    anchor: str
    text: str
    is_heading: bool

    @property
    def pieces(self) -> tuple[Printed, ...]:
        return (self,)


@dataclass(frozen=True, slots=True)
class PapersPage:
    title: str
    gist: str
    back: str
    table: Table
    sorts: Table | None


@dataclass(frozen=True, slots=True)
class MakePage:
    title: str
    gist: str
    form: Form
    back: str
    base: int
    submit: str = "出具"


class Papers(Screen):
    """What was made out from a case, and what can be."""

    needs = Verb.CASE_READ
    template = "cases/papers.html"
    title = "文书"
    room = "cases"

    def get(self, request: object, key: str) -> HttpResponse:
        row, values = case_for(self.actor, key)
        may = bool(self.actor.may(Verb.CASE_WORK)) and not row.is_void
        sorts = templates_for(values, queries.spec_of(row)) if may else ()
        page = PapersPage(
            title=f"个案 {row.number} 的文书",
            gist="出具以后不再改动；写错了就再出一份。对方可能看到的，不印她的住处和安全的电话。",
            back=reverse("case", args=[row.key]),
            table=_table(self.actor, row.key),
            sorts=_sorts(row.key, sorts) if sorts else None,
        )
        return self.render(page)


def _table(actor: Any, key: str) -> Table:
    rows = issued_of(actor, key)
    names = account_names(row.by for row in rows)
    return Table(
        caption="出具过的文书",
        columns=_COLUMNS,
        rows=tuple(
            Row(
                (
                    Cell(text=row.name, href=reverse("case-paper", args=[key, row.no, "html"])),
                    row.number,
                    say_day(row.at.astimezone(SHANGHAI).date()),
                    names.get(row.by, ""),
                    Cell(text="Word", href=reverse("case-paper", args=[key, row.no, "docx"])),
                )
            )
            for row in rows
        ),
        empty="还没有出具过文书。",
    )


def _sorts(key: str, sorts: Sequence[TemplateSpec]) -> Table:
    return Table(
        caption="可以出具的文书",
        columns=(Column(label="文书", is_key=True), Column(label="给谁")),
        rows=tuple(
            Row((Cell(text=each.name, href=reverse("case-paper-new", args=[key, each.code])), _readers(each)))
            for each in sorts
        ),
    )


def _readers(template: TemplateSpec) -> str:
    return f"给{'、'.join(READERS[each] for each in template.goes_to)}"


class MakePaper(Screen):
    """The questions of one template; what cannot be printed is refused with the reason, and nothing typed is lost."""

    needs = Verb.CASE_WORK
    template = "cases/step.html"
    title = "出具文书"
    room = "cases"

    def get(self, request: object, key: str, code: str) -> HttpResponse:
        row, _, template = self._found(key, code)
        return self._page(row, template, _form(template))

    def post(self, request: object, key: str, code: str) -> HttpResponse:
        row, values, template = self._found(key, code)
        form = _form(template).bind(self.request.POST)
        try:
            issued = issue(self.actor, row, values, template, _raw(form), at=now())
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            return self._page(row, template, form.refuse(error), status=400)
        tell(self.request, f"出具好了：{issued.number}。打印出来签名。")
        return redirect("case-papers", key=row.key)

    def _found(self, key: str, code: str) -> tuple[Case, CaseValues, TemplateSpec]:
        row, values = case_for(self.actor, key)
        if row.is_void:
            raise Unseen("这件个案已经撤回。")
        return row, values, template_for(values, queries.spec_of(row), code)

    def _page(self, row: Case, template: TemplateSpec, form: Form, *, status: int = 200) -> HttpResponse:
        gist = f"{_readers(template)}。{template.source}。"
        page = MakePage(template.name, gist, form, reverse("case-papers", args=[row.key]), row.revision)
        return self.render(page, status=status)


def _form(template: TemplateSpec) -> Form:
    return Form(tuple(field_of(ask) for ask in template.asks))


def _raw(form: Form) -> dict[str, Any]:
    return {
        field.name: form.raws(field.name) if field.type is FieldType.CHOICES else form.raw(field.name)
        for field in form.fields
    }


class PaperFile(Screen):
    """One document as it was made out, to be printed: .docx, or .html that needs nothing beside it."""

    needs = Verb.CASE_READ
    template = "ui/paper.html"
    title = "文书"
    room = "cases"

    def get(self, request: object, key: str, no: int, suffix: str) -> HttpResponse:
        row, _ = case_for(self.actor, key)
        paper = paper_of(self.actor, key, no)
        note_view(self.actor, "paper", row.key, region=row.region, seal=row.seal, at=now())
        if suffix == "html":
            response = HttpResponse(html_of(paper))
        elif suffix == "docx":
            response = HttpResponse(docx_of(paper), content_type=DOCX)
        else:
            raise Unseen("没有这种格式，可以打印 Word 或者网页。")
        # Saved under the number alone: a list of downloads on a shared computer tells nothing.
        name = content_disposition_header(as_attachment=True, filename=f"{paper.number}.{suffix}")
        response["Content-Disposition"] = name or "attachment"
        return response


def docx_of(paper: Paper) -> bytes:
    file = io.BytesIO()
    write_official(paper.document, file)
    return file.getvalue()


def html_of(paper: Paper) -> str:
    blocks = tuple(
        Printed(f"s{place}", number + plain_text(block.runs), isinstance(block, Heading))
        for place, (number, block) in enumerate(paper.document.numbered(), 1)
    )
    return render_to_string("ui/paper.html", {"title": paper.title, "blocks": blocks, "footer": paper.said_digest})
