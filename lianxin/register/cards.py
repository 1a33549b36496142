"""What pages and other rooms see of the register: frozen cards, numbers masked. No tables here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lianxin.base.days import age_on
from lianxin.register.drafts import Relation
from lianxin.vault.papers import PaperKind


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One person of a household, on the day that was asked for."""

    key: str
    name: str
    relation: Relation
    age: int | None
    sex: str

    @property
    def words(self) -> str:
        """张桂英（户主，68 岁）."""
        age = "" if self.age is None else f"，{self.age} 岁"
        return f"{self.name}（{self.relation.label}{age}）"


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """A household as it is; the head stands first among its members."""

    key: str
    region: str
    grid: str
    place: str
    head: str
    name: str
    members: tuple[MemberLine, ...]
    phone: str
    since: dt.date
    until: dt.date | None
    is_demo: bool

    @property
    def people(self) -> int:
        return len(self.members)

    @property
    def people_words(self) -> str:
        """3 人：张桂英（户主，68 岁）、…"""
        return (
            f"{self.people} 人：{'、'.join(member.words for member in self.members)}"
            if self.members
            else "没有在册的人"
        )


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person as she is; `household` is the key of the one she is in, "" for none."""

    key: str
    name: str
    sex: str
    birth: dt.date | None
    age: int | None
    died_on: dt.date | None
    id_number: str
    phone: str
    region: str
    household: str
    relation: Relation | None
    is_demo: bool
    id_kind: str = ""

    @property
    def id_label(self) -> str:
        """What her number stands on, in words."""
        return PaperKind(self.id_kind).label if self.id_kind else "身份证号"


@dataclass(frozen=True, slots=True)
class SubjectHit:
    """Somebody or some house searched for. `name` is who matched, `matched` by which form, `head` whose household.

    `person` is the one of a household whom it was found by, "" for none.
    """

    kind: str
    key: str
    name: str
    matched: str
    place: str
    region: str
    head: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHit:
    """Somebody searched for: `matched` by which form, `rank` how well (number, exact, prefix, part, sound, alike)."""

    key: str
    name: str
    sex: str
    birth: dt.date | None
    region: str
    place: str
    household: str
    head: str
    matched: str
    rank: str
    rank_words: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something in a household's life, for its timeline. `person` and `region` are keys, "" for none."""

    day: dt.date
    what: str
    words: str
    person: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One line of the log of changes: who changed which fields when; `by` is an account's key."""

    at: dt.datetime
    by: str
    act: str
    kind: str
    key: str
    fields: tuple[tuple[str, str, str], ...]
    because: str


def age(birth: dt.date | None, died_on: dt.date | None, day: dt.date) -> int | None:
    """Full years on a day; of the dead and the not yet born None."""
    if birth is None or birth > day or (died_on is not None and died_on <= day):
        return None
    return age_on(birth, day)
