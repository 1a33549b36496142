"""Breaking the glass: three hours' sight of one team's record, for a written reason, told to the supervisor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.access.circle import circle
from lianxin.access.guard import pen
from lianxin.access.verbs import Seal, Verb
from lianxin.audit.log import LONGEST_REASON, Thing, note
from lianxin.audit.models import Act
from lianxin.base.errors import Refused, Unseen
from lianxin.base.text import clean_line
from lianxin.records.kinds import Kind
from lianxin.records.models import TEAM_PEN, Opening, Record
from lianxin.vault.masks import mask_free_text

FOR = dt.timedelta(hours=3)
REASON_LEAST = 10
NOT_THERE = "没有这个编号，或者您要回避；请再核对编号，或直接打电话给镇妇联。"


def break_glass(actor: Actor, kind: Kind[Any], record: Record | None, *, because: str, at: dt.datetime) -> Opening:
    """Open one record to an actor for three hours. Unseen in the same words for no record, another place and family."""
    reason = mask_free_text(clean_line(because, field="because", limit=500))
    if len(reason) < REASON_LEAST:
        raise Refused(f"请写明为什么要看，至少 {REASON_LEAST} 个字；主管马上会看到。", field="because")
    if record is None or record.seal != Seal.TEAM or not _may_break(actor, record):
        raise Unseen(NOT_THERE)
    with transaction.atomic(), pen(TEAM_PEN):
        opening = Opening.objects.create(
            kind=kind.code,
            record=record.key,
            account=actor.account,
            because=reason,
            at=at,
            until=at + FOR,
            region=record.region,
            town=record.town,
            county=record.county,
            day=at.date(),
            programme=record.programme,
            seal=record.seal,
        )
        about = Thing(kind.code, record.key, record.region)
        note(actor, Act.VIEW, at=at, about=about, what="glass", reason=reason[:LONGEST_REASON])
        return opening


def _may_break(actor: Actor, record: Record) -> bool:
    if not actor.may(Verb.CASE_BREAK_GLASS, region=record.region, programme=record.programme):
        return False
    barred = circle().recused(actor.account).filter(record=record.key).exists()
    return not barred and not (actor.person and circle().of_kin(actor.person).filter(record=record.key).exists())


def openings_to_see(actor: Actor) -> tuple[Opening, ...]:
    """Openings that no supervisor has looked at yet, newest first, as far as the actor supervises there."""
    rows = Opening.objects.seen_by(actor, Verb.CASE_SUPERVISE).filter(seen_at__isnull=True)
    return tuple(rows.exclude(account=actor.account).order_by("-at")[:50])


def openings_of(actor: Actor, record: str) -> tuple[Opening, ...]:
    """Who opened this record by breaking the glass, newest first: shown to its team and supervisors."""
    return tuple(Opening.objects.seen_by(actor).filter(record=record).order_by("-at")[:20])


def note_seen(actor: Actor, openings: Iterable[int], *, at: dt.datetime) -> int:
    """The supervisor has looked at these."""
    with pen(TEAM_PEN):
        rows = Opening.objects.seen_by(actor, Verb.CASE_SUPERVISE).filter(pk__in=openings, seen_at__isnull=True)
        return rows.exclude(account=actor.account).update(seen_at=at, seen_by_account=actor.account)
