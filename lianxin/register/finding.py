"""Finding households and people by what is typed: part of a name, pinyin, initials, house number, last four, number.

Forms stand in one table, so that whatever is typed is one range of one index, narrowed to the area first. Nothing is
searched that the actor may not see.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Min, Q

from lianxin.access.actor import Actor
from lianxin.access.guard import GuardedQuerySet
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of, range_under
from lianxin.base.errors import Refused
from lianxin.base.text import half_width
from lianxin.register.cards import SubjectHit
from lianxin.register.log import HOUSEHOLD, PERSON
from lianxin.register.models import Household, Membership, NameForm, Person
from lianxin.register.rows import hash_of_id, hash_of_id_tail, hash_of_phone, hash_of_phone_tail
from lianxin.vault.identity import parse_id_number, parse_phone

LONGEST = 60
# A family shares its surname: so many forms are read at most for one household that is shown, so many at a time.
_FORMS_A_HIT = 6
_FORMS_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class _Match:
    """Something typed met a form, or a number: whose, and in which household ("" for a house, for nobody's)."""

    person: str
    household: str
    matched: str


def find_subjects(actor: Actor, text: str, *, region: str | None = None, limit: int = 20) -> list[SubjectHit]:
    """Households by any member's name or their house number, people in no household by themselves; exact ones first.

    At most `limit`, each household once. `region` narrows to an area; nothing typed finds nothing.
    """
    typed = plain_search(text)
    if not typed:
        return []
    found: dict[str, _Match] = {}
    for area in actor.regions(Verb.REGISTER_READ) if region is None else [region]:
        for match in _matches(actor, typed, area, limit):
            found.setdefault(match.household or match.person, match)
            if len(found) == limit:
                return _hits(actor, found.values())
    return _hits(actor, found.values())


def plain_search(text: str) -> str:
    """What was typed as forms are kept: half-width, small, without gaps; ü is v."""
    visible = "".join(sign for sign in half_width(text[:LONGEST]) if sign.isprintable())
    return re.sub(r"[\s,，、·•'’]+", "", visible).lower().replace("ü", "v")


def _matches(actor: Actor, typed: str, area: str, limit: int) -> Iterator[_Match]:
    low, high = range_under(area)
    within = Q(region__gte=low, region__lt=high)
    if re.fullmatch(r"\d{17}[\dx]", typed):
        yield from _by_id(actor, typed, within)
    elif re.fullmatch(r"\+?\d{10,14}|0\d{2,3}-\d{7,8}", typed):
        yield from _by_phone(actor, typed, within)
    else:
        if re.fullmatch(r"\d{3}[\dx]", typed):
            yield from _by_tail(actor, typed, within, limit)
        for county in _counties(actor, area):
            yield from _by_form(actor, typed, within & Q(county=county), limit)


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


def _by_form(actor: Actor, typed: str, within: Q, limit: int) -> Iterator[_Match]:
    """Few at a time: whoever asks stops at so many, and one village is thinly strewn over the index of its county."""
    rows = NameForm.objects.seen_by(actor).filter(within, form__gte=typed, form__lt=_behind(typed))
    ordered = rows.order_by("form", "region", "id").values_list("person", "household", "form")
    for start in range(0, limit * _FORMS_A_HIT, limit * _FORMS_AT_ONCE):
        some = list(ordered[start : start + limit * _FORMS_AT_ONCE])
        for person, household, form in some:
            yield _Match(person, household, form)
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
    yield from _people(actor, Person.objects.seen_by(actor).filter(within, id_hash=hash_of_id(number)), "身份证号相同")


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
    keys = list(rows.values_list("id", flat=True))
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
        return SubjectHit(HOUSEHOLD, match.household, name, match.matched, place, region, called)
    if match.person in names and not match.household:
        name, region = names[match.person]
        return SubjectHit(PERSON, match.person, name, match.matched, "", region)
    return None
