"""Ledgers 台账 of lists: who stands there now or stood on a day, with its own questions; children turning an age."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from lianxin.access.actor import Actor
from lianxin.base.days import say_day
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.exchange.sheets import Column, Kind, LedgerSheet, Value, say_export
from lianxin.kinds.listings.ages import Turning, said_turning
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.listings.queries import ListingFilter, list_name
from lianxin.kinds.listings.readings import Stood, matching, place_words, stood
from lianxin.net.regions import path_name
from lianxin.records.answers import said_answers
from lianxin.records.subjects import subject_names

PIECE = 500  # names are asked for once a piece

_T = TypeVar("_T")

Rows = Iterator[Sequence[Value]]

COLUMNS = (
    Column("村（社区）", Kind.TEXT, 18),
    Column("册子", Kind.TEXT, 14),
    Column("谁", Kind.NAME, 14),
    Column("名称", Kind.TEXT, 22),
    Column("类别", Kind.TEXT),
    Column("级别", Kind.TEXT),
    Column("等级", Kind.TEXT),
    Column("上册日期", Kind.DAY),
    Column("看过的材料", Kind.TEXT, 20),
    Column("有效期到", Kind.DAY),
    Column("上次复核", Kind.DAY),
    Column("该复核的日期", Kind.DAY),
    Column("离册日期", Kind.DAY),
    Column("离册原因", Kind.TEXT, 18),
)
_LATER = 4  # of a day in the past, what came later is left away: review, leaving


def list_ledger(actor: Actor, chosen: ListingFilter, *, where: str, at: dt.datetime) -> LedgerSheet:
    """Who stands on a list, or stood on the filter's day; one list brings its own questions as columns."""
    spec = catalog().find_programme(chosen.programme) if chosen.programme else None
    title = f"{spec.name if spec else '建档'}台账"
    period = f"{say_day(dt.date.fromisoformat(chosen.on))}在册" if chosen.on else ""
    asked = [field for field in spec.fields if field.code != spec.headline] if spec else []
    return LedgerSheet(
        title=title,
        subtitle=say_export(what=title, where=where, period=period, by=actor.name, at=at),
        columns=(
            *(COLUMNS[:-_LATER] if chosen.on else COLUMNS),
            *(Column(field.name, Kind.TEXT, 16) for field in asked),
        ),
        rows=_rows(actor, chosen, spec),
        is_numbered=True,
    )


def _rows(actor: Actor, chosen: ListingFilter, spec: ProgrammeSpec | None) -> Rows:
    for piece in _pieces(stood(matching(actor, chosen))):
        names = subject_names(actor, (row.subject for row in piece))
        keys = [row.key for row in piece]
        listings = {row.key: row for row in Listing.objects.seen_by(actor).filter(key__in=keys)}
        for row in piece:
            if listing := listings.get(row.key):
                cells = tuple(_cells(row, listing, names[row.subject.key].name))
                yield (*(cells[:-_LATER] if chosen.on else cells), *_answers(spec, listing))


def _cells(row: Stood, listing: Listing, name: str) -> Iterator[Value]:
    spec = catalog().find_programme(row.programme, listing.programme_version)
    papers = {paper.code: paper.name for paper in spec.papers} if spec else {}
    paper = (papers.get(listing.paper, listing.paper), listing.paper_number)
    yield from (path_name(row.region), list_name(row.programme), name, row.headline)
    yield from place_words(spec, row.place)
    yield from (row.day, " ".join(filter(None, paper)), listing.valid_to)
    yield from (listing.reviewed_on, listing.review_on, listing.off_day, listing.off_why)


def _answers(spec: ProgrammeSpec | None, listing: Listing) -> Sequence[Value]:
    if spec is None:
        return ()
    said = dict(said_answers([spec], listing.answers))
    return [said.get(field.name, "") for field in spec.fields if field.code != spec.headline]


AGE_COLUMNS = (
    Column("村（社区）", Kind.TEXT, 18),
    Column("谁", Kind.NAME, 14),
    Column("哪天", Kind.DAY),
    Column("满几岁", Kind.TEXT, 20),
    Column("册子", Kind.TEXT, 18),
)


def ages_ledger(actor: Actor, found: Sequence[Turning], *, months: int, where: str, at: dt.datetime) -> LedgerSheet:
    """Children who turn an age within so many months, or have outgrown their list."""
    title = "快满岁数的孩子台账"
    return LedgerSheet(
        title=title,
        subtitle=say_export(what=title, where=where, period=f"{months} 个月内", by=actor.name, at=at),
        columns=AGE_COLUMNS,
        rows=_age_rows(actor, found),
        is_numbered=True,
    )


def _age_rows(actor: Actor, found: Sequence[Turning]) -> Rows:
    for piece in _pieces(found):
        names = subject_names(actor, (each.subject for each in piece))
        for each in piece:
            name = names[each.subject.key].name
            yield path_name(each.region), name, each.day, said_turning(each), list_name(each.programme)


def _pieces(items: Iterable[_T]) -> Iterator[list[_T]]:
    rest = iter(items)
    while piece := list(islice(rest, PIECE)):
        yield piece
