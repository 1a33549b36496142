"""A sealed period through the web: only the county corrects, with a reason; what comes later still comes in."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from lianxin.base.days import Period
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.indicators.figures import compute
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.visits.models import Difficulty, Visit
from lianxin.ledger.seals import seal_over, seal_period
from lianxin.ledger.verify import verify
from lianxin.ledger.view import LedgerView
from lianxin.register.models import Membership
from tests.cast import COUNTY, LIANFENG, NOW, Cast
from tests.proof.pages import Page

pytestmark = pytest.mark.django_db
NOVEMBER = Period.parse("2021-11")
TYPED = {"day": "2021-11-20", "mode": "door", "why": ["four-musts/hardship"], "people": "4", "heard": "怕滑"}


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.accounts[who])
    return client


def seal(cast: Cast, period: Period = NOVEMBER) -> None:
    with transaction.atomic():
        seal_period(cast.actor("officer"), region=COUNTY, period=period, because="已上报", at=NOW)


def people(cast: Cast) -> tuple[Any, Any]:
    """The month's 人次 as sealed and as it reads now."""
    view = LedgerView(cast.actor("officer"), COUNTY, NOVEMBER)
    spec, over = catalog().indicator("visits.people"), seal_over(view)
    assert over is not None
    return compute(spec, view.at(over.watermark)).value, compute(spec, view).value


def said(response: HttpResponse, name: str) -> str:
    return Page(response.content.decode()).said(name)


def test_the_county_corrects_a_sealed_visit_with_a_reason_and_not_without(cast: Cast) -> None:
    visit = cast.visit(day="2021-11-20", people="2")
    seal(cast)
    client, url = signed_in(cast, "officer"), reverse("visit-amend", args=[visit.key])

    without = client.post(url, TYPED | {"base": "1"})
    assert without.status_code == 400
    assert "原因" in said(without, "because")

    assert client.post(url, TYPED | {"base": "1", "because": "数错了"}).status_code == 302
    assert people(cast) == (2, 4)
    assert verify().differences == ()


def test_the_county_writes_down_a_forgotten_visit_of_a_sealed_month(cast: Cast) -> None:
    seal(cast)
    client, typed = signed_in(cast, "officer"), TYPED | {"id": new_id()}
    url = reverse("visit-record", args=["household", cast.households[LIANFENG][0]])

    without = client.post(url, typed)
    assert without.status_code == 400
    assert "原因" in said(without, "because")

    assert client.post(url, typed | {"because": "年底对账时补登"}).status_code == 302
    assert people(cast) == (0, 4)
    assert client.get(reverse("visit-versions", args=[Visit.objects.unscoped("test").get().key])).status_code == 200


def test_a_reason_does_not_help_a_village(cast: Cast) -> None:
    visit = cast.visit(day="2021-11-20")
    seal(cast)

    response = signed_in(cast, "member").post(
        reverse("visit-amend", args=[visit.key]), TYPED | {"base": "1", "because": "数错了"}
    )

    assert response.status_code == 400
    assert "请县妇联更正" in said(response, "day")


def test_the_county_withdraws_a_sealed_visit(cast: Cast) -> None:
    visit = cast.visit(day="2021-11-20", people="2")
    seal(cast)

    response = signed_in(cast, "officer").post(
        reverse("visit-withdraw", args=[visit.key]), {"base": "1", "because": "登重了"}
    )

    assert response.status_code == 302
    assert people(cast) == (2, 0)


def test_what_became_of_a_difficulty_of_a_sealed_month_comes_in_from_the_village(cast: Cast) -> None:
    visit = cast.visit(day="2021-11-20", difficulties=[{"text": "没扶手"}])
    seal(cast)
    line = Difficulty.objects.unscoped("test").get().line

    response = signed_in(cast, "member").post(
        reverse("visit-followup", args=[visit.key, line]),
        {"base": "1", "state": "solved", "on": "2021-12-22", "handler": "镇民政办"},
    )

    assert response.status_code == 302
    assert Difficulty.objects.unscoped("test").get().state == "solved"
    assert verify().differences == ()


@pytest.mark.parametrize("book", ["family-file", "woman-file", "child-in-difficulty"])
def test_a_file_of_a_sealed_month_is_taken_off_later_without_ado(cast: Cast, book: str) -> None:
    """In the shape in which the page sends it: every field of the form, the empty ones too."""
    household = cast.households[LIANFENG][0]
    rows = Membership.objects.unscoped("test").filter(household=household)
    people = {row.relation: row.person_id for row in rows}
    subject = {"woman-file": people["head"], "child-in-difficulty": people["grandchild"]}.get(book, household)
    file = cast.listing(
        book, subject_type="household" if book == "family-file" else "person", subject=subject, on_day="2021-11-03"
    )
    seal(cast)
    client, url = signed_in(cast, "chair"), reverse("listing-amend", args=[file.key])
    page = Page(client.get(url).content.decode())
    typed = {name: control.values for name, control in page.controls.items() if name != "csrfmiddlewaretoken"}

    response = client.post(url, typed | {"off_day": "2021-12-10", "off_why": "搬走了"})

    assert response.status_code == 302, Page(response.content.decode()).texts.get("mistakes")
    assert Listing.objects.unscoped("test").get().off_why == "搬走了"
    assert verify().differences == ()


def test_the_county_corrects_a_sealed_file_with_a_reason(cast: Cast) -> None:
    file = cast.listing("family-file", on_day="2021-11-03", category="in-contact")
    seal(cast)
    url = reverse("listing-amend", args=[file.key])
    typed = {"base": "1", "on_day": "2021-10-03", "category": "in-contact"}

    village = signed_in(cast, "chair").post(url, typed | {"because": "日子写错了"})
    without = signed_in(cast, "officer").post(url, typed)
    corrected = signed_in(cast, "officer").post(url, typed | {"because": "日子写错了"})

    assert (village.status_code, without.status_code, corrected.status_code) == (400, 400, 302)
    assert said(without, "because")
    view = LedgerView(cast.actor("officer"), COUNTY, NOVEMBER)
    over = seal_over(view)
    assert over is not None
    spec = catalog().indicator("files.family.new")
    assert (compute(spec, view.at(over.watermark)).value, compute(spec, view).value) == (1, 0)
