"""Merging on the pages: who the other is, both side by side, the reason, the way back; nothing for a neighbour."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.register.models import Membership, Merge, Person
from tests.cast import LIANFENG, PASSWORD, SANXING, Cast

pytestmark = pytest.mark.django_db
ALL = "the test looks at every row"


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    assert client.login(username=cast.accounts[who].username, password=PASSWORD)
    return client


def heads(cast: Cast, village: str = LIANFENG) -> list[str]:
    rows = Membership.objects.unscoped(ALL).filter(household_id__in=cast.households[village], relation="head")
    return list(rows.order_by("id").values_list("person_id", flat=True))


def test_the_other_one_is_found_by_sound(cast: Cast) -> None:
    zhang, zhou = heads(cast)
    page = signed_in(cast, "member").get(reverse("person-merge-who", args=[zhang]), {"q": "邹根玉"})

    assert reverse("person-merge", args=[zhang, zhou]) in page.content.decode()


def test_both_are_shown_side_by_side_and_merged_for_a_reason(cast: Cast) -> None:
    zhang, zhou = heads(cast)
    cast.visit(subject=zhou, subject_type="person")
    client = signed_in(cast, "member")
    address = reverse("person-merge", args=[zhang, zhou])

    shown = client.get(address).content.decode()
    assert "张桂英" in shown
    assert "周根玉" in shown
    assert "1 条" in shown  # her visit comes along
    asked = {"kept": "one", "take-name": "other"}
    refused = client.post(address, asked)
    assert refused.status_code == 400
    assert "请写明为什么" in refused.content.decode()
    assert not Merge.objects.unscoped(ALL).exists()

    done = client.post(address, {**asked, "because": "核对过户口本"})
    assert (done.status_code, done["Location"]) == (302, reverse("person", args=[zhang]))
    page = client.get(reverse("person", args=[zhang])).content.decode()
    assert "<h1>周根玉</h1>" in page
    assert "核对过户口本" in page
    led = client.get(reverse("person", args=[zhou]))
    assert (led.status_code, led["Location"]) == (302, reverse("person", args=[zhang]))


def test_they_are_taken_apart_from_her_page(cast: Cast) -> None:
    zhang, zhou = heads(cast)
    client = signed_in(cast, "member")
    client.post(reverse("person-merge", args=[zhang, zhou]), {"kept": "one", "because": "核对过"})
    number = Merge.objects.unscoped(ALL).get().pk
    address = reverse("person-unmerge", args=[zhang, number])

    assert address in client.get(reverse("person", args=[zhang])).content.decode()
    assert client.post(address, {"because": ""}).status_code == 400
    assert client.post(address, {"because": "不是一个人"}).status_code == 302
    assert not Person.objects.unscoped(ALL).exclude(into="").exists()
    assert client.post(address, {"because": "再来"}).status_code == 404


def test_somebody_of_the_next_village_can_be_neither_seen_nor_merged(cast: Cast) -> None:
    (zhang, _), (zhuge,) = heads(cast), heads(cast, SANXING)
    client = signed_in(cast, "member")

    for one, other in ((zhang, zhuge), (zhuge, zhang)):
        assert client.get(reverse("person-merge", args=[one, other])).status_code == 404
        assert client.post(reverse("person-merge", args=[one, other]), {"kept": "one"}).status_code == 404
    assert client.get(reverse("person-merge-who", args=[zhuge])).status_code == 404
    assert zhuge not in client.get(reverse("person-merge-who", args=[zhang]), {"q": "诸葛芸"}).content.decode()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("2021-5-3", "2021年5月3日住在凤桥镇联丰村，张桂英家 3组17号"),
        ("2019-5-3", "没有登记住在哪一户"),
        ("前天", "日期"),
    ],
)
def test_where_she_lived_on_a_day_is_answered(cast: Cast, typed: str, answer: str) -> None:
    page = signed_in(cast, "member").get(reverse("person", args=[heads(cast)[0]]), {"day": typed})

    assert answer in page.content.decode()
