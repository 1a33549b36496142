"""`lianxin user …`: the first accounts, and a way back in when nobody can sign in. Everyday work is in the browser."""

from __future__ import annotations

import json
from dataclasses import dataclass

import click
from django.db import transaction

from lianxin.access.actor import Actor, operator
from lianxin.access.verbs import Verb
from lianxin.base import days
from lianxin.base.codes import NATION, as_typed
from lianxin.base.errors import Refused
from lianxin.cli.prepare import ensure_database
from lianxin.cli.speech import Command, Group
from lianxin.net import accounts, leaving, second_factor
from lianxin.net.actors import in_force, known_roles
from lianxin.net.appointments import appoint as grant_role
from lianxin.net.appointments import appointments_of
from lianxin.net.models import Account, Appointment
from lianxin.net.regions import path_name


@click.group(cls=Group)
def command() -> None:
    """账号：开通、授岗、重置密码、停用。日常可在网页上办。"""
    ensure_database()


@dataclass(frozen=True, slots=True)
class Line:
    """One account in a list, with the appointments that count today."""

    account: Account
    posts: tuple[Appointment, ...]

    def as_json(self) -> dict[str, object]:
        posts = [{"role": post.role, "region": post.region} for post in self.posts]
        account = self.account
        return {"username": account.username, "name": account.name, "active": account.is_active, "posts": posts}

    def __str__(self) -> str:
        roles = known_roles()
        posts = "、".join(
            f"{path_name(post.region)} {roles[post.role].name if post.role in roles else post.role}"
            for post in self.posts
        )
        return f"{self.account.username}\t{self.account.name}\t{posts}{'' if self.account.is_active else '（已停用）'}"


def _operator() -> Actor:
    return operator(Verb.USER_READ, Verb.USER_MANAGE, Verb.ORGANISATION_WRITE, because="在命令行管理账号")


@command.command(cls=Command)
@click.argument("username", metavar="账号")
@click.option("--name", metavar="姓名", required=True, help="显示名，例如本人姓名")
@click.option("--role", metavar="角色", help="岗位的角色代号，见 lianxin user roles")
@click.option("--region", metavar="代码", help="在哪里任职，例如 330402")
@click.option("--programme", "programmes", metavar="工作", multiple=True, help="条线岗位办哪项工作，可写几次")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 说明结果")
def add(
    username: str, name: str, role: str | None, region: str | None, programmes: tuple[str, ...], as_json: bool
) -> None:
    """开一个账号，给出临时密码（只显示这一次）；可以同时授一个岗位。"""
    if (role is None) != (region is None):
        raise click.UsageError("--role 和 --region 要一起写。", click.get_current_context())
    actor = _operator()
    with transaction.atomic():
        opened = accounts.create_account(actor, username=username, name=name)
        if role is not None and region is not None:
            _appoint(actor, opened.account, role, region, programmes)
    told = {"username": opened.account.username, "temporary_password": opened.temporary_password}
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"已开通 {opened.account.username}，临时密码 {opened.temporary_password}（第一次登录要改）。")


@command.command(cls=Command)
@click.argument("username", metavar="账号")
@click.option("--role", metavar="角色", required=True, help="角色代号，见 lianxin user roles")
@click.option("--region", metavar="代码", required=True, help="在哪里任职，例如 330402")
@click.option("--programme", "programmes", metavar="工作", multiple=True, help="条线岗位办哪项工作，可写几次")
def appoint(username: str, role: str, region: str, programmes: tuple[str, ...]) -> None:
    """给一个账号授岗位，从今天起。"""
    actor = _operator()
    _appoint(actor, _account(username), role, region, programmes)
    click.echo(f"已授岗：{known_roles()[role].name}，{path_name(as_typed(region))}。")


def _appoint(actor: Actor, account: Account, role: str, region: str, programmes: tuple[str, ...]) -> None:
    code = NATION if region == NATION else as_typed(region)
    grant_role(
        actor,
        account,
        role=role,
        region=code,
        starts=days.today(),
        programmes=programmes or None,
        because="命令行",
    )


@command.command(cls=Command)
@click.argument("username", metavar="账号")
def password(username: str) -> None:
    """重置密码，给出临时密码（只显示这一次）。"""
    fresh = accounts.reset_password(_operator(), _account(username), today=days.today())
    click.echo(f"临时密码 {fresh}（登录后要改）。")


@command.command("reset-code", cls=Command)
@click.argument("username", metavar="账号")
def reset_code(username: str) -> None:
    """取消动态码（手机和恢复码都没有了）；她登录着的地方都退出，下次登录再开通。"""
    second_factor.reset(_operator(), _account(username), today=days.today())
    click.echo("动态码取消了，下次登录要再开通。")


@command.command(cls=Command)
@click.argument("username", metavar="账号")
@click.option("--to", "to", metavar="账号", help="手上的事交给谁")
@click.option("--because", metavar="说明", default="", help="例如 换届离任")
def leave(username: str, to: str | None, because: str) -> None:
    """办离岗：岗位、任职、登录都结束，手上的事交给别人，账号停用；要么全办成，要么都不动。"""
    account, taker = _account(username), _account(to) if to else None
    done = leaving.leave(_operator(), account, to=taker, because=because, today=days.today(), now=days.now())
    click.echo(f"已办离岗：结束岗位 {len(done.appointments)} 个、任职 {len(done.posts)} 个，账号已停用。")


@command.command(cls=Command)
@click.argument("username", metavar="账号")
def disable(username: str) -> None:
    """停用一个账号；它的记录都还在。"""
    accounts.deactivate(_operator(), _account(username), today=days.today())
    click.echo("已停用。")


@command.command(cls=Command)
@click.argument("username", metavar="账号")
def enable(username: str) -> None:
    """恢复一个停用的账号。"""
    accounts.reactivate(_operator(), _account(username), today=days.today())
    click.echo("已恢复。")


@command.command("list", cls=Command)
@click.option("--json", "as_json", is_flag=True, help="用 JSON 列出")
def listed(as_json: bool) -> None:
    """列出账号和现在的岗位。"""
    actor, today = _operator(), days.today()
    lines = [
        Line(account, tuple(appointments_of(actor, account).filter(in_force(today))))
        for account in accounts.accounts_seen_by(actor)
    ]
    if as_json:
        click.echo(json.dumps([line.as_json() for line in lines], ensure_ascii=False))
    else:
        click.echo("\n".join(map(str, lines)))


@command.command(cls=Command)
def roles() -> None:
    """列出可以授的角色。"""
    for role in known_roles().values():
        click.echo(f"{role.code}\t{role.name}\t{role.description}")


def _account(username: str) -> Account:
    account = accounts.accounts_seen_by(_operator()).filter(username=accounts.checked_username(username)).first()
    if account is None:
        raise Refused(f"没有“{username}”这个账号，可用 lianxin user list 查看。")
    return account
