"""`lianxin demo`: the demo county in an empty home."""

from __future__ import annotations

import click

from lianxin.base.days import now
from lianxin.cli.prepare import ensure_database
from lianxin.cli.speech import Command, progress
from lianxin.demo.play import lay_demo


@click.command(cls=Command)
@click.option("--seed", type=int, default=2021, show_default=True, help="换个数，换一批人；各项总数不变")
def command(seed: int) -> None:
    """在空的数据文件夹里建一个演示县：地名为真，人物均为虚构。"""
    ensure_database()
    lay_demo(seed=seed, now=now(), progress=progress)
    progress("演示县建好了。")
