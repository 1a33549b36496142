"""What a case puts into the ledger. Pure. Each number counts on the day it came about and is never moved afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from lianxin.catalog.cases import CaseSpec
from lianxin.kinds.cases.life import Standing, standing
from lianxin.kinds.cases.steps import Beat, Step
from lianxin.kinds.cases.values import CaseValues
from lianxin.ledger.facts import FactDraft
from lianxin.records.kinds import Stand

MEASURES = (
    "case.found",
    "case.weighed",
    "case.resolved",
    "case.closed",
    "case.answered",
    "case.rated",
    "case.consulted",
    "case.repeated",
    "case.revisited",
)
"""The measures that cases own; catalog/measures.toml says what each counts."""


@dataclass(frozen=True, slots=True)
class _Countable:
    measure: str
    day: dt.date
    tags: tuple[tuple[str, str], ...] = ()
    value: int = 1


def facts(stand: Stand, values: CaseValues) -> tuple[FactDraft, ...]:
    """The subject is the case itself: the ledger must not know whose it is."""
    programme = stand.programmes[0]
    if programme.case is None:
        return ()
    wanted = {fact.measure: set(fact.tags) for fact in programme.facts}
    shared = (("source", values.source), ("matter", values.matter))
    return tuple(
        FactDraft(
            measure=item.measure,
            value=Decimal(item.value),
            subject=stand.key,
            subject_type="case",
            region=stand.region,
            day=item.day,
            programme=programme.code,
            tags=tuple(sorted(tag for tag in (*shared, *item.tags) if tag[0] in wanted[item.measure])),
        )
        for item in _countables(values, programme.case)
        if item.measure in wanted
    )


def _countables(values: CaseValues, case: CaseSpec) -> Iterator[_Countable]:
    if values.is_consultation:
        yield _Countable("case.consulted", values.day)
        return
    yield _Countable("case.found", values.day)
    weighed = next((beat for beat in values.log if beat.act is Step.TRIAGE), None)
    if weighed:
        yield _Countable("case.weighed", weighed.day, (("colour", weighed.colour),))
    yield from _of_log(values, case)
    for beat in values.log:
        if beat.act is Step.ALARM:
            yield _Countable("case.repeated", beat.day)
        elif beat.act is Step.REVISIT:
            yield _Countable("case.revisited", beat.day)
        elif beat.act is Step.JOIN:
            yield _Countable("case.found", beat.day, value=-1)
        elif beat.act is Step.APART:
            yield _Countable("case.found", beat.day)
    now = standing(values, case)
    if now.contacted:
        yield _Countable("case.answered", now.contacted.day)
    if first := next((beat for beat in values.log if beat.act is Step.RATED and beat.rating), None):
        yield _Countable("case.rated", first.day, (("satisfaction", first.rating),))


def _of_log(values: CaseValues, case: CaseSpec) -> Iterator[_Countable]:
    """Closed on the day of the review; from the day it is taken up again, no longer."""
    counted: tuple[_Countable, ...] = ()
    for number, beat in enumerate(values.log):
        if beat.act is Step.CLOSE:
            counted = tuple(_closed(beat, _before(values, number, case), case))
            yield from counted
        elif beat.act in (Step.REOPEN, Step.ALARM, Step.MANDATED) and counted:
            for item in counted:
                yield _Countable(item.measure, beat.day, item.tags, -1)
            counted = ()


def _before(values: CaseValues, number: int, case: CaseSpec) -> Standing:
    return standing(replace(values, log=values.log[:number]), case)


def _closed(beat: Beat, before: Standing, case: CaseSpec) -> Iterator[_Countable]:
    outcome = before.asked_close.outcome if before.asked_close else ""
    tags = (("colour", before.colour or "none"), ("outcome", outcome))
    yield _Countable("case.closed", beat.day, tags)
    spec = case.outcome(outcome)
    if spec is not None and spec.resolved:
        yield _Countable("case.resolved", beat.day, tags)
