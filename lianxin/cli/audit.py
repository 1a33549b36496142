"""`lianxin audit …`: prove the access log, and go on with it after a restore."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from lianxin.access.actor import operator
from lianxin.audit.log import accept as accepting
from lianxin.audit.log import checked_reason
from lianxin.audit.verify import Verdict, parse_noted
from lianxin.audit.verify import verify as proving
from lianxin.audit.yearly import year_of_log
from lianxin.base.days import now
from lianxin.catalog.current import catalog
from lianxin.cli.prepare import ensure_database
from lianxin.cli.speech import Command, Group, parts


@click.group(cls=Group)
def command() -> None:
    """查阅记录：谁看过、查过、导出过、改过权限。"""
    ensure_database()


@command.command(cls=Command)
@click.option("--noted", metavar="末条", help="以前抄下的末条，例如 1234-5f0c12ab9e417d03：看它还在不在")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 说明结果")
def verify(noted: str | None, as_json: bool) -> int:
    """核对查阅记录：没有改动、缺少、换位、截尾。有一处不符，退出码就是 1。

    最后印出末条，请抄在值班本上；下次用 --noted 核对，连这台机器一起被动过手脚也看得出来。
    """
    verdict = proving(parts(), noted=parse_noted(noted) if noted is not None else None)
    _tell(verdict, as_json=as_json)
    return 1 if verdict.difference else 0


def _tell(verdict: Verdict, *, as_json: bool) -> None:
    if as_json:
        told = {"entries": verdict.entries, "head": verdict.head, "difference": verdict.difference}
        click.echo(json.dumps(told, ensure_ascii=False))
    elif verdict.difference:
        click.echo(f"查阅记录有一处不符：{verdict.difference}")
    elif not verdict.entries:
        click.echo("查阅记录里还没有内容。")
    else:
        click.echo(f"{verdict.entries} 条查阅记录，全部相符。末条：{verdict.head}，请抄在值班本上。")


@command.command(cls=Command)
@click.argument("year", metavar="年份", type=click.IntRange(2000, 2100))
@click.option("--json", "as_json", is_flag=True, help="用 JSON 说明结果")
def year(year: int, as_json: bool) -> None:
    """一年里受保护档案的查阅情况：未成年人等档案年度审计的草稿，只有数，没有人名。"""
    counted = year_of_log(year)
    if as_json:
        click.echo(json.dumps(asdict(counted), ensure_ascii=False))
        return
    lists = "、".join(f"{_list_name(code)} {number} 次" for code, number in counted.lists.items()) or "没有"
    click.echo(f"{year} 年受保护档案（未成年人、两癌、求助等）查阅情况，按查阅记录自动汇总，供年度审计使用。")
    click.echo(f"一、打开档案：{counted.accounts} 个账号打开 {counted.files} 份档案 {counted.openings} 次。")
    click.echo(f"    按月（1 至 12 月）：{'、'.join(map(str, counted.months))}。")
    click.echo(f"二、翻看名册：{lists}。")
    decided = f"批准 {counted.granted} 次，没有批准 {counted.refused} 次"
    click.echo(f"三、导出受保护名册：申请 {counted.asked} 次，{decided}。")
    click.echo(f"四、看完整号码 {counted.reveals} 次，按证件号查找 {counted.searches} 次。")
    click.echo(f"五、导出台账 {counted.exports} 次。")
    click.echo("六、记录是否完整：请附上 lianxin audit verify 的结果。")


def _list_name(code: str) -> str:
    spec = catalog().find_programme(code)
    return spec.name if spec else code


@command.command(cls=Command)
@click.option("--because", required=True, metavar="原因", help="为什么从这里接着记，例如“从昨晚的备份恢复”")
def accept(because: str) -> None:
    """恢复备份、换机器以后：以现在的查阅记录为准接着记。这件事本身也记进去。"""
    reason = checked_reason(because, asks="请写明为什么，例如“从昨晚的备份恢复”。")
    no = accepting(operator(because="going on with the access log"), at=now(), reason=reason)
    click.echo(f"已记下第 {no} 条，从这里接着记。")
