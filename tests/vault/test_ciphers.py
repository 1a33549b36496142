"""Both schemes against published vectors, and the hash beside them."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes

from lianxin.vault.ciphers import NONCE_LENGTH, Scheme, Sm4Gcm, hmac_sm3

# RFC 8998, appendix A.1: SM4-GCM.
KEY = "0123456789abcdeffedcba9876543210"
NONCE = "00001234567800000000abcd"
PLAIN = (
    "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
    "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
)
ASSOCIATED = "feedfacedeadbeeffeedfacedeadbeefabaddad2"
CIPHERTEXT = (
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
)
TAG = "83de3541e4c2b58177e065a9bf7b62ec"


def test_sm4_gcm_passes_the_published_vector() -> None:
    cipher = Sm4Gcm(bytes.fromhex(KEY))

    sealed = cipher.encrypt(bytes.fromhex(NONCE), bytes.fromhex(PLAIN), bytes.fromhex(ASSOCIATED))

    assert sealed.hex() == CIPHERTEXT + TAG
    assert cipher.decrypt(bytes.fromhex(NONCE), sealed, bytes.fromhex(ASSOCIATED)).hex() == PLAIN


@pytest.mark.parametrize(
    ("message", "digest"),
    [  # GB/T 32905—2016, appendix A
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_passes_the_published_vectors(message: bytes, digest: str) -> None:
    assert _sm3(message).hex() == digest


@pytest.mark.parametrize("key", [b"k", b"k" * 64])
def test_the_keyed_hash_is_hmac_over_sm3(key: bytes) -> None:
    """RFC 2104 written out: H(K ⊕ opad ‖ H(K ⊕ ipad ‖ text)), blocks of 64 bytes."""
    padded = key.ljust(64, b"\0")
    inner = _sm3(bytes(byte ^ 0x36 for byte in padded) + b"Hi There")

    assert hmac_sm3(key, b"Hi There") == _sm3(bytes(byte ^ 0x5C for byte in padded) + inner)


@pytest.mark.parametrize("scheme", list(Scheme), ids=lambda scheme: scheme.said)
@pytest.mark.parametrize("place", [0, 5, -1])
def test_one_changed_bit_opens_nowhere(scheme: Scheme, place: int) -> None:
    cipher = scheme.cipher(bytes(range(32)))
    sealed = bytearray(cipher.encrypt(bytes(NONCE_LENGTH), b"13812342764", b"person.phone"))
    sealed[place] ^= 1

    with pytest.raises(InvalidTag):
        cipher.decrypt(bytes(NONCE_LENGTH), bytes(sealed), b"person.phone")


@pytest.mark.parametrize("scheme", list(Scheme), ids=lambda scheme: scheme.said)
def test_another_context_opens_nowhere_and_too_short_neither(scheme: Scheme) -> None:
    cipher = scheme.cipher(bytes(range(32)))
    sealed = cipher.encrypt(bytes(NONCE_LENGTH), b"13812342764", b"person.phone")

    for box, context in ((sealed, b"household.phone"), (sealed[:15], b"person.phone")):
        with pytest.raises(InvalidTag):
            cipher.decrypt(bytes(NONCE_LENGTH), box, context)


def test_a_cipher_does_not_print_its_key() -> None:
    assert repr(Sm4Gcm(b"k" * 16)) == "Sm4Gcm()"


def _sm3(message: bytes) -> bytes:
    machine = hashes.Hash(hashes.SM3())
    machine.update(message)
    return machine.finalize()
