"""Organisations that are counted: one truth for their days, one act for both; what is counted by hand below."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from lianxin.base.days import Period
from lianxin.base.errors import Forbidden, Problems, Refused
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.indicators.figures import compute
from lianxin.kinds.listings.actions import put_on_list, withdraw_listing
from lianxin.kinds.listings.bodies import (
    admit_member,
    close_organisation,
    correct_organisation,
    open_organisation,
    release_member,
    take_back,
)
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.listings.stays import FOLLOWED
from lianxin.ledger.seals import seal_period
from lianxin.ledger.verify import verify
from lianxin.ledger.view import LedgerView
from lianxin.net.alliances import MemberDraft
from lianxin.net.models import Organisation, OrganisationChange
from lianxin.net.organisations import OrganisationDraft
from lianxin.records.postings import unposted
from tests.cast import COUNTY, LIANFENG, NOW, SANXING, TOWN, YONGLI, Cast

pytestmark = pytest.mark.django_db
MARCH, JUNE, NOVEMBER = dt.date(2021, 3, 8), dt.date(2021, 6, 1), dt.date(2021, 11, 30)


def home(cast: Cast, who: str = "clerk", **said: Any) -> Organisation:
    draft = {"name": "石榴微家", "type": "micro-home", "region": LIANFENG, "founded_on": MARCH} | said
    return open_organisation(cast.actor(who), OrganisationDraft(**draft), at=NOW)


def figures(cast: Cast, *codes: str, region: str = COUNTY, year: int = 2021) -> list[int]:
    view = LedgerView(cast.actor("officer"), region, Period.of_year(year))
    return [int(compute(catalog().indicator(code), view).value or 0) for code in codes]


def sound() -> bool:
    return verify().differences == () and list(unposted()) == []


def listings() -> list[tuple[str, dt.date, dt.date | None, str]]:
    rows = Listing.objects.unscoped("test").filter(is_void=False).order_by("day", "seq")
    return list(rows.values_list("programme", "day", "off_day", "category"))


def test_opening_a_counted_body_lays_its_listing_in_the_same_breath(cast: Cast) -> None:
    body = home(cast)

    listing = Listing.objects.unscoped("test").get()
    assert (listing.programme, listing.subject, listing.region, listing.day) == (
        "micro-homes",
        body.pk,
        LIANFENG,
        MARCH,
    )
    assert figures(cast, "micro-homes", "micro-homes.new") == [1, 1]
    assert figures(cast, "micro-homes", region=TOWN) == [1]
    assert figures(cast, "micro-homes", "micro-homes.new", year=2020) == [0, 0]
    assert sound()


def test_a_body_of_an_uncounted_type_lays_nothing(cast: Cast) -> None:
    home(cast, name="凤桥纺织厂", type="unit", founded_on=None)

    assert listings() == []


def test_dissolving_ends_the_listing_and_the_stock(cast: Cast) -> None:
    body = home(cast)

    close_organisation(cast.actor("clerk"), body, on=NOVEMBER, at=NOW)

    assert listings() == [("micro-homes", MARCH, NOVEMBER, "")]
    assert figures(cast, "micro-homes", "micro-homes.new", "micro-homes.closed") == [0, 1, 1]
    assert sound()


def test_another_founding_day_moves_the_listing_to_another_year(cast: Cast) -> None:
    body = home(cast)

    draft = OrganisationDraft("石榴微家", "", "", founded_on=dt.date(2020, 5, 1), standard=("place",))
    changed = correct_organisation(cast.actor("clerk"), body, draft, because="查了老账", at=NOW)

    assert (changed.founded_on, changed.standard) == (dt.date(2020, 5, 1), ["place"])
    assert figures(cast, "micro-homes", "micro-homes.new") == [1, 0]
    assert figures(cast, "micro-homes.new", year=2020) == [1]
    change = OrganisationChange.objects.get(organisation=body.pk, what="修改")
    assert change.said["founded_on"] == ["2021-03-08", "2020-05-01"]
    assert sound()


def test_what_never_stood_is_counted_nowhere_and_nobody_opens_it_again(cast: Cast) -> None:
    body = home(cast)

    taken = take_back(cast.actor("clerk"), body, because="登记了两次", at=NOW)

    assert taken.founded_on == taken.dissolved_on == MARCH
    assert listings() == []
    assert figures(cast, "micro-homes", "micro-homes.new") == [0, 0]
    assert home(cast).pk != body.pk  # the name is free again
    with pytest.raises(Refused, match="已经撤销过了"):
        take_back(cast.actor("clerk"), body, because="再来", at=NOW)
    assert sound()


@pytest.mark.parametrize(
    ("type_", "region", "extra", "category"),
    [
        ("new-field-federation", TOWN, {"field": "express", "mode": "trade"}, "express"),
        ("member-studio", TOWN, {}, "town"),
        ("helper-group", LIANFENG, {}, "helper-group"),
        ("micro-home", LIANFENG, {}, ""),
    ],
)
def test_its_class_follows_type_field_or_level(
    cast: Cast, type_: str, region: str, extra: dict[str, str], category: str
) -> None:
    home(cast, type=type_, region=region, **extra)

    assert [row[3] for row in listings()] == [category]


def test_only_who_may_write_there_opens_and_nothing_is_half_done(cast: Cast) -> None:
    for who in ("member", "chair", "next_clerk", "leader", "stranger"):
        with pytest.raises(Forbidden):
            home(cast, who)

    assert not Organisation.objects.filter(name="石榴微家").exists()
    assert listings() == []


def test_the_administrator_of_the_system_opens_bodies_without_seeing_any_list(cast: Cast) -> None:
    home(cast, "administrator")

    assert [row[0] for row in listings()] == ["micro-homes"]
    assert not cast.actor("administrator").may("listing.read")  # type: ignore[arg-type]


def test_nobody_puts_a_body_on_a_list_that_follows_it(cast: Cast) -> None:
    body = home(cast, name="凤桥纺织厂", type="unit", founded_on=None)
    values = {"list": "micro-homes", "subject_type": "organisation", "subject": body.pk, "on_day": "2021-03-08"}

    with pytest.raises(Problems) as wrong:
        put_on_list(cast.actor("clerk"), key=new_id(), values=values, at=NOW)

    assert [(item.field, item.message) for item in wrong.value.items] == [("list", FOLLOWED)]
    assert listings() == []


def test_nobody_withdraws_a_listing_that_follows_its_body(cast: Cast) -> None:
    home(cast)
    key = Listing.objects.unscoped("test").get().key

    with pytest.raises(Refused, match="跟着组织走"):
        withdraw_listing(cast.actor("officer"), key=key, base=1, because="不要了", at=NOW)

    assert figures(cast, "micro-homes") == [1]


def test_a_grade_is_an_ordinary_listing_and_ends_with_its_body(cast: Cast) -> None:
    body = home(cast, name="联丰儿童之家", type="childrens-home")
    values = {"list": "model-childrens-homes", "subject_type": "organisation", "subject": body.pk}
    values |= {"on_day": "2021-06-01", "level": "city"}
    put_on_list(cast.actor("clerk"), key=new_id(), values=values, at=NOW)
    codes = (
        "childrens-homes",
        "childrens-homes.model",
        "childrens-homes.model.city.new",
        "childrens-homes.model.county",
    )
    assert figures(cast, *codes) == [1, 1, 1, 0]

    close_organisation(cast.actor("clerk"), body, on=NOVEMBER, at=NOW)

    assert figures(cast, *codes) == [0, 0, 1, 0]
    assert sound()


def test_a_grade_is_won_only_by_the_type_it_is_for(cast: Cast) -> None:
    body = home(cast)
    values = {"list": "model-childrens-homes", "subject_type": "organisation", "subject": body.pk}

    with pytest.raises(Problems) as wrong:
        put_on_list(
            cast.actor("clerk"), key=new_id(), values=values | {"on_day": "2021-06-01", "level": "city"}, at=NOW
        )

    assert [item.field for item in wrong.value.items] == ["list"]


# ── members ──────────────────────────────────────────────────────────────────


def alliance(cast: Cast, **said: Any) -> Organisation:
    return home(cast, "officer", name="家庭农场联盟", type="farm-alliance", region=COUNTY, **said)


def farm(cast: Cast, name: str, region: str = LIANFENG) -> Organisation:
    return home(cast, "officer", name=name, type="unit", region=region, founded_on=None)


def join(cast: Cast, body: Organisation, member: Organisation, on: dt.date, who: str = "officer") -> Any:
    return admit_member(cast.actor(who), MemberDraft(body, on, body=member.pk), at=NOW)


def test_members_are_a_running_stock_of_their_own_list(cast: Cast) -> None:
    body = alliance(cast)
    first, second = farm(cast, "甲农场"), farm(cast, "乙农场", YONGLI)
    member = join(cast, body, first, MARCH)
    join(cast, body, second, JUNE)
    codes = ("alliance-members", "alliance-members.new", "alliance-members.farms", "alliances")
    assert figures(cast, *codes) == [2, 2, 2, 1]

    release_member(cast.actor("officer"), member, on=NOVEMBER, at=NOW)

    assert figures(cast, *codes) == [1, 2, 1, 1]
    assert sound()


def test_who_is_in_two_alliances_stands_on_the_list_once(cast: Cast) -> None:
    one, other, only = (
        alliance(cast),
        home(cast, "officer", name="互助社", type="farm-alliance", region=TOWN),
        farm(cast, "甲农场"),
    )
    early = join(cast, one, only, MARCH)
    join(cast, other, only, JUNE)
    assert listings()[-1] == ("alliance-members", MARCH, None, "farm-alliance")

    release_member(cast.actor("officer"), early, on=NOVEMBER, at=NOW)

    assert figures(cast, "alliance-members", "alliance-members.new") == [1, 1]
    assert sound()


def test_an_alliance_that_ends_lets_its_members_go(cast: Cast) -> None:
    body = alliance(cast)
    join(cast, body, farm(cast, "甲农场"), MARCH)

    close_organisation(cast.actor("officer"), body, on=NOVEMBER, at=NOW)

    assert figures(cast, "alliance-members", "alliance-members.closed", "alliances") == [0, 1, 0]
    assert sound()


def test_members_come_from_the_area_of_what_they_join(cast: Cast) -> None:
    body = home(cast, name="凤桥互助社", type="farm-alliance", region=TOWN)

    with pytest.raises(Refused, match="请登作共建伙伴"):
        join(cast, body, farm(cast, "乙农场", YONGLI), JUNE)
    with pytest.raises(Refused, match="不能当自己的成员"):
        join(cast, body, body, JUNE)
    with pytest.raises(Forbidden):
        join(cast, body, farm(cast, "甲农场", SANXING), JUNE, who="next_clerk")


# ── a sealed year ────────────────────────────────────────────────────────────


def test_a_sealed_year_takes_a_forgotten_body_only_as_a_correction_with_a_reason(cast: Cast) -> None:
    later = NOW.replace(year=2022, month=3)
    seal_period(cast.actor("officer"), region=COUNTY, period=Period.of_year(2021), because="年报", at=later)
    draft = OrganisationDraft("石榴微家", "micro-home", LIANFENG, founded_on=MARCH)

    with pytest.raises(Problems) as refused:
        open_organisation(cast.actor("clerk"), draft, at=later)
    assert [item.field for item in refused.value.items] == ["founded_on"]
    assert not Organisation.objects.filter(name="石榴微家").exists()
    open_organisation(cast.actor("officer"), draft, because="漏登了", at=later)

    assert figures(cast, "micro-homes.new") == [1]
    assert sound()
