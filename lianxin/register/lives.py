"""Somebody's life in the register: the households she was in, what was merged into her, where she lived on a day.

Read under every key she ever had, each time with somebody's eyes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from lianxin.access.actor import Actor
from lianxin.register.aliases import with_merged
from lianxin.register.cards import Event
from lianxin.register.drafts import Leaving, Relation
from lianxin.register.models import Membership, Merge, Person, Residence
from lianxin.register.queries import household_names


@dataclass(frozen=True, slots=True)
class Spell:
    """Some time in a household: `head` and `place` as they are today, "" out of sight."""

    household: str
    head: str
    place: str
    relation: str
    starts: dt.date
    ends: dt.date | None
    why: str


@dataclass(frozen=True, slots=True)
class Joined:
    """A registration that was merged into somebody, and when."""

    number: int
    key: str
    name: str
    at: dt.datetime
    because: str


@dataclass(frozen=True, slots=True)
class Stay:
    """Where somebody lived on a day: in which household, in which village."""

    household: str
    head: str
    place: str
    region: str


def spells_of(actor: Actor, keys: Collection[str]) -> tuple[Spell, ...]:
    """The households somebody was in, the first one first, as far as the actor may see them. Three queries.

    `keys`: all that stand for her.
    """
    rows = list(Membership.objects.seen_by(actor).filter(person_id__in=keys).order_by("starts", "id"))
    homes = household_names(actor, {row.household_id for row in rows})
    return tuple(
        Spell(
            row.household_id,
            *homes.get(row.household_id, ("", "")),
            relation=Relation(row.relation).label,
            starts=row.starts,
            ends=row.ends,
            why=Leaving(row.ended_why).label if row.ended_why else "",
        )
        for row in rows
    )


def homes_counted(actor: Actor, alike: Mapping[str, Collection[str]]) -> dict[str, int]:
    """In how many households each of these people was, by key; `alike`: all keys that stand for each. One query."""
    every = [key for keys in alike.values() for key in keys]
    rows = Membership.objects.seen_by(actor).filter(person_id__in=every)
    spells = set(rows.values_list("person_id", "household_id"))
    return {one: len({home for person, home in spells if person in keys}) for one, keys in alike.items()}


def spell_events(spells: Iterable[Spell]) -> list[Event]:
    """The same for a timeline: when she came, when and why she left."""
    events = []
    for spell in spells:
        home = f"{spell.head}家" if spell.head else "一户"
        events.append(Event(spell.starts, "joined", f"入{home}（{spell.relation}）"))
        if spell.ends is not None:
            events.append(Event(spell.ends, "left", f"离开{home}：{spell.why or '其他原因'}"))
    return events


def merged_into(actor: Actor, key: str) -> tuple[Joined, ...]:
    """What is merged into somebody now, the latest first: only the first of them can be taken apart."""
    rows = list(Merge.objects.seen_by(actor).filter(kept=key, undone_at__isnull=True).order_by("-id"))
    names = dict(Person.objects.seen_by(actor).filter(id__in=[row.gone for row in rows]).values_list("id", "name"))
    return tuple(Joined(row.pk, row.gone, names.get(row.gone, ""), row.at, row.because) for row in rows)


def lived_on(actor: Actor, key: str, day: dt.date) -> tuple[Stay, ...]:
    """Where she lived on a day, as far as the actor may see; two where she was registered twice. Five queries."""
    then = Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gt=day))
    rows = Membership.objects.seen_by(actor).filter(then, person_id__in=with_merged([key]))
    households = list(dict.fromkeys(rows.order_by("starts", "id").values_list("household_id", flat=True)))
    homes = Residence.objects.seen_by(actor).filter(then, household_id__in=households)
    regions = dict(homes.values_list("household_id", "region"))
    names = household_names(actor, households)
    return tuple(
        Stay(household, *names.get(household, ("", "")), region=regions[household])
        for household in households
        if household in regions
    )
