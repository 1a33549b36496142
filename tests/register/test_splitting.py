"""Households parted and brought together: who is where from which day on, and the way back."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.base.errors import Problems, Refused, Unseen
from lianxin.register.actions import (
    amend_household,
    end_membership,
    merge_households,
    register_household,
    split_household,
    unmerge_households,
)
from lianxin.register.drafts import HouseholdChanges, HouseholdDraft, Leaving
from lianxin.register.lives import lived_on, spells_of
from lianxin.register.queries import find_subjects, household_card
from tests.register.cast import AT, CLERK, HERE, MEMBER, NEXT, TODAY, zhang_family
from tests.register.test_laws import check_laws

pytestmark = pytest.mark.django_db
MAY_THIRD = dt.date(2021, 5, 3)


def people(key: str) -> list[tuple[str, str]]:
    card = household_card(CLERK, key, on=TODAY)
    assert card is not None
    return [(line.name, line.relation.label) for line in card.members]


def keys(key: str) -> list[str]:
    card = household_card(CLERK, key, on=TODAY)
    assert card is not None
    return [line.key for line in card.members]


@pytest.fixture
def zhang(db: None) -> str:
    return register_household(MEMBER, zhang_family(), at=AT)


def test_some_move_out_into_a_household_of_their_own(zhang: str) -> None:
    head, li, rain = keys(zhang)

    new = split_household(
        MEMBER, zhang, people=[li, rain], head=li, relations={rain: "grandchild"}, place="8组8号", on=MAY_THIRD, at=AT
    )

    assert people(zhang) == [("张桂英", "户主")]
    assert people(new) == [("李建国", "户主"), ("李小雨", "孙辈")]
    assert [hit.key for hit in find_subjects(MEMBER, "8组8号")] == [new]
    assert [(spell.head, spell.why) for spell in spells_of(MEMBER, [rain])] == [("张桂英", "分户"), ("李建国", "")]
    assert [stay.household for stay in lived_on(MEMBER, rain, dt.date(2021, 5, 2))] == [zhang]
    assert [stay.household for stay in lived_on(MEMBER, rain, MAY_THIRD)] == [new]
    assert [stay.household for stay in lived_on(MEMBER, head, TODAY)] == [zhang]
    check_laws()


def test_when_the_head_moves_out_somebody_else_leads(zhang: str) -> None:
    head, _, _ = keys(zhang)

    split_household(MEMBER, zhang, people=[head], head=head, at=AT)

    assert people(zhang)[0] == ("李建国", "户主")
    check_laws()


@pytest.mark.parametrize(
    ("who", "head", "on", "field"),
    [
        ((), "", None, "people"),
        ((0, 1, 2), 0, None, "people"),
        ((1,), 0, None, "head"),
        ((1,), 1, "2009-1-1", "on"),
        ((1,), 1, "2999-1-1", "on"),
    ],
)
def test_what_cannot_be_split_is_said_by_the_field(
    zhang: str, who: tuple[int, ...], head: int, on: str | None, field: str
) -> None:
    members = keys(zhang)
    with pytest.raises(Problems) as told:
        split_household(
            MEMBER, zhang, people=[members[n] for n in who], head=members[head] if who else "", on=on, at=AT
        )
    assert [problem.field for problem in told.value.items] == [field]
    assert keys(zhang) == members


def test_two_registrations_of_one_household_are_one_and_two_again(zhang: str) -> None:
    other = register_household(
        CLERK, HouseholdDraft(head="章桂英", region=NEXT, place="1号", since=dt.date(2015, 1, 1)), at=AT
    )
    before = people(zhang), people(other)

    number = merge_households(CLERK, zhang, other, because="同一户登了两次", at=AT)
    assert people(zhang) == [*before[0], ("章桂英", "其他")]
    card = household_card(CLERK, other, on=TODAY)
    assert card is not None
    assert card.key == zhang
    assert find_subjects(CLERK, "1号") == []
    check_laws()

    unmerge_households(CLERK, number, because="是两户", at=AT)
    assert (people(zhang), people(other)) == before
    assert [hit.key for hit in find_subjects(CLERK, "1号")] == [other]
    check_laws()


def test_who_left_meanwhile_stays_where_she_went(zhang: str) -> None:
    other = register_household(CLERK, HouseholdDraft(head="章桂英", region=HERE, place="1号"), at=AT)
    (away,) = keys(other)
    number = merge_households(CLERK, zhang, other, because="同一户登了两次", at=AT)
    amend_household(CLERK, zhang, changes=HouseholdChanges(head=away), at=AT)
    end_membership(CLERK, zhang, away, why=Leaving.MOVED_OUT, at=AT)

    unmerge_households(CLERK, number, because="是两户", at=AT)

    assert household_card(CLERK, other, on=TODAY).until == TODAY  # type: ignore[union-attr]  # nobody came back to it
    check_laws()


def test_a_household_of_the_next_village_is_merged_by_who_may_write_in_both(zhang: str) -> None:
    other = register_household(CLERK, HouseholdDraft(head="章桂英", region=NEXT), at=AT)

    with pytest.raises(Unseen):
        merge_households(MEMBER, zhang, other, because="同一户", at=AT)
    with pytest.raises(Refused, match="写明"):
        merge_households(CLERK, zhang, other, because="", at=AT)
    number = merge_households(CLERK, zhang, other, because="同一户", at=AT)
    with pytest.raises(Unseen):
        unmerge_households(MEMBER, number, because="两户", at=AT)
