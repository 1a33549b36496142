"""`lianxin search`: people and households as somebody's account finds them, for scripts."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base import days
from lianxin.base.errors import Forbidden, Refused
from lianxin.cli.prepare import ensure_database
from lianxin.cli.speech import Command, Group
from lianxin.net.actors import actor_of
from lianxin.net.models import Account
from lianxin.net.regions import path_name
from lianxin.register.queries import find_persons, find_subjects

MOST = 200


@click.group(cls=Group)
def command() -> None:
    """查找：按姓名、拼音、首字母、同音、门牌、电话尾号找人和户，只看得到这个账号该看的。"""
    ensure_database()


@command.command(cls=Command)
@click.argument("text", metavar="文字")
@click.option("--as", "username", required=True, metavar="账号", help="按哪个账号的权限查")
@click.option("--limit", default=20, metavar="条数", help=f"最多几条，1 到 {MOST}")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 说明结果")
def persons(text: str, username: str, limit: int, as_json: bool) -> None:
    """找人：zs 能找到张三，章桂音能找到张桂英。"""
    hits = find_persons(_actor(username), text, limit=_limit(limit))
    if as_json:
        told = [asdict(hit) | {"birth": hit.birth.isoformat() if hit.birth else None} for hit in hits]
        click.echo(json.dumps({"count": len(told), "persons": told}, ensure_ascii=False))
        return
    for hit in hits:
        home = f"{path_name(hit.region)} {hit.place}".strip()
        click.echo(f"{hit.name}\t{home}\t{f'{hit.head}家' if hit.head else '不在户里'}\t{hit.rank_words}")
    if not hits:
        click.echo("没有找到。换个字，或者输电话后四位试试。")


@command.command(cls=Command)
@click.argument("text", metavar="文字")
@click.option("--as", "username", required=True, metavar="账号", help="按哪个账号的权限查")
@click.option("--limit", default=20, metavar="条数", help=f"最多几条，1 到 {MOST}")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 说明结果")
def households(text: str, username: str, limit: int, as_json: bool) -> None:
    """找户：按户里任何一个人，或按门牌。"""
    hits = [hit for hit in find_subjects(_actor(username), text, limit=_limit(limit)) if hit.kind == "household"]
    if as_json:
        click.echo(json.dumps({"count": len(hits), "households": [asdict(hit) for hit in hits]}, ensure_ascii=False))
        return
    for hit in hits:
        click.echo(f"{hit.head}家\t{path_name(hit.region)} {hit.place}\t{hit.name} · {hit.matched}")
    if not hits:
        click.echo("没有找到。换个字，或者输电话后四位试试。")


def _actor(username: str) -> Actor:
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        raise Refused(f"没有“{username}”这个账号，或已停用。", field="as")
    actor = actor_of(account, today=days.today())
    verdict = actor.may(Verb.REGISTER_READ)
    if not verdict:
        raise Forbidden(verdict.reason)
    return actor


def _limit(limit: int) -> int:
    if not 1 <= limit <= MOST:
        raise Refused(f"条数请写 1 到 {MOST}。", field="limit")
    return limit
