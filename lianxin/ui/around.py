"""What stands around every page: the rooms of the masthead, the main act, who is signed in, light or dark, 示例.

The rooms themselves are named by the surface above: `settings.HOUSE` is the dotted name of `house(request) -> House`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.ui.appearance import Appearance, appearance_of

TABS = 4  # besides the main act in the middle; five targets are what fits a thumb at 360 px


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the main navigation; shown to whoever may use `needs` anywhere. `code` is what Screens light."""

    code: str
    name: str
    url_name: str
    icon: str
    needs: Verb | None = None
    on_phone: bool = True


@dataclass(frozen=True, slots=True)
class House:
    """What a surface puts around its pages. `act` is the one thing people come to do (记走访)."""

    place: str = ""
    rooms: tuple[Room, ...] = ()
    act: Room | None = None
    me: Room | None = None
    foot: tuple[Room, ...] = ()  # 帮助, 提意见: small, on every page
    find: str = ""
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class Door:
    """A room as this reader sees it: a link, and whether she stands in it."""

    name: str
    href: str
    icon: str
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """Given to every template as `around`."""

    title: str = ""
    look: Appearance = field(default_factory=Appearance)
    place: str = ""
    doors: tuple[Door, ...] = ()
    tabs_before: tuple[Door, ...] = ()
    tabs_after: tuple[Door, ...] = ()
    act: Door | None = None
    me: Door | None = None
    foot: tuple[Door, ...] = ()
    find_href: str = ""
    home_href: str = "/"
    is_demo: bool = False


def actor_of(request: HttpRequest) -> Actor | None:
    """Who acts, as the middleware of `net` says; None for somebody not signed in."""
    actor = cast("Actor | None", getattr(request, "actor", None))
    return actor if actor is not None and actor.account else None


def around(request: HttpRequest, *, title: str = "", room: str = "") -> Around:
    """The surroundings of a page for this reader; `room` is the code of the room the page stands in."""
    house, actor = _house(request), actor_of(request)
    open_rooms = [each for each in house.rooms if _is_open(each, actor)]
    tabs = [_door(each, room) for each in open_rooms if each.on_phone]
    me = _door(house.me, room) if house.me and actor else None
    tabs = [*tabs[: TABS - 1], me] if me else tabs[:TABS]
    act = _door(house.act, room) if house.act and _is_open(house.act, actor) else None
    half = (len(tabs) + 1) // 2
    return Around(
        title=title,
        look=appearance_of(request),
        place=house.place,
        doors=tuple(_door(each, room) for each in open_rooms),
        tabs_before=tuple(tabs[:half]),
        tabs_after=tuple(tabs[half:]),
        act=act,
        me=Door(actor.name, me.href, me.icon, me.is_here) if me and actor else None,
        foot=tuple(_door(each, room) for each in house.foot if _is_open(each, actor)),
        find_href=reverse(house.find) if house.find and actor else "",
        home_href=home_href(),
        is_demo=house.is_demo,
    )


def home_href() -> str:
    try:
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    except NoReverseMatch:
        return "/"


def _house(request: HttpRequest) -> House:
    name = getattr(settings, "HOUSE", "")
    if not name:
        return House()
    furnish: Callable[[HttpRequest], House] = import_string(name)
    return furnish(request)


def _is_open(room: Room, actor: Actor | None) -> bool:
    return actor is not None and (room.needs is None or bool(actor.may(room.needs)))


def _door(room: Room, here: str) -> Door:
    return Door(room.name, reverse(room.url_name), room.icon, room.code == here)
