"""The log of changes: one row for each, what changed by name, numbers never. Read by `queries.changes`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from lianxin.access.actor import Actor
from lianxin.register.models import Change, Household
from lianxin.register.rows import Place
from lianxin.vault.masks import mask_free_text

UNSAID = "已更改"


class Act(StrEnum):
    """What was done."""

    REGISTERED = "registered"
    AMENDED = "amended"
    JOINED = "joined"
    LEFT = "left"
    MOVED = "moved"
    CORRECTED = "corrected"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    UNMERGED = "unmerged"
    SPLIT = "split"
    DOMICILE = "domicile"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Act.REGISTERED: "登记",
    Act.AMENDED: "改资料",
    Act.JOINED: "加入",
    Act.LEFT: "离开",
    Act.MOVED: "搬家",
    Act.CORRECTED: "更正住址",
    Act.CLOSED: "销户",
    Act.WITHDRAWN: "撤销导入",
    Act.MERGED: "合并",
    Act.UNMERGED: "拆开",
    Act.SPLIT: "分户",
    Act.DOMICILE: "改户籍",
}

HOUSEHOLD, PERSON = "household", "person"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, before and after, masked; of a sealed one only that it changed."""

    field: str
    old: str
    new: str

    @classmethod
    def said(cls, field: str, old: object, new: object) -> FieldChange:
        return cls(field, mask_free_text(_words(old)), mask_free_text(_words(new)))

    @classmethod
    def unsaid(cls, field: str) -> FieldChange:
        return cls(field, "", UNSAID)


def change_row(
    actor: Actor,
    act: Act,
    *,
    household: str,
    region: str,
    at: dt.datetime,
    person: str = "",
    fields: Sequence[FieldChange] = (),
    because: str = "",
) -> Change:
    """A row of the log, not yet saved. About a person where one is named, else about the household."""
    return Change(
        at=at,
        by=actor.account,
        kind=PERSON if person else HOUSEHOLD,
        key=person or household,
        household=household,
        act=act.value,
        fields=[{"field": each.field, "old": each.old, "new": each.new} for each in fields],
        because=mask_free_text(because),
        **Place(region).columns,
    )


def log_of(
    actor: Actor,
    act: Act,
    household: Household,
    *,
    at: dt.datetime,
    person: str = "",
    fields: Sequence[FieldChange] = (),
    because: str = "",
) -> None:
    """Keep what was done to a household, or to one of its people."""
    change_row(
        actor,
        act,
        household=household.id,
        region=household.region,
        at=at,
        person=person,
        fields=fields,
        because=because,
    ).save()


def _words(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value or "")
