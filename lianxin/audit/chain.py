"""The chain of entries: what of an entry enters its hash, and how the next one is appended. See `log.note`."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from functools import partial

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from lianxin.access.guard import pen
from lianxin.audit import witness
from lianxin.audit.models import PEN, Entry
from lianxin.vault.box import keyed_mark


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says, before it has a place in the chain."""

    at: dt.datetime
    by: str
    act: str
    kind: str = ""
    key: str = ""
    what: str = ""
    region: str = ""
    address: str = ""
    reason: str = ""


def hash_of(said: Said, *, no: int, previous: str) -> str:
    """Keyed: who can write the database but has not the keys cannot make the chain anew."""
    moment = said.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    line = [previous, no, *(asdict(said) | {"at": moment}).values()]
    return keyed_mark(json.dumps(line, ensure_ascii=False), purpose="audit.chain")


def append(said: Said) -> int:
    """Write it as the next entry and move the head; its place. Needs a transaction."""
    with connection.cursor() as cursor:
        last, previous = held_head(cursor)
        no, mark = last + 1, hash_of(said, no=last + 1, previous=previous)
        with pen(PEN):
            Entry(no=no, previous=previous, hash=mark, **asdict(said)).save(force_insert=True)
        cursor.execute("UPDATE audit_head SET no = %s, hash = %s WHERE id = 1", [no, mark])
    transaction.on_commit(partial(witness.saw, no, mark))
    return no


def held_head(cursor: CursorWrapper) -> tuple[int, str]:
    """The last entry and its hash, locked; an empty log gets its head here (a flush takes it away)."""
    held = "SELECT no, hash FROM audit_head WHERE id = 1"
    if connection.vendor != "sqlite":  # where whoever writes holds the whole database
        held += " FOR UPDATE"
    cursor.execute(held)
    if (row := cursor.fetchone()) is None:
        cursor.execute("INSERT INTO audit_head (id, no, hash) VALUES (1, 0, '') ON CONFLICT DO NOTHING")
        cursor.execute(held)
        row = cursor.fetchone()
    return row[0], row[1]
