"""How bodies were formed, which places have one, 改建, another type or place: what is counted of each, by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.base.days import Period
from lianxin.base.errors import Forbidden, Refused
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.indicators.figures import compute
from lianxin.kinds.listings.actions import put_on_list
from lianxin.kinds.listings.bodies import (
    close_organisation,
    correct_organisation,
    count_organisations,
    open_organisation,
    put_organisation_elsewhere,
    rebuild,
    take_back,
)
from lianxin.ledger.verify import verify
from lianxin.ledger.view import LedgerView
from lianxin.net.models import FEDERATION, Member, Organisation, Partner, Post
from lianxin.net.organisations import OrganisationDraft
from lianxin.records.postings import unposted
from tests.cast import COUNTY, LIANFENG, NEXT_TOWN, NOW, SANXING, TODAY, TOWN, YONGLI, Cast

pytestmark = pytest.mark.django_db
MARCH, JUNE, NOVEMBER = dt.date(2021, 3, 8), dt.date(2021, 6, 1), dt.date(2021, 11, 30)


def found(cast: Cast, who: str = "officer", **said: Any) -> Organisation:
    draft = {"name": "石榴微家", "type": "micro-home", "region": LIANFENG, "founded_on": MARCH} | said
    return open_organisation(cast.actor(who), OrganisationDraft(**draft), at=NOW)


def figures(actor: Actor, *codes: str, region: str = COUNTY, period: str = "2021") -> list[Any]:
    view = LedgerView(actor, region, Period.parse(period))
    values = [compute(catalog().indicator(code), view).value for code in codes]
    return [None if value is None else float(value) for value in values]


def sound() -> bool:
    return verify().differences == () and list(unposted()) == []


# ── 组建方式 ─────────────────────────────────────────────────────────────────


def test_committees_are_counted_by_how_they_were_formed_and_put_right(cast: Cast) -> None:
    officer = cast.actor("officer")
    single = found(cast, name="甲局妇委会", type="committee", region=COUNTY, mode="single")
    found(cast, name="乙园妇委会", type="committee", region=TOWN, mode="regional")
    found(cast, name="丙会妇委会", type="committee", region=TOWN)  # nobody said how
    codes = [f"womens-committees.mode.{mode}" for mode in ("single", "regional", "trade", "concurrent")]

    assert figures(officer, "womens-committees", *codes) == [3, 1, 1, 0, 0]

    draft = OrganisationDraft("甲局妇委会", "committee", COUNTY, founded_on=MARCH, mode="concurrent")
    correct_organisation(officer, single, draft, because="选错了", at=NOW)

    assert figures(officer, "womens-committees", "womens-committees.new", *codes) == [3, 3, 0, 1, 0, 1]
    assert sound()


# ── 覆盖 ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def dated(cast: Cast) -> None:
    """The county's federations have stood since 2017: 3 villages, 2 towns."""
    rows = Organisation.objects.filter(type=FEDERATION, region__startswith=COUNTY)
    rows.update(founded_on=dt.date(2017, 3, 8))
    count_organisations(cast.actor("officer"), list(rows), at=NOW)


def test_a_village_is_covered_once_however_many_homes_it_has(cast: Cast, dated: None) -> None:
    officer = cast.actor("officer")
    first = found(cast)
    second = found(cast, name="木槿微家", founded_on=JUNE)
    share = "covered.micro-home.share"

    assert figures(officer, "federations.villages", "covered.micro-home", share) == [3, 1, 33.3]
    close_organisation(officer, first, on=NOVEMBER, at=NOW)
    assert figures(officer, "covered.micro-home", share) == [1, 33.3]
    close_organisation(officer, second, on=dt.date(2021, 12, 1), at=NOW)

    assert figures(officer, "covered.micro-home", share) == [0, 0]
    assert figures(officer, "covered.micro-home", period="2021-11") == [1]
    assert figures(officer, "covered.micro-home", period="2021-02") == [0]
    assert sound()


