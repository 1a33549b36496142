"""What may be wrong with the record, as a list of checks: each counts its rows by place and names them. Reads only.

A check says what is worth a look; it never says that somebody did badly, and places stand in order of code.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.visits.models import Visit
from lianxin.records.models import SCOPE
from lianxin.register.models import Household, Person

OLDEST = 105  # 岁: whoever is older by the register was perhaps not taken off it
LONG = dt.timedelta(days=365)  # a household not visited for so long is stale


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to look at: `kind` is household, person or listing."""

    kind: str
    key: str
    region: str


@dataclass(frozen=True, slots=True)
class Check:
    """`mend` says what to do about it. `rows` narrows to the doubtful ones; None: `_not_visited` is asked instead."""

    code: str
    name: str
    mend: str
    group: str
    kind: str
    needs: Verb
    rows: Callable[[Actor, dt.date], QuerySet[Any]] | None


def _people(condition: Callable[[dt.date], Q]) -> Callable[[Actor, dt.date], QuerySet[Any]]:
    return lambda actor, today: Person.objects.seen_by(actor).filter(condition(today), died_on__isnull=True)


def _households(condition: Q) -> Callable[[Actor, dt.date], QuerySet[Any]]:
    return lambda actor, _: Household.objects.seen_by(actor).filter(condition, until__isnull=True)


def _due_listings(actor: Actor, today: dt.date) -> QuerySet[Any]:
    return Listing.objects.seen_by(actor).filter(is_void=False, off_day__isnull=True, review_on__lte=today)


def _very_old(today: dt.date) -> Q:
    return Q(birth__lt=dt.date(today.year - OLDEST, 1, 1))


MISSING, DOUBTFUL, STALE, DUE = "缺的", "可疑的", "陈旧的", "该复核的"
_PERSON, _HOUSEHOLD, _LISTING = "person", "household", "listing"
_REGISTER, _LISTS = Verb.REGISTER_READ, Verb.LISTING_READ
CHECKS = (
    Check(
        "no-head", "没有户主", "打开这一家，选一位户主；人都不在了的，办销户。", MISSING, _HOUSEHOLD, _REGISTER,
        _households(Q(head="")),
    ),
    Check(
        "no-place", "没有门牌", "下次上门时看一眼门牌，补上。", MISSING, _HOUSEHOLD, _REGISTER,
        _households(Q(place="")),
    ),
    Check(
        "no-phone", "没有电话", "下次走访时问一个能找到人的电话。", MISSING, _HOUSEHOLD, _REGISTER,
        _households(Q(phone_hash="")),
    ),
    Check(
        "no-birth", "没有出生日期", "有身份证号的补身份证号，出生日期会自己出来。", MISSING, _PERSON, _REGISTER,
        _people(lambda _: Q(birth__isnull=True)),
    ),
    Check(
        "no-sex", "没有性别", "打开这个人，补上性别。", MISSING, _PERSON, _REGISTER, _people(lambda _: Q(sex="")),
    ),
    Check(
        "very-old", f"{OLDEST} 岁以上", "核一核出生日期；已去世的，登记去世。", DOUBTFUL, _PERSON, _REGISTER,
        _people(_very_old),
    ),
    Check(
        "due-listings", "档案该复核", "打开档案，看看情况还在不在，记一次复核。", DUE, _LISTING, _LISTS, _due_listings,
    ),
    Check("not-visited", "一年没走访", "安排走访，或者打个电话。", STALE, _HOUSEHOLD, _REGISTER, None),
)  # fmt: skip
BY_CODE = {check.code: check for check in CHECKS}


def checks_for(actor: Actor, region: str) -> tuple[Check, ...]:
    """Those she may see. What was not visited is asked within a town: over a county it would walk every visit."""
    can = (check for check in CHECKS if actor.may(check.needs, region=region))
    is_near = level_of(region) >= Level.TOWN and bool(actor.may(Verb.VISIT_READ, region=region))
    return tuple(check for check in can if check.rows is not None or is_near)


def counted(actor: Actor, check: Check, region: str, *, today: dt.date) -> Mapping[str, int]:
    """Child place of the region (itself, for a village) → how many rows a check finds there."""
    level = min(Level(level_of(region) + 1), Level.VILLAGE)
    if check.rows is None:
        return Counter(row.region[: level.length] for row in _not_visited(actor, region, today=today))
    column = SCOPE.of_level(level) or SCOPE.region
    rows = _within(check.rows(actor, today), region).order_by().values(column).annotate(many=Count("pk"))
    return {row[column]: row["many"] for row in rows}


def found(actor: Actor, check: Check, region: str, *, today: dt.date, limit: int, after: str = "") -> list[Row]:
    """The rows of a check in a region, in order of key; `after` is the last key of the page before."""
    if check.rows is None:
        rows = sorted(_not_visited(actor, region, today=today), key=lambda row: row.key)
        return [row for row in rows if row.key > after][:limit]
    key = "key" if check.kind == _LISTING else "pk"
    place = _within(check.rows(actor, today), region).filter(**{f"{key}__gt": after}).order_by(key)
    return [Row(check.kind, *row) for row in place.values_list(key, "region")[:limit]]


def _within(rows: QuerySet[Any], region: str) -> QuerySet[Any]:
    return rows.filter(SCOPE.area(region))


def _not_visited(actor: Actor, region: str, *, today: dt.date) -> Iterable[Row]:
    """Households of a town or village that nobody was at, or rang up, for a year. Guarded tables do not join."""
    visits = _within(Visit.objects.seen_by(actor).filter(is_void=False, day__gt=today - LONG), region)
    visited = set(visits.filter(subject_type=_HOUSEHOLD).order_by().values_list("subject", flat=True).distinct())
    homes = _within(Household.objects.seen_by(actor).filter(until__isnull=True, since__lte=today - LONG), region)
    for key, code in homes.order_by().values_list("pk", "region"):
        if key not in visited:
            yield Row(_HOUSEHOLD, key, code)
