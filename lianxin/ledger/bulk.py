"""The bench's set-wise loader: the one way past `post`, for filling an empty ledger with a million invented facts.

No differences, no seals, no tallies moved one by one; `verify` proves that what it leaves is a ledger like any other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from lianxin.ledger import chain
from lianxin.ledger.facts import FactRow
from lianxin.ledger.rebuild import Progress, rebuild
from lianxin.ledger.rows import batched

_IN_A_BATCH = 20_000


def bulk_load(
    rows: Iterable[FactRow], *, by: str, at: dt.datetime, because: str, progress: Progress | None = None
) -> int:
    """Append rows made by `facts.fact_row`, in big batches, then build every tally; how many facts were loaded.

    For records that the ledger has never heard of, all in one transaction.
    """
    loaded = 0
    with transaction.atomic():
        for piece in batched(iter(rows), _IN_A_BATCH):
            chain.append(piece, by=by, at=at, because=because)
            loaded += len(piece)
            if progress:
                progress("facts", loaded, 0)
        rebuild(progress)
    return loaded
