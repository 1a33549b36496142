"""The shipped catalogue: sound, carries the lines of work it should, says what is only a default."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from lianxin.catalog.bodies import OrganisationTypeSpec
from lianxin.catalog.load import check_catalog, load_catalog
from lianxin.catalog.specs import Catalog, OptionSpec, ProgrammeSpec, ReasonSpec

VISITS = {
    "four-musts": "S073",
    "grid-walk": "S074",
    "three-conditions": "S075",
    "duty-contact": "S076",
    "rights-household": "S077",
    "front-line": "S078",
    "five-deliveries": "S079",
    "ideas": "S080",
    "real-things": "S081",
    "paired-help": "S085",
    "minors-in-court": "S086",
    "festival-care": "S087",
}
LISTINGS = {"family-file": "S063", "woman-file": "S064", "child-in-difficulty": "S065"}

# What visits and listings count, by the unit and fold that published summaries print it in.
FIGURES = {
    "visits.households": ("户", "distinct"),
    "visits.times": ("户次", "flow"),
    "visits.people": ("人次", "flow"),
    "visits.door.households": ("户", "distinct"),
    "opinions.heard": ("条", "flow"),
    "ideas.heard": ("条", "flow"),
    "difficulties.found": ("项", "flow"),
    "difficulties.solved": ("项", "flow"),
    "difficulties.solved-rate": ("%", "ratio"),
    "deliveries.law": ("场", "flow"),
    "deliveries.policy": ("场", "flow"),
    "deliveries.care": ("场", "flow"),
    "deliveries.skill": ("场", "flow"),
    "deliveries.health": ("场", "flow"),
    "deliveries.law.people": ("人次", "flow"),
    "deliveries.policy.people": ("人次", "flow"),
    "deliveries.care.people": ("人次", "flow"),
    "deliveries.skill.people": ("人次", "flow"),
    "deliveries.health.people": ("人次", "flow"),
    "givings.amount": ("元", "flow"),
    "givings.people": ("人次", "flow"),
    "files.family-and-women": ("份", "stock"),
    "files.family": ("份", "stock"),
    "files.women": ("份", "stock"),
    "files.children": ("份", "stock"),
    "files.family-and-women.new": ("份", "flow"),
    "files.family.new": ("份", "flow"),
    "files.women.new": ("份", "flow"),
    "files.children.new": ("份", "flow"),
    "visits.front-line.villages": ("个", "distinct"),
    "visits.front-line.people": ("人次", "flow"),
    "micro-homes": ("个", "stock"),
    "micro-homes.new": ("个", "flow"),
    "micro-homes.featured.new": ("个", "flow"),
    "member-studios": ("个", "stock"),
    "new-field-federations.new": ("家", "flow"),
    "childrens-homes.model.county.new": ("个", "flow"),
    "childrens-homes.model.city.new": ("个", "flow"),
    "helper-groups": ("支", "stock"),
    "guard-teams": ("支", "stock"),
    "alliance-members": ("家", "stock"),
}


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    return load_catalog(Path(settings.CATALOG_DIR))


def test_nothing_is_wrong_with_it() -> None:
    assert check_catalog(Path(settings.CATALOG_DIR)) == ()


def test_it_carries_the_visits_and_lists_of_the_seeds(shipped: Catalog) -> None:
    visits = {programme.code: programme.seeds for programme in shipped.of_kind("visit")}
    listings = {programme.code: programme.seeds for programme in shipped.of_kind("listing")}

    assert visits == {code: (seed,) for code, seed in VISITS.items()}
    assert {code: listings[code] for code in LISTINGS} == {code: (seed,) for code, seed in LISTINGS.items()}
    assert [code for code, seeds in listings.items() if not seeds] == []


def lists_of(spec: OrganisationTypeSpec) -> tuple[str, ...]:
    return (spec.counted_on, spec.members_on, spec.covered_on, spec.rebuilt_on, *spec.graded_on)


def test_every_list_of_organisations_is_laid_by_a_type_or_won_by_one(shipped: Catalog) -> None:
    types = shipped.organisation_types.values()
    named = {code for spec in types for code in lists_of(spec) if code}

    by_hand = {"honours", "documents"}  # of organisations and others, put on by people
    laid = {spec.code for spec in shipped.programmes.values() if spec.laid_by != "hand"}
    assert {spec.code for spec in shipped.programmes.values() if spec.chapter == "net"} == named | by_hand | laid


def test_a_standard_that_nobody_published_says_so(shipped: Catalog) -> None:
    five_ones = shipped.organisation_type("micro-home").standard

    assert five_ones is not None
    assert len(five_ones.items) == 5
    assert "待县妇联确认" in five_ones.source


def test_all_of_it_can_be_used_on_any_day_of_2021(shipped: Catalog) -> None:
    for day in (dt.date(2021, 1, 1), dt.date(2021, 12, 31)):
        assert len(shipped.of_kind("visit", on=day)) == len(VISITS)
        assert set(LISTINGS) <= {programme.code for programme in shipped.of_kind("listing", on=day)}


def test_records_of_minors_are_for_staff_only_and_the_rest_open(shipped: Catalog) -> None:
    about_minors = {programme.code for programme in shipped.programmes.values() if programme.ages}

    assert {shipped.programme(code).seal for code in about_minors | {"minors-in-court"}} == {"staff"}
    assert "child-in-difficulty" in about_minors


def test_figures_of_protected_records_are_small(shipped: Catalog) -> None:
    protected = {programme.code for programme in shipped.programmes.values() if programme.seal != "open"}
    asking = {
        figure.code: figure.small
        for figure in shipped.indicators.values()
        if any(protected.intersection(values) for _, values in figure.where)
    }

    assert {"files.children", "files.children.new", "visits.minors-in-court.times"} <= set(asking)
    assert set(asking.values()) == {5}


def test_every_figure_that_is_promised_is_there(shipped: Catalog) -> None:
    assert {code: (shipped.indicator(code).unit, shipped.indicator(code).fold) for code in FIGURES} == FIGURES


def test_every_visit_programme_has_its_own_households_and_times(shipped: Catalog) -> None:
    for code in VISITS:
        households, times = (shipped.indicator(f"visits.{code}.{what}") for what in ("households", "times"))
        assert dict(households.where) == {"purpose": (code,), "subject": ("household",)}
        assert dict(times.where) == {"purpose": (code,)}


def test_family_and_womens_files_are_had_together_and_apart(shipped: Catalog) -> None:
    lists = {
        code: dict(shipped.indicator(f"files.{code}").where)["list"] for code in ("family-and-women", "family", "women")
    }

    assert lists == {
        "family-and-women": ("family-file", "woman-file"),
        "family": ("family-file",),
        "women": ("woman-file",),
    }


def test_what_the_seeds_leave_undefined_says_that_it_is_a_default(shipped: Catalog) -> None:
    for code in ("four-musts", "three-conditions", "grid-walk"):
        for reason in shipped.programme(code).reasons:
            assert reason.source.startswith("出厂默认（")
            assert reason.source.endswith("公开做法），待县妇联确认")
    assert shipped.tags["visit", "category"].source.startswith("出厂默认（")


def listed(programme: ProgrammeSpec) -> Iterator[OptionSpec | ReasonSpec]:
    yield from (*programme.reasons, *programme.categories, *programme.grades)
    yield from (option for field in programme.fields for option in field.options)


def test_every_choice_has_a_source(shipped: Catalog) -> None:
    without = [
        (programme.code, entry.code)
        for programme in shipped.programmes.values()
        for entry in listed(programme)
        if not entry.source
    ]

    assert without == []


def test_chips_are_short_and_no_two_of_them_alike(shipped: Catalog) -> None:
    chips = [
        (programme.code, chip.short)
        for programme in shipped.of_kind("visit")
        for chip in (programme.reasons or (programme,))
    ]

    assert max(len(short) for _, short in chips) <= 6
    assert len(set(chips)) == len(chips)


def test_every_visit_counts_whatever_it_hears_finds_and_gives(shipped: Catalog) -> None:
    """A golden idea told on any visit must not be lost because the visit was made for something else."""
    every = {measure.code for measure in shipped.measures.values() if measure.owner == "visit"} - {"visit.village"}

    for programme in shipped.of_kind("visit"):
        assert {fact.measure for fact in programme.facts} - {"visit.village"} == every


def test_a_report_binds_the_figures_that_summaries_are_read_for(shipped: Catalog) -> None:
    text = "".join(
        paragraph for section in shipped.report("annual-duties").sections for paragraph in section.paragraphs
    )

    for code in ("visits.households", "files.family-and-women", "files.children", "difficulties.solved", "ideas.heard"):
        assert f"{{{code}}}" in text
