"""Pages of user administration: the list, one account, opening one. Appointing and switching off: screens_charge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.cache import patch_cache_control

from lianxin.access.actor import Actor
from lianxin.access.roles import Role
from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI, now, say_day, today
from lianxin.base.errors import Problems, Refused
from lianxin.catalog.current import catalog
from lianxin.desk.accounts import queries
from lianxin.desk.accounts.forms import account_form
from lianxin.desk.accounts.lists import BEGINS, address_with, chip, mendable
from lianxin.desk.accounts.places import towns_within
from lianxin.desk.accounts.queries import AccountFilter, AccountLine, AccountState
from lianxin.desk.house import place_of
from lianxin.desk.nearby import say_short
from lianxin.desk.taking import TakeOut
from lianxin.exchange.sheets import Column as SheetColumn
from lianxin.exchange.sheets import Kind, LedgerSheet, say_export
from lianxin.net.accounts import account_for, changes_of, create_account, require_charge
from lianxin.net.actors import known_roles
from lianxin.net.appointments import appointments_of
from lianxin.net.colleagues import account_names
from lianxin.net.models import Account, AccountChange, Appointment, ChangeKind
from lianxin.net.regions import path_name
from lianxin.net.second_factor import has_one
from lianxin.net.sittings import seats_of
from lianxin.ui.forms import Form, Option
from lianxin.ui.parts import Cell, Chip, Column, Crumb, Event, Known, Row, Table
from lianxin.ui.screen import Screen


@dataclass(frozen=True, slots=True)
class UsersPage:
    table: Table
    count: int
    more: str
    is_later: bool
    chosen: AccountFilter
    states: tuple[Chip, ...]
    roles: tuple[Option, ...]
    towns: tuple[Option, ...]
    export: str
    may_manage: bool
    may_organise: bool
    may_review: bool


class Users(Screen):
    """Accounts that the reader has charge of or may look at."""

    needs = Verb.USER_READ
    template = "desk/accounts/users.html"
    title = "账号"
    room = "users"
    fragments = {"list": "desk/accounts/_users.html"}

    def get(self, request: object) -> HttpResponse:
        asked = self.request.GET
        chosen = account_filter(asked)
        found = queries.accounts_page(self.actor, chosen, today=today(), after=asked.get(BEGINS, "")[:40])
        may_export = self.actor.may_take_out(Verb.USER_READ)
        page = UsersPage(
            table=_users_table(found.lines),
            count=found.count,
            more=address_with(asked, **{BEGINS: found.after}) if found.after else "",
            is_later=BEGINS in asked,
            chosen=chosen,
            states=tuple(chip(asked, "state", state.value, state.label) for state in AccountState),
            roles=tuple(Option(role.code, role.name) for role in known_roles().values()),
            towns=towns_within(self.actor, Verb.USER_READ),
            export=reverse("users-export") + address_with(asked) if may_export else "",
            may_manage=bool(self.actor.may(Verb.USER_MANAGE)),
            may_organise=bool(self.actor.may(Verb.ORGANISATION_READ)),
            may_review=bool(self.actor.may(Verb.RIGHTS_REVIEW)),
        )
        return self.render(page)


def account_filter(asked: QueryDict) -> AccountFilter:
    """The filter that an address names; what is unknown narrows nothing."""
    state, role, region = asked.get("state", ""), asked.get("role", ""), asked.get("region", "")
    return AccountFilter(
        words=asked.get("q", "").strip()[:40],
        role=role if role in known_roles() else "",
        region=region if region.isascii() and region.isdigit() and len(region) in (2, 4, 6, 9, 12) else "",
        state=AccountState(state) if state in set(AccountState) else None,
    )


def _users_table(lines: Sequence[AccountLine]) -> Table:
    return Table(
        caption="账号",
        columns=(
            Column(label="姓名", is_key=True),
            Column(label="账号"),
            Column(label="岗位"),
            Column(label="状态"),
        ),
        rows=tuple(_user_row(line) for line in lines),
        empty="没有找到这样的账号。换个字，或者把上面的条件点掉再看。",
    )


def _user_row(line: AccountLine) -> Row:
    account = line.account
    tone, word = said_state(account)
    return Row(
        (
            Cell(text=account.name, href=reverse("user", args=[account.pk])),
            account.username,
            "；".join(line.held) or "还没有岗位",
            Cell(text=word, tone=tone),
        ),
        is_soft=not account.is_active,
    )


def said_state(account: Account) -> tuple[str, str]:
    """Colour and word of an account's state."""
    if not account.is_active:
        return "", "停用"
    return ("yellow", "临时密码没改") if account.must_change_password else ("green", "在用")


