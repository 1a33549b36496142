"""Members, partners outside the county, and whose turn it is; the turns are counted by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.base.days import Period, Span, steps_between
from lianxin.base.errors import Forbidden, Refused
from lianxin.net.alliances import (
    PartnerDraft,
    add_partner,
    end_partner,
    hosts_of,
    set_rota,
    turns_on,
)
from lianxin.net.models import FEDERATION, Organisation, Rota
from tests.cast import COUNTY, TODAY, Cast

pytestmark = pytest.mark.django_db
APRIL = dt.date(2021, 4, 20)


@pytest.fixture
def pairing(cast: Cast) -> Organisation:
    county = Organisation.objects.get(region=COUNTY, type=FEDERATION)
    return Organisation.objects.create(
        name="四地共建", type="pairing", level=3, region=COUNTY, parent=county, founded_on=APRIL
    )


def partner(cast: Cast, pairing: Organisation, name: str, place: str = "外省外县", who: str = "officer") -> str:
    return add_partner(cast.actor(who), PartnerDraft(pairing, name, place, APRIL), today=TODAY).pk


def test_periods_are_stepped_through_by_their_kind() -> None:
    assert steps_between(Period.parse("2021-Q1"), Period.parse("2022-Q1")) == 4
    assert steps_between(Period.parse("2021-07"), Period.parse("2021-05")) == -2
    assert steps_between(Period.parse("2020"), Period.parse("2021")) == 1


def test_the_turn_goes_round_by_period_and_begins_again(cast: Cast, pairing: Organisation) -> None:
    own = pairing.parent_id or ""
    first, second = partner(cast, pairing, "甲县妇联"), partner(cast, pairing, "乙县妇联")
    rota = set_rota(cast.actor("officer"), pairing, period=Span.QUARTER, starts=APRIL, order=[own, first, second])
    assert rota is not None
    assert rota.starts == dt.date(2021, 4, 1)

    def told(day: dt.date) -> tuple[str, str, str] | None:
        turns = turns_on(rota, day)
        return (turns.today, turns.next, turns.next_period.code) if turns else None

    assert told(dt.date(2021, 3, 31)) is None
    assert told(dt.date(2021, 6, 30)) == (own, first, "2021-Q3")
    assert told(dt.date(2021, 12, 31)) == (second, own, "2022-Q1")
    assert told(dt.date(2022, 1, 1)) == (own, first, "2022-Q2")


def test_only_members_and_partners_take_turns_and_each_once(cast: Cast, pairing: Organisation) -> None:
    first = partner(cast, pairing, "甲县妇联")

    for order in ([first, first], ["01J0000000000000000000000X"]):
        with pytest.raises(Refused, match="一家只排一次"):
            set_rota(cast.actor("officer"), pairing, period=Span.YEAR, starts=APRIL, order=order)
    with pytest.raises(Forbidden):
        set_rota(cast.actor("clerk"), pairing, period=Span.YEAR, starts=APRIL, order=[first])

    assert not Rota.objects.exists()


def test_an_empty_order_takes_the_rota_away(cast: Cast, pairing: Organisation) -> None:
    first = partner(cast, pairing, "甲县妇联")
    set_rota(cast.actor("officer"), pairing, period=Span.YEAR, starts=APRIL, order=[first])

    assert set_rota(cast.actor("officer"), pairing, period=Span.YEAR, starts=APRIL, order=[]) is None
    assert not Rota.objects.exists()


@pytest.mark.parametrize(
    ("name", "place", "field"), [("", "外县", "name"), ("甲县妇联", " ", "place"), ("乙县妇联", "外县", "name")]
)
def test_a_partner_that_says_too_little_or_is_there_is_refused(
    cast: Cast, pairing: Organisation, name: str, place: str, field: str
) -> None:
    partner(cast, pairing, "乙县妇联")

    with pytest.raises(Refused) as refused:
        partner(cast, pairing, name, place)

    assert refused.value.field == field


def test_a_partner_ends_and_a_phone_number_is_masked(cast: Cast, pairing: Organisation) -> None:
    officer = cast.actor("officer")
    row = add_partner(officer, PartnerDraft(pairing, "甲县妇联", "外县", APRIL, "找她 13805731234"), today=TODAY)
    assert "13805731234" not in row.purpose

    end_partner(officer, row, on=dt.date(2021, 10, 1), today=TODAY)

    assert "甲县妇联" not in hosts_of(pairing, on=dt.date(2021, 10, 1)).values()
    assert "甲县妇联" in hosts_of(pairing, on=dt.date(2021, 9, 30)).values()
    with pytest.raises(Refused, match="已经登记过"):
        end_partner(officer, row, on=TODAY, today=TODAY)
