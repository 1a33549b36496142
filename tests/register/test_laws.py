"""Laws that hold after any sequence of changes, tried with random ones on real rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.access.actor import Actor
from lianxin.base.errors import Problems, Refused
from lianxin.register.actions import (
    add_known_member,
    add_member,
    amend_household,
    amend_person,
    bulk_register,
    close_household,
    correct_home,
    end_membership,
    move_household,
)
from lianxin.register.drafts import HouseholdChanges, HouseholdDraft, MemberDraft, PersonChanges, Relation
from lianxin.register.forms import forms_due, make_forms_again
from lianxin.register.models import Household, Membership, NameForm, Person, Residence
from lianxin.register.queries import household_card
from lianxin.register.rows import FORM
from tests.register.cast import AT, CLERK, HERE, NEXT, TODAY, zhang_family

ALL = "the laws are about every row"
ACTS = ("join", "come", "leave", "move", "correct", "close", "rename", "readdress", "renumber")
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 9), st.integers(0, 9), st.integers(0, 400)), max_size=12
)


@pytest.mark.django_db
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_done_the_laws_hold(steps: list[tuple[str, int, int, int]]) -> None:
    with transaction.atomic():
        second = HouseholdDraft(region=NEXT, head="曾红", place="1组1号", since=dt.date(2015, 1, 1))
        bulk_register(CLERK, [zhang_family(), second], at=AT)
        for step in steps:
            try_to(*step)
        check_laws()
        transaction.set_rollback(True)


def try_to(act: str, house: int, person: int, days_ago: int) -> None:
    """One change as somebody might ask for it; it may be refused, and then nothing may have changed."""
    houses = sorted(Household.objects.unscoped(ALL).values_list("id", flat=True))
    people = sorted(Person.objects.unscoped(ALL).values_list("id", flat=True))
    home, who = houses[house % len(houses)], people[person % len(people)]
    on = TODAY - dt.timedelta(days=days_ago)
    to = (HERE, NEXT)[person % 2]
    acts: dict[str, Any] = {
        "join": lambda: add_member(CLERK, home, MemberDraft(name="单红", relation=_kin(person)), on=on, at=AT),
        "come": lambda: add_known_member(CLERK, home, who, relation=_kin(days_ago), on=on, at=AT),
        "leave": lambda: end_membership(CLERK, home, who, on=on, why=("died", "split", "mistake")[days_ago % 3], at=AT),
        "move": lambda: move_household(CLERK, home, to=to, on=on, place=f"{person}组{house}号", at=AT),
        "correct": lambda: correct_home(CLERK, home, to=to, because="登记时选错了村", at=AT),
        "close": lambda: close_household(CLERK, home, on=on, why="moved-out", at=AT),
        "rename": lambda: amend_person(CLERK, who, changes=PersonChanges(name=("任红", "区梅")[house % 2]), at=AT),
        "readdress": lambda: amend_household(CLERK, home, changes=HouseholdChanges(place=f"{person}号"), at=AT),
        "renumber": lambda: amend_household(CLERK, home, changes=HouseholdChanges(head=who), at=AT),
    }
    before = everything()
    try:
        acts[act]()
    except (Problems, Refused):
        assert everything() == before


def _kin(number: int) -> Relation:
    return (Relation.CHILD, Relation.HEAD, Relation.OTHER)[number % 3]


def everything() -> list[Any]:
    tables = (Household, Person, Membership, Residence, NameForm)
    columns = {
        model: [f.attname for f in model._meta.concrete_fields if f.name not in ("phone", "id_number")]
        for model in tables
    }
    return [sorted(map(repr, model.objects.unscoped(ALL).values_list(*columns[model]))) for model in tables]


def check_laws(reader: Actor = CLERK) -> None:
    houses = {row.id: row for row in Household.objects.unscoped(ALL)}
    people = {row.id: row for row in Person.objects.unscoped(ALL)}
    memberships, homes = list(Membership.objects.unscoped(ALL)), list(Residence.objects.unscoped(ALL))
    now = [row for row in memberships if row.ends is None]

    # One household at a time, on every day; nobody in a closed one; nobody dead in any.
    for person in people.values():
        spans = sorted((row.starts, row.ends or dt.date.max) for row in memberships if row.person_id == person.id)
        assert all(first[1] <= then[0] for first, then in pairwise(spans))
    assert all(houses[row.household_id].until is None for row in now)
    assert all(people[row.person_id].died_on is None for row in now)

    # Everybody stands on her household's ground, and the household on that of its latest home.
    for row in now:
        assert people[row.person_id].region == row.region == houses[row.household_id].region
    for house in houses.values():
        spells = sorted((row for row in homes if row.household_id == house.id), key=lambda row: (row.starts, row.pk))
        assert spells[-1].region == house.region
        assert all(first.ends == then.starts for first, then in pairwise(spells))
        assert (spells[-1].ends is None) == (house.until is None)

    # A standing household has one head, who is in it and is called so; a closed one has none.
    for house in houses.values():
        heads = [row.person_id for row in now if row.household_id == house.id and row.relation == Relation.HEAD]
        assert heads == ([house.head] if house.until is None else [])
        card = household_card(reader, house.id, on=TODAY)
        assert card is not None
        assert house.into or (card.name == "") == (house.until is not None)

    # What is found is what is due, no more and no less.
    assert Counter(NameForm.objects.unscoped(ALL).values_list(*FORM)) == Counter(forms_due())


@pytest.mark.django_db
def test_forms_made_again_are_the_same() -> None:
    bulk_register(CLERK, [zhang_family()], at=AT)
    before = Counter(NameForm.objects.unscoped(ALL).values_list(*FORM))

    assert make_forms_again() == sum(before.values())
    assert Counter(NameForm.objects.unscoped(ALL).values_list(*FORM)) == before
