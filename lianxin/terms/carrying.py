"""Carrying a change of term out at its hour, committee by committee, and undoing it on the same day."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.db.models import Q

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import level_of
from lianxin.base.days import SHANGHAI
from lianxin.base.errors import Problems, Refused
from lianxin.base.text import clean_line
from lianxin.net.accounts import note_change
from lianxin.net.actors import NOBODY, actor_of, in_force, known_roles
from lianxin.net.appointments import appoint, end_appointment
from lianxin.net.models import Account, Appointment, ChangeKind, Organisation, Post
from lianxin.net.posts import held_on
from lianxin.terms.accounts import accounts_of_people
from lianxin.terms.counting import count_renewal, uncount_renewals
from lianxin.terms.handing import open_accounts
from lianxin.terms.models import Act, Committee, Done, Seat, State, TermChange, writing

log = logging.getLogger(__name__)


def carry_due(now: dt.datetime) -> int:
    """Carry out every change whose hour has come; how many. Any number of processes may call it at once."""
    due = TermChange.objects.unscoped("the hour has come, nobody is asking")
    keys = list(due.filter(state=State.SET, at__lte=now).order_by("at", "id").values_list("pk", flat=True))
    return sum(_carry(key, now) for key in keys)


@transaction.atomic
def _carry(key: str, now: dt.datetime) -> bool:
    """One change, once: whoever holds its row first does it."""
    changes = TermChange.objects.unscoped("the hour has come, nobody is asking").select_for_update()
    change = changes.get(pk=key)
    if change.state != State.SET:
        return False
    today = now.astimezone(SHANGHAI).date()
    setter = Account.objects.filter(pk=change.set_by).first()
    # Rights change in the name of who set the hour: if she has lost them since, nothing does.
    actor = actor_of(setter, today=today) if setter else NOBODY
    committees = Committee.objects.unscoped("the hour has come, nobody is asking")
    for committee in committees.filter(change_id=key, is_ready=True).order_by("region", "id"):
        _try_to_renew(actor, change, committee, now)
    change.state, change.carried_at = State.CARRIED, now
    with writing():
        change.save(update_fields=["state", "carried_at"])
    log.info("term change carried out change=%s", key)
    return True


def _try_to_renew(actor: Actor, change: TermChange, committee: Committee, now: dt.datetime) -> None:
    """A committee is renewed whole or stays whole; one that cannot be does not hold up the others."""
    try:
        with transaction.atomic():
            _renew(actor, change, committee, now)
        committee.is_renewed, committee.trouble = True, ""
    except Problems as problems:
        committee.trouble = problems.items[0].message[:200]
    except Refused as error:
        committee.trouble = error.message[:200]
    with writing():
        committee.save(update_fields=["is_renewed", "trouble"])


def _renew(actor: Actor, change: TermChange, committee: Committee, now: dt.datetime) -> None:
    actor.require(Verb.USER_MANAGE, region=committee.region)
    body = Organisation.objects.select_for_update(of=("self",)).get(pk=committee.organisation)
    if body.dissolved_on is not None:
        raise Refused(f"“{body.name}”已经撤销。")
    today = now.astimezone(SHANGHAI).date()
    seats = list(Seat.objects.unscoped("the hour has come, nobody is asking").filter(committee_id=committee.pk))
    done = count_renewal(actor, change, body, seats, at=now)
    opened = open_accounts(actor, body, seats, today=today)
    accounts = {person: found.key for person, found in accounts_of_people(seat.person for seat in seats).items()}
    done += opened
    done += [*_end_posts(body, today), *_begin_posts(body, seats, accounts, today)]
    granted = {accounts[seat.person]: seat.role for seat in seats if seat.role and seat.person in accounts}
    done += _end_rights(actor, body, granted, today)
    done += _grant(actor, change, body, granted, today)
    for each in done:
        each.committee, each.region = committee, committee.region
        each.town, each.county = committee.town, committee.county
    with writing():
        Done.objects.bulk_create(done)


def _end_posts(body: Organisation, today: dt.date) -> list[Done]:
    ended = []
    for post in Post.objects.filter(held_on(today), organisation=body).order_by("starts", "id"):
        ended.append(Done(act=Act.POST_ENDED, key=post.pk, ends_before=post.ends, ends_since=today))
        post.ends = today
        post.save(update_fields=["ends"])
    return ended


def _begin_posts(body: Organisation, seats: list[Seat], accounts: dict[str, str], today: dt.date) -> list[Done]:
    posts = Post.objects.bulk_create(
        Post(
            person=seat.person,
            account_id=accounts.get(seat.person),
            organisation=body,
            title=seat.title,
            starts=today,
        )
        for seat in seats
    )
    return [Done(act=Act.POST_BEGUN, key=post.pk) for post in posts]


def rights_of(body: Organisation, today: dt.date) -> list[Appointment]:
    """The appointments in force that go with a committee: of its own level, at its own place, in its name."""
    roles = [role.code for role in known_roles().values() if role.level == level_of(body.region)]
    rows = Appointment.objects.filter(in_force(today), region=body.region, role__in=roles)
    own = Q(organisation=body) | Q(organisation__isnull=True)
    return list(rows.filter(own).select_related("account").order_by("starts", "id"))


def _end_rights(actor: Actor, body: Organisation, granted: dict[str, str], today: dt.date) -> list[Done]:
    """Whoever is not to have the role she has loses it; a re-elected member's stays as it is."""
    ended = []
    for row in rights_of(body, today):
        if granted.get(row.account_id) == row.role:
            del granted[row.account_id]
            continue
        before = row.ends
        end_appointment(actor, row, on=today, today=today)
        ended.append(Done(act=Act.REVOKED, key=row.pk, ends_before=before, ends_since=today))
    return ended


