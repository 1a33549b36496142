"""Reading the register, each time with somebody's eyes. Tables are asked apart and put together by key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import TypeVar

from django.db import transaction
from django.db.models import Q

from lianxin.access.actor import Actor
from lianxin.access.guard import GuardedQuerySet
from lianxin.access.verbs import Verb
from lianxin.audit.log import Thing, checked_reason, note
from lianxin.audit.models import Act as Audited
from lianxin.base.codes import range_under
from lianxin.base.errors import Refused, Unseen
from lianxin.register.aliases import leads
from lianxin.register.cards import ChangeLine, Event, HouseholdCard, MemberLine, PersonCard, PersonHit, SubjectHit, age
from lianxin.register.domiciles import sealed_address
from lianxin.register.drafts import Leaving, Relation
from lianxin.register.finding import find_persons, find_subjects
from lianxin.register.log import HOUSEHOLD, PERSON, Act
from lianxin.register.models import Change, Household, Membership, Person, Residence
from lianxin.vault.fields import Sealed
from lianxin.vault.identity import Sex

_Row = TypeVar("_Row", Household, Person)
GONE = "（已迁走）"
SHOWN_ON = dt.date.max  # whoever is in it at last

__all__ = [
    "PersonHit",
    "SubjectHit",
    "changes",
    "find_persons",
    "find_subjects",
    "history",
    "household_card",
    "household_cards",
    "household_names",
    "household_of",
    "households_in",
    "households_of",
    "members",
    "names_and_ages",
    "person_card",
    "person_cards",
    "reveal",
]


def household_card(actor: Actor, key: str, *, on: dt.date) -> HouseholdCard | None:
    """None for no household, or one out of sight."""
    return household_cards(actor, [key], on=on).get(key)


def household_cards(actor: Actor, keys: Collection[str], *, on: dt.date) -> dict[str, HouseholdCard]:
    """Those the actor may see, by key, with who is in them now and the ages of that day. Three queries.

    A key that was merged into another answers with the other's card.
    """
    rows = list(_standing(Household.objects.seen_by(actor), HOUSEHOLD, keys))
    lines = _lines(actor, [row.id for _, row in rows], on, Q(ends__isnull=True))
    return {key: _household_card(row, lines.get(row.id, ())) for key, row in rows}


def household_names(actor: Actor, keys: Collection[str]) -> dict[str, tuple[str, str]]:
    """The head's name and the house number of those the actor may see. Two queries."""
    rows = list(_standing(Household.objects.seen_by(actor), HOUSEHOLD, keys))
    heads = _names(actor, {row.head for _, row in rows})
    return {key: (heads.get(row.head, ""), row.place) for key, row in rows}


def households_in(
    actor: Actor, region: str, *, after: tuple[str, str, str] | None = None, limit: int = 20
) -> list[tuple[str, str, str]]:
    """Standing households of an area as (village, house number, key), in that order; `after` is the last one seen."""
    low, high = range_under(region)
    rows = Household.objects.seen_by(actor).filter(region__gte=low, region__lt=high, until__isnull=True)
    if after is not None:
        village, place, key = after
        behind = Q(place__gt=place) | Q(place=place, id__gt=key)
        rows = rows.filter(region__gte=village).filter(Q(region__gt=village) | behind)
    return list(rows.order_by("region", "place", "id").values_list("region", "place", "id")[:limit])


def members(actor: Actor, household_key: str, *, on: dt.date) -> tuple[MemberLine, ...]:
    """Who was in a household on a day, the head first; () for a household out of sight."""
    then = Q(starts__lte=on) & (Q(ends__isnull=True) | Q(ends__gt=on))
    return _lines(actor, [household_key], on, then).get(household_key, ())


def person_card(actor: Actor, key: str, *, on: dt.date) -> PersonCard | None:
    """None for nobody, or somebody out of sight."""
    return person_cards(actor, [key], on=on).get(key)


def person_cards(actor: Actor, keys: Collection[str], *, on: dt.date) -> dict[str, PersonCard]:
    """Those the actor may see, by key, with the household they are in now; a merged key answers with the other's card.

    Two queries, a few more where keys were merged or are out of sight.
    """
    rows = list(_standing(Person.objects.seen_by(actor), PERSON, keys))
    now = Membership.objects.seen_by(actor).filter(person_id__in=[row.id for _, row in rows], ends__isnull=True)
    homes = {row.person_id: (row.household_id, Relation(row.relation)) for row in now}
    return {key: _person_card(row, homes.get(row.id, ("", None)), on) for key, row in rows}


