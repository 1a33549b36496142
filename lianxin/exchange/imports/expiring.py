"""What was handed in and never taken further: people's particulars are not left lying about."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from lianxin.access.guard import pen
from lianxin.exchange.models import PEN, Batch, Block, Stage, StagedRow

KEPT_FOR = dt.timedelta(days=30)  # our own limit; nothing obliges anybody to finish sooner
_STALE = "a batch that nobody has touched for a month; what it holds is forgotten, not read"


def forget_stale(at: dt.datetime) -> int:
    """Drop the file and the rows of batches that have waited for a month; how many batches."""
    waiting = Batch.objects.unscoped(_STALE).filter(stage__in=(Stage.COLUMNS, Stage.READING, Stage.READY))
    stale = list(waiting.filter(changed_at__lt=at - KEPT_FOR).values_list("id", flat=True)[:100])
    for key in stale:
        with transaction.atomic(), pen(PEN):
            batch = Batch.objects.unscoped(_STALE).select_for_update().get(pk=key)
            if batch.changed_at >= at - KEPT_FOR:
                continue
            StagedRow.objects.unscoped(_STALE).filter(batch_id=key).delete()
            Block.objects.unscoped(_STALE).filter(batch_id=key).delete()
            batch.stage, batch.changed_at, batch.preview = Stage.DROPPED, at, ""
            batch.save()
    return len(stale)
