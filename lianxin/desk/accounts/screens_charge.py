"""Pages that change somebody's account: appoint, end an appointment, reset the password, switch off and on."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.verbs import Verb
from lianxin.base.days import say_day, today
from lianxin.base.errors import Problems, Refused, Unseen
from lianxin.desk.accounts.forms import account_name_form, appointment_form, day_or_none, ending_form
from lianxin.desk.accounts.lists import mendable
from lianxin.desk.accounts.places import NARROW, chosen_place, names_of_steps, place_field_for
from lianxin.desk.accounts.queries import said_appointment
from lianxin.desk.accounts.screens_users import Handed, handed, shown_once
from lianxin.net import accounts
from lianxin.net.accounts import account_for
from lianxin.net.appointments import appoint, end_appointment
from lianxin.net.models import Account, Appointment
from lianxin.ui.forms import Form
from lianxin.ui.notices import tell
from lianxin.ui.parts import Crumb
from lianxin.ui.screen import Screen


@dataclass(frozen=True, slots=True)
class AppointPage:
    title: str
    account: Account
    form: Form
    crumbs: tuple[Crumb, ...]
    whole: tuple[str, str]
    is_limited: bool


class AppointUser(Screen):
    """A role at a place. Choosing a county or a town lists what lies below it; nothing is saved then."""

    needs = Verb.USER_MANAGE
    template = "desk/accounts/appoint.html"
    title = "授岗位"
    room = "users"
    fragments = {"place": "desk/accounts/_place.html"}

    def get(self, request: object, key: str) -> HttpResponse:
        return self._page(account_for(self.actor, key), appointment_form(self.actor, today=today()))

    def post(self, request: object, key: str) -> HttpResponse:
        account = account_for(self.actor, key)
        typed = appointment_form(self.actor, today=today()).bind(self.request.POST)
        form = appointment_form(self.actor, today=today(), typed=typed)
        if NARROW in self.request.POST:
            return self._page(account, form)
        try:
            granted = self._appoint(account, form)
        except (Refused, Problems) as error:
            return self._page(account, form.refuse(mendable(error, region=place_field_for(form))), status=400)
        tell(self.request, f"授好了：{said_appointment(granted.role, granted.region)}。她下次点开页面就有。")
        return redirect("user", key=account.pk)

    def _appoint(self, account: Account, form: Form) -> Appointment:
        if not form.raw("role"):
            raise Refused("请选一个岗位。", field="role")
        place = chosen_place(form)
        if not place:
            raise Refused("请选在哪里。", field="region")
        return appoint(
            self.actor,
            account,
            role=form.raw("role"),
            region=place,
            starts=day_or_none(form, "starts") or today(),
            ends=day_or_none(form, "ends"),
            programmes=form.raws("programmes") or None,
            because=form.raw("because"),
        )

    def _page(self, account: Account, form: Form, *, status: int = 200) -> HttpResponse:
        crumbs = (
            Crumb("账号", reverse("users")),
            Crumb(account.name, reverse("user", args=[account.pk])),
            Crumb("授岗位"),
        )
        page = AppointPage(
            title=f"给{account.name}授岗位",
            account=account,
            form=form,
            crumbs=crumbs,
            whole=names_of_steps(form, "全部"),
            is_limited=bool(form.raws("programmes") or form["programmes"].error),
        )
        return self.render(page, status=status)


@dataclass(frozen=True, slots=True)
class EndPage:
    title: str
    said: str
    form: Form
    crumbs: tuple[Crumb, ...]


class EndAppointment(Screen):
    """The day from which somebody no longer holds a role."""

    needs = Verb.USER_MANAGE
    template = "desk/accounts/end.html"
    title = "结束岗位"
    room = "users"

    def get(self, request: object, key: str) -> HttpResponse:
        return self._page(self._found(key), ending_form(today=today()))

    def post(self, request: object, key: str) -> HttpResponse:
        row = self._found(key)
        form = ending_form(today=today()).bind(self.request.POST)
        try:
            on = day_or_none(form, "ends") or today()
            end_appointment(self.actor, row, on=on, today=today())
        except (Refused, Problems) as error:
            return self._page(row, form.refuse(mendable(error)), status=400)
        tell(self.request, f"{said_appointment(row.role, row.region)}，到{say_day(on)}为止。")
        return redirect("user", key=row.account_id)

    def _found(self, key: str) -> Appointment:
        row = Appointment.objects.select_related("account").filter(pk=key).first()
        if row is None or not self.actor.may(Verb.USER_MANAGE, region=row.region):
            raise Unseen("没有这个岗位，或者它不在您负责的区域里。")
        return row

    def _page(self, row: Appointment, form: Form, *, status: int = 200) -> HttpResponse:
        crumbs = (
            Crumb("账号", reverse("users")),
            Crumb(row.account.name, reverse("user", args=[row.account_id])),
            Crumb("结束岗位"),
        )
        said = said_appointment(row.role, row.region)
        return self.render(EndPage(f"结束{row.account.name}的岗位", said, form, crumbs), status=status)


@dataclass(frozen=True, slots=True)
class ResetPage:
    title: str
    crumbs: tuple[Crumb, ...]
    handed: Handed


@dataclass(frozen=True, slots=True)
class RenamePage:
    title: str
    account: Account
    form: Form
    crumbs: tuple[Crumb, ...]


class RenameUser(Screen):
    """Another display name: married, misspelt, taken over by somebody else who should rather get her own account."""

    needs = Verb.USER_MANAGE
    template = "desk/accounts/user_rename.html"
    title = "改姓名"
    room = "users"

    def get(self, request: object, key: str) -> HttpResponse:
        account = account_for(self.actor, key)
        accounts.require_charge(self.actor, account, today=today())
        return self._page(account, account_name_form(account))

    def post(self, request: object, key: str) -> HttpResponse:
        account = account_for(self.actor, key)
        was, form = account.name, account_name_form(account).bind(self.request.POST)
        try:
            is_changed = accounts.rename_account(self.actor, account, name=form.raw("name"), today=today())
        except (Refused, Problems) as error:
            return self._page(account, form.refuse(mendable(error)), status=400)
        tell(self.request, f"“{was}”改叫“{account.name}”了。" if is_changed else "姓名没有变。")
        return redirect("user", key=account.pk)

    def _page(self, account: Account, form: Form, *, status: int = 200) -> HttpResponse:
        crumbs = (
            Crumb("账号", reverse("users")),
            Crumb(account.name, reverse("user", args=[account.pk])),
            Crumb(self.title),
        )
        return self.render(RenamePage(f"{self.title}：{account.name}", account, form, crumbs), status=status)


class ResetPassword(Screen):
    """A new temporary password, shown once in the answer."""

    needs = Verb.USER_MANAGE
    template = "desk/accounts/reset.html"
    title = "重置密码"
    room = "users"
    http_method_names = ["post"]

    def post(self, request: object, key: str) -> HttpResponse:
        account = account_for(self.actor, key)
        password = accounts.reset_password(self.actor, account, today=today())
        crumbs = (Crumb("账号", reverse("users")), Crumb(account.name, reverse("user", args=[account.pk])))
        page = ResetPage(f"{account.name}的新密码", crumbs, handed(self.request, account, password))
        return shown_once(self.render(page))


class SwitchOff(Screen):
    """停用: she is signed out at her next click; nothing of hers is lost."""

    needs = Verb.USER_MANAGE
    template = "desk/accounts/user.html"
    title = "停用账号"
    http_method_names = ["post"]

    def post(self, request: object, key: str) -> HttpResponse:
        account = account_for(self.actor, key)
        accounts.deactivate(self.actor, account, today=today())
        tell(self.request, f"{account.name}的账号停用了。", undo=reverse("user-reactivate", args=[account.pk]))
        return redirect("user", key=account.pk)


class SwitchOn(Screen):
    """恢复."""

    needs = Verb.USER_MANAGE
    template = "desk/accounts/user.html"
    title = "恢复账号"
    http_method_names = ["post"]

    def post(self, request: object, key: str) -> HttpResponse:
        account = account_for(self.actor, key)
        accounts.reactivate(self.actor, account, today=today())
        tell(self.request, f"{account.name}的账号恢复了，用原来的密码就能登录。")
        return redirect("user", key=account.pk)
