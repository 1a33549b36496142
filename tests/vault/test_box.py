"""The box against published vectors, and against everything that should not open it."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from lianxin.vault import box
from lianxin.vault.box import Keyring, Unsealable, keyed_hash, mac, seal, unseal

# Test case 16 of McGrew and Viega, “The Galois/Counter Mode of Operation (GCM)”, appendix B: 256-bit key.
KEY = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
NONCE = "cafebabefacedbaddecaf888"
PLAIN = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
)
ASSOCIATED = "feedfacedeadbeeffeedfacedeadbeefabaddad2"
CIPHERTEXT = (
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
)
TAG = "76fc6ece0f4e1768cddf8853bb2d551b"


def test_the_cipher_passes_the_published_vector() -> None:
    cipher = AESGCM(bytes.fromhex(KEY))

    sealed = cipher.encrypt(bytes.fromhex(NONCE), bytes.fromhex(PLAIN), bytes.fromhex(ASSOCIATED))

    assert sealed.hex() == CIPHERTEXT + TAG


@pytest.mark.parametrize(
    ("key", "message", "digest"),
    [  # RFC 4231, test cases 1 and 2
        ("0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (
            "4a656665",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
    ],
)
def test_the_hash_passes_the_published_vectors(key: str, message: bytes, digest: str) -> None:
    assert mac(bytes.fromhex(key), message) == digest


@given(st.text())
def test_what_is_sealed_opens_again(plain: str) -> None:
    plain = plain.encode("utf-8", "ignore").decode()

    assert unseal(seal(plain, context="person.phone"), context="person.phone") == plain


def test_sealing_twice_gives_different_bytes() -> None:
    assert seal("13812342764", context="person.phone") != seal("13812342764", context="person.phone")


def test_the_plain_text_is_not_in_the_bytes() -> None:
    assert b"13812342764" not in seal("13812342764", context="person.phone")


def test_another_context_does_not_open_it() -> None:
    sealed = seal("13812342764", context="person.phone")

    with pytest.raises(Unsealable, match=r"household\.phone: sealed for another context"):
        unseal(sealed, context="household.phone")


@pytest.mark.parametrize("place", [0, 1, 2, 13, 14, -1])
def test_one_changed_bit_anywhere_does_not_open(place: int) -> None:
    sealed = bytearray(seal("13812342764", context="person.phone"))
    sealed[place] ^= 1

    with pytest.raises(Unsealable):
        unseal(bytes(sealed), context="person.phone")


@pytest.mark.parametrize("sealed", [b"", b"\x01\x01", b"\x01\x01" + b"0" * 27])
def test_too_short_is_said(sealed: bytes) -> None:
    with pytest.raises(Unsealable, match="too short"):
        unseal(sealed, context="person.phone")


def test_a_context_must_be_named() -> None:
    with pytest.raises(ValueError, match="context"):
        seal("13812342764", context="")


def test_a_later_key_seals_and_the_first_still_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    old = seal("13812342764", context="person.phone")
    first = box.keyring()
    second = (1, 2)
    both = Keyring(current=second, ciphers={**first.ciphers, second: AESGCM(b"2" * 32)}, hash_key=first.hash_key)

    monkeypatch.setattr(box, "keyring", lambda: both)
    new = seal("13812342764", context="person.phone")

    assert new[1] == 2
    assert unseal(old, context="person.phone") == unseal(new, context="person.phone") == "13812342764"


def test_the_header_is_authenticated_too(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal("13812342764", context="person.phone")
    first = box.keyring()
    same_key_twice = {**first.ciphers, (1, 2): first.ciphers[first.current]}
    monkeypatch.setattr(box, "keyring", lambda: Keyring(current=(1, 2), ciphers=same_key_twice, hash_key=b""))

    with pytest.raises(Unsealable):
        unseal(b"\x01\x02" + sealed[2:], context="person.phone")


def test_a_key_that_is_not_at_hand_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal("13812342764", context="person.phone")
    monkeypatch.setattr(box, "keyring", lambda: Keyring(current=(1, 2), ciphers={}, hash_key=b""))

    with pytest.raises(Unsealable, match="key 1, which is not at hand"):
        unseal(sealed, context="person.phone")


def test_the_keyring_does_not_print_its_keys() -> None:
    ring = box.keyring()

    assert ring.hash_key.hex() not in repr(ring)
    assert repr(ring) == "Keyring(current=(1, 1))"


def test_the_keys_are_two() -> None:
    from django.conf import settings  # noqa: PLC0415  # only this test looks at the files

    assert settings.HOME.secret("vault-1") != settings.HOME.secret("vault-hash")


def test_a_keyed_hash_is_stable_short_and_apart_by_purpose() -> None:
    phone, number = keyed_hash("2764", purpose="phone-tail"), keyed_hash("2764", purpose="id-tail")

    assert phone == keyed_hash("2764", purpose="phone-tail")
    assert phone != number
    assert len(phone) == 32
    assert set(phone) <= set("0123456789abcdef")


def test_nothing_hashes_to_nothing() -> None:
    assert keyed_hash("", purpose="phone") == ""
