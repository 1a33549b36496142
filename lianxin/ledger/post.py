"""The one way into the ledger: what records should have, less what they have, appended as a batch.

Only `lianxin.records.door` imports this; the bench's set-wise loader is `bulk`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection

from lianxin.ledger import chain, locks, seals, tallies
from lianxin.ledger.facts import FactRow, Posted, Posting, fact_row, wanted
from lianxin.ledger.standing import net_of


def post(
    postings: Sequence[Posting], *, by: str, at: dt.datetime, because: str = "", correcting: bool = False
) -> Posted:
    """Append the differences, all or none. The same postings again say nothing and make no batch.

    Belongs into the transaction that saves the records, once, after their rows are locked. Refused when a difference is
    dated inside a sealed period and this is no correction. `because` is kept for ever: no names in it.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("post in the transaction that saves the records")
    if len({posting.record for posting in postings}) != len(postings):
        raise ValueError("one record, one posting")
    locks.hold_records(posting.record for posting in postings if not posting.is_new)
    rows = _differences(postings)
    if not rows:
        return Posted(batch=None, facts=0)
    locks.hold_grounds(counties=(row.county for row in rows), subjects=(row.subject for row in rows))
    seals.refuse_inside(rows, because=because, correcting=correcting)
    tallies.move(rows)
    return Posted(batch=chain.append(rows, by=by, at=at, because=because), facts=len(rows))


def _differences(postings: Sequence[Posting]) -> list[FactRow]:
    standing = net_of(posting.record for posting in postings if not posting.is_new)
    rows: list[FactRow] = []
    for posting in postings:
        want, have = wanted(posting), standing.get(posting.record, {})
        changes = ((key, want.get(key, 0) - have.get(key, 0)) for key in sorted(want.keys() | have.keys()))
        rows += (
            fact_row(posting.record, posting.kind, posting.revision, key, change) for key, change in changes if change
        )
    return rows
