"""The work list of people who may be registered twice: look at both, merge them, or say that they are two."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of
from lianxin.base.days import now, say_day, today
from lianxin.base.errors import Problems, Refused, Unseen
from lianxin.desk.people.screens_change import ChangePage
from lianxin.net.regions import path_name
from lianxin.register.cards import PersonCard
from lianxin.register.queries import person_cards
from lianxin.register.suspects import Pair, count_suspects, find_suspects, suspect_open, suspects_open, tell_apart
from lianxin.ui.forms import Field, Form
from lianxin.ui.notices import tell
from lianxin.ui.parts import Cell, Column, Pages, Row, Table
from lianxin.ui.screen import Screen

PAGE = 20


@dataclass(frozen=True, slots=True)
class DoublesPage:
    count: int
    table: Table
    pages: Pages
    may_look: bool
    export: str


class Doubles(Screen):
    """The pairs that wait, the likeliest first; a county may have everybody compared anew."""

    needs = Verb.REGISTER_WRITE
    template = "desk/people/doubles.html"
    title = "疑似重复的人"
    room = "households"

    def get(self, request: object) -> HttpResponse:
        typed = self.request.GET.get("from", "0")
        begin = min(int(typed), 100_000) if typed.isascii() and typed.isdigit() else 0
        pairs = suspects_open(self.actor, after=begin, limit=PAGE + 1)
        cards = person_cards(self.actor, [key for pair in pairs for key in (pair.one, pair.other)], on=today())
        rows = tuple(_row(pair, cards) for pair in pairs[:PAGE] if _both(pair, cards))
        page = DoublesPage(
            count=count_suspects(self.actor),
            table=_table(rows),
            pages=Pages(says="", older=f"?from={begin + PAGE}" if len(pairs) > PAGE else ""),
            may_look=bool(_counties(self.actor)),
            export=reverse("doubles-export") if self.actor.may_take_out(Verb.REGISTER_WRITE) else "",
        )
        return self.render(page)

    def post(self, request: object) -> HttpResponse:
        counties = _counties(self.actor)
        if not counties:
            raise Refused("全县一起查由县妇联办。")
        found = sum(find_suspects(self.actor, county, at=now()) for county in counties)
        tell(self.request, f"查好了，还有 {found} 对等着看。")
        return redirect("doubles")


def _counties(actor: Actor) -> list[str]:
    return [top for top in actor.regions(Verb.REGISTER_WRITE) if top and level_of(top) == Level.COUNTY]


def _both(pair: Pair, cards: dict[str, PersonCard]) -> bool:
    """Both in sight, and still two."""
    one, other = cards.get(pair.one), cards.get(pair.other)
    return one is not None and other is not None and one.key != other.key


def _row(pair: Pair, cards: dict[str, PersonCard]) -> Row:
    one, other = cards[pair.one], cards[pair.other]
    return Row(
        (
            Cell(text=f"{one.name} / {other.name}", href=reverse("person-merge", args=[one.key, other.key])),
            Cell(text=_said(one), note=_said(other)),
            "、".join(pair.reasons),
            Cell(text="不是同一个人", href=reverse("double-other", args=[pair.number])),
        )
    )


def _said(card: PersonCard) -> str:
    born = f"，{say_day(card.birth)}出生" if card.birth else ""
    return f"{path_name(card.region)}{born}"


def _table(rows: tuple[Row, ...]) -> Table:
    return Table(
        caption="疑似重复的人",
        columns=(
            Column(label="哪两条", is_key=True),
            Column(label="在哪里"),
            Column(label="为什么像"),
            Column(label="看过了"),
        ),
        rows=rows,
        empty="没有等着看的。登记时有像的会当场问；县妇联每查一遍，找到的也会在这里。",
    )


class DoubleOther(Screen):
    """They are two people, said with a reason; the pair never comes up again."""

    needs = Verb.REGISTER_WRITE
    template = "desk/people/change.html"
    title = "不是同一个人"
    room = "households"

    def get(self, request: object, number: int) -> HttpResponse:
        return self._page(number, _why())

    def post(self, request: object, number: int) -> HttpResponse:
        form = _why().bind(self.request.POST)
        try:
            tell_apart(self.actor, number, because=form.raw("because"), at=now())
        except (Refused, Problems) as error:
            if isinstance(error, Unseen):
                raise
            return self._page(number, form.refuse(error), status=400)
        tell(self.request, "记下了，这一对不会再提。")
        return redirect("doubles")

    def _page(self, number: int, form: Form, *, status: int = 200) -> HttpResponse:
        pair = suspect_open(self.actor, number)
        cards = person_cards(self.actor, [pair.one, pair.other], on=today())
        about = "和".join(cards[key].name for key in (pair.one, pair.other) if key in cards)
        page = ChangePage(self.title, about, reverse("doubles"), form, "是两个人", gist=about)
        return self.render(page, status=status)


def _why() -> Form:
    return Form((Field(name="because", label="怎么知道的", required=True, limit=200, placeholder="例如：打电话问过"),))
