"""The slips of the accounts that a change opened: temporary passwords, shown once in the answer to the click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from lianxin.access.verbs import Verb
from lianxin.base.days import today
from lianxin.base.errors import Refused
from lianxin.desk.accounts.screens_users import shown_once
from lianxin.terms.handing import Slip, next_slips, slips_again, waiting
from lianxin.terms.models import TermChange
from lianxin.terms.preparing import change_for, committee_for
from lianxin.ui.screen import Screen


@dataclass(frozen=True, slots=True)
class SlipsPage:
    title: str
    slips: tuple[Slip, ...]
    address: str
    more: int
    back: str


class Slips(Screen, abstract=True):
    """For paper; not to be found again by going back in the browser."""

    needs = Verb.USER_MANAGE
    template = "desk/terms/slips.html"
    room = "users"

    def show(self, change: TermChange, slips: Sequence[Slip], *, back: str) -> HttpResponse:
        if not slips:
            raise Refused("没有要发的账号：都发过了，或者不归您管。")
        address = self.request.build_absolute_uri(reverse("sign-in"))
        more = waiting(self.actor, change).without
        return shown_once(self.render(SlipsPage(change.name, tuple(slips), address, more, back)))


class TermSlips(Slips):
    """The next of those that have no password yet."""

    title = "账号单"

    def post(self, request: object, key: str) -> HttpResponse:
        change = change_for(self.actor, key)
        slips = next_slips(self.actor, change, today=today())
        return self.show(change, slips, back=reverse("term", args=[change.pk]))


class CommitteeSlips(Slips):
    """Those of one committee again, as far as nobody has chosen a password of her own."""

    title = "账号单"

    def post(self, request: object, key: str) -> HttpResponse:
        change, committee = committee_for(self.actor, key)
        slips = slips_again(self.actor, change, committee, today=today())
        return self.show(change, slips, back=reverse("term-committee", args=[committee.pk]))
