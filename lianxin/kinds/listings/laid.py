"""Lists that another act fills: lay its listings, let those of before leave, take both back. Through the door.

The act's own room asks for the right; whoever was let do it keeps these lists up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lianxin.access.actor import Actor
from lianxin.base.ids import new_id
from lianxin.kinds.listings.actions import KIND, amend_listing
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.listings.stays import keeping, laid_lists
from lianxin.records.door import submit
from lianxin.records.drafts import Act, Draft, Rejected


@dataclass(frozen=True, slots=True)
class Laid:
    """One listing of an organisation; `answers` by the codes of the list's own fields."""

    programme: str
    organisation: str
    category: str = ""
    level: str = ""
    answers: dict[str, Any] = field(default_factory=dict)


def lay(actor: Actor, region: str, drafts: Sequence[Laid], *, at: dt.datetime) -> list[str]:
    """Put organisations of a region on laid lists as of a day; the new listings' keys. Problems when one is wrong."""
    keeper = keeping(actor, [region], laid_lists())
    made = [Draft(KIND.code, new_id(), _values(each, at.date())) for each in drafts]
    _submit(keeper, made, at=at)
    return [draft.key for draft in made]


def _values(laid: Laid, on: dt.date) -> dict[str, Any]:
    return {
        "list": laid.programme,
        "subject_type": "organisation",
        "subject": laid.organisation,
        "on_day": on.isoformat(),
        "category": laid.category,
        "level": laid.level,
        "answers": {f"{laid.programme}.{code}": answer for code, answer in laid.answers.items() if answer != ""},
    }


def standing_laid(actor: Actor, region: str, organisation: str) -> list[Listing]:
    """What an organisation still stands on of laid lists, oldest first."""
    keeper = keeping(actor, [region], laid_lists())
    rows = Listing.objects.seen_by(keeper).filter(subject=organisation, programme__in=laid_lists())
    return list(rows.filter(is_void=False, off_day__isnull=True).order_by("seq"))


def leave(actor: Actor, listings: Sequence[Listing], *, why: str, at: dt.datetime) -> None:
    """These stand no longer from the day on."""
    _set_off(actor, listings, {"off_day": at.date().isoformat(), "off_why": why}, at=at)


def lift(actor: Actor, region: str, *, laid: Sequence[str], left: Sequence[str], because: str, at: dt.datetime) -> None:
    """Take back: the laid ones were a mistake, those that left stand again. Whoever was changed since stays."""
    keeper = keeping(actor, [region], laid_lists())
    rows = Listing.objects.seen_by(keeper).filter(is_void=False)
    gone = rows.filter(key__in=laid).order_by("seq")
    _submit(keeper, [Draft(KIND.code, row.key, {}, Act.VOID, row.revision, because) for row in gone], at=at)
    _set_off(actor, list(rows.filter(key__in=left).order_by("seq")), {"off_day": "", "off_why": ""}, at=at)


def _set_off(actor: Actor, listings: Sequence[Listing], values: dict[str, str], *, at: dt.datetime) -> None:
    keeper = keeping(actor, (listing.region for listing in listings), laid_lists())
    for listing in listings:
        amend_listing(keeper, key=listing.key, base=listing.revision, values=values, because="", at=at)


def _submit(keeper: Actor, drafts: list[Draft], *, at: dt.datetime) -> None:
    try:
        submit(keeper, drafts, at=at)
    except Rejected as rejected:
        raise rejected.first from rejected
