"""Pages that show the register: finding a household, one household on one thread, one person, a sheet for paper."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of
from lianxin.base.days import parse_day, say_day, today
from lianxin.base.errors import Refused, Unseen
from lianxin.kinds.visits.queries import difficulties_of, last_visits
from lianxin.net.regions import children, path_name, region_name
from lianxin.records.care import care_called_for, said_once
from lianxin.records.history import timeline
from lianxin.records.kinds import Card, Subject
from lianxin.register.aliases import with_merged
from lianxin.register.cards import HouseholdCard, PersonCard
from lianxin.register.domiciles import domicile_of
from lianxin.register.lives import lived_on, merged_into, spell_events, spells_of
from lianxin.register.queries import (
    find_subjects,
    history,
    household_card,
    household_cards,
    households_in,
    households_of,
    person_card,
)
from lianxin.ui.forms import Field
from lianxin.ui.parts import Cell, Chip, Column, Event, Known, Pages, Row, Table
from lianxin.ui.screen import Screen

PAGE = 20
SEX = {"female": "女", "male": "男"}


@dataclass(frozen=True, slots=True)
class HouseholdsPage:
    search: Field
    table: Table
    places: tuple[Chip, ...]
    pages: Pages
    export: str
    may_register: bool
    may_import: bool


class Households(Screen):
    """Find a household by a name, initials, a number's tail or a house number; or walk through a village."""

    needs = Verb.REGISTER_READ
    template = "desk/people/households.html"
    title = "人家"
    room = "households"
    fragments = {"list": "desk/people/_households.html"}

    def get(self, request: object) -> HttpResponse:
        sought = self.request.GET.get("q", "").strip()[:40]
        region = region_asked(self.actor, self.request.GET.get("region", ""))
        error, older = "", ""
        keys: list[str] = []
        try:
            if sought:
                keys = self._found(sought)
            elif region:
                keys, older = self._walked(region)
        except Refused as refused:
            error = refused.message
        page = HouseholdsPage(
            search=Field(
                name="q", label="找人家", values=(sought,), error=error, placeholder="姓名、zgy、尾号、3组17号"
            ),
            table=self._table(keys),
            places=places_of(self.actor, region),
            pages=Pages(says=region_name(region) if region else "", older=older),
            export=reverse("households-export") if self.actor.may_take_out(Verb.REGISTER_READ) else "",
            may_register=bool(self.actor.may(Verb.REGISTER_WRITE)),
            may_import=bool(self.actor.may(Verb.IMPORT)),
        )
        return self.render(page, status=400 if error else 200)

    def _walked(self, region: str) -> tuple[list[str], str]:
        """One page of an area's households in the order of their house numbers, and where it goes on."""
        came = self.request.GET.get("after", "").split("~")
        after = (came[0], came[1], came[2]) if len(came) == 3 else None
        found = households_in(self.actor, region, after=after, limit=PAGE + 1)
        more = "~".join(found[PAGE - 1]) if len(found) > PAGE else ""
        older = "?" + urlencode({"region": region, "after": more}) if more else ""
        return [key for _, _, key in found[:PAGE]], older

    def _found(self, sought: str) -> list[str]:
        hits = find_subjects(self.actor, sought, limit=PAGE)
        people = [hit.key for hit in hits if hit.kind == "person"]
        homes = households_of(self.actor, people, today()) if people else {}
        return list(dict.fromkeys(homes.get(hit.key, hit.key) for hit in hits))

    def _table(self, keys: list[str]) -> Table:
        cards = household_cards(self.actor, keys, on=today())
        last = last_visits(self.actor, list(cards)) if self.actor.may(Verb.VISIT_READ) else {}
        rows = []
        for key in keys:
            if card := cards.get(key):
                visit = last.get(key)
                rows.append(
                    Row(
                        (
                            Cell(text=f"{card.name}家", href=reverse("household", args=[key]), note=card.place),
                            path_name(card.region),
                            f"{card.people} 人",
                            card.phone,
                            say_day(visit.day) if visit else "还没去过",
                        )
                    )
                )
        return Table(
            caption="人家",
            columns=(
                Column(label="哪一家", is_key=True),
                Column(label="村（社区）"),
                Column(label="几口人"),
                Column(label="电话"),
                Column(label="上次走访", kind="day"),
            ),
            rows=tuple(rows),
            empty="没有找到。换个字，或者输手机后四位试试；册子里没有的，可以新登一户。",
        )


def region_asked(actor: Actor, asked: str) -> str:
    """The area that somebody asks to walk through, where she may; else the first she stands in."""
    tops = actor.regions(Verb.REGISTER_READ)
    if asked.isascii() and asked.isdigit() and len(asked) in (6, 9, 12) and any(asked.startswith(top) for top in tops):
        return asked
    return tops[0] if tops else ""


