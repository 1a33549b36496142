"""The first start of an empty home: lays the demo county, and names its accounts."""

from __future__ import annotations

import click

from lianxin.cli.prepare import is_empty_home
from lianxin.cli.speech import progress
from lianxin.demo.accounts import demo_accounts


def lay_demo_when_empty(ctx: click.Context) -> None:
    """Runs `lianxin demo` as anybody would, when nobody has an account here yet."""
    group = ctx.find_root().command
    demo = group.get_command(ctx, "demo") if isinstance(group, click.Group) else None
    if demo is not None and is_empty_home():
        progress("第一次启动，先建一个演示县（约一分钟）…")
        ctx.invoke(demo)


def demo_lines() -> list[str]:
    """The demo's accounts, one a line, for the greeting; nothing where no demo was laid."""
    accounts = demo_accounts()
    if not accounts:
        return []
    return ["演示账号（角色、账号、口令）：", *(f"  {one.role}\t{one.username}\t{one.password}" for one in accounts)]
