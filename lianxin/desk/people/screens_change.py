"""Pages that change the register: a new household, a move, who comes and leaves, a number shown for a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of
from lianxin.base.days import now, say_day, today
from lianxin.base.errors import Problems, Refused, Unseen
from lianxin.net.regions import path_name, subtree
from lianxin.records.kinds import Subject
from lianxin.records.reground import reground
from lianxin.register.actions import (
    add_member,
    amend_household,
    amend_person,
    correct_home,
    end_membership,
    move_household,
    register_household,
)
from lianxin.register.cards import HouseholdCard, PersonCard
from lianxin.register.doubles import ELSEWHERE, Asked, Double, Doubles, doubles_of
from lianxin.register.drafts import (
    HouseholdChanges,
    HouseholdDraft,
    Leaving,
    MemberDraft,
    PersonChanges,
    Relation,
)
from lianxin.register.queries import household_card, person_card, reveal
from lianxin.register.suspects import told_apart
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.parts import Line
from lianxin.ui.screen import Screen
from lianxin.vault.papers import PaperKind

SEXES = (Option("female", "女"), Option("male", "男"))
PAPERS = tuple(Option(each.value, each.label) for each in PaperKind)
RELATIONS = tuple(Option(each.value, each.label) for each in Relation)
LEAVINGS = tuple(Option(each.value, each.label) for each in Leaving if each not in (Leaving.WITHDRAWN, Leaving.MERGED))


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One form about one household or person: what it is, where the way back leads, what is asked."""

    title: str
    about: str
    back: str
    form: Form
    submit: str
    shown: str = ""
    gist: str = ""
    doubles: tuple[Line, ...] = ()
    elsewhere: str = ""


class Doubled(Refused):
    """Somebody like her is registered; nothing was written, and who it is a person says."""

    def __init__(self, found: Doubles) -> None:
        super().__init__("册子里有像的人，还没有保存。请看一看是不是同一个人。")
        self.found = found


class Change(Screen, abstract=True):
    """A form that either does what it says, or comes back with what was typed and what is wrong."""

    needs = Verb.REGISTER_WRITE
    template = "desk/people/change.html"
    room = "households"
    submit = "保存"
    gist = ""

    def form(self, key: str) -> Form:
        raise NotImplementedError

    def about(self, key: str) -> tuple[str, str]:
        """What the page is about in words, and the address of the way back."""
        raise NotImplementedError

    def done(self, key: str, form: Form) -> HttpResponse:
        raise NotImplementedError

    def get(self, request: object, key: str = "") -> HttpResponse:
        return self.page(key, self.form(key))

    def post(self, request: object, key: str = "") -> HttpResponse:
        form = self.form(key).bind(self.request.POST)
        try:
            return self.done(key, form)
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            found = error.found if isinstance(error, Doubled) else Doubles()
            return self.page(key, form.refuse(error), status=400, found=found)

    def page(
        self, key: str, form: Form, *, status: int = 200, shown: str = "", found: Doubles | None = None
    ) -> HttpResponse:
        about, back = self.about(key)
        lines = tuple(self.double_line(key, double) for double in found.near) if found else ()
        elsewhere = ELSEWHERE if found and found.is_elsewhere else ""
        page = ChangePage(self.title, about, back, form, self.submit, shown, self.gist or about, lines, elsewhere)
        return self.render(page, status=status)

    def double_line(self, key: str, double: Double) -> Line:
        """Somebody who may be the same, and where to look at her."""
        born = f"，{say_day(double.birth)}出生" if double.birth else ""
        text = f"{double.name}（{path_name(double.region)}{born}）"
        return Line(text=text, note="、".join(double.reasons), href=reverse("person", args=[double.key]))

    def ask_doubles(self, draft: MemberDraft, *, region: str, household: str = "") -> tuple[str, ...]:
        """Raises Doubled for whoever has not been looked at; the keys of those said to be somebody else."""
        found = doubles_of(self.actor, [Asked.of(draft, region=region, household=household)])[0]
        if found and self.request.POST.get("somebody-else") != "yes":
            raise Doubled(found)
        return tuple(double.key for double in found.near)

    def household(self, key: str) -> HouseholdCard:
        card = household_card(self.actor, key, on=today())
        if card is None or not self.actor.may(Verb.REGISTER_WRITE, region=card.region):
            raise Unseen("没有找到这一户，可能已迁走或不在您的区域。")
        return card

    def person(self, key: str) -> PersonCard:
        card = person_card(self.actor, key, on=today())
        if card is None or not self.actor.may(Verb.REGISTER_WRITE, region=card.region):
            raise Unseen("没有找到这个人，可能已迁走或不在您的区域。")
        return card