def places_of(actor: Actor, region: str) -> tuple[Chip, ...]:
    """The places one level below where the reader stands, and the way back up as far as she may go."""
    tops = actor.regions(Verb.REGISTER_READ)
    chips: list[Chip] = []
    if region and region not in tops:
        above = region[: Level(level_of(region) - 1).length]
        chips.append(Chip(label=f"回{region_name(above)}", href=f"?region={above}"))
    if region and level_of(region) < Level.VILLAGE:
        chips += [Chip(label=region_name(row.code), href=f"?region={row.code}") for row in children(region)]
    return tuple(chips)


@dataclass(frozen=True, slots=True)
class MemberRow:
    href: str
    words: str


@dataclass(frozen=True, slots=True)
class HouseholdPage:
    title: str
    card: HouseholdCard
    place: str
    facts: tuple[Known, ...]
    members: tuple[MemberRow, ...]
    events: tuple[Event, ...]
    waiting: tuple[tuple[str, str], ...]
    care: str
    merged: tuple[Known, ...]
    may_write: bool
    may_visit: bool
    may_list: bool
    reveal: str
    seen: str
    printed_on: dt.date


def household_page(actor: Actor, key: str) -> HouseholdPage:
    """One household as the actor may see it; Unseen when she may not."""
    card = household_card(actor, key, on=today())
    if card is None:
        raise Unseen("没有找到这一户，可能已迁走或不在您的区域。")
    keys = with_merged((card.key, *(line.key for line in card.members)))
    has_merged = len(keys) > len(card.members) + 1
    subject = Subject("household", card.key)
    waiting = difficulties_of(actor, subject, keys=keys) if actor.may(Verb.VISIT_READ) else ()
    may_write = bool(actor.may(Verb.REGISTER_WRITE, region=card.region)) and card.until is None
    return HouseholdPage(
        title=f"{card.name}家",
        card=card,
        place=f"{path_name(card.region)} {card.place}".strip(),
        facts=_facts(card),
        members=tuple(MemberRow(reverse("person", args=[line.key]), line.words) for line in card.members),
        events=_events(actor, card, keys),
        waiting=tuple((item.text, reverse("visit", args=[item.record])) for item in waiting),
        care=said_once(care_called_for(actor, keys)),
        merged=_merged(actor, card.key, card.region, "household-unmerge") if has_merged else (),
        may_write=may_write,
        may_visit=bool(actor.may(Verb.VISIT_RECORD, region=card.region)),
        may_list=bool(actor.may(Verb.LISTING_RECORD, region=card.region)),
        reveal=reverse("reveal", args=[key, "phone"]) if _may_reveal(actor, card.region) and card.phone else "",
        seen=_seen(actor, "household", card.key, card.region),
        printed_on=today(),
    )


def _seen(actor: Actor, kind: str, key: str, region: str) -> str:
    return reverse("file-seen", args=[kind, key]) if actor.may(Verb.AUDIT_FILE, region=region) else ""


def _may_reveal(actor: Actor, region: str) -> bool:
    return bool(actor.may(Verb.REGISTER_REVEAL, region=region))


def _facts(card: HouseholdCard) -> tuple[Known, ...]:
    facts = [Known("住在", f"{path_name(card.region)} {card.place}".strip()), Known("建户", say_day(card.since))]
    if card.phone:
        facts.append(Known("电话", card.phone))
    if card.until:
        facts.append(Known("销户", say_day(card.until)))
    return tuple(facts)


def _events(actor: Actor, card: HouseholdCard, keys: tuple[str, ...]) -> tuple[Event, ...]:
    """The register's events and every kind's records on one thread, the newest first."""
    names = {line.key: line.name for line in card.members}
    told = [(each.day, 1, _record_event(each, whose=names.get(each.subject, ""))) for each in timeline(actor, keys)]
    told += [
        (
            event.day,
            0,
            Event(day=say_day(event.day), title=event.words, text=path_name(event.region) if event.region else ""),
        )
        for event in history(actor, card.key, card=card)
    ]
    return tuple(event for _, _, event in sorted(told, key=lambda each: each[:2], reverse=True))


def _record_event(card: Card, *, whose: str = "") -> Event:
    """`whose`: the one of the household it is about, where it is not about all of them."""
    return Event(
        day=say_day(card.day),
        title=card.title,
        quote=card.detail,
        text=f"只记{whose}一个人" if whose else "",
        href=reverse(card.url_name, args=[card.key]),
    )


class OneHousehold(Screen):
    """A household's people, and its history on one thread."""

    needs = Verb.REGISTER_READ
    template = "desk/people/household.html"
    title = "一户人家"
    room = "households"

    def get(self, request: object, key: str) -> HttpResponse:
        page = household_page(self.actor, key)
        if page.card.key != key:
            return redirect("household", key=page.card.key)
        return self.render(page)


class HouseholdPrint(Screen):
    """The same, for paper."""

    needs = Verb.REGISTER_READ
    template = "desk/people/household_print.html"
    title = "家庭档案"
    room = "households"

    def get(self, request: object, key: str) -> HttpResponse:
        return self.render(household_page(self.actor, key))


