"""Proves the ledger on a live database: numbers without gaps, the chain of hashes, every tally a recount of the facts.

Whether the facts are what the records say is the records room's to compare, with `standing.net_of`.
"""

# ruff: noqa: S608 - SQL is put together from our own names; every value is a parameter
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection, transaction

from lianxin.ledger import triggers
from lianxin.ledger.chain import BatchHash, line_sql
from lianxin.ledger.models import Batch, Head
from lianxin.ledger.rebuild import TABLES, Progress
from lianxin.ledger.recount import Expected, expected
from lianxin.ledger.rows import streamed
from lianxin.ledger.selections import selections

_MEND = "请运行 lianxin ledger rebuild 重建。"
_TOLD_EVERY = 50_000
MOST = 20
"""Differences told of one kind: enough to see what happened."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it should be: where, and in words."""

    where: str
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many records and facts were looked at, what differs, and the first of it in words ("" when all is well)."""

    records: int
    facts: int
    differences: tuple[Difference, ...]

    @property
    def first(self) -> str:
        return self.differences[0].words if self.differences else ""


def verify(progress: Progress | None = None) -> Verdict:
    """Look at everything, as of one moment. Differences come in the order chain, places, tallies, triggers."""
    tell = progress or _silent
    with _one_moment():
        facts, records = _row("SELECT COUNT(*), COUNT(DISTINCT record) FROM ledger_fact")
        found = [*_chain(tell, facts), *_places(), *_unknown_keys()]
        kept = selections()
        for done, selection in enumerate(kept):
            tell(selection.key, done, len(kept))
            for part in expected(selection):
                found += _cells(selection.key, part)
        found += [
            Difference(name, f"数据库里少了一把锁：触发器 {name} 不在，底账可能被改动过。")
            for name in triggers.missing(connection)
        ]
    return Verdict(records, facts, tuple(found))


def _silent(what: str, done: int, total: int) -> None:
    del what, done, total


@contextmanager
def _one_moment() -> Iterator[None]:
    """Everything is read as of one moment, and writers need not wait."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    else:
        # Not atomic(): the settings make that BEGIN IMMEDIATE, which would keep every writer out.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _chain(tell: Progress, total: int) -> Iterator[Difference]:
    """Batch numbers 1, 2, 3 …, each with its facts and the hash over them and over the batch before."""
    groups = _Groups(tell, total)
    no, previous = 0, ""
    for batch in _batches():
        for astray in groups.before(batch.no):
            yield _astray(astray)
        if batch.no != no + 1:
            yield Difference(f"batch {no + 1}", f"底账缺了第 {no + 1} 批（第 {no} 批之后直接是第 {batch.no} 批）。")
        yield from _hashed(batch, previous, groups.of(batch.no))
        no, previous = batch.no, batch.hash
    for astray in groups.before(None):
        yield _astray(astray)
    head = Head.objects.first()
    if (head.no, head.hash) != (no, previous) if head else no:
        yield Difference("head", f"底账的末页写着第 {head.no if head else 0} 批，实际最后一批是第 {no} 批。")


class _Batch(NamedTuple):
    no: int
    at: dt.datetime
    by: str
    because: str
    facts: int
    previous: str
    hash: str


def _batches() -> Iterator[_Batch]:
    rows = Batch.objects.order_by("no").values_list(*_Batch._fields).iterator(chunk_size=5_000)
    return map(_Batch._make, rows)


class _Groups:
    """The lines of the facts as they were written, batch by batch, read once."""

    def __init__(self, tell: Progress, total: int) -> None:
        # in the order of their ids: a batch takes its ids while it holds the head
        self._groups = groupby(self._lines(tell, total), key=lambda row: row[0])
        self._next = self._take()

    def before(self, no: int | None) -> Iterator[int]:
        """The batch numbers of groups that stand before this one and belong to none (None: all that are left)."""
        while self._next and (no is None or self._next[0] < no):
            yield self._next[0]
            self._next = self._take()

    def of(self, no: int) -> list[str]:
        """The lines of this batch."""
        if self._next is None or self._next[0] != no:
            return []
        lines = self._next[1]
        self._next = self._take()
        return lines

    def _take(self) -> tuple[int, list[str]] | None:
        group = next(self._groups, None)
        return (group[0], [line for _, line in group[1]]) if group else None

    @staticmethod
    def _lines(tell: Progress, total: int) -> Iterator[tuple[int, str]]:
        for done, row in enumerate(streamed(f"SELECT batch, {line_sql()} FROM ledger_fact ORDER BY id")):
            if done % _TOLD_EVERY == 0:
                tell("chain", done, total)
            yield row[0], row[1]


