"""Random lives of records, posted, amended, moved, withdrawn, against the recount in plain Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.access.verbs import Seal
from lianxin.base.codes import Level, level_of
from lianxin.base.days import Period, Span
from lianxin.ledger.chain import head
from lianxin.ledger.facts import FactDraft, Posting
from lianxin.ledger.folds import by_period, by_region, by_region_and_period, figures, stock
from lianxin.ledger.lineage import count_records, records_behind
from lianxin.ledger.rebuild import rebuild
from lianxin.ledger.selections import Fold
from lianxin.ledger.verify import verify
from lianxin.ledger.view import LedgerView
from tests.ledger.toy import (
    COUNTY,
    FAR_VILLAGE,
    FILES,
    NEXT_VILLAGE,
    NOT_TALLIED,
    OTHER_COUNTYS_VILLAGE,
    OTHER_PROVINCES_VILLAGE,
    TALLIED,
    TOWN,
    VILLAGE,
    Said,
    contents,
    counts,
    officer,
    posted,
    recounted,
)

pytestmark = pytest.mark.django_db

SELECTIONS = (*TALLIED, *NOT_TALLIED)
GROUNDS = (
    VILLAGE,
    NEXT_VILLAGE,
    FAR_VILLAGE,
    OTHER_COUNTYS_VILLAGE,
    OTHER_PROVINCES_VILLAGE,
    TOWN,
    COUNTY,
    "3304",
)
REGIONS = ("", "33", "3304", "330402", "330409", "330402100", "330402109", VILLAGE, OTHER_COUNTYS_VILLAGE)
PERIODS = tuple(map(Period.parse, ("2021", "2022", "2021-H1", "2021-Q1", "2021-Q2", "2021-03", "2021-04")))
DAYS = ("2020-12-31", "2021-01-01", "2021-03-05", "2021-03-31", "2021-04-01", "2021-07-01", "2021-12-31", "2022-01-01")
WHO = officer()

tags = st.sets(
    st.sampled_from(
        [("mode", "door"), ("mode", "phone"), ("purpose", "care"), ("purpose", "caretaker"), ("purpose", "grid")]
    ),
    max_size=3,
)
drafts = st.builds(
    FactDraft,
    measure=st.sampled_from(["visit.done", "visit.done", "giving.amount", "listing.standing"]),
    value=st.sampled_from([Decimal(1), Decimal(1), Decimal(2), Decimal("0.05"), Decimal(-1)]),
    subject=st.sampled_from(["H1", "H2", "H3"]),
    subject_type=st.just("household"),
    region=st.sampled_from(GROUNDS),
    day=st.sampled_from(DAYS).map(dt.date.fromisoformat),
    programme=st.sampled_from(["care", "four-musts"]),
    tags=tags.map(tuple),
)
postings = st.builds(
    Posting,
    record=st.sampled_from(["R1", "R2", "R3", "R4"]),
    kind=st.just("visit"),
    revision=st.just(1),
    organisation=st.sampled_from(["O1", "O2"]),
    org_level=st.sampled_from([Level.VILLAGE, Level.TOWN, Level.COUNTY]),
    seal=st.sampled_from([Seal.OPEN, Seal.STAFF]),
    facts=st.lists(drafts, max_size=3).map(tuple),
)
batches = st.lists(postings, min_size=1, max_size=3, unique_by=lambda posting: posting.record)
lives = st.lists(batches, min_size=1, max_size=8)
random_lives = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

Truth = dict[str, list[Said]]


@contextmanager
def one_example() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def lived(life: list[list[Posting]]) -> Iterator[Truth]:
    """Post batch by batch; after each, what every record says."""
    truth: Truth = {}
    for batch in life:
        posted(*batch)
        truth = truth | {one.record: [(fact, Level(one.org_level)) for fact in one.facts] for one in batch}
        yield truth


def everything(truth: Truth) -> list[Said]:
    return [said for record in truth.values() for said in record]


def view(region: str, period: Period, *, own: bool = False, watermark: int | None = None) -> LedgerView:
    return LedgerView(WHO, region, period, own_level=own, watermark=watermark)


def expected(truth: Truth, region: str, period: Period, *, own: bool = False) -> dict[str, Decimal]:
    first, last = period.start.isoformat(), period.last_day.isoformat()
    level = level_of(region) if own else None
    return {
        one.key: recounted(one, everything(truth), region=region, first=first, last=last, own=level)
        for one in SELECTIONS
    }


@random_lives
@given(lives, st.booleans())
def test_every_figure_is_the_recount_of_what_the_records_say(life: list[list[Posting]], own: bool) -> None:
    with one_example():
        *_, truth = lived(life)

        for region in REGIONS:
            for period in PERIODS:
                assert figures(view(region, period, own=own), SELECTIONS) == expected(truth, region, period, own=own)
        assert verify().differences == ()


@random_lives
@given(lives, st.booleans(), st.sampled_from([("", 1), ("33", 2), (COUNTY, 4), (COUNTY, 5), (TOWN, 5)]))
def test_every_part_is_the_figure_of_that_part(life: list[list[Posting]], own: bool, cut: tuple[str, int]) -> None:
    with one_example():
        *_, truth = lived(life)
        region, level = cut[0], Level(cut[1])
        year = Period.of_year(2021)

        for span in (Span.MONTH, Span.HALF):
            grid = by_region_and_period(view(region, year, own=own), SELECTIONS, level=level, span=span)
            for one in SELECTIONS:
                for part in year.parts(span):
                    _assert_parts(truth, one, grid[one.key], part, level, view(region, part, own=own))
        times = by_period(view(region, year), SELECTIONS, span=Span.QUARTER)
        places = by_region(view(region, year, own=own), SELECTIONS, level=level)
        for one in SELECTIONS:
            assert list(times[one.key]) == ["2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4"]
            for part in year.parts(Span.QUARTER):
                assert times[one.key][part.code] == expected(truth, region, part)[one.key]
        for one in SELECTIONS:
            cells = {(place, year.code): n for place, n in places[one.key].items()}
            _assert_parts(truth, one, cells, year, level, view(region, year, own=own))


def _assert_parts(truth: Truth, one, cells, part: Period, level: Level, whole: LedgerView) -> None:
    first, last = part.start.isoformat(), part.last_day.isoformat()
    said = [
        (fact, who)
        for fact, who in everything(truth)
        if fact.region.startswith(whole.region) and (whole.level is None or who == whole.level)
    ]
    for place in {fact.region[: level.length] for fact, _ in said}:
        here = [(fact, who) for fact, who in said if fact.region[: level.length] == place]
        n = recounted(one, here, region="", first=first, last=last)
        assert cells.get((place, part.code), 0) == n, (one.key, place, part.code)
    assert {place for (place, code), n in cells.items() if n} <= {fact.region[: level.length] for fact, _ in said}


@random_lives
@given(lives, st.sampled_from(["2020-12-31", "2021-03-04", "2021-03-05", "2021-03-30", "2021-03-31", "2021-12-30"]))
def test_a_stock_at_any_day_is_the_balance_of_that_day(life: list[list[Posting]], day: str) -> None:
    with one_example():
        *_, truth = lived(life)

        for region in REGIONS:
            balance = stock(view(region, Period.of_year(2021)), FILES, on=dt.date.fromisoformat(day))
            assert balance == recounted(FILES, everything(truth), region=region, first="", last=day)


@random_lives
@given(lives)
def test_every_watermark_reads_as_it_was_then(life: list[list[Posting]]) -> None:
    with one_example():
        then = [(head(), truth) for truth in lived(life)]

        for watermark, truth in then:
            for region in ("", COUNTY, TOWN):
                old = figures(view(region, PERIODS[0], watermark=watermark), SELECTIONS)
                assert old == expected(truth, region, PERIODS[0])


@random_lives
@given(lives)
def test_the_same_again_posts_nothing(life: list[list[Posting]]) -> None:
    with one_example():
        for batch in life:
            posted(*batch)
            before = head()
            again = posted(*(replace(posting, revision=9) for posting in batch))
            assert (again.batch, again.facts, head()) == (None, 0, before)


@random_lives
@given(lives)
def test_building_the_tallies_anew_changes_nothing(life: list[list[Posting]]) -> None:
    with one_example():
        list(lived(life))
        kept = contents()

        rebuild()

        assert contents() == kept


@random_lives
@given(lives)
def test_lineage_names_every_record_that_contributes_once_newest_first(life: list[list[Posting]]) -> None:
    with one_example():
        *_, truth = lived(life)
        year = Period.of_year(2021)
        for one in SELECTIONS:
            nets = {}
            for record, said in truth.items():
                first = "0000" if one.fold is Fold.STOCK else "2021-01-01"
                counting = [
                    fact
                    for fact, who in said
                    if counts(one, (fact, who), region="3304", first=first, last="2021-12-31", own=None)
                ]
                if net := sum(fact.value for fact in counting):
                    nets[record] = net

            read = []
            after = None
            while page := records_behind(view("3304", year), one, after=after, limit=2):
                read += page
                after = page[-1].place

            assert {item.record: item.value for item in read} == nets
            assert len(read) == len(nets) == count_records(view("3304", year), one)
            assert [item.place for item in read] == sorted((item.place for item in read), reverse=True)
