"""Builds a kind's word index and its kept counts anew from the records, and proves them. Both may be thrown away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from lianxin.ledger.verify import Difference
from lianxin.records.filing import Count, filed
from lianxin.records.keywords import slip_of, word_index
from lianxin.records.kinds import Kind, installed
from lianxin.records.models import Filing
from lianxin.records.postings import Progress, chunks_of_records


def ensure_index(progress: Progress | None = None) -> tuple[str, ...]:
    """Index the kinds whose records are filed nowhere yet, as after an upgrade; their names."""
    missing = [kind for kind in installed() if not Filing.objects.filter(kind=kind.code).exists() and _has_any(kind)]
    for kind in missing:
        rebuild(kind, progress)
    return tuple(kind.name for kind in missing)


def _has_any(kind: Kind[Any]) -> bool:
    # Of the first thousand: what is its team's is filed nowhere.
    return any(filed(kind, record) for record in next(chunks_of_records(kind), []))


def rebuild(kind: Kind[Any], progress: Progress | None = None) -> None:
    """Index all records of a kind again. Whoever records one waits until it is done."""
    index = word_index(kind.code)
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE records_filing IN SHARE ROW EXCLUSIVE MODE")
        Filing.objects.filter(kind=kind.code).delete()
        with index.emptied():
            for records in chunks_of_records(kind, progress):
                index.move([(record.seq, None, slip_of(kind, record)) for record in records])


def miscounted(progress: Progress | None = None) -> Iterator[Difference]:
    """Every kept count that is not the number of records that stand there."""
    for kind in installed():
        stand: Counter[Count] = Counter()
        for records in chunks_of_records(kind, progress):
            stand.update(at for record in records if (slip := filed(kind, record)) for at in slip.counts)
        kept = _kept(kind)
        for at in sorted(stand.keys() | kept.keys()):
            if stand[at] != kept[at]:
                words = f"{at[1]} 有{kind.name} {stand[at]} 条，清单上却数成 {kept[at]} 条。"
                yield Difference(f"{kind.code} {at[1]}", words)


def _kept(kind: Kind[Any]) -> Counter[Count]:
    rows = Filing.objects.filter(kind=kind.code).values_list("grain", "place", "seal", "programme", "marks", "n")
    return Counter({(grain, place, seal, programme, marks): n for grain, place, seal, programme, marks, n in rows})
