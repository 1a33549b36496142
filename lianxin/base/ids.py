"""Ids that the client may make: ULIDs, 26 characters, sortable by the moment they were made."""

from __future__ import annotations

from ulid import ULID

from lianxin.base.errors import Refused

LENGTH = 26
_ALPHABET = frozenset("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def new_id() -> str:
    return str(ULID())


def checked_id(text: str, *, field: str = "id") -> str:
    """The id in capitals; Refused when it is not a ULID."""
    candidate = text.strip().upper()
    if len(candidate) != LENGTH or not _ALPHABET.issuperset(candidate) or candidate[0] > "7":
        raise Refused("这张表单的编号不对，请重新打开页面再填。", field=field)
    return candidate
