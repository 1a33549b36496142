"""The pages of households, people, listings, and the ledgers that lists go out as."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from lianxin.audit.models import Entry
from lianxin.base.ids import new_id
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.visits.models import Visit
from lianxin.register.models import Household, Membership, Person
from tests.cast import LIANFENG, SANXING, YONGLI, Cast
from tests.taking import taken_out

pytestmark = pytest.mark.django_db


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.accounts[who])
    return client


def first_home(cast: Cast) -> str:
    return cast.households[LIANFENG][0]


def child_of(cast: Cast) -> str:
    rows = Membership.objects.unscoped("test").filter(household_id=first_home(cast), relation="grandchild")
    return rows.get().person_id


@pytest.mark.parametrize("text", ["张桂英", "桂英", "zgy", "zhangguiying", "3组17号", "3012"])
def test_a_household_is_found_as_people_search(cast: Cast, text: str) -> None:
    page = signed_in(cast, "member").get(reverse("households"), {"q": text}).content.decode()

    assert "张桂英家" in page


def test_a_household_shows_its_history_on_one_thread(cast: Cast) -> None:
    cast.visit(heard="浴室没扶手")
    cast.listing("family-file")

    page = signed_in(cast, "chair").get(reverse("household", args=[first_home(cast)])).content.decode()

    order = [page.index(text) for text in ("浴室没扶手", "建档 · 家庭档案", "建户")]
    assert order == sorted(order)
    assert "张小雨" in page


def test_a_household_prints(cast: Cast) -> None:
    cast.visit(heard="浴室没扶手")

    page = signed_in(cast, "member").get(reverse("household-print", args=[first_home(cast)])).content.decode()

    assert "家庭档案" in page
    assert "浴室没扶手" in page


@pytest.mark.parametrize("who", ["neighbour", "next_clerk", "stranger"])
def test_a_strangers_household_does_not_exist(cast: Cast, who: str) -> None:
    client, home, child = signed_in(cast, who), first_home(cast), child_of(cast)
    cast.listing("family-file")
    listing = Listing.objects.unscoped("test").get().key

    for name, args in (
        ("household", [home]),
        ("household-print", [home]),
        ("household-amend", [home]),
        ("household-move", [home]),
        ("household-member-new", [home]),
        ("person", [child]),
        ("household-member-amend", [child]),
        ("reveal", [home, "phone"]),
        ("listing-new", ["household", home]),
        ("listing", [listing]),
    ):
        assert signed_in(cast, who).get(reverse(name, args=args)).status_code in (403, 404), name
    assert "张桂英" not in client.get(reverse("households"), {"q": "张桂英"}).content.decode().replace(
        'value="张桂英"', ""
    )


def test_a_number_is_shown_for_a_reason_and_leaves_a_trace(cast: Cast) -> None:
    client, url = signed_in(cast, "member"), reverse("reveal", args=[first_home(cast), "phone"])

    assert client.post(url, {"because": " "}).status_code == 400
    page = client.post(url, {"because": "回访约时间"}).content.decode()

    assert "13805733012" in page
    trace = Entry.objects.unscoped("test").get()
    assert (trace.by, trace.act, trace.what) == (cast.accounts["member"].pk, "reveal", "phone")


def test_a_household_moves_and_takes_nothing_along(cast: Cast) -> None:
    cast.visit(day="2021-12-01")
    typed = {"kind": "moved", "region": SANXING, "on": "2021-12-10", "place": "9组9号"}

    response = signed_in(cast, "clerk").post(reverse("household-move", args=[first_home(cast)]), typed)

    assert response.status_code == 302
    assert Household.objects.unscoped("test").get(id=first_home(cast)).region == SANXING
    assert Visit.objects.unscoped("test").get().region == LIANFENG


def test_a_wrong_home_put_right_takes_its_records_along(cast: Cast) -> None:
    cast.visit(day="2021-12-01")
    cast.listing("family-file")
    typed = {"kind": "wrong", "region": SANXING, "because": "登记时选错了村"}

    response = signed_in(cast, "clerk").post(reverse("household-move", args=[first_home(cast)]), typed)

    assert response.status_code == 302
    assert Visit.objects.unscoped("test").get().region == SANXING
    assert Listing.objects.unscoped("test").get().region == SANXING


def test_a_clerk_moves_nobody_into_the_next_town(cast: Cast) -> None:
    typed = {"kind": "moved", "region": YONGLI, "on": "2021-12-10"}

    response = signed_in(cast, "clerk").post(reverse("household-move", args=[first_home(cast)]), typed)

    assert response.status_code in (400, 403)
    assert Household.objects.unscoped("test").get(id=first_home(cast)).region == LIANFENG


def test_a_household_a_member_and_a_change_are_registered(cast: Cast) -> None:
    client = signed_in(cast, "member")
    client.post(
        reverse("household-new"), {"head": "陆小妹", "place": "8组8号", "region": LIANFENG, "phone": "13900001234"}
    )
    home = Household.objects.unscoped("test").get(place="8组8号").id

    client.post(reverse("household-member-new", args=[home]), {"name": "陆一诺", "relation": "child", "sex": "female"})
    child = Person.objects.unscoped("test").get(name="陆一诺").id
    client.post(
        reverse("household-member-amend", args=[child]), {"name": "陆一诺", "sex": "female", "birth": "2015-06-01"}
    )
    client.post(reverse("household-amend", args=[home]), {"place": "8组9号"})
    client.post(reverse("household-member-leave", args=[child]), {"why": "mistake", "on": ""})

    assert Person.objects.unscoped("test").get(id=child).birth.isoformat() == "2015-06-01"
    assert Household.objects.unscoped("test").get(id=home).place == "8组9号"
    assert Membership.objects.unscoped("test").get(person_id=child).ends is not None


def test_what_is_wrong_with_a_new_household_is_said_by_its_field(cast: Cast) -> None:
    typed = {"head": "陆小妹", "region": LIANFENG, "phone": "123", "id_number": "110105194912310021"}

    response = signed_in(cast, "member").post(reverse("household-new"), typed)

    page = response.content.decode()
    assert response.status_code == 400
    assert "电话号码不对" in page
    assert "最后一位校验不对" in page
    assert "陆小妹" in page


def test_a_child_is_put_on_the_list_by_the_chair_and_hidden_from_the_member(cast: Cast) -> None:
    child = child_of(cast)
    url = reverse("listing-new", args=["person", child])
    typed = {"id": new_id(), "list": "child-in-difficulty", "on_day": "2021-06-01", "category": "left-behind"}

    assert signed_in(cast, "member").post(url, typed).status_code in (400, 403)
    assert signed_in(cast, "chair").post(url, typed).status_code == 302

    listing = Listing.objects.unscoped("test").get()
    assert signed_in(cast, "chair").get(reverse("listing", args=[listing.key])).status_code == 200
    assert signed_in(cast, "member").get(reverse("listing", args=[listing.key])).status_code == 404
    assert "一共 0 份" in signed_in(cast, "member").get(reverse("listings")).content.decode()
    assert "困境儿童" not in signed_in(cast, "member").get(reverse("person", args=[child])).content.decode()


def test_a_listing_is_taken_off_with_a_reason(cast: Cast) -> None:
    listing = cast.listing("family-file")
    client, url = signed_in(cast, "chair"), reverse("listing-amend", args=[listing.key])
    page = client.get(url).content.decode()
    assert 'value="2021-06-01"' in page

    typed = {"base": "1", "on_day": "2021-06-01", "off_day": "2021-11-30"}
    assert client.post(url, typed).status_code == 400
    assert client.post(url, typed | {"off_why": "搬走了"}).status_code == 302

    assert Listing.objects.unscoped("test").get().off_day.isoformat() == "2021-11-30"


def sheet(response: Any) -> list[list[Any]]:
    workbook = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return [list(row) for row in workbook.active.iter_rows(values_only=True)]


def test_lists_go_out_as_ledgers_of_what_the_asker_may_see(cast: Cast) -> None:
    cast.visit(heard="=1+1 浴室没扶手")
    cast.visit("neighbour", subject=cast.households[SANXING][0], heard="隔壁村的话")
    cast.listing("family-file")
    chair = signed_in(cast, "chair")

    visits = sheet(taken_out(chair, reverse("visits-export")))
    households = sheet(taken_out(chair, reverse("households-export")))
    listings = sheet(taken_out(chair, reverse("listings-export")))

    assert any("=1+1 浴室没扶手" in row for row in visits)
    assert not any("隔壁村的话" in str(row) for row in visits)
    assert "13805733012" not in str(households)
    assert "张桂英" in str(households)
    assert "诸葛芸" not in str(households)
    assert "家庭档案" in str(listings)


@pytest.mark.parametrize("who", ["member", "leader", "partner", "administrator"])
def test_who_may_not_take_lists_out_does_not(cast: Cast, who: str) -> None:
    for name in ("visits-export", "households-export", "listings-export"):
        assert signed_in(cast, who).get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", ["households", "listings"])
def test_a_list_costs_at_most_fifteen_queries(cast: Cast, name: str, django_assert_max_num_queries: Any) -> None:
    cast.visit()
    cast.listing("family-file")
    client = signed_in(cast, "clerk")
    client.get(reverse(name))

    with django_assert_max_num_queries(15):
        assert client.get(reverse(name)).status_code == 200


def test_one_household_costs_at_most_fifteen_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    cast.visit(difficulties=[{"text": "没扶手"}])
    cast.listing("family-file")
    client = signed_in(cast, "clerk")
    url = reverse("household", args=[first_home(cast)])
    client.get(url)

    with django_assert_max_num_queries(15):
        assert client.get(url).status_code == 200
