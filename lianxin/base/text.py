"""Text as people type it: full-width digits made plain, stray control characters dropped, length kept in bounds."""

from __future__ import annotations

import unicodedata

from lianxin.base.errors import Refused

NOTE_LIMIT = 5_000

# Only letters, digits, and the space and money signs are folded: full-width Chinese punctuation is meant as typed.
_HALF = {
    code: code - 0xFEE0
    for code in range(0xFF01, 0xFF5F)
    if chr(code - 0xFEE0).isalnum() or chr(code - 0xFEE0) in "+-.,"
}
_HALF |= {0x3000: 0x20, 0xFFE5: 0xA5}
_DIGITS = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}


def half_width(text: str) -> str:
    """１３８ → 138, Ａ → A; Chinese punctuation in running text should go through `clean_note` instead."""
    return text.translate(_HALF)


def _is_kept(character: str) -> bool:
    # Not “Cn”: what this Python's Unicode does not know yet may be a rare character of somebody's name.
    return character in "\n\t" or (
        unicodedata.category(character) not in ("Cc", "Cs") and character not in "\ufffe\uffff"
    )


def clean_note(text: str, *, field: str, limit: int = NOTE_LIMIT) -> str:
    """A note without control characters, trimmed; digits half-width. Refused beyond `limit` characters."""
    cleaned = "".join(filter(_is_kept, text.replace("\r\n", "\n").replace("\r", "\n").translate(_DIGITS))).strip()
    if len(cleaned) > limit:
        raise Refused(f"这里最多写 {limit:,} 个字，现在有 {len(cleaned):,} 个，请精简后再存。", field=field)
    return cleaned


def clean_line(text: str, *, field: str, limit: int = 60) -> str:
    """One line: as `clean_note`, with every run of white space made one space."""
    return " ".join(clean_note(half_width(text), field=field, limit=limit).split())
