"""Figures of a small county, worked out by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from lianxin.access.actor import Actor
from lianxin.base.codes import Level
from lianxin.base.days import Period, Span
from lianxin.base.errors import Forbidden, Refused
from lianxin.ledger.folds import by_period, by_region, by_region_and_period, distinct, figure, figures, flow, stock
from lianxin.ledger.models import Cell
from lianxin.ledger.selections import Fold, Selection
from lianxin.ledger.view import LedgerView
from tests.ledger.toy import (
    COUNTY,
    FAMILIES,
    FAMILIES_AT_THE_DOOR,
    FAMILIES_CARED_FOR,
    FAR_VILLAGE,
    FILES,
    GIVEN,
    NEXT_VILLAGE,
    NOT_TALLIED,
    OTHER_COUNTYS_VILLAGE,
    OTHER_PROVINCES_VILLAGE,
    OTHER_TOWN,
    TOWN,
    VILLAGE,
    VISITS,
    draft,
    officer,
    posted,
    posting,
)

pytestmark = pytest.mark.django_db
YEAR = Period.of_year(2021)
DOOR, PHONE = ("mode", "door"), ("mode", "phone")


def view(region: str = COUNTY, period: Period = YEAR, *, own_level: bool = False) -> LedgerView:
    return LedgerView(officer(), region, period, own_level=own_level)


@pytest.fixture
def county() -> None:
    """H1 is visited five times in three villages, H2 once at its town, H3 once by the county itself.

    | record | who | where        | day   | how   | by      |
    | R1     | H1  | VILLAGE      | 03-05 | door  | village |
    | R2     | H1  | VILLAGE      | 03-31 | phone | village |
    | R3     | H1  | NEXT_VILLAGE | 04-01 | door  | village |
    | R4     | H1  | FAR_VILLAGE  | 12-31 | door  | town    |
    | R5     | H2  | TOWN         | 07-01 | door  | town    |
    | R6     | H3  | COUNTY       | 07-01 | phone | county  |
    | R7     | H1  | VILLAGE      | 2022  | door  | village |
    """
    posted(
        posting("R1", draft(tags=(DOOR,))),
        posting("R2", draft(day="2021-03-31", tags=(PHONE,))),
        posting("R3", draft(day="2021-04-01", region=NEXT_VILLAGE, tags=(DOOR,))),
        posting("R4", draft(day="2021-12-31", region=FAR_VILLAGE, tags=(DOOR,)), level=Level.TOWN),
        posting("R5", draft(day="2021-07-01", region=TOWN, subject="H2", tags=(DOOR,)), level=Level.TOWN),
        posting("R6", draft(day="2021-07-01", region=COUNTY, subject="H3", tags=(PHONE,)), level=Level.COUNTY),
        posting("R7", draft(day="2022-01-01", tags=(DOOR,))),
    )


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize(
    ("region", "visits", "families"),
    [
        (VILLAGE, 2, 1),
        (NEXT_VILLAGE, 1, 1),
        (TOWN, 4, 2),  # H1 in two villages, H2 at the town itself
        (OTHER_TOWN, 1, 1),
        (COUNTY, 6, 3),
        ("3304", 6, 3),
        ("33", 6, 3),
        ("", 6, 3),
        (OTHER_COUNTYS_VILLAGE, 0, 0),
    ],
)
def test_times_add_up_and_families_count_once_at_every_level(region: str, visits: int, families: int) -> None:
    assert flow(view(region), VISITS) == visits
    assert distinct(view(region), FAMILIES) == families


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize(
    ("period", "families"),
    [("2021-03", 1), ("2021-Q1", 1), ("2021-Q2", 1), ("2021-H1", 1), ("2021-Q3", 2), ("2021-H2", 3), ("2022", 1)],
)
def test_families_do_not_add_up_over_time(period: str, families: int) -> None:
    assert distinct(view(period=Period.parse(period)), FAMILIES) == families


@pytest.mark.usefixtures("county")
def test_own_level_is_what_the_regions_own_organisation_did() -> None:
    assert flow(view(own_level=True), VISITS) == 1
    assert flow(view(TOWN, own_level=True), VISITS) == 1
    assert flow(view(VILLAGE, own_level=True), VISITS) == 2
    assert distinct(view(own_level=True), FAMILIES) == 1
    assert by_region(view(TOWN, own_level=True), [FAMILIES], level=Level.VILLAGE) == {"families": {TOWN: Decimal(1)}}


@pytest.mark.usefixtures("county")
def test_by_town_what_the_county_did_itself_keeps_the_countys_code() -> None:
    grids = by_region(view(), [VISITS, FAMILIES], level=Level.TOWN)

    assert grids["visits"] == {TOWN: 4, OTHER_TOWN: 1, COUNTY: 1}
    assert grids["families"] == {TOWN: 2, OTHER_TOWN: 1, COUNTY: 1}


@pytest.mark.usefixtures("county")
def test_the_county_as_its_own_part_is_the_whole() -> None:
    assert by_region(view(), [FAMILIES], level=Level.COUNTY) == {"families": {COUNTY: Decimal(3)}}


@pytest.mark.usefixtures("county")
def test_by_quarter_every_quarter_stands_there() -> None:
    grids = by_period(view(OTHER_TOWN), [VISITS, FAMILIES], span=Span.QUARTER)

    assert grids["visits"] == {"2021-Q1": 0, "2021-Q2": 0, "2021-Q3": 0, "2021-Q4": 1}
    assert list(grids["families"].values()) == [0, 0, 0, 1]


@pytest.mark.usefixtures("county")
def test_by_town_and_month() -> None:
    grids = by_region_and_period(view(), [VISITS, FAMILIES], level=Level.TOWN, span=Span.MONTH)

    told = {at: n for at, n in grids["visits"].items() if n}
    assert told == {
        (TOWN, "2021-03"): 2,
        (TOWN, "2021-04"): 1,
        (TOWN, "2021-07"): 1,
        (COUNTY, "2021-07"): 1,
        (OTHER_TOWN, "2021-12"): 1,
    }
    assert grids["families"][TOWN, "2021-03"] == 1


@pytest.mark.usefixtures("county")
def test_where_is_any_of_the_values_and_every_name() -> None:
    posted(posting("R8", draft(subject="H8", tags=(PHONE, ("purpose", "care"), ("purpose", "grid")))))
    posted(posting("R9", draft(subject="H9", tags=(DOOR, ("purpose", "caretaker")))))

    assert distinct(view(), FAMILIES_AT_THE_DOOR) == 3  # H1, H2, H9
    assert distinct(view(), FAMILIES_CARED_FOR) == 1  # H8; caretaker is not care


def test_letters_are_told_apart_on_both_databases() -> None:
    posted(posting("R1", draft(tags=(("mode", "DOOR"),))), posting("R2", draft(subject="H2", tags=(("mode", "doXr"),))))
    odd = Selection("odd", Fold.DISTINCT, "visit.done", (("mode", ("do_r",)),))

    assert distinct(view(), FAMILIES_AT_THE_DOOR) == 0
    assert distinct(view(), Selection("again", Fold.DISTINCT, "visit.done", FAMILIES_AT_THE_DOOR.where)) == 0
    assert distinct(view(), odd) == 0


def test_a_programme_is_asked_of_the_fact_itself() -> None:
    posted(posting("R1", draft("giving.amount", "500.25", programme="care")))
    posted(posting("R2", draft("giving.amount", "99", programme="four-musts")))

    assert flow(view(), GIVEN) == Decimal("500.25")


def test_a_stock_is_the_balance_of_a_day() -> None:
    posted(
        posting("L1", draft("listing.standing", day="2020-05-01"), draft("listing.standing", "-1", day="2021-03-15"))
    )
    posted(posting("L2", draft("listing.standing", day="2021-03-10", subject="H2", region=FAR_VILLAGE)))

    march = Period.parse("2021-03")
    assert stock(view(period=Period.of_year(2020)), FILES) == 1
    assert [stock(view(period=march), FILES, on=dt.date(2021, 3, day)) for day in (1, 9, 10, 14, 15, 31)] == [
        1,
        1,
        2,
        2,
        1,
        1,
    ]
    assert by_period(view(), [FILES], span=Span.MONTH)["files"]["2021-02"] == 1
    assert by_region(view(period=march), [FILES], level=Level.VILLAGE)["files"] == {VILLAGE: 0, FAR_VILLAGE: 1}
    years = by_region_and_period(view(), [FILES], level=Level.TOWN, span=Span.HALF)["files"]
    assert years == {(TOWN, "2021-H1"): 0, (TOWN, "2021-H2"): 0, (OTHER_TOWN, "2021-H1"): 1, (OTHER_TOWN, "2021-H2"): 1}


def test_a_stock_inside_a_month_takes_the_first_day_along() -> None:
    posted(posting("L1", draft("listing.standing", day="2021-03-01")))

    march = view(period=Period.parse("2021-03"))
    assert [stock(march, FILES, on=dt.date(2021, *day)) for day in ((2, 28), (3, 1), (3, 2))] == [0, 1, 1]


def test_shown_and_taken_back_in_the_same_place_does_not_show() -> None:
    posted(posting("R1", draft()), posting("R2", draft(value="-1", day="2021-04-01")))

    assert distinct(view(period=Period.parse("2021-Q1")), FAMILIES) == 1
    assert distinct(view(), FAMILIES) == 0


def test_a_family_in_two_provinces_counts_once_in_the_nation() -> None:
    posted(posting("R1", draft()), posting("R2", draft(region=OTHER_PROVINCES_VILLAGE)))

    assert (distinct(view(""), FAMILIES), distinct(view("33"), FAMILIES), distinct(view("34"), FAMILIES)) == (1, 1, 1)
    assert set(Cell.objects.filter(fork=True).values_list("region", "n")) == {("", -1)}


def test_a_family_seen_at_its_town_and_in_its_village_counts_once_in_the_town() -> None:
    posted(posting("R1", draft(region=TOWN)), posting("R2", draft()), posting("R3", draft(region=COUNTY)))

    assert [distinct(view(region), FAMILIES) for region in (VILLAGE, TOWN, COUNTY, "3304")] == [1, 1, 1, 1]
    assert by_region(view(), [FAMILIES], level=Level.TOWN)["families"] == {TOWN: 1, COUNTY: 1}
    assert by_region(view(), [FAMILIES], level=Level.VILLAGE)["families"] == {VILLAGE: 1, TOWN: 1, COUNTY: 1}


def test_the_next_town_along_is_not_in_this_one() -> None:
    posted(posting("R1", draft(region="330402101")), posting("R2", draft(region="330403")))

    assert (flow(view(TOWN), VISITS), distinct(view(TOWN), FAMILIES)) == (0, 0)
    assert (flow(view(), VISITS), distinct(view(), FAMILIES)) == (1, 1)
    assert flow(view(TOWN), Selection("again", Fold.FLOW, "visit.done")) == 0


def test_a_key_with_another_meaning_is_not_read_from_the_tally() -> None:
    posted(posting("R1", draft(), draft("visit.people", "3")))

    assert flow(view(), Selection("visits", Fold.FLOW, "visit.people")) == 3


def test_a_fork_stands_only_where_the_ways_part() -> None:
    posted(posting("R1", draft()), posting("R2", draft(region=NEXT_VILLAGE)), posting("R3", draft(region=FAR_VILLAGE)))

    forks = Cell.objects.filter(fork=True, level=-1, period="2021").values_list("region", "n")
    assert dict(forks.filter(key="families")) == {TOWN: -1, COUNTY: -1}


def test_several_figures_of_both_ways_in_one_call() -> None:
    posted(posting("R1", draft(tags=(PHONE,))))

    both = figures(view(), [VISITS, *NOT_TALLIED])

    assert both == {"visits": 1, "visits.phone": 1, "files.care": 0, "families.phone": 1}


def test_a_page_of_figures_is_three_queries(django_assert_num_queries) -> None:
    posted(posting("R1", draft()))

    with django_assert_num_queries(3):
        by_region_and_period(
            view(), [VISITS, GIVEN, FILES, FAMILIES, FAMILIES_AT_THE_DOOR], level=Level.TOWN, span=Span.MONTH
        )


def test_a_fold_is_asked_by_its_name() -> None:
    with pytest.raises(ValueError, match="is a distinct"):
        flow(view(), FAMILIES)


def test_nobody_reads_figures_without_the_verb() -> None:
    with pytest.raises(Forbidden):
        LedgerView(Actor("nobody", "无名"), COUNTY, YEAR)


def test_everybody_with_the_verb_reads_every_regions_figures() -> None:
    assert figure(LedgerView(officer(region=VILLAGE), "34", YEAR), VISITS) == 0


def test_figures_end_at_the_village() -> None:
    with pytest.raises(Refused, match="村（社区）为止"):
        LedgerView(officer(), f"{VILLAGE}001", YEAR)


def test_a_view_is_cut_into_parts_only() -> None:
    with pytest.raises(ValueError, match="not made of"):
        by_region(view(TOWN), [VISITS], level=Level.COUNTY)
    with pytest.raises(ValueError, match="not made of"):
        by_period(view(period=Period.parse("2021-03")), [VISITS], span=Span.YEAR)
