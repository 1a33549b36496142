"""Signing in, and how long a guesser has to wait. Wrong passwords are counted by account, browser and address.

A browser that an account has signed in from before is counted apart: nobody locks her out from elsewhere.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from lianxin.base.days import now
from lianxin.base.errors import Refused
from lianxin.base.text import half_width
from lianxin.net.models import Account, SecondFactor, SignInFailure
from lianxin.net.sessions import DEVICE, SessionStore, said_device

TRIES = 5
TRIES_OF_ADDRESS = 50  # a whole office may stand behind one address
MINUTES = 15
LONGEST_PASSWORD = 128
DEVICE_COOKIE = "lianxin-device"
# What a sitting says: whose password was right and when, while a code is asked for; whether one was given.
PENDING, WITH_CODE = "pending", "with-code"

_SALT = "lianxin.net.signin"
_DEVICE_YEAR = 365 * 24 * 3600
_ACCOUNTS_OF_DEVICE = 8
_NEW_DEVICE = "lianxin.new_device"


@dataclass(frozen=True, slots=True)
class _Device:
    """What the browser's signed cookie says: which one it is, and which accounts have signed in from it."""

    mark: str = ""
    accounts: tuple[str, ...] = ()

    def known_to(self, username: str) -> str:
        """Its mark, where this account has signed in from it before."""
        return self.mark if username in self.accounts else ""


def sign_in(request: HttpRequest, username: str, password: str) -> Account | None:
    """Sign the browser in. Refused alike for a wrong password, an unknown account and one that is switched off.

    None: the password was right and a code is asked for next (`signin_code`). Call it outside any transaction: a
    rollback would forget the failure.
    """
    moment = now()
    typed = half_width(username).strip().lower()
    attempt, earlier = count_attempt(request, typed, moment)
    account = authenticate(request, username=_plain(typed), password=_within_bounds(password))
    if not isinstance(account, Account):
        _forget_old(moment)
        raise _wrong(TRIES - earlier - 1)
    if SecondFactor.objects.filter(pk=account.pk).exists():
        # Nobody is signed in yet, and the try stays counted until the code is right.
        request.session[PENDING] = [account.pk, int(moment.timestamp())]
        return None
    admit(request, account, attempt, with_code=False)
    return account


def count_attempt(request: HttpRequest, typed: str, moment: dt.datetime) -> tuple[SignInFailure, int]:
    """Count a try as a failure until it succeeds, and say how many came before it; Refused when there were enough."""
    attempt = _attempt(request, typed, moment)
    attempt.save()  # before anything is counted, so that guesses sent side by side see each other
    earlier = _failures_beside(attempt)
    if earlier >= TRIES or _address_is_tired(attempt):
        attempt.delete()  # waiting is not made longer by knocking
        raise _wait()
    return attempt, earlier


def admit(request: HttpRequest, account: Account, attempt: SignInFailure, *, with_code: bool) -> None:
    """Begin a sitting under a new key; what was counted against her in this browser is forgotten."""
    request.session.pop(PENDING, None)
    login(request, account)
    request.session[WITH_CODE] = with_code
    request.session[DEVICE] = said_device(request.headers.get("User-Agent", ""))
    SignInFailure.objects.filter(username=attempt.username, device=attempt.device).delete()
    SessionStore.clear_expired()
    request.META[_NEW_DEVICE] = attempt.username


def forgive(username: str) -> None:
    """Lift a lock-out: an administrator has reset the password."""
    SignInFailure.objects.filter(username=_keyed(username)).delete()


def remember_device(request: HttpRequest, response: HttpResponse) -> None:
    """After signing in, give the browser its mark. Called by the middleware on the way out."""
    username = request.META.get(_NEW_DEVICE)
    if not username:
        return
    device = _device(request)
    others = [other for other in device.accounts if other != username]
    kept = (username, *others)[:_ACCOUNTS_OF_DEVICE]
    response.set_cookie(
        DEVICE_COOKIE,
        signing.dumps([device.mark or secrets.token_hex(8), *kept], salt=_SALT),
        max_age=_DEVICE_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _device(request: HttpRequest) -> _Device:
    try:
        mark, *accounts = signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt=_SALT, max_age=_DEVICE_YEAR)
    except signing.BadSignature:
        return _Device()
    return _Device(mark, tuple(accounts))


def _attempt(request: HttpRequest, typed: str, moment: dt.datetime) -> SignInFailure:
    username = _keyed(typed)
    return SignInFailure(
        at=moment,
        username=username,
        device=_device(request).known_to(username),
        address=_keyed(request.META.get("REMOTE_ADDR", "")),
    )


def _failures_beside(attempt: SignInFailure) -> int:
    recent = SignInFailure.objects.filter(at__gt=attempt.at - dt.timedelta(minutes=MINUTES))
    return recent.filter(username=attempt.username, device=attempt.device).exclude(pk=attempt.pk).count()


def _address_is_tired(attempt: SignInFailure) -> bool:
    if attempt.device:
        return False
    recent = SignInFailure.objects.filter(at__gt=attempt.at - dt.timedelta(minutes=MINUTES))
    return recent.filter(address=attempt.address, device="").count() > TRIES_OF_ADDRESS


def _forget_old(moment: dt.datetime) -> None:
    SignInFailure.objects.filter(at__lt=moment - dt.timedelta(days=1)).delete()


def _wrong(left: int) -> Refused:
    if left <= 0:
        return _wait()
    if left <= 2:
        return Refused(f"账号或密码不对。再输错 {left} 次，要等 {MINUTES} 分钟才能再试。", field="password")
    return Refused("账号或密码不对，请再输一次。", field="password")


def _wait() -> Refused:
    return Refused(f"输错次数太多，请等 {MINUTES} 分钟再试；忘了密码请找县妇联的系统管理员重置。", field="password")


def _plain(typed: str) -> str:
    """PostgreSQL takes no NUL in text; no account has such a name, but the answer must take as long."""
    return typed if typed.isprintable() and len(typed) <= 40 else "-"


def _within_bounds(password: str) -> str:
    return password if len(password) <= LONGEST_PASSWORD else ""


def _keyed(value: str) -> str:
    return salted_hmac(_SALT, value, algorithm="sha256").hexdigest()[:32]
