"""The box: authenticated encryption of one text at a time, and keyed hashes for exact match. Keys never leave here.

A sealed text is one byte of scheme, one of key id, the nonce, then ciphertext and tag. Scheme, key id and context are
authenticated too: a sealed phone copied into another column opens nowhere.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

SCHEME_AES_256_GCM = 1
NONCE_LENGTH = 12
HEADER_LENGTH = 2
TAG_LENGTH = 16
HASH_LENGTH = 32  # hex digits kept of a keyed hash: 128 bits


class Unsealable(RuntimeError):
    """These bytes cannot be opened here: sealed for another context, by a key that is not at hand, or damaged."""


class Cipher(Protocol):
    """What a scheme has to offer; SM4-GCM would be a second one."""

    def encrypt(self, nonce: bytes, plain: bytes, associated: bytes, /) -> bytes: ...

    def decrypt(self, nonce: bytes, sealed: bytes, associated: bytes, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Keyring:
    """The ciphers by (scheme, key id), which of them seals now, and the key of the hashes. Says nothing in its repr."""

    current: tuple[int, int]
    ciphers: Mapping[tuple[int, int], Cipher] = field(repr=False)
    hash_key: bytes = field(repr=False)


@cache
def keyring() -> Keyring:
    """The keys of this installation, read once. A later key gets its own id; what the first sealed stays readable."""
    first = (SCHEME_AES_256_GCM, 1)
    return Keyring(
        current=first,
        ciphers={first: AESGCM(bytes.fromhex(settings.HOME.secret("vault-1")))},
        hash_key=bytes.fromhex(settings.HOME.secret("vault-hash")),
    )


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
    cipher = keyring().ciphers.get((header[0], header[1]))
    if cipher is None:
        raise Unsealable(f"{context}: sealed with scheme {header[0]}, key {header[1]}, which is not at hand")
    try:
        return cipher.decrypt(nonce, sealed[HEADER_LENGTH + NONCE_LENGTH :], _associated(header, context))
    except InvalidTag:
        raise Unsealable(f"{context}: sealed for another context, with another key, or damaged") from None


def keyed_hash(value: str, *, purpose: str) -> str:
    """32 hex digits that only this installation's key can make; one purpose's hashes match no other's. "" stays ""."""
    return keyed_mark(value, purpose=purpose)[:HASH_LENGTH] if value else ""


def keyed_mark(value: str, *, purpose: str) -> str:
    """The same in full, 64 hex digits, of an empty text too: for chains and seals that prove something unchanged."""
    return mac(keyring().hash_key, f"{purpose}\0{value}".encode())


def mac(key: bytes, message: bytes) -> str:
    """HMAC-SHA256 in hex (RFC 2104)."""
    return hmac.digest(key, message, "sha256").hex()


def _associated(header: bytes, context: str) -> bytes:
    if not context:
        raise ValueError("a sealed text needs the context it is sealed for")
    return header + context.encode()
