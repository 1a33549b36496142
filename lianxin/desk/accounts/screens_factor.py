"""Pages of the code besides the password: asked for at the door, set up with a square to scan, renewed, given up."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI, now, say_day, today
from lianxin.base.errors import Refused
from lianxin.desk.accounts.forms import code_form
from lianxin.desk.accounts.screens import account_of, onward_from
from lianxin.desk.accounts.screens_users import shown_once
from lianxin.net import second_factor
from lianxin.net.accounts import account_for
from lianxin.net.models import Account
from lianxin.net.signin import WITH_CODE
from lianxin.net.signin_code import finish_sign_in, pending_account
from lianxin.net.sittings import end_others
from lianxin.ui.appearance import appearance_of, remember_appearance
from lianxin.ui.forms import Form
from lianxin.ui.notices import tell
from lianxin.ui.screen import Screen

_BEING_SET_UP = "factor-being-set-up"  # where a sitting keeps it


@dataclass(frozen=True, slots=True)
class CodePage:
    form: Form


class SignInCode(Screen):
    """The second step at the door."""

    open_door = "sign-in-code"
    template = "desk/accounts/sign_in_code.html"
    title = "动态码"

    def get(self, request: object) -> HttpResponse:
        if pending_account(self.request) is None:
            return redirect("sign-in")
        return self.render(CodePage(code_form(onward=self.request.GET.get("next", ""))))

    def post(self, request: object) -> HttpResponse:
        form = code_form().bind(self.request.POST)
        try:
            finish_sign_in(self.request, form.raw("code"))
        except Refused as error:
            return self.render(CodePage(form.refuse(error)), status=400)
        response = redirect(onward_from(self.request, form.raw("next")))
        remember_appearance(response, appearance_of(self.request))
        return response


@dataclass(frozen=True, slots=True)
class Square:
    """What the telephone reads: an SVG path of so many modules each way, and the same as letters."""

    width: int
    path: str
    letters: str


@dataclass(frozen=True, slots=True)
class FactorPage:
    """`codes` are shown once, in the answer that made them."""

    title: str
    form: Form
    is_asked: bool
    since: str = ""
    left: int = 0
    square: Square | None = None
    codes: tuple[str, ...] = ()


class OwnFactor(Screen):
    """One's own code: set up, new recovery codes, another telephone."""

    needs = Verb.OWN_ACCOUNT
    template = "desk/accounts/factor.html"
    title = "动态码"
    room = "me"

    def get(self, request: object) -> HttpResponse:
        return shown_once(self._page(code_form()))

    def post(self, request: object) -> HttpResponse:
        form, account = code_form().bind(self.request.POST), account_of(self.request)
        act = self.request.POST.get("act", "")
        try:
            if not second_factor.has_one(account):
                return self._set_up(account, form)
            if act == "codes":
                codes = second_factor.renew_codes(account, form.raw("code"), now=now())
                return self._done(codes)
            second_factor.leave(account, form.raw("code"), now=now())
        except Refused as error:
            return shown_once(self._page(form.refuse(error), status=400))
        self.request.session.pop(WITH_CODE, None)
        tell(self.request, "原来手机上的动态码不能用了，请用新手机重新扫一次。")
        return redirect("second-factor")

    def _set_up(self, account: Account, form: Form) -> HttpResponse:
        codes = second_factor.set_up(account, self._secret(), form.raw("code"), now=now())
        self.request.session.pop(_BEING_SET_UP)
        self.request.session.cycle_key()
        self.request.session[WITH_CODE] = True
        end_others(account, key=self.request.session.session_key)
        return self._done(codes)

    def _done(self, codes: tuple[str, ...]) -> HttpResponse:
        page = FactorPage("记下恢复码", code_form(), is_asked=False, codes=codes)
        return shown_once(self.render(page))

    def _secret(self) -> str:
        """The secret being set up: the same while she turns to her telephone and back."""
        session = self.request.session
        if _BEING_SET_UP not in session:
            session[_BEING_SET_UP] = second_factor.fresh_secret()
        return str(session[_BEING_SET_UP])

    def _page(self, form: Form, *, status: int = 200) -> HttpResponse:
        account = account_of(self.request)
        since, is_asked = second_factor.since(account), second_factor.is_asked_of(account, self.actor)
        if since is not None:
            said = say_day(since.astimezone(SHANGHAI).date())
            page = FactorPage("动态码", form, is_asked, since=said, left=second_factor.codes_left(account))
            return self.render(page, status=status)
        secret = self._secret()
        width, path = second_factor.square(secret, account)
        letters = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        title = "先开通动态码" if is_asked else "开通动态码"
        return self.render(FactorPage(title, form, is_asked, square=Square(width, path, letters)), status=status)


class ResetFactor(Screen):
    """Telephone and recovery codes lost: an administrator takes the code away; she sets up another one."""

    needs = Verb.USER_MANAGE
    template = "desk/accounts/user.html"
    title = "取消动态码"
    http_method_names = ["post"]

    def post(self, request: object, key: str) -> HttpResponse:
        account = account_for(self.actor, key)
        second_factor.reset(self.actor, account, today=today())
        tell(self.request, f"{account.name}的动态码取消了，她登录着的地方都退出了；下次登录再开通一次。")
        return redirect(reverse("user", args=[account.pk]))
