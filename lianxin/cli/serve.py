"""`lianxin serve`: the production server, after whatever has to be prepared; prints where to go. No requests here."""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.conf import settings
from django.db import DatabaseError, connections
from granian import Granian
from granian.constants import Interfaces

from lianxin.base.days import now
from lianxin.base.errors import Refused
from lianxin.cli.check import require_sound
from lianxin.cli.firstrun import demo_lines, lay_demo_when_empty
from lianxin.cli.prepare import prepare
from lianxin.cli.speech import Command
from lianxin.exchange.imports.expiring import forget_stale
from lianxin.terms.carrying import carry_due

log = logging.getLogger(__name__)

THREADS = 4  # a worker: each holds a database connection, and Python runs one of them at a time
EVERY = 15  # seconds between looks at what is due at an hour
PATIENCE = 20  # seconds that requests under way are given when the server is stopped
_OWN = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 — every address of this machine is reached at its own


@click.command(cls=Command)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, metavar="端口", help="端口，默认 8000")
@click.option("--host", default="127.0.0.1", metavar="地址", help="监听的地址，默认只有本机（127.0.0.1）能访问")
@click.option("--workers", type=click.IntRange(1, 64), metavar="个数", help="工作进程数，默认与处理器数相同，最多 4")
@click.option("--demo-when-empty", is_flag=True, help="还没有任何账号时，先建一个演示县")
@click.pass_context
def command(ctx: click.Context, port: int, host: str, workers: int | None, demo_when_empty: bool) -> None:
    """启动网站。按 Ctrl+C 停止；正在处理的请求会先处理完。

    要让别的机器访问，用 --host 0.0.0.0，并把网站的域名写进 LIANXIN_HOSTS；前面有 HTTPS 时设 LIANXIN_HTTPS=1。
    """
    _require_free(host, port)
    require_sound(*settings.CATALOG_SOURCES)
    with settings.HOME.occupied(alone=False) as free:
        if not free:
            raise Refused("这个数据文件夹正在恢复备份，请等它完成。")
        prepare()
        if demo_when_empty:
            lay_demo_when_empty(ctx)
        threading.Thread(target=_greet_when_up, args=(host, port, demo_lines()), daemon=True).start()
        threading.Thread(target=_keep_hours, daemon=True).start()
        with _catalogue_aside():
            _serve(host, port, workers or min(4, os.cpu_count() or 1))


@contextmanager
def _catalogue_aside() -> Iterator[None]:
    """A copy of the catalogue for as long as the server runs: a worker that starts later reads what the first one read.

    Two workers with two catalogues would count one visit in two ways.
    """
    folder: Path = settings.HOME.path / "serving"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as aside:
        for source, name in zip(settings.CATALOG_SOURCES, ("shipped", "overlay"), strict=True):
            if source.is_dir():
                shutil.copytree(source, Path(aside) / name)
        require_sound(Path(aside) / "shipped", Path(aside) / "overlay")
        os.environ["LIANXIN_SERVED_CATALOG"] = aside
        yield


def _keep_hours() -> None:
    """What is due at an hour, whether or not anybody is looking. One process does it; a second one does no harm."""
    while True:
        time.sleep(EVERY)
        try:
            carry_due(now())
            forget_stale(now())
        except DatabaseError:
            log.exception("what was due could not be done; it is tried again")
        finally:
            connections.close_all()


def _serve(host: str, port: int, workers: int) -> None:
    os.environ["LIANXIN_SERVED_BY"] = str(os.getpid())
    # Workers start afresh: a forked one would share this process's database connection and its settings, which were
    # read before the static files were collected.
    multiprocessing.set_start_method("spawn", force=True)
    connections.close_all()
    Granian(
        "lianxin.project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
        log_enabled=False,
    ).serve()


def _require_free(host: str, port: int) -> None:
    # Granian shares ports between processes, so a second server would start beside the first without a word.
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        raise Refused(f"没有 {host} 这个地址，请改 --host。") from error
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(address)
        except PermissionError as error:
            raise Refused(f"没有权限使用 {port} 端口，请用 --port 换一个 1024 以上的。") from error
        except OSError as error:
            raise Refused(f"{host} 的 {port} 端口用不了（可能已有网站在用），请用 --port 换一个。") from error


def _greet_when_up(host: str, port: int, more: list[str]) -> None:
    """Says where to go once somebody answers there; until then a browser would be refused."""
    reached = _OWN.get(host, host)
    while True:
        try:
            socket.create_connection((reached, port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    shown = f"[{reached}]" if ":" in reached else reached
    lines = [f"连心已启动：http://{shown}:{port}", *more, f"数据在 {settings.HOME.path}。按 Ctrl+C 停止。"]
    click.echo("\n".join(lines))
