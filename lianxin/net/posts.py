"""Posts: who holds which title in which organisation, from a day to before a day. A post grants nothing by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.errors import Refused
from lianxin.base.text import clean_line
from lianxin.net.models import Account, Organisation, Post


@dataclass(frozen=True, slots=True)
class PostDraft:
    """A term that begins. `person` is a key of the register."""

    person: str
    organisation: Organisation
    title: str
    starts: dt.date
    ends: dt.date | None = None
    account: Account | None = None


def posts_in(actor: Actor, organisation: Organisation, *, on: dt.date) -> QuerySet[Post]:
    """Who held a post in a body on a day. Needs organisation.read there."""
    actor.require(Verb.ORGANISATION_READ, region=organisation.region)
    return Post.objects.filter(held_on(on), organisation=organisation).order_by("starts", "id")


def posts_counted(alike: Mapping[str, Collection[str]]) -> dict[str, int]:
    """How many terms each of these people held or holds, by key; `alike`: all keys that stand for each. One query."""
    every = [key for keys in alike.values() for key in keys]
    holders = list(Post.objects.filter(person__in=every).values_list("person", flat=True))
    return {one: sum(holder in keys for holder in holders) for one, keys in alike.items()}


def held_on(day: dt.date) -> Q:
    """Terms that run on a day: starts ≤ day < ends."""
    return Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gt=day))


def take_post(actor: Actor, draft: PostDraft) -> Post:
    """Begin a term. One person holds one title in one body once at a time. Needs organisation.write there."""
    organisation = draft.organisation
    actor.require(Verb.ORGANISATION_WRITE, region=organisation.region)
    title = clean_line(draft.title, field="title", limit=40)
    if not title:
        raise Refused("请填职务，例如“主席”“执委”。", field="title")
    if draft.ends and draft.ends <= draft.starts:
        raise Refused("离任日期要晚于任职日期。", field="ends")
    if organisation.dissolved_on and (draft.ends is None or draft.ends > organisation.dissolved_on):
        raise Refused(f"“{organisation.name}”已经撤销，不能再任职。", field="organisation")
    with transaction.atomic():
        # The body's row is the lock: two clerks entering the same term meet here.
        Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        rivals = Post.objects.filter(
            Q(ends__isnull=True) | Q(ends__gt=draft.starts),
            person=draft.person,
            organisation=organisation,
            title=title,
        )
        if draft.ends:
            rivals = rivals.filter(starts__lt=draft.ends)
        if rivals.exists():
            raise Refused(f"她这段时间已经在“{organisation.name}”任{title}。", field="starts")
        return Post.objects.create(
            person=draft.person,
            account=draft.account,
            organisation=organisation,
            title=title,
            starts=draft.starts,
            ends=draft.ends,
        )


def leave_post(actor: Actor, post: Post, *, on: dt.date) -> Post:
    """End a term: `on` is the first day she no longer holds it. Needs organisation.write there."""
    actor.require(Verb.ORGANISATION_WRITE, region=post.organisation.region)
    if on <= post.starts:
        raise Refused("离任日期要晚于任职日期。", field="ends")
    post.ends = on
    post.save(update_fields=["ends"])
    return post
