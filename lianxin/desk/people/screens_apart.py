"""人户分离: what is on file of somebody's registration, and everybody whose registration and home are apart."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import NATION
from lianxin.base.days import now, say_day, today
from lianxin.desk.people.screens import places_of, region_asked
from lianxin.desk.people.screens_change import Change
from lianxin.net.regions import path_name, region_name
from lianxin.register.aliases import with_merged
from lianxin.register.domiciles import Domiciled, count_apart, domicile_of, people_apart, read_domiciles, say_domicile
from lianxin.register.drafts import Apart
from lianxin.register.queries import person_cards
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.parts import Cell, Chip, Column, Pages, Row, Table
from lianxin.ui.screen import Screen

PAGE = 20
SHORT = {Apart.REGISTERED_AWAY: "人在户不在", Apart.LIVING_AWAY: "户在人不在"}


class DomicileChange(Change):
    """Where somebody is registered, and where she lives when that is not the same."""

    title = "户口在哪里"
    gist = "户口和人不在一处的，写清楚从哪天起；外地的地址加密保存。"

    def form(self, key: str) -> Form:
        card = self.person(key)
        said = domicile_of(self.actor, with_merged([card.key]), region=card.region)
        return Form(
            (
                Field(
                    name="state",
                    label="户口和人",
                    type=FieldType.CHOICE,
                    options=tuple(Option(each.value, each.label) for each in Apart),
                    values=(said.state.value,) if said else (),
                    required=True,
                ),
                Field(
                    name="elsewhere",
                    label="外地的地址",
                    limit=80,
                    known="已加密保存" if said and said.has_address else "",
                    help="户口在外地的写户口地址，人在外地的写现在住处；不清楚就先写省、市、县",
                ),
                Field(name="since", label="从哪天起", type=FieldType.DAY, values=(today().isoformat(),)),
            )
        )

    def about(self, key: str) -> tuple[str, str]:
        return self.person(key).name, reverse("person", args=[key])

    def done(self, key: str, form: Form) -> HttpResponse:
        card = self.person(key)
        say_domicile(
            self.actor,
            card.key,
            state=form.raw("state"),
            elsewhere=form.raw("elsewhere"),
            since=form.raw("since"),
            at=now(),
        )
        tell(self.request, "记好了。")
        return redirect("person", key=card.key)


@dataclass(frozen=True, slots=True)
class ApartPage:
    table: Table
    says: str
    places: tuple[Chip, ...]
    kinds: tuple[Chip, ...]
    pages: Pages
    export: str


class PeopleApart(Screen):
    """Everybody whose registration and home are apart, by village, in both directions."""

    needs = Verb.REGISTER_READ
    template = "desk/people/apart.html"
    title = "人户分离"
    room = "households"

    def get(self, request: object) -> HttpResponse:
        region = region_asked(self.actor, self.request.GET.get("region", ""))
        state = self.request.GET.get("state", "")
        typed = self.request.GET.get("from", "0")
        begin = min(int(typed), 100_000) if typed.isascii() and typed.isdigit() else 0
        rows = tuple(read_domiciles(people_apart(self.actor, region, state=state)[begin : begin + PAGE + 1]))
        counts = count_apart(self.actor, region)
        kept = f"region={region}" + (f"&state={state}" if state in SHORT else "")
        page = ApartPage(
            table=_table(self.actor, rows[:PAGE]),
            says="，".join(f"{SHORT[each]} {counts.get(each, 0)} 人" for each in SHORT),
            places=places_of(self.actor, region),
            kinds=(
                Chip(label="全部", href=f"?region={region}", is_on=state not in SHORT),
                *(
                    Chip(label=label, href=f"?region={region}&state={each.value}", is_on=state == each.value)
                    for each, label in SHORT.items()
                ),
            ),
            pages=Pages(
                says=region_name(region) if region not in ("", NATION) else "",
                older=f"?{kept}&from={begin + PAGE}" if len(rows) > PAGE else "",
            ),
            export=f"{reverse('apart-export')}?{kept}" if self.actor.may_take_out(Verb.REGISTER_READ) else "",
        )
        return self.render(page)


def _table(actor: Actor, rows: tuple[Domiciled, ...]) -> Table:
    cards = person_cards(actor, [row.person for row in rows], on=today())
    return Table(
        caption="人户分离",
        columns=(
            Column(label="谁", is_key=True),
            Column(label="村（社区）"),
            Column(label="哪一种"),
            Column(label="从哪天起", kind="day"),
        ),
        rows=tuple(
            Row(
                (
                    Cell(text=cards[row.person].name, href=reverse("person", args=[cards[row.person].key])),
                    path_name(row.region),
                    SHORT[row.state],
                    say_day(row.since),
                )
            )
            for row in rows
            if row.person in cards
        ),
        empty="没有登记人户分离的人。打开一个人，点“户口在哪里”就能登。",
    )
