"""Looking again: by members where the list says so, what has changed folded away; six months before 留守 counts."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base.errors import Forbidden
from lianxin.base.ids import new_id
from lianxin.kinds.listings.actions import review_listing
from lianxin.kinds.listings.models import Listing
from lianxin.records.drafts import Rejected
from lianxin.records.models import Record
from tests.cast import LIANFENG, NOW, Cast
from tests.terms.test_change_of_term import person_of

pytestmark = pytest.mark.django_db


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.accounts[who])
    return client


def again(cast: Cast, who: str, record: Record, **said: str) -> None:
    review = {"id": new_id(), "day": "2021-12-20", "outcome": "same", "note": ""} | said
    review_listing(cast.actor(who), key=record.key, base=record.revision, review=review, off_why="搬走", at=NOW)


def reviewed(record: Record) -> object:
    return Listing.objects.unscoped("a test's own").get(key=record.key).reviewed_on


def test_a_member_says_of_her_villages_files_that_nothing_has_changed(cast: Cast) -> None:
    file = cast.listing("family-file")

    again(cast, "member", file)

    assert str(reviewed(file)) == "2021-12-20"


@pytest.mark.parametrize("outcome", ["changed", "left"])
def test_a_member_changes_nothing_and_takes_nobody_off(cast: Cast, outcome: str) -> None:
    file = cast.listing("family-file")

    with pytest.raises(Forbidden):
        again(cast, "member", file, outcome=outcome)

    assert reviewed(file) is None


def test_a_list_that_does_not_say_so_is_reviewed_by_the_chair(cast: Cast) -> None:
    listing = cast.listing("executives", subject_type="person", subject=person_of(LIANFENG, "张桂英"), category="chair")

    with pytest.raises(Forbidden):
        again(cast, "member", listing)
    again(cast, "chair", listing)

    assert reviewed(listing) is not None


def test_the_next_village_is_not_hers_to_look_at(cast: Cast) -> None:
    file = cast.listing("family-file")

    answer = signed_in(cast, "neighbour").get(reverse("listing-review", args=[file.key]))

    assert answer.status_code == 404


def test_a_member_is_offered_just_that_and_it_works(cast: Cast) -> None:
    file = cast.listing("family-file")
    member = signed_in(cast, "member")
    assert "复核</a>" in member.get(reverse("listing", args=[file.key])).content.decode()

    page = member.get(reverse("listing-review", args=[file.key])).content.decode()
    assert "还是这样" in page
    assert "离册了" not in page
    typed = {"outcome": "same", "day": "2021-12-20", "base": str(file.revision)}
    assert member.post(reverse("listing-review", args=[file.key]), typed).status_code == 302

    assert str(reviewed(file)) == "2021-12-20"


def test_what_has_changed_is_folded_until_it_has(cast: Cast) -> None:
    listing = cast.listing("executives", subject_type="person", subject=person_of(LIANFENG, "张桂英"), category="chair")
    clerk, address = signed_in(cast, "clerk"), reverse("listing-review", args=[listing.key])

    page = clerk.get(address).content.decode()
    assert "<summary>有变化的，改成哪一类、哪一级</summary>" in page
    assert '<details class="behind" open>' not in page
    wrong = {"outcome": "changed", "day": "", "category": "member", "base": str(listing.revision)}
    answer = clerk.post(address, wrong)

    assert answer.status_code == 400
    assert '<details class="behind" open>' in answer.content.decode()


@pytest.mark.parametrize(
    ("since", "is_taken"), [("2020-12-01", True), ("2020-12-02", False), ("2021-05-20", False), ("2020-06-30", True)]
)
def test_left_behind_is_left_for_six_months(cast: Cast, since: str, is_taken: bool) -> None:
    """On the list from 1 June 2021: left on 1 December 2020 is six months, a day later is not."""
    child = person_of(LIANFENG, "张小雨")
    answers = {"children-apart.since": since, "children-apart.guardian": "grandparents"}

    def put_on() -> Record:
        return cast.listing(
            "children-apart", "clerk", subject_type="person", subject=child, category="left-behind", answers=answers
        )

    if is_taken:
        assert put_on().key
        return
    with pytest.raises(Rejected) as refused:
        put_on()
    (item,) = refused.value.first.items
    assert item.field == "children-apart.since"
    assert "要满 6 个月" in item.message
