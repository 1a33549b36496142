"""Breaking the glass: by the number that somebody says on the phone; and the supervisor's “I have seen it”."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.verbs import Verb
from lianxin.base.days import now
from lianxin.base.errors import Problems, Refused
from lianxin.kinds.cases import queries
from lianxin.kinds.cases.actions import KIND
from lianxin.records.glass import break_glass, note_seen, openings_to_see
from lianxin.ui.forms import Field, FieldType, Form
from lianxin.ui.notices import tell
from lianxin.ui.screen import Screen

_FORM = Form(
    (
        Field(name="number", label="个案编号", limit=16, required=True, placeholder="2021-K7Q4XW2M"),
        Field(
            name="because",
            label="为什么现在要看",
            type=FieldType.NOTE,
            required=True,
            limit=500,
            help="主管马上看到是谁、什么时候、为什么。",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class GlassPage:
    title: str
    gist: str
    form: Form
    back: str
    base: int = 0
    submit: str = "打开三小时"
    proposal: None = None
    may_propose: bool = False


class BreakGlass(Screen):
    """Three hours' sight of one case, for a written reason."""

    needs = Verb.CASE_BREAK_GLASS
    template = "cases/step.html"
    title = "应急查看"
    room = "cases"

    def get(self, request: object) -> HttpResponse:
        return self._page(_FORM)

    def post(self, request: object) -> HttpResponse:
        form = _FORM.bind(self.request.POST)
        row = queries.by_number(form.raw("number"))
        try:
            opening = break_glass(self.actor, KIND, row, because=form.raw("because"), at=now())
        except (Refused, Problems) as error:
            told = error if isinstance(error, Problems) or error.field else Refused(error.message, field="number")
            return self._page(form.refuse(told), status=400)
        tell(self.request, "打开了，三小时后自动关上。主管已经看到。")
        return redirect("case", key=opening.record)

    def _page(self, form: Form, *, status: int = 200) -> HttpResponse:
        gist = "人命关天、承办人又联系不上的时候用。写明原因，只打开这一件，三小时。"
        return self.render(GlassPage(self.title, gist, form, reverse("cases")), status=status)


class GlassSeen(Screen):
    """The supervisor has looked at who opened what, and why."""

    needs = Verb.CASE_SUPERVISE
    template = "cases/step.html"
    title = "应急查看"

    def post(self, request: object) -> HttpResponse:
        seen = note_seen(self.actor, [each.pk for each in openings_to_see(self.actor)], at=now())
        tell(self.request, f"{seen} 次应急查看，您都看过了。" if seen else "没有等着看的。")
        return redirect("cases")
