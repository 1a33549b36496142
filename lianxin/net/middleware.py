"""Puts the Actor on every request, and leads whoever lacks an own password or a code to the page for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from lianxin.access.actor import Actor, Grant
from lianxin.access.verbs import Verb
from lianxin.base.codes import NATION
from lianxin.base.days import today
from lianxin.net.actors import NOBODY, actor_of
from lianxin.net.models import Account
from lianxin.net.second_factor import has_one, is_asked_of
from lianxin.net.signin import WITH_CODE, remember_device

PASSWORD_PAGE = "password-change"  # noqa: S105  the name of an address
FACTOR_PAGE = "second-factor"
OPEN_WHILE_TEMPORARY = frozenset({PASSWORD_PAGE, "sign-in", "sign-in-code", "sign-out", "appearance"})
OPEN_WITHOUT_CODE = OPEN_WHILE_TEMPORARY | {FACTOR_PAGE}
# Anybody's who has an account: without an appointment, too, she must find her password page and the way out.
SIGNED_IN = Grant(role="signed-in", verbs=frozenset({Verb.OWN_ACCOUNT, Verb.HELP_READ}), region=NATION)


class ActorRequest(HttpRequest):
    """What a view gets behind `ActorMiddleware`."""

    actor: Actor


class ActorMiddleware:
    """Stands behind AuthenticationMiddleware. The actor is built when first asked for: one query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        cast(ActorRequest, request).actor = cast(Actor, SimpleLazyObject(lambda: _actor(request)))
        response = self.get_response(request)
        remember_device(request, response)
        return response

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        match, user = request.resolver_match, request.user
        name = match.view_name if match else ""
        if not isinstance(user, Account):
            return None
        if user.must_change_password:
            return None if name in OPEN_WHILE_TEMPORARY else _to_page(request, PASSWORD_PAGE)
        if name in OPEN_WITHOUT_CODE or request.session.get(WITH_CODE):
            return None
        return _to_code(request, user) if is_asked_of(user, cast(ActorRequest, request).actor) else None


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    if not isinstance(user, Account):
        return NOBODY
    actor = actor_of(user, today=today())
    return actor if actor.grants else replace(actor, grants=(SIGNED_IN,))


def _to_code(request: HttpRequest, user: Account) -> HttpResponse:
    """To set a code up; whoever has one and came in without it comes in anew."""
    if not has_one(user):
        return _to_page(request, FACTOR_PAGE)
    logout(request)
    return _to_page(request, "sign-in")


def _to_page(request: HttpRequest, name: str) -> HttpResponse:
    address = reverse(name)
    if request.headers.get("HX-Request"):
        # A fragment would put the whole page inside the page; htmx is told to go there instead.
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
