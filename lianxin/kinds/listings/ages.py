"""Children who turn an age that matters (14, 16, 18) while they stand on a list, or have outgrown it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from lianxin.access.actor import Actor
from lianxin.base.days import age_on, birthday, months_after
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.kinds.listings.checked import births_of
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.listings.queries import ListingFilter, listings_matching
from lianxin.records.kinds import Subject

PIECE = 5_000  # ids in one question: SQLite takes 32,766


@dataclass(frozen=True, slots=True)
class Turning:
    """Somebody on a list turns `age` on `day`; `is_over`: she has already reached the age at which one leaves it."""

    key: str
    subject: Subject
    region: str
    programme: str
    age: int
    day: dt.date
    is_over: bool


def aged_lists() -> tuple[ProgrammeSpec, ...]:
    return tuple(spec for spec in catalog().of_kind("listing") if spec.ages or spec.age_limit)


def turnings(actor: Actor, *, on: dt.date, months: int, programme: str = "") -> tuple[Turning, ...]:
    """Those who have outgrown their list, and those who turn an age within so many months; by the day.

    From the births in the register, as far as the actor may see the listing and the person.
    """
    specs = {spec.code: spec for spec in aged_lists() if programme in ("", spec.code)}
    rows = listings_matching(actor, ListingFilter()).filter(programme__in=specs, subject_type="person")
    found: list[Turning] = []
    for piece in _pieces(rows):
        births = births_of(actor, (row.subject for row in piece))
        for row in piece:
            if birth := births.get(row.subject):
                found += _turnings(row, specs[row.programme], birth, on, months_after(on, months))
    return tuple(sorted(found, key=lambda each: (not each.is_over, each.day, each.key)))


def _turnings(row: Listing, spec: ProgrammeSpec, birth: dt.date, on: dt.date, until: dt.date) -> Iterator[Turning]:
    subject = Subject(row.subject_type, row.subject)
    if spec.age_limit is not None and age_on(birth, on) >= spec.age_limit:
        day = birthday(birth, spec.age_limit)
        yield Turning(row.key, subject, row.region, row.programme, spec.age_limit, day, is_over=True)
        return
    for age in sorted({*spec.ages, *((spec.age_limit,) if spec.age_limit else ())}):
        day = birthday(birth, age)
        if on < day <= until:
            yield Turning(row.key, subject, row.region, row.programme, age, day, is_over=False)


def said_turning(each: Turning) -> str:
    return f"已满 {each.age} 周岁，该离册了" if each.is_over else f"满 {each.age} 周岁"


def _pieces(rows: Iterable[Listing]) -> Iterator[list[Listing]]:
    rest = iter(rows)
    while piece := list(islice(rest, PIECE)):
        yield piece
