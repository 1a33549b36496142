"""The head of the log kept a second time, in a file beside the database: what shows that entries were cut off its end.

Written after each commit, so it may be behind the log and is never ahead of it. Not in backups: it says what this
machine has seen. Somebody with both in hand can wind both back; the head that was noted on paper shows that.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from lianxin.vault.box import keyed_mark

log = logging.getLogger(__name__)
FILE = ".audit-head"


@dataclass(frozen=True, slots=True)
class Witness:
    """So many entries were seen, the last of them with this hash."""

    no: int
    hash: str

    @property
    def words(self) -> str:
        """As it is noted down: 1234-5f0c12ab9e417d03."""
        return f"{self.no}-{self.hash[:16]}"


class Forged(ValueError):
    """The file is there and says nothing that this installation has written."""


def saw(no: int, mark: str) -> None:
    """Remember that the log reached this entry; what was seen further on stays. A full disk is only told of."""
    try:
        with _held() as path:
            known = _read(path)
            if known is None or known.no < no:
                _write(path, Witness(no, mark))
    except (OSError, Forged) as error:
        log.error("the head of the access log could not be noted: %s", type(error).__name__)


def seen() -> Witness | None:
    """What was remembered; None where nothing was yet. Forged when it is not ours."""
    return _read(_path())


def seen_or_none() -> Witness | None:
    """The same, where a file that is not ours counts as none."""
    try:
        return seen()
    except Forged:
        return None


def begin_anew(no: int, mark: str) -> None:
    """After a restore, which says so in the log: from here on this is what the machine has seen."""
    with _held() as path:
        _write(path, Witness(no, mark))


def _path() -> Path:
    return Path(settings.HOME.path) / FILE


@contextmanager
def _held() -> Iterator[Path]:
    path = _path()
    with path.with_name(f"{FILE}-turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield path


def _read(path: Path) -> Witness | None:
    try:
        words = path.read_text(encoding="ascii").split()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise Forged(FILE) from error
    if len(words) != 3 or not words[0].isdigit() or _mark(words[0], words[1]) != words[2]:
        raise Forged(FILE)
    return Witness(int(words[0]), words[1])


def _write(path: Path, head: Witness) -> None:
    part = path.with_name(f"{FILE}.part")
    descriptor = os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{head.no} {head.hash} {_mark(str(head.no), head.hash)}\n")
    part.replace(path)


def _mark(no: str, mark: str) -> str:
    return keyed_mark(f"{no} {mark}", purpose="audit.witness")
