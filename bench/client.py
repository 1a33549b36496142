"""A browser without a screen: keep-alive, cookies, the form's token. And what the server's processes have used."""

from __future__ import annotations

import http.client
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Client:
    """One signed-in person at one connection."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method: str, path: str, typed: list[tuple[str, str]] | None = None) -> tuple[int, str]:
        body = urlencode(typed) if typed else None
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"http://127.0.0.1:{self.port}/",
            }
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server lets go of connections that nobody used for a while; a browser would connect anew as well.
            self._connection.close()
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer.status, text

    def sign_in(self, username: str, password: str) -> None:
        status, page = self.ask("GET", "/sign-in/")
        status, page = self.ask(
            "POST", "/sign-in/", [("csrfmiddlewaretoken", token(page)), ("username", username), ("password", password)]
        )
        if status != 302:
            raise RuntimeError(f"{username} was not let in ({status})")


def token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if found is None:
        raise RuntimeError("a form without its token")
    return found[1]


@dataclass(frozen=True)
class Times:
    """What one kind of work took: milliseconds, and the server's processor time a request."""

    work: str
    p50: float
    p95: float
    p99: float
    cpu: float
    a_second: float
    plain: float = 0.0

    @property
    def ratio(self) -> float:
        return self.p50 / self.plain if self.plain else 0.0


def timed(
    work: str, times: int, act: Callable[[int], None], *, server: int, plain: Callable[[], None] | None = None
) -> Times:
    """`times` runs one after another after three that do not count; `plain` is the same question in plain SQL."""
    for number in range(3):
        act(-1 - number)
    before, began = processor_seconds(server), time.perf_counter()
    took = []
    for number in range(times):
        start = time.perf_counter()
        act(number)
        took.append((time.perf_counter() - start) * 1000)
    wall = time.perf_counter() - began
    used = (processor_seconds(server) - before) * 1000 / times
    return Times(work, *percentiles(took), used, times / wall, median_of(plain) if plain else 0.0)


def median_of(act: Callable[[], None], times: int = 11) -> float:
    took = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        took.append((time.perf_counter() - start) * 1000)
    return sorted(took)[len(took) // 2]


def percentiles(took: list[float]) -> tuple[float, float, float]:
    ordered = sorted(took)
    return tuple(ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 0.99))  # type: ignore[return-value]


def processor_seconds(root: int) -> float:
    """User and system time of a process and everything below it."""
    children: dict[int, list[int]] = {}
    used: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended meanwhile
            children.setdefault(int(fields[1]), []).append(int(folder.name))
            used[int(folder.name)] = (int(fields[11]) + int(fields[12])) / TICKS
    total, waiting = 0.0, [root]
    while waiting:
        process = waiting.pop()
        total += used.get(process, 0.0)
        waiting += children.get(process, [])
    return total