class UsersExport(TakeOut):
    """The list as a ledger."""

    needs = Verb.USER_READ
    title = "账号台账"

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.USER_READ)
        lines = queries.all_accounts(actor, account_filter(self.request.GET), today=today())
        columns = (
            SheetColumn("姓名", Kind.NAME),
            SheetColumn("账号", Kind.CODE),
            SheetColumn("岗位", Kind.LONG),
            SheetColumn("状态"),
            SheetColumn("开通日期", Kind.DAY),
        )
        rows = (
            (
                line.account.name,
                line.account.username,
                "；".join(line.held),
                said_state(line.account)[1],
                line.account.created_at.astimezone(SHANGHAI).date(),
            )
            for line in lines
        )
        says = say_export(what=self.title, where=place_of(self.actor), period="", by=self.actor.name, at=now())
        return LedgerSheet(self.title, says, columns, rows, is_numbered=True)


@dataclass(frozen=True, slots=True)
class UserPage:
    title: str
    account: Account
    state: tuple[str, str]
    held: tuple[str, ...]
    crumbs: tuple[Crumb, ...]
    facts: tuple[Known, ...]
    appointments: Table
    events: tuple[Event, ...]
    may_manage: bool
    out_of_charge: str
    sittings: int
    has_factor: bool


class OneUser(Screen):
    """One account: what it is appointed to, what was done to it, what may be done."""

    needs = Verb.USER_READ
    template = "desk/accounts/user.html"
    title = "一个账号"
    room = "users"

    def get(self, request: object, key: str) -> HttpResponse:
        account = account_for(self.actor, key)
        rows = list(appointments_of(self.actor, account))
        changes = changes_of(self.actor, account)
        names = account_names([account.created_by, *(row.granted_by for row in rows), *(each.by for each in changes)])
        reason, seats, factor = _out_of_charge(self.actor, account), seats_of(account), has_one(account)
        page = UserPage(
            title=account.name,
            account=account,
            state=said_state(account),
            held=tuple(queries.said_appointment(row.role, row.region) for row in rows if _runs(row)),
            crumbs=(Crumb("账号", reverse("users")), Crumb(account.name)),
            facts=(
                Known("账号", account.username),
                Known("开通", _when_and_who(account, names)),
                Known("登录着", f"{seats} 处" if seats else "没有"),
                Known("动态码", "开通了" if factor else "没有开通"),
                *([Known("说明", "演示用的账号，人是虚构的")] if account.is_demo else []),
            ),
            appointments=_appointments_table(self.actor, rows, names),
            events=tuple(_change_event(each, rows, names) for each in reversed(changes)),
            may_manage=not reason,
            out_of_charge=reason if self.actor.may(Verb.USER_MANAGE) else "",
            sittings=seats,
            has_factor=factor,
        )
        return self.render(page)


def _runs(row: Appointment) -> bool:
    return row.starts <= today() and (row.ends is None or row.ends > today())


def _out_of_charge(actor: Actor, account: Account) -> str:
    """Why the reader cannot change this account; "" when she can."""
    try:
        require_charge(actor, account, today=today())
    except Refused as refusal:
        return refusal.message
    return ""


def said_by(key: str, names: Mapping[str, str]) -> str:
    """Who did it: a colleague's name, or the command line."""
    return names.get(key, "命令行" if key == "operator" else "")


def _when_and_who(account: Account, names: Mapping[str, str]) -> str:
    by = said_by(account.created_by, names)
    day = say_day(account.created_at.astimezone(SHANGHAI).date())
    return f"{day}，{by}" if by else day


