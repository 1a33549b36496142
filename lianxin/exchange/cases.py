"""Cases as a ledger to take out: number, days, stage, colour, source; never a name or a word of the story."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from lianxin.access.actor import Actor
from lianxin.base.days import SHANGHAI
from lianxin.exchange.sheets import Column, Kind, LedgerSheet, Value, say_export
from lianxin.kinds.cases import queries
from lianxin.kinds.cases.life import Stage
from lianxin.kinds.cases.queries import CaseFilter
from lianxin.net.regions import path_name


def cases_ledger(actor: Actor, chosen: CaseFilter, *, where: str, at: dt.datetime) -> LedgerSheet:
    """Every case that the actor may see and asked for, newest first."""
    return LedgerSheet(
        title="个案台账",
        subtitle=say_export(what="个案", where=where, period="", by=actor.name, at=at),
        columns=(
            Column("编号", Kind.TEXT),
            Column("哪天来的", Kind.DAY),
            Column("从哪里来", Kind.TEXT),
            Column("地方", Kind.TEXT, width=22),
            Column("颜色", Kind.TEXT),
            Column("办到哪里", Kind.TEXT),
            Column("接下来最晚", Kind.DAY),
            Column("结案", Kind.DAY),
        ),
        rows=_rows(actor, chosen),
        is_numbered=True,
    )


def _rows(actor: Actor, chosen: CaseFilter) -> Iterator[tuple[Value, ...]]:
    for row in queries.cases_matching(actor, chosen):
        by = row.next_by.astimezone(SHANGHAI).date() if row.next_by else None
        yield (
            row.number,
            row.day,
            queries.option_name("source", row.source),
            path_name(row.region),
            queries.option_name("colour", row.colour) if row.colour else "待定级",
            Stage(row.stage).label,
            by,
            row.closed_on,
        )
