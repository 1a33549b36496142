"""Pages that show every component and pattern, with a reader in place of an account. Nobody here is real."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from lianxin.access.actor import Actor, Grant
from lianxin.access.verbs import Verb
from lianxin.base.errors import Refused, Unseen
from lianxin.ui.around import House, Room
from lianxin.ui.forms import Field, FieldType, Form
from lianxin.ui.notices import tell
from lianxin.ui.screen import Screen

from .samples import Specimen, visit_form

CHAIR = Actor(
    account="01HSPECIMEN000000000000001",
    name="林月琴",
    grants=(Grant(role="village-chair", verbs=frozenset(Verb) - {Verb.USER_MANAGE}, region="330402100201"),),
)
ROOMS = (
    Room("today", "今天", "home", "calendar-event"),
    Room("visits", "走访", "visits", "home-heart", Verb.VISIT_READ),
    Room("households", "人家", "households", "users", Verb.REGISTER_READ, on_phone=False),
    Room("figures", "数字", "figures", "chart-bar", Verb.FIGURE_READ),
    Room("reports", "报告", "reports", "file-text", Verb.REPORT_READ, on_phone=False),
    Room("users", "用户", "users", "users", Verb.USER_MANAGE, on_phone=False),
)


def house(request: HttpRequest) -> House:
    return House(
        place="联丰村妇联",
        rooms=ROOMS,
        act=Room("record", "记走访", "record", "plus", Verb.VISIT_RECORD),
        me=Room("me", "我的", "me", "user", Verb.OWN_ACCOUNT),
        foot=(Room("help", "帮助", "help", "help-circle"),),
        find="households",
        is_demo=True,
    )


@dataclass
class Reader:
    """Stands in for the account: a look, and nothing else."""

    theme: str = "auto"
    elder: bool = False
    is_authenticated: bool = True

    def save(self, *, update_fields: list[str]) -> None:
        assert update_fields == ["theme", "elder"]


class SignedIn:
    """A middleware in place of net's: everybody is the chair, unless ?stranger; ?theme and ?elder set the look."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "stranger" in request.GET:
            request.user = AnonymousUser()
        else:
            reader = Reader(request.GET.get("theme", "auto"), "elder" in request.GET)
            request.user = reader  # type: ignore[assignment]
            request.actor = CHAIR  # type: ignore[attr-defined]
        return self.get_response(request)


class _Shown(Screen, abstract=True):
    """A specimen page: one message waits on each."""

    needs = Verb.HELP_READ

    def get(self, request: HttpRequest) -> HttpResponse:
        if "told" in request.GET:
            tell(request, "张桂英这次走访已保存，4 张表自动有数。", undo="/record")
        return self.render(self.page())

    def page(self) -> Specimen:
        return Specimen()


class Components(_Shown):
    template, title, room = "ui/specimen.html", "部件", "figures"


class Home(_Shown):
    template, title, room = "specimen/home.html", "今天还有 2 件事", "today"


class Visits(_Shown):
    template, title, room = "specimen/list.html", "走访", "visits"
    fragments = {"list": "specimen/list_body.html"}


class Record(_Shown):
    template, title = "specimen/record.html", "记走访"

    def page(self) -> Specimen:
        return Specimen(form=visit_form(), draft_url="/draft")

    def post(self, request: HttpRequest) -> HttpResponse:
        form = visit_form().bind(request.POST).refuse(Refused("日期不能晚于今天。", field="next_on"))
        return self.render(Specimen(form=form), status=422)


class OneVisit(_Shown):
    template, title, room = "specimen/one.html", "张桂英家", "visits"


class OneFigure(_Shown):
    template, title, room = "specimen/figure.html", "走访家庭", "figures"


class Report(_Shown):
    template, title, room = "specimen/report.html", "2021年工作总结", "reports"


class Help(_Shown):
    template, title = "specimen/help.html", "帮助"


class NewUser(_Shown):
    template, title, room = "specimen/user.html", "开通账号", "users"


class OnPaper(_Shown):
    template, title = "specimen/paper.html", "张桂英家的经过"


class Knock(Screen):
    """The sign-in page, open to strangers."""

    open_door = "sign-in"
    template, title = "specimen/sign_in.html", "登录"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = Form(
            (
                Field(name="username", label="账号", autocomplete="username"),
                Field(name="password", label="密码", type=FieldType.SECRET, autocomplete="current-password"),
            )
        )
        if "wrong" in request.GET:
            form = form.refuse(Refused("账号或密码不对，请再试一次。"))
        return self.render(Specimen(form=form))


class Manage(_Shown):
    """For a verb the chair has not got."""

    needs = Verb.USER_MANAGE
    template, title = "specimen/home.html", "用户"


class Lost(_Shown):
    template, title = "specimen/home.html", "没有的"

    def get(self, request: HttpRequest) -> HttpResponse:
        raise Unseen("没有这次走访，或者它不在您负责的范围里。")


class Wrong(_Shown):
    template, title = "specimen/home.html", "不对的"

    def get(self, request: HttpRequest) -> HttpResponse:
        raise Refused("这个月已经封账。")
