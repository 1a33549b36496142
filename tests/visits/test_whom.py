"""Whom a visit can be to, as the pages have it: a household, one of its people, an organisation."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from lianxin.base.ids import new_id
from lianxin.kinds.visits.models import Visit
from lianxin.net.models import Organisation
from lianxin.records.bodies import find_organisations
from lianxin.records.drafts import Rejected
from tests.cast import LIANFENG, SANXING, TOWN, Cast
from tests.taking import taken_out
from tests.visits.test_screens import form, record_url, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def works(cast: Cast) -> Organisation:
    """A factory of 联丰村 that stands in nobody's register of households."""
    return Organisation.objects.create(name="联丰长虹丝厂", type="unit", level=5, region=LIANFENG)


def found(client: Client, typed: str) -> str:
    return client.get(reverse("visit-new"), {"q": typed}).content.decode()


def kept() -> Visit:
    return Visit.objects.unscoped("test").get()


@pytest.mark.parametrize("typed", ["丝厂", "联丰长虹", "lfchsc", "chsc", "changhong", "lianfengzhang"])
def test_an_organisation_is_found_by_name_initials_and_pinyin(cast: Cast, works: Organisation, typed: str) -> None:
    page = found(signed_in(cast, "member"), typed)

    assert reverse("visit-record", args=["organisation", works.pk]) in page
    assert "单位 · 凤桥镇联丰村 · 还没去过" in page


def test_only_organisations_of_her_area_that_still_stand_are_found(cast: Cast, works: Organisation) -> None:
    Organisation.objects.create(name="三星丝厂", type="unit", level=5, region=SANXING)
    Organisation.objects.create(name="联丰老丝厂", type="unit", level=5, region=LIANFENG, dissolved_on="2020-01-01")

    assert [hit.name for hit in find_organisations(cast.actor("member"), "丝厂")] == ["联丰长虹丝厂"]
    assert [hit.name for hit in find_organisations(cast.actor("clerk"), "丝厂")] == ["三星丝厂", "联丰长虹丝厂"]
    assert find_organisations(cast.actor("partner"), "丝厂") == ()
    assert find_organisations(cast.actor("clerk"), " ") == ()


def test_a_visit_to_an_organisation_is_recorded_listed_and_shown_on_its_page(cast: Cast, works: Organisation) -> None:
    client = signed_in(cast, "chair")
    record = reverse("visit-record", args=["organisation", works.pk])

    assert "联丰长虹丝厂" in client.get(record).content.decode()
    told = client.post(record, form(cast, heard="女工要哺乳室"), follow=True).content.decode()

    own_page = reverse("organisation", args=[works.pk])
    assert (kept().subject_type, kept().subject, kept().region) == ("organisation", works.pk, LIANFENG)
    assert f'<a href="{own_page}">联丰长虹丝厂</a>' in told
    assert "联丰长虹丝厂" in client.get(reverse("visits")).content.decode()
    assert "联丰长虹丝厂" in client.get(reverse("visit-new")).content.decode()  # among the last ones
    page = client.get(own_page).content.decode()
    assert "女工要哺乳室" in page
    assert record in page
    sheet = load_workbook(io.BytesIO(b"".join(taken_out(client, reverse("visits-export"))))).active
    assert "联丰长虹丝厂" in list(sheet.values)[3]


def test_the_office_that_keeps_organisations_sees_no_visit_on_their_page(cast: Cast, works: Organisation) -> None:
    record = reverse("visit-record", args=["organisation", works.pk])
    signed_in(cast, "member").post(record, form(cast, heard="女工要哺乳室"))

    page = signed_in(cast, "administrator").get(reverse("organisation", args=[works.pk])).content.decode()

    assert "女工要哺乳室" not in page
    assert record not in page


@pytest.mark.parametrize("who", ["neighbour", "stranger"])
def test_an_organisation_elsewhere_cannot_be_visited(cast: Cast, works: Organisation, who: str) -> None:
    record = reverse("visit-record", args=["organisation", works.pk])
    client = signed_in(cast, who)

    assert client.get(record).status_code == 404
    assert client.post(record, form(cast)).status_code == 404
    assert not Visit.objects.unscoped("test").exists()


def test_one_person_of_a_household_is_visited_by_herself(cast: Cast) -> None:
    client = signed_in(cast, "member")
    household = cast.households[LIANFENG][0]
    page = found(client, "张小雨")
    assert "张桂英家" in page
    alone = page.split('class="alone" href="')[1].split('"')[0]

    client.post(alone, form(cast, heard="想学画画"))

    assert kept().subject_type == "person"
    story = client.get(reverse("visit", args=[kept().key])).content.decode()
    assert f'<a href="{reverse("person", args=[kept().subject])}">张小雨</a>' in story
    assert "只记张小雨一个人" in client.get(reverse("household", args=[household])).content.decode()
    assert "想学画画" in client.get(reverse("person", args=[kept().subject])).content.decode()


def test_the_form_of_a_household_offers_each_of_its_people_and_theirs_leads_back(cast: Cast) -> None:
    client = signed_in(cast, "member")
    household = reverse("visit-record", args=["household", cast.households[LIANFENG][0]])

    page = client.get(household).content.decode()

    assert "不是看全家？只记其中一个人" in page
    alone = page.split("不是看全家？")[1].split('class="line" href="')[2].split('"')[0]
    hers = client.get(alone).content.decode()
    assert "张小雨" in hers
    assert f'<a href="{household}">改记全家</a>' in hers


def test_a_line_of_work_that_takes_no_organisation_is_neither_offered_nor_kept(cast: Cast, works: Organisation) -> None:
    client = signed_in(cast, "member")
    record = reverse("visit-record", args=["organisation", works.pk])

    shown = client.get(record).content.decode()
    of_a_household = client.get(record_url(cast)).content.decode()
    answer = client.post(record, form(cast, why=["rights-household"]))

    assert "rights-household" in of_a_household
    assert "rights-household" not in shown
    assert answer.status_code == 400
    assert not Visit.objects.unscoped("test").exists()
    with pytest.raises(Rejected) as refused:
        cast.visit(subject=works.pk, subject_type="organisation", purposes=[{"programme": "rights-household"}])
    assert "不记在一个单位名下" in str(refused.value.first)


def test_drafts_of_a_person_and_of_her_household_stand_apart(cast: Cast) -> None:
    client = signed_in(cast, "member")
    page = found(client, "张小雨")
    alone = page.split('class="alone" href="')[1].split('"')[0]
    typed: dict[str, Any] = form(cast, heard="只说她的") | {"draft_form": f"visit:new:person:{alone.split('/')[-2]}"}

    assert client.post(reverse("visit-draft"), typed).status_code == 204

    assert "只说她的" in client.get(alone).content.decode()
    assert alone in client.get(reverse("home")).content.decode()
    whole = reverse("visit-record", args=["household", cast.households[LIANFENG][0]])
    assert "只说她的" not in client.get(whole).content.decode()


def test_choosing_whom_costs_the_same_for_one_and_for_three(
    cast: Cast, works: Organisation, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cast, "clerk")
    found(client, "丝厂")
    with django_assert_max_num_queries(15) as one:
        found(client, "丝厂")
    for name in ("凤桥丝厂", "新丝厂"):
        Organisation.objects.create(name=name, type="unit", level=4, region=TOWN)
    with django_assert_max_num_queries(15) as three:
        found(client, "丝厂")

    assert len(one) == len(three)
    assert new_id() not in found(client, "丝厂")
