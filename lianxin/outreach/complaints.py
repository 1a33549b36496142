"""The place to complain 意见与投诉: hand one in (with a name or without), answer it, list them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import QuerySet

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level
from lianxin.base.errors import Refused, Unseen
from lianxin.base.ids import checked_id
from lianxin.base.text import clean_note
from lianxin.outreach.models import Complaint, ComplaintKind, ComplaintState
from lianxin.vault.masks import mask_free_text

LIMIT = 2_000


@dataclass(frozen=True, slots=True)
class ComplaintDraft:
    """What was typed. `key` was made with the form, so that a second click is the same complaint."""

    key: str
    kind: str
    text: str
    page: str = ""
    is_anonymous: bool = False


def submit_complaint(actor: Actor, draft: ComplaintDraft, *, now: dt.datetime) -> str:
    """Hand a complaint in; its key is the receipt. Numbers of people in the text are masked before anything is kept."""
    actor.require(Verb.COMPLAINT_WRITE)
    key = checked_id(draft.key)
    if draft.kind not in ComplaintKind.values:
        raise Refused("请选一个类别。", field="kind")
    text = clean_note(draft.text, field="text", limit=LIMIT)
    if not text:
        raise Refused("请写几句：在哪一页、想做什么、结果怎样。", field="text")
    complaint = Complaint(
        id=key,
        kind=draft.kind,
        text=mask_free_text(text),
        page=_path_only(draft.page),
        region=_county_of(actor),
        account="" if draft.is_anonymous else actor.account,
        created_at=now,
    )
    with transaction.atomic(), pen("outreach"):
        Complaint.objects.bulk_create([complaint], ignore_conflicts=True)
    return key


def answer_complaint(actor: Actor, key: str, *, answer: str, now: dt.datetime) -> None:
    """Answer, or answer anew. Needs complaint.read over the county it came from."""
    text = clean_note(answer, field="answer", limit=LIMIT)
    if not text:
        raise Refused("请写答复内容。", field="answer")
    with pen("outreach"):
        answered = (
            Complaint.objects.seen_by(actor)
            .filter(pk=key)
            .update(
                state=ComplaintState.ANSWERED,
                answer=mask_free_text(text),
                answered_at=now,
                answered_by=actor.account,
            )
        )
    if not answered:
        raise Unseen("没有这条意见，或者它不在您负责的区域里。")


def complaints_seen_by(actor: Actor, *, state: ComplaintState | None = None) -> QuerySet[Complaint]:
    """Those of the counties where the actor has complaint.read: open ones first, then newest."""
    rows = Complaint.objects.seen_by(actor)
    if state is not None:
        rows = rows.filter(state=state)
    return rows.order_by("-state", "-created_at", "-id")


def own_complaints(actor: Actor) -> QuerySet[Complaint]:
    """What she handed in under her name, newest first, with the answers."""
    rows = Complaint.objects.unscoped("she reads her own complaints and what was answered")
    if not actor.account:
        return rows.none()
    return rows.filter(account=actor.account).order_by("-created_at", "-id")


def complaint_by_receipt(actor: Actor, key: str) -> Complaint:
    """One complaint by its receipt: how whoever stayed anonymous comes back for the answer. Unseen for a wrong one."""
    actor.require(Verb.COMPLAINT_WRITE)
    rows = Complaint.objects.unscoped("the receipt, known to nobody else, is the way back to an anonymous complaint")
    row = rows.filter(pk=checked_id(key)).first()
    if row is None:
        raise Unseen("没有这张回执，请核对编号。")
    return row


def _county_of(actor: Actor) -> str:
    """Enough to find who answers, too little to find who asked."""
    places = actor.regions(Verb.COMPLAINT_WRITE)
    return places[0][: Level.COUNTY.length] if places else ""


def _path_only(page: str) -> str:
    """What stands after “?” may hold somebody's name from a search."""
    try:
        return urlsplit(page.strip()).path[:200]
    except ValueError:  # no address at all
        return ""
