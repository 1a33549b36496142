"""Sealing everything anew with the key that seals now, a piece at a time while others go on writing.

Each piece is a transaction of its own, and a row is written only if nobody wrote it meanwhile: whoever breaks off goes
on where the work stood, as what is done no longer carries an old key's number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from lianxin.vault.box import Unsealable, keyring, seal_bytes, unseal_bytes
from lianxin.vault.boxes import Boxes, every

PIECE = 500
_COUNT = (
    "SELECT substr({column}, 1, 2), count(*) FROM {table} WHERE length({column}) > 1 GROUP BY substr({column}, 1, 2)"
)
_OLDER = (
    "SELECT {columns} FROM {table} WHERE length({column}) > 1 AND substr({column}, 1, 2) <> %s {beyond} "
    "ORDER BY {pk} LIMIT {piece}"
)
_WRITE = "UPDATE {table} SET {column} = %s WHERE {pk} = %s AND {column} = %s"

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many were sealed anew, and which could not be opened: “table.column row”."""

    done: int
    unopened: tuple[str, ...]


def reseal(tell: Tell) -> Resealed:
    """Go over every sealed column until nothing is left that an older key sealed and that can be opened."""
    done, unopened = 0, dict[str, None]()
    while True:
        more = 0
        for boxes in every():
            sealed, wrong = _column(boxes, tell)
            more += sealed
            unopened |= dict.fromkeys(wrong)
        done += more
        if not more:  # a process that had not yet seen the new key may have written meanwhile
            return Resealed(done, tuple(unopened))


def counted() -> dict[str, dict[tuple[int, int], int]]:
    """Column → (scheme, key) → how many it sealed."""
    found: dict[str, dict[tuple[int, int], int]] = {}
    with connection.cursor() as cursor:
        for boxes in every():
            cursor.execute(_COUNT.format(**_names(boxes)))
            rows = {(bytes(head)[0], bytes(head)[1]): number for head, number in cursor.fetchall()}
            if rows:
                found[boxes.name] = rows
    return found


def _column(boxes: Boxes, tell: Tell) -> tuple[int, list[str]]:
    last: Any = None
    done, unopened = 0, list[str]()
    while True:
        with transaction.atomic():
            rows = _older(boxes, last)
            for key, box, *given in rows:
                try:
                    done += _sealed_anew(boxes, key, bytes(box), given)
                except Unsealable:
                    unopened.append(f"{boxes.name} {key}")
        if not rows:
            return done, unopened
        last = rows[-1][0]
        tell(f"重新加密 {boxes.name}", done, done)


def _older(boxes: Boxes, last: Any) -> list[tuple[Any, ...]]:
    """The next rows that another key than the present one sealed."""
    columns = ", ".join(_q(name) for name in (boxes.pk, boxes.column, *boxes.given))
    beyond = f"AND {_q(boxes.pk)} > %s" if last is not None else ""
    sql = _OLDER.format(**_names(boxes), columns=columns, beyond=beyond, piece=PIECE)
    with connection.cursor() as cursor:
        cursor.execute(sql, [bytes(keyring().current), *([last] if last is not None else [])])
        return list(cursor.fetchall())


def _sealed_anew(boxes: Boxes, key: Any, box: bytes, given: list[Any]) -> int:
    """1, or 0 when somebody wrote the row in the meantime."""
    context = boxes.context(*given)
    fresh = seal_bytes(unseal_bytes(box, context=context), context=context)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE.format(**_names(boxes)), [fresh, key, box])
        return int(cursor.rowcount)


def _names(boxes: Boxes) -> dict[str, str]:
    """Names of our own models' tables and columns, quoted."""
    return {"table": _q(boxes.table), "pk": _q(boxes.pk), "column": _q(boxes.column)}


def _q(name: str) -> str:
    return connection.ops.quote_name(name)
