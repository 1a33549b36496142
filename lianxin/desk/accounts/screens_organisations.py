"""Pages of organisations: the list, one body with its posts, entering, renaming and dissolving one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level
from lianxin.base.days import now, say_day, today
from lianxin.base.errors import Problems, Refused
from lianxin.desk.accounts import queries
from lianxin.desk.accounts.forms import (
    day_or_none,
    dissolving_form,
    name_form,
    organisation_draft,
    organisation_form,
)
from lianxin.desk.accounts.lists import BEGINS, address_with, chip, mendable, sent_ledger
from lianxin.desk.accounts.places import NARROW, chosen_place, names_of_steps, place_field_for, towns_within
from lianxin.desk.accounts.queries import OrganisationFilter
from lianxin.desk.house import place_of
from lianxin.exchange.sheets import Column as SheetColumn
from lianxin.exchange.sheets import Kind, LedgerSheet, say_export
from lianxin.net.models import Organisation, OrganisationType, Post
from lianxin.net.organisations import (
    dissolve_organisation,
    found_organisation,
    organisation_for,
    rename_organisation,
)
from lianxin.net.regions import path_name
from lianxin.records.kinds import Subject
from lianxin.records.subjects import SubjectName, subject_names
from lianxin.ui.forms import Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.parts import Cell, Chip, Column, Crumb, Known, Line, Row, Table
from lianxin.ui.screen import Screen

OUT_OF_SIGHT = "（姓名不在您可看的范围）"


@dataclass(frozen=True, slots=True)
class OrganisationsPage:
    table: Table
    count: int
    more: str
    is_later: bool
    chosen: OrganisationFilter
    types: tuple[Chip, ...]
    towns: tuple[Option, ...]
    export: str
    may_write: bool
    may_see_users: bool


class Organisations(Screen):
    """The bodies of the reader's region."""

    needs = Verb.ORGANISATION_READ
    template = "desk/accounts/organisations.html"
    title = "组织"
    room = "users"
    fragments = {"list": "desk/accounts/_organisations.html"}

    def get(self, request: object) -> HttpResponse:
        asked = self.request.GET
        chosen = organisation_filter(asked)
        found = queries.organisations_page(self.actor, chosen, after=asked.get(BEGINS, "")[:60])
        page = OrganisationsPage(
            table=_organisations_table(found.rows),
            count=found.count,
            more=address_with(asked, **{BEGINS: found.after}) if found.after else "",
            is_later=BEGINS in asked,
            chosen=chosen,
            types=(
                *(chip(asked, "type", kind.value, kind.label) for kind in OrganisationType),
                chip(asked, "dissolved", "1", "撤销了的"),
            ),
            towns=towns_within(self.actor, Verb.ORGANISATION_READ),
            export=reverse("organisations-export") + address_with(asked) if self.actor.may(Verb.EXPORT) else "",
            may_write=bool(self.actor.may(Verb.ORGANISATION_WRITE)),
            may_see_users=bool(self.actor.may(Verb.USER_READ)),
        )
        return self.render(page)


def organisation_filter(asked: QueryDict) -> OrganisationFilter:
    kind, region = asked.get("type", ""), asked.get("region", "")
    return OrganisationFilter(
        words=asked.get("q", "").strip()[:40],
        type=kind if kind in OrganisationType.values else "",
        region=region if region.isascii() and region.isdigit() and len(region) in (2, 4, 6, 9, 12) else "",
        is_dissolved=asked.get("dissolved") == "1",
    )


def _organisations_table(rows: Sequence[Organisation]) -> Table:
    return Table(
        caption="组织",
        columns=(
            Column(label="名称", is_key=True),
            Column(label="类型"),
            Column(label="在哪里"),
            Column(label="成立", kind="day"),
            Column(label="状态"),
        ),
        rows=tuple(
            Row(
                (
                    Cell(text=row.name, href=reverse("organisation", args=[row.pk])),
                    OrganisationType(row.type).label,
                    path_name(row.region),
                    say_day(row.founded_on) if row.founded_on else "",
                    Cell(
                        text=f"{say_day(row.dissolved_on)}撤销",
                    )
                    if row.dissolved_on
                    else "",
                ),
                is_soft=row.dissolved_on is not None,
            )
            for row in rows
        ),
        empty="没有找到这样的组织。换个字，或者把上面的条件点掉再看。",
    )


