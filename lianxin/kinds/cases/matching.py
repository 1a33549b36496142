"""Who may be the same person in two reports, and why. Pure: traces in, weights and reasons out; a person decides.

Weights after Fellegi and Sunter: log2 of how much likelier an agreement is in one person than in two. Set by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import log2
from typing import Any

from lianxin.base.text import half_width
from lianxin.register.names import forms_of_name, forms_of_place, plain_name

Token = Callable[[str], str]
"""Makes a comparable sign of a plain value; with a key where the signs are kept."""

LIKELY, NEARLY_SURE = 11.75, 20.0
MOST_COMMON, RAREST = 6.0, 11.0  # weight of a name that everybody has, and of one that nobody else has
SHORT_NAME, SHORT = -2.5, 2  # there are far more people than names of two letters
HOMOPHONE, HEARD_ALIKE = -1.0, -3.5  # beside the very name
LETTER_OFF, LETTER_OFF_SHORT, LETTER_LEFT_OUT, TURNED_ROUND = 4.0, 2.0, 4.0, 5.0
MISHEARD, OTHER_SURNAME, OTHER_NAME = -2.0, -4.0, -9.0
SAME_PERSON, OTHER_PERSON = 30.0, -15.0
SAME_PAPER, OTHER_PAPER = 24.0, -12.0
SAME_PHONE, PHONE_SLIP, SAME_TAIL, OTHER_PHONE = 10.0, 8.0, 6.0, -3.0
SAME_YEAR, NEXT_YEAR, NEAR_YEARS, FAR_YEARS = 5.0, 2.0, -4.0, -8.0
FAR_APART = 3  # years that nobody mistakes
SAME_DOOR, SAME_VILLAGE, OTHER_DOOR, SAME_TOWN, OTHER_TOWN = 10.5, 6.5, 4.5, 1.0, -2.5
ONE_HOME = 12.5  # the most that phone and address together say
OTHER_SEX = -5.0
_DIGITS_OF_A_PHONE = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a report says of one person, plain and checked as far as it can be. Empty is not known."""

    person: str = ""  # her key in the register
    name: str = ""
    phone: str = ""
    id_number: str = ""
    birth_year: int = 0
    sex: str = ""
    village: str = ""
    door: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The same as signs that can only be compared. `near` are the phone with each digit left out once."""

    key: str
    person: str = ""
    name: str = ""
    readings: frozenset[str] = frozenset()
    sounds: frozenset[str] = frozenset()
    letters: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()  # how each letter sounds
    surname: str = ""
    phone: str = ""
    near: frozenset[str] = frozenset()
    tail: str = ""
    paper: str = ""
    birth_year: int = 0
    sex: str = ""
    village: str = ""
    doors: tuple[str, ...] = ()

    @property
    def town(self) -> str:
        return self.village[:9]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How one thing compares: its weight, and the sentence when it speaks for or against."""

    weight: float
    says: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The sum, and every sentence, the heaviest first. Below LIKELY nobody needs to look."""

    weight: float
    reasons: tuple[str, ...]
    against: tuple[str, ...]

    @property
    def is_likely(self) -> bool:
        """One thing alone is never enough, but a whole ID number."""
        return self.weight >= LIKELY and (len(self.reasons) > 1 or self.weight >= NEARLY_SURE)

    @property
    def words(self) -> str:
        return "几乎可以肯定" if self.weight >= NEARLY_SURE else "很可能" if self.is_likely else "不像"


def trace_of(key: str, told: Told, token: Token) -> Trace:
    """The signs of what was told; no plain name, number or address is in them."""
    plain = plain_name(told.name)
    forms = forms_of_name(plain) if plain else None
    phone = half_width(told.phone)
    return Trace(
        key=key,
        person=token(f"person {told.person}") if told.person else "",
        name=token(f"name {plain}") if plain else "",
        readings=frozenset(token(f"reading {reading}") for reading in forms.full) if forms else frozenset(),
        sounds=frozenset(token(f"sound {sound}") for sound in forms.sounds) if forms else frozenset(),
        letters=tuple(token(f"letter {sign}") for sign in plain),
        signs=tuple(token(f"sign {min(forms_of_name(sign).sounds, default=sign)}") for sign in plain),
        surname=token(f"surname {min(forms_of_name(plain[:1]).sounds, default=plain[:1])}") if plain else "",
        phone=token(f"phone {phone}") if phone else "",
        near=frozenset(token(f"near {short}") for short in _one_left_out(phone)),
        tail=token(f"tail {phone[-4:]}") if len(phone) >= 4 else "",
        paper=token(f"paper {told.id_number.upper()}") if told.id_number else "",
        birth_year=told.birth_year or _year_of(told.id_number),
        sex=told.sex,
        village=told.village,
        doors=tuple(token(f"door {told.village} {form}") for form in forms_of_place(told.door)) if told.village else (),
    )


_SETS, _ROWS = ("readings", "sounds", "near"), ("letters", "signs", "doors")


def as_json(trace: Trace) -> dict[str, Any]:
    """What is kept of a trace; empty signs are left out."""
    kept: dict[str, Any] = {name: getattr(trace, name) for name in Trace.__slots__ if name != "key"}
    kept |= {name: sorted(kept[name]) for name in _SETS} | {name: list(kept[name]) for name in _ROWS}
    return {name: value for name, value in kept.items() if value}


def from_json(key: str, kept: Mapping[str, Any]) -> Trace:
    """A trace as it was kept."""
    sets = {name: frozenset(kept.get(name, ())) for name in _SETS}
    return Trace(**{**kept, **sets, **{name: tuple(kept.get(name, ())) for name in _ROWS}, "key": key})


def blocks_of(trace: Trace) -> frozenset[str]:
    """Under what a trace is looked up; two that share none of these are not compared."""
    return frozenset(_blocks(trace))


def _blocks(trace: Trace) -> Iterator[str]:
    yield from trace.near
    yield from (each for each in (trace.person, trace.phone, trace.paper) if each)
    for sound in trace.sounds:
        if trace.town:
            yield f"{sound}{trace.town}"
        if trace.birth_year:
            yield f"{sound}{trace.birth_year}"
    if trace.surname and trace.tail:
        yield f"{trace.surname}{trace.tail}"
    if trace.surname and trace.village:
        yield f"{trace.surname}{trace.village}"
    if trace.doors:
        yield trace.doors[0]


def likeness(one: Trace, other: Trace, *, rarity: float = RAREST) -> Likeness:
    """How likely these are one person. `rarity` is the weight of sharing this name: `rarity_of` counts it."""
    agreements = (
        _papers(one, other),
        _names(one, other, rarity),
        _phones(one, other),
        _births(one, other),
        _places(one, other),
        _sexes(one, other),
    )
    said = sorted((each for each in agreements if each.says), key=lambda each: -abs(each.weight))
    return Likeness(
        weight=sum(each.weight for each in agreements) - _told_twice(one, other),
        reasons=tuple(each.says for each in said if each.weight > 0),
        against=tuple(each.says for each in said if each.weight < 0),
    )


def rarity_of(sharing: int, among: int) -> float:
    """What sharing a name is worth when so many among so many have it: a name of everybody's tells little."""
    return min(RAREST, max(MOST_COMMON, log2(max(among, 1) / max(sharing, 1))))


