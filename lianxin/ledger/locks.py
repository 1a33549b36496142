"""Who waits for whom on PostgreSQL. SQLite has one writer at a time, so there nothing is asked.

Order, the same for everybody, sorted within each: identities → records → tallies → counties → subjects → cells → head.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from zlib import crc32

from django.db import connection

from lianxin.ledger.rows import in_pieces

_STRIPES = 1024
"""Keys share this many locks: a big batch stays within the server's lock table, strangers hardly ever meet."""


class _Room(IntEnum):
    """First half of an advisory lock's name."""

    RECORDS = 0x4C580001
    TALLIES = 0x4C580002
    COUNTIES = 0x4C580003
    SUBJECTS = 0x4C580004
    IDENTITIES = 0x4C580005


def hold_identities(*, changing: bool = False) -> None:
    """Which key stands for which subject stays as it is until the commit; `changing` waits for everybody who counts."""
    _hold([(_Room.IDENTITIES, 0, not changing)])


def hold_records(records: Iterable[str]) -> None:
    """Nobody else may post for these records until the commit."""
    _hold((_Room.RECORDS, stripe, False) for stripe in _stripes(records))


def hold_grounds(*, counties: Iterable[str], subjects: Iterable[str]) -> None:
    """No rebuild, no seal of these counties, and nobody else moves what these subjects count for, until the commit."""
    _hold(
        [
            (_Room.TALLIES, 0, True),
            *((_Room.COUNTIES, int(county), True) for county in sorted(set(counties)) if county),
            *((_Room.SUBJECTS, stripe, False) for stripe in _stripes(subjects)),
        ]
    )


def hold_county(county: str) -> None:
    """Wait until everybody who posts into the county has committed, and let nobody begin."""
    _hold([(_Room.COUNTIES, int(county), False)])


def hold_tallies() -> None:
    """Wait until everybody who posts has committed, and let nobody begin."""
    _hold([(_Room.TALLIES, 0, False)])


def _stripes(keys: Iterable[str]) -> list[int]:
    return sorted({crc32(key.encode()) % _STRIPES for key in keys})


def _hold(locks: Iterable[tuple[int, int, bool]]) -> None:
    """Take the locks one after the other in the order given, in one round trip."""
    if connection.vendor != "postgresql":
        return
    calls = [
        f"pg_advisory_xact_lock{'_shared' if shared else ''}({int(room)}, {number})" for room, number, shared in locks
    ]
    with connection.cursor() as cursor:
        for piece in in_pieces(calls):  # a select list is computed from left to right, and may hold 1,664 expressions
            cursor.execute(f"SELECT {','.join(piece)}", None)