class OrganisationsExport(Screen):
    """The list as a ledger."""

    needs = Verb.ORGANISATION_READ
    template = "desk/accounts/organisations.html"
    title = "组织台账"

    def get(self, request: object) -> HttpResponseBase:
        self.actor.require(Verb.EXPORT)
        bodies = queries.narrowed_organisations(self.actor, organisation_filter(self.request.GET))
        columns = (
            SheetColumn("名称", width=28),
            SheetColumn("类型"),
            SheetColumn("所在", width=20),
            SheetColumn("区划代码", Kind.CODE),
            SheetColumn("上级组织", width=24),
            SheetColumn("依托单位", width=24),
            SheetColumn("成立日期", Kind.DAY),
            SheetColumn("撤销日期", Kind.DAY),
        )
        rows = (
            (
                row.name,
                OrganisationType(row.type).label,
                path_name(row.region),
                row.region,
                row.parent.name if row.parent else "",
                row.host.name if row.host else "",
                row.founded_on,
                row.dissolved_on,
            )
            for row in bodies.select_related("parent", "host")
        )
        says = say_export(what=self.title, where=place_of(self.actor), period="", by=self.actor.name, at=now())
        return sent_ledger(LedgerSheet(self.title, says, columns, rows, is_numbered=True))


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    title: str
    body: Organisation
    kind: str
    crumbs: tuple[Crumb, ...]
    facts: tuple[Known, ...]
    posts: Table
    under: tuple[Line, ...]
    under_count: int
    may_write: bool
    may_appoint: bool


class OneOrganisation(Screen):
    """One body: since when, led and housed by whom, who serves in it."""

    needs = Verb.ORGANISATION_READ
    template = "desk/accounts/organisation.html"
    title = "一个组织"
    room = "users"

    SHOWN = 20

    def get(self, request: object, key: str) -> HttpResponse:
        body = organisation_for(self.actor, key)
        posts = queries.posts_of(body)
        names = subject_names(self.actor, [Subject("person", post.person) for post in posts if post.person])
        under = queries.bodies_under(self.actor, body)
        may_write = body.dissolved_on is None and bool(self.actor.may(Verb.ORGANISATION_WRITE, region=body.region))
        page = OrganisationPage(
            title=body.name,
            body=body,
            kind=OrganisationType(body.type).label,
            crumbs=(Crumb("组织", reverse("organisations")), Crumb(body.name)),
            facts=tuple(_facts(body)),
            posts=_posts_table(posts, names, may_end=may_write),
            under=tuple(_line(row) for row in under[: self.SHOWN]),
            under_count=len(under),
            may_write=may_write,
            may_appoint=may_appoint_to(self.actor, body),
        )
        return self.render(page)


def may_appoint_to(actor: Actor, body: Organisation) -> bool:
    """Posts are held by people of the register: who cannot see them cannot choose among them."""
    return body.dissolved_on is None and bool(
        actor.may(Verb.ORGANISATION_WRITE, region=body.region) and actor.may(Verb.REGISTER_READ, region=body.region)
    )


def _line(row: Organisation) -> Line:
    note = f"{OrganisationType(row.type).label} · {path_name(row.region)}"
    return Line(text=row.name, href=reverse("organisation", args=[row.pk]), note=note)


def _facts(body: Organisation) -> list[Known]:
    facts = [Known("在哪里", path_name(body.region, since=Level.COUNTY)), Known("层级", Level(body.level).label)]
    for label, other in (("上级组织", body.parent), ("依托单位", body.host)):
        if other:
            facts.append(Known(label, "", reverse("organisation", args=[other.pk]), other.name))
    facts.append(Known("成立", say_day(body.founded_on) if body.founded_on else "没有登记"))
    if body.dissolved_on:
        facts.append(Known("撤销", say_day(body.dissolved_on)))
    return facts


def _posts_table(posts: Sequence[Post], names: Mapping[str, SubjectName], *, may_end: bool) -> Table:
    return Table(
        caption="任职",
        columns=(
            Column(label="姓名", is_key=True),
            Column(label="职务"),
            Column(label="从哪天", kind="day"),
            Column(label="到哪天"),
            Column(label="办理"),
        ),
        rows=tuple(_post_row(post, names[post.person], may_end=may_end) for post in posts),
        empty="还没有登记任职的人。",
    )


def _post_row(post: Post, name: SubjectName, *, may_end: bool) -> Row:
    called = name.name if name.is_seen else OUT_OF_SIGHT
    end = Cell(text="离任", href=reverse("post-end", args=[post.pk])) if may_end and post.ends is None else Cell()
    return Row(
        (
            post.account.name if post.account else called,
            post.title,
            say_day(post.starts),
            say_day(post.ends) if post.ends else "",
            end,
        ),
        is_soft=post.ends is not None and post.ends <= today(),
    )


@dataclass(frozen=True, slots=True)
class OrganisationFormPage:
    title: str
    gist: str
    submit: str
    form: Form
    crumbs: tuple[Crumb, ...]
    has_place: bool = False
    whole: tuple[str, str] = ("", "")