def _astray(no: int) -> Difference:
    return Difference(f"batch {no}", f"有记账明细写着第 {no} 批，但那一批不存在，或不在它该在的位置。")


def _hashed(batch: _Batch, previous: str, lines: list[str]) -> Iterator[Difference]:
    """At most one difference: what follows from the first is not told again."""
    where = f"batch {batch.no}"
    if len(lines) != batch.facts:
        yield Difference(where, f"第 {batch.no} 批应有 {batch.facts} 条明细，实际有 {len(lines)} 条。")
        return
    if batch.previous != previous:
        yield Difference(where, f"第 {batch.no} 批没有接在前一批后面：前一批的校验值对不上。")
        return
    digest = BatchHash(
        batch.no, at=batch.at, by=batch.by, because=batch.because, facts=batch.facts, previous=batch.previous
    )
    digest.add(lines)
    if digest.hash != batch.hash:
        records = sorted({line.partition("\x1f")[0] for line in lines})
        told = "、".join(records[:3]) + ("等" if len(records) > 3 else "")
        yield Difference(where, f"第 {batch.no} 批的校验值不对：这一批或它的明细（记录 {told}）写下以后被改动过。")


def _places() -> Iterator[Difference]:
    """Town, county and month are copies, kept for the indexes; they must say what region and day say."""
    day = "CAST(day AS TEXT)"
    copies = {
        "town": "CASE WHEN LENGTH(region) >= 9 THEN SUBSTR(region, 1, 9) ELSE '' END",
        "county": "CASE WHEN LENGTH(region) >= 6 THEN SUBSTR(region, 1, 6) ELSE '' END",
        "month": f"CAST(SUBSTR({day}, 1, 4) || SUBSTR({day}, 6, 2) AS INTEGER)",
    }
    differs = " OR ".join(f"{column} <> {said}" for column, said in copies.items())
    for fact, record in _rows(f"SELECT id, record FROM ledger_fact WHERE {differs} ORDER BY id LIMIT {MOST}"):
        yield Difference(f"fact {fact}", f"第 {fact} 条明细（记录 {record}）的乡镇、县或月份与它的区划、日期不符。")


def _unknown_keys() -> Iterator[Difference]:
    known = {selection.key for selection in selections()}
    for table in TABLES:
        for (key,) in _rows(f'SELECT DISTINCT "key" FROM {table} ORDER BY 1'):
            if key not in known:
                yield Difference(f"{table} {key}", f"汇总表 {table} 里有目录中没有的指标 {key}，{_MEND}")


def _cells(key: str, part: Expected) -> Iterator[Difference]:
    """Every cell against the recount; a cell of nothing and no cell are the same."""
    columns = ", ".join(part.columns)
    sql = (
        f"SELECT {columns}, SUM(want), SUM(have) FROM ("
        f"SELECT {columns}, {part.number} AS want, 0 AS have FROM ({part.sql}) expected UNION ALL "
        f'SELECT {columns}, 0, {part.number} FROM {part.table} WHERE "key" = %s AND {part.part}) both_sides '
        f"GROUP BY {columns} HAVING SUM(want) <> SUM(have) ORDER BY {columns} LIMIT {MOST}"
    )
    for *place, want, have in _rows(sql, [*part.params, key]):
        told = "，".join(f"{column} {value}" for column, value in zip(part.columns, place, strict=True))
        words = f"指标 {key} 的汇总（{told}）是 {have}，按明细重算应是 {want}，{_MEND}"
        yield Difference(f"{part.table} {key}", words)


def _rows(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _row(sql: str) -> tuple[Any, ...]:
    (row,) = _rows(sql)
    return row
