"""What a record should have in the ledger, from what it says now; and whether the ledger has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from lianxin.access.verbs import Seal
from lianxin.ledger.facts import Posting, wanted
from lianxin.ledger.standing import net_of
from lianxin.ledger.verify import Difference
from lianxin.records.kinds import Kind, Stand, Values, installed
from lianxin.records.models import History, Record

CHUNK = 1_000
BECAUSE = "the house compares every record with the ledger and the index"

Progress = Callable[[str, int, int], None]


def posting_of(kind: Kind[Any], record: Record, values: Values, *, is_new: bool) -> Posting:
    """The posting of a record that says `values`; without facts when it is withdrawn."""
    stand = Stand(record.key, record.region, record.day, kind.programmes(values))
    return Posting(
        record=record.key,
        kind=kind.code,
        revision=record.revision,
        organisation=record.organisation,
        org_level=record.org_level,
        seal=Seal(record.seal),
        facts=() if record.is_void else kind.facts(stand, values),
        is_new=is_new,
    )


def chunks_of_records(kind: Kind[Any], progress: Progress | None = None) -> Iterator[list[Record]]:
    """Every record of a kind, a thousand at a time."""
    rows = kind.model.objects.unscoped(BECAUSE)
    total, done, last = rows.count(), 0, 0
    while chunk := list(rows.filter(seq__gt=last).order_by("seq")[:CHUNK]):
        last = chunk[-1].seq
        yield chunk
        done += len(chunk)
        if progress:
            progress(kind.name, done, total)


def chunks_of_postings(progress: Progress | None = None) -> Iterator[list[Posting]]:
    """The postings of every record there is, a thousand at a time, read from what each last said."""
    for kind in installed():
        for chunk in chunks_of_records(kind, progress):
            yield _postings(kind, chunk)


def unposted(progress: Progress | None = None) -> Iterator[Difference]:
    """Every record whose facts in the ledger are not what it says: net(record) = facts(record)."""
    for postings in chunks_of_postings(progress):
        have = net_of(posting.record for posting in postings)
        for posting in postings:
            if have.get(posting.record, {}) != wanted(posting):
                yield Difference(posting.record, f"记录 {posting.record} 说的和底账里记的不一样。")


def _postings(kind: Kind[Any], records: Sequence[Record]) -> list[Posting]:
    revisions = {record.key: record.revision for record in records}
    rows = History.objects.unscoped(BECAUSE).filter(record__in=revisions)
    said = {row.record: row.values for row in rows if row.revision == revisions[row.record]}
    return [posting_of(kind, record, kind.recall(said[record.key]), is_new=False) for record in records]
