"""The code besides the password: a number that her telephone counts (RFC 6238), or one of ten recovery codes.

Counting is done by `cryptography`; who must have one is said in roles.toml (`second_factor`).
"""

from __future__ import annotations

import base64
import datetime as dt
import os
import secrets

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.base.errors import Refused
from lianxin.base.text import half_width
from lianxin.net.accounts import SPOKEN, note_change, require_charge
from lianxin.net.actors import known_roles
from lianxin.net.models import Account, AccountChange, ChangeKind, RecoveryCode, SecondFactor, Sitting
from lianxin.vault.box import keyed_hash

DIGITS, STEP = 6, 30  # what every authenticator knows
RECOVERY_CODES = 10
_SECRET_LENGTH = 20  # bytes, as RFC 4226 asks for
_STEPS_OFF = (0, -1, 1)  # a telephone's clock may be half a minute wrong
_WRONG = "动态码不对，请看手机上最新的 6 位数字再输一次。"


def is_asked_of(account: Account, actor: Actor) -> bool:
    """Whether one of her roles asks for a code. The demo's accounts have a printed password and are not asked."""
    if not settings.SECOND_FACTOR or account.is_demo:
        return False
    known = known_roles()
    return any(grant.role in known and known[grant.role].second_factor for grant in actor.grants)


def has_one(account: Account) -> bool:
    return SecondFactor.objects.filter(pk=account.pk).exists()


def since(account: Account) -> dt.datetime | None:
    return SecondFactor.objects.filter(pk=account.pk).values_list("since", flat=True).first()


def codes_left(account: Account) -> int:
    return RecoveryCode.objects.filter(account=account.pk, used_at__isnull=True).count()


# ── setting one up ───────────────────────────────────────────────────────────


def fresh_secret() -> str:
    """In base 32, as it is typed where no picture can be taken."""
    return base64.b32encode(os.urandom(_SECRET_LENGTH)).decode()


def square(secret: str, account: Account) -> tuple[int, str]:
    """The square that a telephone reads: how many modules wide, and the dark ones as an SVG path. Drawn here."""
    code = segno.make(_counter(secret).get_provisioning_uri(account.username, "连心"), error="m", micro=False)
    rows = list(code.matrix_iter(border=2))
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module)
    return len(rows), "".join(dark)


@transaction.atomic
def set_up(account: Account, secret: str, code: str, *, now: dt.datetime) -> tuple[str, ...]:
    """Begin with this secret, once the telephone has shown that it knows it. Gives the recovery codes, shown once.

    Every other sitting of hers ends with the caller's next step (`sittings.end_others`).
    """
    step = _step_of(secret, code, now=now, after=0)
    if step is None:
        raise Refused(_WRONG, field="code")
    SecondFactor.objects.update_or_create(pk=account.pk, defaults={"secret": secret, "since": now, "last_step": step})
    AccountChange.objects.create(by=account.pk, kind=ChangeKind.FACTOR_SET, account=account.pk)
    return _fresh_codes(account)


def renew_codes(account: Account, code: str, *, now: dt.datetime) -> tuple[str, ...]:
    """Ten new recovery codes; the old ones end. Needs a code of the telephone."""
    require_code(account, code, now=now)
    with transaction.atomic():
        return _fresh_codes(account)


def leave(account: Account, code: str, *, now: dt.datetime) -> None:
    """Give the telephone up, to set up another one. Needs a code of it, or a recovery code."""
    require_code(account, code, now=now)
    with transaction.atomic():
        _forget(account)
        AccountChange.objects.create(by=account.pk, kind=ChangeKind.FACTOR_LEFT, account=account.pk)


def reset(actor: Actor, account: Account, *, today: dt.date) -> None:
    """Telephone lost and codes as well: signs her out everywhere; she sets up another one. Needs charge of her."""
    require_charge(actor, account, today=today)
    with transaction.atomic():
        _forget(account)
        Sitting.objects.filter(account=account.pk).delete()
        note_change(actor, ChangeKind.FACTOR_RESET, account)


def _forget(account: Account) -> None:
    SecondFactor.objects.filter(pk=account.pk).delete()
    RecoveryCode.objects.filter(account=account.pk).delete()


def _fresh_codes(account: Account) -> tuple[str, ...]:
    codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    RecoveryCode.objects.filter(account=account.pk).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(account=account.pk, mark=_mark(account, code)) for code in codes)
    return codes


def _recovery_code() -> str:
    """Fifty-nine bits, as a temporary password."""
    return "-".join("".join(secrets.choice(SPOKEN) for _ in range(4)) for _ in range(3))


# ── asking for it ────────────────────────────────────────────────────────────


def require_code(account: Account, typed: str, *, now: dt.datetime) -> None:
    """Refused unless it is the telephone's code of this half-minute, not yet used, or an unused recovery code."""
    code = "".join(half_width(typed).split()).lower()
    factor = SecondFactor.objects.filter(pk=account.pk).first()
    if factor is None:
        raise Refused("这个账号还没有开通动态码。", field="code")
    if code.isdigit():
        step = _step_of(factor.secret.reveal(), code, now=now, after=factor.last_step)
        # Asked of the database, so that of two sign-ins with one code one fails.
        taken = step and SecondFactor.objects.filter(pk=account.pk, last_step__lt=step).update(last_step=step)
    else:
        unused = RecoveryCode.objects.filter(account=account.pk, mark=_mark(account, code), used_at__isnull=True)
        taken = unused.update(used_at=now)
    if not taken:
        raise Refused(_WRONG, field="code")


def _counter(secret: str) -> TOTP:
    # SHA-1 within HMAC is what every authenticator counts with (RFC 6238); nothing is signed by it.
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP)  # noqa: S303


def _step_of(secret: str, typed: str, *, now: dt.datetime, after: int) -> int | None:
    """Which half-minute's code this is; None for a wrong one, or one that was taken before."""
    code = "".join(half_width(typed).split())
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    moment = int(now.timestamp())
    for off in _STEPS_OFF:
        step = moment // STEP + off
        try:
            _counter(secret).verify(code.encode(), step * STEP)
        except InvalidToken:
            continue
        return step if step > after else None
    return None


def _mark(account: Account, code: str) -> str:
    return keyed_hash(code.replace("-", ""), purpose=f"account.recovery:{account.pk}")
