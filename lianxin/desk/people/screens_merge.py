"""Two registrations side by side, made one after somebody has looked; and taken apart again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import now, say_day, today
from lianxin.base.errors import Problems, Refused, Unseen
from lianxin.desk.people.screens_change import Change
from lianxin.net.posts import posts_counted
from lianxin.net.regions import path_name
from lianxin.records.merging import merge, records_of, unmerge
from lianxin.register.aliases import same_as
from lianxin.register.cards import PersonCard, PersonHit
from lianxin.register.lives import homes_counted, merged_into
from lianxin.register.queries import find_persons, household_names, person_cards
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.parts import Column, Line, Row, Table
from lianxin.ui.screen import Screen

KINDS = {"visit": "走访", "listing": "建档"}
NONE = "没有登记"


@dataclass(frozen=True, slots=True)
class WhoPage:
    """Looking for the other one."""

    title: str
    back: str
    search: Field
    hits: tuple[Line, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class MergePage:
    """Both side by side, and what is asked: which one is kept, which value where they differ, why."""

    title: str
    about: str
    back: str
    both: Table
    form: Form
    warnings: tuple[str, ...]


class PersonMergeWho(Screen):
    """Who the other one is."""

    needs = Verb.REGISTER_WRITE
    template = "desk/people/merge_who.html"
    title = "合并重复的人"
    room = "households"

    def get(self, request: object, key: str) -> HttpResponse:
        one = writable(self.actor, key)
        sought = self.request.GET.get("q", "").strip()[:40] or one.name
        hits = [hit for hit in find_persons(self.actor, sought, limit=12) if hit.key != one.key]
        page = WhoPage(
            title=f"{one.name}和谁是同一个人",
            back=reverse("person", args=[one.key]),
            search=Field(name="q", label="找另一条", values=(sought,), placeholder="姓名、拼音、电话后四位"),
            hits=tuple(_line(one, hit) for hit in hits),
            empty="没有找到读音相近的另一条。换个字再找找。",
        )
        return self.render(page)


class PersonMerge(Screen):
    """Both side by side; merging waits for a button and a reason."""

    needs = Verb.REGISTER_WRITE
    template = "desk/people/merge.html"
    title = "合并重复的人"
    room = "households"

    def get(self, request: object, key: str, other: str) -> HttpResponse:
        return self.render(merge_page(self.actor, *both_writable(self.actor, key, other)))

    def post(self, request: object, key: str, other: str) -> HttpResponse:
        one, two = both_writable(self.actor, key, other)
        page = merge_page(self.actor, one, two)
        form = page.form.bind(self.request.POST)
        try:
            kept, gone, taken = _chosen(one, two, form)
            merge(self.actor, kept, gone, taken=taken, because=form.raw("because"), at=now())
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            bound = MergePage(page.title, page.about, page.back, page.both, form.refuse(error), page.warnings)
            return self.render(bound, status=400)
        tell(self.request, "两条并成一条了。要是弄错了，在这一页可以拆开。")
        return redirect("person", key=kept)


def writable(actor: Actor, key: str) -> PersonCard:
    """Somebody the actor may write about; Unseen otherwise."""
    card = person_cards(actor, [key], on=today()).get(key)
    if card is None or not actor.may(Verb.REGISTER_WRITE, region=card.region):
        raise Unseen("没有找到这个人，可能已迁走或不在您的区域。")
    return card


def both_writable(actor: Actor, key: str, other: str) -> tuple[PersonCard, PersonCard]:
    """Both; Unseen where the actor may not write about one of them."""
    cards = person_cards(actor, [key, other], on=today())
    seen = [cards[each] for each in (key, other) if each in cards]
    if len(seen) < 2 or not all(actor.may(Verb.REGISTER_WRITE, region=card.region) for card in seen):
        raise Unseen("没有找到这个人，可能已迁走或不在您的区域。")
    return seen[0], seen[1]


def _line(one: PersonCard, hit: PersonHit) -> Line:
    born = f"{say_day(hit.birth)}出生" if hit.birth else "没有出生日期"
    home = f"{path_name(hit.region)} {hit.place}".strip()
    href = reverse("person-merge", args=[one.key, hit.key])
    return Line(text=f"{hit.name}（{born}）", href=href, note=f"{home} · {hit.rank_words}")


def merge_page(actor: Actor, one: PersonCard, other: PersonCard) -> MergePage:
    """Both as they are, masked, with what would come along; a question for every value in which they differ."""
    if one.key == other.key:
        raise Refused("这两条是同一条，请选两条不同的。")
    first = not (other.household and not one.household)
    homes = household_names(actor, [card.household for card in (one, other) if card.household])
    called = {card.key: _called(card, homes) for card in (one, other)}
    fields = [
        Field(
            name="kept",
            label="保留哪一条（她以后就在这一条所在的户里）",
            type=FieldType.CHOICE,
            required=True,
            options=tuple(Option(side, called[card.key]) for side, card in (("one", one), ("other", other))),
            values=("one" if first else "other",),
        ),
        *_questions(one, other),
        Field(name="because", label="怎么知道是同一个人", required=True, limit=200, placeholder="例如：核对过身份证"),
    ]
    return MergePage(
        title=f"{one.name}和{other.name}",
        about=one.name,
        back=reverse("person", args=[one.key]),
        both=_side_by_side(actor, one, other, called),
        form=Form(tuple(fields)),
        warnings=_warnings(one, other),
    )


def _called(card: PersonCard, homes: Mapping[str, tuple[str, str]]) -> str:
    head, place = homes.get(card.household, ("", ""))
    home = f"{head}家 {place}".strip() if head else "现在不在户里"
    return f"{card.name}，{path_name(card.region)} {home}"


def _values(card: PersonCard) -> dict[str, tuple[str, str]]:
    """What stands in each field, with what it is called; masked."""
    return {
        "name": ("姓名", card.name),
        "sex": ("性别", card.sex),
        "birth": ("出生日期", say_day(card.birth) if card.birth else ""),
        "id_number": ("证件号", card.id_number),
        "phone": ("电话", card.phone),
        "died_on": ("去世日期", say_day(card.died_on) if card.died_on else ""),
    }


def _questions(one: PersonCard, other: PersonCard) -> list[Field]:
    mine, theirs = _values(one), _values(other)
    return [
        Field(
            name=f"take-{name}",
            label=f"{label}用哪一个",
            type=FieldType.CHOICE,
            options=(Option("one", value or NONE), Option("other", theirs[name][1] or NONE)),
            values=("one" if value else "other",),
        )
        for name, (label, value) in mine.items()
        if value != theirs[name][1]
    ]


def _side_by_side(actor: Actor, one: PersonCard, other: PersonCard, called: Mapping[str, str]) -> Table:
    """What each says of herself, and what would come along."""
    both = (one, other)
    rows = [
        Row((label, *(_values(card)[name][1] or NONE for card in both))) for name, (label, _) in _values(one).items()
    ]
    rows.insert(0, Row(("住在", *(called[card.key] for card in both))))
    alike = same_as([one.key, other.key])
    records, homes, posts = records_of(alike), homes_counted(actor, alike), posts_counted(alike)
    rows += [
        Row((name, *(f"{records[card.key][code]} 条" for card in both)))
        for code, name in KINDS.items()
        if any(records[card.key][code] for card in both)
    ]
    rows.append(Row(("在过几户", *(f"{homes[card.key]} 户" for card in both))))
    rows.append(Row(("任职", *(f"{posts[card.key]} 次" for card in both))))
    return Table(
        caption="两条并排看",
        columns=(
            Column(label="哪一栏", is_key=True),
            Column(label="第一条"),
            Column(label="第二条"),
        ),
        rows=tuple(rows),
    )


def _warnings(one: PersonCard, other: PersonCard) -> tuple[str, ...]:
    said = []
    if one.id_number and other.id_number:
        said.append("两条都有证件号。证件号不同的，多半不是同一个人，请对照证件。")
    if one.sex and other.sex and one.sex != other.sex:
        said.append("两条的性别不同，请核对。")
    if one.birth and other.birth and one.birth != other.birth:
        said.append("两条的出生日期不同，请核对。")
    if one.household and other.household and one.household != other.household:
        said.append("两条现在各在一户。合并以后，她从今天起只在保留的那一户；另一户里她的经过还在。")
    return tuple(said)


def _chosen(one: PersonCard, other: PersonCard, form: Form) -> tuple[str, str, tuple[str, ...]]:
    """Whose key is kept, whose leads to it, and which values come from the latter."""
    side = form.chosen("kept")
    if not side:
        raise Refused("请选保留哪一条。", field="kept")
    kept, gone = (one, other) if side == "one" else (other, one)
    asked = [field.name for field in form.fields if field.name.startswith("take-")]
    taken = tuple(name.removeprefix("take-") for name in asked if form.chosen(name) not in ("", side))
    return kept.key, gone.key, taken


class PersonUnmerge(Change):
    """Two people again, each as she was."""

    title = "拆成两个人"
    submit = "拆开"

    def form(self, key: str) -> Form:
        return Form(
            (
                Field(
                    name="because",
                    label="为什么拆开",
                    required=True,
                    limit=200,
                    placeholder="例如：同名同姓，不是一个人",
                    help="两条各回原样；合并以后改过、记过的，留在当时写的那一条。",
                ),
            )
        )

    def about(self, key: str) -> tuple[str, str]:
        return self.person(key).name, reverse("person", args=[key])

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
        done = unmerge(self.actor, self._number, because=form.raw("because"), at=now())
        tell(self.request, "拆开了，两个人各是各的。")
        return redirect("person", key=done.gone)
