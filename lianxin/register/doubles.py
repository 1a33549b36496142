"""Who may be registered already: asked of drafts before anything is written, with the reasons. Decides nothing.

The whole county is asked, since a natural person exists once; of somebody out of sight nothing is told but that
somebody above can resolve it, and that only when two strong reasons agree.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import parse_day
from lianxin.base.errors import Refused
from lianxin.register.drafts import MemberDraft
from lianxin.register.models import Membership, NameForm, Person
from lianxin.register.names import forms_of_name, plain_name
from lianxin.register.rows import hash_of_id, hash_of_phone, hash_of_phone_tail
from lianxin.vault.identity import parse_phone
from lianxin.vault.papers import parse_paper

LIKELY, STRONG = 4, 6
MOST = 5  # shown for one draft
AT_ONCE = 300
ELSEWHERE = "可能有一位相同的人登记在别处，上级妇联能看到并处理。"
_ASKED = "a natural person exists once, wherever in the county she is registered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Somebody about to be registered: what is known of her, as checked as it can be."""

    name: str
    region: str
    birth: dt.date | None = None
    sex: str = ""
    phone_hash: str = field(default="", repr=False)
    phone_tail_hash: str = field(default="", repr=False)
    id_hash: str | None = field(default=None, repr=False)
    household: str = ""
    key: str = ""  # of herself, when she stands in the register

    @classmethod
    def of(cls, draft: MemberDraft, *, region: str, household: str = "") -> Asked:
        """What a draft says, mistakes left out: whoever saves it hears of them."""
        birth, sex = _tried_day(draft.birth), {"女": "female", "男": "male"}.get(draft.sex, draft.sex)
        id_hash, phone = None, ""
        with suppress(Refused):
            if draft.id_number.strip():
                paper = parse_paper(draft.id_number, kind=draft.id_kind)
                id_hash, birth, sex = hash_of_id(paper.number), paper.birth or birth, paper.sex or sex
        with suppress(Refused):
            phone = parse_phone(draft.phone) if draft.phone.strip() else ""
        return cls(
            name=plain_name(draft.name),
            region=region,
            birth=birth,
            sex=sex,
            id_hash=id_hash,
            household=household,
            phone_hash=hash_of_phone(phone),
            phone_tail_hash=hash_of_phone_tail(phone),
            key=draft.id,
        )

    @classmethod
    def known(cls, person: Person, *, household: str) -> Asked:
        """Somebody who stands in the register."""
        return cls(
            name=plain_name(person.name),
            region=person.region,
            birth=person.birth,
            sex=person.sex,
            phone_hash=person.phone_hash,
            phone_tail_hash=person.phone_tail_hash,
            id_hash=person.id_hash,
            household=household,
            key=person.id,
        )


@dataclass(frozen=True, slots=True)
class Double:
    """Somebody registered who may be the same: why, and how likely (the higher, the likelier)."""

    key: str
    name: str
    region: str
    household: str
    birth: dt.date | None
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doubles:
    """Those in sight, the likeliest first; whether there is somebody out of sight as well."""

    near: tuple[Double, ...] = ()
    is_elsewhere: bool = False

    def __bool__(self) -> bool:
        return bool(self.near) or self.is_elsewhere


def doubles_of(actor: Actor, asked: Sequence[Asked]) -> list[Doubles]:
    """For each of these in order. Six queries at most for every few hundred."""
    found: list[Doubles] = []
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        known = _Known.of(some)
        found += [_doubles(actor, one, known) for one in some]
    return found


def likeness(one: Asked, other: Asked) -> tuple[int, tuple[str, ...]]:
    """How likely these are one person, and why; below LIKELY nobody needs to look."""
    if one.id_hash and one.id_hash == other.id_hash:
        return 10, ("证件号相同",)
    score, reasons = _names_alike(one.name, other.name)
    if one.birth and one.birth == other.birth:
        score, reasons = score + 3, [*reasons, "生日相同"]
    elif one.birth and other.birth:
        score -= 3
    if one.sex and other.sex and one.sex != other.sex:
        score -= 2
    if one.phone_hash and one.phone_hash == other.phone_hash:
        score, reasons = score + 2, [*reasons, "电话相同"]
    if one.id_hash and other.id_hash:
        score -= 3
    if one.household and one.household == other.household:
        score, reasons = score + 2, [*reasons, "在同一户"]
    elif one.region == other.region:
        score, reasons = score + 1, [*reasons, "在同一个村（社区）"]
    return (score, tuple(reasons)) if len(reasons) > 1 else (0, ())


