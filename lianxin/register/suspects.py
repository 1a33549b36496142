"""The work list of people who may be registered twice: found set-wise, settled by somebody with a reason.

A pair stands on the ground both share: of one village it is seen there, of two towns by the county alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, groupby

from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.access.guard import GuardedQuerySet, pen
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of
from lianxin.base.errors import Refused, Unseen
from lianxin.register.doubles import LIKELY, Asked, likeness
from lianxin.register.merging import reason_of
from lianxin.register.models import PEN, Membership, Person, Suspect
from lianxin.register.names import forms_of_name, plain_name
from lianxin.register.rows import common_ground

_EVERYBODY = "everybody of a county is compared with everybody, set-wise"
MOST_ALIKE = 40  # people of one day or phone who sound alike: more is a list gone wrong, not a double
AT_ONCE = 500
OTHER, MERGED = "other", "merged"
_COLUMNS = ("id", "name", "region", "birth", "sex", "phone_hash", "id_hash")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who may be one, as the work list shows them."""

    number: int
    one: str
    other: str
    score: int
    reasons: tuple[str, ...]


def find_suspects(actor: Actor, county: str, *, at: dt.datetime) -> int:
    """Compare a county's people and keep the pairs that are new; how many stand open. What is settled stays."""
    if level_of(county) != Level.COUNTY:
        raise Refused("请写县（市、区）的 6 位代码。", field="region")
    actor.require(Verb.REGISTER_WRITE, region=county)
    found = _with_homes(_pairs(county))
    with transaction.atomic(), pen(PEN):
        rows = Suspect.objects.unscoped(_EVERYBODY).filter(region__startswith=county)
        known = {(row.one, row.other): row for row in rows}
        stale = [row.pk for pair, row in known.items() if pair not in found and not row.settled]
        for start in range(0, len(stale), AT_ONCE):
            Suspect.objects.unscoped(_EVERYBODY).filter(pk__in=stale[start : start + AT_ONCE]).delete()
        new = [
            Suspect(
                one=one.key,
                other=other.key,
                score=score,
                reasons=list(reasons),
                found_at=at,
                **common_ground(one.region, other.region),
            )
            for (first, second), (one, other, score, reasons) in found.items()
            if (first, second) not in known
        ]
        Suspect.objects.bulk_create(new, batch_size=AT_ONCE)
        return rows.filter(settled="").count()


Found = dict[tuple[str, str], tuple[Asked, Asked, int, tuple[str, ...]]]


def _with_homes(pairs: Iterable[tuple[Asked, Asked]]) -> Found:
    """Those who are likely enough, known by their keys in order; households are asked for these alone."""
    likely = {
        (min(one.key, other.key), max(one.key, other.key)): (one, other)
        for one, other in pairs
        if likeness(one, other)[0] >= LIKELY
    }
    keys = sorted({key for pair in likely for key in pair})
    homes: dict[str, str] = {}
    for start in range(0, len(keys), AT_ONCE):
        rows = Membership.objects.unscoped(_EVERYBODY).filter(ends__isnull=True)
        homes |= dict(rows.filter(person_id__in=keys[start : start + AT_ONCE]).values_list("person_id", "household_id"))
    found: Found = {}
    for pair, both in likely.items():
        one, other = (replace(each, household=homes.get(each.key, "")) for each in both)
        found[pair] = (one, other, *likeness(one, other))
    return found


def _pairs(county: str) -> Iterator[tuple[Asked, Asked]]:
    """Pairs worth a look: born on one day, with one phone, or of one name in one village with a birthday missing."""
    people = Person.objects.unscoped(_EVERYBODY).filter(county=county, into="")
    yield from _alike(people.filter(birth__isnull=False).order_by("birth"), lambda one: one.birth)
    yield from _alike(
        people.exclude(phone_hash="").order_by("phone_tail_hash", "phone_hash"), lambda one: one.phone_hash
    )
    unborn = people.filter(birth__isnull=True).values_list("region", "name").distinct()
    villages = sorted({region for region, _ in unborn})
    for village in villages:
        names = {name for region, name in unborn if region == village}
        yield from _alike(people.filter(region=village, name__in=names).order_by("name"), lambda one: one.name)


def _alike(rows: GuardedQuerySet[Person], by: Callable[[Asked], Hashable]) -> Iterator[tuple[Asked, Asked]]:
    asked = (_asked(row) for row in rows.values_list(*_COLUMNS).iterator(chunk_size=5_000))
    for _, group in groupby(asked, by):
        alike: dict[str, list[Asked]] = {}
        for one in group:
            for sound in forms_of_name(one.name).sounds:
                alike.setdefault(sound, []).append(one)
        for some in alike.values():
            if len(some) <= MOST_ALIKE:
                yield from combinations(some, 2)


def _asked(row: tuple[str, str, str, dt.date | None, str, str, str | None]) -> Asked:
    key, name, region, birth, sex, phone_hash, id_hash = row
    return Asked(
        name=plain_name(name), region=region, birth=birth, sex=sex, phone_hash=phone_hash, id_hash=id_hash, key=key
    )


def suspects_open(actor: Actor, *, after: int = 0, limit: int = 20) -> list[Pair]:
    """The pairs that nobody has settled, the likeliest first, as far as both grounds may be seen."""
    rows = Suspect.objects.seen_by(actor).filter(settled="").order_by("-score", "id")[after : after + limit]
    return [Pair(row.pk, row.one, row.other, row.score, tuple(row.reasons)) for row in rows]


def count_suspects(actor: Actor) -> int:
    return Suspect.objects.seen_by(actor).filter(settled="").count()


def suspect_open(actor: Actor, number: int) -> Pair:
    """One open pair; Unseen where there is none for this actor."""
    row = Suspect.objects.seen_by(actor).filter(pk=number, settled="").first()
    if row is None:
        raise Unseen("没有这一对，可能已经处理了。")
    return Pair(row.pk, row.one, row.other, row.score, tuple(row.reasons))


def tell_apart(actor: Actor, number: int, *, because: str, at: dt.datetime) -> None:
    """They are two people: the pair never comes up again. Needs the right to write on the ground they share."""
    reason = reason_of(because)
    with transaction.atomic(), pen(PEN):
        row = Suspect.objects.seen_by(actor, Verb.REGISTER_WRITE).select_for_update().filter(pk=number).first()
        if row is None:
            raise Unseen("没有这一对，可能已经处理了。")
        if row.settled:
            raise Refused("这一对已经处理过了。")
        row.settled, row.because, row.settled_at, row.settled_by = OTHER, reason, at, actor.account
        row.save()


def told_apart(actor: Actor, key: str, others: Iterable[str], *, at: dt.datetime) -> None:
    """Somebody just registered was said to be none of these: they never come up as pairs."""
    with transaction.atomic(), pen(PEN):
        people = Person.objects.unscoped(_EVERYBODY).filter(id__in=[key, *others])
        regions = dict(people.values_list("id", "region"))
        Suspect.objects.bulk_create(
            [
                Suspect(
                    one=min(key, other),
                    other=max(key, other),
                    score=0,
                    reasons=[],
                    found_at=at,
                    settled=OTHER,
                    because="登记时看过，是另一个人",
                    settled_at=at,
                    settled_by=actor.account,
                    **common_ground(regions[key], regions[other]),
                )
                for other in others
                if other in regions and key in regions
            ],
            ignore_conflicts=True,
        )
