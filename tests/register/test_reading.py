"""Reading with somebody's eyes: cards, names, timelines, and numbers revealed for a written reason."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.access.verbs import Verb
from lianxin.audit.models import Entry, Reason
from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.register.actions import add_member, end_membership, register_household
from lianxin.register.cards import Event, HouseholdCard
from lianxin.register.drafts import HouseholdDraft, MemberDraft
from lianxin.register.queries import (
    changes,
    history,
    household_card,
    household_cards,
    household_names,
    household_of,
    households_in,
    households_of,
    members,
    person_card,
    person_cards,
    reveal,
)
from tests.register.cast import (
    AT,
    CLERK,
    HERE,
    MEMBER,
    NEIGHBOUR,
    NEXT,
    READER,
    TODAY,
    TOWN,
    ZHANG,
    actor,
    zhang_family,
)

pytestmark = pytest.mark.django_db
D = dt.date


@pytest.fixture
def home(db: None) -> HouseholdCard:
    card = household_card(MEMBER, register_household(MEMBER, zhang_family(), at=AT), on=TODAY)
    assert card is not None
    return card


def test_nothing_of_a_neighbour_is_read(home: HouseholdCard) -> None:
    people = [line.key for line in home.members]

    assert household_card(NEIGHBOUR, home.key, on=TODAY) is None
    assert household_cards(NEIGHBOUR, [home.key], on=TODAY) == {}
    assert household_names(NEIGHBOUR, [home.key]) == {}
    assert members(NEIGHBOUR, home.key, on=TODAY) == ()
    assert person_card(NEIGHBOUR, people[0], on=TODAY) is None
    assert person_cards(NEIGHBOUR, people, on=TODAY) == {}
    assert household_of(NEIGHBOUR, people[0], TODAY) is None
    assert households_of(NEIGHBOUR, people, TODAY) == {}
    assert households_in(NEIGHBOUR, HERE) == []
    for ask in (history, changes):
        with pytest.raises(Unseen):
            ask(NEIGHBOUR, home.key)
    with pytest.raises(Unseen):
        reveal(NEIGHBOUR, home.key, "phone", "核对电话号码", at=AT)


def test_names_of_households_are_their_heads(home: HouseholdCard) -> None:
    assert household_names(MEMBER, [home.key, "01ARZ3NDEKTSV4RRFFQ69G5FAV"]) == {home.key: ("张桂英", "3组17号")}
    assert household_names(MEMBER, []) == {}


def test_ages_are_those_of_the_day_that_is_asked(home: HouseholdCard) -> None:
    before, after = (household_card(MEMBER, home.key, on=day) for day in (D(2021, 3, 4), D(2021, 3, 5)))

    assert before is not None
    assert after is not None
    assert (before.members[0].age, after.members[0].age) == (67, 68)


def test_a_list_costs_the_same_queries_for_one_and_for_three(home: HouseholdCard) -> None:
    keys = [home.key, *(register_household(MEMBER, HouseholdDraft(head="王红", region=HERE), at=AT) for _ in range(2))]

    def queries(wanted: list[str]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(household_cards(MEMBER, wanted, on=TODAY)) == len(wanted)
        return len(captured)

    assert queries(keys[:1]) == queries(keys) == 3


def test_households_of_an_area_are_walked_in_order() -> None:
    for region, place in ((HERE, "3号"), (HERE, "1号"), (NEXT, "2号"), (HERE, "1号")):
        register_household(CLERK, HouseholdDraft(head="王红", region=region, place=place), at=AT)

    first = households_in(CLERK, TOWN, limit=2)
    rest = households_in(CLERK, TOWN, after=first[-1])

    assert [(region, place) for region, place, _ in first + rest] == [
        (HERE, "1号"),
        (HERE, "1号"),
        (HERE, "3号"),
        (NEXT, "2号"),
    ]
    assert len({key for _, _, key in first + rest}) == 4
    assert [place for _, place, _ in households_in(MEMBER, TOWN)] == ["1号", "1号", "3号"]


def test_the_timeline_tells_what_happened_the_latest_first(home: HouseholdCard) -> None:
    li = home.members[1].key
    wang = add_member(MEMBER, home.key, MemberDraft(name="王红", relation="child-in-law"), on="2014-5-1", at=AT)
    end_membership(MEMBER, home.key, li, on="2021-3-1", why="died", at=AT)

    assert history(MEMBER, home.key) == [
        Event(D(2021, 3, 1), "left", "李建国去世", person=li),
        Event(D(2015, 6, 1), "joined", "李小雨加入（孙辈）", person=home.members[2].key),
        Event(D(2014, 5, 1), "joined", "王红加入（儿媳或女婿）", person=wang),
        Event(D(2010, 1, 1), "registered", "建户", region=HERE),
    ]


def test_who_went_to_another_village_is_out_of_sight_name_and_all(home: HouseholdCard) -> None:
    from lianxin.register.actions import add_known_member  # noqa: PLC0415  # only here

    rain = home.members[2].key
    there = register_household(NEIGHBOUR, HouseholdDraft(head="王红", region=NEXT, since="2015-1-1"), at=AT)
    end_membership(MEMBER, home.key, rain, on="2021-3-1", why="married-out", at=AT)
    add_known_member(CLERK, there, rain, relation="child-in-law", on="2021-3-1", at=AT)

    assert [line.name for line in members(MEMBER, home.key, on=D(2020, 1, 1))] == ["张桂英", "李建国", "（已迁走）"]
    assert history(MEMBER, home.key)[0].words == "（已迁走）婚嫁迁出"
    assert history(CLERK, home.key)[0].words == "李小雨婚嫁迁出"


# ── revealing ────────────────────────────────────────────────────────────────


def test_a_number_is_revealed_for_a_reason_that_is_kept(home: HouseholdCard) -> None:
    assert reveal(MEMBER, home.head, "id_number", "代她申请两癌救助", at=AT) == ZHANG
    assert reveal(MEMBER, home.head, "phone", "约上门的时间", at=AT) == "13812342764"
    assert reveal(MEMBER, home.key, "phone", "约上门的时间", at=AT) == "057382831234"

    rows = Entry.objects.unscoped("the test looks at rows").order_by("no")
    assert list(rows.values_list("by", "act", "kind", "key", "what", "at", "region")) == [
        (MEMBER.account, "reveal", "person", home.head, "id_number", AT, HERE),
        (MEMBER.account, "reveal", "person", home.head, "phone", AT, HERE),
        (MEMBER.account, "reveal", "household", home.key, "phone", AT, HERE),
    ]
    reasons = Reason.objects.unscoped("the test looks at rows").order_by("entry")
    assert [row.said.reveal() for row in reasons] == ["代她申请两癌救助", "约上门的时间", "约上门的时间"]


@pytest.mark.parametrize("because", ["", "   ", "看看", "x" * 201])
def test_without_a_reason_nothing_is_revealed(home: HouseholdCard, because: str) -> None:
    with pytest.raises(Refused) as refusal:
        reveal(MEMBER, home.head, "id_number", because, at=AT)

    assert refusal.value.field == "because"
    assert Entry.objects.unscoped("the test looks at rows").count() == 0


@pytest.mark.parametrize("field", ["name", "id_hash", "guard", "__class__"])
def test_only_sealed_columns_are_revealed(home: HouseholdCard, field: str) -> None:
    with pytest.raises(Refused):
        reveal(MEMBER, home.head, field, "核对一下身份", at=AT)


def test_a_household_has_no_id_number(home: HouseholdCard) -> None:
    with pytest.raises(Refused):
        reveal(MEMBER, home.key, "id_number", "核对一下身份", at=AT)


def test_reading_alone_does_not_reveal(home: HouseholdCard) -> None:
    for who in (READER, actor(HERE, verbs=frozenset({Verb.REGISTER_READ, Verb.REGISTER_WRITE}))):
        with pytest.raises(Forbidden):
            reveal(who, home.head, "id_number", "核对一下身份", at=AT)
