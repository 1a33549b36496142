"""Screen: the base of every page. It cannot be defined without the verb it needs; it asks the Actor before it answers.

Public pages name a door in OPEN_DOORS instead of a verb. What a page shows comes as a frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from typing import Any, ClassVar, cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template import loader
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.safestring import SafeString
from django.views import View
from django_htmx.middleware import HtmxDetails

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.errors import Forbidden, Problems, Refused
from lianxin.ui.around import actor_of, around
from lianxin.ui.notices import notices
from lianxin.ui.refusals import answer_refusal, refusal_of

# Every address that answers somebody who has not signed in, and why. Reviewed like policy.
OPEN_DOORS: dict[str, str] = {
    "sign-in": "one has to be able to knock",
    "sign-in-code": "the second step of knocking: who comes this far has shown a password, and is nobody yet",
    "appearance": "larger words and a dark page are wanted before signing in, too",
    "health": "the service manager asks whether the process lives; it says yes or no and nothing else",
}


class StaffRequest(HttpRequest):
    """A request as Screens get it: with the Actor that `net` built and what django-htmx knows. For annotations."""

    actor: Actor
    htmx: HtmxDetails


def _leave_out_nul(request: HttpRequest) -> None:
    """A sign that nobody can type and PostgreSQL takes in no text: what came with it is read without."""
    for name in ("GET", "POST"):
        sent: QueryDict = getattr(request, name)
        if any("\0" in value for _, values in sent.lists() for value in values):
            clean = QueryDict(mutable=True)
            for field, values in sent.lists():
                clean.setlist(field, [value.replace("\0", "") for value in values])
            setattr(request, name, clean)


class Screen(View):
    """One page and its htmx fragments.

    `needs`: the verb, asked of the Actor anywhere at all; the query or the door below asks for the very place.
    `open_door`: for a public page instead of `needs`, its URL name in OPEN_DOORS.
    `template`, `title`: the whole page. `room`: the room of the navigation it stands in.
    `fragments`: which template answers an htmx request, by the id of the element it goes into (HX-Target).
    """

    needs: ClassVar[Verb]
    open_door: ClassVar[str] = ""
    template: ClassVar[str]
    title: ClassVar[str]
    room: ClassVar[str] = ""
    fragments: ClassVar[Mapping[str, str]] = {}
    request: StaffRequest

    def __init_subclass__(cls, *, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if abstract:
            return
        if cls.open_door:
            _require_open(cls.open_door)
            if hasattr(cls, "needs"):
                raise TypeError(f"{cls.__name__} is an open door and needs a verb: choose one")
        elif not isinstance(getattr(cls, "needs", None), Verb):
            raise TypeError(f"{cls.__name__} says no `needs = Verb.…`: nobody would know who may open it")
        for name in ("template", "title"):
            if not getattr(cls, name, ""):
                raise TypeError(f"{cls.__name__} has no `{name}`")

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        view = super().as_view(**initkwargs)
        if cls.open_door:
            view.login_required = False  # type: ignore[attr-defined]  # read by LoginRequiredMiddleware
        return view

    @property
    def actor(self) -> Actor:
        return self.request.actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _leave_out_nul(request)
        try:
            self._ask(request)
            response = super().dispatch(request, *args, **kwargs)
        except (Refused, Problems) as error:
            response = answer_refusal(request, refusal_of(error), verb=getattr(self, "needs", ""))
        # People's affairs: in no cache and on no disk, asked for anew after signing out.
        patch_cache_control(response, private=True, no_cache=True, no_store=True)
        patch_vary_headers(response, ("HX-Request", "HX-Target"))
        return response

    def render(self, page: Any, *, status: int = 200) -> HttpResponse:
        """The page for a frozen dataclass (templates see it as `page`), or the fragment that htmx asked for."""
        if not is_dataclass(page) or isinstance(page, type):
            raise TypeError(f"{type(self).__name__} renders {type(page).__name__}: give it a dataclass")
        title = str(getattr(page, "title", "") or self.title)
        context = {"page": page, "around": around(self.request, title=title, room=self.room)}
        htmx = self.request.htmx
        if not htmx or htmx.boosted or htmx.history_restore_request:
            return render(self.request, self.template, context, status=status)
        fragment = self.fragments.get(htmx.target or "")
        if fragment is None:
            return self._whole_page(context, status)
        return HttpResponse(
            loader.render_to_string(fragment, context, self.request) + self._told(context), status=status
        )

    def _whole_page(self, context: dict[str, Any], status: int) -> HttpResponse:
        """An htmx request that this page has no fragment for, such as one sent on to the sign-in page."""
        if self.request.method == "GET":
            return HttpResponse(headers={"HX-Redirect": self.request.get_full_path()})
        response = render(self.request, self.template, context, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
        return response

    def _told(self, context: dict[str, Any]) -> SafeString:
        """Notices ride along with a fragment, out of band."""
        waiting = list(notices(self.request))
        if not waiting:
            return SafeString("")
        return loader.render_to_string(
            "ui/parts/messages.html", {**context, "notices": waiting, "out_of_band": True}, self.request
        )

    def _ask(self, request: HttpRequest) -> None:
        if self.open_door:
            name = request.resolver_match.view_name if request.resolver_match else self.open_door
            if name != self.open_door:
                raise TypeError(f"{type(self).__name__} is open as “{self.open_door}” but stands at “{name}”")
            return
        actor = actor_of(request)
        if actor is None:
            raise Forbidden("您的账号现在没有任何岗位，请找县妇联的系统管理员。")
        actor.require(self.needs)


def open_door(url_name: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """For a plain function view that strangers may call (health): its URL name must stand in OPEN_DOORS."""
    _require_open(url_name)

    def opened(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        cast(Any, view).login_required = False
        cast(Any, view).open_door = url_name
        return view

    return opened


def _require_open(url_name: str) -> None:
    if url_name not in OPEN_DOORS:
        raise TypeError(f"“{url_name}” does not stand in OPEN_DOORS")
