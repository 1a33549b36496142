"""Keys on the disk: the newest seals, a lost one is missed, a new one is taken up while others work."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lianxin.project.home import Home
from lianxin.vault import keys
from lianxin.vault.box import forget_keyring, keyed_hash, keyring, seal, unseal
from lianxin.vault.ciphers import Scheme
from lianxin.vault.keys import KeysMissing

PHONE = "13812342764"


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A home of its own with keys apart."""
    settings.HOME = Home(tmp_path / "home")
    forget_keyring()
    yield tmp_path / "home"
    forget_keyring()


def test_the_first_key_and_the_key_of_hashes_are_made_once(home: Path) -> None:
    first = seal(PHONE, context="person.phone")
    forget_keyring()

    assert unseal(first, context="person.phone") == PHONE
    assert sorted(path.name for path in (home / "keys").iterdir()) == ["vault-1", "vault-hash"]
    assert first[:2] == b"\x01\x01"


def test_a_new_key_seals_at_once_and_the_old_one_still_opens(home: Path) -> None:
    old = seal(PHONE, context="person.phone")
    mark = keyed_hash(PHONE, purpose="phone")

    keys.make_next(Scheme.SM4_GCM)
    new = seal(PHONE, context="person.phone")

    assert new[:2] == b"\x02\x02"
    assert unseal(old, context="person.phone") == unseal(new, context="person.phone") == PHONE
    assert keyed_hash(PHONE, purpose="phone") == mark


def test_a_process_that_has_not_seen_the_new_key_yet_finds_it_when_it_needs_it(home: Path) -> None:
    """Another process made a key and sealed with it within one step of the clock of the disk."""
    keyring()
    stood = (home / "keys").stat()
    keys.make_next(Scheme.AES_256_GCM)
    forget_keyring()
    sealed = seal(PHONE, context="person.phone")
    (home / "keys" / "vault-2").rename(home / "vault-2")
    keys.retire("vault-2")
    forget_keyring()
    keyring()
    (home / "vault-2").rename(home / "keys" / "vault-2")
    os.utime(home / "keys", ns=(stood.st_atime_ns, stood.st_mtime_ns))

    assert unseal(sealed, context="person.phone") == PHONE


def test_a_new_home_may_begin_with_sm4_and_sm3(home: Path, settings: Any) -> None:
    settings.VAULT_SCHEME = "sm4-gcm"

    sealed = seal(PHONE, context="person.phone")
    mark = keyed_hash(PHONE, purpose="phone")

    assert sealed[:2] == b"\x02\x01"
    assert sorted(path.name for path in (home / "keys").iterdir()) == ["vault-1-sm4", "vault-hash-sm3"]
    assert keyring().hash_name == "sm3"
    assert len(mark) == 32


def test_an_unknown_scheme_is_refused(home: Path, settings: Any) -> None:
    settings.VAULT_SCHEME = "rot13"

    with pytest.raises(keys.Refused, match="LIANXIN_VAULT_SCHEME"):
        seal(PHONE, context="person.phone")


@pytest.mark.parametrize("gone", ["vault-1", "vault-hash"])
def test_a_lost_key_is_missed_and_no_new_one_made(home: Path, gone: str) -> None:
    sealed = seal(PHONE, context="person.phone")
    (home / "keys" / gone).rename(home / "put aside")
    forget_keyring()

    with pytest.raises(KeysMissing, match="不要另造新的"):
        unseal(sealed, context="person.phone")

    assert not (home / "keys" / gone).exists()
    (home / "put aside").rename(home / "keys" / gone)
    assert unseal(sealed, context="person.phone") == PHONE


def test_a_key_that_was_exchanged_is_noticed(home: Path) -> None:
    seal(PHONE, context="person.phone")
    (home / "keys" / "vault-1").write_text("ab" * 32, encoding="ascii")
    forget_keyring()

    with pytest.raises(KeysMissing, match="不是原来那一把"):
        keyring()


def test_a_broken_key_is_said(home: Path) -> None:
    (home / "keys").mkdir(parents=True)
    (home / "keys" / "vault-1").write_text("nonsense", encoding="ascii")

    with pytest.raises(KeysMissing, match="坏了"):
        keyring()


def test_where_the_disk_of_keys_is_taken_out_nothing_opens_any_more(home: Path) -> None:
    sealed = seal(PHONE, context="person.phone")
    (home / "keys").rename(home / "taken out")

    with pytest.raises(KeysMissing):
        unseal(sealed, context="person.phone")


def test_the_list_of_keys_tells_none_of_them(home: Path) -> None:
    seal(PHONE, context="person.phone")
    said = (home / keys.KNOWN).read_text(encoding="ascii")

    for path in (home / "keys").iterdir():
        assert path.name in said
        assert path.read_text(encoding="ascii") not in said
