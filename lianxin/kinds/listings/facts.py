"""What a listing puts into the ledger. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from lianxin.catalog.figures import answer_value
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.kinds.listings.values import ListingValues, Place
from lianxin.ledger.facts import FactDraft
from lianxin.records.kinds import Stand

MEASURES = ("listing.standing", "listing.opened", "listing.closed", "listing.reviewed")
"""The measures that listings own."""


def facts(stand: Stand, values: ListingValues) -> tuple[FactDraft, ...]:
    """Standing by spells, so that each day has its class, level and grade; opened, closed, reviewed as flows."""
    programme = stand.programmes[0]
    wanted = {fact.measure: set(fact.tags) for fact in programme.facts}
    answered = tuple(_answered(programme, values))
    return tuple(
        FactDraft(
            measure=measure,
            value=value,
            subject=values.subject.key,
            subject_type=values.subject.type,
            region=stand.region,
            day=day,
            programme=values.programme,
            tags=tuple(
                sorted(tag for tag in (*_tags(programme, values, place), *answered) if tag[0] in wanted[measure])
            ),
        )
        for measure, value, day, place in _countables(values)
        if measure in wanted
    )


def _countables(values: ListingValues) -> Iterator[tuple[str, Decimal, dt.date, Place]]:
    for spell in values.spells:
        yield "listing.standing", Decimal(1), spell.starts, spell.place
        if spell.ends is not None:
            yield "listing.standing", Decimal(-1), spell.ends, spell.place
    yield "listing.opened", Decimal(1), values.on_day, values.spells[0].place
    if values.ends is not None:
        yield "listing.closed", Decimal(1), values.ends, values.last_place
    for review in values.reviews:
        yield "listing.reviewed", Decimal(1), review.day, values.last_place


def _tags(programme: ProgrammeSpec, values: ListingValues, place: Place) -> Iterator[tuple[str, str]]:
    yield "list", values.programme
    yield "subject", values.subject.type
    for code in dict.fromkeys((place.category, *place.also)):
        if code:
            yield "category", code
            category = programme.category(code)
            if category is not None and category.under:
                yield "category", category.under
    if place.level:
        yield "level", place.level
    if place.grade:
        yield "grade", place.grade


def _answered(programme: ProgrammeSpec, values: ListingValues) -> Iterator[tuple[str, str]]:
    for field in programme.counted_fields:
        answer: Any = values.answers.get(f"{programme.code}.{field.code}")
        if answer is None:
            continue
        if isinstance(answer, bool):
            answer = "yes" if answer else "no"
        for code in answer if isinstance(answer, list) else [answer]:
            yield "field", answer_value(programme, field, str(code))
