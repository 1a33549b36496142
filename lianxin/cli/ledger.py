"""`lianxin ledger …`: prove the ledger on the live database, build its tallies anew."""

from __future__ import annotations

import json

import click
from django.db import transaction

from lianxin.access.actor import operator
from lianxin.access.verbs import Verb
from lianxin.base.codes import as_typed
from lianxin.base.days import Period, now
from lianxin.cli.prepare import ensure_database
from lianxin.cli.speech import Command, Group, parts
from lianxin.ledger import rebuild as rebuilding
from lianxin.ledger import verify as proving
from lianxin.ledger.seals import seal_period
from lianxin.records.postings import unposted
from lianxin.records.reindex import miscounted


@click.group(cls=Group)
def command() -> None:
    """底账：核对，重建汇总。"""
    ensure_database()


@command.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="每处不符一行 JSON，最后一行是总数")
def verify(as_json: bool) -> int:
    """核对底账：批次连续、未被改动，汇总与明细、记录与明细都相符。有一处不符，退出码就是 1。"""
    verdict = proving.verify(parts())
    differences = (*verdict.differences, *unposted(parts()), *miscounted(parts()))
    if as_json:
        for found in differences:
            click.echo(json.dumps({"where": found.where, "what": found.words}, ensure_ascii=False))
        told = {"records": verdict.records, "facts": verdict.facts, "differences": len(differences)}
        click.echo(json.dumps(told))
    elif differences:
        click.echo(f"{len(differences)} 处不符。第一处：{differences[0].words}")
    else:
        click.echo(f"{verdict.records} 份记录、{verdict.facts} 条明细，全部相符。")
    return 1 if differences else 0


@command.command(cls=Command)
@click.argument("region", metavar="代码")
@click.argument("period", metavar="期间")
@click.option("--because", required=True, metavar="原因", help="为什么封，例如“年报已上报”")
def seal(region: str, period: str, because: str) -> None:
    """封账：一个县（区）的一段时间不再改，例如 330402 2021 或 330402 2021-Q3。更正另记。"""
    keeper = operator(Verb.PERIOD_SEAL, because="sealing a period from the command line")
    chosen = Period.parse(period)
    with transaction.atomic():
        seal_period(keeper, region=as_typed(region), period=chosen, because=because, at=now())
    click.echo(f"{chosen.name}已封账。")


@command.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="用 JSON 说明结果")
def rebuild(as_json: bool) -> None:
    """按明细重建全部汇总；明细一条不动。期间登记的人要等一等。"""
    built = rebuilding.rebuild(parts())
    if as_json:
        click.echo(json.dumps({"tallies": list(built)}, ensure_ascii=False))
    else:
        click.echo(f"重建了 {len(built)} 项汇总。")
