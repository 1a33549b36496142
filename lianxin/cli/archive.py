"""The backup file: a tar.gz of a manifest with checksums, the database, a county's own files, and the keys if asked.

Packing, checking and unpacking. Taking a copy of the database and laying one back stand in `copies`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from lianxin.base.errors import Refused

FORMAT = 1
MANIFEST = "manifest.json"
_CHUNK = 1 << 20
_BROKEN = "这个备份文件不完整或被改动过，没有恢复任何东西；请换一份备份。"


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of an archive: its name inside, its size in bytes, its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself. `migrations` are “app.name”; `keys_mark` tells keys apart unshown."""

    engine: str
    made_at: str
    lianxin: str
    has_keys: bool
    keys_mark: str
    migrations: tuple[str, ...]
    pieces: tuple[Piece, ...]
    format: int = FORMAT


def pack(
    target: Path,
    files: dict[str, Path],
    *,
    engine: str,
    made_at: dt.datetime,
    has_keys: bool,
    keys_mark: str,
    migrations: tuple[str, ...],
) -> Manifest:
    """Write the archive under another name and rename it when whole, readable by its owner only."""
    manifest = Manifest(
        engine=engine,
        made_at=made_at.isoformat(timespec="seconds"),
        lianxin=version("lianxin"),
        has_keys=has_keys,
        keys_mark=keys_mark,
        migrations=migrations,
        pieces=tuple(Piece(name, path.stat().st_size, _sha256(path)) for name, path in sorted(files.items())),
    )
    draft = target.with_name(f".{target.name}.part")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as tar:
                _add_manifest(tar, manifest, made_at)
                for name, path in sorted(files.items()):
                    tar.add(path, arcname=name, recursive=False)
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _add_manifest(tar: tarfile.TarFile, manifest: Manifest, made_at: dt.datetime) -> None:
    words = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size, entry.mode, entry.mtime = len(words), 0o600, int(made_at.timestamp())
    tar.addfile(entry, io.BytesIO(words))


def unpack(source: Path, folder: Path) -> Manifest:
    """Take an archive apart into an empty folder, every piece checked. Refused when anything is not as it should be."""
    try:
        with tarfile.open(source, mode="r:gz") as tar:
            members = iter(tar)
            manifest = _manifest(tar, next(members, None))
            expected = {piece.name: piece for piece in manifest.pieces}
            for member in members:
                _take(tar, member, expected.pop(member.name, None), folder)
    except (
        tarfile.TarError,
        EOFError,
        zlib.error,
        json.JSONDecodeError,
        KeyError,
        TypeError,
        UnicodeDecodeError,
    ) as error:
        raise Refused(_BROKEN) from error
    except OSError as error:
        if error.filename is not None:  # the disk's trouble, not the archive's
            raise
        raise Refused(_BROKEN) from error
    if expected:
        raise Refused(_BROKEN)
    return manifest


def _manifest(tar: tarfile.TarFile, first: tarfile.TarInfo | None) -> Manifest:
    content = tar.extractfile(first) if first and first.name == MANIFEST else None
    if content is None:
        raise Refused("这不是连心的备份文件。")
    words = json.load(content)
    if words["format"] != FORMAT:
        raise Refused("这份备份来自更新的版本，请先升级连心再恢复。")
    pieces = tuple(Piece(**piece) for piece in words.pop("pieces"))
    return Manifest(**words | {"migrations": tuple(words["migrations"]), "pieces": pieces})


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, piece: Piece | None, folder: Path) -> None:
    content = tar.extractfile(member) if member.isreg() else None
    if piece is None or content is None or not _is_inside(member.name) or member.size != piece.size:
        raise Refused(_BROKEN)
    target = folder / member.name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
    if digest.hexdigest() != piece.sha256:
        raise Refused(_BROKEN)


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and path.parts[0] in {"home", "keys", "database"}


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def files_under(folder: Path, prefix: str, *, without: frozenset[str] = frozenset()) -> Iterator[tuple[str, Path]]:
    """Every file of a folder with its name in the archive; names of the first level in `without` are left out."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if inside.parts[0] not in without and path.is_file() and not path.is_symlink():
            yield str(PurePosixPath(prefix, *inside.parts)), path
