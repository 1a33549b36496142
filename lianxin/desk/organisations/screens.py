"""Pages of organisations: the list by type, its ledger, and one body with all that hangs on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import now, today
from lianxin.catalog.bodies import GROUPS
from lianxin.catalog.current import catalog
from lianxin.desk.accounts.lists import BEGINS, address_with, chip
from lianxin.desk.accounts.places import towns_within
from lianxin.desk.house import place_of
from lianxin.desk.organisations import queries, shown
from lianxin.desk.organisations.queries import Belonging, OrganisationFilter
from lianxin.desk.taking import TakeOut
from lianxin.exchange.sheets import Column as SheetColumn
from lianxin.exchange.sheets import Kind, LedgerSheet, say_export
from lianxin.kinds.listings.queries import list_name, listings_of
from lianxin.net.alliances import hosts_of, turns_on
from lianxin.net.colleagues import account_names
from lianxin.net.models import FEDERATION, Organisation, Post
from lianxin.net.organisations import organisation_for, type_name
from lianxin.net.rebuilding import types_from
from lianxin.net.regions import path_name
from lianxin.records.history import timeline
from lianxin.records.kinds import Subject
from lianxin.records.subjects import SubjectName, subject_names
from lianxin.ui.forms import Option
from lianxin.ui.parts import Chip, Crumb, Event, Known, Line, Table
from lianxin.ui.screen import Screen


@dataclass(frozen=True, slots=True)
class OrganisationsPage:
    table: Table
    count: int
    more: str
    is_later: bool
    chosen: OrganisationFilter
    groups: tuple[Chip, ...]
    types: tuple[Chip, ...]
    towns: tuple[Option, ...]
    export: str
    may_write: bool
    may_see_users: bool


class Organisations(Screen):
    """The bodies of the reader's region, by group and type."""

    needs = Verb.ORGANISATION_READ
    template = "desk/organisations/organisations.html"
    title = "组织"
    room = "users"
    fragments = {"list": "desk/organisations/_list.html"}

    def get(self, request: object) -> HttpResponse:
        asked = self.request.GET
        chosen = organisation_filter(asked)
        found = queries.organisations_page(self.actor, chosen, after=asked.get(BEGINS, "")[:60])
        groups, types = _type_chips(asked, chosen, queries.counts_by_type(self.actor, chosen))
        page = OrganisationsPage(
            table=shown.organisations_table(found.rows),
            count=found.count,
            more=address_with(asked, **{BEGINS: found.after}) if found.after else "",
            is_later=BEGINS in asked,
            chosen=chosen,
            groups=groups,
            types=types,
            towns=towns_within(self.actor, Verb.ORGANISATION_READ),
            export=reverse("organisations-export") + address_with(asked)
            if self.actor.may_take_out(Verb.ORGANISATION_READ)
            else "",
            may_write=bool(self.actor.may(Verb.ORGANISATION_WRITE)),
            may_see_users=bool(self.actor.may(Verb.USER_READ)),
        )
        return self.render(page)


def organisation_filter(asked: QueryDict) -> OrganisationFilter:
    kind, group, region = asked.get("type", ""), asked.get("group", ""), asked.get("region", "")
    kind = kind if kind in catalog().organisation_types else ""
    return OrganisationFilter(
        words=asked.get("q", "").strip()[:40],
        group=catalog().organisation_type(kind).group if kind else group if group in GROUPS else "",
        type=kind,
        region=region if region.isascii() and region.isdigit() and len(region) in (2, 4, 6, 9, 12) else "",
        is_dissolved=asked.get("dissolved") == "1",
    )


def _type_chips(
    asked: QueryDict, chosen: OrganisationFilter, counts: dict[str, int]
) -> tuple[tuple[Chip, ...], tuple[Chip, ...]]:
    """Groups first; the types of the chosen group below. Only what there is, each with how many."""
    types = catalog().organisation_types.values()
    groups = []
    for code, name in GROUPS.items():
        many = sum(counts.get(kind, 0) for kind in queries.types_of(code))
        is_on = chosen.group == code
        if many or is_on:
            href = address_with(asked, group="" if is_on else code, type="")
            groups.append(Chip(label=name, href=href, is_on=is_on, count=many))
    within = [
        Chip(
            label=spec.name,
            href=address_with(asked, group=chosen.group, type="" if chosen.type == spec.code else spec.code),
            is_on=chosen.type == spec.code,
            count=counts.get(spec.code, 0),
        )
        for spec in types
        if spec.group == chosen.group and (counts.get(spec.code) or chosen.type == spec.code)
    ]
    return (*groups, chip(asked, "dissolved", "1", "撤销了的")), tuple(within if len(within) > 1 else ())


class OrganisationsExport(TakeOut):
    """The list as a ledger."""

    needs = Verb.ORGANISATION_READ
    title = "组织台账"

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.ORGANISATION_READ)
        bodies = queries.narrowed_organisations(actor, organisation_filter(self.request.GET))
        columns = (
            SheetColumn("名称", width=28),
            SheetColumn("类型", width=18),
            SheetColumn("所在", width=20),
            SheetColumn("区划代码", Kind.CODE),
            SheetColumn("上级组织", width=24),
            SheetColumn("依托单位", width=24),
            SheetColumn("领域", width=14),
            SheetColumn("组建方式", width=12),
            SheetColumn("地址", width=28),
            SheetColumn("找谁", width=12),
            SheetColumn("成立日期", Kind.DAY),
            SheetColumn("撤销日期", Kind.DAY),
        )
        rows = (_ledger_row(row) for row in bodies.select_related("parent", "host"))
        says = say_export(what=self.title, where=place_of(self.actor), period="", by=self.actor.name, at=now())
        return LedgerSheet(self.title, says, columns, rows, is_numbered=True)


