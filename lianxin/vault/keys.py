"""The keys on the disk: which there are, which seals now, and a list of them beside, so that a lost one is missed.

`vault-1`, `vault-2-sm4`, …: by number and scheme; the highest number seals. `vault-hash` (or `vault-hash-sm3`) is the
key of the hashes and of the access log. Each file holds 64 hex digits. Keys are made here and never written over.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from lianxin.base.errors import Refused
from lianxin.vault.ciphers import SCHEMES, Cipher, Scheme

KNOWN = ".vault-keys"  # in the data folder: the names and marks of all keys there ever were
HASH, HASH_SM3 = "vault-hash", "vault-hash-sm3"
MOST = 255  # a key's number is one byte of each sealed text
_KEY = re.compile(r"vault-([1-9][0-9]{0,2})(-sm4)?")
_SECRET = re.compile(r"[0-9a-f]{64}")


class KeysMissing(Refused):
    """A key that data hangs on is not there, or is another one. Making a new one would help nobody."""


@dataclass(frozen=True, slots=True, order=True)
class KeyName:
    """One sealing key: its number, its scheme."""

    number: int
    scheme: Scheme = field(compare=False)

    @property
    def file(self) -> str:
        return f"vault-{self.number}{self.scheme.ending}"

    @property
    def header(self) -> tuple[int, int]:
        """The first two bytes of what it sealed."""
        return (self.scheme.byte, self.number)


@dataclass(frozen=True, slots=True)
class Keyring:
    """The ciphers by (scheme, key number), which of them seals now, the key of the hashes. Its repr tells nothing."""

    current: tuple[int, int]
    ciphers: Mapping[tuple[int, int], Cipher] = field(repr=False)
    hash_key: bytes = field(repr=False)
    hash_name: str = field(default="sha256", repr=False)


def read_ring() -> Keyring:
    """The keys of this installation; the first ones are made here. KeysMissing when one that was there is gone."""
    _require_all()
    names = key_names() or (_make_first(),)
    hash_name = HASH_SM3 if (_folder() / HASH_SM3).exists() else HASH
    ring = Keyring(
        current=names[-1].header,
        ciphers={name.header: name.scheme.cipher(_secret(name.file)) for name in names},
        hash_key=_secret(hash_name),
        hash_name="sm3" if hash_name == HASH_SM3 else "sha256",
    )
    _remember([*(name.file for name in names), hash_name])
    return ring


def key_names() -> tuple[KeyName, ...]:
    """The sealing keys at hand, the oldest first."""
    found = (_KEY.fullmatch(path.name) for path in _folder().iterdir())
    return tuple(
        sorted(KeyName(int(m[1]), Scheme.SM4_GCM if m[2] else Scheme.AES_256_GCM) for m in found if m is not None)
    )


def make_next(scheme: Scheme) -> KeyName:
    """One more key, which seals from now on in every process of this installation."""
    number = key_names()[-1].number + 1
    if number > MOST:
        raise Refused(f"已经有 {MOST} 把密钥，不能再加了；请先把不再用的旧密钥收走。")
    name = KeyName(number, scheme)
    scheme.cipher(os.urandom(32))  # refused before the file is there, not after
    settings.HOME.secret(name.file)
    return name


def stamp() -> int:
    """Changes when a key comes or goes; 0 while the folder cannot be looked at."""
    try:
        return _folder().stat().st_mtime_ns
    except OSError:
        return 0


def _folder() -> Path:
    return Path(settings.HOME.keys)


def _make_first() -> KeyName:
    scheme = SCHEMES.get(settings.VAULT_SCHEME)
    if scheme is None:
        raise Refused(f"LIANXIN_VAULT_SCHEME 只能是 {'、'.join(SCHEMES)}。")
    if scheme is Scheme.SM4_GCM and not (_folder() / HASH).exists():
        settings.HOME.secret(HASH_SM3)
    name = KeyName(1, scheme)
    scheme.cipher(os.urandom(32))
    settings.HOME.secret(name.file)
    return name


def _secret(file: str) -> bytes:
    said = settings.HOME.secret(file)
    if not _SECRET.fullmatch(said):
        raise KeysMissing(f"密钥文件 {_folder() / file} 坏了（应是 64 位十六进制），请把备份的密钥放回去。")
    return bytes.fromhex(said)


# ── missing a lost one ───────────────────────────────────────────────────────


def _require_all() -> None:
    for file, mark in known().items():
        path = _folder() / file
        if not path.is_file():
            raise KeysMissing(f"密钥 {file} 不在 {_folder()} 里。请把备份的密钥放回去再启动；不要另造新的。")
        if mark_of(path) != mark:
            raise KeysMissing(f"{path} 不是原来那一把密钥。请把备份的密钥放回去再启动。")


def known() -> dict[str, str]:
    """File → mark of every key that data may hang on."""
    try:
        lines = _known_file().read_text(encoding="ascii").splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        return {}
    return {name: mark for name, _, mark in (line.partition(" ") for line in lines) if mark}


def mark_of(path: Path) -> str:
    """Tells one key from another without showing it."""
    return hashlib.sha256(b"lianxin key mark" + path.read_bytes().strip()).hexdigest()[:16]


def _remember(files: list[str]) -> None:
    marks = known()
    now = marks | {file: mark_of(_folder() / file) for file in files}
    if now != marks:
        part = _known_file().with_name(f"{KNOWN}-{os.getpid()}")
        part.write_text("".join(f"{file} {mark}\n" for file, mark in sorted(now.items())), encoding="ascii")
        part.replace(_known_file())


def retire(file: str) -> None:
    """Data no longer hangs on this key: its file may go."""
    marks = {name: mark for name, mark in known().items() if name != file}
    part = _known_file().with_name(f"{KNOWN}-{os.getpid()}")
    part.write_text("".join(f"{name} {mark}\n" for name, mark in sorted(marks.items())), encoding="ascii")
    part.replace(_known_file())


def _known_file() -> Path:
    return Path(settings.HOME.path) / KNOWN
