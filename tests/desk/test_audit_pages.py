"""The pages of the access log: the auditor's list, and who looked at one file."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from lianxin.access.actor import operator
from lianxin.audit.log import note
from lianxin.audit.models import Act
from lianxin.base.days import now
from lianxin.register.models import Person
from lianxin.register.queries import reveal
from tests.cast import LIANFENG, MUQIAO, SANXING, Cast
from tests.taking import taken_out

pytestmark = pytest.mark.django_db


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.accounts[who])
    return client


def page(client: Client, url: str, **asked: str) -> str:
    response = client.get(url, asked)
    assert response.status_code == 200, response.content.decode()[:500]
    return response.content.decode()


@pytest.fixture
def looked(cast: Cast) -> Cast:
    for who, village, why in (
        ("member", LIANFENG, "回访约时间"),
        ("chair", LIANFENG, "代办两癌救助"),
        ("neighbour", SANXING, "上门前打电话"),
        ("stranger", MUQIAO, "别的县的事由"),
    ):
        reveal(cast.actor(who), cast.households[village][0], "phone", why, at=now())
    return cast


def test_an_auditor_sees_her_county_and_what_concerns_the_whole_installation(looked: Cast) -> None:
    with transaction.atomic():
        note(operator(because="test"), Act.KEYS, at=now(), what="sm4-gcm 2")

    said = page(signed_in(looked, "audit"), reverse("audit"))

    assert "回访约时间" in said
    assert "上门前打电话" in said
    assert "别的县的事由" not in said
    assert "换密钥" in said
    assert "命令行" in said


def test_she_sees_no_household(looked: Cast) -> None:
    said = page(signed_in(looked, "audit"), reverse("audit"))

    assert "张桂英" not in said
    assert "13805733012" not in said


def test_the_list_is_narrowed_by_act_account_thing_and_day(looked: Cast) -> None:
    client, member = signed_in(looked, "audit"), looked.accounts["member"].pk
    household = looked.households[LIANFENG][0]

    assert "回访约时间" not in page(client, reverse("audit"), act="export")
    by_member = page(client, reverse("audit"), by=member)
    assert "回访约时间" in by_member
    assert "代办两癌救助" not in by_member
    about = page(client, reverse("audit"), key=household)
    assert "代办两癌救助" in about
    assert "上门前打电话" not in about
    assert "回访约时间" not in page(client, reverse("audit"), since="2000-01-01", until="2000-12-31")
    assert client.get(reverse("audit"), {"since": "哪天"}).status_code == 400


def test_it_is_walked_page_by_page(cast: Cast) -> None:
    for number in range(51):
        reveal(cast.actor("member"), cast.households[LIANFENG][0], "phone", f"第{number}次回访", at=now())
    client = signed_in(cast, "audit")

    first = page(client, reverse("audit"))
    second = page(client, reverse("audit"), after="2")

    assert "第50次回访" in first
    assert "第0次回访" not in first
    assert "after=2" in first
    assert "第0次回访" in second


def test_it_costs_at_most_fifteen_queries(looked: Cast, django_assert_max_num_queries: Any) -> None:
    client = signed_in(looked, "audit")
    client.get(reverse("audit"))

    with django_assert_max_num_queries(15):
        client.get(reverse("audit"))


def test_it_goes_out_as_a_ledger(looked: Cast) -> None:
    answer = taken_out(signed_in(looked, "audit"), reverse("audit-export"))

    rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))
    said = str(rows)
    assert "代办两癌救助" in said
    assert "别的县的事由" not in said


@pytest.mark.parametrize("who", ["member", "chair", "clerk", "officer", "leader", "administrator", "security"])
def test_nobody_else_reads_the_log(looked: Cast, who: str) -> None:
    assert signed_in(looked, who).get(reverse("audit")).status_code == 403


# ── who looked at one file ───────────────────────────────────────────────────


def test_the_clerk_sees_who_looked_at_a_household_and_its_people(looked: Cast) -> None:
    home = looked.households[LIANFENG][0]
    client = signed_in(looked, "clerk")

    assert reverse("file-seen", args=["household", home]) in page(client, reverse("household", args=[home]))
    said = page(client, reverse("file-seen", args=["household", home]))

    assert "示例member" in said
    assert "回访约时间" in said
    assert "代办两癌救助" in said
    assert "上门前打电话" not in said


def test_a_childs_protected_file_counts_as_hers(cast: Cast) -> None:
    child = Person.objects.unscoped("test").filter(region=LIANFENG, birth__year=2012).order_by("id")[0].id
    record = cast.listing("child-in-difficulty", subject=child, subject_type="person")
    page(signed_in(cast, "chair"), reverse("listing", args=[record.key]))

    said = page(signed_in(cast, "officer"), reverse("file-seen", args=["person", child]))

    assert "打开受保护的档案" in said
    assert "示例chair" in said


@pytest.mark.parametrize(
    ("who", "status"),
    [("member", 403), ("chair", 403), ("next_clerk", 404), ("strange_officer", 404), ("audit", 403)],
)
def test_whom_it_does_not_concern_is_not_told(looked: Cast, who: str, status: int) -> None:
    url = reverse("file-seen", args=["household", looked.households[LIANFENG][0]])

    assert signed_in(looked, who).get(url).status_code == status


def test_a_file_that_does_not_exist_is_not_found(looked: Cast) -> None:
    for kind in ("household", "person", "account"):
        url = reverse("file-seen", args=[kind, "01J00000000000000000000009"])
        assert signed_in(looked, "clerk").get(url).status_code == 404
