"""The one form that works signed in and out: larger words 长辈版, light or dark."""

from __future__ import annotations

from typing import Protocol, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from lianxin.ui.appearance import appearance_of, chosen_appearance, remember_appearance
from lianxin.ui.around import home_href
from lianxin.ui.screen import open_door


class _KeepsItsLook(Protocol):
    """What `net` promises of an account; the room above cannot be imported here."""

    theme: str
    elder: bool

    def save(self, *, update_fields: list[str]) -> None: ...


@require_POST
@open_door("appearance")
def choose_appearance(request: HttpRequest) -> HttpResponse:
    """POST theme= and/or elder=yes|no, then back to `next`. The account keeps it, and so does this browser."""
    now = appearance_of(request)
    elder = request.POST.get("elder")
    look = chosen_appearance(
        theme=request.POST.get("theme", now.theme), elder=now.elder if elder is None else elder == "yes"
    )
    back = request.POST.get("next", "")
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=hosts, require_https=request.is_secure())
    response = HttpResponseRedirect(back if is_ours else home_href())
    remember_appearance(response, look)
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        account = cast(_KeepsItsLook, user)
        account.theme, account.elder = look.theme, look.elder
        account.save(update_fields=["theme", "elder"])
    return response
