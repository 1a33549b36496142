"""A catalogue folder that tests write into."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Shelf:
    """Writes and edits files by their path inside the folder."""

    root: Path

    def write(self, file: str, text: str) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def read(self, file: str) -> str:
        return (self.root / file).read_text(encoding="utf-8")

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace the first `old`, which must be there."""
        text = self.read(file)
        if old not in text:
            raise AssertionError(f"{file} holds no {old!r}")
        self.write(file, text.replace(old, new, 1))

    def append(self, file: str, text: str) -> None:
        self.write(file, self.read(file) + "\n" + text)

    def move(self, file: str, to: str) -> None:
        self.write(to, self.read(file))
        (self.root / file).unlink()
