"""Telling one set of vault keys from another without showing them: what a backup and a restore need of the keys."""

from __future__ import annotations

import hashlib
from pathlib import Path


def keys_mark(folder: Path) -> str:
    """A mark of the keys that data hangs on; "" where there are none yet."""
    # Only these; the key of sessions may be made anew and costs a sign-in, not data.
    keys = sorted(folder.glob("vault-*"))
    if not keys:
        return ""
    digest = hashlib.sha256(b"lianxin keys mark")
    for path in keys:
        digest.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
