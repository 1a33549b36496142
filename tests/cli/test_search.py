"""`lianxin search`: what an account finds on the command line is what it finds on the page, and no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import COUNTY, LIANFENG, Cast

Lianxin = Callable[..., Any]
pytestmark = pytest.mark.django_db


def test_people_are_found_by_sound_within_the_accounts_villages(lianxin: Lianxin, cast: Cast) -> None:
    said = lianxin("search", "persons", "章桂英", "--as", "cast.member", "--json")
    next_door = lianxin("search", "persons", "章桂英", "--as", "cast.neighbour", "--json")

    assert (said.code, said.json["count"]) == (0, 1)
    found = said.json["persons"][0]
    assert (found["name"], found["region"], found["place"], found["rank"]) == ("张桂英", LIANFENG, "3组17号", "sound")
    assert (found["birth"], found["sex"], found["household"]) == ("1953-05-01", "female", cast.households[LIANFENG][0])
    assert next_door.json == {"count": 0, "persons": []}


def test_households_are_found_by_their_people(lianxin: Lianxin, cast: Cast) -> None:
    said = lianxin("search", "households", "guiying", "--as", "cast.officer", "--json")

    assert [hit["key"] for hit in said.json["households"]] == [cast.households[LIANFENG][0]]
    assert "张桂英家" in lianxin("search", "households", "guiying", "--as", "cast.officer").out


@pytest.mark.parametrize(
    ("who", "limit", "code", "sentence"),
    [
        ("nobody", "20", 2, "没有“nobody”这个账号"),
        ("cast.member", "0", 2, "条数请写"),
        ("cast.leader", "20", 2, "您的岗位没有这项权限"),
    ],
)
def test_who_may_not_search_is_told_so(
    lianxin: Lianxin, cast: Cast, who: str, limit: str, code: int, sentence: str
) -> None:
    said = lianxin("search", "persons", "zgy", "--as", who, "--limit", limit)

    assert (said.code, said.out) == (code, "")
    assert sentence in said.err
    assert COUNTY not in said.err