def _names_alike(one: str, other: str) -> tuple[int, list[str]]:
    if one == other:
        return 3, ["姓名相同"]
    mine, theirs = forms_of_name(one), forms_of_name(other)
    if set(mine.full) & set(theirs.full):
        return 2, ["姓名同音"]
    if set(mine.sounds) & set(theirs.sounds):
        return 1, ["姓名读音相近"]
    return -2, []


@dataclass(slots=True)
class _Known:
    """People who share something with those asked about, laid out by what they share."""

    people: dict[str, Person]
    homes: dict[str, str]
    by_birth: dict[dt.date, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_phone: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_id: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, asked: Sequence[Asked]) -> _Known:
        rows = Person.objects.unscoped(_ASKED).filter(county__in={one.region[:6] for one in asked}, into="")
        births = {one.birth for one in asked if one.birth}
        people = {row.id: row for row in rows.filter(birth__in=births)} if births else {}
        numbers = {one.id_hash for one in asked if one.id_hash}
        if numbers:
            people |= {row.id: row for row in rows.filter(id_hash__in=numbers)}
        named = _named_alike(asked)
        named |= _phoned(asked)
        missing = named - people.keys()
        if missing:
            people |= {row.id: row for row in rows.filter(id__in=missing)}
        spells = Membership.objects.unscoped(_ASKED).filter(ends__isnull=True, person_id__in=list(people))
        known = cls(people, dict(spells.values_list("person_id", "household_id")))
        for row in people.values():
            known._lay(row)
        return known

    def _lay(self, row: Person) -> None:
        if row.birth:
            self.by_birth[row.birth].append(row.id)
        if row.phone_hash:
            self.by_phone[row.phone_hash].append(row.id)
        if row.id_hash:
            self.by_id[row.id_hash].append(row.id)
        for form in forms_of_name(row.name).full:
            self.by_name[row.region, form].append(row.id)

    def candidates(self, one: Asked) -> set[str]:
        keys: set[str] = set()
        if one.birth:
            keys.update(self.by_birth.get(one.birth, ()))
        keys.update(self.by_phone.get(one.phone_hash, ()))
        keys.update(self.by_id.get(one.id_hash or "", ()))
        for form in forms_of_name(one.name).full:
            keys.update(self.by_name.get((one.region, form), ()))
        return keys - {one.key}


def _named_alike(asked: Iterable[Asked]) -> set[str]:
    """Who is called the same, or sounds the same, in the same village."""
    names = {form for one in asked for form in forms_of_name(one.name).full}
    regions = {one.region for one in asked}
    rows = NameForm.objects.unscoped(_ASKED).filter(
        county__in={region[:6] for region in regions}, region__in=regions, form__in=names
    )
    return set(rows.exclude(person="").values_list("person", flat=True))


def _phoned(asked: Iterable[Asked]) -> set[str]:
    hashes = {one.phone_hash for one in asked if one.phone_hash}
    tails = {one.phone_tail_hash for one in asked if one.phone_hash}  # the tail is what is indexed
    rows = Person.objects.unscoped(_ASKED).filter(phone_tail_hash__in=tails, phone_hash__in=hashes)
    return set(rows.values_list("id", flat=True)) if hashes else set()


def _doubles(actor: Actor, one: Asked, known: _Known) -> Doubles:
    near: list[Double] = []
    is_elsewhere = False
    for key in known.candidates(one):
        person, household = known.people[key], known.homes.get(key, "")
        score, reasons = likeness(one, Asked.known(person, household=household))
        if score < LIKELY:
            continue
        if actor.may(Verb.REGISTER_READ, region=person.region):
            near.append(Double(key, person.name, person.region, household, person.birth, score, reasons))
        else:
            is_elsewhere = is_elsewhere or score >= STRONG
    near.sort(key=lambda double: (-double.score, double.key))
    return Doubles(tuple(near[:MOST]), is_elsewhere)


def _tried_day(day: dt.date | str | None) -> dt.date | None:
    if isinstance(day, dt.date) or not day:
        return day or None
    try:
        return parse_day(day)
    except Refused:
        return None
