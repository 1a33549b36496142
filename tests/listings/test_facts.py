"""What a listing puts into the ledger."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from lianxin.base.errors import Problems
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.kinds.listings.checked import with_clocks
from lianxin.kinds.listings.facts import MEASURES, facts
from lianxin.kinds.listings.values import ListingValues, read_values
from lianxin.ledger.facts import FactDraft
from lianxin.records.kinds import Stand

TODAY = dt.date(2022, 3, 1)
VILLAGE = "330402100201"
CHILD = "01J0000000000000000000000C"


def listing(programme: str, **raw: Any) -> tuple[Stand, ListingValues]:
    problems = Problems()
    spec = catalog().programme(programme)
    raw = {"list": programme, "subject": CHILD, "subject_type": spec.subjects[0], "on_day": "2021-06-01"} | raw
    values = read_values(raw, problems, today=TODAY)
    assert not problems.items, problems
    values = replace(with_clocks(spec, values), answers=raw.get("answers", {}))
    return Stand("01J0000000000000000000000L", VILLAGE, values.on_day, (spec,)), values


def by_measure(posted: tuple[FactDraft, ...]) -> list[tuple[str, int, str]]:
    return sorted((fact.measure, int(fact.value), fact.day.isoformat()) for fact in posted)


def test_a_file_stands_from_its_first_day() -> None:
    posted = facts(*listing("child-in-difficulty", category="left-behind"))

    assert by_measure(posted) == [("listing.opened", 1, "2021-06-01"), ("listing.standing", 1, "2021-06-01")]
    assert all(("category", "left-behind") in fact.tags for fact in posted)


def test_a_file_taken_off_stands_no_longer_from_that_day() -> None:
    posted = facts(*listing("child-in-difficulty", off_day="2021-12-20", off_why="妈妈回家了"))

    assert by_measure(posted) == [
        ("listing.closed", 1, "2021-12-20"),
        ("listing.opened", 1, "2021-06-01"),
        ("listing.standing", -1, "2021-12-20"),
        ("listing.standing", 1, "2021-06-01"),
    ]


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"off_day": "2021-05-31", "off_why": "搬走"}, "off_day"),
        ({"off_day": "2021-06-01", "off_why": "搬走"}, "off_day"),
        ({"off_day": "2021-12-20"}, "off_why"),
        ({"on_day": "2022-03-02"}, "on_day"),
        ({"on_day": "1948-01-01"}, "on_day"),
        ({"subject_type": "village"}, "subject"),
        ({"subject": ""}, "subject"),
    ],
)
def test_what_cannot_be_is_said_by_its_field(raw: dict[str, str], field: str) -> None:
    problems = Problems()

    read_values({"list": "family-file", "subject": CHILD, "on_day": "2021-06-01"} | raw, problems, today=TODAY)

    assert [item.field for item in problems.items] == [field]


LISTS = [programme for programme in catalog().programmes.values() if programme.kind == "listing"]


@pytest.mark.parametrize("programme", LISTS, ids=lambda programme: programme.code)
def test_each_sample_adds_up_to_what_its_file_says(programme: ProgrammeSpec) -> None:
    for sample in programme.samples:
        sums: dict[str, Decimal] = {}
        for fact in facts(*listing(programme.code, **sample.values)):
            sums[fact.measure] = sums.get(fact.measure, Decimal(0)) + fact.value

        promised = {measure: total for measure, total in sample.sums.items() if total}
        assert {measure: total for measure, total in sums.items() if total} == promised, sample.says


def test_listings_post_only_measures_they_own() -> None:
    owned = {code for code, measure in catalog().measures.items() if measure.owner == "listing"}

    assert owned == set(MEASURES)
