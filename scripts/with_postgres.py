"""Runs a command beside a PostgreSQL of its own: `python scripts/with_postgres.py COMMAND …`.

Exits as the command does; with `--look` alone it only says, by its exit code, whether one can be run here.
Own data folder, socket only (no network), an unprivileged user, no care for power cuts; stopped by its process id and
removed afterwards, also when the command fails or is interrupted. LIANXIN_DATABASE_URL tells the command where it is.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

OLDEST = 15
ROLE = "lianxin"
PR_SET_PDEATHSIG = 1
PATIENCE = 30  # seconds for starting, and again for stopping
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "autovacuum": "off",  # tests are short, and its locks would only come in between
    "listen_addresses": "",
    "max_connections": "60",
}


class Interrupted(Exception):
    """Somebody asked this process to stop."""


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine that is new enough."""
    found = [
        (int(folder.parent.name), folder)
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if folder.parent.name.isdigit() and (folder / "initdb").exists()
    ]
    found += [(OLDEST, Path(program).resolve().parent) for program in [shutil.which("initdb")] if program]
    fitting = [folder for version, folder in found if version >= OLDEST]
    return max(found)[1] if fitting else None


def unprivileged() -> dict[str, Any]:
    """How to start a process that is not root: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def die_with_parent() -> None:
    # Were this script killed outright, nobody else would stop the server.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def postgres(programs: Path) -> Iterator[str]:
    """A running server; gives its address."""
    # /tmp whatever TMPDIR says: a socket's path must stay under 108 characters.
    folder = Path(tempfile.mkdtemp(prefix="lianxin-pg-", dir="/tmp"))
    who = unprivileged()
    try:
        if who:
            os.chown(folder, who["user"], who["group"])
        lay(programs, folder, who)
        port = free_port()
        with running(programs, folder, who, port):
            yield f"postgresql://{ROLE}@{quote(str(folder), safe='')}:{port}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def lay(programs: Path, folder: Path, who: dict[str, Any]) -> None:
    # The folder is its owner's alone, so whoever reaches the socket may come in.
    command = [programs / "initdb", "-D", folder / "data", "-U", ROLE, "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run([*command, "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, cwd=folder, **who)


@contextmanager
def running(programs: Path, folder: Path, who: dict[str, Any], port: int) -> Iterator[None]:
    options = [f"--{name}={value}" for name, value in SETTINGS.items()]
    log = (folder / "log").open("w")
    server = subprocess.Popen(  # a session of its own: Ctrl+C is for us to hand on, in order
        [programs / "postgres", "-D", folder / "data", "-k", folder, "-p", str(port), *options],
        stdout=log,
        stderr=log,
        cwd=folder,
        start_new_session=True,
        preexec_fn=die_with_parent,
        **who,
    )
    try:
        await_ready(server, folder / f".s.PGSQL.{port}", folder / "log")
        yield
    finally:
        stop(server)
        log.close()


def await_ready(server: subprocess.Popen[bytes], address: Path, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        if address.exists() and "ready to accept connections" in log.read_text(errors="replace"):
            return
        time.sleep(0.05)
    raise SystemExit(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


def stop(server: subprocess.Popen[bytes]) -> None:
    for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is None:
            server.send_signal(request)
            try:
                server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                continue


def run(command: list[str], address: str) -> int:
    child = subprocess.Popen(command, env=os.environ | {"LIANXIN_DATABASE_URL": address})
    try:
        return child.wait()
    except (Interrupted, KeyboardInterrupt):
        child.terminate()
        child.wait(PATIENCE)
        return 130


def interrupt(*_: object) -> None:
    raise Interrupted


def main() -> int:
    programs = binaries()
    if sys.argv[1:] == ["--look"]:
        return 0 if programs else 3
    if programs is None:
        print(f"no PostgreSQL {OLDEST} or newer on this machine: apt install postgresql", file=sys.stderr)
        return 3
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        with postgres(programs) as address:
            return run(sys.argv[1:], address)
    except (Interrupted, KeyboardInterrupt):
        return 130


if __name__ == "__main__":
    sys.exit(main())