def _papers(one: Trace, other: Trace) -> Agreement:
    if one.person and one.person == other.person:
        return Agreement(SAME_PERSON, "册子里是同一个人")
    if one.person and other.person:
        return Agreement(OTHER_PERSON, "册子里是两个人")
    if not one.paper or not other.paper:
        return Agreement(0)
    return Agreement(SAME_PAPER, "证件号相同") if one.paper == other.paper else Agreement(OTHER_PAPER, "证件号不同")


def _names(one: Trace, other: Trace, rarity: float) -> Agreement:
    if not one.name or not other.name:
        return Agreement(0)
    if len(one.signs) == SHORT == len(other.signs):
        rarity += SHORT_NAME
    if one.name == other.name:
        return Agreement(rarity, "姓名相同")
    if one.readings & other.readings:
        return Agreement(rarity + HOMOPHONE, "姓名同音")
    if one.sounds & other.sounds:
        return Agreement(rarity + HEARD_ALIKE, "姓名读音相近")
    if weight := _one_letter_off(one, other):
        return Agreement(weight, "姓名只差一个字")
    if sorted(one.signs) == sorted(other.signs):
        return Agreement(TURNED_ROUND, "姓名的字一样，次序不同")
    return Agreement(OTHER_NAME, "姓名不同")


