"""Doubles on the pages: shown while saving with nothing lost, listed for work, told apart for a reason."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base.days import now
from lianxin.register.actions import end_membership, register_household
from lianxin.register.drafts import HouseholdDraft, Leaving, MemberDraft
from lianxin.register.models import Household, Membership, Person, Suspect
from lianxin.register.suspects import find_suspects
from tests.cast import COUNTY, LIANFENG, PASSWORD, SANXING, Cast

pytestmark = pytest.mark.django_db
ALL = "the test looks at every row"
TYPED = {
    "head": "章桂英", "sex": "female", "birth": "1953-5-1", "id_number": "", "place": "9组9号", "phone": "13812342764",
    "region": LIANFENG,
}  # fmt: skip


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    assert client.login(username=cast.accounts[who].username, password=PASSWORD)
    return client


def head_of(cast: Cast, village: str = LIANFENG, number: int = 0) -> str:
    return Household.objects.unscoped(ALL).get(id=cast.households[village][number]).head


def test_somebody_alike_is_shown_before_anything_is_written_and_nothing_typed_is_lost(cast: Cast) -> None:
    client = signed_in(cast, "member")
    before = Person.objects.unscoped(ALL).count()

    asked = client.post(reverse("household-new"), TYPED)
    page = asked.content.decode()
    assert asked.status_code == 400
    assert Person.objects.unscoped(ALL).count() == before
    for said in ("张桂英（凤桥镇联丰村，1953年5月1日出生）", "姓名同音、生日相同", "章桂英", "9组9号", "13812342764"):
        assert said in page
    assert reverse("person", args=[head_of(cast)]) in page

    saved = client.post(reverse("household-new"), {**TYPED, "somebody-else": "yes"})
    assert saved.status_code == 302
    assert Person.objects.unscoped(ALL).count() == before + 1
    assert Suspect.objects.unscoped(ALL).get().settled == "other"


def test_of_the_next_village_only_that_somebody_above_can_resolve_it(cast: Cast) -> None:
    typed = {**TYPED, "head": "张桂英", "region": SANXING}
    page = signed_in(cast, "neighbour").post(reverse("household-new"), typed).content.decode()

    assert "上级妇联能看到并处理" in page
    for secret in ("联丰", "13805733012", head_of(cast), "姓名相同", "生日相同"):
        assert secret not in page


def test_somebody_in_no_household_comes_in_instead_of_being_registered_again(cast: Cast) -> None:
    household, other = cast.households[LIANFENG]
    child = Membership.objects.unscoped(ALL).get(household_id=household, relation="grandchild").person_id
    end_membership(cast.actor("member"), household, child, why=Leaving.MOVED_OUT, at=now())
    client = signed_in(cast, "member")

    typed = {"name": "张小雨", "birth": "2012-9-1", "relation": "grandchild", "on": ""}
    page = client.post(reverse("household-member-new", args=[other]), typed).content.decode()
    address = reverse("household-member-known", args=[other, child])
    assert address in page
    assert client.post(address, {"relation": "grandchild", "on": ""}).status_code == 302
    now_in = Membership.objects.unscoped(ALL).get(person_id=child, ends__isnull=True)
    assert now_in.household_id == other


@pytest.fixture
def twins(cast: Cast) -> Suspect:
    """章桂英 of the same village and birthday as 张桂英, found by the county."""
    member = MemberDraft(name="章桂英", relation="head", birth="1953-5-1")
    register_household(cast.actor("member"), HouseholdDraft(region=LIANFENG, members=(member,)), at=now())
    find_suspects(cast.actor("officer"), COUNTY, at=now())
    return Suspect.objects.unscoped(ALL).get(score=6)


def test_the_list_leads_to_both_side_by_side_and_takes_a_no(cast: Cast, twins: Suspect) -> None:
    client = signed_in(cast, "member")
    page = client.get(reverse("doubles")).content.decode()
    assert reverse("person-merge", args=[twins.one, twins.other]) in page
    assert "姓名同音、生日相同" in page

    address = reverse("double-other", args=[twins.pk])
    assert "张桂英" in client.get(address).content.decode()
    assert client.post(address, {"because": ""}).status_code == 400
    assert client.post(address, {"because": "打电话问过"}).status_code == 302
    assert "姓名同音" not in client.get(reverse("doubles")).content.decode()
    assert client.get(address).status_code == 404


def test_a_neighbour_sees_no_pair_of_the_next_village(cast: Cast, twins: Suspect) -> None:
    client = signed_in(cast, "neighbour")

    assert "章桂英" not in client.get(reverse("doubles")).content.decode()
    assert client.post(reverse("double-other", args=[twins.pk]), {"because": "我说的"}).status_code == 404


def test_only_the_county_has_everybody_compared(cast: Cast) -> None:
    assert signed_in(cast, "officer").post(reverse("doubles")).status_code == 302
    assert signed_in(cast, "clerk").post(reverse("doubles")).status_code in (400, 403)


def test_a_household_is_split_and_two_are_merged_and_taken_apart_on_their_pages(cast: Cast) -> None:
    client = signed_in(cast, "member")
    household, other = cast.households[LIANFENG]
    child = Membership.objects.unscoped(ALL).get(household_id=household, relation="grandchild").person_id

    assert client.post(reverse("household-split", args=[household]), {"on": ""}).status_code == 400
    split = client.post(reverse("household-split", args=[household]), {"people": [child], "head": child, "on": ""})
    assert split.status_code == 302
    new = split["Location"].rstrip("/").rsplit("/", 1)[-1]
    assert Household.objects.unscoped(ALL).get(id=new).head == child

    address = reverse("household-merge", args=[household, other])
    assert "周根玉" in client.get(address).content.decode()
    assert client.post(address, {"because": ""}).status_code == 400
    assert client.post(address, {"because": "同一户登了两次"}).status_code == 302
    led = client.get(reverse("household", args=[other]))
    assert (led.status_code, led["Location"]) == (302, reverse("household", args=[household]))
    page = client.get(reverse("household", args=[household])).content.decode()
    assert "周根玉" in page
    undo = page.split("/unmerge/")[1].split("/")[0]
    address = reverse("household-unmerge", args=[household, int(undo)])
    assert client.post(address, {"because": "是两户"}).status_code == 302
    assert client.get(reverse("household", args=[other])).status_code == 200
