"""Pairs of people who may be registered twice, as a ledger to go through on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from lianxin.access.actor import Actor
from lianxin.exchange.sheets import Column, Kind, LedgerSheet, Value, say_export
from lianxin.net.regions import path_name
from lianxin.register.cards import PersonCard
from lianxin.register.queries import person_cards
from lianxin.register.suspects import Pair, suspects_open

PIECE = 200
MOST = 5_000  # pairs of one ledger

COLUMNS = (
    Column("姓名（一）", Kind.NAME, 14),
    Column("在哪里（一）", width=24),
    Column("出生（一）", Kind.DAY),
    Column("姓名（二）", Kind.NAME, 14),
    Column("在哪里（二）", width=24),
    Column("出生（二）", Kind.DAY),
    Column("为什么像", Kind.LONG),
    Column("看下来是", width=16),
)


def doubles_ledger(actor: Actor, *, where: str, at: dt.datetime) -> LedgerSheet:
    """The likeliest first; the last column is left empty for the pen."""
    title = "疑似重复的人台账"
    says = say_export(what=title, where=where, period="", by=actor.name, at=at)
    return LedgerSheet(title, says, COLUMNS, _rows(actor, on=at.date()), is_numbered=True)


def _rows(actor: Actor, *, on: dt.date) -> Iterator[tuple[Value, ...]]:
    pairs = suspects_open(actor, after=0, limit=MOST)
    for begin in range(0, len(pairs), PIECE):
        piece = pairs[begin : begin + PIECE]
        cards = person_cards(actor, [key for pair in piece for key in (pair.one, pair.other)], on=on)
        yield from (row for pair in piece if (row := _row(pair, cards)))


def _row(pair: Pair, cards: Mapping[str, PersonCard]) -> tuple[Value, ...]:
    """Both in sight, and still two; () otherwise."""
    one, other = cards.get(pair.one), cards.get(pair.other)
    if one is None or other is None or one.key == other.key:
        return ()
    return (*_said(one), *_said(other), "、".join(pair.reasons), "")


def _said(card: PersonCard) -> tuple[Value, ...]:
    return card.name, path_name(card.region), card.birth
