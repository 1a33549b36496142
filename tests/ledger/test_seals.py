"""A sealed period: refused writes, corrections, and figures that stay what they were."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI, Period
from lianxin.base.errors import Forbidden, Refused
from lianxin.ledger.chain import head
from lianxin.ledger.folds import figure
from lianxin.ledger.models import SealedPeriod
from lianxin.ledger.seals import SealBook, corrected_since, seal_over, seal_period, sealed_figure, sealed_period_on
from lianxin.ledger.view import LedgerView
from tests.ledger.toy import (
    COUNTY,
    FAMILIES,
    FAR_VILLAGE,
    FILES,
    OTHER_COUNTYS_VILLAGE,
    TOWN,
    VILLAGE,
    VISITS,
    draft,
    officer,
    posted,
    posting,
)

pytestmark = pytest.mark.django_db
MARCH, YEAR = Period.parse("2021-03"), Period.of_year(2021)
NEW_YEAR = dt.datetime(2022, 1, 1, 0, 0, tzinfo=SHANGHAI)
SEALER = officer(Verb.PERIOD_SEAL)


def sealed(period: Period = MARCH, *, region: str = COUNTY, by: Actor = SEALER) -> SealedPeriod:
    with transaction.atomic():
        return seal_period(by, region=region, period=period, because="年报已定", at=NEW_YEAR)


def view(region: str = COUNTY, period: Period = MARCH) -> LedgerView:
    return LedgerView(officer(), region, period)


@pytest.mark.parametrize("day", ["2021-03-01", "2021-03-31"])
def test_an_ordinary_write_inside_is_refused_by_name(day: str) -> None:
    sealed()

    with pytest.raises(Refused, match="2021年3月已经封账，2021年3月") as refused:
        posted(posting("R1", draft(day=day)))

    assert refused.value.field == "day"
    assert head() == 0


@pytest.mark.parametrize(
    ("day", "region"),
    [("2021-02-28", VILLAGE), ("2021-04-01", VILLAGE), ("2021-03-05", OTHER_COUNTYS_VILLAGE), ("2021-03-05", "3304")],
)
def test_writes_beside_it_go_on(day: str, region: str) -> None:
    sealed()

    assert posted(posting("R1", draft(day=day, region=region))).facts == 1


def test_a_years_seal_covers_its_months() -> None:
    sealed(YEAR)

    with pytest.raises(Refused, match="2021年已经封账"):
        posted(posting("R1", draft(day="2021-12-31", region=TOWN)))
    assert posted(posting("R1", draft(day="2022-01-01"))).facts == 1


def test_what_a_record_of_before_gains_afterwards_counts_afterwards() -> None:
    """A difficulty of 2021 solved in 2022: the difference is dated 2022, the sealed year is not touched."""
    posted(posting("R1", draft("difficulty.found", day="2021-12-01")))
    sealed(YEAR)

    solved = posting(
        "R1",
        draft("difficulty.found", day="2021-12-01"),
        draft("difficulty.solved", day="2022-02-01"),
        revision=2,
    )

    assert posted(solved).facts == 1


def test_moving_a_fact_out_of_a_sealed_period_is_a_write_inside() -> None:
    posted(posting("R1", draft(day="2021-03-05")))
    sealed()

    with pytest.raises(Refused, match="封账"):
        posted(posting("R1", draft(day="2021-04-05"), revision=2))


def test_one_row_inside_refuses_the_whole_batch() -> None:
    sealed()

    with pytest.raises(Refused):
        posted(posting("R1", draft(day="2021-05-01")), posting("R2", draft(day="2021-03-05")))

    assert figure(view(period=YEAR), VISITS) == 0


def test_a_seal_is_one_countys_even_in_a_batch_of_two_counties() -> None:
    sealed()

    both = posted(
        posting("R1", draft(region=OTHER_COUNTYS_VILLAGE, day="2021-03-05")), posting("R2", draft(day="2021-05-01"))
    )

    assert both.facts == 2


def test_a_correction_needs_its_reason() -> None:
    sealed()

    with pytest.raises(Refused, match="写明原因") as refused:
        posted(posting("R1", draft()), correcting=True)

    assert refused.value.field == "because"


def test_a_correction_moves_the_live_figure_and_not_the_sealed_one() -> None:
    posted(posting("R1", draft()), posting("R2", draft(subject="H2")))
    seal = sealed()
    assert corrected_since(view(), FAMILIES) is None

    posted(posting("R3", draft(subject="H3", region=FAR_VILLAGE)), because="漏记", correcting=True)
    posted(posting("R2", revision=2), because="重复登记", correcting=True)

    then = sealed_figure(view(), VISITS)
    assert then is not None
    assert (then.value, then.seal.watermark) == (Decimal(2), 1)
    corrected = corrected_since(view(), VISITS)
    assert corrected is not None
    assert (corrected.sealed, corrected.live, corrected.facts) == (2, 2, 2)
    in_town = corrected_since(view(TOWN), FAMILIES)
    assert in_town is not None
    assert (in_town.sealed, in_town.live) == (2, 1)
    assert seal.name == "2021年3月"


def test_a_sealed_stock_stays() -> None:
    posted(posting("L1", draft("listing.standing", day="2020-01-01")))
    sealed()

    posted(posting("L2", draft("listing.standing", day="2021-02-01")))  # February is open

    then, since = sealed_figure(view(), FILES), corrected_since(view(), FILES)
    assert then is not None
    assert since is not None
    assert (then.value, since.live) == (1, 2)


def test_nothing_sealed_no_sealed_figure() -> None:
    sealed()

    assert sealed_figure(view(period=YEAR), VISITS) is None
    assert sealed_figure(view("3304"), VISITS) is None
    assert corrected_since(view(OTHER_COUNTYS_VILLAGE), VISITS) is None


def test_a_month_reads_its_own_seal_before_its_years() -> None:
    month = sealed()
    posted(posting("R1", draft()), because="漏记", correcting=True)
    year = sealed(YEAR)

    assert seal_over(view(TOWN)) == month
    assert seal_over(view(TOWN, Period.parse("2021-04"))) == year
    assert (month.watermark, year.watermark) == (0, 1)


def test_who_may_seal_what_and_when() -> None:
    with pytest.raises(Forbidden):
        sealed(by=officer())
    with pytest.raises(Forbidden):
        sealed(region="330409")
    with pytest.raises(Refused, match="按县"):
        sealed(region=TOWN, by=officer(Verb.PERIOD_SEAL, region=""))
    with pytest.raises(Refused, match="2022年1月还没有结束，2022年2月1日起"):
        sealed(Period.parse("2022-01"))
    assert sealed(YEAR).period == "2021"


@pytest.mark.parametrize("again", [YEAR, MARCH, Period.parse("2021-H2")])
def test_what_is_closed_is_not_closed_again(again: Period) -> None:
    sealed(YEAR)

    with pytest.raises(Refused, match="不用再封"):
        sealed(again)


def test_the_door_asks_before_it_writes() -> None:
    sealed()

    found = sealed_period_on(VILLAGE, dt.date(2021, 3, 5))
    assert found is not None
    assert found.name == "2021年3月"
    assert sealed_period_on(VILLAGE, dt.date(2021, 4, 5)) is None
    assert sealed_period_on(OTHER_COUNTYS_VILLAGE, dt.date(2021, 3, 5)) is None


def test_a_batch_of_days_asks_once(django_assert_num_queries) -> None:
    sealed()

    with django_assert_num_queries(1):
        book = SealBook.of([VILLAGE, FAR_VILLAGE])
        assert book.on(VILLAGE, dt.date(2021, 3, 5)) is not None
        assert book.on(FAR_VILLAGE, dt.date(2021, 4, 5)) is None


@pytest.mark.django_db(transaction=True)
def test_a_seal_belongs_into_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        seal_period(SEALER, region=COUNTY, period=MARCH, because="", at=NEW_YEAR)
