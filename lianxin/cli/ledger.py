"""`lianxin ledger …`: prove the ledger on the live database, build its tallies anew."""

from __future__ import annotations

import json

import click

from lianxin.cli.prepare import ensure_database
from lianxin.cli.speech import Command, Group, parts
from lianxin.ledger import rebuild as rebuilding
from lianxin.ledger import verify as proving


@click.group(cls=Group)
def command() -> None:
    """底账：核对，重建汇总。"""
    ensure_database()


@command.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="每处不符一行 JSON，最后一行是总数")
def verify(as_json: bool) -> int:
    """核对底账：批次连续、未被改动、汇总与明细相符。有一处不符，退出码就是 1。"""
    verdict = proving.verify(parts())
    if as_json:
        for found in verdict.differences:
            click.echo(json.dumps({"where": found.where, "what": found.words}, ensure_ascii=False))
        told = {"records": verdict.records, "facts": verdict.facts, "differences": len(verdict.differences)}
        click.echo(json.dumps(told))
    elif verdict.differences:
        click.echo(f"{len(verdict.differences)} 处不符。第一处：{verdict.first}")
    else:
        click.echo(f"{verdict.records} 份记录、{verdict.facts} 条明细，全部相符。")
    return 1 if verdict.differences else 0


@command.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="用 JSON 说明结果")
def rebuild(as_json: bool) -> None:
    """按明细重建全部汇总；明细一条不动。期间登记的人要等一等。"""
    built = rebuilding.rebuild(parts())
    if as_json:
        click.echo(json.dumps({"tallies": list(built)}, ensure_ascii=False))
    else:
        click.echo(f"重建了 {len(built)} 项汇总。")
