"""`lianxin due RULE START`: the day or the minute something is due, with its source; `--list` lists the rules."""

from __future__ import annotations

import json

import click

from lianxin.base import days
from lianxin.base.days import parse_moment
from lianxin.base.errors import Refused
from lianxin.catalog.clocks import GRADES, ClockSpec
from lianxin.catalog.current import catalog
from lianxin.cli.speech import Command
from lianxin.clocks import Due, due
from lianxin.clocks.words import as_row, say_due


@click.command(cls=Command)
@click.argument("rule", metavar="期限代号", default="")
@click.argument("start", metavar="起算时间", nargs=-1)
@click.option("--list", "listing", is_flag=True, help="列出所有期限")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 说明结果")
def command(rule: str, start: tuple[str, ...], listing: bool, as_json: bool) -> None:
    """期限：从起算的日子（按小时计的写到分钟）算出哪天、几点以前要办好。例如 petition.notice 2021-3-5。"""
    if listing:
        _list(as_json=as_json)
        return
    if not rule or not start:
        raise Refused("请写期限代号和起算的日子，例如 petition.notice 2021-3-5；有哪些期限，用 --list 看。")
    found = due(rule, parse_moment(" ".join(start), field="start"), today=days.today())
    click.echo(json.dumps(_as_json(found), ensure_ascii=False) if as_json else _in_words(found))


def _list(*, as_json: bool) -> None:
    clocks = catalog().clocks.values()
    if as_json:
        click.echo(
            json.dumps({"count": len(clocks), "rules": [_clock_json(each) for each in clocks]}, ensure_ascii=False)
        )
        return
    for clock in clocks:
        click.echo("\t".join(as_row(clock)))


def _in_words(found: Due) -> str:
    lines = [say_due(found), f"依据：{found.source}（{GRADES[found.grade]}）"]
    if found.note:
        lines.append(f"说明：{found.note}")
    if found.reminders:
        lines.append(f"提醒：{'、'.join(days.say_day(day) for day in found.reminders)}")
    return "\n".join(lines)


def _as_json(found: Due) -> dict[str, object]:
    return {
        "rule": found.rule,
        "name": found.name,
        "start": found.start.isoformat(),
        "due": (found.at or found.day).isoformat(),
        "day": found.day.isoformat(),
        "at": found.at.isoformat() if found.at else None,
        "source": found.source,
        "grade": found.grade,
        "duty": found.duty,
        "provisional": found.provisional,
        "note": found.note,
        "remind": [day.isoformat() for day in found.reminders],
    }


def _clock_json(clock: ClockSpec) -> dict[str, object]:
    return {
        "rule": clock.code,
        "name": clock.name,
        "begins": clock.begins,
        "length": clock.length,
        "unit": clock.unit,
        "counts_first": clock.counts_first,
        "rolls": clock.rolls,
        "clamps": clock.clamps,
        "duty": clock.duty,
        "source": clock.cited,
        "grade": clock.grade,
        "after": clock.after,
        "note": clock.note,
    }
