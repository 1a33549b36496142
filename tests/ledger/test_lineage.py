"""From a figure to its records."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from lianxin.base.codes import Level
from lianxin.base.days import Period
from lianxin.ledger.lineage import Behind, count_records, records_behind
from lianxin.ledger.view import LedgerView
from tests.ledger.toy import (
    COUNTY,
    FAMILIES,
    FAR_VILLAGE,
    FILES,
    TOWN,
    VILLAGE,
    VISITS,
    draft,
    officer,
    posted,
    posting,
)

pytestmark = pytest.mark.django_db


def view(region: str = COUNTY, *, own_level: bool = False) -> LedgerView:
    return LedgerView(officer(), region, Period.of_year(2021), own_level=own_level)


@pytest.fixture(autouse=True)
def _records() -> None:
    posted(
        posting("R1", draft(day="2021-03-05")),
        posting("R2", draft(day="2021-06-01", region=FAR_VILLAGE)),
        posting("R3", draft(day="2021-06-01"), draft(day="2021-02-01", value="2")),
        posting("R4", draft(day="2022-01-01")),
        posting("R5", draft("visit.people", day="2021-03-05")),
        posting("R6", draft(day="2021-05-01")),
        posting("R7", draft(day="2021-04-01"), level=Level.COUNTY),
    )
    posted(posting("R6", revision=2), posting("R1", draft(day="2021-03-06"), revision=2))


def test_newest_first_each_once_with_what_it_contributes() -> None:
    assert records_behind(view(), VISITS) == (
        Behind("R3", "visit", dt.date(2021, 6, 1), Decimal(3)),
        Behind("R2", "visit", dt.date(2021, 6, 1), Decimal(1)),
        Behind("R7", "visit", dt.date(2021, 4, 1), Decimal(1)),
        Behind("R1", "visit", dt.date(2021, 3, 6), Decimal(1)),
    )
    assert count_records(view(), VISITS) == 4
    assert count_records(view(), FAMILIES) == 4


def test_a_page_reads_on_where_the_last_one_ended() -> None:
    first = records_behind(view(), VISITS, limit=1)
    rest = records_behind(view(), VISITS, after=first[-1].place)

    assert [item.record for item in (*first, *rest)] == ["R3", "R2", "R7", "R1"]
    assert records_behind(view(), VISITS, after=rest[-1].place) == ()


def test_only_what_the_reader_may_see() -> None:
    seen = records_behind(view(), VISITS, limit=2, visible=lambda keys: [key for key in keys if key in ("R2", "R1")])

    assert [item.record for item in seen] == ["R2", "R1"]


def test_only_the_part_of_the_region_that_the_reader_may_open() -> None:
    assert [item.record for item in records_behind(view(), VISITS, under=TOWN)] == ["R3", "R7", "R1"]
    assert records_behind(view(), VISITS, under="340101") == ()
    assert count_records(view(VILLAGE), VISITS, under=COUNTY) == 3
    assert [item.record for item in records_behind(view(own_level=True), VISITS, under=VILLAGE)] == ["R7"]


def test_behind_a_stock_stands_everything_that_still_counts() -> None:
    posted(
        posting("L1", draft("listing.standing", day="2019-01-01")),
        posting("L2", draft("listing.standing", day="2019-01-01"), draft("listing.standing", "-1", day="2021-12-31")),
        posting("L3", draft("listing.standing", day="2020-01-01"), draft("listing.standing", "-1", day="2022-01-01")),
    )

    assert [item.record for item in records_behind(view(), FILES)] == ["L3", "L1"]
    assert count_records(view(), FILES) == 2


def test_a_page_costs_two_queries(django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        records_behind(view(), VISITS, limit=3)


def test_long_walks_go_piece_by_piece() -> None:
    posted(*(posting(f"M{number:03}", draft(day="2021-08-01")) for number in range(450)))

    found = records_behind(view(), VISITS, limit=500)

    assert [item.record for item in found[:2]] == ["M449", "M448"]
    assert len(found) == 454
