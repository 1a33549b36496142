"""Who may be registered already: shown with reasons before anything is written; of strangers only that there is one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.access.actor import Actor
from lianxin.register.actions import register_household
from lianxin.register.doubles import Asked, Doubles, doubles_of
from lianxin.register.drafts import HouseholdDraft, MemberDraft
from tests.register.cast import AT, CLERK, HERE, MEMBER, NEIGHBOUR, NEXT, STRANGER, ZHANG, actor, zhang_family

pytestmark = pytest.mark.django_db


def ask(who: Actor, region: str = HERE, household: str = "", **draft: str) -> Doubles:
    return doubles_of(who, [Asked.of(MemberDraft(**draft), region=region, household=household)])[0]  # type: ignore[arg-type]


@pytest.fixture
def zhang(db: None) -> str:
    return register_household(MEMBER, zhang_family(), at=AT)


@pytest.mark.parametrize(
    ("draft", "reasons"),
    [
        ({"name": "张桂英"}, ("姓名相同", "在同一个村（社区）")),
        ({"name": "章桂英", "birth": "1953-3-5"}, ("姓名同音", "生日相同", "在同一个村（社区）")),
        ({"name": "臧桂英", "birth": "1953.3.5"}, ("姓名读音相近", "生日相同", "在同一个村（社区）")),
        ({"name": "张 桂英", "phone": "138 1234 2764"}, ("姓名相同", "电话相同", "在同一个村（社区）")),
        ({"name": "张贵英", "id_number": ZHANG}, ("证件号相同",)),
        ({"name": "王萍", "birth": "1953-3-5", "phone": "13812342764"}, ("生日相同", "电话相同", "在同一个村（社区）")),
    ],
)
def test_somebody_alike_is_shown_with_the_reasons(zhang: str, draft: dict[str, str], reasons: tuple[str, ...]) -> None:
    found = ask(MEMBER, **draft)

    assert [(double.name, double.household, double.reasons) for double in found.near] == [("张桂英", zhang, reasons)]
    assert not found.is_elsewhere


@pytest.mark.parametrize(
    "draft",
    [
        {"name": "张桂英", "birth": "1960-1-1"},  # born on another day
        {"name": "张桂英", "sex": "男"},
        {"name": "王萍", "birth": "1953-3-5"},  # a birthday alone
        {"name": "章桂英"},  # a sound alone
        {"name": "周萍"},
    ],
)
def test_somebody_else_is_left_alone(zhang: str, draft: dict[str, str]) -> None:
    assert not ask(MEMBER, **draft)


def test_a_number_with_a_slip_is_asked_without_it(zhang: str) -> None:
    assert [double.name for double in ask(MEMBER, name="张桂英", id_number="1", phone="1", birth="x").near] == [
        "张桂英"
    ]


def test_of_somebody_out_of_sight_only_that_somebody_above_can_resolve_it(zhang: str) -> None:
    strong = {"name": "张桂英", "birth": "1953-3-5"}

    assert ask(NEIGHBOUR, NEXT, **strong) == Doubles((), is_elsewhere=True)
    assert ask(NEIGHBOUR, NEXT, name="张桂英") == Doubles()  # a name alone tells nothing
    assert ask(NEIGHBOUR, NEXT, name="章桂英", birth="1953-3-5") == Doubles()
    assert [double.household for double in ask(CLERK, NEXT, **strong).near] == [zhang]
    assert ask(STRANGER, "330411100201", **strong) == Doubles()  # another county is another register
    assert ask(actor(HERE, verbs=frozenset()), **strong) == Doubles((), is_elsewhere=True)


def test_many_are_asked_with_hardly_more_queries_than_one(zhang: str) -> None:
    register_household(MEMBER, HouseholdDraft(head="李小雨", region=HERE), at=AT)
    one = [Asked.of(MemberDraft(name="张桂英", phone="13812342764", id_number=ZHANG), region=HERE)]
    others = [Asked.of(MemberDraft(name=name, birth="2015-6-1"), region=HERE) for name in ("李小雨", "周萍", "李晓宇")]

    with CaptureQueriesContext(connection) as many:
        found = doubles_of(MEMBER, [*one, *others])

    assert len(many) == 6
    assert [len(each.near) for each in found] == [1, 2, 0, 1]
