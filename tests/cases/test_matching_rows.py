"""Cases that may be of the same person: proposed with reasons to whoever may read both; people decide."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base.errors import Refused, Unseen
from lianxin.kinds.cases.actions import change_safety
from lianxin.kinds.cases.matching_rows import alike, keep_apart, take_back_apart
from lianxin.kinds.cases.models import Block, Case, Trace
from lianxin.register.queries import household_cards
from tests.cases.town import case, step
from tests.cast import LIANFENG, NOW, SANXING, TODAY, Cast

pytestmark = pytest.mark.django_db


def told(cast: Cast, who: str, name: str, *, region: str = LIANFENG, phone: str = "", **more: Any) -> Case:
    """A case of a woman who is called so, reached by this safe number."""
    safety = {"is_asked": "yes", "safe_number": phone}
    parties = [{"role": "her", "name": name}]
    record = case(cast, who, region=region, household="", parties=parties, safety=safety, **more)
    return Case.objects.unscoped("test").get(key=record.key)


def registered(cast: Cast, person: str) -> Case:
    record = case(cast, "chair", parties=[{"role": "her", "person": person}])
    return Case.objects.unscoped("test").get(key=record.key)


def twice(cast: Cast) -> tuple[Case, Case]:
    return tuple(told(cast, "chair", "沈桂英", phone="13612345678") for _ in range(2))  # type: ignore[return-value]


def found(cast: Cast, who: str, row: Case) -> list[str]:
    return [each.case.key for each in alike(cast.actor(who), row)]


def test_the_same_woman_told_otherwise_is_proposed_with_reasons(cast: Cast) -> None:
    first = told(cast, "chair", "沈桂英", phone="13612345678")
    second = told(cast, "chair", "沈贵英", phone="13612345687")
    told(cast, "chair", "王芳", phone="13900001111")

    (only,) = alike(cast.actor("chair"), second)

    assert only.case.key == first.key
    assert only.likeness.reasons == ("电话只差一位，或者两位对调", "姓名同音", "在同一个村（社区）")
    assert only.likeness.words == "几乎可以肯定"


def test_the_register_knows_better_than_names(cast: Cast) -> None:
    home = cast.households[LIANFENG][0]
    head = household_cards(cast.actor("chair"), [home], on=TODAY)[home].members[0]
    first, second = (registered(cast, head.key) for _ in range(2))

    (only,) = alike(cast.actor("chair"), second)

    assert only.case.key == first.key
    assert only.likeness.reasons[0] == "册子里是同一个人"


def test_only_what_one_may_read_is_proposed_and_the_supervisor_sees_both(cast: Cast) -> None:
    here = told(cast, "chair", "沈桂英", phone="13612345678")
    there = told(cast, "neighbour", "沈桂英", phone="13612345678", region=SANXING)

    assert found(cast, "chair", here) == []
    assert found(cast, "neighbour", there) == []
    assert found(cast, "clerk", here) == [there.key]
    assert found(cast, "officer", there) == [here.key]


def test_told_apart_is_not_proposed_again_until_taken_back(cast: Cast) -> None:
    first, second = (
        told(cast, "chair", "沈桂英", phone="13612345678"),
        told(cast, "chair", "沈桂英", phone="13612345678"),
    )
    actor = cast.actor("chair")

    with pytest.raises(Refused, match="请写明为什么"):
        keep_apart(actor, second, first.key, because=" ", at=NOW)
    keep_apart(actor, second, first.key, because="一个是姐姐，一个是妹妹", at=NOW)
    between = (found(cast, "chair", first), found(cast, "chair", second))
    with pytest.raises(Refused, match="已经有人看过"):
        keep_apart(actor, first, second.key, because="再说一遍", at=NOW)
    take_back_apart(actor, first, second.key)

    assert between == ([], [])
    assert found(cast, "chair", first) == [second.key]


def test_nobody_tells_apart_what_she_cannot_read(cast: Cast) -> None:
    here = told(cast, "chair", "沈桂英", phone="13612345678")
    there = told(cast, "neighbour", "沈桂英", phone="13612345678", region=SANXING)

    with pytest.raises(Unseen):
        keep_apart(cast.actor("chair"), here, there.key, because="猜的", at=NOW)


def test_joined_is_no_longer_proposed_and_can_be_parted(cast: Cast) -> None:
    first, second = (
        told(cast, "chair", "沈桂英", phone="13612345678"),
        told(cast, "chair", "沈桂英", phone="13612345678"),
    )

    step(cast, second, "chair", "join", case=first.key, note="同一个人，同一件事")
    joined = found(cast, "chair", first)
    step(cast, second, "chair", "apart", note="看错了")

    assert joined == []
    assert found(cast, "chair", first) == [second.key]


def test_a_safe_number_put_right_is_compared_anew_and_old_signs_are_gone(cast: Cast) -> None:
    first = told(cast, "chair", "沈小妹", phone="13612345678")
    second = told(cast, "chair", "沈小妹", phone="18956781234")
    before = Block.objects.count()

    change_safety(cast.actor("chair"), key=second.key, base=1, safety={"safe_number": "13612345678"}, at=NOW)

    reasons = alike(cast.actor("chair"), Case.objects.unscoped("test").get(key=second.key))[0].likeness.reasons
    assert "电话相同" in reasons
    assert first.key != second.key
    assert Trace.objects.unscoped("test").count() == 2
    assert Block.objects.count() == before


def test_the_rows_hold_nothing_that_can_be_read(cast: Cast) -> None:
    told(cast, "chair", "沈桂英", phone="13612345678")

    kept = repr(list(Trace.objects.unscoped("test").values())) + repr(list(Block.objects.values()))

    for plain in ("沈", "桂英", "guiying", "13612345678", "5678'"):
        assert plain not in kept


def browser(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.accounts[who])
    return client


def test_the_page_proposes_and_a_person_decides(cast: Cast) -> None:
    first, second = (
        told(cast, "chair", "沈桂英", phone="13612345678"),
        told(cast, "chair", "沈桂英", phone="13612345678"),
    )
    client, page = browser(cast, "chair"), reverse("case-alike", args=[second.key])

    shown = client.get(page).content.decode()
    unreasoned = client.post(page, {"other": first.key, "act": "apart", f"because-{first.key}": ""})
    strange = client.post(page, {"other": first.key, "act": "fly", f"because-{first.key}": "试"})
    apart = client.post(page, {"other": first.key, "act": "apart", f"because-{first.key}": "是两姐妹"}, follow=True)
    again = client.post(page, {"other": first.key, "act": "again"}, follow=True)
    joined = client.post(page, {"other": first.key, "act": "join", f"because-{first.key}": "同一件事"}, follow=True)

    assert "几乎可以肯定" in shown
    assert first.number in shown
    assert (unreasoned.status_code, strange.status_code) == (400, 400)
    assert "请写明为什么不是同一个人" in unreasoned.content.decode()
    assert "是两姐妹" in apart.content.decode()
    assert "几乎可以肯定" in again.content.decode()
    assert f"并到 {first.number} 去办了" in joined.content.decode()
    assert Case.objects.unscoped("test").get(key=second.key).stage == "joined"
    assert browser(cast, "member").get(page).status_code == 404
