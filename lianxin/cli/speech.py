"""How the command speaks: Chinese help and usage errors in place of click's English, lines on stderr."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import click

HELP = "显示这段说明"


def progress(text: str) -> None:
    """A line for the person who waits; stdout stays clean for what was asked."""
    click.echo(text, err=True)


def parts() -> Callable[[str, int, int], None]:
    """Tells how far a long work has come (what, parts done, of how many), at most once a second."""
    told = time.monotonic()

    def tell(what: str, done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= 1:
            told = time.monotonic()
            progress(f"{what} {done}/{total}")

    return tell


_ASIDES = (
    (r"\[(?:default: ([^;\]]+); )?(\d+)<=x<=(\d+)\]", r"（\2 到 \3）"),
    (r"\[default: ([^;\]]+)[^\]]*\]", r"（默认 \1）"),
    (r"\[required\]", "（必填）"),
)


def _in_chinese(told: str) -> str:
    """What click adds to an option's help in brackets."""
    for english, chinese in _ASIDES:
        told = re.sub(english, chinese, told)
    return told


class _Spoken(click.Command):
    """What a command and a group of commands have in common: headings and the help option in Chinese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = [record for option in options if (record := option.get_help_record(ctx)) is not None]
        if records:
            with formatter.section("选项"):
                formatter.write_dl([(names, _in_chinese(told)) for names, told in records])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = HELP
        return option


class Command(_Spoken):
    """One command, in Chinese."""

    options_metavar = "[选项]"

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [piece.replace("[OPTIONS]", "[选项]") for piece in super().collect_usage_pieces(ctx)]


class Group(_Spoken, click.Group):
    """A group of commands, in Chinese."""

    command_class = Command

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return ["[选项]", "命令", "…"]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        commands = [(name, self.sentence_of(ctx, name)) for name in self.list_commands(ctx)]
        if commands:
            with formatter.section("命令"):
                formatter.write_dl(commands)

    def sentence_of(self, ctx: click.Context, name: str) -> str:
        """The one line a command stands with in the list."""
        command = self.get_command(ctx, name)
        return command.get_short_help_str(80) if command else ""


Group.group_class = Group


def usage_sentence(error: click.ClickException) -> str:
    """What is wrong with a command line, and what to do."""
    return f"{_what_is_wrong(error)}{_where_help_is(error)}"


def _what_is_wrong(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            return f"没有 {error.option_name} 这个选项。"
        case click.MissingParameter():
            return f"还缺少{_parameter(error)}。"
        case click.BadParameter():
            return f"{_parameter(error)} 的值不对：{_value(error)}。"
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 后面要写一个值。"
        case click.FileError():
            return f"打不开文件 {error.ui_filename}。"
        case _ if error.message.startswith("No such command"):
            return f"没有{error.message.removeprefix('No such command').rstrip('.')} 这个命令。"
        case _ if error.message.startswith("Got unexpected extra argument"):
            return f"多写了 {error.message.partition('(')[2].partition(')')[0]}。"
        case _:
            return error.format_message()


def _parameter(error: click.BadParameter) -> str:
    if error.param is None:
        return "参数"
    if isinstance(error.param, click.Option):
        return f"选项 {max(error.param.opts, key=len)}"
    return error.param.make_metavar(error.ctx or click.Context(click.Command(None))).strip("[]")


def _value(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    match kind:
        case click.IntRange():
            return f"要填 {kind.min} 到 {kind.max} 之间的整数"
        case click.types.IntParamType():
            return "要填整数"
        case click.Choice():
            return f"只能是 {'、'.join(str(choice) for choice in kind.choices)}"
        case click.DateTime():
            return "要填日期，例如 2021-03-05"
        case click.Path():
            return "没有这个文件，或者读写不了"
        case _:
            return error.message


def _where_help_is(error: click.ClickException) -> str:
    ctx = getattr(error, "ctx", None)
    return f"运行 {ctx.command_path} --help 看用法。" if ctx else ""
