"""`lianxin regions …`: lay the national codes, look at what is laid, note what was abolished."""

from __future__ import annotations

import datetime as dt
import json

import click

from lianxin.access.actor import operator
from lianxin.access.verbs import Verb
from lianxin.base import days
from lianxin.base.codes import NATION, as_typed
from lianxin.cli.prepare import ensure_database
from lianxin.cli.speech import Command, Group, progress
from lianxin.net import regions


@click.group(cls=Group)
def command() -> None:
    """行政区划：载入国家统计局 2023 年的代码，查看，登记撤并。"""
    ensure_database()


@command.command(cls=Command)
@click.argument("code", metavar="[代码]", default="")
@click.option("--all", "everything", is_flag=True, help="载入全国（66 万多个）")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 说明结果")
def load(code: str, everything: bool, as_json: bool) -> None:
    """载入一个省、市、县、镇及其下面的区划，例如 330402。已有的不变，可以重复运行。"""
    if bool(code) == everything:
        raise click.UsageError("写一个区划代码，例如 330402；要全国的，写 --all。", click.get_current_context())
    laid = regions.load_regions(code, progress=lambda done: progress(f"已处理 {done} 个 …"))
    if as_json:
        click.echo(json.dumps({"region": as_typed(code), "added": laid}))
    else:
        click.echo(f"新增 {laid} 个区划。" if laid else "这些区划都已经有了。")


@command.command("list", cls=Command)
@click.argument("code", metavar="[代码]", default=NATION)
@click.option("--json", "as_json", is_flag=True, help="用 JSON 列出")
def listed(code: str, as_json: bool) -> None:
    """列出已载入的下一级区划；不写代码时列出省。"""
    if code != NATION:
        code = regions.region(as_typed(code)).code
    rows = regions.children(code)
    if as_json:
        told = [{"code": row.code, "name": row.name, "level": row.level} for row in rows]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row.code}\t{row.name}")


@command.command(cls=Command)
@click.argument("code", metavar="代码")
@click.option("--on", "on", metavar="日期", required=True, help="哪天撤销，例如 2024-06-01")
@click.option("--into", "successor", metavar="代码", default="", help="并入哪个区划（同一级的）")
def withdraw(code: str, on: str, successor: str) -> None:
    """登记一个区划已撤销。以前记下的数据仍留在旧代码下。"""
    actor = operator(Verb.ORGANISATION_WRITE, because="在命令行登记区划撤销")
    row = regions.withdraw(
        actor, as_typed(code), on=_day(on), today=days.today(), successor=as_typed(successor) if successor else ""
    )
    click.echo(f"已登记：{row.name}撤销{f'，并入{regions.region_name(row.successor)}' if row.successor else ''}。")


def _day(text: str) -> dt.date:
    return days.parse_day(text, field="on")
