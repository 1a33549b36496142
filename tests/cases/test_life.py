"""The life of a case, whatever is tried on it: who owns it, when it is owed something, what its figures say."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.base.days import SHANGHAI
from lianxin.catalog.current import catalog
from lianxin.kinds.cases.facts import facts
from lianxin.kinds.cases.life import OPEN, RECUSED, Stage, owed, standing
from lianxin.kinds.cases.rules import Hand, Move, is_violent, refusal
from lianxin.kinds.cases.steps import Beat, Step
from lianxin.kinds.cases.values import CaseValues, Safety
from lianxin.records.kinds import Stand

FIRST = dt.datetime(2021, 3, 1, 9, 0, tzinfo=SHANGHAI)
LEAD, CLERK, OTHER = (f"01J000000000000000000000{mark}" for mark in ("AA", "BB", "CC"))
CODES = {Step.SERVICE: ("law",), Step.MEASURE: ("warning",)}
SUPERVISES = {LEAD: False, CLERK: True, OTHER: False}
PROGRAMMES = [programme.code for programme in catalog().of_kind("case")]


def begun(programme: str = "dispute", matter: str = "couple", **more: Any) -> CaseValues:
    seat = Beat("01J0000000000000000000SEAT", Step.SEAT, FIRST, LEAD, account=LEAD, role="lead")
    return CaseValues(FIRST, "grid", matter, programme=programme, version=1, region="330402100222", log=(seat,), **more)


def spec_of(values: CaseValues) -> Any:
    return catalog().programme(values.programme).case


def beat(number: int, act: Step, by: str = LEAD, **more: Any) -> Beat:
    at = FIRST + dt.timedelta(hours=number)
    return Beat(f"01J{number:023d}", act, at, by, note=more.pop("note", "写了"), **more)


def taken(values: CaseValues, step: Beat) -> CaseValues:
    """With one step more; the test fails when it is refused."""
    spec = spec_of(values)
    why = refusal(Move(values, standing(values, spec), step, Hand(step.by, SUPERVISES[step.by]), spec))
    assert why is None, why
    return replace(values, log=(*values.log, step))


def refused(values: CaseValues, step: Beat) -> str:
    spec = spec_of(values)
    why = refusal(Move(values, standing(values, spec), step, Hand(step.by, SUPERVISES[step.by]), spec))
    return why[1] if why else ""


LIKELY = 4 * [Step.TRIAGE, Step.CONTACT, Step.CLOSE_ASK, Step.CLOSE, Step.REVISIT, Step.LOWER_ASK, Step.LOWER]

ACTS = st.fixed_dictionaries(
    {
        "act": st.sampled_from([*Step, *LIKELY]),
        "by": st.sampled_from([LEAD, CLERK, OTHER]),
        "colour": st.sampled_from(["red", "yellow", "blue"]),
        "outcome": st.sampled_from(["agreed", "safe", "met", "lost"]),
        "account": st.sampled_from([LEAD, CLERK, OTHER]),
        "role": st.sampled_from(["lead", "mediator", "linked"]),
        "is_met": st.booleans(),
        "answer": st.sampled_from(["accepted", "rejected", "done", "revoked"]),
        "about": st.integers(0, 40),
    }
)


def walked(programme: str, tries: list[dict[str, Any]], begins: int) -> list[CaseValues]:
    """Every state that these tries lead through; what is refused leaves it as it was."""
    matter = catalog().programme(programme).case.matters[0]  # type: ignore[union-attr]
    values = begun(programme, matter)
    outcome = catalog().programme(programme).case.outcomes[0].code  # type: ignore[union-attr]
    # A way that leads to the end: so far of it, and then whatever comes.
    way = (
        beat(1, Step.TRIAGE, colour="blue"),
        beat(2, Step.CONTACT, mode="call", is_met=True),
        beat(3, Step.CLOSE_ASK, outcome=outcome),
        beat(4, Step.CLOSE, CLERK),
    )
    for step in way[:begins]:
        values = taken(values, step)
    states = [values]
    for number, each in enumerate(tries, 10):
        said = {name: value for name, value in each.items() if name not in ("act", "by", "about")}
        line = f"01J{each['about']:023d}"
        step = beat(
            number, each["act"], each["by"], about=line, mode="call", to="司法所", rating="very", level=2,
            codes=CODES.get(each["act"], ("wounds",)),
            until=dt.date(2021, 12, 31), case="01J000000000000000000000ZZ", **said,
        )  # fmt: skip
        spec = spec_of(values)
        if refusal(Move(values, standing(values, spec), step, Hand(step.by, SUPERVISES[step.by]), spec)) is None:
            values = replace(values, log=(*values.log, step))
            states.append(values)
    return states


@pytest.mark.parametrize("programme", PROGRAMMES)
@given(tries=st.lists(ACTS, max_size=30), begins=st.integers(0, 4))
@settings(max_examples=50)
def test_no_state_is_without_an_owner_and_none_falls_out_of_every_list(
    programme: str, tries: list[dict[str, Any]], begins: int
) -> None:
    for values in walked(programme, tries, begins):
        spec = spec_of(values)
        now = standing(values, spec)
        assert now.lead, now
        assert not any(seat.account == now.lead and seat.role == RECUSED for seat in now.team)
        if now.stage not in (Stage.SETTLED, Stage.JOINED):
            assert owed(values, now, spec), now.stage


@pytest.mark.parametrize("programme", PROGRAMMES)
@given(tries=st.lists(ACTS, max_size=30), begins=st.integers(0, 4))
@settings(max_examples=50)
def test_each_closed_case_was_reviewed_by_another_and_is_looked_at_again(
    programme: str, tries: list[dict[str, Any]], begins: int
) -> None:
    for values in walked(programme, tries, begins):
        spec = spec_of(values)
        now = standing(values, spec)
        if now.stage not in (Stage.CLOSED, Stage.SETTLED):
            continue
        assert now.closed is not None
        asked = next(each for each in reversed(values.log) if each.act is Step.CLOSE_ASK)
        assert now.closed.by != asked.by
        assert SUPERVISES[now.closed.by]
        assert spec.colour(now.colour).closes
        rules = spec.colour(now.colour).revisits
        assert rules
        assert (now.stage is Stage.SETTLED) == (len(now.revisits) >= len(rules))


@pytest.mark.parametrize("programme", PROGRAMMES)
@given(tries=st.lists(ACTS, max_size=30), begins=st.integers(0, 4))
@settings(max_examples=50)
def test_what_the_ledger_holds_is_what_a_recount_finds(
    programme: str, tries: list[dict[str, Any]], begins: int
) -> None:
    shelf = catalog().programme(programme)
    for values in walked(programme, tries, begins)[-1:]:
        now = standing(values, spec_of(values))
        sums: dict[str, int] = {}
        for fact in facts(Stand("01J0000000000000000000CASE", values.region, values.day, (shelf,)), values):
            sums[fact.measure] = sums.get(fact.measure, 0) + int(fact.value)
        is_closed = now.closed is not None
        resolved = is_closed and bool(spec_of(values).outcome(now.outcome).resolved)
        assert sums.get("case.found", 0) == (0 if now.stage is Stage.JOINED else 1)
        assert sums.get("case.closed", 0) == int(is_closed)
        assert sums.get("case.resolved", 0) == int(resolved)
        assert sums.get("case.repeated", 0) == now.repeats


def test_raising_is_immediate_and_lowering_takes_a_second_person() -> None:
    values = taken(begun(), beat(1, Step.TRIAGE, colour="blue"))
    values = taken(values, beat(2, Step.TRIAGE, OTHER, colour="yellow"))
    assert "第二个人" in refused(values, beat(3, Step.TRIAGE, colour="blue"))

    values = taken(values, beat(3, Step.LOWER_ASK, colour="blue"))
    assert "两个人" in refused(values, beat(4, Step.LOWER))
    assert standing(taken(values, beat(4, Step.LOWER, CLERK)), spec_of(values)).colour == "blue"
    assert standing(taken(values, beat(4, Step.LOWER_NO, CLERK)), spec_of(values)).colour == "yellow"


def test_a_new_alarm_sets_it_back_to_the_gravest_and_opens_it_again() -> None:
    values = taken(begun(), beat(1, Step.TRIAGE, colour="blue"))
    values = taken(values, beat(2, Step.CONTACT, mode="call", is_met=True))
    values = taken(values, beat(3, Step.CLOSE_ASK, outcome="agreed"))
    values = taken(values, beat(4, Step.CLOSE, CLERK))
    assert standing(values, spec_of(values)).stage is Stage.CLOSED

    values = taken(values, beat(5, Step.ALARM))
    now = standing(values, spec_of(values))
    assert (now.stage, now.colour, now.repeats) == (Stage.WORKING, "red", 1)
    assert "联系上她" in [each.what for each in owed(values, now, spec_of(values))]


def test_red_is_not_closed_directly() -> None:
    values = taken(begun(), beat(1, Step.TRIAGE, colour="red"))
    values = taken(values, beat(2, Step.CONTACT, mode="call", is_met=True))

    assert "不能直接结案" in refused(values, beat(3, Step.CLOSE_ASK, outcome="safe"))


def test_red_is_visited_by_two() -> None:
    values = taken(begun(), beat(1, Step.TRIAGE, colour="red"))

    assert "两个人" in refused(values, beat(2, Step.CONTACT, mode="door", is_met=True))
    assert refused(values, beat(2, Step.CONTACT, mode="door", is_met=True, two_came=True)) == ""


def test_what_she_forbade_is_never_done() -> None:
    values = begun(safety=Safety(never=("door",), is_asked=True))

    assert "不要用这种办法" in refused(values, beat(1, Step.CONTACT, mode="door"))


@pytest.mark.parametrize(
    ("matter", "codes", "violent"),
    [("couple", (), False), ("violence", (), True), ("couple", ("warning",), True), ("couple", ("relief",), False)],
)
def test_violence_is_known_by_its_matter_or_by_what_was_done_about_it(
    matter: str, codes: tuple[str, ...], violent: bool
) -> None:
    values = taken(begun(matter=matter), beat(1, Step.TRIAGE, colour="yellow"))
    if codes:
        values = taken(values, beat(2, Step.MEASURE, codes=codes))

    assert is_violent(values, spec_of(values)) is violent
    assert ("不做劝和" in refused(values, beat(3, Step.SESSION))) is violent
    assert ("不做劝和" in refused(values, beat(3, Step.SERVICE, codes=("mediation",)))) is violent


@pytest.mark.parametrize(
    ("colour", "due"),
    # weighed on 1 March 2021 at 9:00, by hand: 24 hours; the third and the seventh day after
    [("red", "2021-03-02 09:00"), ("yellow", "2021-03-04 23:59"), ("blue", "2021-03-08 23:59")],
)
def test_the_first_contact_is_due_by_colour(colour: str, due: str) -> None:
    values = taken(begun(), beat(0, Step.TRIAGE, colour=colour))

    first = owed(values, standing(values, spec_of(values)), spec_of(values))[0]

    assert (first.what, first.by.strftime("%Y-%m-%d %H:%M")) == ("第一次联系", due)
    assert "出厂默认" in first.source


def test_a_petition_is_owed_what_the_regulation_says() -> None:
    """信访工作条例: told within 15 days (23), done within 60 (34)."""
    values = taken(begun("petition", "rights"), beat(0, Step.TRIAGE, colour="blue"))
    spec = spec_of(values)

    by_rule = {each.what: each.by.date() for each in owed(values, standing(values, spec), spec)}
    assert by_rule["信访：告知是否受理"] == dt.date(2021, 3, 16)
    assert by_rule["信访：办结"] == dt.date(2021, 4, 30)

    values = taken(values, beat(1, Step.CONTACT, mode="call", is_met=True))
    assert "信访：告知是否受理" not in {each.what for each in owed(values, standing(values, spec), spec)}


def test_the_lead_is_never_left_empty() -> None:
    assert "主办不能空着" in refused(begun(), beat(1, Step.UNSEAT, account=LEAD))
    assert "只剩她" in refused(begun(), beat(1, Step.RECUSE, account=LEAD))

    values = taken(begun(), beat(1, Step.SEAT, account=OTHER, role="lead"))
    now = standing(taken(values, beat(2, Step.UNSEAT, account=LEAD)), spec_of(values))
    assert now.lead == OTHER
    assert {now.stage} <= OPEN


def test_who_asked_for_the_closing_does_not_review_it_whoever_she_is() -> None:
    values = taken(begun(), beat(1, Step.TRIAGE, colour="blue"))
    values = taken(values, beat(2, Step.CONTACT, mode="call", is_met=True))
    values = taken(values, beat(3, Step.CLOSE_ASK, CLERK, outcome="agreed"))

    assert "另一个人审" in refused(values, beat(4, Step.CLOSE, CLERK))
    assert "由镇、县妇联审" in refused(values, beat(4, Step.CLOSE, OTHER))
