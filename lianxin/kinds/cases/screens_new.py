"""Taking a case in; and reporting harm to a child, which comes before everything else."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import NATION, Level, level_of
from lianxin.base.days import now, today
from lianxin.base.errors import Problem, Problems, Refused
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.kinds.cases import actions, queries
from lianxin.kinds.cases.forms import HOUSEHOLD, case_form, typed_case
from lianxin.kinds.cases.matching_rows import alike
from lianxin.kinds.cases.rules import SITUATIONS
from lianxin.kinds.cases.steps import Step, moment_text
from lianxin.net.regions import path_name, region_name, subtree
from lianxin.register.queries import find_subjects, household_cards
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.screen import Screen

FIND = "find"


@dataclass(frozen=True, slots=True)
class NewPage:
    title: str
    gist: str
    form: Form
    who: Field
    key: str
    submit: str


def places_of(actor: Actor) -> list[tuple[str, str]]:
    """The villages where she takes cases in; a county's officer may know no more than the town."""
    places: list[tuple[str, str]] = []
    for top in actor.regions(Verb.CASE_RECORD):
        if top == NATION:
            continue
        if level_of(top) >= Level.VILLAGE:
            places.append((top, path_name(top)))
            continue
        if level_of(top) == Level.TOWN:
            places.append((top, f"{region_name(top)}（不知道哪个村）"))
        if level_of(top) == Level.COUNTY:
            places += [(town.code, f"{town.name}（不知道哪个村）") for town in subtree(top, Level.TOWN)]
        places += [(village.code, path_name(village.code)) for village in subtree(top, Level.VILLAGE)]
    return places


class NewCase(Screen):
    """One page: how to reach her safely first, then what it is about."""

    needs = Verb.CASE_RECORD
    template = "cases/new.html"
    title = "登一件个案"
    room = "cases"
    fragments = {"f-household-hits": "cases/_who_hits.html"}

    def get(self, request: object) -> HttpResponse:
        asked = self.request.GET
        form = self._form().fill({"day": today().isoformat()})
        if household := asked.get(HOUSEHOLD, ""):
            form = form.fill({HOUSEHOLD: household})
        return self._page(form, new_id(), sought=asked.get(f"{HOUSEHOLD}-find", ""))

    def post(self, request: object) -> HttpResponse:
        typed = self.request.POST
        form, key = self._form().bind(typed), typed.get("id", "")
        if FIND in typed:
            return self._page(form, key, sought=typed.get(f"{HOUSEHOLD}-find", ""))
        try:
            record = actions.record_case(self.actor, key=key, values=typed_case(form), at=now()).record
        except (Refused, Problems) as error:
            return self._page(form.refuse(_by_field(error)), key, status=400)
        row = queries.one_case(self.actor, record.key)
        if row is None:
            tell(self.request, "收下了，交给镇妇联办。您和当事人是一家人，要回避，所以打不开。")
            return redirect("cases")
        tell(self.request, "收下了。先定级，再按时限联系她。")
        if many := len(alike(self.actor, row)):
            tell(self.request, f"有 {many} 件可能是同一个人的，请先看看要不要并起来。")
            return redirect("case-alike", key=record.key)
        return redirect("case", key=record.key)

    def _form(self) -> Form:
        programmes = catalog().of_kind("case", on=today())
        return case_form(programmes, places_of(self.actor), find_url=reverse("case-new"))

    def _page(self, form: Form, key: str, *, sought: str = "", status: int = 200) -> HttpResponse:
        form = _with_hits(self.actor, form, sought.strip()[:40])
        gist = "名册和值守台只有承办人和主管看得到。存下就派给您主办，再请别人进来。"
        return self.render(NewPage(self.title, gist, form, form[HOUSEHOLD], key, "收下"), status=status)


def _with_hits(actor: Actor, form: Form, sought: str) -> Form:
    """The household field with what the search found, and what is chosen already."""
    hits = find_subjects(actor, sought, limit=8) if sought else []
    options = {
        hit.key: Option(hit.key, f"{hit.head or hit.name}家", note=f"{path_name(hit.region)} {hit.place}".strip())
        for hit in hits
        if hit.kind == "household"
    }
    chosen = form.raw(HOUSEHOLD)
    if chosen and chosen not in options:
        cards = household_cards(actor, [chosen], on=today())
        options |= {key: Option(key, f"{card.name}家", note=path_name(card.region)) for key, card in cards.items()}
    field = replace(form[HOUSEHOLD], options=tuple(options.values()), sought=sought)
    return replace(form, fields=tuple(field if each.name == HOUSEHOLD else each for each in form.fields))


