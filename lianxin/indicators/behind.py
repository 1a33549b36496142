"""From a figure back to its records: the cards that this reader may see, and how many there are that she may not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from lianxin.access.actor import Grant
from lianxin.access.verbs import Seal, Verb
from lianxin.base.codes import NATION, is_under
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import IndicatorSpec
from lianxin.indicators.veil import Veil, programmes_behind
from lianxin.ledger import lineage
from lianxin.ledger.selections import Selection, selection_of
from lianxin.ledger.view import LedgerView
from lianxin.records.kinds import Card, Kind, kind_of

Place = tuple[dt.date, str]


@dataclass(frozen=True, slots=True)
class Contribution:
    """A record that the reader may open, the day on which it counts (not always the day it happened), and how much."""

    card: Card
    day: dt.date
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsBehind:
    """One page of the records of a figure. `older` continues the list."""

    rows: tuple[Contribution, ...]
    older: Place | None


@dataclass(frozen=True, slots=True)
class HowMany:
    """How many records there are, and how many of them the reader may not open: protected, or not hers."""

    total: int
    closed: int
    is_of_teams: bool = False  # then it is not said how many are closed to her: one too many would be one too clear


def records_behind(
    spec: IndicatorSpec, view: LedgerView, *, after: Place | None = None, limit: int = 20
) -> RecordsBehind:
    """The records with a net contribution, newest first. A ratio's are those of what it is a share of."""
    spec = opened(spec)
    selection, kind = selection_of(spec), kind_of(catalog().measure(spec.measure).owner)
    rows = _visible_rows(spec, view, selection, kind, after=after, limit=limit)
    page = rows[:limit]
    return RecordsBehind(rows=tuple(page), older=(page[-1].day, page[-1].card.key) if len(rows) > limit else None)


def how_many(spec: IndicatorSpec, view: LedgerView, *, veil: Veil | None = None) -> HowMany | None:
    """The whole list counted, which takes longer than a page of it; None where the number itself is hidden."""
    total = count_behind(spec, view, veil=veil)
    if total is None:
        return None
    spec = opened(spec)
    if any(Seal(programme.seal) is Seal.TEAM for programme in programmes_behind(spec)):
        return HowMany(total, 0, is_of_teams=True)
    selection, kind = selection_of(spec), kind_of(catalog().measure(spec.measure).owner)
    sights = _sights(spec, view, kind.verbs["read"])
    if any(sight.programmes is None and is_under(view.region, sight.under) for sight in sights):
        return HowMany(total, 0)
    hers = sum(lineage.count_records(view, _narrowed(selection, [sight]), under=sight.under) for sight in sights)
    return HowMany(total, max(total - hers, 0))


def every_record(spec: IndicatorSpec, view: LedgerView, *, at_once: int = 500) -> Iterator[Contribution]:
    """All the records behind a figure that the reader may open, newest first, a piece at a time."""
    spec = opened(spec)
    selection, kind = selection_of(spec), kind_of(catalog().measure(spec.measure).owner)
    after: Place | None = None
    while rows := _visible_rows(spec, view, selection, kind, after=after, limit=at_once):
        yield from rows[:at_once]
        if len(rows) <= at_once:
            return
        last = rows[at_once - 1]
        after = (last.day, last.card.key)


def count_behind(spec: IndicatorSpec, view: LedgerView, *, veil: Veil | None = None) -> int | None:
    """How many rows a figure's link opens for somebody who sees everything; None where the number is hidden."""
    spec = opened(spec)
    if view.period.code in (veil or Veil()).over([spec], view).get(spec.code, ()):
        return None
    return lineage.count_records(view, selection_of(spec))


def opened(spec: IndicatorSpec) -> IndicatorSpec:
    """Whose records a figure opens: its own, or its denominator's for a ratio."""
    while spec.fold == "ratio":
        spec = catalog().indicator(spec.denominator)
    return spec


@dataclass(frozen=True, slots=True)
class _Sight:
    """Part of what a reader may open: under one region, posted for some lines of work (None: for any)."""

    under: str
    programmes: frozenset[str] | None


def _visible_rows(
    spec: IndicatorSpec, view: LedgerView, selection: Selection, kind: Kind[Any], *, after: Place | None, limit: int
) -> list[Contribution]:
    """Up to one more than `limit`, so that it can be seen whether the list goes on."""
    sights = _sights(spec, view, kind.verbs["read"])
    if not sights:
        return []
    cards: dict[str, Card] = {}

    def visible(keys: Sequence[str]) -> Sequence[str]:
        found = kind.cards(view.actor, keys)
        cards.update(found)
        return list(found)

    found = lineage.records_behind(
        view,
        _narrowed(selection, sights),
        after=after,
        limit=limit + 1,
        visible=visible,
        under=sights[0].under if len({sight.under for sight in sights}) == 1 else NATION,
    )
    return [Contribution(cards[item.record], item.day, item.value) for item in found]


def _narrowed(selection: Selection, sights: Sequence[_Sight]) -> Selection:
    """Asks only for what was posted for lines of work that the reader may open at all."""
    if any(sight.programmes is None for sight in sights):
        return selection
    codes = frozenset[str]().union(*(sight.programmes or () for sight in sights))
    return replace(selection, where=(*selection.where, ("programme", tuple(sorted(codes)))))


def _sights(spec: IndicatorSpec, view: LedgerView, read: Verb) -> list[_Sight]:
    """What the reader's grants open of a view, by region, none lying in another."""
    opened: dict[str, frozenset[str] | None] = {}
    for grant in view.actor.grants:
        programmes = _programmes(spec, grant)
        if read not in grant.verbs or not (programmes is None or programmes):
            continue
        if not (is_under(grant.region, view.region) or is_under(view.region, grant.region)):
            continue
        before = opened.get(grant.region, frozenset())
        opened[grant.region] = None if before is None or programmes is None else before | programmes
    return [
        _Sight(region, programmes)
        for region, programmes in opened.items()
        if not any(region != other and is_under(region, other) for other in opened)
    ]


def _programmes(spec: IndicatorSpec, grant: Grant) -> frozenset[str] | None:
    """The lines of work behind a figure that a grant opens; None for all of them."""
    behind = programmes_behind(spec)
    mine = frozenset(
        programme.code
        for programme in behind
        if _opens(grant, Seal(programme.seal)) and (grant.programmes is None or programme.code in grant.programmes)
    )
    return None if len(mine) == len(behind) else mine


def _opens(grant: Grant, seal: Seal) -> bool:
    """What is a team's is opened by supervising there; each card is still asked for by its reader's own eyes."""
    return seal in grant.seals or (seal is Seal.TEAM and Verb.CASE_SUPERVISE in grant.verbs)