def villages_of(actor: Actor) -> tuple[Option, ...]:
    """The villages an actor may register in."""
    codes: list[str] = []
    for top in actor.regions(Verb.REGISTER_WRITE):
        codes += [top] if level_of(top) == Level.VILLAGE else [row.code for row in subtree(top, Level.VILLAGE)]
    return tuple(Option(code, path_name(code)) for code in codes)


def village_field(villages: Sequence[Option], *, name: str = "region", label: str = "哪个村（社区）") -> Field:
    only = len(villages) == 1
    return Field(
        name=name,
        label=label,
        type=FieldType.HIDDEN if only else FieldType.CHOICE,
        options=tuple(villages),
        values=(villages[0].value,) if only else (),
        required=True,
    )


def _paper_field() -> Field:
    return Field(name="id_kind", label="证件种类", type=FieldType.CHOICE, options=PAPERS, help="不选就当居民身份证")


class HouseholdNew(Change):
    """A household and its head; the others are added on its page."""

    title = "新登一户"
    gist = "册子里还没有的人家。先搜一搜，免得同一户登两次。"

    def form(self, key: str) -> Form:
        return Form(
            (
                Field(name="head", label="户主姓名", required=True, limit=40),
                Field(name="sex", label="性别", type=FieldType.CHOICE, options=SEXES),
                Field(name="birth", label="出生日期", type=FieldType.DAY, help="填了身份证号就不用填"),
                _paper_field(),
                Field(name="id_number", label="证件号", help="可以先不填；加密保存"),
                Field(name="place", label="门牌", placeholder="3组17号", limit=60),
                Field(name="phone", label="电话", help="加密保存"),
                village_field(villages_of(self.actor)),
            )
        )

    def about(self, key: str) -> tuple[str, str]:
        return "人家", reverse("households")

    def done(self, key: str, form: Form) -> HttpResponse:
        head = MemberDraft(
            name=form.raw("head"),
            relation=Relation.HEAD,
            sex=form.raw("sex"),
            birth=form.raw("birth"),
            id_number=form.raw("id_number"),
            id_kind=form.raw("id_kind"),
        )
        draft = HouseholdDraft(
            region=form.chosen("region"),
            place=form.raw("place"),
            phone=form.raw("phone"),
            members=(head,),
            since=today(),
        )
        others = self.ask_doubles(head, region=draft.region) if draft.region and head.name.strip() else ()
        try:
            household = register_household(self.actor, draft, at=now())
        except Problems as problems:
            raise _renamed(problems, {"members.0.name": "head"}, "members.0.") from problems
        if others and (card := household_card(self.actor, household, on=today())):
            told_apart(self.actor, card.head, others, at=now())
        tell(self.request, "这一户登进册子了。")
        return redirect("household", key=household)


def _renamed(problems: Problems, names: dict[str, str], prefix: str) -> Problems:
    """The register's names of fields as a form has them."""
    renamed = Problems()
    for item in problems.items:
        renamed.add(names.get(item.field, item.field.removeprefix(prefix)), item.message)
    return renamed


