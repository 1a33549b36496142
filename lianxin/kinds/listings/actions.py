"""What people do with listings: put on, change, take off, withdraw. Each is one call of the door."""

from __future__ import annotations

import datetime as dt
from typing import Any

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.errors import Problems, Refused
from lianxin.catalog.current import catalog
from lianxin.kinds.listings.checked import may_confirm
from lianxin.kinds.listings.kind import ListingKind
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.listings.stays import FOLLOWED, followed_lists, keeping
from lianxin.kinds.listings.values import Outcome as Still
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
    # Only taken off or looked at again: what came of it later, which a sealed year still allows.
    act = Act.FOLLOW_UP if _only_follows(before, changed) else Act.AMEND
    return _one(actor, Draft("listing", key, changed, act, base, because, is_correction(actor, because)), at=at)


def _only_follows(before: dict[str, Any], changed: dict[str, Any]) -> bool:
    programme = catalog().programme(before["list"], before["version"])
    answers = clean_answers((programme,), changed["answers"], Problems())
    return KIND.follows(KIND.recall(before), KIND.recall({**changed, "answers": answers}))


def review_listing(
    actor: Actor, *, key: str, base: int, review: dict[str, Any], off_why: str = "", next_on: str = "", at: dt.datetime
) -> Outcome:
    """Somebody looked again: still so, changed, or left. The next review falls due anew unless a day is named.

    `review` has id, day, outcome and, when changed, category, also, level, grade. Raises what amend_listing does.
    """
    before = values_begun_from(actor, KIND, key, base)
    actor = _confirming(actor, key, review)
    later: dict[str, Any] = {"reviews": [*before.get("reviews", ()), review], "review_on": next_on}
    if review.get("outcome") == "left":
        later |= {"off_day": review.get("day", ""), "off_why": off_why}
    return _one(actor, Draft("listing", key, before | later, Act.FOLLOW_UP, base), at=at)


def _confirming(actor: Actor, key: str, review: dict[str, Any]) -> Actor:
    """A member who may not amend, but may say that nothing has changed, does it as a keeper of just this list."""
    row = Listing.objects.seen_by(actor).filter(key=key).first()
    programme = catalog().find_programme(row.programme) if row else None
    if row is None or programme is None or actor.may(Verb.LISTING_AMEND, region=row.region, programme=row.programme):
        return actor
    if review.get("outcome") != Still.SAME or not may_confirm(actor, programme, row.region):
        return actor
    return keeping(actor, [row.region], frozenset({row.programme}))


def withdraw_listing(actor: Actor, *, key: str, base: int, because: str, at: dt.datetime) -> Outcome:
    """A listing that should never have been: its facts are reversed, its history stays."""
    row = Listing.objects.seen_by(actor).filter(key=key).first()
    if row is not None and row.programme in followed_lists():
        raise Refused(FOLLOWED)
    correcting = is_correction(actor, because)
    return _one(actor, Draft("listing", key, {}, Act.VOID, base, because, correcting), at=at)


def _one(actor: Actor, draft: Draft, *, at: dt.datetime) -> Outcome:
    try:
        return submit(actor, [draft], at=at)[0]
    except Rejected as rejected:
        raise rejected.first from rejected