def test_a_gap_between_two_homes_is_a_gap(cast: Cast, dated: None) -> None:
    first = found(cast)
    close_organisation(cast.actor("officer"), first, on=JUNE, at=NOW)
    found(cast, name="木槿微家", founded_on=NOVEMBER)

    months = [
        figures(cast.actor("officer"), "covered.micro-home", period=f"2021-{month}")[0] for month in ("05", "08", "12")
    ]
    assert months == [1, 0, 1]


def test_a_station_covers_its_town_and_not_a_village(cast: Cast, dated: None) -> None:
    found(cast, name="凤桥调解站", type="mediation-station", region=TOWN)
    found(cast, name="永利调解站", type="mediation-station", region=YONGLI)

    assert figures(cast.actor("officer"), "covered.mediation", "covered.mediation.share") == [1, 50]


def test_a_federation_without_its_day_is_on_neither_side(cast: Cast) -> None:
    found(cast)

    assert figures(cast.actor("officer"), "covered.micro-home", "covered.micro-home.share") == [0, None]


def test_a_federation_dated_later_covers_what_stood_already(cast: Cast) -> None:
    found(cast)
    body = Organisation.objects.get(type=FEDERATION, region=LIANFENG)
    draft = OrganisationDraft(body.name, FEDERATION, LIANFENG, founded_on=JUNE)
    correct_organisation(cast.actor("officer"), body, draft, because="查到了", at=NOW)

    assert figures(cast.actor("officer"), "covered.micro-home.share") == [100]
    assert figures(cast.actor("officer"), "covered.micro-home", period="2021-05") == [0]


def test_nobody_covers_a_place_by_hand(cast: Cast, dated: None) -> None:
    body = Organisation.objects.get(type=FEDERATION, region=LIANFENG)
    values = {"list": "covered-micro-home", "subject_type": "organisation", "subject": body.pk, "on_day": "2021-03-08"}

    with pytest.raises(Exception, match="跟着组织走"):
        put_on_list(cast.actor("officer"), key=new_id(), values=values, at=NOW)


# ── 改建 ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def committee(cast: Cast) -> Organisation:
    """甲局妇委会 of 8 March 2021, with a post, a member, a partner, and a micro-home below."""
    body = found(cast, name="甲局妇委会", type="committee", region=COUNTY, mode="single")
    Post.objects.create(person=new_id(), organisation=body, title="主任", starts=MARCH)
    Member.objects.create(organisation=body, person=new_id(), role="委员", starts=MARCH)
    Partner.objects.create(organisation=body, name="某县妇联", place="某省某县", starts=MARCH)
    found(cast, name="甲局微家", region=COUNTY, parent=body.pk)
    return body


def rebuilt(cast: Cast, body: Organisation, **said: Any) -> Organisation:
    draft = {"name": "甲局妇联", "type": "unit-federation", "region": body.region, "founded_on": JUNE} | said
    return rebuild(cast.actor("officer"), body, OrganisationDraft(**draft), because="", at=NOW)


COUNTED = ("womens-committees", "womens-committees.closed", "federations.units", "rebuildings.federations")


def test_a_committee_becomes_a_federation_and_what_hangs_on_it_goes_along(cast: Cast, committee: Organisation) -> None:
    new = rebuilt(cast, committee)

    committee.refresh_from_db()
    assert (committee.dissolved_on, new.rebuilt_from_id) == (JUNE, committee.pk)
    assert figures(cast.actor("officer"), *COUNTED) == [0, 1, 1, 1]
    assert [(post.title, post.ends) for post in Post.objects.filter(organisation=committee)] == [("主任", JUNE)]
    assert [(post.title, post.starts) for post in Post.objects.filter(organisation=new)] == [("主任", JUNE)]
    assert Member.objects.filter(organisation=new, starts=JUNE, ends=None).count() == 1
    assert Partner.objects.filter(organisation=new, starts=JUNE, ends=None).count() == 1
    assert Organisation.objects.get(name="甲局微家").parent_id == new.pk
    assert sound()


