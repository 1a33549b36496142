"""The pages of lists: which there are, one of them now and on a day, work lists, looking again in a few taps."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lianxin.base.days import months_after, now, today
from lianxin.base.ids import new_id
from lianxin.exchange.taking import decide, takings_of
from lianxin.kinds.listings import actions
from lianxin.kinds.listings.ages import turnings
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.listings.queries import ListingFilter
from lianxin.kinds.listings.readings import due_by_village, list_counts, matching, stood
from lianxin.records.care import care_called_for
from lianxin.register.models import Membership, Person
from tests.cast import LIANFENG, NOW, SANXING, Cast, lay_cast
from tests.taking import taken_out

pytestmark = pytest.mark.django_db
CHILDREN = "child-in-difficulty"


@pytest.fixture
def cast() -> Cast:
    return lay_cast()


def client(cast: Cast, who: str) -> Client:
    made = Client()
    made.force_login(cast.accounts[who])
    return made


def child(cast: Cast, village: str = LIANFENG) -> str:
    rows = Membership.objects.unscoped("test").filter(household_id=cast.households[village][0], relation="grandchild")
    return str(rows.values_list("person_id", flat=True).get())


def on_list(cast: Cast, who: str = "chair", **values: Any) -> Listing:
    said = {"list": CHILDREN, "subject_type": "person", "subject": child(cast), "on_day": "2021-06-01"}
    said |= {"category": "left-behind", "grade": "regular"} | values
    record = actions.put_on_list(cast.actor(who), key=new_id(), values=said, at=NOW).record
    assert isinstance(record, Listing)
    return record


def text(response: Any) -> str:
    assert response.status_code == 200, response.content.decode()[:400]
    return str(response.content.decode())


def test_the_list_of_lists_says_how_many_stand_and_how_many_are_due(cast: Cast) -> None:
    on_list(cast)
    cast.listing("family-file", review_on=months_after(today(), 1).isoformat())

    page = text(client(cast, "chair").get(reverse("lists")))

    assert "在册 1 人 · 1 人该复核了" in page
    assert "社会救助对象名册" in page
    assert "您这一级不登记" in page
    counts = list_counts(cast.actor("chair"), on=today())
    assert {code: (count.standing, count.due) for code, count in counts.items()} == {
        CHILDREN: (1, 1),
        "family-file": (1, 0),
    }


def test_who_may_not_see_childrens_files_is_told_nothing_of_them(cast: Cast) -> None:
    on_list(cast)

    for who in ("member", "neighbour", "programme_officer", "leader"):
        page = text(client(cast, who).get(reverse("lists")))
        assert "困境儿童档案" not in page
        assert "张小雨" not in text(client(cast, who).get(reverse("listings-ages")))
        assert list_counts(cast.actor(who), on=today()) == {}
    assert due_by_village(cast.actor("officer"), on=today()) == ((LIANFENG, 1),)


def test_who_stood_on_a_day_is_asked_in_the_class_and_grade_of_then(cast: Cast) -> None:
    record = on_list(cast)
    changed = {"id": new_id(), "day": "2021-09-01", "outcome": "changed", "category": "poverty", "grade": "close"}
    actions.review_listing(cast.actor("chair"), key=record.key, base=1, review=changed, at=NOW)
    left = {"id": new_id(), "day": "2021-11-30", "outcome": "left"}
    actions.review_listing(cast.actor("chair"), key=record.key, base=2, review=left, off_why="妈妈回家了", at=NOW)

    def stands(on: str, **chosen: str) -> list[tuple[str, str]]:
        asked = ListingFilter(programme=CHILDREN, on=on, **chosen)
        return [(row.place.category, row.place.grade) for row in stood(matching(cast.actor("officer"), asked))]

    assert stands("2021-05-31") == []
    assert stands("2021-06-01") == stands("2021-08-31") == [("left-behind", "regular")]
    assert stands("2021-09-01") == stands("2021-11-29") == [("poverty", "close")]
    assert stands("2021-11-30") == []
    assert stands("2021-08-31", grade="close") == []
    page = text(client(cast, "officer").get(reverse("listings"), {"list": CHILDREN, "on": "2021-08-31"}))
    assert "定期看顾" in page
    assert "一共 1 人" in page


def test_a_day_that_is_none_is_said_beside_its_field(cast: Cast) -> None:
    response = client(cast, "officer").get(reverse("listings"), {"on": "2021-02-30"})

    assert response.status_code == 400
    assert "日期请写成" in response.content.decode()


def test_looking_again_is_one_form_and_the_next_day_is_said(cast: Cast) -> None:
    record = on_list(cast)
    chair = client(cast, "chair")
    page = text(chair.get(reverse("listing-review", args=[record.key])))
    assert "还是这样" in page

    typed = {"base": "1", "outcome": "same", "day": today().isoformat(), "note": "长高了", "category": "left-behind"}
    answer = chair.post(reverse("listing-review", args=[record.key]), typed, follow=True)

    after = Listing.objects.seen_by(cast.actor("chair")).get(key=record.key)
    assert after.review_on == months_after(today(), 6)
    assert "复核：还是这样" in text(answer)
    assert "长高了" in text(answer)


def test_a_review_without_a_reason_for_leaving_keeps_what_was_typed(cast: Cast) -> None:
    record = on_list(cast)

    typed = {"base": "1", "outcome": "left", "day": today().isoformat(), "note": "说是回老家了"}
    answer = client(cast, "chair").post(reverse("listing-review", args=[record.key]), typed)

    assert answer.status_code == 400
    assert "请写明为什么离册" in answer.content.decode()
    assert "说是回老家了" in answer.content.decode()


def test_the_villages_with_something_overdue_are_a_work_list(cast: Cast) -> None:
    on_list(cast)
    on_list(cast, "officer", subject=child(cast, SANXING))

    page = text(client(cast, "officer").get(reverse("listings-due")))
    village = text(client(cast, "officer").get(reverse("listings"), {"state": "due", "region": LIANFENG}))

    assert "一共 2 份" in page
    assert page.index("联丰村") < page.index("三星村")
    assert "张小雨" in village
    assert "诸葛小雨" not in village


def test_home_says_what_waits_on_the_lists(cast: Cast) -> None:
    on_list(cast)

    assert "1 份档案该复核了" in text(client(cast, "chair").get(reverse("home")))
    assert "该复核了" not in text(client(cast, "member").get(reverse("home")))


@pytest.mark.parametrize(
    ("birth", "on", "told"),
    [
        ("2008-01-01", "2021-12-24", [(14, "2022-01-01", False)]),
        ("2008-02-29", "2021-12-24", [(14, "2022-03-01", False)]),
        ("2005-12-25", "2021-12-24", [(16, "2021-12-25", False)]),
        ("2003-12-24", "2021-12-24", [(18, "2021-12-24", True)]),
        ("2012-09-01", "2021-12-24", []),
    ],
)
def test_children_who_turn_an_age_are_flagged(
    cast: Cast, birth: str, on: str, told: list[tuple[int, str, bool]]
) -> None:
    key = child(cast)
    on_list(cast, on_day="2019-06-01")
    from lianxin.access.guard import pen  # noqa: PLC0415

    with pen("register"):
        Person.objects.unscoped("test").filter(id=key).update(birth=dt.date.fromisoformat(birth))

    found = turnings(cast.actor("chair"), on=dt.date.fromisoformat(on), months=6)

    assert [(each.age, each.day.isoformat(), each.is_over) for each in found] == told
    assert turnings(cast.actor("member"), on=dt.date.fromisoformat(on), months=6) == ()


def test_the_ledger_of_one_list_has_its_own_questions(cast: Cast) -> None:
    on_list(cast, answers={f"{CHILDREN}.wish": "想要一盏台灯"})

    taken_out(client(cast, "chair"), reverse("listings-ledger"), {"list": CHILDREN})
    (asked,) = takings_of(cast.actor("clerk"))
    decide(cast.actor("clerk"), asked.pk, grant=True, at=now())
    answer = taken_out(client(cast, "chair"), reverse("listings-ledger"), {"list": CHILDREN})

    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    cells = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert "孩子的心愿" in cells
    assert "想要一盏台灯" in cells
    assert "张小雨" in cells


def test_care_is_called_for_where_somebody_stands_on_a_list(cast: Cast) -> None:
    on_list(cast)
    key = child(cast)

    calls = care_called_for(cast.actor("chair"), (key,))

    assert [call.programme for call in calls] == ["four-musts", "festival-care"]
    assert care_called_for(cast.actor("member"), (key,)) == ()


def test_what_is_delicate_is_not_on_the_phone_at_the_door(cast: Cast) -> None:
    home = cast.households[LIANFENG][0]
    cast.listing("relief", "clerk", category="minimum", paper="confirmation", subject=home)
    cast.listing("family-file", subject=home)

    page = text(client(cast, "chair").get(reverse("visit-record", args=["household", home])))

    assert "家庭档案" in page
    assert "社会救助对象名册" not in page


def test_an_honour_of_a_federation_is_put_on_and_shown_by_its_name(cast: Cast) -> None:
    from lianxin.net.models import Organisation  # noqa: PLC0415

    body = Organisation.objects.get(region=LIANFENG, type="federation").id
    typed = {
        "id": new_id(),
        "list": "honours",
        "on_day": "2021-03-08",
        "category": "unit",
        "level": "city",
        "honours.title": "巾帼文明岗",
        "honours.body": "市妇联",
        "honours.status": "awarded",
    }
    chair = client(cast, "chair")

    answer = chair.post(reverse("listing-new", args=["organisation", body]), typed, follow=True)

    assert "巾帼文明岗" in text(answer)
    again = typed | {"id": new_id(), "honours.title": "先进集体"}
    assert chair.post(reverse("listing-new", args=["organisation", body]), again).status_code == 302
    assert "先进集体" in text(chair.get(reverse("listings"), {"list": "honours", "level": "city"}))


@pytest.mark.parametrize("name", ["lists", "listings", "listings-due", "listings-ages"])
def test_a_list_page_asks_as_often_for_three_as_for_one(
    cast: Cast, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    on_list(cast)
    officer = client(cast, "officer")
    officer.get(reverse(name))

    with django_assert_max_num_queries(15) as first:
        officer.get(reverse(name))
    on_list(cast, "officer", subject=child(cast, SANXING))
    with django_assert_max_num_queries(15) as second:
        officer.get(reverse(name))

    assert len(first) == len(second)