class HouseholdAmend(Change):
    """House number, phone, head."""

    title = "改这一户"

    def form(self, key: str) -> Form:
        card = self.household(key)
        heads = tuple(Option(line.key, line.words) for line in card.members)
        return Form(
            (
                Field(name="place", label="门牌", values=(card.place,), limit=60),
                Field(name="phone", label="电话", known=card.phone, help="有变再填，加密保存"),
                Field(name="head", label="户主", type=FieldType.CHOICE, options=heads, values=(card.head,)),
            )
        )

    def about(self, key: str) -> tuple[str, str]:
        return f"{self.household(key).name}家", reverse("household", args=[key])

    def done(self, key: str, form: Form) -> HttpResponse:
        changes = HouseholdChanges(
            place=form.raw("place"), phone=form.raw("phone") or None, head=form.raw("head") or None
        )
        amend_household(self.actor, key, changes=changes, at=now())
        tell(self.request, "改好了。")
        return redirect("household", key=key)


class HouseholdMove(Change):
    """To another village from a day on; or: the village was wrong from the beginning."""

    title = "搬家"

    def form(self, key: str) -> Form:
        kinds = (Option("moved", "搬走了"), Option("wrong", "原来登记错了"))
        return Form(
            (
                Field(name="kind", label="是哪种情况", type=FieldType.CHOICE, options=kinds, values=("moved",)),
                village_field(villages_of(self.actor), label="搬到（应是）哪个村（社区）"),
                Field(name="on", label="哪天搬的", type=FieldType.DAY, values=(today().isoformat(),)),
                Field(name="place", label="新门牌", limit=60),
                Field(name="because", label="原来怎么错的", help="登记错了才填；走访和档案会跟着改到对的村", limit=200),
            )
        )

    def about(self, key: str) -> tuple[str, str]:
        return f"{self.household(key).name}家", reverse("household", args=[key])

    def done(self, key: str, form: Form) -> HttpResponse:
        self.household(key)
        to = form.chosen("region")
        if form.raw("kind") == "wrong":
            correcting = bool(self.actor.may(Verb.PERIOD_CORRECT, region=to))
            subject, because = Subject("household", key), form.raw("because")
            with transaction.atomic():
                correct_home(self.actor, key, to=to, because=because, at=now())
                moved = reground(self.actor, subject, because=because, correcting=correcting, at=now())
            tell(self.request, f"住址改对了，{moved} 条走访和档案跟着改到了对的村。")
        else:
            move_household(self.actor, key, to=to, on=form.raw("on"), place=form.raw("place"), at=now())
            tell(self.request, "搬家记好了；以前的走访还算在原来的村。")
        return redirect("household", key=key)


def _member_fields() -> tuple[Field, ...]:
    return (
        Field(name="name", label="姓名", required=True, limit=40),
        Field(name="sex", label="性别", type=FieldType.CHOICE, options=SEXES),
        Field(name="birth", label="出生日期", type=FieldType.DAY, help="填了身份证号就不用填"),
        _paper_field(),
        Field(name="id_number", label="证件号", help="可以先不填；加密保存"),
        Field(name="phone", label="电话", help="加密保存"),
    )


class MemberNew(Change):
    """Somebody new in a household."""

    title = "添一个人"

    def form(self, key: str) -> Form:
        relation = Field(name="relation", label="与户主的关系", type=FieldType.CHOICE, options=RELATIONS, required=True)
        since = Field(name="on", label="哪天来的", type=FieldType.DAY, values=(today().isoformat(),))
        return Form((*_member_fields(), relation, since))

    def about(self, key: str) -> tuple[str, str]:
        return f"{self.household(key).name}家", reverse("household", args=[key])

    def done(self, key: str, form: Form) -> HttpResponse:
        draft = MemberDraft(
            name=form.raw("name"),
            relation=form.raw("relation"),
            sex=form.raw("sex"),
            birth=form.raw("birth"),
            id_number=form.raw("id_number"),
            id_kind=form.raw("id_kind"),
            phone=form.raw("phone"),
        )
        others: tuple[str, ...] = ()
        if draft.name.strip():
            others = self.ask_doubles(draft, region=self.household(key).region, household=key)
        person = add_member(self.actor, key, draft, on=form.raw("on"), at=now())
        if others:
            told_apart(self.actor, person, others, at=now())
        tell(self.request, f"{draft.name}登进这一户了。")
        return redirect("household", key=key)

    def double_line(self, key: str, double: Double) -> Line:
        """Who is in no household can come into this one with a tap."""
        line = super().double_line(key, double)
        if double.household:
            return line
        return replace(line, href=reverse("household-member-known", args=[key, double.key]))


