"""Help in Chinese for every command; an impossible command line is one sentence and exit code 2, never a traceback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import click
import pytest

from lianxin.cli.main import COMMANDS, lianxin

ENGLISH = ("Usage", "Options", "Commands", "Show this", "required", "default:", "Arguments")


def _every_command(command: click.Command, ctx: click.Context) -> Iterator[click.Context]:
    yield ctx
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            below = command.get_command(ctx, name)
            assert below is not None
            yield from _every_command(below, click.Context(below, parent=ctx, info_name=name))


def test_every_command_helps_in_chinese() -> None:
    contexts = list(_every_command(lianxin, click.Context(lianxin, info_name="lianxin")))

    assert len(contexts) > len(COMMANDS)
    for ctx in contexts:
        told = ctx.get_help()
        assert told.startswith(f"用法：{ctx.command_path} ")
        assert "显示这段说明" in told
        assert [word for word in ENGLISH if word in told] == [], ctx.command_path


def test_every_option_and_command_says_what_it_does() -> None:
    silent = [
        f"{ctx.command_path} {param.name}"
        for ctx in _every_command(lianxin, click.Context(lianxin, info_name="lianxin"))
        for param in ctx.command.params
        if isinstance(param, click.Option) and not param.help
    ] + [
        ctx.command_path
        for ctx in _every_command(lianxin, click.Context(lianxin, info_name="lianxin"))
        if not ctx.command.help
    ]

    assert silent == []


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("nope", "没有 'nope' 这个命令。运行 lianxin --help 看用法。"),
        ("serve --frob", "没有 --frob 这个选项。运行 lianxin serve --help 看用法。"),
        ("serve --port", "选项 --port 后面要写一个值。"),
        ("serve --port 0", "选项 --port 的值不对：要填 1 到 65535 之间的整数。运行 lianxin serve --help 看用法。"),
        ("serve --port 八千", "选项 --port 的值不对：要填 1 到 65535 之间的整数。运行 lianxin serve --help 看用法。"),
        ("serve extra", "多写了 extra。运行 lianxin serve --help 看用法。"),
        ("serve --host no.such.invalid", "没有 no.such.invalid 这个地址，请改 --host。"),
        ("restore", "还缺少文件。运行 lianxin restore --help 看用法。"),
        ("restore /no/such/file", "文件 的值不对：没有这个文件，或者读写不了。运行 lianxin restore --help 看用法。"),
    ],
)
def test_an_impossible_command_line_is_one_sentence(line: str, sentence: str, lianxin: Callable[..., Any]) -> None:
    said = lianxin(*line.split())

    assert (said.code, said.out, said.err) == (2, "", sentence + "\n")


def test_alone_it_shows_what_there_is(lianxin: Callable[..., Any]) -> None:
    said = lianxin()

    assert said.code == 0
    assert said.out.startswith("用法：lianxin [选项] 命令 …")