def test_taken_back_everything_stands_as_before(cast: Cast, committee: Organisation) -> None:
    before = figures(cast.actor("officer"), *COUNTED)
    new = rebuilt(cast, committee)

    take_back(cast.actor("officer"), new, because="文件看错了", at=NOW)

    committee.refresh_from_db()
    assert committee.dissolved_on is None
    assert figures(cast.actor("officer"), *COUNTED) == before == [1, 0, 0, 0]
    assert [post.ends for post in Post.objects.filter(organisation=committee)] == [None]
    assert [member.ends for member in Member.objects.filter(organisation=committee)] == [None]
    assert [partner.ends for partner in Partner.objects.filter(organisation=committee)] == [None]
    assert Organisation.objects.get(name="甲局微家").parent_id == committee.pk
    assert sound()


def test_women_workers_become_a_committee(cast: Cast) -> None:
    body = found(cast, name="乙厂女工委", type="women-workers", region=TOWN)

    rebuilt(cast, body, name="乙厂妇委会", type="committee", mode="trade")

    counted = figures(
        cast.actor("officer"), "rebuildings.committees", "womens-committees.new", "womens-committees.mode.trade"
    )
    assert counted == [1, 1, 1]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"founded_on": None}, "改建日期"),
        ({"type": "alliance"}, "不能改建成这一类"),
        ({"founded_on": MARCH}, "核对改建日期"),
        ({"founded_on": TODAY + dt.timedelta(days=9)}, "今天"),
        ({"name": ""}, "请填组织名称"),
    ],
)
def test_a_rebuilding_that_cannot_be_changes_nothing(
    cast: Cast, committee: Organisation, said: dict[str, Any], message: str
) -> None:
    with pytest.raises(Refused, match=message):
        rebuilt(cast, committee, **said)

    committee.refresh_from_db()
    assert committee.dissolved_on is None
    assert Post.objects.filter(organisation=committee, ends=None).count() == 1
    assert figures(cast.actor("officer"), *COUNTED) == [1, 0, 0, 0]


def test_a_rebuilding_somebody_has_built_on_is_not_taken_back(cast: Cast, committee: Organisation) -> None:
    new = rebuilt(cast, committee)
    Post.objects.create(person=new_id(), organisation=new, title="副主席", starts=NOVEMBER)

    with pytest.raises(Refused, match="又有人任职"):
        take_back(cast.actor("officer"), new, because="文件看错了", at=NOW)


# ── 类型、地方登错了 ─────────────────────────────────────────────────────────


def moved(
    cast: Cast, body: Organisation, who: str = "officer", *, because: str = "选错了", **said: Any
) -> Organisation:
    draft = {"name": body.name, "type": body.type, "region": body.region, "founded_on": body.founded_on} | said
    return put_organisation_elsewhere(cast.actor(who), body, OrganisationDraft(**draft), because=because, at=NOW)


def test_another_place_takes_the_figures_along(cast: Cast, dated: None) -> None:
    officer, body = cast.actor("officer"), found(cast)
    values = {"subject_type": "organisation", "subject": body.pk, "on_day": "2021-06-01"}
    put_on_list(officer, key=new_id(), values={"list": "featured-micro-homes", **values}, at=NOW)
    cast.visit("officer", subject_type="organisation", subject=body.pk)

    moved(cast, body, region=YONGLI)

    assert figures(officer, "micro-homes.featured.new", "visits.times", region=NEXT_TOWN) == [1, 1]
    assert figures(officer, "micro-homes.featured.new", "visits.times", region=TOWN) == [0, 0]
    for region, homes in ((TOWN, 0), (NEXT_TOWN, 1), (COUNTY, 1)):
        assert figures(officer, "micro-homes", "micro-homes.new", "covered.micro-home", region=region) == [homes] * 3
    assert sound()


def test_another_type_leaves_the_wrong_list(cast: Cast) -> None:
    officer, body = cast.actor("officer"), found(cast)

    moved(cast, body, type="womens-home")

    assert figures(officer, "micro-homes", "micro-homes.new", "womens-homes", "womens-homes.new") == [0, 0, 1, 1]
    assert sound()


