"""What people do with cases: take one in, say what happened next, put right how she is reached, take it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from lianxin.access.actor import Actor, operator
from lianxin.access.verbs import Verb
from lianxin.audit.log import LONGEST_REASON, Thing, note
from lianxin.audit.models import Act as Looked
from lianxin.base.errors import Refused, Unseen
from lianxin.base.ids import new_id
from lianxin.kinds.cases import queries
from lianxin.kinds.cases.kind import CaseKind
from lianxin.kinds.cases.matching_rows import lay_traces
from lianxin.kinds.cases.models import Case
from lianxin.kinds.cases.queries import referrals_to
from lianxin.kinds.cases.steps import Answer, Step, moment_text
from lianxin.kinds.cases.values import SEALED
from lianxin.records.door import is_correction, submit
from lianxin.records.drafts import Act, Draft, Outcome, Raw, Rejected
from lianxin.records.history import values_at, values_begun_from

KIND = CaseKind()


def record_case(actor: Actor, *, key: str, values: Raw, at: dt.datetime) -> Outcome:
    """Keep a new case, and the signs it is compared with others by. Raises Problems by field, Forbidden, Refused."""
    outcome = _one(actor, Draft("case", key, values), at=at)
    _retrace(actor, key)
    return outcome


def take_step(actor: Actor, *, key: str, base: int, step: Mapping[str, Any], at: dt.datetime) -> Outcome:
    """Say what happened: one step more. `step` is as the wire says it; without a time it is now.

    Raises Conflict when somebody was quicker, Problems by field when it may not follow.
    """
    values = values_begun_from(actor, KIND, key, base)
    beat = {"id": new_id(), "at": moment_text(at), **step}
    return _one(actor, Draft("case", key, {**values, "log": [*values["log"], beat]}, Act.FOLLOW_UP, base), at=at)


def change_safety(actor: Actor, *, key: str, base: int, safety: Mapping[str, Any], at: dt.datetime) -> Outcome:
    """Put right how she may be reached; what is sealed stays unless something new was typed."""
    values = values_begun_from(actor, KIND, key, base)
    kept = values.get("safety") or {}
    changed = {**kept, **safety}
    outcome = _one(actor, Draft("case", key, {**values, "safety": changed}, Act.FOLLOW_UP, base), at=at)
    _retrace(actor, key)
    return outcome


def answer_referral(actor: Actor, *, line: str, answer: str, note: str, at: dt.datetime) -> None:
    """Her body's answer to what it was asked; all that she may do to a case she does not see. Unseen for others'."""
    asked = next(iter(referrals_to(actor, line=line)), None)
    if asked is None:
        raise Unseen("没有请您办的这一件。")
    if asked.answer in (Answer.REJECTED, Answer.DONE, Answer.REVOKED):
        raise Refused("这一件已经答复完了，不能再改。", field="answer")
    # The log is the case's own: the answer goes in by a hand that sees it, under the name of who gave it.
    hand = operator(Verb.CASE_READ, Verb.CASE_WORK, because="a receiver answers what her body was asked")
    hand = replace(hand, account=actor.account, name=actor.name)
    base = Case.objects.seen_by(hand).get(key=asked.record).revision
    step = {"act": Step.ANSWER.value, "about": line, "answer": answer, "note": note}
    take_step(hand, key=asked.record, base=base, step=step, at=at)


def look_at(actor: Actor, *, key: str, base: int, name: str, because: str, at: dt.datetime) -> str:
    """A sealed text of the safety fields in plain, once; who looked and why stands in the case's log from then on."""
    values = KIND.recall(values_begun_from(actor, KIND, key, base))
    plain = values.safety.reveal(name) if name in SEALED else ""
    if not plain:
        raise Unseen("没有填过。")
    step = {"act": Step.LOOK.value, "note": because, "codes": [name]}
    with transaction.atomic():
        record = take_step(actor, key=key, base=base, step=step, at=at).record
        about = Thing(KIND.code, key, record.region)
        note(actor, Looked.REVEAL, at=at, about=about, what=name, reason=because[:LONGEST_REASON])
    return plain


def withdraw_case(actor: Actor, *, key: str, base: int, because: str, at: dt.datetime) -> Outcome:
    """A case that should never have been: its facts are reversed, its history stays."""
    correcting = is_correction(actor, because)
    return _one(actor, Draft("case", key, {}, Act.VOID, base, because, correcting), at=at)


def _retrace(actor: Actor, key: str) -> None:
    """Whoever must keep out of it as family leaves no traces; the next of its team who looks does."""
    row = queries.one_case(actor, key)
    raw = values_at(actor, KIND, key, row.revision) if row else None
    if row is not None and raw is not None:
        lay_traces(actor, row, KIND.recall(raw))


def _one(actor: Actor, draft: Draft, *, at: dt.datetime) -> Outcome:
    try:
        return submit(actor, [draft], at=at)[0]
    except Rejected as rejected:
        raise rejected.first from rejected