def person_names(actor: Actor, keys: Collection[str]) -> dict[str, str]:
    """What these people are called, as far as the actor may see them; of a merged key the other's name."""
    return {key: row.name for key, row in _standing(Person.objects.seen_by(actor), PERSON, keys)}


def _standing(rows: GuardedQuerySet[_Row], kind: str, keys: Collection[str]) -> list[tuple[str, _Row]]:
    """The rows that these keys stand for, by key; asked again only for keys that lead elsewhere."""
    found = {row.id: row for row in rows.filter(id__in=keys)}
    elsewhere = [key for key in keys if key not in found or found[key].into]
    led = leads(kind, elsewhere) if elsewhere else {}
    if missing := set(led.values()) - found.keys():
        found |= {row.id: row for row in rows.filter(id__in=missing)}
    pairs = ((key, found.get(led.get(key, key))) for key in dict.fromkeys(keys))
    return [(key, row) for key, row in pairs if row is not None and not row.into]


def names_and_ages(actor: Actor, keys: Collection[str], *, on: dt.date) -> dict[str, tuple[str, int | None]]:
    """Of those the actor may see: her name, and her age in full years on a day where her birthday is known."""
    rows = Person.objects.seen_by(actor).filter(id__in=keys).values_list("id", "name", "birth", "died_on")
    return {key: (name, age(birth, died_on, on)) for key, name, birth, died_on in rows}


def household_of(actor: Actor, person_key: str, day: dt.date) -> str | None:
    """The household somebody was in on a day, where the actor may see it."""
    return households_of(actor, [person_key], day).get(person_key)


def households_of(actor: Actor, person_keys: Collection[str], day: dt.date) -> dict[str, str]:
    """The households these people were in on a day, by person."""
    rows = Membership.objects.seen_by(actor).filter(person_id__in=person_keys, starts__lte=day)
    then = rows.filter(Q(ends__isnull=True) | Q(ends__gt=day)).order_by("starts")
    return dict(then.values_list("person_id", "household_id"))


def history(actor: Actor, household_key: str, *, card: HouseholdCard | None = None) -> list[Event]:
    """What happened to a household, the latest first: built, moved, joined, left, closed. Unseen when out of sight.

    `card`: where the household has just been read by the same eyes.
    """
    if card is None:
        card = household_card(actor, household_key, on=SHOWN_ON)
    if card is None:
        raise Unseen("没有找到这一户，可能已经搬走。请重新查找。")
    names = {line.key: line.name for line in card.members}
    events = [*_homes(actor, card), *_comings_and_goings(actor, card, names)]
    if card.until is not None:
        events.append(Event(card.until, Act.CLOSED.value, "销户"))
    return sorted(events, key=lambda event: event.day)[::-1]  # of one day too, what came last stands first


def changes(actor: Actor, household_key: str, *, limit: int = 50) -> list[ChangeLine]:
    """Who changed what of a household and its people, the latest first. Unseen when out of sight."""
    household = _seen_household(actor, household_key)
    rows = Change.objects.seen_by(actor).filter(household=household.id).order_by("-id")[:limit]
    return [
        ChangeLine(
            at=row.at,
            by=row.by,
            act=Act(row.act).label,
            kind=row.kind,
            key=row.key,
            fields=tuple((each["field"], each["old"], each["new"]) for each in row.fields),
            because=row.because,
        )
        for row in rows
    ]


def reveal(actor: Actor, key: str, field: str, because: str, *, at: dt.datetime) -> str:
    """What is sealed of a household (`phone`) or person (`phone`, `id_number`, `elsewhere`), for a reason that is kept.

    Raises Unseen when it is out of sight, Forbidden without the right to reveal there, Refused without a reason, and
    where the access log takes no more.
    """
    kind, row = _with_numbers(actor, key)
    actor.require(Verb.REGISTER_REVEAL, region=row.region)
    reason = checked_reason(because, asks="请写明为什么要看完整号码。")
    sealed = _sealed(actor, kind, row, field)
    if sealed is None:
        raise Refused("这一栏没有加密的号码。", field="field")
    with transaction.atomic():
        number = sealed.reveal()
        note(actor, Audited.REVEAL, at=at, about=Thing(kind, key, row.region), what=field, reason=reason)
    return number


