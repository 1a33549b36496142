"""The work list of people who may be registered twice: found set-wise, seen on the ground both share, settled once."""

from __future__ import annotations

import pytest

from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.register.actions import merge_people, register_household, unmerge_people
from lianxin.register.drafts import HouseholdDraft, MemberDraft
from lianxin.register.models import Suspect
from lianxin.register.queries import find_persons
from lianxin.register.suspects import count_suspects, find_suspects, suspects_open, tell_apart, told_apart
from tests.register.cast import AT, CLERK, COUNTY, HERE, MEMBER, NEIGHBOUR, NEXT, OFFICER, READER, actor, zhang_family

pytestmark = pytest.mark.django_db
OTHER_TOWN = "330402101201"


def alone(name: str, region: str = HERE, **draft: str) -> str:
    member = MemberDraft(name=name, relation="head", **draft)  # type: ignore[arg-type]
    register_household(OFFICER, HouseholdDraft(region=region, members=(member,)), at=AT)
    return max(hit.key for hit in find_persons(OFFICER, name) if hit.name == name and hit.region == region)


def pairs(who: object) -> list[tuple[set[str], tuple[str, ...]]]:
    return [({pair.one, pair.other}, pair.reasons) for pair in suspects_open(who)]  # type: ignore[arg-type]


def test_pairs_are_found_by_birthday_phone_and_name_and_seen_where_both_are(db: None) -> None:
    register_household(OFFICER, zhang_family(), at=AT)
    zhang = find_persons(OFFICER, "张桂英")[0].key
    village = alone("章桂英", birth="1953-3-5")
    town = alone("张桂英", NEXT, phone="13812342764", birth="1953-3-5")
    county = alone("张桂英", OTHER_TOWN, birth="1953-3-5")
    unborn = alone("张桂英")
    alone("王萍", birth="1953-3-5")

    assert find_suspects(OFFICER, COUNTY, at=AT) == count_suspects(OFFICER) == 7

    born, here = "生日相同", "在同一个村（社区）"
    assert ({zhang, village}, ("姓名同音", born, here)) in pairs(MEMBER)
    assert {frozenset(pair) for pair, _ in pairs(MEMBER)} == {frozenset({zhang, village}), frozenset({zhang, unborn})}
    assert ({zhang, town}, ("姓名相同", born, "电话相同")) in pairs(CLERK)
    assert all(county not in pair for pair, _ in pairs(CLERK))
    assert ({zhang, county}, ("姓名相同", born)) in pairs(OFFICER)
    assert pairs(NEIGHBOUR) == []
    assert pairs(actor("330411")) == []


def test_what_is_settled_never_comes_up_again(db: None) -> None:
    one, other, third = (alone("周萍", birth="1960-1-1") for _ in range(3))
    assert find_suspects(OFFICER, COUNTY, at=AT) == 3
    number = next(pair.number for pair in suspects_open(MEMBER) if {pair.one, pair.other} == {one, other})

    with pytest.raises(Refused, match="写明"):
        tell_apart(MEMBER, number, because="", at=AT)
    with pytest.raises(Unseen):
        tell_apart(NEIGHBOUR, number, because="问过", at=AT)
    with pytest.raises(Unseen):
        tell_apart(READER, number, because="问过", at=AT)
    tell_apart(MEMBER, number, because="打电话问过", at=AT)
    merge_number = merge_people(MEMBER, one, third, because="同一个人", at=AT)

    assert find_suspects(OFFICER, COUNTY, at=AT) == 0  # the third is one's now, and out of the running
    unmerge_people(MEMBER, merge_number, because="弄错了", at=AT)
    assert find_suspects(OFFICER, COUNTY, at=AT) == 1
    assert {(row.one, row.other) for row in Suspect.objects.seen_by(MEMBER).filter(settled="")} == {(other, third)}


def test_whoever_was_said_to_be_somebody_else_while_saving_is_no_suspect(db: None) -> None:
    one, other = alone("周萍", birth="1960-1-1"), alone("周平", birth="1960-1-1")
    told_apart(MEMBER, other, [one], at=AT)

    assert find_suspects(OFFICER, COUNTY, at=AT) == 0


def test_only_a_county_compares_everybody(db: None) -> None:
    with pytest.raises(Forbidden):
        find_suspects(CLERK, COUNTY, at=AT)
    with pytest.raises(Refused):
        find_suspects(OFFICER, HERE, at=AT)
