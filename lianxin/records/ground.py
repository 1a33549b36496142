"""On which ground a record stands: the village where its subject lived on the day, wherever the actor's eyes end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.net.models import Organisation
from lianxin.records.kinds import Subject
from lianxin.register.models import Membership, Residence


@dataclass(frozen=True, slots=True)
class Home:
    """Where a subject is at home from a day to a day (half-open; None: still); whether the actor may see it there."""

    region: str
    starts: dt.date
    ends: dt.date | None
    is_seen: bool = True


def homes_of(actor: Actor, subjects: Iterable[Subject]) -> dict[Subject, tuple[Home, ...]]:
    """All homes of these subjects, oldest first, in a query or two a type; subjects out of sight are left out."""
    wanted: dict[str, set[str]] = {}
    for subject in subjects:
        wanted.setdefault(subject.type, set()).add(subject.key)
    found = {
        Subject(kind, key): homes
        for kind, read in _READ.items()
        if kind in wanted
        for key, homes in read(actor, wanted[kind]).items()
    }
    return {subject: homes for subject, homes in found.items() if any(home.is_seen for home in homes)}


def _households(actor: Actor, keys: Collection[str]) -> dict[str, tuple[Home, ...]]:
    # Who sees one home of a household must not put a record there that happened at another.
    rows = Residence.objects.unscoped("a record stands where its household lived that day, in sight or not")
    found: dict[str, tuple[Home, ...]] = {}
    for row in rows.filter(household_id__in=keys).order_by("household_id", "starts"):
        is_seen = bool(actor.may(Verb.REGISTER_READ, region=row.region))
        home = Home(row.region, row.starts, row.ends, is_seen)
        found[row.household_id] = (*found.get(row.household_id, ()), home)
    return found


def _people(actor: Actor, keys: Collection[str]) -> dict[str, tuple[Home, ...]]:
    """A person lives where the household lives that she is in."""
    rows = Membership.objects.unscoped("a record stands where the person lived that day, in sight or not")
    spells = list(rows.filter(person_id__in=keys).order_by("person_id", "starts"))
    houses = _households(actor, {spell.household_id for spell in spells})
    found: dict[str, tuple[Home, ...]] = {}
    for spell in spells:
        homes = (_while_in(spell, home) for home in houses.get(spell.household_id, ()))
        found[spell.person_id] = (*found.get(spell.person_id, ()), *(home for home in homes if home))
    return found


def _while_in(spell: Membership, home: Home) -> Home | None:
    """The part of a household's home during which somebody was in it; None when she came later or left before."""
    starts = max(spell.starts, home.starts)
    ends = min((day for day in (spell.ends, home.ends) if day), default=None)
    return replace(home, starts=starts, ends=ends) if ends is None or starts < ends else None


def _organisations(actor: Actor, keys: Collection[str]) -> dict[str, tuple[Home, ...]]:
    rows = Organisation.objects.filter(id__in=keys).values_list("id", "region")
    return {
        key: (Home(region, dt.date.min, None, bool(actor.may(Verb.ORGANISATION_READ, region=region))),)
        for key, region in rows
    }


_READ = {"household": _households, "person": _people, "organisation": _organisations}


def home_on(homes: tuple[Home, ...], day: dt.date) -> Home:
    """The home of a day; the first known one before it (visited before she was registered), the last one after it."""
    earlier = [home for home in homes if home.starts <= day]
    return earlier[-1] if earlier else homes[0]


AWAY = "这一户那天不住在您的区域，请那边的妇联来登记；搬家日期不对的，请先更正。"