def _sealed(actor: Actor, kind: str, row: Household | Person, field: str) -> Sealed | None:
    if field == "phone":
        return row.phone
    if isinstance(row, Person) and field == "id_number":
        return row.id_number
    return sealed_address(actor, row.id, row.region) if kind == PERSON and field == "elsewhere" else None


def _with_numbers(actor: Actor, key: str) -> tuple[str, Household | Person]:
    household = Household.objects.seen_by(actor).filter(id=key).first()
    if household is not None:
        return HOUSEHOLD, household
    person = Person.objects.seen_by(actor).filter(id=key).first()
    if person is None:
        raise Unseen("没有找到，可能已经迁走。请重新查找。")
    return PERSON, person


def _seen_household(actor: Actor, key: str) -> Household:
    household = Household.objects.seen_by(actor).filter(id=key).first()
    if household is None:
        raise Unseen("没有找到这一户，可能已经搬走。请重新查找。")
    return household


def _homes(actor: Actor, household: HouseholdCard) -> Iterator[Event]:
    for row in Residence.objects.seen_by(actor).filter(household_id=household.key).order_by("starts"):
        if row.starts == household.since:
            yield Event(row.starts, Act.REGISTERED.value, "建户", region=row.region)
        else:
            yield Event(row.starts, Act.MOVED.value, "搬来", region=row.region)
        if row.ends is not None and row.ends != household.until:
            yield Event(row.ends, Act.MOVED.value, "搬走", region=row.region)


def _comings_and_goings(actor: Actor, household: HouseholdCard, known: Mapping[str, str]) -> Iterator[Event]:
    rows = list(Membership.objects.seen_by(actor).filter(household_id=household.key).order_by("starts", "id"))
    names = {**known, **_names(actor, {row.person_id for row in rows} - known.keys())}
    for row in rows:
        name = names.get(row.person_id, GONE)
        if row.starts > household.since:
            words = f"{name}加入（{Relation(row.relation).label}）"
            yield Event(row.starts, Act.JOINED.value, words, person=row.person_id)
        if row.ends is not None:
            yield Event(row.ends, Act.LEFT.value, f"{name}{Leaving(row.ended_why).label}", person=row.person_id)


def _lines(actor: Actor, households: Collection[str], day: dt.date, when: Q) -> dict[str, tuple[MemberLine, ...]]:
    rows = list(Membership.objects.seen_by(actor).filter(when, household_id__in=households).order_by("starts", "id"))
    keys = {row.person_id for row in rows}
    people = dict(_standing(Person.objects.seen_by(actor), PERSON, keys)) if keys else {}
    lines: dict[str, dict[str, MemberLine]] = {}
    for row in sorted(rows, key=lambda row: row.relation != Relation.HEAD):
        line = _line(row, people.get(row.person_id), day)
        lines.setdefault(row.household_id, {}).setdefault(line.key, line)  # registered twice, she is there once
    return {key: tuple(found.values()) for key, found in lines.items()}


def _line(row: Membership, person: Person | None, day: dt.date) -> MemberLine:
    """Somebody who went to another village since is out of sight, name and all."""
    if person is None:
        return MemberLine(row.person_id, GONE, Relation(row.relation), None, "")
    years = age(person.birth, person.died_on, day)
    return MemberLine(person.id, person.name, Relation(row.relation), years, _sex(person))


def _sex(person: Person) -> str:
    return Sex(person.sex).label if person.sex else ""


def _names(actor: Actor, people: Collection[str]) -> dict[str, str]:
    return person_names(actor, people) if people else {}


def _household_card(row: Household, lines: tuple[MemberLine, ...]) -> HouseholdCard:
    return HouseholdCard(
        key=row.id,
        region=row.region,
        grid=row.grid,
        place=row.place,
        head=row.head,
        name=next((line.name for line in lines if line.key == row.head), ""),
        members=lines,
        phone=row.phone.masked,
        since=row.since,
        until=row.until,
        is_demo=row.is_demo,
    )


def _person_card(row: Person, home: tuple[str, Relation | None], day: dt.date) -> PersonCard:
    return PersonCard(
        key=row.id,
        name=row.name,
        sex=_sex(row),
        birth=row.birth,
        age=age(row.birth, row.died_on, day),
        died_on=row.died_on,
        id_number=row.id_number.masked,
        phone=row.phone.masked,
        region=row.region,
        household=home[0],
        relation=home[1],
        is_demo=row.is_demo,
        id_kind=row.id_kind,
    )
