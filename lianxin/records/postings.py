"""What a record should have in the ledger, from what it says now; and whether the ledger has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lianxin.access.verbs import Seal
from lianxin.ledger.facts import Posting, wanted
from lianxin.ledger.standing import net_of
from lianxin.ledger.verify import Difference
from lianxin.records.kinds import Kind, Stand, Values, installed
from lianxin.records.models import History, Record
from lianxin.register.aliases import leads
from lianxin.register.log import HOUSEHOLD, PERSON

CHUNK = 1_000
BECAUSE = "the house compares every record with the ledger and the index"

Progress = Callable[[str, int, int], None]
Leads = Mapping[str, str]


def leads_of(kind: Kind[Any], said: Iterable[Values]) -> Leads:
    """Where the subjects of what these records say lead now, those that were merged into another."""
    wanted: dict[str, set[str]] = {}
    for values in said:
        for subject in kind.subjects(values):
            wanted.setdefault(subject.type, set()).add(subject.key)
    led: dict[str, str] = {}
    for each in (HOUSEHOLD, PERSON):
        if each in wanted:
            led |= leads(each, wanted[each])
    return led


def posting_of(kind: Kind[Any], record: Record, values: Values, led: Leads, *, is_new: bool) -> Posting:
    """The posting of a record that says `values`, for whom its subjects stand; without facts when it is withdrawn."""
    facts = () if record.is_void else kind.facts(_stand_of(kind, record, values), values)
    return Posting(
        record=record.key,
        kind=kind.code,
        revision=record.revision,
        organisation=record.organisation,
        org_level=record.org_level,
        seal=Seal(record.seal),
        facts=tuple(replace(fact, subject=led[fact.subject]) if fact.subject in led else fact for fact in facts),
        is_new=is_new,
    )


def _stand_of(kind: Kind[Any], record: Record, values: Values) -> Stand:
    return Stand(record.key, record.region, record.day, kind.programmes(values))


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
            yield postings_now(kind, chunk)


def unposted(progress: Progress | None = None) -> Iterator[Difference]:
    """Every record whose facts in the ledger are not what it says: net(record) = facts(record)."""
    for postings in chunks_of_postings(progress):
        have = net_of(posting.record for posting in postings)
        for posting in postings:
            if have.get(posting.record, {}) != wanted(posting):
                yield Difference(posting.record, f"记录 {posting.record} 说的和底账里记的不一样。")


def postings_now(kind: Kind[Any], records: Sequence[Record]) -> list[Posting]:
    """The postings of these records, read from what each last said."""
    revisions = {record.key: record.revision for record in records}
    rows = History.objects.unscoped(BECAUSE).filter(record__in=revisions)
    said = {row.record: row.values for row in rows if row.revision == revisions[row.record]}
    values = {key: kind.recall(raw) for key, raw in said.items()}
    led = leads_of(kind, values.values())
    return [posting_of(kind, record, values[record.key], led, is_new=False) for record in records]
