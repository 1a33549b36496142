"""Writing the access log: `note`, inside the transaction of what is noted, so that one is not without the other.

No log, no reveal: where the entry cannot be written, what it is about is refused.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial

from django.db import OperationalError, connection, transaction

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.audit import witness
from lianxin.audit.chain import Said, append
from lianxin.audit.here import address_mark
from lianxin.audit.models import PEN, Act, Head, Reason
from lianxin.base.codes import NATION, is_under
from lianxin.base.errors import Refused
from lianxin.base.text import clean_line
from lianxin.vault.box import keyed_hash
from lianxin.vault.masks import mask_free_text

SHORTEST_REASON = 4
LONGEST_REASON = 200


class Unwritten(Refused):
    """The log takes no more (a full disk, a database that is gone): what was asked for is not done."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What an entry is about: the kind and opaque id of a row, and where it is at home."""

    kind: str = ""
    key: str = ""
    region: str = ""


NOTHING = Thing()


def note(actor: Actor, act: Act, *, at: dt.datetime, about: Thing = NOTHING, what: str = "", reason: str = "") -> int:
    """Add one entry and give its number. Call it last in the transaction: until the commit nobody else adds one.

    `what` is a code (a column, an address, a kind of change), never a text. Unwritten when it cannot be written.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an entry of the access log is written in the transaction of what it is about")
    said = Said(
        at=at,
        by=actor.account,
        act=act.value,
        kind=about.kind,
        key=about.key,
        what=what,
        region=about.region or ground_of(actor),
        address=address_mark(),
        reason=keyed_hash(reason, purpose="audit.reason"),
    )
    try:
        no = append(said)
        if reason:
            with pen(PEN):
                Reason(entry=no, region=said.region, said=reason).save(force_insert=True)
    except OperationalError as error:
        raise Unwritten(
            "查阅记录写不进去（多半是磁盘满了），所以没有打开。请马上告诉系统管理员，腾出空间再来。"
        ) from error
    return no


def checked_reason(text: str, *, asks: str, field: str = "because") -> str:
    """A reason as it is kept: one line, numbers hidden. Refused with what it `asks` when there is none."""
    reason = mask_free_text(clean_line(text, field=field, limit=LONGEST_REASON))
    if len(reason) < SHORTEST_REASON:
        raise Refused(asks, field=field)
    return reason


def ground_of(actor: Actor) -> str:
    """The smallest place that holds all of somebody's posts; "" for the command line and for posts far apart."""
    places = sorted({grant.region for grant in actor.grants if grant.region != NATION})
    if not places:
        return NATION
    wider = (places[0][:length] for length in (15, 12, 9, 6, 4, 2))
    return next((area for area in wider if all(is_under(place, area) for place in places)), NATION)


def accept(actor: Actor, *, at: dt.datetime, reason: str) -> int:
    """Take the log as it stands for the one this machine goes on with, and say so in it: after a restore."""
    with transaction.atomic():
        before = witness.seen_or_none()
        no = note(actor, Act.RESTORE, at=at, what=before.words if before else "", reason=reason)
        mark = Head.objects.values_list("hash", flat=True).get(pk=1)
        transaction.on_commit(partial(witness.begin_anew, no, mark))
    return no
