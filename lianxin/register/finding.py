"""Finding households and people by what is typed: part of a name, pinyin, initials, sound, house number, last four.

Forms stand in one table, so that whatever is typed is a few ranges of one index, asked in the order of their worth and
narrowed to the area first. Nothing is searched that the actor may not see.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from django.db import transaction
from django.db.models import Min, Q

from lianxin.access.actor import Actor
from lianxin.access.guard import GuardedQuerySet
from lianxin.access.verbs import Verb
from lianxin.audit.log import Thing, note
from lianxin.audit.models import Act
from lianxin.base.codes import Level, level_of, range_under
from lianxin.base.days import now
from lianxin.base.errors import Refused
from lianxin.base.text import half_width
from lianxin.register.cards import PersonHit, SubjectHit
from lianxin.register.log import HOUSEHOLD, PERSON
from lianxin.register.models import Household, Membership, NameForm, Person
from lianxin.register.names import readings_of, sounds_of, sounds_typed
from lianxin.register.rows import (
    GIVEN,
    PART,
    SOUND,
    hash_of_id,
    hash_of_id_tail,
    hash_of_phone,
    hash_of_phone_tail,
)
from lianxin.vault.identity import parse_id_number, parse_phone

LONGEST = 60
_MARKS = PART + SOUND + GIVEN
# A family shares its surname: so many forms are read at most for one household that is shown, so many at a time.
_FORMS_A_HIT = 6
_FORMS_AT_ONCE = 2


class Rank(IntEnum):
    """How well something typed met; what is smaller stands first."""

    NUMBER = 0
    EXACT = 1
    PREFIX = 2
    PART = 3
    SOUND = 4
    ALIKE = 5

    @property
    def label(self) -> str:
        return ("号码相同", "完全一样", "开头一样", "含有这几个字", "同音", "读音相近")[self.value]


@dataclass(frozen=True, slots=True)
class _Match:
    """Something typed met a form, or a number: whose, and in which household ("" for a house, for nobody's)."""

    person: str
    household: str
    matched: str
    rank: Rank = Rank.NUMBER


@dataclass(frozen=True, slots=True)
class _Range:
    """A range of the index to look into: every form that begins with `begins`."""

    begins: str
    rank: Rank


def find_subjects(actor: Actor, text: str, *, region: str | None = None, limit: int = 20) -> list[SubjectHit]:
    """Households by any member's name or their house number, people in no household by themselves; exact ones first.

    At most `limit`, each household once. `region` narrows to an area; nothing typed finds nothing.
    """
    found: dict[str, _Match] = {}
    for match in _found(actor, text, region, limit):
        found.setdefault(match.household or match.person, match)
        if len(found) == limit:
            break
    return _hits(actor, found.values())


def find_persons(actor: Actor, text: str, *, region: str | None = None, limit: int = 20) -> list[PersonHit]:
    """People by name, pinyin, sound or number, each once, the best first; houses are not among them."""
    found: dict[str, _Match] = {}
    for match in _found(actor, text, region, limit):
        if match.person:
            found.setdefault(match.person, match)
        if len(found) == limit:
            break
    return _person_hits(actor, found)


def _found(actor: Actor, text: str, region: str | None, limit: int) -> Iterator[_Match]:
    typed = plain_search(text)
    if not typed:
        return
    areas = actor.regions(Verb.REGISTER_READ) if region is None else (region,)
    yield from _by_number(actor, typed, areas, limit)
    if re.fullmatch(_LONG_NUMBER, typed):
        return
    grounds = [(county, area) for area in areas for county in _counties(actor, area)]
    for ranged in _ranges(typed):
        for county, area in grounds:
            yield from _by_form(actor, ranged, county, area, limit)


def _ranges(typed: str) -> Iterator[_Range]:
    """Where to look, the best first; a single letter and what holds digits have no sound worth asking for."""
    yield _Range(typed, Rank.PREFIX)
    if not typed.isascii():
        yield _Range(PART + typed, Rank.PART)
    read = readings_of(typed)
    if any(map(str.isdecimal, typed)) or (len(typed) < 2 and not read):
        return
    for reading in read:
        yield _Range(reading, Rank.SOUND)
    for sound in sounds_of(typed) if read else sounds_typed(typed):
        yield _Range(GIVEN + sound, Rank.ALIKE)
        yield _Range(SOUND + sound, Rank.ALIKE)


def plain_search(text: str) -> str:
    """What was typed as forms are kept: half-width, small, without gaps; ü is v."""
    visible = "".join(sign for sign in half_width(text[:LONGEST]) if sign.isprintable())
    return re.sub(r"[\s,，、·•'’]+", "", visible).lower().replace("ü", "v").lstrip(_MARKS)


_LONG_NUMBER = r"\d{17}[\dx]|\+?\d{10,14}|0\d{2,3}-\d{7,8}"


def _by_number(actor: Actor, typed: str, areas: Sequence[str], limit: int) -> Iterator[_Match]:
    for area in areas:
        low, high = range_under(area)
        within = Q(region__gte=low, region__lt=high)
        if re.fullmatch(r"\d{17}[\dx]", typed):
            yield from _by_id(actor, typed, within)
        elif re.fullmatch(_LONG_NUMBER, typed):
            yield from _by_phone(actor, typed, within)
        elif re.fullmatch(r"[a-z]{1,3}\d{6,12}", typed):  # of a passport or travel permit
            yield from _by_paper(actor, within, typed.upper(), "证件号相同")
        elif re.fullmatch(r"\d{3}[\dx]", typed):
            yield from _by_tail(actor, typed, within, limit)


def _counties(actor: Actor, area: str) -> Iterator[str]:
    """The counties that have forms in an area, one jump of the index to each."""
    if level_of(area) >= Level.COUNTY:
        yield area[: Level.COUNTY.length]
        return
    low, high = range_under(area)
    rows = NameForm.objects.seen_by(actor).filter(county__lt=high)
    county = rows.filter(county__gte=low).aggregate(first=Min("county"))["first"]
    while county is not None:
        yield county
        county = rows.filter(county__gt=county).aggregate(first=Min("county"))["first"]


def _by_form(actor: Actor, ranged: _Range, county: str, area: str, limit: int) -> Iterator[_Match]:
    """Few at a time: whoever asks stops at so many, and one village is thinly strewn over the index of its county."""
    low, high = range_under(area)
    rows = NameForm.objects.seen_by(actor).filter(county=county, region__gte=low, region__lt=high)
    rows = rows.filter(form__gte=ranged.begins, form__lt=_behind(ranged.begins))
    # The order of the index and no more: with the id behind, PostgreSQL sorts all of a surname to show forty of it.
    ordered = rows.order_by("form", "region").values_list("person", "household", "form")
    for start in range(0, limit * _FORMS_A_HIT, limit * _FORMS_AT_ONCE):
        some = list(ordered[start : start + limit * _FORMS_AT_ONCE])
        for person, household, form in some:
            rank = Rank.EXACT if ranged.rank is Rank.PREFIX and form == ranged.begins else ranged.rank
            yield _Match(person, household, form.lstrip(_MARKS), rank)
        if len(some) < limit * _FORMS_AT_ONCE:
            return


def _behind(prefix: str) -> str:
    """The first text that sorts behind everything that begins with this."""
    following = ord(prefix[-1]) + 1
    return prefix[:-1] + chr(0xE000 if following == 0xD800 else min(following, 0x10FFFF))


def _by_id(actor: Actor, typed: str, within: Q) -> Iterator[_Match]:
    try:
        number = parse_id_number(typed).number
    except Refused:
        return  # no such number exists, so nobody has it
    yield from _by_paper(actor, within, number, "身份证号相同")


def _by_paper(actor: Actor, within: Q, number: str, words: str) -> Iterator[_Match]:
    """Whoever asks by the whole number of a paper leaves a trace, found or not; of the number none is kept."""
    found = list(_people(actor, Person.objects.seen_by(actor).filter(within, id_hash=hash_of_id(number)), words))
    with transaction.atomic():
        note(actor, Act.SEARCH, at=now(), about=Thing(PERSON, found[0].person if found else ""))
    yield from found


def _by_phone(actor: Actor, typed: str, within: Q) -> Iterator[_Match]:
    try:
        number = parse_phone(typed)
    except Refused:
        return
    # By the tail first, which is indexed; of those that share it, the whole number.
    same = Q(phone_tail_hash=hash_of_phone_tail(number), phone_hash=hash_of_phone(number))
    yield from _houses(Household.objects.seen_by(actor).filter(within, same), "电话相同")
    yield from _people(actor, Person.objects.seen_by(actor).filter(within, same), "电话相同")


def _by_tail(actor: Actor, typed: str, within: Q, limit: int) -> Iterator[_Match]:
    tail = typed.upper()
    by_phone = Q(phone_tail_hash=hash_of_phone_tail(tail)) if tail.isdecimal() else Q(pk__in=[])
    people = Person.objects.seen_by(actor).filter(within, died_on__isnull=True)
    yield from _houses(Household.objects.seen_by(actor).filter(within, by_phone)[:limit], f"电话尾号 {tail}")
    yield from _people(actor, people.filter(by_phone)[:limit], f"电话尾号 {tail}")
    yield from _people(actor, people.filter(id_tail_hash=hash_of_id_tail(tail))[:limit], f"身份证尾号 {tail}")


def _houses(rows: GuardedQuerySet[Household], matched: str) -> Iterator[_Match]:
    for key in rows.values_list("id", flat=True):
        yield _Match("", key, matched)


def _people(actor: Actor, rows: GuardedQuerySet[Person], matched: str) -> Iterator[_Match]:
    # A number of somebody who was merged into another leads to the other.
    keys = list(dict.fromkeys(into or key for key, into in rows.values_list("id", "into")))
    homes = _homes(actor, keys)
    for key in keys:
        yield _Match(key, homes.get(key, ""), matched)


def _homes(actor: Actor, people: Collection[str]) -> dict[str, str]:
    if not people:
        return {}
    rows = Membership.objects.seen_by(actor).filter(person_id__in=people, ends__isnull=True)
    return dict(rows.values_list("person_id", "household_id"))


def _hits(actor: Actor, matches: Collection[_Match]) -> list[SubjectHit]:
    houses = _houses_of(actor, [match.household for match in matches if match.household])
    people = {match.person for match in matches if match.person} | {head for head, _, _ in houses.values()}
    known = Person.objects.seen_by(actor).filter(id__in=people).values_list("id", "name", "region")
    names = {key: (name, region) for key, name, region in known}
    return [hit for match in matches if (hit := _hit(match, houses, names))]


def _houses_of(actor: Actor, keys: Collection[str]) -> dict[str, tuple[str, str, str]]:
    rows = Household.objects.seen_by(actor).filter(id__in=keys).values_list("id", "head", "place", "region")
    return {key: (head, place, region) for key, head, place, region in rows} if keys else {}


def _hit(
    match: _Match, houses: Mapping[str, tuple[str, str, str]], names: Mapping[str, tuple[str, str]]
) -> SubjectHit | None:
    if match.household in houses:
        head, place, region = houses[match.household]
        called = names.get(head, ("", ""))[0]
        name = names.get(match.person, (called, ""))[0]
        person = match.person if match.person in names else ""
        return SubjectHit(HOUSEHOLD, match.household, name, match.matched, place, region, called, person)
    if match.person in names and not match.household:
        name, region = names[match.person]
        return SubjectHit(PERSON, match.person, name, match.matched, "", region)
    return None


def _person_hits(actor: Actor, found: Mapping[str, _Match]) -> list[PersonHit]:
    people = {row.id: row for row in Person.objects.seen_by(actor).filter(id__in=found)}
    houses = _houses_of(actor, [match.household for match in found.values() if match.household])
    heads = {head for head, _, _ in houses.values()}
    names = dict(Person.objects.seen_by(actor).filter(id__in=heads).values_list("id", "name")) if heads else {}
    hits = []
    for key, match in found.items():
        if person := people.get(key):
            head, place, _ = houses.get(match.household, ("", "", ""))
            hits.append(
                PersonHit(
                    key=key,
                    name=person.name,
                    sex=person.sex,
                    birth=person.birth,
                    region=person.region,
                    place=place,
                    household=match.household if match.household in houses else "",
                    head=names.get(head, ""),
                    matched=match.matched,
                    rank=match.rank.name.lower(),
                    rank_words=match.rank.label,
                )
            )
    return hits
