"""Who may be the same person in two reports: each reason by itself, and 20,000 invented reports as a whole."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.reports import Report, made, pairs_of
from lianxin.kinds.cases.matching import (
    LIKELY,
    MOST_COMMON,
    RAREST,
    Likeness,
    Told,
    Trace,
    blocks_of,
    likeness,
    rarity_of,
    trace_of,
)
from lianxin.vault.box import keyed_hash

VILLAGE, NEXT_VILLAGE, FAR_VILLAGE = "330402100201", "330402100202", "330402105201"
HER = Told(
    name="沈桂英", phone="13612345678", birth_year=1969, sex="female", village=VILLAGE, door="3组17号",
)  # fmt: skip


def signed(text: str) -> str:
    return keyed_hash(text, purpose="case.trace")


def compared(one: Told, other: Told, *, rarity: float = RAREST) -> Likeness:
    return likeness(trace_of("1", one, signed), trace_of("2", other, signed), rarity=rarity)


def her(**otherwise: str | int) -> Told:
    fields = {"name": HER.name, "phone": HER.phone, "birth_year": HER.birth_year, "sex": HER.sex}
    return Told(**{**fields, "village": HER.village, "door": HER.door, **otherwise})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (her(), "姓名相同"),
        (her(name="沈贵英"), "姓名同音"),
        (her(name="沈桂因"), "姓名读音相近"),
        (her(name="沈桂芳"), "姓名只差一个字"),
        (her(name="沈桂"), "姓名只差一个字"),
        (her(name="沈英桂"), "姓名的字一样，次序不同"),
        (her(phone="13612345687"), "电话只差一位，或者两位对调"),
        (her(phone="13612345778"), "电话只差一位，或者两位对调"),
        (her(phone="13900005678"), "电话后四位相同"),
        (her(birth_year=1970), "出生年份只差一年"),
        (her(door="17号"), "门牌相同"),
        (her(door=""), "在同一个村（社区）"),
        (her(village=NEXT_VILLAGE), "在同一个镇（街道）"),
    ],
)
def test_one_thing_told_otherwise_is_still_her_and_says_why(other: Told, reason: str) -> None:
    found = compared(HER, other)

    assert found.is_likely
    assert reason in found.reasons


@pytest.mark.parametrize(
    ("other", "against"),
    [
        (her(name="周红霞", birth_year=1998), "姓名不同"),  # her daughter-in-law: one phone, one door
        (her(name="沈桂芳", birth_year=1975, phone="18900001111"), "电话不同"),  # her sister next door
        (her(phone="", door="", village=FAR_VILLAGE, birth_year=1988), "出生年份差 19 年"),  # of the same name
        (Told(name="沈桂英"), ""),  # a name alone
        (Told(phone="13612345678"), ""),  # a phone alone
    ],
)
def test_who_shares_a_little_is_not_proposed(other: Told, against: str) -> None:
    found = compared(HER, other)

    assert not found.is_likely
    assert not against or against in found.against


def test_papers_outweigh_all_else() -> None:
    one = her(id_number="330402196903070028")

    same = compared(one, Told(name="沈小妹", phone="18900001111", id_number="330402196903070028", village=FAR_VILLAGE))
    other = compared(one, her(id_number="33040219690307004X"))

    assert same.is_likely
    assert same.reasons[0] == "证件号相同"
    assert "出生年份差 19 年" in compared(HER, her(birth_year=0, id_number="330402198811110021")).against
    assert other.against == ("证件号不同",)


def test_a_common_name_tells_less() -> None:
    assert rarity_of(1, 20_000) == RAREST
    assert rarity_of(20_000, 20_000) == MOST_COMMON
    assert rarity_of(40, 20_000) == pytest.approx(8.966, abs=0.001)  # log2 of one in five hundred
    alone = Told(name="沈桂英", village=VILLAGE)
    assert compared(alone, alone, rarity=rarity_of(1, 20_000)).is_likely
    assert not compared(alone, alone, rarity=MOST_COMMON - 1.5).is_likely


def test_a_trace_holds_nothing_that_can_be_read() -> None:
    trace = trace_of("1", her(id_number="330402196903070028"), signed)

    kept = repr((trace, sorted(blocks_of(trace))))
    for plain in ("沈", "桂", "英", "guiying", "13612345678", "5678", "19690307", "17号", "3组"):
        assert plain not in kept


TOLD = st.builds(
    Told,
    name=st.sampled_from(["", "沈桂英", "沈贵英", "王芳", "王方", "汪芳", "欧阳雪"]),
    phone=st.sampled_from(["", "13612345678", "13612345687", "057382831234"]),
    birth_year=st.sampled_from([0, 1969, 1970, 2001]),
    sex=st.sampled_from(["", "female", "male"]),
    village=st.sampled_from(["", VILLAGE, NEXT_VILLAGE, FAR_VILLAGE]),
    door=st.sampled_from(["", "3组17号", "17号"]),
)


@given(TOLD, TOLD)
def test_comparing_is_the_same_both_ways(one: Told, other: Told) -> None:
    there, back = compared(one, other), compared(other, one)

    assert there.weight == pytest.approx(back.weight)
    assert sorted(there.reasons) == sorted(back.reasons)


@given(TOLD, TOLD)
def test_what_is_proposed_has_reasons_and_is_looked_up_together(one: Told, other: Told) -> None:
    found = compared(one, other)

    if found.is_likely:
        assert len(found.reasons) >= 2
        assert blocks_of(trace_of("1", one, signed)) & blocks_of(trace_of("2", other, signed))


def test_reports_of_one_person_are_found_among_many() -> None:
    """A fifth of the bench's size, from a seed that nobody looked at while the weights were set."""
    reports = made(907, reports=4_000)
    truth, found = pairs_of(reports), _found(reports)

    assert len(truth) > 600
    assert len(found & truth) / len(found) >= 0.98
    assert len(found & truth) / len(truth) >= 0.95


def _found(reports: list[Report]) -> set[tuple[int, int]]:
    traces: list[Trace] = [trace_of(str(report.number), report.told, signed) for report in reports]
    sharing = Counter(sound for trace in traces for sound in trace.sounds)
    groups: dict[str, list[int]] = {}
    for number, trace in enumerate(traces):
        for block in blocks_of(trace):
            groups.setdefault(block, []).append(number)
    found = set()
    for one, other in {pair for group in groups.values() for pair in combinations(group, 2)}:
        common = max((sharing[sound] for sound in traces[one].sounds), default=1)
        if likeness(traces[one], traces[other], rarity=rarity_of(common, len(traces))).weight >= LIKELY:
            found.add((one, other))
    return found
