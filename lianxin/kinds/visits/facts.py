"""What a visit puts into the ledger. Pure: values and programmes in, facts out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from lianxin.base.codes import Level, ancestor, level_of
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.kinds.visits.values import Mode, Progress, VisitValues
from lianxin.ledger.facts import FactDraft
from lianxin.records.kinds import Stand, Subject

MEASURES = (
    "visit.done",
    "visit.people",
    "visit.village",
    "opinion.heard",
    "idea.heard",
    "difficulty.found",
    "difficulty.solved",
    "delivery.done",
    "delivery.people",
    "giving.amount",
    "giving.people",
)
"""The measures that visits own; catalog/measures.toml says what each counts."""


@dataclass(frozen=True, slots=True)
class _Countable:
    """Something in a visit that can be counted, if one of its programmes counts it."""

    measure: str
    value: Decimal
    day: dt.date
    tags: tuple[tuple[str, str], ...] = ()
    subject: Subject | None = None  # when it is not the visit's own


def facts(stand: Stand, values: VisitValues) -> tuple[FactDraft, ...]:
    """One fact for each countable thing that at least one of the visit's programmes posts."""
    wanted = _wanted_tags(stand.programmes)
    shared = _shared_tags(values)
    return tuple(
        FactDraft(
            measure=item.measure,
            value=item.value,
            subject=(item.subject or values.subject).key,
            subject_type=(item.subject or values.subject).type,
            region=stand.region,
            day=item.day,
            programme=stand.programmes[0].code,
            tags=tuple(sorted(tag for tag in (*shared, *item.tags) if tag[0] in wanted[item.measure])),
        )
        for item in _countables(stand, values)
        if item.measure in wanted and item.value
    )


def _wanted_tags(programmes: tuple[ProgrammeSpec, ...]) -> dict[str, set[str]]:
    """Measure → the dimensions that any of the programmes keeps with it."""
    wanted: dict[str, set[str]] = {}
    for programme in programmes:
        for fact in programme.facts:
            wanted.setdefault(fact.measure, set()).update(fact.tags)
    return wanted


def _shared_tags(values: VisitValues) -> tuple[tuple[str, str], ...]:
    return (
        ("mode", values.mode.value),
        ("subject", values.subject.type),
        *(("purpose", purpose.programme) for purpose in values.purposes),
        *(("reason", f"{purpose.programme}/{reason}") for purpose in values.purposes for reason in purpose.reasons),
    )


def _countables(stand: Stand, values: VisitValues) -> Iterator[_Countable]:
    day = values.day
    yield _Countable("visit.done", Decimal(1), day)
    yield _Countable("visit.people", Decimal(values.people), day)
    if values.mode is Mode.DOOR and level_of(stand.region) >= Level.VILLAGE:
        village = Subject("village", ancestor(stand.region, Level.VILLAGE))
        yield _Countable("visit.village", Decimal(1), day, subject=village)
    for opinion in values.opinions:
        # A golden idea is an opinion too: 意见建议 holds both, 金点子 only the marked ones.
        yield _Countable("opinion.heard", Decimal(1), day)
        if opinion.is_idea:
            yield _Countable("idea.heard", Decimal(1), day)
    for difficulty in values.difficulties:
        tags = (("category", difficulty.category),) if difficulty.category else ()
        yield _Countable("difficulty.found", Decimal(1), difficulty.found_on, tags)
        if difficulty.state is Progress.SOLVED and difficulty.solved_on:
            # A difficulty of 2021 solved in 2022 counts as solved in 2022.
            yield _Countable("difficulty.solved", Decimal(1), difficulty.solved_on, tags)
    for delivery in values.deliveries:
        tags = (("kind", delivery.kind.value),)
        yield _Countable("delivery.done", Decimal(1), day, tags)
        yield _Countable("delivery.people", Decimal(delivery.people), day, tags)
    for giving in values.givings:
        yield _Countable("giving.amount", giving.amount, day, (("what", giving.what),))
    if values.givings:
        yield _Countable("giving.people", Decimal(1), day)
