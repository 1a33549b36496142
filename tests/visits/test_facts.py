"""What a visit puts into the ledger, worked out by reading the visit."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from lianxin.base.errors import Problems
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.kinds.visits.facts import MEASURES, facts
from lianxin.kinds.visits.values import Purpose, VisitValues, read_values
from lianxin.ledger.facts import FactDraft
from lianxin.records.kinds import Stand

TODAY = dt.date(2022, 3, 1)
VILLAGE = "330402100201"
HOUSEHOLD = "01J0000000000000000000000H"


def visit(*programmes: str, **raw: Any) -> tuple[Stand, VisitValues]:
    """A visit of these values and lines of work, standing in VILLAGE."""
    problems = Problems()
    raw = {"day": "2021-12-24", "subject": HOUSEHOLD} | raw
    values = read_values(raw, problems, today=TODAY)
    assert not problems.items, problems
    specs = tuple(catalog().programme(code) for code in programmes)
    values = VisitValues(
        **{name: getattr(values, name) for name in VisitValues.__slots__ if name != "purposes"},
        purposes=tuple(
            Purpose(spec.code, spec.version, ("hardship",) if spec.code == "four-musts" else ()) for spec in specs
        ),
    )
    return Stand("01J0000000000000000000000V", VILLAGE, values.day, specs), values


def sums(posted: tuple[FactDraft, ...]) -> dict[str, Decimal]:
    added: dict[str, Decimal] = {}
    for fact in posted:
        added[fact.measure] = added.get(fact.measure, Decimal(0)) + fact.value
    return added


def test_a_bare_call_at_a_door_is_one_visit_and_one_person() -> None:
    posted = facts(*visit("four-musts"))

    assert sums(posted) == {"visit.done": 1, "visit.people": 1}
    assert {fact.region for fact in posted} == {VILLAGE}
    assert {fact.subject for fact in posted} == {HOUSEHOLD}


def test_two_visitors_make_one_visit() -> None:
    posted = facts(*visit("four-musts", visitors=["01J0000000000000000000000A", "01J0000000000000000000000B"]))

    assert sums(posted)["visit.done"] == 1


def test_one_visit_serves_two_lines_of_work_and_is_counted_once() -> None:
    done = [fact for fact in facts(*visit("four-musts", "festival-care")) if fact.measure == "visit.done"]

    assert len(done) == 1
    assert done[0].programme == "four-musts"
    assert [value for name, value in done[0].tags if name == "purpose"] == ["festival-care", "four-musts"]
    assert ("reason", "four-musts/hardship") in done[0].tags


def test_a_golden_idea_is_an_opinion_too() -> None:
    posted = facts(
        *visit("four-musts", opinions=[{"text": "修路灯"}, {"text": "办托管班", "idea": True}, {"text": " "}])
    )

    assert sums(posted)["opinion.heard"] == 2
    assert sums(posted)["idea.heard"] == 1


def test_a_difficulty_of_2021_solved_in_2022_counts_as_solved_in_2022() -> None:
    posted = facts(
        *visit(
            "four-musts",
            difficulties=[{"text": "浴室没有扶手", "category": "living", "state": "solved", "solved_on": "2022-01-04"}],
        )
    )

    days = {fact.measure: fact.day for fact in posted if fact.measure.startswith("difficulty")}
    assert days == {"difficulty.found": dt.date(2021, 12, 24), "difficulty.solved": dt.date(2022, 1, 4)}
    assert all(("category", "living") in fact.tags for fact in posted if fact.measure.startswith("difficulty"))


def test_a_difficulty_being_handled_is_not_solved() -> None:
    posted = facts(*visit("four-musts", difficulties=[{"text": "低保材料", "state": "handling"}]))

    assert "difficulty.solved" not in sums(posted)
    assert sums(posted)["difficulty.found"] == 1


def test_money_and_goods_add_up_and_the_receiver_counts_once() -> None:
    posted = facts(
        *visit(
            "festival-care",
            givings=[{"what": "money", "amount": "500"}, {"what": "goods", "name": "棉被", "amount": "120.50"}],
        )
    )

    assert sums(posted)["giving.amount"] == Decimal("620.50")
    assert sums(posted)["giving.people"] == 1
    assert {dict(fact.tags)["what"]: fact.value for fact in posted if fact.measure == "giving.amount"} == {
        "money": Decimal("500.00"),
        "goods": Decimal("120.50"),
    }


@pytest.mark.parametrize(("mode", "villages"), [("door", 1), ("phone", 0), ("office", 0)])
def test_a_village_is_reached_by_going_there(mode: str, villages: int) -> None:
    reached = [fact for fact in facts(*visit("front-line", mode=mode)) if fact.measure == "visit.village"]

    assert [(fact.subject, fact.subject_type) for fact in reached] == [(VILLAGE, "village")] * villages


def test_only_what_a_line_of_work_counts_is_posted() -> None:
    measures = {fact.measure for fact in catalog().programme("four-musts").facts}

    assert "visit.village" not in measures
    assert "visit.village" not in sums(facts(*visit("four-musts")))


VISIT_PROGRAMMES = [programme for programme in catalog().programmes.values() if programme.kind == "visit"]


@pytest.mark.parametrize("programme", VISIT_PROGRAMMES, ids=lambda programme: programme.code)
def test_each_sample_adds_up_to_what_its_file_says(programme: ProgrammeSpec) -> None:
    for sample in programme.samples:
        stand, values = visit(programme.code, **sample.values)

        assert sums(facts(stand, values)) == dict(sample.sums), sample.says


def test_visits_post_only_measures_they_own() -> None:
    owned = {code for code, measure in catalog().measures.items() if measure.owner == "visit"}

    assert owned == set(MEASURES)
