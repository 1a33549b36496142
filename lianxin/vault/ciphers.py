"""The schemes a text can be sealed with: AES-256-GCM (NIST SP 800-38D) and SM4-GCM (GB/T 32907, RFC 8998).

Both give ciphertext with a tag of sixteen bytes behind it. The mathematics is OpenSSL's, by way of `cryptography`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher as Machine
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC

from lianxin.base.errors import Refused

TAG_LENGTH = 16
NONCE_LENGTH = 12


class Cipher(Protocol):
    """What a scheme has to offer."""

    def encrypt(self, nonce: bytes, plain: bytes, associated: bytes, /) -> bytes: ...

    def decrypt(self, nonce: bytes, sealed: bytes, associated: bytes, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Sm4Gcm:
    """SM4 in Galois/Counter Mode; a key of sixteen bytes."""

    key: bytes = field(repr=False)

    def encrypt(self, nonce: bytes, plain: bytes, associated: bytes, /) -> bytes:
        machine = Machine(algorithms.SM4(self.key), modes.GCM(nonce)).encryptor()
        machine.authenticate_additional_data(associated)
        return machine.update(plain) + machine.finalize() + machine.tag

    def decrypt(self, nonce: bytes, sealed: bytes, associated: bytes, /) -> bytes:
        """InvalidTag for anything that this key did not seal."""
        if len(sealed) < TAG_LENGTH:
            raise InvalidTag
        text, tag = sealed[:-TAG_LENGTH], sealed[-TAG_LENGTH:]
        machine = Machine(algorithms.SM4(self.key), modes.GCM(nonce, tag)).decryptor()
        machine.authenticate_additional_data(associated)
        return machine.update(text) + machine.finalize()


class Scheme(Enum):
    """A way of sealing: its byte in a sealed text, its name for people, the end of its key files' names."""

    AES_256_GCM = (1, "aes-256-gcm", "")
    SM4_GCM = (2, "sm4-gcm", "-sm4")

    def __init__(self, byte: int, said: str, ending: str) -> None:
        self.byte, self.said, self.ending = byte, said, ending

    def cipher(self, secret: bytes) -> Cipher:
        """The cipher with this secret of 32 bytes; SM4 takes the first sixteen. Refused where OpenSSL has no SM4."""
        if self is Scheme.AES_256_GCM:
            return AESGCM(secret)
        machine = Sm4Gcm(secret[:16])
        try:
            machine.encrypt(bytes(NONCE_LENGTH), b"", b"")
        except UnsupportedAlgorithm as error:
            raise Refused("这台机器的 OpenSSL 没有 SM4，请用 aes-256-gcm，或换带国密算法的。") from error
        return machine


SCHEMES = {scheme.said: scheme for scheme in Scheme}


def hmac_sm3(key: bytes, message: bytes) -> bytes:
    """HMAC (GB/T 15852.2) with SM3 (GB/T 32905): 32 bytes."""
    machine = HMAC(key, hashes.SM3())
    machine.update(message)
    return machine.finalize()
