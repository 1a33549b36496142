"""Where kept files lie: LIANXIN_HOME/files, outside everything that is served, each sealed whole under its id."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from lianxin.vault.box import seal_bytes, unseal_bytes


def put(key: str, plain: bytes) -> None:
    """Sealed and on the disk before this returns; nobody ever finds half of it. OSError where the disk is full."""
    target = _place(key)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, draft = tempfile.mkstemp(dir=target.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(seal_bytes(plain, context=_context(key)))
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise


def get(key: str) -> bytes:
    """The plain bytes; FileNotFoundError, or Unsealable for what was changed or exchanged on the disk."""
    return unseal_bytes(_place(key).read_bytes(), context=_context(key))


def drop(key: str) -> None:
    """The bytes go; what is known of them stays in the table."""
    _place(key).unlink(missing_ok=True)


def kept() -> Iterator[str]:
    """The ids of all that lies there, for keys that change and for looking after what nobody knows any more."""
    folder = _folder()
    if folder.is_dir():
        yield from sorted(path.name for path in folder.glob("??/*") if not path.name.startswith("."))


def header_of(key: str) -> tuple[int, int]:
    """Scheme and number of the key that sealed it."""
    with _place(key).open("rb") as file:
        scheme, number = file.read(2)
    return scheme, number


def seal_again(key: str) -> None:
    """With the key that seals now: one step of changing keys while the site runs."""
    put(key, get(key))


def _folder() -> Path:
    return Path(settings.HOME.path) / "files"


def _place(key: str) -> Path:
    # The last two characters of a ULID are chance: 1,024 folders that fill alike.
    if not key.isalnum():
        raise ValueError("no id of a file")
    return _folder() / key[-2:] / key


def _context(key: str) -> str:
    return f"file:{key}"
