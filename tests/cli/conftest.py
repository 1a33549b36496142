"""The command as a person meets it: in this process on the test database, or as a process in a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lianxin.cli.main import run


@dataclass(frozen=True)
class Said:
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def lianxin(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """`lianxin("regions", "load", "330402")` in this process."""

    def ran(*arguments: str) -> Said:
        capsys.readouterr()
        code = run(arguments)
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return ran


@dataclass(frozen=True)
class Installation:
    """A home of its own, with the command run in it as its own process."""

    home: Path
    database: str = ""

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIANXIN_", "PYTEST_"))}
        return kept | {"LIANXIN_HOME": str(self.home), "LIANXIN_DATABASE_URL": self.database}

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "lianxin.cli", *arguments]

    def run(self, *arguments: str) -> Said:
        done = subprocess.run(
            self.command(*arguments), env=self.environment, capture_output=True, text=True, check=False, timeout=120
        )
        return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "a home")
