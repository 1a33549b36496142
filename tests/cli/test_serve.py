"""The server as a process: starts in an empty home, says where it is, stops when told, keeps what it had."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator

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