def _grant(actor: Actor, change: TermChange, body: Organisation, granted: dict[str, str], today: dt.date) -> list[Done]:
    accounts = Account.objects.in_bulk(granted)
    rows = [
        appoint(
            actor, accounts[key], role=role, region=body.region, starts=today, organisation=body, because=change.name
        )
        for key, role in granted.items()
    ]
    return [Done(act=Act.GRANTED, key=row.pk) for row in rows]


# ── undoing ──────────────────────────────────────────────────────────────────


def undo_change(actor: Actor, change: TermChange, *, because: str, now: dt.datetime) -> tuple[str, ...]:
    """Put everything back on the day it was done. What somebody has changed since is left alone, and named.

    Needs user.manage over the place, and a reason.
    """
    actor.require(Verb.USER_MANAGE, region=change.region)
    why = clean_line(because, field="because", limit=200)
    if not why:
        raise Refused("请写明为什么撤回。", field="because")
    with writing():
        row = TermChange.objects.unscoped("the right was asked above").select_for_update().get(pk=change.pk)
        if row.state != State.CARRIED or row.carried_at is None:
            raise Refused("这次换届还没有办，或者已经撤回。")
        if row.carried_at.astimezone(SHANGHAI).date() != now.astimezone(SHANGHAI).date():
            raise Refused("只能在办成的当天撤回；以后的变动请逐个登记离任和任职。")
        left = _put_back(actor, row, because=why, now=now)
        row.state, row.undone_at, row.undone_by, row.undone_why = State.UNDONE, now, actor.account, why
        row.save(update_fields=["state", "undone_at", "undone_by", "undone_why"])
        Committee.objects.unscoped("the right was asked above").filter(change_id=row.pk).update(is_renewed=False)
    return left


def _put_back(actor: Actor, change: TermChange, *, because: str, now: dt.datetime) -> tuple[str, ...]:
    committees = Committee.objects.unscoped("the right was asked above").filter(change_id=change.pk)
    keys = list(committees.values_list("pk", flat=True))
    done = list(Done.objects.unscoped("the right was asked above").filter(committee_id__in=keys))
    uncount_renewals(actor, done, because=because, at=now)
    posts = Post.objects.select_for_update(of=("self",)).in_bulk([each.key for each in done])
    rights = Appointment.objects.select_for_update(of=("self",)).in_bulk([each.key for each in done])
    left: list[str] = []
    for each in done:
        if post := posts.get(each.key):
            if not _turn_back(post, each):
                left.append(f"{post.title}的任职此后又改过，没有动")
        elif right := rights.get(each.key):
            if _turn_back(right, each):
                kind = ChangeKind.APPOINTED if each.act == Act.REVOKED else ChangeKind.ENDED
                note_change(actor, kind, Account.objects.get(pk=right.account_id), appointment=right.pk)
            else:
                left.append("有一个岗位此后又改过，没有动")
    return tuple(left)


def _turn_back(row: Post | Appointment, done: Done) -> bool:
    """Whether the row stood as the change had left it. What had begun ends before it began: it never was."""
    if row.ends != done.ends_since:
        return False
    row.ends = row.starts if done.act in (Act.POST_BEGUN, Act.GRANTED) else done.ends_before
    row.save(update_fields=["ends"])
    return True