class NewOrganisation(Screen):
    """Entering a body that was founded."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/accounts/organisation_form.html"
    title = "登记组织"
    fragments = {"place": "desk/accounts/_organisation_place.html"}

    def get(self, request: object) -> HttpResponse:
        return self._page(self._form(None))

    def post(self, request: object) -> HttpResponse:
        typed = self._form(None).bind(self.request.POST)
        form = self._form(typed)
        if NARROW in self.request.POST:
            return self._page(form)
        try:
            place = chosen_place(form)
            if not place:
                raise Refused("请选在哪里。", field="region")
            body = found_organisation(self.actor, organisation_draft(form, region=place), today=today())
        except (Refused, Problems) as error:
            return self._page(form.refuse(mendable(error, region=place_field_for(form))), status=400)
        tell(self.request, f"“{body.name}”登记好了。")
        return redirect("organisation", key=body.pk)

    def _form(self, typed: Form | None) -> Form:
        """What may lead or house it follows the place."""
        plain = organisation_form(self.actor, bodies=(), units=(), typed=typed)
        near = queries.bodies_at(chosen_place(plain))
        bodies = tuple(Option(row.pk, row.name) for row in near if row.type != OrganisationType.UNIT)
        units = tuple(Option(row.pk, row.name) for row in near if row.type == OrganisationType.UNIT)
        return organisation_form(self.actor, bodies=bodies, units=units, typed=typed)

    def _page(self, form: Form, *, status: int = 200) -> HttpResponse:
        crumbs = (Crumb("组织", reverse("organisations")), Crumb(self.title))
        gist = "妇联、妇委会、执委会、妇女微家，或者它们依托的单位。"
        page = OrganisationFormPage(
            self.title, gist, "登记", form, crumbs, has_place=True, whole=names_of_steps(form, "本级")
        )
        return self.render(page, status=status)


class RenameOrganisation(Screen):
    """Another name for the same body; its records stay with it."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/accounts/organisation_form.html"
    title = "改名称"

    def get(self, request: object, key: str) -> HttpResponse:
        body = organisation_for(self.actor, key)
        return self._page(body, name_form(body))

    def post(self, request: object, key: str) -> HttpResponse:
        body = organisation_for(self.actor, key)
        form = name_form(body).bind(self.request.POST)
        before = body.name
        try:
            rename_organisation(self.actor, body, name=form.raw("name"))
        except (Refused, Problems) as error:
            return self._page(body, form.refuse(mendable(error)), status=400)
        tell(self.request, f"“{before}”改叫“{body.name}”了。")
        return redirect("organisation", key=body.pk)

    def _page(self, body: Organisation, form: Form, *, status: int = 200) -> HttpResponse:
        self.actor.require(Verb.ORGANISATION_WRITE, region=body.region)
        gist = "还是同一个组织，只是换个叫法；以前的记录都跟着它。"
        return self.render(
            OrganisationFormPage("改名称", gist, "改名称", form, crumbs_of(body, "改名称")), status=status
        )


class DissolveOrganisation(Screen):
    """The day a body was dissolved."""

    needs = Verb.ORGANISATION_WRITE
    template = "desk/accounts/organisation_form.html"
    title = "登记撤销"

    def get(self, request: object, key: str) -> HttpResponse:
        return self._page(organisation_for(self.actor, key), dissolving_form(today=today()))

    def post(self, request: object, key: str) -> HttpResponse:
        body = organisation_for(self.actor, key)
        form = dissolving_form(today=today()).bind(self.request.POST)
        try:
            on = day_or_none(form, "dissolved_on") or today()
            dissolve_organisation(self.actor, body, on=on, today=today())
        except (Refused, Problems) as error:
            return self._page(body, form.refuse(mendable(error)), status=400)
        tell(self.request, f"“{body.name}”已登记撤销。")
        return redirect("organisation", key=body.pk)

    def _page(self, body: Organisation, form: Form, *, status: int = 200) -> HttpResponse:
        self.actor.require(Verb.ORGANISATION_WRITE, region=body.region)
        gist = f"“{body.name}”不再存在。下面没有别的组织、也没有人在任，才能登记撤销；以前的记录都留着。"
        page = OrganisationFormPage("登记撤销", gist, "登记撤销", form, crumbs_of(body, "登记撤销"))
        return self.render(page, status=status)


def crumbs_of(body: Organisation, here: str) -> tuple[Crumb, ...]:
    return (
        Crumb("组织", reverse("organisations")),
        Crumb(body.name, reverse("organisation", args=[body.pk])),
        Crumb(here),
    )
