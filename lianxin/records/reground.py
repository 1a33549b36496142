"""After a wrong home was put right in the register: the subject's records take their ground from it anew."""

from __future__ import annotations

import datetime as dt

from lianxin.access.actor import Actor
from lianxin.records.door import submit
from lianxin.records.drafts import Act, Draft
from lianxin.records.history import latest_values
from lianxin.records.kinds import Subject, installed
from lianxin.records.models import Entry


def reground(actor: Actor, subject: Subject, *, because: str, correcting: bool, at: dt.datetime) -> int:
    """Say every record of a subject again, so that each counts where the subject then really lived. How many moved.

    Only for a home that was registered wrongly: a household that moves takes nothing along. Raises what the door does.
    """
    moved = 0
    for kind in installed():
        rows = Entry.objects.seen_by(actor).filter(subject=subject.key, kind=kind.code, is_void=False)
        before = dict(rows.values_list("record", "region"))
        drafts = [
            Draft(kind.code, key, values, Act.AMEND, revision, because, correcting)
            for key, revision, values in latest_values(actor, kind, tuple(before))
        ]
        outcomes = submit(actor, drafts, at=at)
        moved += sum(outcome.record.region != before[outcome.record.key] for outcome in outcomes)
    return moved
