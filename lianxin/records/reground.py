"""After a wrong home was put right in the register: the subject's records take their ground from it anew."""

from __future__ import annotations

import datetime as dt

from lianxin.access.actor import Actor
from lianxin.records.door import submit
from lianxin.records.drafts import Act, Draft
from lianxin.records.ground import home_on, homes_of
from lianxin.records.history import latest_values
from lianxin.records.kinds import Subject, installed
from lianxin.records.models import Entry
from lianxin.register.models import Membership


def reground(actor: Actor, subject: Subject, *, because: str, correcting: bool, at: dt.datetime) -> int:
    """Say again what stands on the wrong ground of a subject or of a household's people. How many records moved.

    Only for a home that was registered wrongly: a household that moves takes nothing along. Raises what the door does.
    """
    moved = 0
    misplaced = _misplaced(actor, _with_people(actor, subject))
    for kind in installed():
        drafts = [
            Draft(kind.code, key, values, Act.AMEND, revision, because, correcting)
            for key, revision, values in latest_values(actor, kind, tuple(misplaced.get(kind.code, ())))
        ]
        moved += len(submit(actor, drafts, at=at))
    return moved


def _with_people(actor: Actor, subject: Subject) -> tuple[Subject, ...]:
    if subject.type != "household":
        return (subject,)
    people = Membership.objects.seen_by(actor).filter(household_id=subject.key).values_list("person_id", flat=True)
    return (subject, *(Subject("person", key) for key in dict.fromkeys(people)))


def _misplaced(actor: Actor, subjects: tuple[Subject, ...]) -> dict[str, list[str]]:
    """Kind → the records that do not stand where their subject lived on their day."""
    homes = homes_of(actor, subjects)
    rows = Entry.objects.seen_by(actor).filter(subject__in=[subject.key for subject in subjects], is_void=False)
    found: dict[str, list[str]] = {}
    for row in rows.order_by("id"):
        lived = homes.get(Subject(row.subject_type, row.subject))
        if lived and home_on(lived, row.day).region != row.region:
            found.setdefault(row.kind, []).append(row.record)
    return found