@dataclass(frozen=True, slots=True)
class PersonPage:
    title: str
    card: PersonCard
    facts: tuple[Known, ...]
    events: tuple[Event, ...]
    household: str
    care: str
    merged: tuple[Known, ...]
    day: Field
    stays: tuple[str, ...]
    may_write: bool
    may_visit: bool
    may_list: bool
    reveals: tuple[tuple[str, str], ...]
    seen: str
    domicile: str


class OnePerson(Screen):
    """One person: what is known, and what touches her."""

    needs = Verb.REGISTER_READ
    template = "desk/people/person.html"
    title = "一个人"
    room = "households"

    def get(self, request: object, key: str) -> HttpResponse:
        card = person_card(self.actor, key, on=today())
        if card is None:
            raise Unseen("没有找到这个人，可能已迁走或不在您的区域。")
        if card.key != key:  # merged into another: the old key still leads here
            return redirect("person", key=card.key)
        keys = with_merged([key])
        domicile = domicile_of(self.actor, keys, region=card.region)
        reveals = []
        if _may_reveal(self.actor, card.region):
            reveals += [("看证件号", reverse("reveal", args=[key, "id_number"]))] if card.id_number else []
            reveals += [("看电话", reverse("reveal", args=[key, "phone"]))] if card.phone else []
            if domicile and domicile.has_address:
                reveals.append(("看外地的地址", reverse("reveal", args=[key, "elsewhere"])))
        page = PersonPage(
            title=card.name,
            card=card,
            facts=_person_facts(card),
            events=_person_events(self.actor, keys),
            care=said_once(care_called_for(self.actor, keys)),
            merged=_merged(self.actor, card.key, card.region, "person-unmerge"),
            day=Field(
                name="day", label="哪一天", values=(self.request.GET.get("day", "")[:20],), placeholder="2021-5-3"
            ),
            stays=_stays(self.actor, key, self.request.GET.get("day", "")),
            household=reverse("household", args=[card.household]) if card.household else "",
            may_write=bool(self.actor.may(Verb.REGISTER_WRITE, region=card.region)),
            may_visit=bool(self.actor.may(Verb.VISIT_RECORD, region=card.region)) and card.died_on is None,
            may_list=bool(self.actor.may(Verb.LISTING_RECORD, region=card.region)),
            reveals=tuple(reveals),
            seen=_seen(self.actor, "person", card.key, card.region),
            domicile=domicile.words if domicile else "",
        )
        return self.render(page)


def _person_events(actor: Actor, keys: tuple[str, ...]) -> tuple[Event, ...]:
    """Every kind's records and the households she was in on one thread, the newest first."""
    told = [(card.day, 1, _record_event(card)) for card in timeline(actor, keys)]
    told += [
        (event.day, 0, Event(day=say_day(event.day), title=event.words))
        for event in spell_events(spells_of(actor, keys))
    ]
    return tuple(event for _, _, event in sorted(told, key=lambda each: each[:2], reverse=True))


def _merged(actor: Actor, key: str, region: str, undo: str) -> tuple[Known, ...]:
    """What was merged into it or her; the latest can be taken apart by whoever may write here."""
    joined = merged_into(actor, key)
    may_undo = bool(actor.may(Verb.REGISTER_WRITE, region=region))
    return tuple(
        Known(
            f"{each.name or '另一条登记'}（{say_day(each.at.date())}并入）",
            each.because,
            href=reverse(undo, args=[key, each.number]) if may_undo and no == 0 else "",
            link="拆开",
        )
        for no, each in enumerate(joined)
    )


def _stays(actor: Actor, key: str, typed: str) -> tuple[str, ...]:
    """“Where did she live on 3 May?” in words; nothing asked, nothing said."""
    if not typed.strip():
        return ()
    try:
        day = parse_day(typed, field="day")
    except Refused as error:
        return (error.message,)
    stays = lived_on(actor, key, day)
    return tuple(
        f"{say_day(day)}住在{path_name(stay.region)}，{stay.head}家 {stay.place}".strip() for stay in stays
    ) or (f"{say_day(day)}没有登记住在哪一户，或不在您的区域。",)


def _person_facts(card: PersonCard) -> tuple[Known, ...]:
    facts = [Known("住在", path_name(card.region))]
    facts += [Known("与户主", card.relation.label)] if card.relation else []
    facts += [Known("性别", SEX[card.sex])] if card.sex in SEX else []
    if card.birth:
        age = f"，{card.age} 岁" if card.age is not None else ""
        facts.append(Known("出生", f"{say_day(card.birth)}{age}"))
    facts += [Known(card.id_label, card.id_number)] if card.id_number else []
    facts += [Known("电话", card.phone)] if card.phone else []
    facts += [Known("去世", say_day(card.died_on))] if card.died_on else []
    return tuple(facts)
