"""Reading what a record said at each revision, and what changed between two."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from lianxin.access.actor import Actor
from lianxin.base.errors import Refused, Unseen
from lianxin.records.drafts import Act
from lianxin.records.kinds import Card, Kind, installed, kind_of
from lianxin.records.models import Entry, History


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision: who, when, what was done and why; `changed` names the values that differ from the one before."""

    no: int
    act: Act
    by: str
    at: dt.datetime
    because: str
    changed: tuple[str, ...]
    values: dict[str, Any]


def revisions(actor: Actor, kind: Kind[Any], key: str) -> tuple[Revision, ...]:
    """The revisions of a record, newest first, as far as the actor may read the record."""
    rows = History.objects.seen_by(actor, kind.verbs["read"]).filter(record=key).order_by("revision")
    told: list[Revision] = []
    before: dict[str, Any] = {}
    for row in rows:
        names = [name for name in row.values if row.values[name] != before.get(name)] if before else []
        told.append(Revision(row.revision, Act(row.act), row.by, row.at, row.because, tuple(names), row.values))
        before = row.values
    return tuple(reversed(told))


def values_at(actor: Actor, kind: Kind[Any], key: str, revision: int) -> dict[str, Any] | None:
    """What a record said at a revision; None when there is none for this actor."""
    rows = History.objects.seen_by(actor, kind.verbs["read"]).filter(record=key, revision=revision)
    row = rows.first()
    return dict(row.values) if row else None


def values_begun_from(actor: Actor, kind: Kind[Any], key: str, revision: int) -> dict[str, Any]:
    """What a record said at the revision that somebody began to change; Unseen, or Refused for no such revision."""
    values = values_at(actor, kind, key, revision)
    if values is None and values_at(actor, kind, key, 1) is None:
        raise Unseen("没有这条记录，或不在您的区域。")
    if values is None:
        raise Refused("这一页已经过时，请重新打开再改。")
    return values


def timeline(actor: Actor, subjects: tuple[str, ...], *, of_kind: str = "", limit: int = 100) -> tuple[Card, ...]:
    """Every kind's records (or one kind's) that touch these keys, newest first, as far as the actor may read each.

    Whoever was merged into somebody counts with her when her keys come from `register.aliases.with_merged`.
    """
    rows = Entry.objects.seen_by(actor).filter(subject__in=subjects, is_void=False)
    rows = rows.filter(kind=of_kind) if of_kind else rows
    entries = list(rows.order_by("-day", "-id")[:limit])
    cards: dict[str, Card] = {}
    for kind in installed():
        keys = [entry.record for entry in entries if entry.kind == kind.code]
        if keys and actor.may(kind.verbs["read"]):
            cards |= kind_of(kind.code).cards(actor, keys)
    return tuple(cards[entry.record] for entry in entries if entry.record in cards)


def latest_values(actor: Actor, kind: Kind[Any], keys: tuple[str, ...]) -> list[tuple[str, int, dict[str, Any]]]:
    """(key, revision, values) of what these records say now, as far as the actor may read them."""
    rows = History.objects.seen_by(actor, kind.verbs["read"]).filter(record__in=keys).order_by("record", "revision")
    latest = {row.record: row for row in rows}
    return [(row.record, row.revision, dict(row.values)) for row in latest.values()]
