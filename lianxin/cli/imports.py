"""`lianxin import KIND FILE`: a table taken in from the command line, by the same steps as on the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from django.db import connection

from lianxin.access.actor import Actor, operator
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, as_typed, level_of
from lianxin.base.days import now, today
from lianxin.base.errors import Problems, Refused
from lianxin.cli.prepare import ensure_database
from lianxin.cli.speech import Command, parts, progress
from lianxin.exchange.imports.applying import begin, begin_undo, work_on
from lianxin.exchange.imports.batches import (
    Handed,
    batch_for,
    columns_of,
    counts,
    drop,
    rows_in,
    settle_columns,
    take_in,
)
from lianxin.exchange.imports.installed import kind_of
from lianxin.exchange.imports.staging import read_on
from lianxin.exchange.models import Batch, Stage, State
from lianxin.net.actors import actor_of
from lianxin.net.models import Account, Region

MOST_ERRORS = 1_000
PIECE = 5.0  # seconds between two lines of progress
_BAD = (State.BAD, State.FAILED)


@click.command(cls=Command)
@click.argument("kind", metavar="种类")
@click.argument("file", metavar="文件", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只读、只查，不导入")
@click.option("--as", "username", metavar="账号", help="以谁的岗位导入；不写就是命令行")
@click.option("--region", metavar="代码", default="", help="哪个县（区）；写到村（12 位）时，没写村的行都算这个村")
@click.option("--undo", "because", metavar="原因", help="撤销：把这个文件导入的整批退回去，写明原因")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 说明结果")
def command(
    kind: str, file: Path, dry_run: bool, username: str | None, region: str, because: str | None, as_json: bool
) -> int:
    """导入表格：persons 人员、households 家庭、organisations 组织、listings 建档。有错的行退出码是 1。"""
    kind_of(kind)
    ensure_database()
    hold_little_memory()
    actor, code = _actor(username), as_typed(region)
    with file.open("rb") as opened:
        handed = Handed(opened, file.name, village=code if _is_village(code) else "", county=_county(actor, code))
        batch = take_in(actor, kind, handed, at=now(), is_kept=False)
        batch = _read(actor, batch, handed)
    if because is not None:
        begin_undo(actor, batch.pk, because=because, at=now())
    elif not dry_run and batch.stage == Stage.READY:
        begin(actor, batch.pk, at=now())
    if not dry_run:
        batch = _worked(actor, batch)
    told = _told(actor, batch)
    if dry_run and batch.stage == Stage.READY:
        drop(actor, batch, at=now())
    _say(batch, told, as_json=as_json)
    return 1 if told["bad"] else 0


def hold_little_memory() -> None:
    """A page of the embedded database that was read once is held by the system, not by this process as well."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA mmap_size = 0")
            cursor.execute("PRAGMA cache_size = -16384")


def _read(actor: Actor, batch: Batch, handed: Handed) -> Batch:
    if batch.stage == Stage.COLUMNS:
        fields = [column.field for column in columns_of(batch)]
        try:
            batch = settle_columns(actor, batch.pk, fields, village=handed.village, at=now())
        except Problems as problems:
            drop(actor, batch, at=now())
            raise Refused("".join(item.message for item in problems.items)) from None
    tell = parts()
    return read_on(actor, batch.pk, at=now(), file=handed.file, progress=lambda row: tell("读了（行）", row, row))


def _worked(actor: Actor, batch: Batch) -> Batch:
    batch = batch_for(actor, batch.pk)
    while batch.stage in (Stage.APPLYING, Stage.UNDOING):
        batch = work_on(actor, batch.pk, seconds=PIECE, at=now())
        if batch.stage in (Stage.APPLYING, Stage.UNDOING):
            progress(f"{batch.get_stage_display()} {batch.done_to}/{batch.units} …")
    return batch


def _told(actor: Actor, batch: Batch) -> dict[str, Any]:
    found = counts(actor, batch)
    bad = sum(found[state] for state in _BAD)
    errors = [
        {"row": row.row, "column": column, "message": message}
        for row in rows_in(actor, batch, _BAD)[:MOST_ERRORS]
        for column, message in row.problems
    ]
    rows = sum(found.values())
    return {
        "rows": rows,
        "good": rows - bad,
        "bad": bad,
        "errors": errors,
        "known": found[State.KNOWN],
        "undecided": found[State.ASK],
        "applied": found[State.APPLIED],
        "undone": found[State.UNDONE],
        "kept": found[State.KEPT],
        "notes": batch.notes,
    }


def _say(batch: Batch, told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(
        f"{told['rows']} 行：可以导入 {told['good']} 行（其中已在册 {told['known']} 行，可能已在册、等人定 "
        f"{told['undecided']} 行），有错 {told['bad']} 行；已导入 {told['applied']} 行，已撤销 {told['undone']} 行。"
    )
    for note in batch.notes:
        click.echo(note)
    for error in told["errors"]:
        click.echo(f"第 {error['row']} 行 {error['column']}：{error['message']}")


def _actor(username: str | None) -> Actor:
    if username is None:
        verbs = (
            Verb.IMPORT,
            Verb.REGISTER_READ,
            Verb.REGISTER_WRITE,
            Verb.ORGANISATION_READ,
            Verb.ORGANISATION_WRITE,
            Verb.LISTING_READ,
            Verb.LISTING_RECORD,
            Verb.LISTING_VOID,
        )
        return operator(*verbs, because="a table taken in from the command line")
    account = Account.objects.filter(username=username.strip().lower()).first()
    if account is None:
        raise Refused(f"没有“{username}”这个账号，可用 lianxin user list 查看。")
    return actor_of(account, today=today())


def _is_village(code: str) -> bool:
    return bool(code) and level_of(code) == Level.VILLAGE


def _county(actor: Actor, code: str) -> str:
    """The county meant: what was written, that of the account's post, or the only one there is."""
    if code:
        if level_of(code) < Level.COUNTY or not Region.objects.filter(code=code).exists():
            raise Refused(f"没有“{code}”这个县（区）或村（社区），请核对。", field="region")
        return code[: Level.COUNTY.length]
    if actor.account != "operator":
        return ""
    counties = list(Region.objects.filter(level=Level.COUNTY, hidden=False).values_list("code", flat=True)[:2])
    if len(counties) != 1:
        raise Refused("请用 --region 写明是哪个县（区），例如 --region 330402。")
    return counties[0]
