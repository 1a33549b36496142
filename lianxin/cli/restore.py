"""`lianxin restore FILE`: a backup laid back, checked to the last byte first, all of it or nothing."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import tempfile
from pathlib import Path

import click
from django.conf import settings

from lianxin.base import days
from lianxin.base.errors import Refused
from lianxin.cli.archive import Manifest, unpack
from lianxin.cli.backup import make_backup
from lianxin.cli.copies import COPY, engine, lay_back, require_sound
from lianxin.cli.keys import keys_mark
from lianxin.cli.prepare import is_empty_home, known_migrations
from lianxin.cli.speech import Command, progress


@click.command(cls=Command)
@click.argument("file", metavar="文件", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--force", is_flag=True, help="这里已有数据也恢复；原有的数据先挪到 backups/ 里")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 说明结果")
def command(file: Path, force: bool, as_json: bool) -> None:
    """从备份文件恢复数据。先核对校验值，全对了才动手；网站要先停下。"""
    with settings.HOME.occupied(alone=True) as free:
        if not free:
            raise Refused("网站正在使用这个数据文件夹，请先停下它再恢复。")
        if not force and not is_empty_home():
            raise Refused(
                f"{settings.HOME.path} 里已有数据。确实要换成备份里的，请加 --force；原有的会先挪到 backups/。"
            )
        restored = restore(file, days.now())
    _tell(restored, as_json=as_json)


def restore(file: Path, now: dt.datetime) -> Manifest:
    """Unpack beside, check, change places. What stood there goes to backups/replaced-…, its keys to keys/replaced-…."""
    home: Path = settings.HOME.path
    aside = home / "backups" / f"replaced-{now:%Y%m%d-%H%M%S-%f}"
    with tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as name:
        folder = Path(name)
        progress("核对备份 …")
        manifest = unpack(file, folder)
        _require_fitting(manifest)
        copy = folder / COPY
        if not copy.is_file():
            raise Refused("备份里没有数据库，没有恢复任何东西；请换一份备份。")
        require_sound(copy)
        progress("恢复 …")
        if engine() == "postgresql" and not is_empty_home():
            make_backup(aside.with_suffix(".tar.gz"), now, with_keys=False)
        lay_back(copy, aside)
        _change_files(folder / "home", home, aside)
        # Keys that are replaced stay among keys: never beside the data that they open.
        _change_files(folder / "keys", settings.HOME.keys, settings.HOME.keys / aside.name)
        if aside.is_dir() and not any(aside.iterdir()):
            aside.rmdir()  # with PostgreSQL all that was replaced is in the backup beside it
    return manifest


def _require_fitting(manifest: Manifest) -> None:
    if manifest.engine != engine():
        theirs, ours = (_CALLED.get(name, name) for name in (manifest.engine, engine()))
        raise Refused(f"这份备份来自{theirs}，这里用的是{ours}，不能直接恢复。")
    if set(manifest.migrations) - known_migrations():
        raise Refused("这份备份来自更新的版本，请先升级连心再恢复。")


_CALLED = {"sqlite": "自带的数据库", "postgresql": " PostgreSQL "}


def _change_files(fresh: Path, place: Path, aside: Path) -> None:
    """Every file of `fresh` into its place; one that is replaced is kept aside."""
    for path in sorted(fresh.rglob("*")) if fresh.is_dir() else ():
        if not path.is_file():
            continue
        inside = path.relative_to(fresh)
        old, kept = place / inside, aside / inside
        if old.is_file() and old.read_bytes() != path.read_bytes():
            kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copy2(old, kept)
        old.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # The keys may be on another disk, where a rename does not reach: copied beside, then renamed.
        draft = old.with_name(f".{old.name}.new")
        shutil.copy2(path, draft)
        os.replace(draft, old)


def _tell(manifest: Manifest, *, as_json: bool) -> None:
    fitting = not manifest.keys_mark or manifest.keys_mark == keys_mark(settings.HOME.keys)
    if as_json:
        told = {"made_at": manifest.made_at, "lianxin": manifest.lianxin, "keys_fit": fitting}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"已恢复 {manifest.made_at[:16].replace('T', ' ')} 的备份。运行 lianxin serve 启动。")
        click.echo("查阅记录从备份那一刻接着记：请运行 lianxin audit accept --because 原因。")
    if not fitting:
        progress(f"注意：密钥不在备份里。请把原来的密钥放回 {settings.HOME.keys}，否则身份证号和电话读不出来。")
