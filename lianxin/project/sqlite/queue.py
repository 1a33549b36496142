"""A turn at writing: one at a time in a process, one process at a time on the machine. Let go when the process ends."""

from __future__ import annotations

import fcntl
import os
import threading
from contextlib import ExitStack
from functools import cache


class Turn:
    """Of one database file. SQLite's own waiting sleeps up to 100 ms between tries, and whoever comes late may win."""

    def __init__(self, database: str) -> None:
        self._file = os.open(f"{database}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._thread = threading.Lock()

    def take(self, *, patience: float) -> bool:
        """Wait for the turn; False after `patience` seconds behind this process's own threads."""
        if not self._thread.acquire(timeout=patience):
            return False
        with ExitStack() as undo:
            undo.callback(self._thread.release)
            fcntl.flock(self._file, fcntl.LOCK_EX)
            undo.pop_all()
        return True

    def give_back(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)
        self._thread.release()


@cache
def turn_at(database: str) -> Turn:
    """One for each database in this process."""
    return Turn(database)
