"""How often one account, or one address that is nobody yet, may search and take lists out: `settings.RATE_LIMITS`.

Counted in each process's memory, so a server of four workers allows up to four times as much. Signing in is counted in
the database (`signin`).
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from lianxin.base.days import now
from lianxin.net.models import Account
from lianxin.ui.refusals import Refusal, answer_refusal

_SEARCHED = ("q",)
_TAKEN_OUT = ("-export", "-ledger", "-file", "-errors", "-template")


class RateLimitMiddleware:
    """Stands behind the one that knows the account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        what = _what(request)
        limit = settings.RATE_LIMITS.get(what)
        if limit is None:
            return None
        most, seconds = limit
        if _counted(request, what, seconds) <= most:
            return None
        minutes = max(seconds // 60, 1)
        why = f"{minutes} 分钟里{'查找' if what == 'search' else '下载'}了 {most} 次以上，先停一停。"
        refusal = Refusal(429, "太快了", why, f"过 {minutes} 分钟再来；真有这么多要办，请告诉县妇联的系统管理员。")
        response = answer_refusal(request, refusal)
        response["Retry-After"] = str(seconds)
        return response


def _what(request: HttpRequest) -> str:
    match = request.resolver_match
    if match and match.view_name.endswith(_TAKEN_OUT):
        return "export"
    return "search" if any(name in request.GET for name in _SEARCHED) else ""


def _counted(request: HttpRequest, what: str, seconds: int) -> int:
    """How many there were in this stretch of time, this one among them."""
    user = request.user
    who = user.pk if isinstance(user, Account) else f"address-{request.META.get('REMOTE_ADDR', '')}"
    key = f"limit:{what}:{who}:{int(now().timestamp()) // seconds}"
    if cache.add(key, 1, seconds):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it has just run out
        return 1