def _one_letter_off(one: Trace, other: Trace) -> float:
    """A letter mistyped, or left out; 0 where more is wrong. The rest sounding alike only is worth less."""
    shorter, longer = sorted((one, other), key=lambda trace: len(trace.signs))
    many = len(longer.signs)
    if many == len(shorter.signs) > 1:
        places = [place for place in range(many) if one.signs[place] == other.signs[place]]
        if len(places) != many - 1:
            return 0
        weight = LETTER_OFF if many > SHORT else LETTER_OFF_SHORT
        misheard = sum(one.letters[place] != other.letters[place] for place in places)
        return weight + MISHEARD * misheard + (0 if one.surname == other.surname else OTHER_SURNAME)
    if len(shorter.signs) < SHORT or many - len(shorter.signs) != 1:
        return 0
    left_out = [place for place in range(many) if _without(longer.signs, place) == shorter.signs]
    if not left_out:
        return 0
    is_heard = all(_without(longer.letters, place) != shorter.letters for place in left_out)
    return LETTER_LEFT_OUT + (MISHEARD if is_heard else 0)


def _without(signs: tuple[str, ...], place: int) -> tuple[str, ...]:
    return signs[:place] + signs[place + 1 :]


def _phones(one: Trace, other: Trace) -> Agreement:
    if not one.phone or not other.phone:
        return Agreement(0)
    if one.phone == other.phone:
        return Agreement(SAME_PHONE, "电话相同")
    if one.near & other.near:
        return Agreement(PHONE_SLIP, "电话只差一位，或者两位对调")
    if one.tail and one.tail == other.tail:
        return Agreement(SAME_TAIL, "电话后四位相同")
    return Agreement(OTHER_PHONE, "电话不同")


def _births(one: Trace, other: Trace) -> Agreement:
    if not one.birth_year or not other.birth_year:
        return Agreement(0)
    apart = abs(one.birth_year - other.birth_year)
    if apart <= 1:
        return Agreement(NEXT_YEAR, "出生年份只差一年") if apart else Agreement(SAME_YEAR, "出生年份相同")
    return Agreement(FAR_YEARS if apart > FAR_APART else NEAR_YEARS, f"出生年份差 {apart} 年")


def _places(one: Trace, other: Trace) -> Agreement:
    if not one.village or not other.village:
        return Agreement(0)
    if one.village != other.village:
        is_near = one.town == other.town
        return Agreement(SAME_TOWN, "在同一个镇（街道）") if is_near else Agreement(OTHER_TOWN, "不在一个镇（街道）")
    if set(one.doors) & set(other.doors):
        return Agreement(SAME_DOOR, "门牌相同")
    return Agreement(OTHER_DOOR if one.doors and other.doors else SAME_VILLAGE, "在同一个村（社区）")


def _told_twice(one: Trace, other: Trace) -> float:
    """One phone and one address are one household: what both say is not said twice."""
    together = _phones(one, other).weight + _places(one, other).weight
    is_home = bool(one.phone and one.phone == other.phone and one.village == other.village)
    return max(0.0, together - ONE_HOME) if is_home else 0.0


def _sexes(one: Trace, other: Trace) -> Agreement:
    return Agreement(OTHER_SEX, "性别不同") if one.sex and other.sex and one.sex != other.sex else Agreement(0)


def _one_left_out(phone: str) -> Iterable[str]:
    """Numbers that differ by one digit, or by two neighbours changed over, share one of these."""
    if len(phone) != _DIGITS_OF_A_PHONE:
        return ()
    return {phone[:place] + phone[place + 1 :] for place in range(len(phone))}


def _year_of(id_number: str) -> int:
    return int(id_number[6:10]) if len(id_number) == 18 and id_number[6:10].isdigit() else 0
