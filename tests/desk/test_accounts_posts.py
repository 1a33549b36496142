"""Who serves in an organisation: finding her in the register, beginning a term, leaving."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.net.models import Organisation, Post
from lianxin.register.queries import household_card
from tests.cast import LIANFENG, SANXING, TODAY, TOWN, Cast

pytestmark = pytest.mark.django_db


def body_of(region: str) -> Organisation:
    return Organisation.objects.get(region=region, type="federation")


def person_of(cast: Cast, village: str) -> str:
    """The head of a village's first household: 张桂英, 诸葛芸."""
    card = household_card(cast.actor("clerk"), cast.households[village][0], on=TODAY)
    assert card
    return card.members[0].key


@pytest.fixture
def clerk(client: Client, cast: Cast) -> Client:
    client.force_login(cast.accounts["clerk"])
    return client


def typed(cast: Cast, **changed: str) -> dict[str, str]:
    return {"person": person_of(cast, LIANFENG), "title": "副主席", "starts": "2021-03-01", "ends": ""} | changed


def names_found(page: str) -> list[str]:
    return re.findall(r'name="person" value="\w+" ?(?:checked)?>\s*<span><b>([^<]+)</b>', page)


def test_somebody_is_found_by_name_or_initials_with_script_and_without(clerk: Client) -> None:
    address = reverse("post-new", args=[body_of(LIANFENG).pk])

    by_htmx = clerk.get(
        address, {"person-find": "zgy"}, headers={"HX-Request": "true", "HX-Target": "f-person-hits"}
    ).content.decode()
    by_button = clerk.post(address, {"person-find": "诸葛", "find": "person", "title": "执委"}).content.decode()

    assert sorted(names_found(by_htmx)) == sorted(["张桂英", "周根玉", "诸葛芸"])  # all three are zgy
    assert "<html" not in by_htmx
    assert names_found(by_button) == ["诸葛芸"]
    assert 'value="执委"' in by_button
    assert not Post.objects.exists()


def test_a_term_begins(clerk: Client, cast: Cast) -> None:
    body = body_of(LIANFENG)

    answer = clerk.post(reverse("post-new", args=[body.pk]), typed(cast))

    post = Post.objects.get()
    assert answer["Location"] == reverse("organisation", args=[body.pk])
    assert (post.person, post.organisation, post.title) == (person_of(cast, LIANFENG), body, "副主席")
    assert (post.starts, post.ends) == (dt.date(2021, 3, 1), None)
    page = clerk.get(answer["Location"]).content.decode()
    assert "登记好了：副主席，2021年3月1日起。" in page
    assert "张桂英" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"person": ""}, "请先查找，再从找到的人里选一位。"),
        ({"person": "01J0000000000000000000000X"}, "请先查找，再从找到的人里选一位。"),
        ({"title": ""}, "请填职务，例如“主席”“执委”。"),
        ({"starts": ""}, "请填任职日期。"),
        ({"starts": "三月一日"}, "日期请写成 2021-3-5 或 2021年3月5日。"),
        ({"ends": "2021-03-01"}, "离任日期要晚于任职日期。"),
    ],
)
def test_a_mistake_is_said_and_nothing_typed_is_lost(
    clerk: Client, cast: Cast, changed: dict[str, str], said: str
) -> None:
    values = typed(cast) | changed

    answer = clerk.post(reverse("post-new", args=[body_of(LIANFENG).pk]), values)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    for name in ("title", "starts"):
        assert f'value="{values[name]}"' in page
    assert names_found(page) == ([] if "person" in changed else ["张桂英"])
    assert not Post.objects.exists()


def test_the_same_term_twice_is_refused(clerk: Client, cast: Cast) -> None:
    address = reverse("post-new", args=[body_of(LIANFENG).pk])
    clerk.post(address, typed(cast))

    again = clerk.post(address, typed(cast))

    assert again.status_code == 400
    assert "她这段时间已经在“联丰村委会妇联”任副主席。" in again.content.decode()
    assert Post.objects.count() == 1


def test_who_does_not_see_the_register_cannot_choose_from_it(client: Client, cast: Cast) -> None:
    body = body_of(LIANFENG)
    Post.objects.create(person=person_of(cast, LIANFENG), organisation=body, title="主席", starts=dt.date(2020, 1, 1))
    client.force_login(cast.accounts["administrator"])

    page = client.get(reverse("organisation", args=[body.pk])).content.decode()

    assert "（姓名不在您可看的范围）" in page
    assert "张桂英" not in page
    assert reverse("post-new", args=[body.pk]) not in page
    for answer in (
        client.get(reverse("post-new", args=[body.pk])),
        client.post(reverse("post-new", args=[body.pk]), typed(cast)),
    ):
        assert answer.status_code == 403
    assert Post.objects.count() == 1


def test_a_term_ends_and_the_body_can_then_be_dissolved(clerk: Client, cast: Cast) -> None:
    body = body_of(LIANFENG)
    clerk.post(reverse("post-new", args=[body.pk]), typed(cast))
    post = Post.objects.get()
    held = clerk.post(reverse("organisation-dissolve", args=[body.pk]), {"dissolved_on": "2021-06-30"})

    wrong = clerk.post(reverse("post-end", args=[post.pk]), {"ends": "2021-03-01"})
    right = clerk.post(reverse("post-end", args=[post.pk]), {"ends": "2021-06-01"})

    post.refresh_from_db()
    assert "还有人在任，请先办离任" in held.content.decode()
    assert (wrong.status_code, "离任日期要晚于任职日期。" in wrong.content.decode()) == (400, True)
    assert right["Location"] == reverse("organisation", args=[body.pk])
    assert post.ends == dt.date(2021, 6, 1)
    assert clerk.get(reverse("post-end", args=[post.pk])).status_code == 404
    assert clerk.post(reverse("organisation-dissolve", args=[body.pk]), {"dissolved_on": "2021-06-30"})["Location"]


@pytest.mark.parametrize(
    ("who", "status"),
    [("member", 403), ("leader", 403), ("partner", 403), ("next_clerk", 404), ("strange_officer", 404)],
)
def test_other_peoples_terms_are_left_alone(client: Client, cast: Cast, who: str, status: int) -> None:
    body = body_of(LIANFENG)
    post = Post.objects.create(
        person=person_of(cast, LIANFENG), organisation=body, title="主席", starts=dt.date(2020, 1, 1)
    )
    client.force_login(cast.accounts[who])

    assert client.get(reverse("post-end", args=[post.pk])).status_code == status
    assert client.post(reverse("post-end", args=[post.pk]), {"ends": "2021-06-01"}).status_code == status
    assert client.post(reverse("post-new", args=[body.pk]), typed(cast)).status_code == status
    post.refresh_from_db()
    assert post.ends is None
    assert Post.objects.count() == 1


def test_the_search_finds_only_whom_she_may_see(client: Client, cast: Cast) -> None:
    client.force_login(cast.accounts["next_clerk"])
    address = reverse("post-new", args=[body_of(TOWN[:8] + "1").pk])

    page = client.get(address, {"person-find": "zgy"}).content.decode()

    assert names_found(page) == []
    assert "没有找到“zgy”" in page
    assert cast.households[SANXING][0] not in page
