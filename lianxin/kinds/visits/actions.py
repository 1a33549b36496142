"""What people do with visits: record, amend, withdraw, follow a difficulty up. Each is one call of the door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.base.errors import Refused
from lianxin.kinds.visits.kind import VisitKind
from lianxin.kinds.visits.values import Progress
from lianxin.records.door import is_correction, submit
from lianxin.records.drafts import Act, Draft, Outcome, Raw, Rejected
from lianxin.records.history import values_begun_from
from lianxin.register.actions import register_household
from lianxin.register.drafts import HouseholdDraft
from lianxin.register.queries import household_card
from lianxin.register.suspects import told_apart

KIND = VisitKind()


def record_visit(actor: Actor, *, key: str, values: Raw, because: str = "", at: dt.datetime) -> Outcome:
    """Keep a new visit; into a sealed period only as a correction. Raises Problems by field, Forbidden, Refused."""
    draft = Draft("visit", key, values, because=because, correcting=is_correction(actor, because))
    return _one(actor, draft, at=at)


def record_newcomer(
    actor: Actor,
    newcomer: HouseholdDraft,
    *,
    key: str,
    values: dict[str, Any],
    apart_from: Sequence[str] = (),
    at: dt.datetime,
) -> Outcome:
    """Register a household met at the door and keep the visit to it, both or neither.

    `apart_from`: people whom its head was said not to be.
    """
    with transaction.atomic():
        household = register_household(actor, newcomer, at=at)
        if apart_from and (card := household_card(actor, household, on=at.date())):
            told_apart(actor, card.head, apart_from, at=at)
        values = {**values, "subject_type": "household", "subject": household}
        outcome = _one(actor, Draft("visit", key, values), at=at)
        # A second click: the household of the first one stands already.
        transaction.set_rollback(outcome.is_replay)
    return outcome


def record_afternoon(actor: Actor, visits: Sequence[tuple[str, Raw]], *, at: dt.datetime) -> tuple[Outcome, ...]:
    """Keep an afternoon's visits, all or none: (key, values) each. Raises Rejected with what is wrong in which."""
    return submit(actor, [Draft("visit", key, values) for key, values in visits], at=at)


def amend_visit(actor: Actor, *, key: str, base: int, values: dict[str, Any], because: str, at: dt.datetime) -> Outcome:
    """Change a visit that `base` was the last revision of. Raises Conflict when it no longer is."""
    before = values_begun_from(actor, KIND, key, base)
    versions = {purpose["programme"]: purpose["version"] for purpose in before["purposes"]}
    # A line of work chosen before keeps its version; one added now comes in with today's.
    purposes = [
        {**purpose, "version": versions[purpose["programme"]]} if purpose["programme"] in versions else purpose
        for purpose in values.get("purposes", [])
    ]
    correcting = is_correction(actor, because)
    draft = Draft("visit", key, {**values, "purposes": purposes}, Act.AMEND, base, because, correcting)
    return _one(actor, draft, at=at)


def withdraw_visit(actor: Actor, *, key: str, base: int, because: str, at: dt.datetime) -> Outcome:
    """Take a visit back, with a reason; its facts are reversed, its history stays."""
    correcting = is_correction(actor, because)
    return _one(actor, Draft("visit", key, {}, Act.VOID, base, because, correcting), at=at)


def follow_up(
    actor: Actor, *, key: str, base: int, line: str, state: Progress, on: str, handler: str, at: dt.datetime
) -> Outcome:
    """Say what became of one difficulty. Counts on the day it was solved, also when the visit's period is sealed."""
    values = values_begun_from(actor, KIND, key, base)
    changed = [_moved(item, state, on, handler) if item["id"] == line else item for item in values["difficulties"]]
    if changed == values["difficulties"]:
        raise Refused("这件困难没有变化。", field="state")
    return _one(actor, Draft("visit", key, {**values, "difficulties": changed}, Act.FOLLOW_UP, base), at=at)


def _moved(item: dict[str, Any], state: Progress, on: str, handler: str) -> dict[str, Any]:
    moved = {**item, "state": state.value, "handler": handler or item["handler"]}
    moved["handling_on"] = moved["handling_on"] or on if state is not Progress.FOUND else ""
    moved["solved_on"] = on if state is Progress.SOLVED else ""
    return moved


def _one(actor: Actor, draft: Draft, *, at: dt.datetime) -> Outcome:
    try:
        return submit(actor, [draft], at=at)[0]
    except Rejected as rejected:
        raise rejected.first from rejected
