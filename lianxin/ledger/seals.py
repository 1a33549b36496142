"""Closing a period: its figures stay what they were, ordinary writes dated inside are refused, corrections follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, is_under, level_of
from lianxin.base.days import Period, say_day
from lianxin.base.errors import Refused
from lianxin.base.ids import new_id
from lianxin.ledger import chain, counting, locks
from lianxin.ledger.facts import FactRow
from lianxin.ledger.folds import figure
from lianxin.ledger.models import SealedPeriod as SealedPeriod  # what these functions answer, for others to name
from lianxin.ledger.rows import put
from lianxin.ledger.selections import Selection
from lianxin.ledger.view import LedgerView
from lianxin.vault.masks import mask_free_text

_COLUMNS = ("id", "region", "period", "watermark", "at", "by", "because")


@dataclass(frozen=True, slots=True)
class SealedFigure:
    """What a figure was when its period was closed, who closed it and when."""

    value: Decimal
    seal: SealedPeriod


@dataclass(frozen=True, slots=True)
class Corrected:
    """A sealed figure that has moved since: then, now, and how many facts lie between."""

    sealed: Decimal
    live: Decimal
    facts: int


@dataclass(frozen=True, slots=True)
class SealBook:
    """The seals of some counties, read once and asked for each row of a batch."""

    seals: tuple[SealedPeriod, ...]

    @classmethod
    def of(cls, regions: Iterable[str]) -> SealBook:
        counties = {region[: Level.COUNTY.length] for region in regions}
        rows = SealedPeriod.objects.filter(region__in=sorted(counties)).order_by("period")
        return cls(tuple(rows))

    def on(self, region: str, day: dt.date) -> SealedPeriod | None:
        """The seal that a day lies under there, if any."""
        return next((seal for seal in self.seals if is_under(region, seal.region) and seal.span.holds(day)), None)


def sealed_period_on(region: str, day: dt.date) -> SealedPeriod | None:
    """The seal that a day lies under there, if any. For many days at once, `SealBook.of(regions).on(...)`."""
    return SealBook.of([region]).on(region, day)


def refuse_inside(rows: Sequence[FactRow], *, because: str, correcting: bool) -> None:
    """Refused when a row is dated inside a sealed period, unless it is a correction that says why."""
    book = SealBook.of({row.region for row in rows})
    if not book.seals:
        return
    for region, day in sorted({(row.region, row.day) for row in rows}):
        seal = book.on(region, dt.date.fromisoformat(day))
        if seal and not correcting:
            told = say_day(dt.date.fromisoformat(day))
            raise Refused(f"{seal.name}已经封账，{told}的数不能再改；确有错漏，请县妇联办理更正。", field="day")
        if seal and not because:
            raise Refused("更正已封账期间的数，请写明原因。", field="because")


def seal_period(actor: Actor, *, region: str, period: Period, because: str, at: dt.datetime) -> SealedPeriod:
    """Close a county's period at the ledger's present position. Belongs into a transaction.

    Forbidden without PERIOD_SEAL there; Refused before its last day is over, or when it is closed already.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("seal a period inside a transaction")
    if level_of(region) != Level.COUNTY:
        raise Refused("封账按县（市、区）办理，请选一个县（市、区）。", field="region")
    actor.require(Verb.PERIOD_SEAL, region=region)
    if at.date() < period.end:
        raise Refused(f"{period.name}还没有结束，{say_day(period.end)}起才能封账。", field="period")
    locks.hold_county(region)  # whoever is posting into the county commits first and is counted
    _refuse_closed(region, period)
    seal = SealedPeriod(new_id(), region, period.code, chain.head(), at, actor.account, mask_free_text(because))
    moment = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        row = (seal.id, seal.region, seal.period, seal.watermark, moment, seal.by, seal.because)
        put(cursor, "ledger_sealedperiod", _COLUMNS, [row])
    return seal


def _refuse_closed(region: str, period: Period) -> None:
    for seal in SealBook.of([region]).seals:
        if seal.span.holds(period.start) and period.last_day <= seal.span.last_day:
            raise Refused(f"{seal.name}已经封账，{period.name}不用再封。", field="period")


def corrected_records(actor: Actor, seals: Sequence[SealedPeriod], *, measures: Iterable[str]) -> dict[str, int]:
    """How many records were posted for inside each of these closed periods since: by the seal's id, none left out.

    One query. `measures` are all that are counted: the facts of a county are found by measure and day.
    """
    for seal in seals:
        actor.require(Verb.PERIOD_SEAL, region=seal.region)
    if not seals:
        return {}
    since = {
        (seal.id, record)
        for region, month, batch, record in _posted_since(seals, sorted(measures))
        for seal in seals
        if seal.region == region and batch > seal.watermark and int(month) in seal.span.months
    }
    return {seal.id: sum(key == seal.id for key, _ in since) for seal in seals}


def _posted_since(seals: Sequence[SealedPeriod], measures: Sequence[str]) -> list[tuple[str, int, int, str]]:
    inside: list[str] = []
    params: list[str | int] = []
    for seal in seals:
        inside.append("(county = %s AND day >= %s AND day < %s AND batch > %s)")
        params += [seal.region, seal.span.start.isoformat(), seal.span.end.isoformat(), seal.watermark]
    named = ", ".join(["%s"] * len(measures))
    sql = (
        f"SELECT DISTINCT county, month, batch, record FROM ledger_fact WHERE measure IN ({named}) "  # noqa: S608
        f"AND ({' OR '.join(inside)})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*measures, *params])
        return list(cursor.fetchall())


def seal_over(view: LedgerView) -> SealedPeriod | None:
    """The closest seal over a view's region and period: a month's own before its year's."""
    if level_of(view.region) < Level.COUNTY:
        return None
    over = [
        seal
        for seal in SealBook.of([view.region]).seals
        if seal.span.start <= view.period.start and view.period.end <= seal.span.end
    ]
    return min(over, key=lambda seal: seal.span.span.months, default=None)


def sealed_figure(view: LedgerView, selection: Selection) -> SealedFigure | None:
    """The figure as it was sealed: the recount at the seal's watermark. None where nothing is sealed."""
    seal = seal_over(view)
    return SealedFigure(figure(view.at(seal.watermark), selection), seal) if seal else None


def corrected_since(view: LedgerView, selection: Selection) -> Corrected | None:
    """How a sealed figure has moved since; None where nothing is sealed or nothing was posted for it afterwards."""
    seal = seal_over(view)
    facts = counting.facts_after(view, selection, seal.watermark) if seal else 0
    if seal is None or not facts:
        return None
    return Corrected(figure(view.at(seal.watermark), selection), figure(view.at(None), selection), facts)