def _appointments_table(actor: Actor, rows: Sequence[Appointment], names: Mapping[str, str]) -> Table:
    return Table(
        caption="岗位",
        columns=(
            Column(label="岗位", is_key=True),
            Column(label="在哪里"),
            Column(label="从哪天", kind="day"),
            Column(label="到哪天"),
            Column(label="授予"),
            Column(label="办理"),
        ),
        rows=tuple(_appointment_row(actor, row, names) for row in rows),
        empty="还没有岗位，登录了也办不了事。点“授岗位”，选好岗位和地方就行。",
    )


def _appointment_row(actor: Actor, row: Appointment, names: Mapping[str, str]) -> Row:
    role = known_roles().get(row.role)
    is_over = row.ends is not None and row.ends <= today()
    is_hers = row.account_id != actor.account and bool(actor.may(Verb.USER_MANAGE, region=row.region))
    return Row(
        (
            Cell(text=role.name if role else row.role, note=_said_programmes(row, role)),
            path_name(row.region),
            say_day(row.starts),
            say_day(row.ends) if row.ends else "",
            Cell(text=said_by(row.granted_by, names), note=row.because),
            Cell(text="结束", href=reverse("appointment-end", args=[row.pk])) if is_hers and not is_over else Cell(),
        ),
        is_soft=is_over,
    )


def _said_programmes(row: Appointment, role: Role | None) -> str:
    """Which lines of work it is for; nothing when it is for all."""
    if row.programmes is None:
        return "没有写明是哪几项工作，办不了事，请结束了重新授" if role and role.by_programme else ""
    found = (catalog().find_programme(code) for code in row.programmes)
    return "只办" + "、".join(each.short for each in found if each)


def _change_event(change: AccountChange, rows: Sequence[Appointment], names: Mapping[str, str]) -> Event:
    at = change.at.astimezone(SHANGHAI)
    about = next((row for row in rows if row.pk == change.appointment), None)
    elsewhere = "在别处的岗位" if change.appointment else ""
    otherwise = f"原来叫“{change.was}”" if change.was else change.because or elsewhere
    return Event(
        day=say_short(at.date(), today()),
        time=f"{at:%H:%M}",
        title=ChangeKind(change.kind).label,
        text=queries.said_appointment(about.role, about.region) if about else otherwise,
        by="" if change.by == change.account else f"经办 {said_by(change.by, names)}",
    )


@dataclass(frozen=True, slots=True)
class Handed:
    """An account and its temporary password, to hand over: shown once, kept nowhere."""

    account: Account
    password: str
    address: str


@dataclass(frozen=True, slots=True)
class NewUserPage:
    title: str
    form: Form
    crumbs: tuple[Crumb, ...]
    handed: Handed | None = None


class NewUser(Screen):
    """Opening an account. Its temporary password is shown once, in the answer to the form."""

    needs = Verb.USER_MANAGE
    template = "desk/accounts/user_new.html"
    title = "开通账号"
    room = "users"

    def get(self, request: object) -> HttpResponse:
        return self._page(account_form())

    def post(self, request: object) -> HttpResponse:
        form = account_form().bind(self.request.POST)
        try:
            opened = create_account(self.actor, username=form.raw("username"), name=form.raw("name"))
        except (Refused, Problems) as error:
            return self._page(form.refuse(mendable(error)), status=400)
        return shown_once(self._page(form, handed=handed(self.request, opened.account, opened.temporary_password)))

    def _page(self, form: Form, *, handed: Handed | None = None, status: int = 200) -> HttpResponse:
        title = f"{handed.account.name}的账号开好了" if handed else self.title
        crumbs = (Crumb("账号", reverse("users")), Crumb("开通账号"))
        return self.render(NewUserPage(title, form, crumbs, handed), status=status)


def handed(request: HttpRequest, account: Account, password: str) -> Handed:
    return Handed(account, password, request.build_absolute_uri(reverse("sign-in")))


def shown_once(response: HttpResponse) -> HttpResponse:
    """Not to be found again by going back in the browser."""
    patch_cache_control(response, no_store=True)
    return response
