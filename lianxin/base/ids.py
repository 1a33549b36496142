"""Ids that the client may make: ULIDs, 26 characters, sortable by the moment they were made."""

from __future__ import annotations

from hashlib import sha256

from ulid import ULID

from lianxin.base.errors import Refused

LENGTH = 26
_ALPHABET = frozenset("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def new_id() -> str:
    return str(ULID())


def id_within(key: str, number: int) -> str:
    """The id of the so-manieth thing that belongs to another: the same each time it is asked for, in their order."""
    first = bytes(ULID.from_str(key))
    return str(ULID.from_bytes(first[:6] + number.to_bytes(4, "big") + sha256(first + number.to_bytes(4)).digest()[:6]))


def checked_id(text: str, *, field: str = "id") -> str:
    """The id in capitals; Refused when it is not a ULID."""
    candidate = text.strip().upper()
    if len(candidate) != LENGTH or not _ALPHABET.issuperset(candidate) or candidate[0] > "7":
        raise Refused("这张表单的编号不对，请重新打开页面再填。", field=field)
    return candidate
