"""Pages that say no: why, and what to do now. For Screens, the project's handlers and CSRF_FAILURE_VIEW."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from lianxin.base.errors import Forbidden, Problems, Refused, Unseen
from lianxin.ui.around import actor_of, around
from lianxin.ui.notices import Notice

log = logging.getLogger("lianxin.refusals")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the page says. `again` offers a way back to the same address (GET)."""

    status: int
    title: str
    why: str
    todo: str
    again: str = ""


FORBIDDEN_TODO = "如果这本来是您该办的事，请找县妇联的系统管理员开通；别的页面照常能用。"
UNSEEN_TODO = "可能是地址抄错了，或者这条记录不在您负责的范围里。从下面回到首页再找找看。"
BAD_TODO = "请返回上一页，照提示改好再试。"


def refusal_of(error: Refused | Problems) -> Refusal:
    """The page for one of our own errors."""
    match error:
        case Unseen():
            return Refusal(404, "没有找到", error.message or "这里没有您要看的东西。", UNSEEN_TODO)
        case Forbidden():
            return Refusal(403, "这件事您现在办不了", error.message, FORBIDDEN_TODO)
        case _:
            return Refusal(400, "没有办成", str(error), BAD_TODO)


def answer_refusal(request: HttpRequest, refusal: Refusal, *, verb: str = "") -> HttpResponse:
    """The refusal as a page, or for an htmx request as a sentence in the messages of the page that asked."""
    _log(request, refusal.status, verb)
    if getattr(request, "htmx", False):
        notice = Notice(f"{refusal.title}：{refusal.why}", "red")
        context = {"notices": [notice], "is_live": True, "around": around(request)}
        response = render(request, "ui/parts/messages.html", context, status=refusal.status)
        response["HX-Retarget"], response["HX-Reswap"] = "#messages", "outerHTML"
        return response
    context = {"page": refusal, "around": around(request, title=refusal.title)}
    return render(request, "ui/refusal.html", context, status=refusal.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400."""
    del exception  # its words are for programmers
    return answer_refusal(request, Refusal(400, "这个请求看不懂", "送来的内容不完整，或者地址不对。", BAD_TODO))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403."""
    del exception
    why = "您的岗位没有这项权限。"
    return answer_refusal(request, Refusal(403, "这件事您现在办不了", why, FORBIDDEN_TODO))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404."""
    del exception
    return answer_refusal(request, Refusal(404, "没有找到", "没有这个页面。", UNSEEN_TODO))


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: asks nothing of the database or the session, since either may be what broke."""
    del request
    return HttpResponse(loader.render_to_string("ui/500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: nearly always a page left open over a sign-out, seldom an attack; said accordingly."""
    del reason
    refusal = Refusal(
        403,
        "这一页放得太久，要刷新一下",
        "为了安全，停留太久或换过账号以后，原来的页面不能直接提交。这一次没有存进去。",
        "请点下面的按钮重新打开这一页；自动存过的草稿还在。如果不是您自己点的，关掉就好。",
        again=request.path,
    )
    return answer_refusal(request, refusal)


def _log(request: HttpRequest, status: int, verb: str) -> None:
    """Ids only: no names, no query strings, nothing typed."""
    actor, match = actor_of(request), request.resolver_match
    log.warning(
        "refused status=%d account=%s verb=%s view=%s method=%s",
        status,
        actor.account if actor else "-",
        verb or "-",
        (match.view_name if match else "") or "-",
        request.method,
    )
