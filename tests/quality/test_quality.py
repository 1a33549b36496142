"""What is missing, doubtful, stale or due, counted by place within scope; claims beside the ledger's own count."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from lianxin.access.guard import pen
from lianxin.base.days import today
from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.quality.checks import BY_CODE, checks_for, counted, found
from lianxin.quality.claims import ClaimDraft, claim_for, claims_beside, state_claim, withdraw_claim
from lianxin.quality.models import Claim
from lianxin.register.models import Household, Person
from tests.cast import COUNTY, LIANFENG, MUQIAO, NOW, SANXING, TODAY, TOWN, YONGLI, Cast
from tests.taking import taken_out

pytestmark = pytest.mark.django_db


def spoil(cast: Cast) -> None:
    """In 联丰村 one household without a house number and one person without a birthday; in 三星村 somebody of 120."""
    with pen("register"):
        Household.objects.unscoped("a test's own").filter(pk=cast.households[LIANFENG][0]).update(place="")
        people = Person.objects.unscoped("a test's own")
        people.filter(region=LIANFENG, name="张小雨").update(birth=None)
        people.filter(region=SANXING, name="诸葛芸").update(birth=dt.date(1901, 5, 1))


def numbers(cast: Cast, who: str, code: str, region: str) -> dict[str, int]:
    return dict(counted(cast.actor(who), BY_CODE[code], region, today=TODAY))


def test_each_place_has_its_own_number(cast: Cast) -> None:
    spoil(cast)

    assert numbers(cast, "officer", "no-place", COUNTY) == {TOWN: 1}
    assert numbers(cast, "clerk", "no-place", TOWN) == {LIANFENG: 1}
    assert numbers(cast, "clerk", "no-birth", TOWN) == {LIANFENG: 1}
    assert numbers(cast, "clerk", "very-old", TOWN) == {SANXING: 1}
    assert numbers(cast, "member", "very-old", LIANFENG) == {}


def test_nobody_counts_what_is_not_hers(cast: Cast) -> None:
    spoil(cast)

    assert numbers(cast, "neighbour", "no-place", COUNTY) == {}
    assert numbers(cast, "next_clerk", "no-birth", COUNTY) == {}
    assert found(cast.actor("neighbour"), BY_CODE["no-place"], COUNTY, today=TODAY, limit=10) == []
    assert checks_for(cast.actor("leader"), COUNTY) == (BY_CODE["due-listings"],)


def test_a_household_nobody_was_at_for_a_year_is_stale(cast: Cast) -> None:
    """联丰 has two households since 2020; one of them was visited four days ago, and a withdrawn visit is none."""
    visited, other = cast.households[LIANFENG]
    cast.visit(subject=visited)

    rows = found(cast.actor("chair"), BY_CODE["not-visited"], LIANFENG, today=TODAY, limit=10)

    assert [row.key for row in rows] == [other]
    assert numbers(cast, "clerk", "not-visited", TOWN) == {LIANFENG: 1, SANXING: 1}
    assert BY_CODE["not-visited"] not in checks_for(cast.actor("officer"), COUNTY)


def test_a_file_whose_review_has_come_is_due(cast: Cast) -> None:
    due = cast.listing("family-file", review_on="2021-12-01")
    cast.listing("family-file", subject=cast.households[LIANFENG][1], review_on="2022-12-01")

    rows = found(cast.actor("chair"), BY_CODE["due-listings"], LIANFENG, today=TODAY, limit=10)

    assert [row.key for row in rows] == [due.key]


def test_rows_go_on_where_the_page_before_ended(cast: Cast) -> None:
    with pen("register"):
        Household.objects.unscoped("a test's own").filter(region=LIANFENG).update(place="")
    first = found(cast.actor("chair"), BY_CODE["no-place"], LIANFENG, today=TODAY, limit=1)

    second = found(cast.actor("chair"), BY_CODE["no-place"], LIANFENG, today=TODAY, limit=5, after=first[0].key)

    assert {first[0].key, *(row.key for row in second)} == set(cast.households[LIANFENG])
    assert len(second) == 1


# ── claims ───────────────────────────────────────────────────────────────────


def draft(**changed: str) -> ClaimDraft:
    typed = {
        "region": TOWN,
        "indicator": "files.family",
        "period": "2021",
        "value": "312",
        "counted_by": "凤桥镇年报",
        "note": "",
    }
    return ClaimDraft(**(typed | changed))


def test_a_claim_stands_beside_the_stock_of_that_day(cast: Cast) -> None:
    """One family file of 联丰 in 2021: the town said 312, so 311 too many; a village that said 1 was right."""
    cast.listing("family-file")
    state_claim(cast.actor("clerk"), draft(), now=NOW)
    state_claim(cast.actor("chair"), draft(region=LIANFENG, value="１"), now=NOW)

    rows = Claim.objects.seen_by(cast.actor("officer")).order_by("stated_at", "value")
    compared = {each.claim.region: each for each in claims_beside(cast.actor("officer"), rows)}

    assert (compared[TOWN].ours, compared[TOWN].difference) == (Decimal(1), Decimal(311))
    assert compared[LIANFENG].difference == 0


def test_a_hidden_figure_is_not_given_away_by_a_claim(cast: Cast) -> None:
    """The leader may not read children's files: one of them is hidden, and a claim of 1 must not come out as right."""
    child = Person.objects.unscoped("a test's own").get(region=LIANFENG, name="张小雨").pk
    cast.listing("child-in-difficulty", "clerk", subject_type="person", subject=child)
    state_claim(cast.actor("officer"), draft(indicator="files.children", value="1"), now=NOW)

    (seen,) = claims_beside(cast.actor("leader"), Claim.objects.seen_by(cast.actor("leader")))
    (known,) = claims_beside(cast.actor("officer"), Claim.objects.seen_by(cast.actor("officer")))

    assert (seen.ours, seen.difference) == (None, None)
    assert known.difference == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"value": "-1"}, "value"),
        ({"value": "three"}, "value"),
        ({"value": "1.234"}, "value"),
        ({"value": "NaN"}, "value"),
        ({"value": "1e999"}, "value"),
        ({"period": "2021-13"}, "period"),
        ({"period": "2099"}, "period"),
        ({"indicator": "nothing"}, "indicator"),
        ({"counted_by": " "}, "counted_by"),
        ({"region": ""}, "region"),
        ({"region": "33"}, "region"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(cast: Cast, wrong: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as refused:
        state_claim(cast.actor("officer"), draft(**wrong), now=NOW)

    assert refused.value.field == field
    assert not Claim.objects.unscoped("a test's own").exists()


def test_who_may_state_see_and_take_back(cast: Cast) -> None:
    claim = state_claim(cast.actor("clerk"), draft(), now=NOW)

    with pytest.raises(Forbidden):
        state_claim(cast.actor("clerk"), draft(region=YONGLI), now=NOW)
    with pytest.raises(Unseen):
        claim_for(cast.actor("next_clerk"), claim.pk)
    with pytest.raises(Unseen):
        claim_for(cast.actor("chair"), claim.pk)
    with pytest.raises(Unseen):
        claim_for(cast.actor("strange_officer"), claim.pk)
    with pytest.raises(Refused, match="为什么"):
        withdraw_claim(cast.actor("clerk"), claim.pk, because=" ")
    withdraw_claim(cast.actor("clerk"), claim.pk, because="抄错了")
    with pytest.raises(Refused, match="已经撤回"):
        withdraw_claim(cast.actor("officer"), claim.pk, because="再来一次")


# ── pages ────────────────────────────────────────────────────────────────────


def client_of(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.accounts[who])
    return client


def test_every_number_of_the_page_opens_its_rows(cast: Cast) -> None:
    spoil(cast)
    clerk = client_of(cast, "clerk")
    page = clerk.get(reverse("quality")).content.decode()
    rows = reverse("quality-rows", args=["no-place"]) + f"?region={LIANFENG}"

    assert rows in page
    listed = clerk.get(rows).content.decode()
    assert reverse("household", args=[cast.households[LIANFENG][0]]) in listed
    assert "张桂英家" in listed
    book = openpyxl.load_workbook(
        BytesIO(b"".join(taken_out(clerk, reverse("quality-export", args=["no-place"]), {"region": LIANFENG})))  # type: ignore[arg-type]
    )
    assert "张桂英家" in {cell.value for row in book.active.iter_rows() for cell in row}  # type: ignore[union-attr]


@pytest.mark.parametrize("region", [MUQIAO, "330402101", "33", "x", "330402100222999"])
def test_an_area_that_is_not_hers_shows_her_own(cast: Cast, region: str) -> None:
    spoil(cast)

    page = client_of(cast, "clerk").get(reverse("quality") + f"?region={region}").content.decode()

    assert "凤桥镇" in page
    assert "木桥港" not in page
    assert "余新镇" not in page


def test_a_check_that_is_none_is_not_found(cast: Cast) -> None:
    assert client_of(cast, "clerk").get(reverse("quality-rows", args=["nothing"])).status_code == 404


def test_a_claim_by_form_keeps_what_was_typed(cast: Cast) -> None:
    clerk = client_of(cast, "clerk")
    typed = {
        "indicator": "files.family", "county": COUNTY, "town": TOWN, "village": "", "period": str(today().year),
        "value": "many", "counted_by": "凤桥镇年报", "note": "十二月底数的",
    }  # fmt: skip
    answer = clerk.post(reverse("claim-new"), typed)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "请填数字" in page
    assert "十二月底数的" in page

    answer = clerk.post(reverse("claim-new"), typed | {"value": "5"}, follow=True)
    assert "多报 5" in answer.content.decode()
    claim = Claim.objects.unscoped("a test's own").get()
    answer = clerk.post(reverse("claim-withdraw", args=[claim.pk]), {"because": "抄错了"}, follow=True)
    assert "多报" not in answer.content.decode()
