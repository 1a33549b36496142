"""What is switched off or left over that no real county should have: said by `lianxin check` and on the first page."""

from __future__ import annotations

from django.conf import settings

from lianxin.net.models import Account


def weaknesses() -> tuple[str, ...]:
    """Sentences, each with what to do; none where everybody here is invented. One query or two."""
    if not Account.objects.filter(is_demo=False, is_active=True).exists():
        return ()
    found = []
    if not settings.SECOND_FACTOR:
        found.append("动态码被 LIANXIN_SECOND_FACTOR=off 关掉了，只凭密码就能看到受保护的档案；请去掉它再重启。")
    if Account.objects.filter(is_demo=True, is_active=True).exists():
        found.append("演示账号还能登录，口令人人都知道；请把它们停用，真实的县另用一个没有演示的数据文件夹。")
    return tuple(found)