_PLACES = {"parties": HOUSEHOLD, "safety": "is_asked"}


def _by_field(error: Refused | Problems) -> Problems:
    """What is wrong, told at the question on this page that it belongs to."""
    items = error.items if isinstance(error, Problems) else [Problem(error.field, error.message)]
    return Problems([Problem(_PLACES.get(item.field.split(".")[0], item.field), item.message) for item in items])


class ReportHarm(Screen):
    """强制报告: whoever works here and sees that a child is harmed, or may be, reports at once; no consent is asked."""

    needs = Verb.CASE_RECORD
    template = "cases/harm.html"
    title = "强制报告"
    room = "cases"

    def get(self, request: object) -> HttpResponse:
        return self._page(self._form().fill({"day": today().isoformat()}), new_id())

    def post(self, request: object) -> HttpResponse:
        form, key = self._form().bind(self.request.POST), self.request.POST.get("id", "")
        at = now()
        try:
            record = self._keep(form, key)
        except (Refused, Problems) as error:
            return self._page(form.refuse(_by_field(error)), key, status=400)
        tell(self.request, f"{at:%H:%M} 记下了，已经定为最重的一色。还没有报警的，请马上打 110。")
        return redirect("case", key=record) if queries.one_case(self.actor, record) else redirect("cases")

    def _keep(self, form: Form, key: str) -> str:
        at = now()
        if not form.raw("to").strip():
            raise Refused("请写报给了谁；还没有报的，请马上打 110，再回来写。", field="to")
        codes = list(form.raws("codes"))
        if not codes or not set(codes) <= set(SITUATIONS):
            raise Refused("请选是哪种情形，可以选几种。", field="codes")
        values = {
            "programme": "minor-protection",
            "matter": "minor-harmed",
            "source": form.raw("source") or "member",
            "day": form.raw("day"),
            "hour": form.raw("hour"),
            "region": form.raw("region"),
            "gist": form.raw("gist") or "孩子受到侵害或可能受到侵害",
            "heard": form.raw("heard"),
            "parties": [{"role": "child", "name": form.raw("child_name")}],
            "is_anonymous": "yes",
        }
        outcome = actions.record_case(self.actor, key=key, values=values, at=at)
        if not outcome.is_replay and queries.one_case(self.actor, outcome.record.key):
            step = {"act": Step.MANDATED.value, "codes": codes, "to": form.raw("to"), "at": moment_text(at)}
            actions.take_step(self.actor, key=outcome.record.key, base=1, step=step, at=at)
        return outcome.record.key

    def _form(self) -> Form:
        programme = catalog().programme("minor-protection")
        sources = tuple(
            Option(each.code, each.name)
            for each in catalog().options("case", "source")
            if programme.case and each.code in programme.case.sources
        )
        places = tuple(Option(code, name) for code, name in places_of(self.actor))
        situations = tuple(Option(code, name) for code, name in SITUATIONS.items())
        return Form(
            (
                Field(name="codes", label="是哪种情形", type=FieldType.CHOICES, options=situations, required=True),
                Field(name="to", label="报给了谁", required=True, placeholder="110、某派出所某警官", limit=60),
                Field(name="heard", label="看到的、听到的", type=FieldType.NOTE, in_her_words=True),
                Field(name="child_name", label="孩子怎么称呼", limit=40),
                Field(name="region", label="在哪个村（社区）", type=FieldType.CHOICE, options=places, required=True),
                Field(name="source", label="怎么知道的", type=FieldType.CHOICE, options=sources),
                Field(name="gist", label="用一句话写是什么事", limit=120, help="不写名字。"),
                Field(name="day", label="哪天", type=FieldType.DAY, required=True),
                Field(name="hour", label="几点几分", limit=5),
            )
        )

    def _page(self, form: Form, key: str, *, status: int = 200) -> HttpResponse:
        gist = "未成年人保护法第十一条：发现孩子受到侵害、疑似受到侵害，或者有危险，立即报告。不用谁同意，报告人保密。"
        return self.render(NewPage(self.title, gist, form, form["codes"], key, "记下报告"), status=status)
