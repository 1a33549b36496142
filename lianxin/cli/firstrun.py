"""The first start of an empty home: lays the demo county where one can be laid, and names its accounts."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import click

from lianxin.cli.prepare import is_empty_home
from lianxin.cli.speech import progress


def lay_demo_when_empty(ctx: click.Context) -> None:
    """Runs `lianxin demo` as it stands in the table of commands, when nobody has an account here yet."""
    group = ctx.find_root().command
    demo = group.get_command(ctx, "demo") if isinstance(group, click.Group) else None
    if demo is None or not is_empty_home():
        return
    progress("第一次启动，先建一个演示县 …")
    ctx.invoke(demo)


def demo_lines() -> list[str]:
    """The demo's accounts, one a line, for the greeting; nothing where no demo was laid."""
    if find_spec("lianxin.demo.accounts") is None:
        return []
    accounts = import_module("lianxin.demo.accounts").demo_accounts()
    return [f"  {account.role}\t{account.username}\t{account.password}" for account in accounts]
