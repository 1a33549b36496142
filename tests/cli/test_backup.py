"""Backup and restore as processes in homes of their own, on the engine of the run."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

from tests.cli.conftest import Installation

Maker = Callable[[str], Installation]


@pytest.fixture
def fresh(tmp_path: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[Maker]:
    """Makes installations: on PostgreSQL each with a database of its own beside the tests'."""
    made: list[str] = []

    def installed(name: str) -> Installation:
        home = tmp_path / f"home {name}"
        if connection.vendor != "postgresql":
            return Installation(home)
        database = f"{connection.settings_dict['NAME']}_{name}"
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{database}" TEMPLATE template0')
        made.append(database)
        told = connection.settings_dict
        host = quote(told["HOST"], safe="")
        return Installation(home, f"postgresql://{told['USER']}:{told['PASSWORD']}@{host}:{told['PORT']}/{database}")

    yield installed
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for database in made:
            cursor.execute(f'DROP DATABASE "{database}" WITH (FORCE)')


@pytest.fixture
def county(fresh: Maker) -> Installation:
    """A home with one account and a county's own catalogue file."""
    home = fresh("one")
    home.run("user", "add", "clerk", "--name", "测试甲")
    (home.home / "catalog").mkdir()
    (home.home / "catalog" / "note.txt").write_text("本县", encoding="utf-8")
    return home


def test_a_backup_comes_back_in_an_empty_home(county: Installation, fresh: Maker, tmp_path: Path) -> None:
    file = tmp_path / "b.tar.gz"

    backed = county.run("backup", str(file))
    other = fresh("two")
    restored = other.run("restore", str(file))

    assert (backed.code, restored.code) == (0, 0), (backed, restored)
    assert "密钥不在其中" in backed.out
    assert other.run("user", "list").out == county.run("user", "list").out != ""
    assert (other.home / "catalog" / "note.txt").read_text(encoding="utf-8") == "本县"
    with tarfile.open(file) as tar:
        assert [name for name in tar.getnames() if name.startswith("keys")] == []


def test_a_home_with_data_is_kept_unless_forced_and_then_set_aside(
    county: Installation, fresh: Maker, tmp_path: Path
) -> None:
    file = tmp_path / "b.tar.gz"
    county.run("backup", str(file))
    other = fresh("two")
    other.run("user", "add", "other", "--name", "测试乙")

    refused = other.run("restore", str(file))
    untouched = other.run("user", "list").out
    forced = other.run("restore", str(file), "--force")

    assert refused.code == 2
    assert "已有数据" in refused.err
    assert untouched.startswith("other\t")
    assert forced.code == 0, forced
    assert other.run("user", "list").out.startswith("clerk\t")
    assert b"other" in _set_aside(other)


def _set_aside(installation: Installation) -> bytes:
    """The database that was replaced: the file itself, or a backup of it beside the other files."""
    kept = {aside.is_dir(): aside for aside in (installation.home / "backups").iterdir()}
    if False not in kept:
        return (kept[True] / "lianxin.sqlite3").read_bytes()
    with tarfile.open(kept[False]) as tar:
        content = tar.extractfile("database/copy")
        assert content is not None
        return content.read()


def test_a_damaged_backup_changes_nothing(county: Installation, tmp_path: Path) -> None:
    file = tmp_path / "b.tar.gz"
    county.run("backup", str(file))
    file.write_bytes(file.read_bytes()[:-300])
    before = county.run("user", "list").out

    refused = county.run("restore", str(file), "--force")

    assert refused.code == 2
    assert "没有恢复任何东西" in refused.err
    assert county.run("user", "list").out == before != ""
    assert [path.name for path in county.home.iterdir() if path.name.startswith(".restore")] == []


def test_keys_go_along_only_when_asked_and_their_lack_is_said(
    county: Installation, fresh: Maker, tmp_path: Path
) -> None:
    (county.home / "keys" / "vault-1").write_text("ab" * 32, encoding="ascii")
    without, along = tmp_path / "without.tar.gz", tmp_path / "along.tar.gz"
    county.run("backup", str(without))
    county.run("backup", str(along), "--with-keys")
    one, other = fresh("two"), fresh("three")

    lacking = one.run("restore", str(without), "--json")
    complete = other.run("restore", str(along), "--json")

    assert lacking.json["keys_fit"] is False
    assert "请把原来的密钥放回" in lacking.err
    assert complete.json["keys_fit"] is True
    assert (other.home / "keys" / "vault-1").read_text(encoding="ascii") == "ab" * 32


def test_an_existing_file_is_not_written_over(county: Installation, tmp_path: Path) -> None:
    file = tmp_path / "mine.tar.gz"
    file.write_text("mine", encoding="ascii")

    refused = county.run("backup", str(file))

    assert refused.code == 2
    assert file.read_text(encoding="ascii") == "mine"


def test_nothing_to_back_up_is_said(fresh: Maker, tmp_path: Path) -> None:
    refused = fresh("one").run("backup", str(tmp_path / "b.tar.gz"))

    assert refused.code == 2
    assert "还没有数据" in refused.err
    assert not (tmp_path / "b.tar.gz").exists()
