"""Preparing a change of term: which committees, who is to sit in them, at what hour. The net does not change here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of, range_under, scope_columns
from lianxin.base.days import SHANGHAI
from lianxin.base.errors import Refused, Unseen
from lianxin.base.text import clean_line
from lianxin.net.actors import known_roles
from lianxin.net.models import Organisation, Post
from lianxin.net.posts import held_on
from lianxin.net.regions import standing_region
from lianxin.register.queries import person_card
from lianxin.terms.accounts import accounts_of_people
from lianxin.terms.models import Committee, Schooling, Seat, State, TermChange, writing

FEDERATION = "federation"
LEVELS = (Level.VILLAGE, Level.TOWN, Level.COUNTY)
FARTHEST = dt.timedelta(days=366)  # an hour farther ahead than this is a slip of the pen
CHAIR = "主席"
OUT_OF_SIGHT = "没有这次换届，或者它不在您负责的区域里。"


@dataclass(frozen=True, slots=True)
class SeatDraft:
    """Who is to sit where. `person` is a key of the register, `role` what she may do from then on, or empty."""

    person: str
    title: str
    role: str = ""
    schooling: str = ""
    sits_in_both: bool = False


def prepare_change(actor: Actor, *, region: str, level: Level, name: str, now: dt.datetime) -> TermChange:
    """Begin a change for every federation 妇联 of a level under a region; those who serve now are put down first.

    Needs organisation.write over the region. A committee that another open change holds is refused.
    """
    actor.require(Verb.ORGANISATION_WRITE, region=region)
    standing_region(region)
    cleaned = clean_line(name, field="name", limit=60)
    if not cleaned:
        raise Refused("请给这次换届起个名称，例如“2026年村（社区）妇联换届”。", field="name")
    if level not in LEVELS or level < level_of(region) or level_of(region) < Level.COUNTY:
        raise Refused("请选这个地方或它下面的一级。", field="level")
    bodies = list(_federations(region, level))
    if not bodies:
        raise Refused("这里还没有这一级的妇联组织，请先在组织名册里登记。", field="level")
    with writing():
        # One row of the net is the lock: two preparing the same committees at once meet here.
        list(Organisation.objects.select_for_update(of=("self",)).filter(pk__in=[body.pk for body in bodies]))
        _require_free(body.pk for body in bodies)
        change = TermChange.objects.create(
            name=cleaned, level=int(level), prepared_by=actor.account, prepared_at=now, **scope_columns(region)
        )
        committees = Committee.objects.bulk_create(
            Committee(change=change, organisation=body.pk, **scope_columns(body.region)) for body in bodies
        )
        _seat_those_who_serve(committees, today=now.astimezone(SHANGHAI).date())
    return change


def _federations(region: str, level: Level) -> Iterable[Organisation]:
    low, high = range_under(region)
    rows = Organisation.objects.filter(type=FEDERATION, level=int(level), dissolved_on__isnull=True)
    return rows.filter(region__gte=low, region__lt=high).order_by("region", "id")


def _require_free(organisations: Iterable[str]) -> None:
    running = TermChange.objects.unscoped("a committee is renewed by one change at a time")
    changes = list(running.filter(state__in=(State.PREPARING, State.SET)).values_list("pk", flat=True))
    held = Committee.objects.unscoped("a committee is renewed by one change at a time")
    if held.filter(change_id__in=changes, organisation__in=list(organisations)).exists():
        raise Refused("其中有的组织已经在另一次换届里，请先办完或取消那一次。", field="level")


def _seat_those_who_serve(committees: Iterable[Committee], *, today: dt.date) -> None:
    """The list begins with today's members, so that a re-elected one is not typed again."""
    by_body = {committee.organisation: committee for committee in committees}
    posts = Post.objects.filter(held_on(today), organisation_id__in=list(by_body)).order_by("starts", "id")
    seats: dict[tuple[str, str], Seat] = {}
    for post in posts:
        committee = by_body[post.organisation_id]
        seat = Seat(
            committee=committee,
            person=post.person,
            title=post.title,
            role=usual_role(Level(level_of(committee.region)), post.title),
            **scope_columns(committee.region),
        )
        seats.setdefault((committee.pk, post.person), seat)
    Seat.objects.bulk_create(seats.values())


def usual_role(level: Level, title: str) -> str:
    """What somebody with this title usually may do: a first choice, to be changed by hand."""
    is_chair = CHAIR in title and "副" not in title
    usual = {Level.VILLAGE: "village-chair" if is_chair else "village-member", Level.TOWN: "town-clerk"}.get(level, "")
    return usual if usual in known_roles() else ""


# ── one committee's list ─────────────────────────────────────────────────────


def change_for(actor: Actor, key: str) -> TermChange:
    """One change whose place, or one of whose committees, is in the actor's charge; Unseen otherwise."""
    row = TermChange.objects.unscoped("whose committees she may see is asked next").filter(pk=key).first()
    if row is None:
        raise Unseen(OUT_OF_SIGHT)
    if not actor.may(Verb.ORGANISATION_WRITE, region=row.region):
        committees = Committee.objects.seen_by(actor)
        if not committees.filter(change_id=row.pk).exists():
            raise Unseen(OUT_OF_SIGHT)
    return row


def committee_for(actor: Actor, key: str) -> tuple[TermChange, Committee]:
    """One committee with its change; Unseen where the actor may not write organisations."""
    committee = Committee.objects.seen_by(actor).filter(pk=key).first()
    if committee is None:
        raise Unseen(OUT_OF_SIGHT)
    # Whoever sees one of its committees sees the change.
    change = TermChange.objects.unscoped("the change of a committee that she sees").get(pk=committee.change_id)
    return change, committee


