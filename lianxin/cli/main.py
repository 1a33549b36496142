"""The operator's command `lianxin`: which commands there are, and the one place where an error becomes a sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click
import django
from django.db import OperationalError

from lianxin.base.errors import Problem, Problems, Refused
from lianxin.cli.speech import Group, usage_sentence

WRONG, IMPOSSIBLE, BROKEN_OFF = 1, 2, 130

# A command's module is imported when it is asked for, after Django is ready, so that modules may import models at
# the top. Each module names its command `command`.
COMMANDS = {
    "serve": ("lianxin.cli.serve", "启动网站"),
    "prepare": ("lianxin.cli.prepare", "建立或升级数据库，整理样式和脚本（serve 会自己先做）"),
    "check": ("lianxin.cli.check", "检查工作目录里的文件"),
    "regions": ("lianxin.cli.regions", "行政区划：载入、查看、登记撤并"),
    "demo": ("lianxin.cli.demo", "在空文件夹里建一个演示县（人物均为虚构）"),
    "import": ("lianxin.cli.imports", "导入表格：人员、家庭、组织、建档"),
    "report": ("lianxin.cli.report", "出报告：.docx、.html 或 .json"),
    "user": ("lianxin.cli.user", "账号：开通、授岗、重置密码"),
    "roles": ("lianxin.cli.roles", "岗位与权限一览，照运行中的规则"),
    "search": ("lianxin.cli.search", "查找：找人、找户，按某个账号看得到的"),
    "due": ("lianxin.cli.due", "期限：哪天、几点以前要办好，出处是什么"),
    "ledger": ("lianxin.cli.ledger", "底账：核对、重建汇总"),
    "vault": ("lianxin.cli.vault", "密钥：看一看，换一把"),
    "audit": ("lianxin.cli.audit", "查阅记录：核对，恢复备份后接着记"),
    "backup": ("lianxin.cli.backup", "把数据备份成一个文件"),
    "restore": ("lianxin.cli.restore", "从备份文件恢复数据"),
}


class Commands(Group):
    """The commands of the table above."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.project.settings")
        django.setup()
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def sentence_of(self, ctx: click.Context, name: str) -> str:
        return COMMANDS[name][1]


@click.group(cls=Commands, no_args_is_help=False, invoke_without_command=True)
@click.version_option(package_name="lianxin", message="连心 %(version)s", help="显示版本")
@click.pass_context
def lianxin(ctx: click.Context) -> None:
    """连心：记一次，处处有数。数据放在 LIANXIN_HOME 指定的文件夹（默认 var/）。"""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def run(arguments: Sequence[str]) -> int:
    """The exit code: 0 done, 1 something is wrong with the data or the machine, 2 impossible input, 130 broken off."""
    try:
        done = lianxin.main(list(arguments), prog_name="lianxin", standalone_mode=False)
    except click.Abort:
        return _say("已中断。", BROKEN_OFF)
    except click.ClickException as error:
        return _say(usage_sentence(error), IMPOSSIBLE)
    except Refused as error:
        return _say(str(error), IMPOSSIBLE)
    except Problems as error:
        return _say("\n".join(_line(item) for item in error.items), IMPOSSIBLE)
    except BrokenPipeError:  # `lianxin … | head`
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 — else Python complains once more at the exit
        return WRONG
    except OSError as error:
        return _say(f"读写 {error.filename or '文件'} 时出错：{error.strerror or error}。", IMPOSSIBLE)
    except OperationalError as error:
        return _say(f"数据库现在用不了：{str(error).strip().splitlines()[0]}。", WRONG)
    return done if isinstance(done, int) else 0


def _line(problem: Problem) -> str:
    return f"{problem.field}：{problem.message}" if problem.field else problem.message


def _say(sentence: str, code: int) -> int:
    click.echo(sentence, err=True)
    return code


def main() -> None:
    sys.exit(run(sys.argv[1:]))
