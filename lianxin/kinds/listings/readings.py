"""Who stands on a list, now or on a day; how many, how many overdue, where; the care that standing there calls for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from lianxin.access.actor import Actor
from lianxin.base.days import today
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.kinds.listings.models import Listing, ListingSpell
from lianxin.kinds.listings.queries import ListingFilter, in_state, list_name, listings_matching, narrowed, stands
from lianxin.kinds.listings.values import Place
from lianxin.records.kinds import Call, Subject


@dataclass(frozen=True, slots=True)
class Stood:
    """One subject on one list, now or on a day: where it stands, or stood then."""

    key: str
    subject: Subject
    region: str
    programme: str
    headline: str
    day: dt.date
    place: Place
    ends: dt.date | None
    off_why: str = ""
    review_on: dt.date | None = None


def spells_matching(actor: Actor, chosen: ListingFilter, on: dt.date) -> QuerySet[ListingSpell]:
    """Who stood on a day, in the class, level and grade of then."""
    rows = ListingSpell.objects.seen_by(actor).filter(is_void=False, starts__lte=on).filter(narrowed(chosen))
    return rows.filter(Q(ends__isnull=True) | Q(ends__gt=on)).order_by("-day", "-id")


def matching(actor: Actor, chosen: ListingFilter) -> QuerySet[Listing] | QuerySet[ListingSpell]:
    """What a filter chooses, now or on its day."""
    return (
        spells_matching(actor, chosen, dt.date.fromisoformat(chosen.on))
        if chosen.on
        else listings_matching(actor, chosen)
    )


def stood(rows: Iterable[Listing | ListingSpell]) -> Iterable[Stood]:
    """Rows of either table, said alike."""
    for row in rows:
        yield Stood(
            key=row.key if isinstance(row, Listing) else row.record,
            subject=Subject(row.subject_type, row.subject),
            region=row.region,
            programme=row.programme,
            headline=row.headline,
            day=row.day,
            place=place_of(row),
            ends=row.ends if isinstance(row, Listing) else None,
            off_why=row.off_why if isinstance(row, Listing) else "",
            review_on=row.review_on if isinstance(row, Listing) else None,
        )


def place_of(row: Listing | ListingSpell) -> Place:
    """Where on its list a row stands."""
    return Place(row.category, tuple(filter(None, row.also.split(";"))), row.level, row.grade)


@dataclass(frozen=True, slots=True)
class ListCount:
    """How many stand on a list today, and how many of them should have been looked at again."""

    standing: int
    due: int


def list_counts(actor: Actor, *, on: dt.date) -> dict[str, ListCount]:
    """List → counts, as far as the actor may see who stands there. One query."""
    rows = Listing.objects.seen_by(actor).filter(stands(on)).order_by().values("programme")
    counted = rows.annotate(n=Count("seq"), due=Count("seq", filter=Q(review_on__lt=on)))
    return {row["programme"]: ListCount(row["n"], row["due"]) for row in counted}


def due_by_village(actor: Actor, *, on: dt.date, programme: str = "") -> tuple[tuple[str, int], ...]:
    """(village, how many are overdue), in the order of the codes: a work list, no ranking."""
    chosen = ListingFilter(programme=programme, state="due")
    rows = Listing.objects.seen_by(actor).filter(in_state(chosen, on), narrowed(chosen)).order_by().values("region")
    return tuple((row["region"], row["n"]) for row in rows.annotate(n=Count("seq")).order_by("region"))


def how_many_due(actor: Actor, *, on: dt.date) -> int:
    return Listing.objects.seen_by(actor).filter(in_state(ListingFilter(state="due"), on)).count()


def place_words(programme: ProgrammeSpec | None, place: Place) -> list[str]:
    """The names of a place's class, level and grade, as far as the list still knows them."""
    said = []
    for codes, options in (
        ((place.category, *place.also), programme.categories if programme else ()),
        ((place.level,), programme.levels if programme else ()),
        ((place.grade,), programme.grades if programme else ()),
    ):
        names = {option.code: option.name for option in options}
        said.append("、".join(names.get(code, code) for code in codes if code))
    return said


def care_calls(actor: Actor, subjects: Sequence[str]) -> tuple[Call, ...]:
    """The care called for by the lists that these subjects stand on now."""
    caring = [spec.code for spec in catalog().of_kind("listing") if spec.cares]
    rows = Listing.objects.seen_by(actor).filter(stands(today()), subject__in=subjects, programme__in=caring)
    return tuple(
        Call(
            subject=Subject(row.subject_type, row.subject),
            because=list_name(row.programme),
            record=row.key,
            programme=care.programme,
            says=care.says,
            deliver=care.deliver,
            every_months=care.every_months,
        )
        for row in rows.order_by("programme", "seq")
        for care in catalog().programme(row.programme).cares
    )
