"""`lianxin vault …`: which keys there are and what they sealed; a new key, and everything sealed anew with it."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from django.conf import settings
from django.db import transaction

from lianxin.access.actor import operator
from lianxin.audit.log import note
from lianxin.audit.models import Act
from lianxin.base.days import now
from lianxin.base.errors import Refused
from lianxin.cli.prepare import ensure_database
from lianxin.cli.speech import Command, Group, parts
from lianxin.files import disk
from lianxin.vault import keys, rotate
from lianxin.vault.box import Unsealable, forget_keyring, keyring
from lianxin.vault.ciphers import SCHEMES

_SAID = {scheme.byte: scheme.said for scheme in SCHEMES.values()}


@click.group(cls=Group)
def command() -> None:
    """密钥：看一看，换一把。"""
    ensure_database()


@command.command(cls=Command)
@click.option("--json", "as_json", is_flag=True, help="用 JSON 说明结果")
def status(as_json: bool) -> None:
    """有哪几把密钥、各加密了多少处、现在用哪一把。密钥本身不显示。"""
    ring = keyring()
    sums = _sums()
    listed = [
        {
            "key": name.number,
            "scheme": name.scheme.said,
            "sealed": sums.get(name.header, 0),
            "seals_now": name.header == ring.current,
        }
        for name in keys.key_names()
    ]
    if as_json:
        click.echo(json.dumps({"keys": listed, "hashes": f"hmac-{ring.hash_name}"}, ensure_ascii=False))
        return
    for each in listed:
        used = "，现在用它加密" if each["seals_now"] else "，可以收走" if not each["sealed"] else ""
        click.echo(f"第 {each['key']} 把（{each['scheme']}）：{each['sealed']} 处{used}。")
    click.echo(f"查找用的指纹另有一把密钥（hmac-{ring.hash_name}），换密钥时不动它：动了就要逐个打开号码重算。")


@command.command("rotate", cls=Command)
@click.option("--scheme", type=click.Choice(list(SCHEMES)), help="新密钥用哪种算法（默认和现在的一样）")
@click.option("--json", "as_json", is_flag=True, help="用 JSON 说明结果")
def rotate_(scheme: str | None, as_json: bool) -> int:
    """换一把密钥，把所有加密的内容用新密钥重新加密。网站可以照常使用；中断了再运行一次就接着做。"""
    with _alone():
        number = _key_to_use(scheme)
        resealed = rotate.reseal(parts())
        done, unopened = _files(parts())
    told = {"key": number, "scheme": _SAID[keyring().current[0]], "resealed": resealed.done + done}
    wrong = [*resealed.unopened, *unopened]
    if as_json:
        click.echo(json.dumps(told | {"unopened": wrong}, ensure_ascii=False))
    else:
        click.echo(f"现在用第 {number} 把密钥（{told['scheme']}），重新加密了 {told['resealed']} 处。")
        click.echo("请把 keys 文件夹重新备份一份，和数据分开放；旧密钥要留到旧备份都不用了为止。")
        if wrong:
            click.echo(f"有 {len(wrong)} 处打不开，保持原样。第一处：{wrong[0]}。")
    return 1 if wrong else 0


@command.command(cls=Command)
@click.argument("number", metavar="第几把", type=click.IntRange(1, keys.MOST))
def retire(number: int) -> None:
    """不再要求一把旧密钥在场：先看清没有内容还靠它。文件请自己移到保险柜，旧备份还要用它。"""
    name = next((each for each in keys.key_names() if each.number == number), None)
    if name is None:
        raise Refused(f"没有第 {number} 把密钥。")
    if name.header == keyring().current or _sums().get(name.header):
        raise Refused(f"第 {number} 把密钥还在用，请先运行 lianxin vault rotate。")
    keys.retire(name.file)
    click.echo(f"已不再要求第 {number} 把密钥在场。请把 {settings.HOME.keys / name.file} 移到保险柜，旧备份还要用它。")


@contextmanager
def _alone() -> Iterator[None]:
    with (settings.HOME.path / ".rotating").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("另一个窗口正在换密钥，请等它做完。") from None
        yield


def _key_to_use(scheme: str | None) -> int:
    """A new key, or the newest where an earlier change was broken off."""
    ring = keyring()
    older = sum(number for header, number in _sums().items() if header != ring.current)
    wanted = SCHEMES[scheme or _SAID[ring.current[0]]]
    if older and wanted.byte == ring.current[0]:
        click.echo("上次换密钥没有做完，接着做。", err=True)
        return ring.current[1]
    with transaction.atomic():
        name = keys.make_next(wanted)
        note(operator(because="changing keys"), Act.KEYS, at=now(), what=f"{name.scheme.said} {name.number}")
    forget_keyring()
    return name.number


def _sums() -> dict[tuple[int, int], int]:
    sums: dict[tuple[int, int], int] = {}
    for column in rotate.counted().values():
        for header, number in column.items():
            sums[header] = sums.get(header, 0) + number
    for key in disk.kept():
        header = disk.header_of(key)
        sums[header] = sums.get(header, 0) + 1
    return sums


def _files(tell: Callable[[str, int, int], None]) -> tuple[int, list[str]]:
    done, unopened = 0, list[str]()
    for key in disk.kept():
        if disk.header_of(key) == keyring().current:
            continue
        try:
            disk.seal_again(key)
            done += 1
        except Unsealable:
            unopened.append(f"files {key}")
        except FileNotFoundError:  # thrown away in the meantime
            continue
        tell("重新加密材料", done, done)
    return done, unopened
