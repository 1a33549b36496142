"""The yearly look through rights: who may, what is due, confirmed, withdrawn; three administrators are three people."""

from __future__ import annotations

import datetime as dt
import io
from itertools import permutations
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from lianxin.access.roles import read_roles, roles
from lianxin.access.verbs import SEPARATED, Verb
from lianxin.base.days import months_after, today
from lianxin.base.errors import Forbidden, Problems, Refused, Unseen
from lianxin.net import reviews
from lianxin.net.accounts import create_account
from lianxin.net.actors import actor_of
from lianxin.net.appointments import appoint
from lianxin.net.models import AccountChange, Appointment
from tests.cast import COUNTY, LIANFENG, Cast

pytestmark = pytest.mark.django_db
ADMINISTRATORS = ("system-administrator", "security-administrator", "audit-administrator")


def client(cast: Cast, who: str) -> Client:
    made = Client()
    made.force_login(cast.accounts[who])
    return made


def held(cast: Cast, who: str) -> Appointment:
    return Appointment.objects.get(account=cast.accounts[who])


# ── three administrators ─────────────────────────────────────────────────────


@pytest.mark.parametrize(("first", "second"), list(permutations(ADMINISTRATORS, 2)))
def test_nobody_is_two_of_the_three(cast: Cast, first: str, second: str) -> None:
    administrator = cast.actor("administrator")
    account = create_account(administrator, username="new.one", name="新来的").account
    appoint(administrator, account, role=first, region=COUNTY, starts=today())

    with pytest.raises(Refused, match="不能是同一个人"):
        appoint(administrator, account, role=second, region=COUNTY, starts=today() + dt.timedelta(days=400))


@pytest.mark.parametrize("who", ["administrator", "security", "audit", "officer"])
def test_nobody_grants_herself_and_only_one_of_the_three_grants(cast: Cast, who: str) -> None:
    member = cast.accounts["member"]

    with pytest.raises(Forbidden):
        appoint(cast.actor(who), cast.accounts[who], role="village-member", region=LIANFENG, starts=today())
    if who != "administrator":
        with pytest.raises(Forbidden):
            appoint(cast.actor(who), member, role="village-chair", region=LIANFENG, starts=today())


def test_the_shipped_roles_keep_granting_reviewing_and_auditing_apart(settings: Any) -> None:
    shipped = roles(settings.CATALOG_DIR / "roles.toml")
    holders = {verb: [role.code for role in shipped.values() if verb in role.verbs] for verb in SEPARATED}

    assert holders == {
        Verb.USER_MANAGE: ["system-administrator"],
        Verb.RIGHTS_REVIEW: ["security-administrator"],
        Verb.AUDIT_READ: ["audit-administrator"],
    }


def test_a_roles_file_that_joins_them_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "roles.toml"
    file.write_text(
        '[[role]]\ncode = "all"\nname = "全能"\ndescription = "都管。"\nlevel = "county"\n'
        'verbs = ["user.manage", "rights.review"]\n'
    )

    with pytest.raises(Problems, match="分给不同的岗位"):
        read_roles(file)


# ── looking through ──────────────────────────────────────────────────────────


def test_what_was_never_looked_at_is_due_a_year_after_it_was_granted(cast: Cast) -> None:
    security, day = cast.actor("security"), dt.date(2021, 1, 1)
    found = {right.appointment.account_id: right for right in reviews.rights(security, today=day)}

    # All of the cast began on 2020-01-01; the two of the next county are not hers to review.
    assert len(found) == 12
    assert {(right.seen_on, right.due_on) for right in found.values()} == {(None, dt.date(2021, 1, 1))}
    assert reviews.overdue(security, today=dt.date(2020, 12, 31)) == 0
    assert reviews.overdue(security, today=day) == 12


