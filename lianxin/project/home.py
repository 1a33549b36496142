"""The data folder: where the embedded database, keys, backups and a county's own catalogue stand."""

from __future__ import annotations

import fcntl
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Home:
    """One installation's data folder, named by LIANXIN_HOME. Made with rights for its owner only."""

    path: Path

    def __post_init__(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)

    @property
    def database(self) -> Path:
        """The embedded database, where no other is named."""
        return self.path / "lianxin.sqlite3"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{quote(str(self.database))}"

    @property
    def static(self) -> Path:
        """Style sheets, scripts and icons as they are sent: collected, compressed, named by their content."""
        return self.path / "static"

    @property
    def keys(self) -> Path:
        """Keys stand apart from the database: LIANXIN_KEYS may name a folder on another disk."""
        folder = Path(os.environ.get("LIANXIN_KEYS") or self.path / "keys")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def secret(self, name: str) -> str:
        """A secret that is made at the first start and stays: 64 hex digits in a file only its owner reads."""
        file = self.keys / name
        if not file.exists():
            self._make_secret(file)
        return file.read_text(encoding="ascii").strip()

    def _make_secret(self, file: Path) -> None:
        # Written whole under another name and then linked: of two first starts at once one wins, and neither
        # ever reads an empty file.
        descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
        draft = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as made:
                made.write(secrets.token_hex(32))
                made.flush()
                os.fsync(made.fileno())
            with suppress(FileExistsError):
                os.link(draft, file)
        finally:
            draft.unlink()

    @contextmanager
    def occupied(self, *, alone: bool) -> Iterator[bool]:
        """Say that a process works here: several servers may share a home, a restore needs it `alone`.

        Gives False when the home is not to be had that way; the system lets go when the process ends, however it ends.
        """
        with (self.path / ".occupied").open("w") as file:
            try:
                fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