class PersonAmend(Change):
    """Name, sex, birth, numbers of somebody registered."""

    title = "改这个人"

    def form(self, key: str) -> Form:
        card = self.person(key)
        values = {
            "name": card.name,
            "sex": card.sex,
            "birth": card.birth.isoformat() if card.birth else "",
            "id_kind": card.id_kind,
        }
        known = {"id_number": card.id_number, "phone": card.phone}
        fields = [
            Field(
                name=field.name,
                label=field.label,
                type=field.type,
                options=field.options,
                required=field.required,
                help="有变再填，加密保存" if field.name in known else "",
                known=known.get(field.name, ""),
                limit=field.limit,
            )
            for field in _member_fields()
        ]
        return Form(tuple(fields)).fill(values)

    def about(self, key: str) -> tuple[str, str]:
        return self.person(key).name, reverse("person", args=[key])

    def done(self, key: str, form: Form) -> HttpResponse:
        changes = PersonChanges(
            name=form.raw("name"),
            sex=form.raw("sex"),
            birth=form.raw("birth"),
            id_number=form.raw("id_number") or None,
            id_kind=form.raw("id_kind") or None,
            phone=form.raw("phone") or None,
        )
        amend_person(self.actor, key, changes=changes, at=now())
        tell(self.request, "改好了。")
        return redirect("person", key=key)


class MemberLeave(Change):
    """Somebody is no longer in a household."""

    title = "离开这一户"
    submit = "记下"

    def form(self, key: str) -> Form:
        return Form(
            (
                Field(name="why", label="怎么离开的", type=FieldType.CHOICE, options=LEAVINGS, required=True),
                Field(name="on", label="哪天", type=FieldType.DAY, values=(today().isoformat(),)),
            )
        )

    def about(self, key: str) -> tuple[str, str]:
        return self.person(key).name, reverse("person", args=[key])

    def done(self, key: str, form: Form) -> HttpResponse:
        household = self.person(key).household
        if not household:
            raise Refused("她现在不在任何一户里。")
        end_membership(self.actor, household, key, on=form.raw("on"), why=form.raw("why"), at=now())
        tell(self.request, "记下了。")
        return redirect("household", key=household)


class Reveal(Change):
    """One sealed number in full, for a written reason that is kept with the reader's name."""

    needs = Verb.REGISTER_REVEAL
    title = "看完整号码"
    submit = "看号码"

    def form(self, key: str) -> Form:
        reason = Field(
            name="because",
            label="为什么要看",
            required=True,
            limit=200,
            help="例如：回访约时间。谁看过、为什么，都会留下记录。",
        )
        return Form((reason,))

    def get(self, request: object, key: str = "", field: str = "") -> HttpResponse:
        return super().get(request, key)

    def post(self, request: object, key: str = "", field: str = "") -> HttpResponse:
        form = self.form(key).bind(self.request.POST)
        try:
            number = reveal(self.actor, key, field, form.raw("because"), at=now())
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            return self.page(key, form.refuse(error), status=400)
        response = self.page(key, form, shown=number)
        response["Cache-Control"] = "no-store"
        return response

    def about(self, key: str) -> tuple[str, str]:
        if household := household_card(self.actor, key, on=today()):
            return f"{household.name}家", reverse("household", args=[key])
        if person := person_card(self.actor, key, on=today()):
            return person.name, reverse("person", args=[key])
        raise Unseen("没有找到，可能已迁走或不在您的区域。")