def test_a_confirmed_right_is_due_again_in_a_year(cast: Cast) -> None:
    security = cast.actor("security")
    row = held(cast, "member")

    reviews.confirm(security, reviews.right_for(security, row.pk, today=today()))

    again = reviews.right_for(security, row.pk, today=today())
    assert (again.seen_on, again.due_on) == (today(), months_after(today(), 12))
    assert not again.is_overdue(today())
    change = AccountChange.objects.get(appointment=row.pk)
    assert (change.kind, change.by) == ("confirmed", cast.accounts["security"].pk)


def test_a_withdrawn_right_ends_today_with_its_reason(cast: Cast) -> None:
    security, row = cast.actor("security"), held(cast, "chair")
    right = reviews.right_for(security, row.pk, today=today())

    with pytest.raises(Refused, match="为什么"):
        reviews.withdraw(security, right, because=" ", today=today())
    reviews.withdraw(security, right, because="已调离，电话13805732764", today=today())

    assert not actor_of(cast.accounts["chair"], today=today()).grants
    change = AccountChange.objects.get(appointment=row.pk)
    assert change.kind == "withdrawn"
    assert change.because.startswith("已调离")
    assert "13805732764" not in change.because
    with pytest.raises(Refused, match="已经结束"):
        reviews.withdraw(security, right, because="又一次", today=today())
    with pytest.raises(Unseen):
        reviews.right_for(security, row.pk, today=today())


def test_who_grants_does_not_review_and_nobody_reviews_her_own(cast: Cast) -> None:
    security, own = cast.actor("security"), held(cast, "security")

    with pytest.raises(Forbidden, match="自己的岗位"):
        reviews.confirm(security, reviews.right_for(security, own.pk, today=today()))
    for who in ("administrator", "audit", "officer"):
        assert reviews.rights(cast.actor(who), today=today()) == ()
        assert client(cast, who).get(reverse("review")).status_code == 403
    with pytest.raises(Unseen):
        reviews.right_for(security, held(cast, "stranger").pk, today=today())


def test_the_pages_lead_from_the_list_to_a_confirmed_and_a_withdrawn_right(cast: Cast) -> None:
    browser = client(cast, "security")
    member, chair = held(cast, "member"), held(cast, "chair")

    page = browser.get(reverse("review")).content.decode()
    one = browser.get(reverse("review-one", args=[member.pk])).content.decode()
    browser.post(reverse("review-one", args=[member.pk]), {"act": ""})
    unsaid = browser.post(reverse("review-one", args=[chair.pk]), {"act": "withdraw", "because": ""})
    browser.post(reverse("review-one", args=[chair.pk]), {"act": "withdraw", "because": "不再担任"})
    after = browser.get(reverse("review")).content.decode()

    assert "示例member" in page
    assert "村（社区）执委" in one
    assert (unsaid.status_code, "请写明为什么收回" in unsaid.content.decode()) == (400, True)
    assert "示例member" not in after.split("<main", 1)[1]
    assert "示例chair" not in after.split("<main", 1)[1]
    assert "示例member" in browser.get(reverse("review") + "?all=1").content.decode()
    assert "示例stranger" not in browser.get(reverse("review") + "?all=1").content.decode()


def test_the_list_is_taken_out_as_a_ledger(cast: Cast) -> None:
    answer = client(cast, "security").post(reverse("review-export"), {"because": "年度复核签字存档"})

    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]
    header = next(number for number, row in enumerate(rows) if "姓名" in row)
    assert rows[header][1:5] == ["姓名", "账号", "岗位", "在哪里"]
    assert len(rows[header + 1 :]) == 12
    assert any("示例member" in row for row in rows)
    assert client(cast, "administrator").get(reverse("review-export")).status_code == 403


def test_the_first_page_says_how_many_are_due(cast: Cast) -> None:
    page = client(cast, "security").get(reverse("home")).content.decode()

    assert "12 个岗位满一年没有复核了" in page
    assert reverse("review") in page
    assert "没有复核了" not in client(cast, "administrator").get(reverse("home")).content.decode()
