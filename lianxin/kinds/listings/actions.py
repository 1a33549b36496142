"""What people do with listings: put on, change, take off, withdraw. Each is one call of the door."""

from __future__ import annotations

import datetime as dt
from typing import Any

from lianxin.access.actor import Actor
from lianxin.base.errors import Problems
from lianxin.catalog.current import catalog
from lianxin.kinds.listings.kind import ListingKind
from lianxin.records.answers import clean_answers
from lianxin.records.door import is_correction, submit
from lianxin.records.drafts import Act, Draft, Outcome, Raw, Rejected
from lianxin.records.history import values_begun_from

KIND = ListingKind()


def put_on_list(actor: Actor, *, key: str, values: Raw, at: dt.datetime) -> Outcome:
    """Keep a new listing. Raises Problems by field, Forbidden, Refused."""
    return _one(actor, Draft("listing", key, values), at=at)


def amend_listing(
    actor: Actor, *, key: str, base: int, values: dict[str, Any], because: str, at: dt.datetime
) -> Outcome:
    """Change what stands on the list; also takes it off. Raises Conflict when somebody was quicker."""
    before = values_begun_from(actor, KIND, key, base)
    changed = before | values
    # Only taken off: what came of it later, which a sealed year still allows.
    act = Act.FOLLOW_UP if _is_only_taken_off(before, changed) else Act.AMEND
    return _one(actor, Draft("listing", key, changed, act, base, because, is_correction(actor, because)), at=at)


def _is_only_taken_off(before: dict[str, Any], changed: dict[str, Any]) -> bool:
    programme = catalog().programme(before["list"], before["version"])
    answers = clean_answers((programme,), changed["answers"], Problems())
    return {**changed, "answers": answers, "off_day": before["off_day"], "off_why": before["off_why"]} == before


def withdraw_listing(actor: Actor, *, key: str, base: int, because: str, at: dt.datetime) -> Outcome:
    """A listing that should never have been: its facts are reversed, its history stays."""
    correcting = is_correction(actor, because)
    return _one(actor, Draft("listing", key, {}, Act.VOID, base, because, correcting), at=at)


def _one(actor: Actor, draft: Draft, *, at: dt.datetime) -> Outcome:
    try:
        return submit(actor, [draft], at=at)[0]
    except Rejected as rejected:
        raise rejected.first from rejected
