"""Reading the access log: the auditor's list, and who looked at one file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from lianxin.access.actor import REGION_ONLY, Actor
from lianxin.access.verbs import Verb
from lianxin.audit.models import Act, Entry, Reason
from lianxin.base.days import SHANGHAI

PAGE = 50


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What an auditor narrows the log to; `since` and `until` are days, both included."""

    act: Act | None = None
    by: str = ""
    key: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry with its reason."""

    no: int
    at: dt.datetime
    by: str
    act: str
    kind: str
    key: str
    what: str
    region: str
    reason: str


def log_lines(actor: Actor, chosen: LogFilter, *, before: int = 0, limit: int = PAGE) -> list[LogLine]:
    """The newest first; `before` is the number of the last one seen."""
    rows = _seen(actor).filter(_within(chosen))
    if before:
        rows = rows.filter(no__lt=before)
    return _lines(rows.order_by("-no")[:limit])


def who_looked(actor: Actor, keys: Collection[str], *, limit: int = 200) -> list[LogLine]:
    """The entries about these things on her ground, the newest first. Needs audit.file there."""
    rows = Entry.objects.seen_by(actor, Verb.AUDIT_FILE).filter(key__in=keys)
    return _lines(rows.order_by("-no")[:limit])


def _seen(actor: Actor) -> Any:
    """What happened on her ground, and what concerns the whole installation: keys, restores, the command line."""
    rows = Entry.objects.unscoped("an auditor sees her county and what belongs to no county; the filter follows")
    if not actor.may(Verb.AUDIT_READ):
        return rows.none()
    return rows.filter(actor.reach(Verb.AUDIT_READ, REGION_ONLY) | Q(region=""))


def _within(chosen: LogFilter) -> Q:
    found = Q()
    if chosen.act:
        found &= Q(act=chosen.act.value)
    if chosen.by:
        found &= Q(by=chosen.by)
    if chosen.key:
        found &= Q(key=chosen.key)
    if chosen.since:
        found &= Q(at__gte=_midnight(chosen.since))
    if chosen.until:
        found &= Q(at__lt=_midnight(chosen.until + dt.timedelta(days=1)))
    return found


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=SHANGHAI)


def _lines(rows: Iterable[Any]) -> list[LogLine]:
    entries = list(rows)
    asked = [row.no for row in entries if row.reason]
    said = Reason.objects.unscoped("reasons of entries that were just seen").filter(entry__in=asked) if asked else ()
    reasons = {row.entry: row.said.reveal() for row in said}
    return [
        LogLine(
            row.no,
            row.at,
            row.by,
            Act(row.act).label,
            row.kind,
            row.key,
            row.what,
            row.region,
            reasons.get(row.no, ""),
        )
        for row in entries
    ]
