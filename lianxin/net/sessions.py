"""Sessions on the table `Sitting` (settings.SESSION_ENGINE): they end when idle and when old, key and content hidden.

A sitting nobody has clicked in for SESSION_IDLE seconds, or that began SESSION_COOKIE_AGE seconds ago, is none.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from lianxin.base.days import now
from lianxin.net.models import Sitting
from lianxin.vault.box import Unsealable, seal, unseal

DEVICE = "device"  # what sign_in says of the browser
_CONTEXT = "session"
_NOTED_AFTER = dt.timedelta(minutes=1)  # so exactly is kept when she was last here

# The first that fits. No version, no address: enough to tell one's telephone from the office's computer.
_MACHINES = (
    ("iPad", "iPad"),
    ("iPhone", "iPhone"),
    ("HarmonyOS", "鸿蒙手机"),
    ("Android", "安卓手机"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("QQBrowser", "QQ 浏览器"),
    ("Edg", "Edge"),
    ("Firefox", "火狐"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


class SessionStore(SessionBase):
    """What Django's middleware asks for."""

    def load(self) -> dict[str, Any]:
        moment = now()
        row = standing(moment).filter(mark=mark_of(self.session_key)).first() if self.session_key else None
        said = _said(row) if row else None
        if row is None or said is None:
            self._session_key = None
            return {}
        if moment - row.seen_at > _NOTED_AFTER:
            Sitting.objects.filter(pk=row.pk).update(seen_at=moment)
        return said

    def exists(self, session_key: str) -> bool:
        return Sitting.objects.filter(mark=mark_of(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = cast(Any, self)._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
            return
        said = cast(Any, self)._get_session(no_load=must_create)
        row = {
            "account": str(said.get(SESSION_KEY, "")),
            "device": str(said.get(DEVICE, ""))[:40],
            "sealed": seal(json.dumps(said), context=_CONTEXT),
        }
        if must_create:
            self._begin(row)
        elif not Sitting.objects.filter(mark=mark_of(self.session_key)).update(**row):
            raise UpdateError  # ended meanwhile, by her or by an administrator: the request that runs is the last

    def _begin(self, row: dict[str, Any]) -> None:
        moment = now()
        ends = moment + dt.timedelta(seconds=self.get_session_cookie_age())
        mark = mark_of(self.session_key or "")
        try:
            with transaction.atomic():
                Sitting.objects.create(mark=mark, began_at=moment, seen_at=moment, ends_at=ends, **row)
        except IntegrityError as error:
            raise CreateError from error

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Sitting.objects.filter(mark=mark_of(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        moment = now()
        Sitting.objects.filter(Q(ends_at__lte=moment) | Q(seen_at__lte=_idle_since(moment))).delete()


def said_device(agent: str) -> str:
    """安卓手机 · 微信, from what the browser says of itself; "" where it says nothing known."""
    found = [next((said for mark, said in table if mark in agent), "") for table in (_MACHINES, _BROWSERS)]
    return " · ".join(filter(None, found))


def mark_of(key: str) -> str:
    """What is kept of a cookie's key; the key itself has 165 bits of chance and needs no salt."""
    return hashlib.sha256(key.encode()).hexdigest()


def standing(moment: dt.datetime) -> QuerySet[Sitting]:
    """Sittings that count: neither too old nor left alone too long."""
    return Sitting.objects.filter(ends_at__gt=moment, seen_at__gt=_idle_since(moment))


def _idle_since(moment: dt.datetime) -> dt.datetime:
    return moment - dt.timedelta(seconds=settings.SESSION_IDLE)


def _said(row: Sitting) -> dict[str, Any] | None:
    try:
        said: dict[str, Any] = json.loads(unseal(bytes(row.sealed), context=_CONTEXT))
    except (Unsealable, ValueError):  # sealed by a key that is gone: she signs in again
        return None
    return said
