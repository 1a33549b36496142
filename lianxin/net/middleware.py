"""Puts the Actor on every request, and leads whoever still has a temporary password to the page that changes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from lianxin.access.actor import Actor, Grant
from lianxin.access.verbs import Verb
from lianxin.base.codes import NATION
from lianxin.base.days import today
from lianxin.net.actors import NOBODY, actor_of
from lianxin.net.models import Account
from lianxin.net.signin import remember_device

PASSWORD_PAGE = "password-change"  # noqa: S105  the name of an address
OPEN_WHILE_TEMPORARY = frozenset({PASSWORD_PAGE, "sign-in", "sign-out", "appearance"})
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
        match = request.resolver_match
        name = match.view_name if match else ""
        if not isinstance(request.user, Account) or not request.user.must_change_password:
            return None
        if name in OPEN_WHILE_TEMPORARY:
            return None
        return _to_password_page(request)


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    if not isinstance(user, Account):
        return NOBODY
    actor = actor_of(user, today=today())
    return actor if actor.grants else replace(actor, grants=(SIGNED_IN,))


def _to_password_page(request: HttpRequest) -> HttpResponse:
    address = reverse(PASSWORD_PAGE)
    if request.headers.get("HX-Request"):
        # A fragment would put the whole password page inside the page; htmx is told to go there instead.
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
