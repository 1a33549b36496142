"""What goes into the register: drafts as a form, a file or the demo has them, not yet believed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

Day = dt.date | str | None
"""A day, or how somebody typed it; None and "" for not known."""


class Relation(StrEnum):
    """What somebody is to the head of the household."""

    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    CHILD_IN_LAW = "child-in-law"
    GRANDCHILD = "grandchild"
    PARENT = "parent"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _RELATIONS[self]


_RELATIONS = {
    Relation.HEAD: "户主",
    Relation.SPOUSE: "配偶",
    Relation.CHILD: "子女",
    Relation.CHILD_IN_LAW: "儿媳或女婿",
    Relation.GRANDCHILD: "孙辈",
    Relation.PARENT: "父母",
    Relation.GRANDPARENT: "祖辈",
    Relation.SIBLING: "兄弟姐妹",
    Relation.OTHER: "其他",
}


class Leaving(StrEnum):
    """Why somebody is no longer in a household."""

    DIED = "died"
    MARRIED_OUT = "married-out"
    MOVED_OUT = "moved-out"
    SPLIT = "split"
    MISTAKE = "mistake"
    WITHDRAWN = "withdrawn"  # the whole household came in by a mistaken import; nobody chooses it for one person
    OTHER = "other"
    MERGED = "merged"  # said by a merge alone, on no form

    @property
    def label(self) -> str:
        return _LEAVINGS[self]


_LEAVINGS = {
    Leaving.DIED: "去世",
    Leaving.MARRIED_OUT: "婚嫁迁出",
    Leaving.MOVED_OUT: "迁出",
    Leaving.SPLIT: "分户",
    Leaving.MISTAKE: "登记错了",
    Leaving.WITHDRAWN: "撤销导入",
    Leaving.OTHER: "其他原因",
    Leaving.MERGED: "与另一条登记合并",
}


class Apart(StrEnum):
    """Where somebody is registered (户籍) as against where she lives: 人户分离 in its two directions."""

    TOGETHER = "together"
    REGISTERED_AWAY = "registered-away"
    LIVING_AWAY = "living-away"

    @property
    def label(self) -> str:
        return _APART[self]


_APART = {
    Apart.TOGETHER: "户口就在本村（社区），人也住在这里",
    Apart.REGISTERED_AWAY: "人住在这里，户口在外地",
    Apart.LIVING_AWAY: "户口在这里，人住在外地",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDraft:
    """One person of a household. Only the name is needed; an ID number brings birth and sex along.

    `id_kind` is one of `vault.papers.PaperKind`, "" for a resident's card or permit.
    """

    name: str
    relation: str = Relation.OTHER
    sex: str = ""
    birth: Day = None
    id_number: str = ""
    phone: str = ""
    id: str = ""
    id_kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdDraft:
    """One household. At the door a village and a name will do: `head` names a head of whom no more is known."""

    region: str
    head: str = ""
    members: tuple[MemberDraft, ...] = ()
    place: str = ""
    grid: str = ""
    phone: str = ""
    since: Day = None
    id: str = ""
    is_demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdChanges:
    """What is to change of a household; None leaves a field as it is, "" empties it. `head` is a member's key."""

    place: str | None = None
    grid: str | None = None
    phone: str | None = None
    head: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanges:
    """What is to change of a person; None leaves a field as it is, "" empties it."""

    name: str | None = None
    sex: str | None = None
    birth: Day = None
    id_number: str | None = None
    phone: str | None = None
    id_kind: str | None = None
