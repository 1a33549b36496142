"""`lianxin roles`: who may do what, how far and how deep, as the code that runs reads it. It writes docs/roles.md."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from lianxin.access.roles import Role
from lianxin.access.verbs import Seal, Verb
from lianxin.cli.speech import Command
from lianxin.net.actors import known_roles

SEALS = {Seal.OPEN: "公开办理", Seal.STAFF: "受保护", Seal.TEAM: "仅承办"}


@click.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="用 JSON 列出")
def command(as_json: bool) -> None:
    """岗位、权限、到哪一级、看到哪一层：照正在运行的规则打印。"""
    roles = tuple(known_roles().values())
    click.echo(json.dumps([_as_json(role) for role in roles], ensure_ascii=False) if as_json else matrix(roles))


def matrix(roles: tuple[Role, ...]) -> str:
    """Two tables in Markdown: the roles with their radius and seals, then each verb with the roles that hold it."""
    return "\n".join((*_head(roles), "", *_body(roles)))


def _head(roles: tuple[Role, ...]) -> Iterator[str]:
    yield "# 岗位与权限"
    yield ""
    yield "由 `lianxin roles > docs/roles.md` 照运行中的规则写成，不手改；改岗位请改 `catalog/roles.toml`。"
    yield "“授到”是最高能授的一级：授在哪里，就管那里和下面的；“看到”是能看到的保护级别。"
    yield ""
    yield "| 岗位 | 代号 | 授到 | 看到 | 限定工作 | 动态码 |"
    yield "|---|---|---|---|---|---|"
    for role in roles:
        seals = "、".join(said for seal, said in SEALS.items() if seal in role.seals)
        marks = ("是" if role.by_programme else "", "要" if role.second_factor else "")
        yield f"| {role.name} | `{role.code}` | {role.level.label} | {seals} | {' | '.join(marks)} |"


def _body(roles: tuple[Role, ...]) -> Iterator[str]:
    yield f"| 权限 | {' | '.join(role.name for role in roles)} |"
    yield f"|---|{':-:|' * len(roles)}"
    for verb in Verb:
        yield f"| `{verb.value}` | {' | '.join('●' if verb in role.verbs else '' for role in roles)} |"


def _as_json(role: Role) -> dict[str, object]:
    return {
        "code": role.code,
        "name": role.name,
        "level": role.level.name.lower(),
        "seals": sorted(role.seals),
        "verbs": sorted(role.verbs),
        "by_programme": role.by_programme,
        "second_factor": role.second_factor,
    }
