"""Pages of a change of term: prepared by the officer, set by the administrator, undone; every mistake by its field."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.base.days import now
from lianxin.kinds.listings.models import Listing
from lianxin.net.models import Account, Organisation, Post
from lianxin.terms.models import Committee, State, TermChange
from tests.cast import LIANFENG, Cast
from tests.terms.test_change_of_term import person_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.accounts["officer"])
    return client


@pytest.fixture
def administrator(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.accounts["administrator"])
    return client


@pytest.fixture
def committee(cast: Cast, officer: Client) -> Committee:
    """联丰村妇联 with 张桂英 as its chair, in a change of its own."""
    Post.objects.create(
        person=person_of(LIANFENG, "张桂英"),
        account=cast.accounts["chair"],
        organisation=Organisation.objects.get(region=LIANFENG, type="federation"),
        title="主席",
        starts=dt.date(2018, 1, 5),
    )
    asked = {"name": "联丰换届", "county": "330402", "town": "330402100", "village": LIANFENG, "level": "5"}
    answer = officer.post(reverse("term-new"), asked)
    assert answer.status_code == 302
    return Committee.objects.unscoped("a test's own").get(region=LIANFENG)


def test_from_the_list_to_the_new_committee_and_back(
    cast: Cast, officer: Client, administrator: Client, committee: Committee
) -> None:
    seat = {
        "person": person_of(LIANFENG, "周根玉"),
        "title": "执委",
        "role": "village-member",
        "schooling": "college",
        "sits_in_both": "yes",
    }
    assert officer.post(reverse("term-seat", args=[committee.pk]), seat).status_code == 302
    page = officer.get(reverse("term-committee", args=[committee.pk])).content.decode()
    assert "周根玉" in page
    assert "还没有账号" in page
    assert "大专" in page
    assert officer.post(reverse("term-settle", args=[committee.pk]), {"ready": "yes"}).status_code == 302

    at = now()
    hour = {"day": at.date().isoformat(), "hour": f"{at:%H:%M}"}
    answer = administrator.post(reverse("term-hour", args=[committee.change_id]), hour, follow=True)
    assert "换届办好了" in answer.content.decode()
    assert Post.objects.filter(title="执委", ends__isnull=True).count() == 1

    answer = administrator.post(reverse("term-undo", args=[committee.change_id]), {"because": "报错了"}, follow=True)
    assert "恢复原样" in answer.content.decode()
    assert not Post.objects.filter(title="执委", ends__isnull=True).exists()
    change = TermChange.objects.unscoped("a test's own").get(pk=committee.change_id)
    assert change.state == State.UNDONE


def test_the_administrator_sees_no_name_of_the_register(administrator: Client, committee: Committee) -> None:
    """She opens accounts and sets the hour; whose household is where is not hers to know."""
    page = administrator.get(reverse("term-committee", args=[committee.pk])).content.decode()

    assert "张桂英" not in page
    assert "示例chair" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "请填职务"),
        ({"person": "nobody"}, "请先查找"),
        ({"role": ""}, "请选换届后她能办什么"),
        ({"role": "county-officer"}, "请从列出的选项里选"),
        ({"schooling": "doctor"}, "请从列出的选项里选"),
    ],
)
def test_a_mistake_is_said_by_its_field_and_nothing_typed_is_lost(
    officer: Client, committee: Committee, wrong: dict[str, str], said: str
) -> None:
    typed = {"person": person_of(LIANFENG, "周根玉"), "title": "委员甲", "role": "none"} | wrong

    answer = officer.post(reverse("term-seat", args=[committee.pk]), typed)

    assert answer.status_code == 400
    page = answer.content.decode()
    assert said in page
    assert typed["title"] in page


@pytest.mark.parametrize(
    ("hour", "said"),
    [
        ({"day": "2021-13-40", "hour": "9:00"}, "没有"),
        ({"day": "2020-01-01", "hour": "9:00"}, "不能早于现在"),
        ({"day": "2020-01-01", "hour": "25:00"}, "时间请写成"),
        ({"day": "", "hour": ""}, "日期请写成"),
    ],
)
def test_an_hour_that_cannot_be_is_said(
    administrator: Client, officer: Client, committee: Committee, hour: dict[str, str], said: str
) -> None:
    officer.post(reverse("term-settle", args=[committee.pk]), {"ready": "yes"})

    answer = administrator.post(reverse("term-hour", args=[committee.change_id]), hour)

    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_a_form_without_place_or_level_says_so(officer: Client, committee: Committee) -> None:
    answer = officer.post(reverse("term-new"), {"name": "", "county": "330402", "level": "5"})
    assert answer.status_code == 400
    assert "起个名称" in answer.content.decode()

    answer = officer.post(reverse("term-new"), {"name": "再换", "county": "330402", "level": "5"})
    assert "另一次换届" in answer.content.decode()


def test_a_list_without_a_chair_is_not_settled(officer: Client, committee: Committee) -> None:
    officer.post(reverse("term-unseat", args=[committee.pk]), {"person": person_of(LIANFENG, "张桂英")})

    answer = officer.post(reverse("term-settle", args=[committee.pk]), {"ready": "yes"})

    assert answer.status_code == 400
    assert "要有一位主席" in answer.content.decode()
    assert not Committee.objects.unscoped("a test's own").get(pk=committee.pk).is_ready


def test_a_page_asks_as_much_for_one_seat_as_for_three(cast: Cast, officer: Client, committee: Committee) -> None:

    path = reverse("term-committee", args=[committee.pk])
    officer.get(path)
    with CaptureQueriesContext(connection) as few:
        officer.get(path)
    for name in ("周根玉", "张小雨"):
        typed = {"person": person_of(LIANFENG, name), "title": "执委", "role": "none"}
        assert officer.post(reverse("term-seat", args=[committee.pk]), typed).status_code == 302
    officer.get(path)
    with CaptureQueriesContext(connection) as many:
        officer.get(path)

    assert len(few) == len(many) <= 15


@pytest.fixture
def renewed(cast: Cast, officer: Client, administrator: Client, committee: Committee) -> Committee:
    """周根玉, who has no account, sits in the committee as village-member; carried out now."""
    seat = {"person": person_of(LIANFENG, "周根玉"), "title": "执委", "role": "village-member"}
    officer.post(reverse("term-seat", args=[committee.pk]), seat)
    officer.post(reverse("term-settle", args=[committee.pk]), {"ready": "yes"})
    at = now()
    administrator.post(
        reverse("term-hour", args=[committee.change_id]), {"day": at.date().isoformat(), "hour": f"{at:%H:%M}"}
    )
    return committee


def test_slips_are_shown_once_and_not_kept_by_the_browser(administrator: Client, renewed: Committee) -> None:
    change = reverse("term", args=[renewed.change_id])
    assert "开了 1 个，1 个还没有发临时密码" in administrator.get(change).content.decode()

    answer = administrator.post(reverse("term-slips", args=[renewed.change_id]))

    page = answer.content.decode()
    assert "zhougenyu" in page
    assert "no-store" in answer["Cache-Control"]
    word = next(text for text in page.split('<b class="nb">')[1:]).split("<")[0]
    assert Account.objects.get(username="zhougenyu").check_password(word)
    assert "1 个还没有换成自己的密码" in administrator.get(change).content.decode()
    again = administrator.post(reverse("term-slips", args=[renewed.change_id]))
    assert again.status_code == 400
    assert "没有要发的账号" in again.content.decode()
    assert word not in administrator.post(reverse("term-committee-slips", args=[renewed.pk])).content.decode()
    assert not Account.objects.get(username="zhougenyu").check_password(word)


def test_whoever_filled_the_list_does_not_hand_out_passwords(officer: Client, renewed: Committee) -> None:
    assert officer.post(reverse("term-slips", args=[renewed.change_id])).status_code == 403
    assert officer.post(reverse("term-committee-slips", args=[renewed.pk])).status_code == 403
    assert "临时密码" not in officer.get(reverse("term", args=[renewed.change_id])).content.decode()


def test_the_seats_on_their_list_cannot_be_changed_there(cast: Cast, officer: Client, renewed: Committee) -> None:
    listing = Listing.objects.unscoped("a test's own").filter(programme="term-seats").first()
    assert listing is not None

    page = officer.get(reverse("listing", args=[listing.key])).content.decode()

    assert "换届时自动记下" in page
    assert "复核，或离册" not in page
    assert reverse("organisation", args=[listing.subject]) in page
