"""The box: authenticated encryption of one text at a time, and keyed hashes for exact match. Keys never leave here.

A sealed text is one byte of scheme, one of key number, the nonce, then ciphertext and tag. Scheme, key number and
context are authenticated too: a sealed phone copied into another column opens nowhere.
"""

from __future__ import annotations

import hmac
import os

from cryptography.exceptions import InvalidTag

from lianxin.vault import keys
from lianxin.vault.ciphers import NONCE_LENGTH, TAG_LENGTH, Cipher, hmac_sm3
from lianxin.vault.keys import Keyring

HEADER_LENGTH = 2
HASH_LENGTH = 32  # hex digits kept of a keyed hash: 128 bits


class Unsealable(RuntimeError):
    """These bytes cannot be opened here: sealed for another context, by a key that is not at hand, or damaged."""


class _Held:
    """The keyring of this process, read anew when the folder of the keys has changed."""

    ring: Keyring | None = None
    stamp = 0


def keyring() -> Keyring:
    """The keys of this installation. A key that another process has just made is taken up at the next call."""
    now = keys.stamp()
    if _Held.ring is None or now not in (0, _Held.stamp):
        _Held.ring = keys.read_ring()
        _Held.stamp = keys.stamp()  # after reading, which may have made the first keys
    return _Held.ring


def forget_keyring() -> None:
    """The keys are read again at the next call."""
    _Held.ring = None


def seal(plain: str, *, context: str) -> bytes:
    """Encrypt for one place, named like "person.phone"; the same text never gives the same bytes twice."""
    return seal_bytes(plain.encode(), context=context)


def seal_bytes(plain: bytes, *, context: str) -> bytes:
    """The same for what is no text: a piece of a file."""
    ring = keyring()
    header = bytes(ring.current)
    nonce = os.urandom(NONCE_LENGTH)
    cipher = ring.ciphers[ring.current]
    return header + nonce + cipher.encrypt(nonce, plain, _associated(header, context))


def unseal(sealed: bytes, *, context: str) -> str:
    """What was sealed for this context; Unsealable for anything else."""
    return unseal_bytes(sealed, context=context).decode()


def unseal_bytes(sealed: bytes, *, context: str) -> bytes:
    """What `seal_bytes` sealed for this context; Unsealable for anything else."""
    if len(sealed) < HEADER_LENGTH + NONCE_LENGTH + TAG_LENGTH:
        raise Unsealable(f"{context}: too short to be sealed")
    header, nonce = sealed[:HEADER_LENGTH], sealed[HEADER_LENGTH : HEADER_LENGTH + NONCE_LENGTH]
    cipher = _cipher_for((header[0], header[1]))
    if cipher is None:
        raise Unsealable(f"{context}: sealed with scheme {header[0]}, key {header[1]}, which is not at hand")
    try:
        return cipher.decrypt(nonce, sealed[HEADER_LENGTH + NONCE_LENGTH :], _associated(header, context))
    except InvalidTag:
        raise Unsealable(f"{context}: sealed for another context, with another key, or damaged") from None


def sealed_now(sealed: bytes) -> bool:
    """Whether the key that seals now sealed this."""
    return sealed[:HEADER_LENGTH] == bytes(keyring().current)


def keyed_hash(value: str, *, purpose: str) -> str:
    """32 hex digits that only this installation's key can make; one purpose's hashes match no other's. "" stays ""."""
    return keyed_mark(value, purpose=purpose)[:HASH_LENGTH] if value else ""


def keyed_mark(value: str, *, purpose: str) -> str:
    """The same in full, 64 hex digits, of an empty text too: for chains and seals that prove something unchanged."""
    ring = keyring()
    message = f"{purpose}\0{value}".encode()
    return hmac_sm3(ring.hash_key, message).hex() if ring.hash_name == "sm3" else mac(ring.hash_key, message)


def mac(key: bytes, message: bytes) -> str:
    """HMAC-SHA256 in hex (RFC 2104)."""
    return hmac.digest(key, message, "sha256").hex()


def _cipher_for(header: tuple[int, int]) -> Cipher | None:
    """Looks at the folder once more for a key made a moment ago, within the clock's step of the last look."""
    found = keyring().ciphers.get(header)
    if found is None and any(name.header == header for name in keys.key_names()):
        forget_keyring()
        found = keyring().ciphers.get(header)
    return found


def _associated(header: bytes, context: str) -> bytes:
    if not context:
        raise ValueError("a sealed text needs the context it is sealed for")
    return header + context.encode()