def _ledger_row(row: Organisation) -> tuple[str | dt.date | None, ...]:
    modes, fields = catalog().modes, catalog().new_fields
    return (
        row.name,
        type_name(row.type),
        path_name(row.region),
        row.region,
        row.parent.name if row.parent else "",
        row.host.name if row.host else "",
        fields[row.field].name if row.field in fields else row.field,
        modes[row.mode].name if row.mode in modes else row.mode,
        row.address,
        row.contact,
        row.founded_on,
        row.dissolved_on,
    )


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    title: str
    body: Organisation
    kind: str
    help: str
    crumbs: tuple[Crumb, ...]
    facts: tuple[Known, ...]
    standard_name: str
    standard: tuple[tuple[str, bool], ...]
    posts: Table
    members: Table | None
    member_count: int
    partners: Table | None
    turns: tuple[Known, ...]
    within: tuple[Line, ...]
    under: tuple[Line, ...]
    under_count: int
    lists: tuple[Line, ...]
    may_grade: bool
    events: tuple[Event, ...]
    may_visit: bool
    may_write: bool
    may_rebuild: bool
    may_move: bool
    may_appoint: bool


class OneOrganisation(Screen):
    """One body: since when, led and housed by whom, who serves in it and belongs to it, what became of it."""

    needs = Verb.ORGANISATION_READ
    template = "desk/organisations/one.html"
    title = "一个组织"
    room = "users"

    SHOWN = 20

    def get(self, request: object, key: str) -> HttpResponse:
        body = organisation_for(self.actor, key)
        day = today()
        posts = queries.posts_of(body)
        belonging = queries.belonging_of(body, on=day)
        people = {post.person for post in posts} | {member.person for member in belonging.members}
        names = subject_names(self.actor, [Subject("person", person) for person in sorted(people) if person])
        under = queries.bodies_under(self.actor, body)
        spec = catalog().organisation_types.get(body.type)
        may_write = queries.may_write(self.actor, body)
        page = OrganisationPage(
            title=body.name,
            body=body,
            kind=type_name(body.type),
            help=spec.help if spec else "",
            crumbs=(Crumb("组织", reverse("organisations")), Crumb(body.name)),
            facts=shown.facts_of(body, holders=_contact(body, posts, names), became=queries.became(body)),
            standard_name=spec.standard.name if spec and spec.standard else "",
            standard=shown.standard_of(body, spec),
            posts=shown.posts_table(posts, names, may_end=may_write, today=day),
            members=_members(belonging, names, may_end=may_write),
            member_count=belonging.many,
            partners=_partners(belonging, may_end=may_write),
            turns=self._turns(body, belonging),
            within=tuple(shown.line_of(member.organisation) for member in belonging.within),
            under=tuple(shown.line_of(row) for row in under[: self.SHOWN]),
            under_count=len(under),
            lists=self._lists(body),
            may_grade=bool(
                spec and spec.graded_on and may_write and self.actor.may(Verb.LISTING_RECORD, region=body.region)
            ),
            events=self._events(body),
            may_visit=body.dissolved_on is None and bool(self.actor.may(Verb.VISIT_RECORD, region=body.region)),
            may_write=may_write,
            may_rebuild=may_write and bool(types_from(body.type, on=day)),
            may_move=may_write and body.type != FEDERATION,
            may_appoint=queries.may_appoint_to(self.actor, body),
        )
        return self.render(page)

    def _turns(self, body: Organisation, belonging: Belonging) -> tuple[Known, ...]:
        if belonging.rota is None:
            return ()
        return shown.turns_facts(turns_on(belonging.rota, today()), hosts_of(body, on=None))

    def _lists(self, body: Organisation) -> tuple[Line, ...]:
        """The lists it stands or stood on, as far as the reader may see them."""
        if not self.actor.may(Verb.LISTING_READ, region=body.region):
            return ()
        return tuple(
            Line(
                text=list_name(row.programme),
                href=reverse("listing", args=[row.key]),
                note=shown.said_listing(row.day, row.off_day, shown.rank_name(row.programme, row.level or row.grade)),
            )
            for row in listings_of(self.actor, [body.pk])
        )

    def _events(self, body: Organisation) -> tuple[Event, ...]:
        cards = timeline(self.actor, (body.pk,)) if self.actor.may(Verb.REGISTER_READ, region=body.region) else ()
        changes = queries.changes_of(body)
        return shown.events_of(cards, changes, account_names(change.by for change in changes))


def _contact(body: Organisation, posts: Sequence[Post], names: dict[str, SubjectName]) -> str:
    """Who holds the post that one asks for here today."""
    day = today()
    running = [post for post in posts if post.starts <= day and (post.ends is None or post.ends > day)]
    return "、".join(shown.holder_of(post, names) for post in running if post.title == body.contact)


def _members(belonging: Belonging, names: dict[str, SubjectName], *, may_end: bool) -> Table | None:
    if not belonging.members:
        return None
    return shown.members_table(belonging.members, names, may_end=may_end, today=today())


def _partners(belonging: Belonging, *, may_end: bool) -> Table | None:
    return shown.partners_table(belonging.partners, may_end=may_end, today=today()) if belonging.partners else None
