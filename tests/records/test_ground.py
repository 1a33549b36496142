"""On which ground a record stands when its household has moved, and when its home was registered wrongly."""

import datetime as dt
from typing import Any

import pytest

from lianxin.access.actor import operator
from lianxin.access.verbs import Verb
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.visits.models import Visit
from lianxin.records.door import submit
from lianxin.records.drafts import Act, Draft, Rejected
from lianxin.records.kinds import Subject
from lianxin.records.models import History, Record
from lianxin.records.reground import reground
from lianxin.register.actions import close_household, correct_home, move_household
from lianxin.register.models import Membership
from tests.cast import LIANFENG, NOW, SANXING, Cast

pytestmark = pytest.mark.django_db
EVERYBODY = operator(*Verb, because="a test")


def moved(cast: Cast, on: str = "2021-06-10") -> str:
    household = cast.households[LIANFENG][0]
    move_household(EVERYBODY, household, to=SANXING, on=on, at=NOW)
    return household


def head_of(household: str) -> str:
    rows = Membership.objects.unscoped("test").filter(household=household, relation="head")
    return str(rows.get().person_id)


def again(cast: Cast, who: str, record: Record, act: Act = Act.AMEND, **values: Any) -> Record:
    raw = History.objects.unscoped("test").get(record=record.key, revision=record.revision).values | values
    kind = "listing" if isinstance(record, Listing) else "visit"
    return submit(cast.actor(who), [Draft(kind, record.key, raw, act, record.revision)], at=NOW)[0].record


def test_the_old_village_writes_down_what_happened_before_the_move_and_nothing_after_it(cast: Cast) -> None:
    household = moved(cast)

    assert cast.visit("member", subject=household, day="2021-06-09").region == LIANFENG
    with pytest.raises(Rejected) as caught:
        cast.visit("member", subject=household, day="2021-06-10")

    assert [problem.field for problem in caught.value.first.items] == ["day"]
    assert "不住在您的区域" in caught.value.first.items[0].message


def test_the_new_village_writes_down_what_happened_after_the_move_and_nothing_before_it(cast: Cast) -> None:
    household = moved(cast)

    assert cast.visit("neighbour", subject=household, day="2021-06-10").region == SANXING
    with pytest.raises(Rejected):
        cast.visit("neighbour", subject=household, day="2021-06-09")


def test_who_sees_both_villages_is_not_asked_which(cast: Cast) -> None:
    household = moved(cast)

    visits = [cast.visit("clerk", subject=household, day=day) for day in ("2021-06-09", "2021-06-10")]

    assert [visit.region for visit in visits] == [LIANFENG, SANXING]


def test_a_visit_before_anybody_was_registered_stands_at_the_first_home(cast: Cast) -> None:
    household = moved(cast)

    assert cast.visit("clerk", subject=household, day="2019-05-01").region == LIANFENG


def test_a_persons_file_stays_where_it_was_opened_when_she_moves(cast: Cast) -> None:
    head = head_of(cast.households[LIANFENG][0])
    file = cast.listing("woman-file", subject_type="person", subject=head, on_day="2021-06-01")
    moved(cast)

    changed = again(cast, "clerk", file, category="elder")
    closed = again(cast, "clerk", changed, Act.FOLLOW_UP, off_day="2021-11-01", off_why="去女儿家")

    assert (changed.region, closed.region) == (LIANFENG, LIANFENG)


def test_what_comes_later_is_counted_where_the_visit_stands_even_if_a_move_was_registered_late(cast: Cast) -> None:
    visit = cast.visit(day="2021-06-20", difficulties=[{"text": "没扶手"}])
    moved(cast, on="2021-06-10")  # told only now
    line = History.objects.unscoped("test").get(record=visit.key).values["difficulties"][0]

    followed = again(
        cast,
        "member",
        visit,
        Act.FOLLOW_UP,
        difficulties=[{**line, "state": "solved", "handling_on": "2021-07-01", "solved_on": "2021-07-01"}],
    )

    assert followed.region == LIANFENG


def test_a_wrong_home_put_right_moves_the_records_that_stood_on_it_and_no_others(cast: Cast) -> None:
    household = cast.households[LIANFENG][0]
    cast.listing("woman-file", subject_type="person", subject=head_of(household))
    cast.visit(subject=household, day="2021-06-09")
    cast.visit(subject=cast.households[LIANFENG][1])
    move_household(EVERYBODY, household, to=SANXING, on="2021-06-10", at=NOW)
    cast.visit("neighbour", subject=household, day="2021-06-11")

    correct_home(EVERYBODY, household, to="330402101203", because="其实搬到了余新", at=NOW)
    count = reground(EVERYBODY, Subject("household", household), because="其实搬到了余新", correcting=False, at=NOW)

    assert count == 1
    visits = Visit.objects.unscoped("test").order_by("seq")
    assert [visit.region for visit in visits] == [LIANFENG, LIANFENG, "330402101203"]
    assert [visit.revision for visit in visits] == [1, 1, 2]
    assert Listing.objects.unscoped("test").get().region == LIANFENG


def test_a_wrong_first_home_takes_the_files_of_its_people_along(cast: Cast) -> None:
    household = cast.households[LIANFENG][0]
    cast.listing("woman-file", subject_type="person", subject=head_of(household))

    correct_home(EVERYBODY, household, to=SANXING, because="登记错了村", at=NOW)
    count = reground(EVERYBODY, Subject("household", household), because="登记错了村", correcting=False, at=NOW)

    assert count == 1
    assert Listing.objects.unscoped("test").get().region == SANXING


def test_a_stranger_is_not_told_that_the_household_lives_elsewhere(cast: Cast) -> None:
    household = moved(cast)

    with pytest.raises(Rejected) as caught:
        cast.visit("stranger", subject=household, day="2021-06-09")

    assert [problem.field for problem in caught.value.first.items] == ["subject"]


def test_a_household_that_is_no_more_keeps_its_last_home(cast: Cast) -> None:
    household = moved(cast)
    close_household(EVERYBODY, household, on=dt.date(2021, 8, 1), why="other", at=NOW)

    assert cast.visit("clerk", subject=household, day="2021-08-02").region == SANXING
