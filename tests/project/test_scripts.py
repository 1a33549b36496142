"""What make calls: locks without addresses, forbidden words found, a PostgreSQL that is always stopped."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements/run.txt", "requirements/test.txt")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_package_with_hashes_and_names_no_address_and_no_machine(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    packages = re.split(r"\n(?=[a-z0-9])", text)[1:]

    assert len(packages) > 20
    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []
    assert [package.split()[0] for package in packages if "==" not in package.split()[0]] == []
    assert re.findall(r"://|--index|--find-links|--trusted|@ |\s/\w", text) == []


def test_both_locks_agree() -> None:
    run, test = (
        set(re.findall(r"^[a-z0-9._-]+==\S+", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
        for lock in LOCKS
    )

    assert run <= test


@pytest.mark.parametrize(
    "words",
    [
        "see /" + "work/main",
        "index https://pypi" + ".org/simple",
        "closes " + "#12",
        "/root" + "/.cache",
    ],
)
def test_forbidden_words_are_found_with_file_and_line(words: str, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text(f"fine\n{words}\n", encoding="utf-8")

    done = subprocess.run(
        [sys.executable, ROOT / "scripts/words.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stdout.startswith("notes.md:2: ")


def test_ordinary_words_pass(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text(
        "网络/工作/ framework/x, docs/work.md, http://127.0.0.1:8000\n", encoding="utf-8"
    )

    done = subprocess.run([sys.executable, ROOT / "scripts/words.py"], cwd=tmp_path, capture_output=True, check=False)

    assert (done.returncode, done.stdout) == (0, b"")


def _with_postgres(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "scripts/with_postgres.py", *command], capture_output=True, text=True, check=False
    )


def test_postgresql_serves_one_command_and_is_gone_after_it_failed() -> None:
    if _with_postgres("--look").returncode != 0:
        pytest.skip("no PostgreSQL here: apt install postgresql")
    say = "import os; print(os.environ['LIANXIN_DATABASE_URL']); raise SystemExit(7)"

    done = _with_postgres(sys.executable, "-c", say)

    folder = re.search(r"%2Ftmp%2F(lianxin-pg-\w+):", done.stdout)
    assert folder is not None
    assert done.returncode == 7
    assert not Path("/tmp", folder.group(1)).exists()
    assert [line for line in _running() if folder.group(1).encode() in line] == []


def _running() -> Iterator[bytes]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # ended in the meantime
            yield path.read_bytes()


def test_a_machine_without_venv_is_told_the_one_line_to_run(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for name in ("scripts/setup.sh", *LOCKS):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n', encoding="ascii")
    python.chmod(0o755)

    done = subprocess.run(
        ["make", "setup", f"PYTHON={python}"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode != 0
    assert "apt install -y git make python3-venv" in done.stderr
    assert not (tmp_path / ".venv").exists()
