"""Numbers on papers of every kind. Those of permits and cards are the specimens the authorities published."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.base.errors import Refused
from lianxin.vault.identity import Sex
from lianxin.vault.papers import PaperKind, parse_paper

RESIDENT, HONG_KONG, TAIWAN, PERMANENT = (
    "11010519491231002X", "810000199408230021", "830000199201300022", "911124198108030024",
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "kind", "found", "birth", "sex"),
    [
        (RESIDENT, "", PaperKind.RESIDENT, dt.date(1949, 12, 31), Sex.FEMALE),
        (RESIDENT.lower(), "resident", PaperKind.RESIDENT, dt.date(1949, 12, 31), Sex.FEMALE),
        (HONG_KONG, "", PaperKind.PERMIT, dt.date(1994, 8, 23), Sex.FEMALE),
        (TAIWAN, "permit", PaperKind.PERMIT, dt.date(1992, 1, 30), Sex.FEMALE),
        (PERMANENT, "permanent", PaperKind.PERMANENT, dt.date(1981, 8, 3), Sex.FEMALE),
        ("abc 1101 0512 3456", "permanent", PaperKind.PERMANENT, None, None),
        ("e12345678", "passport", PaperKind.PASSPORT, None, None),
        ("H1234567890", "travel", PaperKind.TRAVEL, None, None),
        ("12345678", "travel", PaperKind.TRAVEL, None, None),
    ],
)
def test_a_number_is_read_by_its_kind(
    typed: str, kind: str, found: PaperKind, birth: dt.date | None, sex: Sex | None
) -> None:
    paper = parse_paper(typed, kind=kind)

    assert (paper.kind, paper.birth, paper.sex) == (found, birth, sex)
    assert paper.number not in repr(paper)


@pytest.mark.parametrize(
    ("typed", "kind", "field", "words"),
    [
        (HONG_KONG, "resident", "id_kind", "港澳台居民居住证"),
        (RESIDENT, "permit", "id_kind", "居民身份证"),
        ("810000199408230022", "permit", "id_number", "校验"),
        (RESIDENT, "permanent", "id_number", "9 开头"),
        ("911124198108030025", "permanent", "id_number", "校验"),
        ("E1234", "passport", "id_number", "6 到 15"),
        ("ABCDEFGH", "passport", "id_number", "6 到 15"),
        ("1234567", "travel", "id_number", "通行证"),
        ("E12345678", "", "id_number", "18 位"),
        (RESIDENT, "library", "id_kind", "证件种类"),
    ],
)
def test_a_wrong_one_is_refused_by_the_field(typed: str, kind: str, field: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        parse_paper(typed, kind=kind)

    assert refusal.value.field == field
    assert typed not in refusal.value.message
