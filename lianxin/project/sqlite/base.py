"""Django's backend for SQLite: a turn around each transaction, on the disk before anybody is told. Django's name."""

from __future__ import annotations

import os
from contextlib import ExitStack

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from lianxin.project.sqlite.queue import Turn, turn_at


class DatabaseWrapper(base.DatabaseWrapper):
    """A transaction begins when its turn has come and gives the turn back when it ends, however it ends.

    What is committed is forced to the disk after the turn, so that several who wait for the disk wait together:
    SQLite's own synchronous=FULL would keep everybody waiting for each in turn.
    """

    _turn: Turn | None = None
    _log: int | None = None  # SQLite keeps no locks on the file of its log, so it may be opened and closed beside it

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        with ExitStack() as undo:
            undo.callback(self._give_turn_back)
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
            undo.pop_all()

    def commit(self) -> None:
        super().commit()
        if self._give_turn_back():  # after a failed commit the transaction stands, and a rollback follows
            self._force_to_disk()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._give_turn_back()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._give_turn_back()
            log, self._log = self._log, None
            if log is not None:
                os.close(log)

    def _take_turn(self) -> None:
        if self._turn is not None or self.is_in_memory_db():
            return
        turn = turn_at(str(self.settings_dict["NAME"]))
        if not turn.take(patience=self.settings_dict["OPTIONS"].get("timeout", 5)):
            raise OperationalError("database is locked")
        self._turn = turn

    def _give_turn_back(self) -> bool:
        """Whether there was one to give back."""
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.give_back()
        return turn is not None

    def _force_to_disk(self) -> None:
        if self._log is None:
            self._log = os.open(f"{self.settings_dict['NAME']}-wal", os.O_RDONLY | os.O_CLOEXEC)
        os.fdatasync(self._log)
