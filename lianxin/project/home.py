"""The data folder: where the embedded database, keys, backups and a county's own catalogue stand."""

from __future__ import annotations

import os
import secrets
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
    def database_url(self) -> str:
        return f"sqlite:///{quote(str(self.path / 'lianxin.sqlite3'))}"

    @property
    def keys(self) -> Path:
        """Keys stand apart from the database: LIANXIN_KEYS may name a folder on another disk."""
        folder = Path(os.environ.get("LIANXIN_KEYS") or self.path / "keys")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def secret(self, name: str) -> str:
        """A secret that is made at the first start and stays: 64 hex digits in a file only its owner reads."""
        file = self.keys / name
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_text(encoding="ascii").strip()
        with os.fdopen(descriptor, "w", encoding="ascii") as made:
            made.write(secrets.token_hex(32))
        return file.read_text(encoding="ascii").strip()
