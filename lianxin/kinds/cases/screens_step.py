"""One step more: a form for each thing that can happen; how she may be reached; and what was asked of other bodies."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.verbs import Verb
from lianxin.base.days import now, today
from lianxin.base.errors import Problem, Problems, Refused, Unseen
from lianxin.catalog.current import catalog
from lianxin.kinds.cases import actions, queries
from lianxin.kinds.cases.forms import safety_fields, step_form, typed_factors, typed_safety, typed_step
from lianxin.kinds.cases.life import standing
from lianxin.kinds.cases.models import Case
from lianxin.kinds.cases.screens_one import NOT_HERE, case_for, is_offered
from lianxin.kinds.cases.steps import Step
from lianxin.kinds.cases.triage import propose
from lianxin.kinds.cases.values import CaseValues
from lianxin.net.actors import in_force
from lianxin.net.colleagues import account_names
from lianxin.net.models import Appointment, Organisation
from lianxin.ui.forms import Field, FieldType, Form
from lianxin.ui.notices import tell
from lianxin.ui.screen import Screen

PROPOSE = "propose"  # the button that asks what the scheme would say; nothing is saved then
_KEPT = "记下了。"
_SAID = {
    Step.ALARM: "记下了，升到最重的一色，时限从现在重新算。",
    Step.LOWER_ASK: "记下了，等第二个人同意。",
    Step.CLOSE_ASK: "记下了，等镇、县妇联审。",
    Step.CLOSE: "结案了。到时候会提醒回访。",
    Step.REFER: "转出去了，对方只看到请办的这一段。",
    Step.WHISTLE: "哨吹出去了，对方只看到请办的这一段。",
}


@dataclass(frozen=True, slots=True)
class StepPage:
    title: str
    gist: str
    form: Form
    back: str
    base: int
    submit: str = "记下"
    proposal: Said | None = None
    may_propose: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What the scheme proposes for what was ticked, with its reasons; a person decides."""

    tone: str
    colour: str
    reasons: tuple[str, ...]
    to_ask: tuple[str, ...]
    source: str


def _said(row: Case, form: Form) -> Said | None:
    case = queries.spec_of(row)
    scheme = catalog().schemes.get(case.scheme)
    if scheme is None:
        return None
    found = propose(scheme, typed_factors(form))
    colour = case.colour(found.colour)
    reasons = tuple(
        f"{each.says}（{'、'.join(each.factors)}）" if each.factors else each.says for each in found.reasons
    )
    return Said(
        colour.tone if colour else "soft",
        colour.name if colour else "没有提议",
        reasons or ("问到的几样都没有，按最轻的。",),
        tuple(factor.name for factor in found.to_ask),
        scheme.source,
    )


