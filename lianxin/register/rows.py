"""Rows made from what was checked, hashed on the way, as tuples for `bulk.lay`. Saves nothing, asks nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from lianxin.register.checked import CheckedHousehold, CheckedMember
from lianxin.register.names import forms_of_name, forms_of_place
from lianxin.vault.box import keyed_hash
from lianxin.vault.identity import phone_tail


@dataclass(frozen=True, slots=True)
class Place:
    """The scope columns of one village."""

    region: str

    @property
    def town(self) -> str:
        return self.region[:9]

    @property
    def county(self) -> str:
        return self.region[:6]

    @property
    def columns(self) -> dict[str, str]:
        return {"region": self.region, "town": self.town, "county": self.county}


def common_ground(one: str, other: str) -> dict[str, str]:
    """The scope columns of what concerns two villages: the village, town or county they share, "" above."""
    sizes = [size for size in (12, 9, 6, 4, 2) if one[:size] == other[:size]]
    shared = one[: sizes[0]] if sizes else ""
    return {
        "region": shared,
        "town": shared[:9] if len(shared) >= 9 else "",
        "county": shared[:6] if len(shared) >= 6 else "",
    }


def hash_of_id(number: str) -> str | None:
    """What a whole ID number is found by; None for none."""
    return keyed_hash(number, purpose="person.id") or None


def hash_of_id_tail(number: str) -> str:
    return keyed_hash(number[-4:], purpose="person.id-tail")


def hash_of_phone(number: str) -> str:
    return keyed_hash(number, purpose="phone")


def hash_of_phone_tail(number: str) -> str:
    return keyed_hash(phone_tail(number), purpose="phone-tail")


Row = tuple[object, ...]

_GROUND = ("region", "town", "county")
HOUSEHOLD = ("id", *_GROUND, "grid", "place", "head", "phone", "phone_hash", "phone_tail_hash", "since", "is_demo")
_NUMBERS = ("id_kind", "id_number", "id_hash", "id_tail_hash", "phone", "phone_hash", "phone_tail_hash")
PERSON = ("id", *_GROUND, "name", "sex", "birth", *_NUMBERS, "is_demo")
MEMBERSHIP = ("person", "household", *_GROUND, "relation", "starts", "ended_why")
RESIDENCE = ("household", *_GROUND, "starts")
FORM = ("person", "household", *_GROUND, "form", "kind")
form_of = itemgetter(FORM.index("form"))


def household_row(household: CheckedHousehold) -> Row:
    """A household, its columns as `HOUSEHOLD` has them."""
    phone, region = household.phone, household.region
    return (
        household.key,
        region,
        region[:9],
        region[:6],
        household.grid,
        household.place,
        household.head.key,
        phone,
        hash_of_phone(phone),
        hash_of_phone_tail(phone),
        household.since,
        household.is_demo,
    )


def person_row(member: CheckedMember, *, region: str, is_demo: bool) -> Row:
    """A person, her columns as `PERSON` has them; the numbers are sealed on the way into the table."""
    number, phone = member.id_number, member.phone
    return (
        member.key,
        region,
        region[:9],
        region[:6],
        member.name,
        member.sex,
        member.birth,
        member.id_kind,
        number,
        hash_of_id(number),
        hash_of_id_tail(number),
        phone,
        hash_of_phone(phone),
        hash_of_phone_tail(phone),
        is_demo,
    )


def membership_row(member: CheckedMember, *, household: str, since: dt.date, region: str) -> Row:
    """She is a member from a day on, or from her birth when that is later. Columns as `MEMBERSHIP` has them."""
    starts = max(since, member.birth) if member.birth else since
    return (member.key, household, region, region[:9], region[:6], member.relation.value, starts, "")


def residence_row(household: str, *, starts: dt.date, region: str) -> Row:
    """A home from a day on, columns as `RESIDENCE` has them."""
    return (household, region, region[:9], region[:6], starts)


# What begins with one of these is no beginning of a name: each is a range of the one index, asked apart.
PART, SOUND, GIVEN = "*", "~", "-"


def person_forms(name: str, *, person: str, household: str, region: str) -> Iterator[Row]:
    """What somebody is found by, columns as `FORM` has them."""
    for kind, text in texts_of_name(name):
        yield (person, household, region, region[:9], region[:6], text, kind)


@lru_cache(maxsize=20_000)
def texts_of_name(name: str) -> tuple[tuple[str, str], ...]:
    """Kind and text of each form of a name."""
    forms = forms_of_name(name)
    return (
        *(("name", text) for text in forms.names[:1]),
        *(("part", PART + text) for text in forms.names[1:]),
        *(("full", text) for text in forms.full),
        *(("initials", text) for text in forms.initials),
        *(("sound", SOUND + text) for text in forms.sounds),
        *(("sound", GIVEN + text) for text in forms.given),
    )


def place_forms(place: str, *, household: str, region: str) -> Iterator[Row]:
    """What a house is found by, columns as `FORM` has them."""
    for text in forms_of_place(place):
        yield ("", household, region, region[:9], region[:6], text, "place")


def household_forms(household: CheckedHousehold) -> Iterator[Row]:
    """What a household and everybody in it are found by."""
    for member in household.members:
        yield from person_forms(member.name, person=member.key, household=household.key, region=household.region)
    yield from place_forms(household.place, household=household.key, region=household.region)
