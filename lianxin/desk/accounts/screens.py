"""Pages of one's own account: signing in and out, the password, what she may do and how her pages look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI, say_day, today
from lianxin.base.errors import Refused
from lianxin.desk.accounts.forms import password_form, sign_in_form
from lianxin.desk.accounts.queries import Sample, demo_samples, own_appointments
from lianxin.desk.house import FOOT, ROOMS, is_demo_home
from lianxin.net.accounts import change_own_password
from lianxin.net.actors import known_roles
from lianxin.net.models import Account, Appointment, Theme
from lianxin.net.regions import path_name
from lianxin.net.second_factor import since
from lianxin.net.signin import sign_in
from lianxin.net.sittings import Seat, end_others, own_seats
from lianxin.ui.appearance import appearance_of, remember_appearance
from lianxin.ui.around import Room
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.parts import Known, Line
from lianxin.ui.screen import Screen


def account_of(request: HttpRequest) -> Account:
    """Whose session it is; only for pages behind the sign-in."""
    return cast(Account, request.user)


def onward_from(request: HttpRequest, asked: str) -> str:
    """Where she was going, if that is here; the first page otherwise."""
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours and asked != reverse("sign-out") else resolve_url("home")


@dataclass(frozen=True, slots=True)
class SignInPage:
    form: Form
    samples: tuple[Sample, ...] = ()


class SignIn(Screen):
    """The door. Leads on to where she was going."""

    open_door = "sign-in"
    template = "desk/accounts/sign_in.html"
    title = "登录"

    def get(self, request: object) -> HttpResponse:
        if self.request.user.is_authenticated:
            return redirect("home")
        return self._page(sign_in_form(onward=self.request.GET.get("next", "")))

    def post(self, request: object) -> HttpResponse:
        form = sign_in_form().bind(self.request.POST)
        try:
            account = sign_in(self.request, form.raw("username"), form.raw("password"))
        except Refused as error:
            return self._page(form.refuse(error), status=400)
        if account is None:
            asked = form.raw("next")
            return redirect(reverse("sign-in-code") + (f"?{urlencode({'next': asked})}" if asked else ""))
        response = redirect(onward_from(self.request, form.raw("next")))
        # The sign-in page of this browser looks as she likes it, next time.
        remember_appearance(response, appearance_of(self.request))
        return response

    def _page(self, form: Form, *, status: int = 200) -> HttpResponse:
        samples = demo_samples(today=today()) if is_demo_home() else ()
        return self.render(SignInPage(form, samples), status=status)


@dataclass(frozen=True, slots=True)
class SignOutPage:
    name: str


class SignOut(Screen):
    """Asked by a link, done by its button: an address alone must not sign anybody out."""

    needs = Verb.OWN_ACCOUNT
    template = "desk/accounts/sign_out.html"
    title = "退出"

    def get(self, request: object) -> HttpResponse:
        return self.render(SignOutPage(self.actor.name))

    def post(self, request: object) -> HttpResponse:
        logout(self.request)
        tell(self.request, "已经退出。和别人合用的手机、电脑，记得把这一页也关掉。")
        response = redirect("sign-in")
        # What this browser keeps of the pages; not its cookies, by which it is known here and looks as she likes it.
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


@dataclass(frozen=True, slots=True)
class PasswordPage:
    title: str
    form: Form
    is_temporary: bool


class PasswordChange(Screen):
    """The own password. Whoever still has a temporary one is led here and nowhere else."""

    needs = Verb.OWN_ACCOUNT
    template = "desk/accounts/password.html"
    title = "改密码"

    def get(self, request: object) -> HttpResponse:
        return self._page(self._form())

    def post(self, request: object) -> HttpResponse:
        form = self._form().bind(self.request.POST)
        account = account_of(self.request)
        try:
            if form.raw("new") != form.raw("again"):
                raise Refused("两次输入的新密码不一样，请再输一次。", field="again")
            change_own_password(account, old=form.raw("old"), new=form.raw("new"))
        except Refused as error:
            return self._page(form.refuse(error), status=400)
        update_session_auth_hash(self.request, account)
        end_others(account, key=self.request.session.session_key)
        tell(self.request, "密码改好了，下次登录用新的。别处登录着的都已退出。")
        return redirect("home")

    def _form(self) -> Form:
        return password_form(is_temporary=account_of(self.request).must_change_password)

    def _page(self, form: Form, *, status: int = 200) -> HttpResponse:
        is_temporary = account_of(self.request).must_change_password
        title = "先换一个自己的密码" if is_temporary else "改密码"
        return self.render(PasswordPage(title, form, is_temporary), status=status)


@dataclass(frozen=True, slots=True)
class Held:
    """One appointment as its holder reads it."""

    role: str
    place: str
    term: str
    description: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One place where she is signed in."""

    id: str
    device: str
    note: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class OwnPage:
    name: str
    facts: tuple[Known, ...]
    held: tuple[Held, ...]
    over: tuple[Held, ...]
    looks: Form
    seats: tuple[SeatLine, ...]
    doors: tuple[Line, ...]


