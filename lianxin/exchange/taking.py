"""A second person's word before a protected list goes out: asked, decided once by somebody else, used once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.access.verbs import Seal, Verb
from lianxin.audit.log import Thing, ground_of, note
from lianxin.audit.models import Act
from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.base.ids import new_id
from lianxin.exchange.models import TAKINGS, Taking, TakingState
from lianxin.vault.box import keyed_hash

ASKED_FOR = dt.timedelta(days=7)
GRANTED_FOR = dt.timedelta(hours=24)


def ask(actor: Actor, *, path: str, title: str, why: str, at: dt.datetime) -> Taking:
    """Ask for a list; `path` is its address with the filter, `why` a checked reason. Written into the access log."""
    region = ground_of(actor)
    row = Taking(
        id=new_id(),
        region=region,
        asked_by=actor.account,
        asked_at=at,
        title=title[:60],
        path=path,
        why=why,
        mark=_mark(actor, path),
        state=TakingState.ASKED,
        until=at + ASKED_FOR,
    )
    with transaction.atomic():
        with pen(TAKINGS):
            row.save(force_insert=True)
        note(actor, Act.EXPORT, at=at, about=Thing("taking", row.id, region), what="asked", reason=why)
    return row


def standing(actor: Actor, path: str, *, at: dt.datetime) -> Taking | None:
    """Her own request for this very list that waits or was granted, and is not over."""
    rows = Taking.objects.seen_by(actor).filter(asked_by=actor.account, mark=_mark(actor, path), until__gt=at)
    return rows.filter(state__in=(TakingState.ASKED, TakingState.GRANTED)).order_by("-asked_at").first()


def may_decide(actor: Actor, row: Taking) -> bool:
    """Somebody else, who may take such lists out there herself."""
    return row.asked_by != actor.account and bool(actor.may(Verb.EXPORT, region=row.region, seal=Seal.STAFF))


def taking_for(actor: Actor, key: str) -> Taking:
    """One request, for who asked and who may decide; Unseen for anybody else."""
    row = Taking.objects.seen_by(actor).filter(pk=key).first()
    if row is None or not (row.asked_by == actor.account or may_decide(actor, row)):
        raise Unseen("没有这份申请，或者它不在您负责的区域里。")
    return row


def decide(actor: Actor, key: str, *, grant: bool, at: dt.datetime) -> None:
    """Once and for all: of two who decide at the same moment one is told that it is done. Forbidden for one's own."""
    row = taking_for(actor, key)
    if not may_decide(actor, row):
        raise Forbidden("自己的申请要由另一位来批准。")
    state = TakingState.GRANTED if grant else TakingState.REFUSED
    waiting = Taking.objects.seen_by(actor).filter(pk=key, state=TakingState.ASKED, until__gt=at)
    with transaction.atomic():
        with pen(TAKINGS):
            done = waiting.update(state=state, decided_by=actor.account, decided_at=at, until=at + GRANTED_FOR)
        if not done:
            raise Refused("这份申请已经有人办了，或者过期了。")
        note(actor, Act.EXPORT, at=at, about=Thing("taking", key, row.region), what=state.value)


def use(actor: Actor, row: Taking, *, at: dt.datetime) -> None:
    """Spend it, in the transaction that writes down the export: of two clicks at once one gets the file."""
    granted = Taking.objects.seen_by(actor).filter(
        pk=row.pk, asked_by=actor.account, state=TakingState.GRANTED, until__gt=at
    )
    with pen(TAKINGS):
        if not granted.update(state=TakingState.TAKEN):
            raise Refused("这次批准已经用过，或者过期了，请重新申请。")


def takings_of(actor: Actor, *, limit: int = 100) -> list[Taking]:
    """Her own requests and those she may decide, the latest first."""
    rows = Taking.objects.seen_by(actor).order_by("-asked_at")[: limit * 3]
    return [row for row in rows if row.asked_by == actor.account or may_decide(actor, row)][:limit]


def _mark(actor: Actor, path: str) -> str:
    return keyed_hash(f"{actor.account} {path}", purpose="taking")
