"""From a figure back to its records, through the door: what each reader may open, and how many she may not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from lianxin.base.days import Period
from lianxin.indicators.behind import count_behind, every_record, how_many, records_behind
from lianxin.ledger.view import LedgerView
from lianxin.records.door import submit
from lianxin.records.drafts import Act, Draft
from lianxin.records.models import Record
from tests.cast import COUNTY, LIANFENG, NOW, SANXING, TOWN, YONGLI, Cast
from tests.indicators.counties import YEAR, indicator

pytestmark = pytest.mark.django_db


def view(cast: Cast, who: str, region: str = COUNTY, period: Period = YEAR) -> LedgerView:
    return LedgerView(cast.actor(who), region, period)


def keys(cast: Cast, who: str, code: str, **at: Any) -> list[str]:
    return [row.card.key for row in records_behind(indicator(code), view(cast, who, **at)).rows]


def counted(cast: Cast, who: str, code: str, **at: Any) -> tuple[int, int] | None:
    """(how many, how many of them she may not open)."""
    found = how_many(indicator(code), view(cast, who, **at))
    return (found.total, found.closed) if found else None


def two_villages(cast: Cast) -> tuple[Record, Record]:
    mine = cast.visit(day="2021-12-20")
    hers = cast.visit("neighbour", subject=cast.households[SANXING][0], day="2021-12-21")
    return mine, hers


def test_each_reader_opens_what_is_hers_and_is_told_of_the_rest(cast: Cast) -> None:
    mine, hers = two_villages(cast)

    spec = indicator("visits.households")
    seen = {who: records_behind(spec, view(cast, who)) for who in ("member", "clerk", "officer", "partner")}

    assert {who: [row.card.key for row in found.rows] for who, found in seen.items()} == {
        "member": [mine.key],
        "clerk": [hers.key, mine.key],
        "officer": [hers.key, mine.key],
        "partner": [],
    }
    assert {who: counted(cast, who, "visits.households") for who in seen} == {
        "member": (2, 1),
        "clerk": (2, 0),
        "officer": (2, 0),
        "partner": (2, 2),
    }


def test_a_clerk_of_another_town_opens_nothing_there(cast: Cast) -> None:
    two_villages(cast)

    assert keys(cast, "next_clerk", "visits.times", region=TOWN) == []
    assert counted(cast, "next_clerk", "visits.times", region=TOWN) == (2, 2)


def test_what_an_officer_of_one_programme_opens_was_posted_for_it(cast: Cast) -> None:
    cast.visit(day="2021-12-20")
    festive = cast.visit(day="2021-12-21", purposes=[{"programme": "festival-care", "reasons": []}])

    assert keys(cast, "programme_officer", "visits.times") == [festive.key]
    assert counted(cast, "programme_officer", "visits.times") == (2, 1)


def test_protected_files_are_counted_and_not_opened(cast: Cast) -> None:
    child = cast.listing("child-in-difficulty", subject_type="person", subject=_child(cast))

    assert keys(cast, "chair", "files.children") == [child.key]
    assert keys(cast, "member", "files.children") == []
    assert keys(cast, "leader", "files.children") == []
    # A single file is too few to be told of to somebody who may not read it.
    assert counted(cast, "leader", "files.children") is None
    assert counted(cast, "chair", "files.children", region=LIANFENG) == (1, 0)
    assert count_behind(indicator("files.children"), view(cast, "leader")) is None
    assert count_behind(indicator("files.children"), view(cast, "officer")) == 1


def test_a_withdrawn_visit_is_behind_nothing(cast: Cast) -> None:
    visit = cast.visit()
    submit(cast.actor("member"), [Draft("visit", visit.key, act=Act.VOID, base=1, because="登错了")], at=NOW)

    assert keys(cast, "officer", "visits.times") == []
    assert counted(cast, "officer", "visits.times") == (0, 0)


def test_a_record_is_one_row_however_much_it_contributes(cast: Cast) -> None:
    visit = cast.visit(
        difficulties=[{"text": "低保", "state": "solved"}, {"text": "扶手", "state": "solved"}, {"text": "路灯"}]
    )

    found = records_behind(indicator("difficulties.solved"), view(cast, "officer"))

    assert [(row.card.key, row.value, row.day) for row in found.rows] == [
        (visit.key, Decimal(2), dt.date(2021, 12, 24))  # solved when it was noted, four days after the visit
    ]
    assert count_behind(indicator("difficulties.solved"), view(cast, "officer")) == 1
    assert count_behind(indicator("ideas.heard"), view(cast, "officer")) == 0


def test_the_list_goes_on_where_it_ended(cast: Cast) -> None:
    visits = [cast.visit(day=f"2021-12-{day:02}") for day in (1, 2, 3, 3, 5)]
    spec, there = indicator("visits.times"), view(cast, "officer")

    first = records_behind(spec, there, limit=2)
    second = records_behind(spec, there, limit=2, after=first.older)
    third = records_behind(spec, there, limit=2, after=second.older)

    told = [row.card.key for page in (first, second, third) for row in page.rows]
    assert sorted(told) == sorted(visit.key for visit in visits)
    assert [row.day.day for page in (first, second, third) for row in page.rows] == [5, 3, 3, 2, 1]
    assert third.older is None
    assert counted(cast, "officer", "visits.times") == (5, 0)
    assert [row.card.key for row in every_record(spec, there, at_once=2)] == told


def test_what_she_may_not_open_is_told_apart_by_seal_by_place_and_by_programme(cast: Cast) -> None:
    mine = [cast.visit(day=f"2021-12-{day:02}") for day in (1, 2)]
    cast.visit("chair", day="2021-12-03", purposes=[{"programme": "minors-in-court", "reasons": []}])
    cast.visit("neighbour", subject=cast.households[SANXING][0], day="2021-12-04")
    festive = {"purposes": [{"programme": "festival-care", "reasons": []}]}
    kept = [cast.visit(day=f"2021-11-{day:02}", **festive) for day in (1, 2)]

    assert keys(cast, "member", "visits.times") == [visit.key for visit in (*reversed(mine), *reversed(kept))]
    assert counted(cast, "member", "visits.times") == (6, 2)
    assert keys(cast, "programme_officer", "visits.times") == [visit.key for visit in reversed(kept)]
    assert counted(cast, "programme_officer", "visits.times") == (6, 4)


def test_a_ratio_opens_what_it_is_a_share_of(cast: Cast) -> None:
    cast.visit(mode="door")
    cast.visit(mode="phone", day="2021-12-21")

    assert len(keys(cast, "officer", "visits.door-share")) == 2
    assert count_behind(indicator("visits.door-share"), view(cast, "officer")) == 2


def test_records_of_another_year_or_town_stay_out(cast: Cast) -> None:
    cast.visit(day="2021-12-20")
    cast.visit("next_clerk", subject=cast.households[YONGLI][0], day="2021-11-02")

    assert len(keys(cast, "officer", "visits.times", region=LIANFENG)) == 1
    assert keys(cast, "officer", "visits.times", period=Period.parse("2020")) == []
    assert len(keys(cast, "officer", "visits.times", period=Period.parse("2021-11"))) == 1


def _child(cast: Cast) -> str:
    from lianxin.register.models import Membership  # noqa: PLC0415 — only this test looks into a household

    members = Membership.objects.unscoped("test").filter(household=cast.households[LIANFENG][0])
    return str(members.exclude(relation="head").values_list("person_id", flat=True)[0])