def seat_person(actor: Actor, committee: Committee, draft: SeatDraft, *, today: dt.date) -> Seat:
    """Put somebody on the list, or change how she stands on it. Needs organisation.write, and to see the person."""
    title = clean_line(draft.title, field="title", limit=40)
    if not title:
        raise Refused("请填职务，例如“主席”“副主席”“执委”。", field="title")
    if not draft.person or person_card(actor, draft.person, on=today) is None:
        raise Refused("请先查找，再从找到的人里选一位。", field="person")
    if draft.schooling and draft.schooling not in Schooling.values:
        raise Refused("文化程度请从列出的选项里选。", field="schooling")
    _check_role(committee, draft.role)
    wanted = {
        "title": title,
        "role": draft.role,
        "schooling": draft.schooling,
        "sits_in_both": draft.sits_in_both,
        **scope_columns(committee.region),
    }
    with writing():
        held = _reopened(actor, committee)
        seats = Seat.objects.seen_by(actor).filter(committee_id=held.pk)
        if seats.filter(person=draft.person).update(**wanted):
            return seats.get(person=draft.person)
        return Seat.objects.create(committee=held, person=draft.person, **wanted)


def _check_role(committee: Committee, code: str) -> None:
    if not code:
        return
    role = known_roles().get(code)
    if role is None or role.level != level_of(committee.region):
        raise Refused("岗位请从列出的选项里选。", field="role")


def unseat(actor: Actor, committee: Committee, person: str) -> None:
    """Take somebody off the list."""
    with writing():
        held = _reopened(actor, committee)
        Seat.objects.seen_by(actor).filter(committee_id=held.pk, person=person).delete()


def settle(actor: Actor, committee: Committee, *, is_ready: bool) -> None:
    """Say that a committee's list stands, or open it again. It needs a chair 主席, and one only."""
    with writing():
        held = _open_committee(actor, committee)
        titles = list(Seat.objects.seen_by(actor).filter(committee_id=held.pk).values_list("title", flat=True))
        chairs = [title for title in titles if CHAIR in title and "副" not in title]
        if is_ready and len(chairs) != 1:
            raise Refused("名单里要有一位主席。" if not chairs else "名单里只能有一位主席。")
        held.is_ready = is_ready
        held.save(update_fields=["is_ready"])


def _reopened(actor: Actor, committee: Committee) -> Committee:
    """A list that is changed has to be settled again."""
    held = _open_committee(actor, committee)
    if held.is_ready:
        held.is_ready = False
        held.save(update_fields=["is_ready"])
    return held


def _open_committee(actor: Actor, committee: Committee) -> Committee:
    """The committee's row, locked; Refused once its change is over, or set (an hour stands: open it first)."""
    changes = TermChange.objects.unscoped("its committee is in her charge").select_for_update()
    change = changes.get(pk=committee.change_id)
    if change.state == State.SET:
        raise Refused("已经定了换届时间，名单不能再改；要改请先取消时间。")
    if change.state != State.PREPARING:
        raise Refused(f"这次换届{State(change.state).label}，名单不能再改。")
    return Committee.objects.seen_by(actor).get(pk=committee.pk)


# ── the hour ─────────────────────────────────────────────────────────────────


def set_hour(actor: Actor, change: TermChange, *, at: dt.datetime, now: dt.datetime) -> None:
    """From this hour the new committees serve. Needs user.manage over the place: rights change with it."""
    actor.require(Verb.USER_MANAGE, region=change.region)
    if at < now - dt.timedelta(minutes=1):
        raise Refused("换届时间不能早于现在。", field="at")
    if at > now + FARTHEST:
        raise Refused("换届时间太远了，请填一年以内的时间。", field="at")
    with writing():
        row = _locked(change)
        if row.state not in (State.PREPARING, State.SET):
            raise Refused(f"这次换届{State(row.state).label}。")
        ready = Committee.objects.unscoped("all committees of the change she carries out").filter(change_id=row.pk)
        if not ready.filter(is_ready=True).exists():
            raise Refused("还没有哪个组织的名单是定了的，请先定名单。", field="at")
        _refuse_own_post(actor, row)
        row.state, row.at, row.set_by = State.SET, at, actor.account
        row.save(update_fields=["state", "at", "set_by"])


def _refuse_own_post(actor: Actor, change: TermChange) -> None:
    committees = Committee.objects.unscoped("nobody grants herself a post")
    keys = list(committees.filter(change_id=change.pk).values_list("pk", flat=True))
    seats = Seat.objects.unscoped("nobody grants herself a post").filter(committee_id__in=keys).exclude(role="")
    accounts = accounts_of_people(seats.values_list("person", flat=True))
    if actor.account in {account.key for account in accounts.values()}:
        raise Refused("名单里有您自己，请由另一位管理员来定时间。")


def unset_hour(actor: Actor, change: TermChange) -> None:
    """Back to preparing, as long as the hour has not come."""
    actor.require(Verb.USER_MANAGE, region=change.region)
    with writing():
        row = _locked(change)
        if row.state != State.SET:
            raise Refused("这次换届还没有定时间，或者已经办了。")
        row.state, row.at, row.set_by = State.PREPARING, None, ""
        row.save(update_fields=["state", "at", "set_by"])


def drop_change(actor: Actor, change: TermChange) -> None:
    """Give a change up before it is carried out. Needs organisation.write over its whole place."""
    actor.require(Verb.ORGANISATION_WRITE, region=change.region)
    with writing():
        row = _locked(change)
        if row.state not in (State.PREPARING, State.SET):
            raise Refused(f"这次换届{State(row.state).label}，不能取消。")
        row.state = State.DROPPED
        row.save(update_fields=["state"])


def _locked(change: TermChange) -> TermChange:
    return TermChange.objects.unscoped("the caller asked for the right already").select_for_update().get(pk=change.pk)
