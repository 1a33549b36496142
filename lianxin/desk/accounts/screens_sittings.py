"""Where one is signed in: ended one by one, or all others at once; an administrator ends all of somebody's."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from lianxin.access.verbs import Verb
from lianxin.base.days import today
from lianxin.desk.accounts.screens import account_of
from lianxin.net import sittings
from lianxin.net.accounts import account_for
from lianxin.ui.notices import tell
from lianxin.ui.screen import Screen


class EndSitting(Screen):
    """One of one's own."""

    needs = Verb.OWN_ACCOUNT
    template = "desk/accounts/own.html"
    title = "退出一处"
    http_method_names = ["post"]

    def post(self, request: object, key: str) -> HttpResponse:
        sittings.end_own(account_of(self.request), key.upper())
        tell(self.request, "那里退出了。要是不认得那台设备，请马上改密码。")
        return redirect("me")


class EndOtherSittings(Screen):
    """All of one's own but this one."""

    needs = Verb.OWN_ACCOUNT
    template = "desk/accounts/own.html"
    title = "别处都退出"
    http_method_names = ["post"]

    def post(self, request: object) -> HttpResponse:
        ended = sittings.end_others(account_of(self.request), key=self.request.session.session_key)
        tell(self.request, f"别处 {ended} 个登录都退出了。" if ended else "别处没有登录着的。")
        return redirect("me")


class SignUserOut(Screen):
    """All of somebody's: a telephone was lost."""

    needs = Verb.USER_MANAGE
    template = "desk/accounts/user.html"
    title = "退出全部登录"
    http_method_names = ["post"]

    def post(self, request: object, key: str) -> HttpResponse:
        account = account_for(self.actor, key)
        ended = sittings.end_all(self.actor, account, today=today())
        tell(self.request, f"{account.name}的 {ended} 个登录都退出了。")
        return redirect("user", key=account.pk)
