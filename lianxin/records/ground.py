"""On which ground a record stands: the village where its subject lived on the day, as far as the actor may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.net.models import Organisation
from lianxin.records.kinds import Subject
from lianxin.register.models import Person, Residence


@dataclass(frozen=True, slots=True)
class Home:
    """Where a subject is at home from a day to a day (half-open; None: still)."""

    region: str
    starts: dt.date
    ends: dt.date | None


def homes_of(actor: Actor, subjects: Iterable[Subject]) -> dict[Subject, tuple[Home, ...]]:
    """The homes of these subjects, oldest first, in at most one query a type; subjects out of sight are left out."""
    wanted: dict[str, set[str]] = {}
    for subject in subjects:
        wanted.setdefault(subject.type, set()).add(subject.key)
    found: dict[Subject, tuple[Home, ...]] = {}
    if keys := wanted.get("household"):
        rows = Residence.objects.seen_by(actor).filter(household_id__in=keys).order_by("household_id", "starts")
        for row in rows:
            subject = Subject("household", row.household_id)
            found[subject] = (*found.get(subject, ()), Home(row.region, row.starts, row.ends))
    if keys := wanted.get("person"):
        for key, region in Person.objects.seen_by(actor).filter(id__in=keys).values_list("id", "region"):
            found[Subject("person", key)] = (Home(region, dt.date.min, None),)
    if keys := wanted.get("organisation"):
        for key, region in Organisation.objects.filter(id__in=keys).values_list("id", "region"):
            if actor.may(Verb.ORGANISATION_READ, region=region):
                found[Subject("organisation", key)] = (Home(region, dt.date.min, None),)
    return found


def home_on(homes: tuple[Home, ...], day: dt.date) -> str:
    """The region of a day; the first known home for a day before it (somebody visited before she was registered)."""
    for home in reversed(homes):
        if home.starts <= day and (home.ends is None or day < home.ends):
            return home.region
    return homes[0].region
