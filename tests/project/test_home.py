"""The data folder: secrets that are made once, a home that says when it is occupied, addresses of databases."""

from __future__ import annotations

import stat
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest

from lianxin.base.errors import Refused
from lianxin.project.database import database_settings
from lianxin.project.home import Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv("LIANXIN_KEYS", raising=False)
    return Home(tmp_path / "a home")


def _read_secret(path: Path) -> str:
    return Home(path).secret("vault-1")


def test_of_many_first_starts_at_once_all_read_the_same_secret(home: Home) -> None:
    with ProcessPoolExecutor(4) as pool:
        secrets = set(pool.map(_read_secret, [home.path] * 40))

    assert len(secrets) == 1
    assert len(secrets.pop()) == 64
    assert [file.name for file in home.keys.iterdir()] == ["vault-1"]  # no drafts left lying about


def test_a_secret_is_for_its_owner_only_and_stays(home: Home) -> None:
    first = home.secret("django")

    assert home.secret("django") == first
    assert home.secret("vault-1") != first
    assert stat.S_IMODE((home.keys / "django").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700


def test_keys_may_stand_on_another_disk(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANXIN_KEYS", str(tmp_path / "safe"))

    home.secret("vault-1")

    assert (tmp_path / "safe" / "vault-1").is_file()
    assert not (home.path / "keys").exists()


def test_servers_share_a_home_and_a_restore_has_it_alone(home: Home) -> None:
    with home.occupied(alone=False) as one, home.occupied(alone=False) as two, home.occupied(alone=True) as restore:
        assert (one, two, restore) == (True, True, False)
    with home.occupied(alone=True) as restore, home.occupied(alone=False) as server:
        assert (restore, server) == (True, False)


def test_the_embedded_database_stands_in_a_path_with_spaces(home: Home) -> None:
    settings = database_settings(home.database_url)

    assert settings["NAME"] == str(home.path / "lianxin.sqlite3")
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_may_be_reached_through_a_socket(tmp_path: Path) -> None:
    settings = database_settings(f"postgresql://lianxin@{quote(str(tmp_path), safe='')}:5433/county")

    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == (str(tmp_path), 5433, "county")
    assert "jit=off" in settings["OPTIONS"]["options"]


def test_an_address_of_postgresql_may_say_more() -> None:
    settings = database_settings("postgresql://lianxin@db/county?sslmode=require&options=-c%20work_mem%3D8MB")

    assert settings["OPTIONS"]["sslmode"] == "require"
    assert settings["OPTIONS"]["options"].endswith("-c work_mem=8MB")


@pytest.mark.parametrize("address", ["mysql://x:geheim@h/d", "nonsense", "postgresql://x:geheim@h:port/d"])
def test_an_impossible_address_is_refused_without_repeating_its_password(address: str) -> None:
    with pytest.raises(Refused, match="LIANXIN_DATABASE_URL") as refusal:
        database_settings(address)

    assert "geheim" not in str(refusal.value)