class OwnAccount(Screen):
    """我的: who she is here, what she may do, how her pages look, the way out."""

    needs = Verb.OWN_ACCOUNT
    template = "desk/accounts/own.html"
    title = "我的"
    room = "me"

    def get(self, request: object) -> HttpResponse:
        account = account_of(self.request)
        held = tuple(_held(row) for row in own_appointments(account))
        opened = say_day(account.created_at.astimezone(SHANGHAI).date())
        factor = since(account)
        said = f"{say_day(factor.astimezone(SHANGHAI).date())}开通" if factor else "没有开通"
        page = OwnPage(
            name=account.name,
            facts=(Known("账号", account.username), Known("开通", opened), Known("动态码", said)),
            held=tuple(each for each in held if not each.is_over),
            over=tuple(each for each in held if each.is_over),
            looks=_looks(account),
            seats=tuple(map(_seat, own_seats(account, key=self.request.session.session_key))),
            doors=_doors(self.actor),
        )
        return self.render(page)


def _seat(seat: Seat) -> SeatLine:
    began = seat.began_at.astimezone(SHANGHAI)
    note = f"{say_day(began.date())} {began:%H:%M} 登录，最近用在 {seat.seen_at.astimezone(SHANGHAI):%H:%M}"
    return SeatLine(seat.id, seat.device or "不认得的设备", note, seat.is_this)


def _held(row: Appointment) -> Held:
    role = known_roles().get(row.role)
    return Held(
        role=role.name if role else row.role,
        place=path_name(row.region),
        term=said_term(row),
        description=role.description if role else "",
        is_over=row.ends is not None and row.ends <= today(),
    )


def said_term(row: Appointment) -> str:
    """2021年3月1日起 or 2021年3月1日—2021年6月1日; the second day is the first one without it."""
    if row.ends is None:
        return f"{say_day(row.starts)}起"
    return f"{say_day(row.starts)}起，{say_day(row.ends)}止"


def _looks(account: Account) -> Form:
    themes = tuple(Option(theme.value, "自动" if theme is Theme.AUTO else theme.label) for theme in Theme)
    sizes = (Option("no", "普通版"), Option("yes", "长辈版"))
    return Form(
        (
            Field(name="theme", label="颜色", type=FieldType.CHOICE, options=themes, values=(account.theme,)),
            Field(
                name="elder",
                label="字的大小",
                type=FieldType.CHOICE,
                options=sizes,
                values=("yes" if account.elder else "no",),
                help="长辈版字大、按钮大，功能一样不少。",
            ),
        )
    )


# Rooms that stand in no navigation, each behind the page it belongs to.
ASIDE = (
    Room("lists", "名册", "lists", "file-text", Verb.LISTING_READ),
    Room("organisations", "组织", "organisations", "building-community", Verb.ORGANISATION_READ),
    Room("periods", "封账", "periods", "lock", Verb.PERIOD_SEAL),
)


def _doors(actor: Actor) -> tuple[Line, ...]:
    """Every room she may open: a phone's tabs hold only three of them."""
    rooms = [room for room in (*ROOMS[1:], *ASIDE, *FOOT) if room.needs is None or actor.may(room.needs)]
    return tuple(Line(text=room.name, href=reverse(room.url_name), icon=room.icon) for room in rooms)