def test_wrong_places_and_types_are_refused_with_what_to_do(cast: Cast) -> None:
    body = found(cast)
    federation = Organisation.objects.get(type=FEDERATION, region=LIANFENG)

    with pytest.raises(Refused, match="为什么"):
        moved(cast, body, region=SANXING, because=" ")
    with pytest.raises(Refused, match="跟着区划走"):
        moved(cast, federation, region=SANXING)
    with pytest.raises(Refused, match="不在本组织的上级区划"):
        moved(cast, body, region=YONGLI, parent=federation.pk)
    with pytest.raises(Refused, match="不建在"):
        moved(cast, body, type="trade-committee")
    with pytest.raises(Forbidden):
        moved(cast, body, "clerk", region=YONGLI)  # 永利 is the next town's


def test_a_grade_holds_the_type(cast: Cast) -> None:
    body = found(cast)
    values = {"subject_type": "organisation", "subject": body.pk, "on_day": "2021-06-01"}
    put_on_list(cast.actor("officer"), key=new_id(), values={"list": "featured-micro-homes", **values}, at=NOW)

    with pytest.raises(Refused, match="那一类组织才评"):
        moved(cast, body, type="womens-home")


# ── pages ────────────────────────────────────────────────────────────────────


@pytest.fixture
def officer(cast: Cast, client: Client) -> Client:
    client.force_login(cast.accounts["officer"])
    return client


def test_a_body_is_rebuilt_from_its_page_and_both_lead_to_each_other(officer: Client, committee: Organisation) -> None:
    page = officer.get(reverse("organisation", args=[committee.pk])).content.decode()
    assert reverse("organisation-rebuild", args=[committee.pk]) in page
    typed = {"type": "unit-federation", "name": "甲局妇联", "founded_on": "2021-06-01", "mode": "single"}

    answer = officer.post(reverse("organisation-rebuild", args=[committee.pk]), typed, follow=True)

    page = answer.content.decode()
    assert "改建成了“甲局妇联”" in page
    assert reverse("organisation", args=[committee.pk]) in page
    new = Organisation.objects.get(name="甲局妇联")
    assert (
        reverse("organisation", args=[new.pk])
        in officer.get(reverse("organisation", args=[committee.pk])).content.decode()
    )


def test_a_mistake_while_rebuilding_is_said_and_nothing_typed_is_lost(officer: Client, committee: Organisation) -> None:
    typed = {"type": "unit-federation", "name": "甲局妇联会", "founded_on": "2021-02-30"}

    answer = officer.post(reverse("organisation-rebuild", args=[committee.pk]), typed)

    assert answer.status_code == 400
    assert "甲局妇联会" in answer.content.decode()
    assert "2021-02-30" in answer.content.decode()


def test_a_body_is_put_elsewhere_from_its_page(cast: Cast, officer: Client) -> None:
    body = found(cast)
    address = reverse("organisation-elsewhere", args=[body.pk])
    page = officer.get(address).content.decode()
    assert f'<option value="{LIANFENG}" selected>' in page
    typed = {"type": "micro-home", "county": COUNTY, "town": NEXT_TOWN, "village": YONGLI, "name": body.name}
    typed |= {"founded_on": "2021-03-08"}

    refused = officer.post(address, typed)
    assert refused.status_code == 400
    assert "请写明为什么改" in refused.content.decode()
    answer = officer.post(address, typed | {"because": "登记时选错了村"})

    assert answer.status_code == 302
    body.refresh_from_db()
    assert body.region == YONGLI


def test_a_counted_listing_leads_to_its_organisation_and_back(cast: Cast, officer: Client) -> None:
    body = found(cast)
    page = officer.get(reverse("organisation", args=[body.pk])).content.decode()
    listing = next(part for part in page.split('"') if part.startswith("/listings/"))

    back = officer.get(listing).content.decode()

    assert reverse("organisation", args=[body.pk]) in back
    assert "这一份跟着组织走" in back
    assert "复核，或离册" not in back
