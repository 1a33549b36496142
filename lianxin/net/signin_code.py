"""The second step of signing in: after the right password, the code. Wrong codes count as wrong passwords do."""

from __future__ import annotations

from django.http import HttpRequest

from lianxin.base.days import now
from lianxin.base.errors import Refused
from lianxin.net.models import Account
from lianxin.net.second_factor import require_code
from lianxin.net.signin import PENDING, TRIES, admit, count_attempt

MINUTES_FOR_A_CODE = 5


def pending_account(request: HttpRequest) -> Account | None:
    """Whose password was right a moment ago in this browser; None when nobody's, or too long ago."""
    try:
        key, at = request.session.get(PENDING) or ("", 0)
    except (TypeError, ValueError):
        return None
    if now().timestamp() - at > 60 * MINUTES_FOR_A_CODE:
        return None
    return Account.objects.filter(pk=key, is_active=True).first()


def finish_sign_in(request: HttpRequest, code: str) -> Account:
    """Sign the browser in with the code. Call it outside any transaction."""
    account = pending_account(request)
    if account is None:
        raise Refused("停得太久了，请重新输入账号和密码。", field="code")
    attempt, earlier = count_attempt(request, account.username, now())
    try:
        require_code(account, code, now=now())
    except Refused as refusal:
        if earlier + 1 >= TRIES:
            request.session.pop(PENDING, None)
        raise refusal
    admit(request, account, attempt, with_code=True)
    return account
