"""`lianxin backup FILE`: everything a county would miss, in one file, while the site goes on working."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from pathlib import Path

import click
from django.conf import settings

from lianxin.audit.witness import FILE as HEAD
from lianxin.base import days
from lianxin.base.errors import Refused
from lianxin.cli.archive import Manifest, files_under, pack
from lianxin.cli.copies import COPY, copy_database, engine
from lianxin.cli.keys import keys_mark
from lianxin.cli.prepare import applied_migrations
from lianxin.cli.speech import Command, progress

# What can be made anew, what is a backup itself, and the database, which is copied in its own way.
LEFT_OUT = frozenset(
    {"static", "static.new", "static.old", "keys", "backups", "serving", ".occupied", HEAD, f"{HEAD}-turn"}
)


@click.command(cls=Command)
@click.argument("file", required=False, metavar="[文件]", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-keys", is_flag=True, help="连同密钥一起备份（这样的文件谁拿到都能读出身份证号和电话）")
@click.option("--force", is_flag=True, help="覆盖已有的文件")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 说明结果")
def command(file: Path | None, with_keys: bool, force: bool, as_json: bool) -> None:
    """把数据库和本县的文件备份成一个 .tar.gz，网站可以照常使用。

    不写文件名时放进数据文件夹的 backups/。密钥默认不在其中，请另外保管 keys 文件夹：没有它，身份证号和电话读不出来。
    """
    now = days.now()
    target = file or settings.HOME.path / "backups" / f"lianxin-{now:%Y%m%d-%H%M%S}.tar.gz"
    if target.exists() and not force:
        raise Refused(f"已经有 {target} 了，请换个名字，或加 --force 覆盖。")
    if not applied_migrations():
        raise Refused("这里还没有数据可以备份。")
    manifest = make_backup(target, now, with_keys=with_keys)
    _tell(target, manifest, as_json=as_json)


def make_backup(target: Path, now: dt.datetime, *, with_keys: bool) -> Manifest:
    """Copy, checksum, pack. Nothing stands under the target's name until it is whole."""
    home: Path = settings.HOME.path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    own = frozenset({f"{settings.HOME.database.name}{end}" for end in ("", "-wal", "-shm", "-journal", "-turn")})
    with tempfile.TemporaryDirectory(dir=home, prefix=".backup-") as folder:
        copy = Path(folder) / "copy"
        progress("复制数据库 …")
        copy_database(copy)
        files = {COPY: copy}
        files |= files_under(home, "home", without=LEFT_OUT | own | {Path(folder).name})
        if with_keys:
            files |= files_under(settings.HOME.keys, "keys")
        files = {name: path for name, path in files.items() if path.absolute() != target.absolute()}
        progress("打包 …")
        return pack(
            target,
            files,
            engine=engine(),
            made_at=now,
            has_keys=with_keys,
            keys_mark=keys_mark(settings.HOME.keys),
            migrations=applied_migrations(),
        )


def _tell(target: Path, manifest: Manifest, *, as_json: bool) -> None:
    size = target.stat().st_size
    if as_json:
        told = {"file": str(target), "size": size, "engine": manifest.engine, "keys": manifest.has_keys}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"已备份到 {target}（{size / 1e6:.1f} MB）。")
    if manifest.has_keys:
        click.echo("其中有密钥：请像保管档案柜钥匙一样保管这个文件。")
    else:
        click.echo(f"密钥不在其中：请把 {settings.HOME.keys} 另外保管好。")
