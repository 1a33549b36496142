"""The backup file: comes back byte for byte, and is refused whole when one byte of it is not as it was."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import stat
import tarfile
from pathlib import Path
from typing import Any

import pytest

from lianxin.base.errors import Refused
from lianxin.cli.archive import MANIFEST, Manifest, pack, unpack

FILES = {"database/copy": b"\x00\x01rows" * 5000, "home/catalog/a.toml": "名称".encode(), "keys/vault-1": b"k" * 64}
MOMENT = dt.datetime(2021, 12, 31, 23, 59, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    sources = {}
    for number, (name, content) in enumerate(FILES.items()):
        sources[name] = tmp_path / str(number)
        sources[name].write_bytes(content)
    target = tmp_path / "b.tar.gz"
    pack(
        target, sources, engine="sqlite", made_at=MOMENT, has_keys=True, keys_mark="m", migrations=("net.0001_initial",)
    )
    return target


def _unpacked(source: Path, tmp_path: Path) -> tuple[Manifest, dict[str, bytes]]:
    folder = tmp_path / "out"
    folder.mkdir()
    manifest = unpack(source, folder)
    return manifest, {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_was_packed_comes_back_byte_for_byte(packed: Path, tmp_path: Path) -> None:
    manifest, files = _unpacked(packed, tmp_path)

    assert files == FILES
    assert (manifest.engine, manifest.made_at, manifest.has_keys) == ("sqlite", "2021-12-31T23:59:00+08:00", True)
    assert manifest.migrations == ("net.0001_initial",)
    assert stat.S_IMODE(packed.stat().st_mode) == 0o600


def test_a_file_cut_short_is_refused(packed: Path, tmp_path: Path) -> None:
    whole = packed.read_bytes()
    for length in (0, 1, 20, len(whole) // 2, len(whole) - 20):
        packed.write_bytes(whole[:length])
        folder = tmp_path / f"cut-{length}"
        folder.mkdir()

        with pytest.raises(Refused):
            unpack(packed, folder)


def test_one_changed_byte_is_refused_or_changes_nothing(packed: Path, tmp_path: Path) -> None:
    whole = packed.read_bytes()
    refused = 0
    for place in range(10, len(whole), max(1, len(whole) // 60)):
        packed.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        folder = tmp_path / f"changed-{place}"
        folder.mkdir()
        try:
            unpack(packed, folder)
        except Refused:
            refused += 1
        else:
            assert all((folder / name).read_bytes() == content for name, content in FILES.items())

    assert refused > 50


def _repacked(source: Path, change: dict[str, bytes | None], manifest: dict[str, Any] | None = None) -> Path:
    """The archive with some members changed, added or (None) left out, well formed otherwise."""
    with tarfile.open(source) as tar:
        content = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
    words = json.loads(content.pop(MANIFEST)) | (manifest or {})
    target = source.with_name("changed.tar.gz")
    with tarfile.open(target, "w:gz") as tar:
        for name, data in {MANIFEST: json.dumps(words).encode(), **content, **change}.items():
            if data is not None:
                entry = tarfile.TarInfo(name)
                entry.size = len(data)
                tar.addfile(entry, io.BytesIO(data))
    return target


@pytest.mark.parametrize(
    "change",
    [
        {"database/copy": b"\x00\x01rowz" * 5000},
        {"database/copy": None},
        {"home/extra": b"not in the manifest"},
        {"../outside": b"climbs out"},
    ],
)
def test_members_that_the_manifest_does_not_vouch_for_are_refused(
    packed: Path, tmp_path: Path, change: dict[str, bytes | None]
) -> None:
    with pytest.raises(Refused, match="没有恢复任何东西"):
        _unpacked(_repacked(packed, change), tmp_path)

    assert not (tmp_path / "outside").exists()


def test_a_manifest_cannot_vouch_for_a_path_outside(packed: Path, tmp_path: Path) -> None:
    with tarfile.open(packed) as tar:
        pieces = json.loads(tar.extractfile(MANIFEST).read())["pieces"]  # type: ignore[union-attr]
    pieces.append({"name": "home/../../outside", "size": 0, "sha256": hashlib.sha256(b"").hexdigest()})

    with pytest.raises(Refused):
        _unpacked(_repacked(packed, {"home/../../outside": b""}, {"pieces": pieces}), tmp_path)

    assert not (tmp_path / "outside").exists()


def test_a_newer_format_asks_for_an_upgrade(packed: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="先升级连心"):
        _unpacked(_repacked(packed, {}, {"format": 2}), tmp_path)


def test_any_other_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "photo.tar.gz"
    with tarfile.open(other, "w:gz") as tar:
        tar.addfile(tarfile.TarInfo("photo.jpg"))

    with pytest.raises(Refused, match="不是连心的备份文件"):
        _unpacked(other, tmp_path)
