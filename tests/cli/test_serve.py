"""The server as a process: starts in an empty home, says where it is, stops when told, keeps what it had."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.cli.conftest import Installation


@pytest.fixture(autouse=True)
def embedded(django_db_setup: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the server is the same; the embedded database is enough")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


Start = Callable[..., tuple["subprocess.Popen[str]", int, str]]


@pytest.fixture
def start(installation: Installation) -> Iterator[Start]:
    servers: list[subprocess.Popen[str]] = []

    def started(*options: str) -> tuple[subprocess.Popen[str], int, str]:
        """The process, its port, and the line with its address, once it answers there."""
        port = _free_port()
        server = subprocess.Popen(
            installation.command("serve", "--port", str(port), "--workers", "1", *options),
            env=installation.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        servers.append(server)
        assert server.stdout is not None
        return server, port, server.stdout.readline()

    yield started
    for server in servers:
        if server.poll() is None:
            server.kill()
        server.wait()
        assert server.stdout is not None
        server.stdout.close()


def _get(port: int, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_an_empty_home_is_prepared_and_served_until_it_is_told_to_stop(
    installation: Installation, start: Start
) -> None:
    server, port, greeting = start()

    assert greeting == f"连心已启动：http://127.0.0.1:{port}\n"
    assert _get(port, "/").status in {200, 302, 404}
    server.send_signal(signal.SIGTERM)
    assert server.wait(60) == 0
    assert (installation.home / "static" / "staticfiles.json").is_file()


def test_static_files_are_compressed_and_kept_by_browsers(installation: Installation, start: Start) -> None:
    server, port, _ = start()
    names = json.loads((installation.home / "static" / "staticfiles.json").read_text(encoding="utf-8"))["paths"]

    response = _get(port, "/static/" + names["django_htmx/htmx-2.min.js"])

    assert response.status == 200
    assert response.headers["Content-Encoding"] == "gzip"
    assert "immutable" in response.headers["Cache-Control"]
    server.send_signal(signal.SIGINT)
    assert server.wait(60) == 0


def test_a_second_start_loses_nothing(installation: Installation, start: Start) -> None:
    installation.run("user", "add", "clerk", "--name", "测试甲")
    server, _, _ = start()
    server.send_signal(signal.SIGTERM)
    server.wait(60)

    server, port, greeting = start("--demo-when-empty")

    assert str(port) in greeting
    assert installation.run("user", "list").out.startswith("clerk\t")


def test_a_port_in_use_is_said_and_a_restore_waits_for_the_server_to_stop(
    installation: Installation, start: Start
) -> None:
    installation.run("prepare")
    backup = installation.home / "backups" / "b.tar.gz"
    installation.run("backup", str(backup))
    _, port, _ = start()

    second = installation.run("serve", "--port", str(port))
    restore = installation.run("restore", str(backup), "--force")

    assert (second.code, restore.code) == (2, 2)
    assert f"{port} 端口用不了" in second.err
    assert "请先停下" in restore.err


def _broken_overlay(installation: Installation) -> None:
    folder = installation.home / "catalog" / "programmes" / "care"
    folder.mkdir(parents=True)
    (folder / "festival-care.toml").write_text('code = "festival-care"\nextends = true\nshrot = "节日"\n', "utf-8")


def test_a_broken_overlay_stops_the_start_with_the_words_of_check(installation: Installation) -> None:
    _broken_overlay(installation)

    served, checked = installation.run("serve", "--port", str(_free_port())), installation.run("check")

    assert (served.code, checked.code) == (2, 2)
    assert "本县目录 programmes/care/festival-care.toml" in checked.err
    assert {line.strip() for line in checked.err.splitlines()[:-1]} < {line.strip() for line in served.err.splitlines()}
    assert not (installation.home / "lianxin.sqlite3").exists()  # stopped before anything was made


def test_a_broken_roles_file_stops_the_start_too(installation: Installation, tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parents[2] / "catalog", tmp_path / "ours")
    (tmp_path / "ours" / "roles.toml").write_text("[[role]\n", encoding="utf-8")
    environment = installation.environment | {"LIANXIN_CATALOG": str(tmp_path / "ours")}

    for arguments in (["serve", "--port", str(_free_port())], ["check"]):
        done = subprocess.run(
            installation.command(*arguments), env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 2
        assert "roles.toml：读不出来" in done.stderr


def test_another_server_stops_at_its_start_as_well(installation: Installation) -> None:
    _broken_overlay(installation)

    done = subprocess.run(
        [sys.executable, "-c", "import lianxin.project.wsgi"],
        env=installation.environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip

    assert done.returncode == 2
    assert "本县目录 programmes/care/festival-care.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_worker_that_starts_later_works_by_the_catalogue_of_the_start(
    installation: Installation, start: Start
) -> None:
    server, port, _ = start()
    _broken_overlay(installation)  # whoever read the files now would not start
    assert _get(port, "/sign-in/").status == 200

    first = _workers_of(server)
    for worker in first:
        os.kill(worker, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while not _answers(port) or _workers_of(server) & first:
        assert time.monotonic() < deadline
        time.sleep(0.2)

    assert _get(port, "/sign-in/").status == 200
    server.send_signal(signal.SIGTERM)
    assert server.wait(60) == 0
    assert list((installation.home / "serving").iterdir()) == []


def _workers_of(server: subprocess.Popen[str]) -> set[int]:
    """The processes that answer requests; the other child of a server only watches over what they share."""
    listed = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text(encoding="ascii").split()
    return {int(pid) for pid in listed if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def _answers(port: int) -> bool:
    try:
        return _get(port, "/sign-in/").status == 200
    except OSError:
        return False
