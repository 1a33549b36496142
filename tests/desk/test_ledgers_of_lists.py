"""Lists of organisations, terms, claims, data quality and doubles as ledgers: what is in them, who may have them."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from lianxin.base.codes import Level
from lianxin.kinds.listings.bodies import open_organisation
from lianxin.net.models import Organisation, Post
from lianxin.net.organisations import OrganisationDraft
from lianxin.quality.claims import ClaimDraft, state_claim
from lianxin.register.actions import register_household
from lianxin.register.drafts import HouseholdDraft, MemberDraft, Relation
from lianxin.register.suspects import find_suspects
from lianxin.terms.preparing import prepare_change
from tests.cast import COUNTY, LIANFENG, NOW, SANXING, TOWN, YONGLI, Cast
from tests.taking import taken_out
from tests.terms.test_change_of_term import person_of

pytestmark = pytest.mark.django_db


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.accounts[who])
    return client


def sheet_of(client: Client, name: str, *args: str, **asked: str) -> Worksheet:
    answer = taken_out(client, reverse(name, args=args), asked)
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(b"".join(answer))).active


def rows_of(sheet: Worksheet) -> list[tuple[Any, ...]]:
    """Without title, subtitle, header and 序号."""
    return [row[1:] for row in list(sheet.values)[3:]]


def change_of(cast: Cast) -> str:
    Post.objects.create(
        person=person_of(LIANFENG, "张桂英"),
        account=cast.accounts["chair"],
        organisation=Organisation.objects.get(region=LIANFENG, type="federation"),
        title="主席",
        starts=dt.date(2018, 1, 5),
    )
    return prepare_change(cast.actor("officer"), region=TOWN, level=Level.VILLAGE, name="凤桥换届", now=NOW).pk


def test_places_show_what_each_has_and_lacks(cast: Cast) -> None:
    draft = OrganisationDraft("石榴微家", "micro-home", LIANFENG, founded_on=dt.date(2021, 3, 8))
    open_organisation(cast.actor("officer"), draft, at=NOW)
    station = OrganisationDraft("凤桥调解站", "mediation-station", TOWN, founded_on=dt.date(2021, 3, 8))
    open_organisation(cast.actor("officer"), station, at=NOW)

    sheet = sheet_of(signed_in(cast, "officer"), "organisations-places-export")

    header = dict(enumerate(cell.value for cell in sheet[3]))
    found = {row[1]: {header[place + 1]: value for place, value in enumerate(row)} for row in rows_of(sheet)}
    assert list(found) == [TOWN, LIANFENG, SANXING, "330402101", YONGLI]
    assert (found[LIANFENG]["妇联组织"], found[LIANFENG]["妇女儿童阵地"], found[TOWN]["妇女儿童阵地"]) == (1, 1, 1)
    stations = [row["婚姻家庭纠纷调解工作站"] for row in found.values()]
    assert stations == ["有", None, None, "没有", None]
    assert [found[LIANFENG][name] for name in ("妇联", "社区妇女之家")] == ["有", "没有"]


def test_terms_and_the_names_on_one(cast: Cast) -> None:
    key = change_of(cast)
    officer = signed_in(cast, "officer")

    (row,) = rows_of(sheet_of(officer, "terms-export"))
    assert (row[0], row[3], *row[5:8]) == ("凤桥换届", "筹备中", 2, 0, 0)
    (seat,) = rows_of(sheet_of(officer, "term-export", key))
    assert seat[1:4] == ("联丰村委会妇联", "张桂英", "主席")


def test_the_administrator_takes_no_name_and_no_age_of_the_register_out(cast: Cast) -> None:
    (seat,) = rows_of(sheet_of(signed_in(cast, "administrator"), "term-export", change_of(cast)))

    assert seat[2:5] == ("示例chair", "主席", None)


def test_claims_beside_our_own_count(cast: Cast) -> None:
    cast.listing("family-file")
    state_claim(cast.actor("officer"), ClaimDraft(LIANFENG, "files.family", "2021", "3", "村年报"), now=NOW)

    (row,) = rows_of(sheet_of(signed_in(cast, "officer"), "claims-export"))

    assert row[3:7] == ("村年报", 3, 1, 2)


def test_what_is_worth_a_look_by_place(cast: Cast) -> None:
    draft = HouseholdDraft(region=LIANFENG, place="", since=dt.date(2020, 1, 1), members=())
    for name in ("甲一", "乙二"):
        head = MemberDraft(name=name, relation=Relation.HEAD, sex="female", birth=dt.date(1960, 5, 1))
        register_household(cast.actor("officer"), replace(draft, members=(head,)), at=NOW)

    sheet = sheet_of(signed_in(cast, "officer"), "quality-overview-export", region=COUNTY)

    column = [cell.value for cell in sheet[3]].index("没有门牌")
    assert {row[1]: row[column - 1] for row in rows_of(sheet)} == {TOWN: 2, "330402101": 0}


def test_doubles_stand_beside_each_other(cast: Cast) -> None:
    twin = MemberDraft(name="张桂英", relation=Relation.HEAD, sex="female", birth=dt.date(1953, 5, 1))
    draft = HouseholdDraft(region=SANXING, place="9组1号", since=dt.date(2020, 1, 1), members=(twin,))
    register_household(cast.actor("officer"), draft, at=NOW)
    find_suspects(cast.actor("officer"), COUNTY, at=NOW)

    rows = rows_of(sheet_of(signed_in(cast, "officer"), "doubles-export"))

    pairs = [(row[0], row[3], {row[1][-3:], row[4][-3:]}) for row in rows]
    assert ("张桂英", "张桂英", {"联丰村", "三星村"}) in pairs


NAMES = ("organisations-places-export", "terms-export", "claims-export", "quality-overview-export", "doubles-export")


@pytest.mark.parametrize("name", NAMES)
def test_each_is_ready_to_print(cast: Cast, name: str) -> None:
    sheet = sheet_of(signed_in(cast, "officer"), name)

    assert sheet["A1"].value
    assert "示例officer" in sheet["A2"].value
    assert sheet.freeze_panes is not None
    assert sheet.print_title_rows
    assert sheet.column_dimensions["B"].width > 5


@pytest.mark.parametrize("name", NAMES)
def test_only_whoever_may_export_gets_it_or_is_offered_it(cast: Cast, name: str) -> None:
    member = signed_in(cast, "member")
    page = {
        "organisations-places-export": "organisations-places",
        "terms-export": "terms",
        "claims-export": "claims",
        "quality-overview-export": "quality",
        "doubles-export": "doubles",
    }[name]

    assert member.get(reverse(name)).status_code == 403
    assert reverse(name) not in member.get(reverse(page)).content.decode()
    assert reverse(name) in signed_in(cast, "officer").get(reverse(page)).content.decode()


def test_a_place_beyond_her_own_is_not_there(cast: Cast) -> None:
    answer = signed_in(cast, "clerk").get(reverse("organisations-places-export"), {"region": "330411"})

    assert answer.status_code == 404
