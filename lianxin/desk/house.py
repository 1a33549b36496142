"""What stands around the desk's pages: rooms, the main act, whose desk it is, whether the home is a demonstration."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import NATION
from lianxin.net.models import Account
from lianxin.net.regions import region_name
from lianxin.ui.around import House, Room, actor_of

# On a phone the first three that a reader may open stand in the tabs; the others are on her own page.
ROOMS = (
    Room("home", "今天", "home", "calendar-event"),
    Room("visits", "走访", "visits", "clipboard-text", Verb.VISIT_READ),
    Room("cases", "个案", "cases", "heart-handshake", Verb.CASE_READ, on_phone=False),
    Room("referred", "请办", "referred", "inbox", Verb.REFERRAL_ANSWER, on_phone=False),
    Room("households", "人家", "households", "home-heart", Verb.REGISTER_READ),
    Room("figures", "数字", "figures", "chart-bar", Verb.FIGURE_READ),
    Room("reports", "报告", "reports", "file-analytics", Verb.REPORT_READ),
    Room("users", "账号", "users", "users", Verb.USER_READ),
    Room("audit", "查阅", "audit", "eye", Verb.AUDIT_READ),
)
ACT = Room("visit-new", "记走访", "visit-new", "plus", Verb.VISIT_RECORD)
ME = Room("me", "我的", "me", "user", Verb.OWN_ACCOUNT)
FOOT = (
    Room("help", "帮助", "help", "help-circle", Verb.HELP_READ),
    Room("complaints", "意见与投诉", "complaints", "message-circle", Verb.COMPLAINT_WRITE),
)

_IS_DEMO = "desk.is_demo"
_ASKED_AGAIN_AFTER = 60  # seconds: a demo may be laid while the server runs


def house(request: HttpRequest) -> House:
    """`settings.HOUSE`: asked once a page."""
    actor = actor_of(request)
    return House(
        place=place_of(actor) if actor else "",
        rooms=ROOMS,
        act=ACT,
        me=ME,
        foot=FOOT,
        find="households" if actor and actor.may(Verb.REGISTER_READ) else "",
        is_demo=is_demo_home(),
    )


def home_region(actor: Actor) -> str:
    """Where she belongs: the region of her first appointment; the nation for somebody without one."""
    return next((grant.region for grant in actor.grants if grant.region != NATION), NATION)


def place_of(actor: Actor) -> str:
    """Whose desk this is: 南湖区妇联; nothing for somebody without an appointment."""
    region = home_region(actor)
    return f"{region_name(region)}妇联" if region != NATION else ""


def is_demo_home() -> bool:
    """Whether anybody here is invented; the pages then say 示例."""
    known: bool | None = cache.get(_IS_DEMO)
    if known is None:
        known = Account.objects.filter(is_demo=True).exists()
        cache.set(_IS_DEMO, known, _ASKED_AGAIN_AFTER)
    return known
