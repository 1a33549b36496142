"""Writers queue for their turn: one at a time, the next at once, and a turn is never kept by whoever is gone."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction
from django.db.utils import IntegrityError

from lianxin.net.models import Region
from lianxin.project.sqlite.queue import Turn, turn_at

only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has its own queues")


def region(code: str) -> Region:
    return Region.objects.create(code=code, name="示例", level=1, parent="")


def is_free(turn: Turn) -> bool:
    if taken := turn.take(patience=0.01):
        turn.give_back()
    return taken


@pytest.fixture
def turn(transactional_db: None) -> Turn:
    return turn_at(str(connection.settings_dict["NAME"]))


@only_sqlite
def test_a_transaction_has_the_turn_from_its_beginning_to_its_end(turn: Turn) -> None:
    with transaction.atomic():
        assert not is_free(turn)
        with transaction.atomic():
            region("98")
        assert not is_free(turn)

    assert is_free(turn)
    assert Region.objects.filter(code="98").exists()


@only_sqlite
def test_a_transaction_that_fails_gives_its_turn_back(turn: Turn) -> None:
    region("98")

    with pytest.raises(IntegrityError), transaction.atomic():
        region("98")

    assert is_free(turn)


@only_sqlite
def test_a_connection_that_is_closed_in_the_middle_gives_its_turn_back(turn: Turn) -> None:
    def begin_and_leave() -> None:
        atomic = transaction.atomic()
        atomic.__enter__()
        connection.close()

    thread = threading.Thread(target=begin_and_leave)
    thread.start()
    thread.join()

    assert is_free(turn)


@only_sqlite
def test_who_waits_too_long_is_told(turn: Turn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)

    assert turn.take(patience=1)
    try:
        with pytest.raises(OperationalError, match="locked"), transaction.atomic():
            region("98")
    finally:
        turn.give_back()

    with transaction.atomic():
        region("98")


@only_sqlite
def test_eight_writers_lose_nothing(turn: Turn) -> None:
    region("98")

    def lengthen() -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    row = Region.objects.get(code="98")
                    row.name += "示"
                    row.save()
        finally:
            connection.close()

    threads = [threading.Thread(target=lengthen) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Region.objects.get(code="98").name == "示例" + "示" * 80


HOLD = """
import sys
from lianxin.project.sqlite.queue import Turn
Turn(sys.argv[1]).take(patience=1)
print("taken", flush=True)
sys.stdin.read()
"""


def test_a_process_that_is_killed_leaves_no_turn_behind(tmp_path: Path) -> None:
    database = str(tmp_path / "some.sqlite3")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, database],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"taken\n"
    mine, came = Turn(database), threading.Event()
    waiting = threading.Thread(target=lambda: (mine.take(patience=1), came.set()))
    waiting.start()
    assert not came.wait(0.2), "another process has the turn"

    holder.kill()
    holder.communicate()
    waiting.join(timeout=30)

    assert came.is_set()
    mine.give_back()
