"""What a listing puts into the ledger. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from lianxin.kinds.listings.values import ListingValues
from lianxin.ledger.facts import FactDraft
from lianxin.records.kinds import Stand

MEASURES = ("listing.standing", "listing.opened", "listing.closed")
"""The measures that listings own."""


def facts(stand: Stand, values: ListingValues) -> tuple[FactDraft, ...]:
    """+1 standing on the day it is put on, −1 on the day it is taken off; opened and closed as flows."""
    wanted = {fact.measure: set(fact.tags) for programme in stand.programmes for fact in programme.facts}
    tags = [("list", values.programme), ("subject", values.subject.type)]
    tags += [("category", values.category)] if values.category else []
    tags += [("grade", values.grade)] if values.grade else []
    return tuple(
        FactDraft(
            measure=measure,
            value=value,
            subject=values.subject.key,
            subject_type=values.subject.type,
            region=stand.region,
            day=day,
            programme=values.programme,
            tags=tuple(sorted(tag for tag in tags if tag[0] in wanted[measure])),
        )
        for measure, value, day in _countables(values)
        if measure in wanted
    )


def _countables(values: ListingValues) -> Iterator[tuple[str, Decimal, dt.date]]:
    yield "listing.standing", Decimal(1), values.on_day
    yield "listing.opened", Decimal(1), values.on_day
    if values.off_day is not None:
        yield "listing.standing", Decimal(-1), values.off_day
        yield "listing.closed", Decimal(1), values.off_day
