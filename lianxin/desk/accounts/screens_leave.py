"""Leaving, asked and done on one page: what ends, what is open, who takes it over."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from lianxin.access.verbs import Verb
from lianxin.base.days import now, today
from lianxin.base.errors import Problems, Refused
from lianxin.desk.accounts.lists import mendable
from lianxin.desk.accounts.queries import said_appointment
from lianxin.net.accounts import account_for
from lianxin.net.leaving import Leaving, leave, successors, what_ends
from lianxin.net.models import Account
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.parts import Crumb
from lianxin.ui.screen import Screen


@dataclass(frozen=True, slots=True)
class LeavePage:
    title: str
    ends: tuple[str, ...]
    open_work: tuple[str, ...]
    form: Form
    crumbs: tuple[Crumb, ...]


class UserLeaves(Screen):
    """离岗: rights and posts end, open work is handed over, the account is switched off, in one act."""

    needs = Verb.USER_MANAGE
    template = "desk/accounts/leave.html"
    title = "离岗交接"
    room = "users"

    def get(self, request: object, key: str) -> HttpResponse:
        account = account_for(self.actor, key)
        ends = what_ends(self.actor, account, today=today())
        return self._page(account, ends, self._form(account, ends))

    def post(self, request: object, key: str) -> HttpResponse:
        account = account_for(self.actor, key)
        ends = what_ends(self.actor, account, today=today())
        form = self._form(account, ends).bind(self.request.POST)
        try:
            to = self._chosen(account, form.raw("to")) if "to" in form else None
            leave(self.actor, account, to=to, because=form.raw("because"), today=today(), now=now())
        except (Refused, Problems) as error:
            return self._page(account, ends, form.refuse(mendable(error)), status=400)
        tell(self.request, f"{account.name}的岗位和任职都结束了，账号停用了。她记下的都还在。")
        return redirect("user", key=account.pk)

    def _chosen(self, account: Account, key: str) -> Account | None:
        return next((each for each in successors(self.actor, account, today=today()) if each.pk == key), None)

    def _form(self, account: Account, ends: Leaving) -> Form:
        because = Field(name="because", label="说明", limit=200, placeholder="例如 2021年换届离任", help="可以不填。")
        if not ends.open_work:
            return Form((because,))
        options = tuple(
            Option(each.pk, each.name, note=each.username) for each in successors(self.actor, account, today=today())
        )
        to = Field(name="to", label="手上的事交给谁", type=FieldType.CHOICE, options=options, required=True)
        return Form((to, because))

    def _page(self, account: Account, ends: Leaving, form: Form, *, status: int = 200) -> HttpResponse:
        said = [
            *(said_appointment(row.role, row.region) for row in ends.appointments),
            *(f"{post.organisation.name}{post.title}" for post in ends.posts),
        ]
        page = LeavePage(
            title=f"{account.name}离岗",
            ends=tuple(said),
            open_work=tuple(f"{name} {count} 件" for name, count in ends.open_work),
            form=form,
            crumbs=(
                Crumb("账号", reverse("users")),
                Crumb(account.name, reverse("user", args=[account.pk])),
                Crumb(self.title),
            ),
        )
        return self.render(page, status=status)