def _base(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _by_field(error: Refused | Problems) -> Problems:
    """log.7.until is asked as “until”; a time that is wrong, as the day."""
    items = error.items if isinstance(error, Problems) else [Problem(error.field, error.message)]
    names = [item.field.rsplit(".", 1)[-1] for item in items]
    return Problems(
        [Problem("day" if name == "at" else name, item.message) for name, item in zip(names, items, strict=True)]
    )


class TakeStep(Screen):
    """Says what happened. What may not follow is refused with the reason, and nothing typed is lost."""

    needs = Verb.CASE_WORK
    template = "cases/step.html"
    title = "记一步"
    room = "cases"

    def get(self, request: object, key: str, act: str) -> HttpResponse:
        row, values, step = self._found(key, act)
        return self._page(row, step, self._form(row, values, step))

    def post(self, request: object, key: str, act: str) -> HttpResponse:
        row, values, step = self._found(key, act)
        form = self._form(row, values, step).bind(self.request.POST)
        base = _base(self.request.POST.get("base", ""))
        if PROPOSE in self.request.POST:
            return self._page(row, step, form, proposal=_said(row, form))
        try:
            actions.take_step(self.actor, key=row.key, base=base, step=typed_step(step, form), at=now())
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            return self._page(row, step, form.refuse(_by_field(error)), status=400)
        tell(self.request, _SAID.get(step, _KEPT))
        # Whoever has just taken herself out of it no longer sees it.
        return redirect("case", key=row.key) if queries.one_case(self.actor, row.key) else redirect("cases")

    def _found(self, key: str, act: str) -> tuple[Case, CaseValues, Step]:
        row, values = case_for(self.actor, key)
        if act not in set(Step) or row.is_void:
            raise Unseen(NOT_HERE)
        step = Step(act)
        spec = queries.spec_of(row)
        if not is_offered(step, self.actor, values, standing(values, spec), spec):
            raise Unseen("这一步现在做不了，请回到这一件看看办到哪里了。")
        return row, values, step

    def _form(self, row: Case, values: CaseValues, step: Step) -> Form:
        spec = queries.spec_of(row)
        state = standing(values, spec)
        bodies = {}
        if step in (Step.REFER, Step.WHISTLE):
            # The county's bodies by name: a town's clerk turns to those she does not look after herself.
            rows = Organisation.objects.filter(region__in=(row.county, row.town), dissolved_on__isnull=True)
            bodies = dict(rows.order_by("name").values_list("id", "name")[:100])
        people = {}
        if step is Step.JOIN:
            found = queries.alike(self.actor, row)
            people = {other.key: f"{other.number} {other.gist}" for other in found}
        if step in (Step.SEAT, Step.UNSEAT, Step.RECUSE):
            people = _people(row, [seat.account for seat in state.team])
        return step_form(step, values, state, spec, today=today(), colleagues=people, bodies=bodies)

    def _page(
        self, row: Case, step: Step, form: Form, *, proposal: Said | None = None, status: int = 200
    ) -> HttpResponse:
        back = reverse("case", args=[row.key])
        may_propose = step is Step.TRIAGE and queries.spec_of(row).scheme in catalog().schemes
        page = StepPage(
            step.label, row.gist or row.number, form, back, row.revision, proposal=proposal, may_propose=may_propose
        )
        return self.render(page, status=status)


def _people(row: Case, seated: list[str]) -> dict[str, str]:
    """Whom one may ask in: those appointed in the village, its town and its county, and who is in the team."""
    places = {row.region, row.town, row.county} - {""}
    found = Appointment.objects.filter(in_force(today()), region__in=places, account__is_active=True)
    accounts = dict(found.order_by("account__name").values_list("account_id", "account__name").distinct()[:200])
    return account_names(seated) | accounts


@dataclass(frozen=True, slots=True)
class LookPage(StepPage):
    plain: str = ""


class LookAt(Screen):
    """A sealed text, once, for a reason that stays in the case's own story."""

    needs = Verb.CASE_WORK
    template = "cases/look.html"
    title = "看加密的内容"
    room = "cases"

    def get(self, request: object, key: str, name: str) -> HttpResponse:
        return self._page(case_for(self.actor, key)[0], _WHY)

    def post(self, request: object, key: str, name: str) -> HttpResponse:
        row, _ = case_for(self.actor, key)
        form = _WHY.bind(self.request.POST)
        base, because = _base(self.request.POST.get("base", "")), form.raw("note")
        try:
            if not because.strip():
                raise Refused("请写明为什么要看。", field="note")
            plain = actions.look_at(self.actor, key=row.key, base=base, name=name, because=because, at=now())
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            return self._page(row, form.refuse(_by_field(error)), status=400)
        return self._page(row, form, plain=plain)

    def _page(self, row: Case, form: Form, *, plain: str = "", status: int = 200) -> HttpResponse:
        back = reverse("case", args=[row.key])
        gist = "谁看的、为什么，记在经过里，承办人都看得到。"
        return self.render(LookPage(self.title, gist, form, back, row.revision, "看", plain=plain), status=status)


_WHY = Form((Field(name="note", label="为什么要看", type=FieldType.NOTE, required=True, limit=500),))


class ChangeSafety(Screen):
    """How she may be reached: may be put right at any time, by anybody of the team."""

    needs = Verb.CASE_WORK
    template = "cases/step.html"
    title = "怎样联系她才安全"
    room = "cases"

    def get(self, request: object, key: str) -> HttpResponse:
        row, values = case_for(self.actor, key)
        safety = values.safety
        known = {"ways": safety.ways, "never": safety.never, "hours": safety.hours, "opening": safety.opening}
        filled = Form(safety_fields()).fill(
            {**known, "cover": safety.cover, "is_asked": "yes" if safety.is_asked else ""}
        )
        return self._page(row, filled)

    def post(self, request: object, key: str) -> HttpResponse:
        row, _ = case_for(self.actor, key)
        form = Form(safety_fields()).bind(self.request.POST)
        base = _base(self.request.POST.get("base", ""))
        try:
            actions.change_safety(self.actor, key=row.key, base=base, safety=typed_safety(form), at=now())
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            return self._page(row, form.refuse(_by_field(error)), status=400)
        tell(self.request, "改好了。")
        return redirect("case", key=row.key)

    def _page(self, row: Case, form: Form, *, status: int = 200) -> HttpResponse:
        gist = "住处和安全的电话已经加密；空着就不改，写了就换成新的。"
        back = reverse("case", args=[row.key])
        return self.render(StepPage(self.title, gist, form, back, row.revision, "存下"), status=status)
