"""Households parted and brought together: who moves out into one of their own, two registrations of one household."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.base.days import now, say_day, today
from lianxin.base.errors import Problems, Refused, Unseen
from lianxin.desk.people.screens_change import RELATIONS, Change
from lianxin.desk.people.screens_merge import WhoPage
from lianxin.net.regions import path_name
from lianxin.records.merging import merge_homes, records_of, unmerge_homes
from lianxin.register.actions import add_known_member, split_household
from lianxin.register.aliases import same_as
from lianxin.register.cards import HouseholdCard
from lianxin.register.lives import merged_into
from lianxin.register.queries import find_subjects
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.parts import Column, Line, Row, Table


class HouseholdSplit(Change):
    """Some of the people have a household of their own from a day on."""

    title = "分户"
    submit = "分出去"

    def form(self, key: str) -> Form:
        people = tuple(Option(line.key, line.words) for line in self.household(key).members)
        return Form(
            (
                Field(name="people", label="哪几位分出去", type=FieldType.CHOICES, options=people, required=True),
                Field(name="head", label="新户谁是户主", type=FieldType.CHOICE, options=people, required=True),
                Field(name="place", label="新户的门牌", limit=60, placeholder="3组17号"),
                Field(name="on", label="哪天分的", type=FieldType.DAY, values=(today().isoformat(),)),
            )
        )

    def about(self, key: str) -> tuple[str, str]:
        return f"{self.household(key).name}家", reverse("household", args=[key])

    def done(self, key: str, form: Form) -> HttpResponse:
        new = split_household(
            self.actor,
            self.household(key).key,
            people=form.raws("people"),
            head=form.raw("head"),
            place=form.raw("place"),
            on=form.raw("on"),
            at=now(),
        )
        tell(self.request, "分好了。新户里各人与户主的关系，请在这一页改。")
        return redirect("household", key=new)


class MemberKnown(Change):
    """Somebody who is registered already and in no household comes in."""

    title = "加进这一户"

    def form(self, key: str) -> Form:
        relation = Field(name="relation", label="与户主的关系", type=FieldType.CHOICE, options=RELATIONS, required=True)
        since = Field(name="on", label="哪天来的", type=FieldType.DAY, values=(today().isoformat(),))
        return Form((relation, since))

    def about(self, key: str) -> tuple[str, str]:
        return f"{self.household(key).name}家", reverse("household", args=[key])

    def get(self, request: object, key: str = "", person: str = "") -> HttpResponse:
        self.person(person)
        return super().get(request, key)

    def post(self, request: object, key: str = "", person: str = "") -> HttpResponse:
        self._who = self.person(person)
        return super().post(request, key)

    def done(self, key: str, form: Form) -> HttpResponse:
        add_known_member(self.actor, key, self._who.key, relation=form.raw("relation"), on=form.raw("on"), at=now())
        tell(self.request, f"{self._who.name}加进这一户了。")
        return redirect("household", key=key)


class HouseholdMergeWho(Change):
    """Which household the other registration is."""

    template = "desk/people/merge_who.html"
    title = "合并重复的户"
    http_method_names = ["get"]

    def get(self, request: object, key: str = "") -> HttpResponse:
        one = self.household(key)
        sought = self.request.GET.get("q", "").strip()[:40] or one.name
        hits = find_subjects(self.actor, sought, limit=12)
        lines = tuple(
            Line(
                text=f"{hit.head}家 {hit.place}".strip(),
                href=reverse("household-merge", args=[one.key, hit.key]),
                note=path_name(hit.region),
            )
            for hit in hits
            if hit.kind == "household" and hit.key != one.key
        )
        page = WhoPage(
            title=f"{one.name}家和哪一户是同一户",
            back=reverse("household", args=[one.key]),
            search=Field(name="q", label="找另一户", values=(sought,), placeholder="姓名、拼音、门牌"),
            hits=lines,
            empty="没有找到另一户。换个字再找找。",
        )
        return self.render(page)


@dataclass(frozen=True, slots=True)
class HousesPage:
    title: str
    about: str
    back: str
    both: Table
    form: Form
    warnings: tuple[str, ...]


class HouseholdMerge(Change):
    """Two registrations of one household, side by side; this one is kept."""

    template = "desk/people/merge_houses.html"
    title = "合并重复的户"

    def get(self, request: object, key: str = "", other: str = "") -> HttpResponse:
        return self._shown(self.household(key), self.household(other), self._form())

    def post(self, request: object, key: str = "", other: str = "") -> HttpResponse:
        one, two = self.household(key), self.household(other)
        form = self._form().bind(self.request.POST)
        try:
            merge_homes(self.actor, one.key, two.key, because=form.raw("because"), at=now())
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            return self._shown(one, two, form.refuse(error), status=400)
        tell(self.request, "两户并成一户了。要是弄错了，在这一页可以拆开。")
        return redirect("household", key=one.key)

    def _form(self) -> Form:
        because = Field(
            name="because", label="怎么知道是同一户", required=True, limit=200, placeholder="例如：上门核对过"
        )
        return Form((because,))

    def _shown(self, one: HouseholdCard, two: HouseholdCard, form: Form, *, status: int = 200) -> HttpResponse:
        if one.key == two.key:
            raise Refused("这是同一户，请选两户不同的。")
        page = HousesPage(
            title=f"{one.name}家和{two.name}家",
            about=f"{one.name}家",
            back=reverse("household", args=[one.key]),
            both=_side_by_side(one, two),
            form=form,
            warnings=(f"保留{one.name}家：{two.name}家（{two.place}）的人从今天起都在这一户里，关系请合并后再改。",),
        )
        return self.render(page, status=status)


def _side_by_side(one: HouseholdCard, two: HouseholdCard) -> Table:
    both = (one, two)
    found = records_of(same_as([card.key for card in both]))
    counts = [found[card.key] for card in both]
    rows = (
        Row(("住在", *(f"{path_name(card.region)} {card.place}".strip() for card in both))),
        Row(("家里的人", *(card.people_words for card in both))),
        Row(("电话", *(card.phone or "没有登记" for card in both))),
        Row(("建户", *(say_day(card.since) for card in both))),
        Row(("走访和档案", *(f"{sum(count.values())} 条" for count in counts))),
    )
    columns = (
        Column(label="哪一栏", is_key=True),
        Column(label=f"保留：{one.name}家"),
        Column(label=f"并入：{two.name}家"),
    )
    return Table(caption="两户并排看", columns=columns, rows=rows)


class HouseholdUnmerge(Change):
    """Two households again."""

    title = "拆成两户"
    submit = "拆开"

    def form(self, key: str) -> Form:
        return Form((Field(name="because", label="为什么拆开", required=True, limit=200),))

    def about(self, key: str) -> tuple[str, str]:
        return f"{self.household(key).name}家", reverse("household", args=[key])

    def get(self, request: object, key: str = "", number: int = 0) -> HttpResponse:
        self._among(key, number)
        return super().get(request, key)

    def post(self, request: object, key: str = "", number: int = 0) -> HttpResponse:
        self._number = self._among(key, number)
        return super().post(request, key)

    def _among(self, key: str, number: int) -> int:
        if number not in {each.number for each in merged_into(self.actor, key)}:
            raise Unseen("没有找到这次合并，可能已经拆开了。")
        return number

    def done(self, key: str, form: Form) -> HttpResponse:
        done = unmerge_homes(self.actor, self._number, because=form.raw("because"), at=now())
        tell(self.request, "拆开了，两户各是各的。")
        return redirect("household", key=done.gone)
