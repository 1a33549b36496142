"""意见与投诉: handing in, with a name or without, coming back for the answer, answering."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base.days import now
from lianxin.base.ids import new_id
from lianxin.net.models import Account
from lianxin.outreach.complaints import ComplaintDraft, submit_complaint
from lianxin.outreach.models import Complaint
from tests.cast import COUNTY, ROLES, Cast

pytestmark = pytest.mark.django_db

ANSWERERS = {"officer", "leader", "administrator", "strange_officer"}
TEXT = "家庭档案和走访要填两遍门牌。"


def typed(**changed: str) -> dict[str, str]:
    return {"id": new_id(), "kind": "duplicate", "text": TEXT, "whose": "named", "page": "/visits/new/?q=x"} | changed


def kept() -> Complaint:
    return Complaint.objects.unscoped("test").get()


def complain(cast: Cast, who: str, *, text: str = TEXT, is_anonymous: bool = False) -> str:
    draft = ComplaintDraft(new_id(), "awkward", text, is_anonymous=is_anonymous)
    return submit_complaint(cast.actor(who), draft, now=now())


@pytest.mark.parametrize("who", sorted(ROLES))
def test_every_role_may_complain_and_some_answer(client: Client, cast: Cast, who: str) -> None:
    client.force_login(cast.accounts[who])

    page = client.get(reverse("complaints"))

    assert page.status_code == 200
    assert client.get(reverse("complaint-new")).status_code == 200
    assert ("收到的" in page.content.decode()) == (who in ANSWERERS)


def test_one_with_her_name_is_kept_and_leads_to_its_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.accounts["member"])

    answer = client.post(reverse("complaint-new"), typed(text=f"{TEXT} 打 13805731234 找我"))

    row = kept()
    assert answer["Location"] == reverse("complaint", args=[row.pk])
    assert (row.kind, row.account, row.region, row.page) == (
        "duplicate",
        cast.accounts["member"].pk,
        COUNTY,
        "/visits/new/",
    )
    assert "13805731234" not in row.text
    page = client.get(answer["Location"]).content.decode()
    assert "收到了，谢谢您。" in page
    assert "待答复" in page
    assert TEXT in client.get(reverse("complaints")).content.decode()


def test_a_second_click_is_the_same_complaint(client: Client, cast: Cast) -> None:
    client.force_login(cast.accounts["member"])
    same = typed()

    client.post(reverse("complaint-new"), same)
    client.post(reverse("complaint-new"), same)

    assert kept().pk == same["id"]


def test_an_anonymous_one_keeps_nobodys_name_and_shows_its_receipt_once(client: Client, cast: Cast) -> None:
    client.force_login(cast.accounts["member"])

    answer = client.post(reverse("complaint-new"), typed(whose="anonymous"))

    row = kept()
    assert row.account == ""
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    assert f'<p class="receipt">{row.pk}</p>' in answer.content.decode()
    assert row.pk not in client.get(reverse("complaints")).content.decode()
    assert client.get(reverse("complaint", args=[row.pk])).status_code == 404


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": ""}, "请选一个类别。"),
        ({"text": "  "}, "请写几句：在哪一页、想做什么、结果怎样。"),
        ({"text": "字" * 2001}, "这里最多写 2,000 个字，现在有 2,001 个，请精简后再存。"),
        ({"id": "x"}, "这张表单的编号不对，请重新打开页面再填。"),
    ],
)
def test_a_mistake_is_said_and_nothing_typed_is_lost(
    client: Client, cast: Cast, changed: dict[str, str], said: str
) -> None:
    client.force_login(cast.accounts["member"])

    answer = client.post(reverse("complaint-new"), typed(whose="anonymous") | changed)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert (changed.get("text") or TEXT).strip() in page
    assert 'value="anonymous" checked' in page
    assert not Complaint.objects.unscoped("test").exists()


def test_it_is_answered_by_the_county_and_read_by_whoever_asked(client: Client, cast: Cast) -> None:
    key = complain(cast, "member")
    client.force_login(cast.accounts["officer"])
    assert "示例member" in client.get(reverse("complaint", args=[key])).content.decode()

    empty = client.post(reverse("complaint", args=[key]), {"answer": ""})
    done = client.post(reverse("complaint", args=[key]), {"answer": "下个月改好。"})

    assert (empty.status_code, "请写答复内容。" in empty.content.decode()) == (400, True)
    assert done["Location"] == reverse("complaint", args=[key])
    client.force_login(cast.accounts["member"])
    page = client.get(reverse("complaint", args=[key])).content.decode()
    assert "下个月改好。" in page
    assert "示例officer" in page
    assert "<textarea" not in page


@pytest.mark.parametrize("who", ["chair", "clerk", "partner", "strange_officer", "stranger"])
def test_other_peoples_complaints_do_not_exist(client: Client, cast: Cast, who: str) -> None:
    named, anonymous = complain(cast, "member"), complain(cast, "member", text="匿名的话", is_anonymous=True)
    client.force_login(cast.accounts[who])

    for key in (named, anonymous):
        assert client.get(reverse("complaint", args=[key])).status_code == 404
        assert client.post(reverse("complaint", args=[key]), {"answer": "x"}).status_code in (403, 404)
    page = client.get(reverse("complaints")).content.decode()
    assert TEXT not in page
    assert "匿名的话" not in page
    assert set(Complaint.objects.unscoped("test").values_list("state", flat=True)) == {"open"}


def test_whoever_asked_does_not_answer_herself(client: Client, cast: Cast) -> None:
    key = complain(cast, "member")
    client.force_login(cast.accounts["member"])

    assert client.post(reverse("complaint", args=[key]), {"answer": "好"}).status_code == 403


def test_the_receipt_leads_back_to_the_answer(client: Client, cast: Cast) -> None:
    key = complain(cast, "member", is_anonymous=True)
    client.force_login(cast.accounts["officer"])
    client.post(reverse("complaint", args=[key]), {"answer": "下个月改好。"})
    client.force_login(cast.accounts["member"])

    found = client.post(reverse("complaint-receipt"), {"receipt": f" {key.lower()} "})
    wrong = client.post(reverse("complaint-receipt"), {"receipt": new_id()})
    broken = client.post(reverse("complaint-receipt"), {"receipt": "123"})

    assert found.status_code == 200
    assert "下个月改好。" in found.content.decode()
    assert "no-store" in found["Cache-Control"]
    assert (wrong.status_code, "没有这张回执，请核对编号。" in wrong.content.decode()) == (404, True)
    assert broken.status_code == 404
    assert 'value="123"' in broken.content.decode()


def test_a_named_one_is_not_opened_by_its_number(client: Client, cast: Cast) -> None:
    key = complain(cast, "member")
    client.force_login(cast.accounts["chair"])

    answer = client.post(reverse("complaint-receipt"), {"receipt": key})

    assert answer.status_code == 404
    assert TEXT not in answer.content.decode()


def test_the_inbox_is_narrowed_by_state(client: Client, cast: Cast) -> None:
    answered, waiting = complain(cast, "member", text="答复过的"), complain(cast, "chair", text="等着的")
    client.force_login(cast.accounts["officer"])
    client.post(reverse("complaint", args=[answered]), {"answer": "好"})

    def inbox(**asked: str) -> list[str]:
        page = client.get(reverse("complaints"), asked).content.decode()
        return re.findall(r'href="/complaints/([0-9A-Z]{26})/"', page.split("我提的")[0])

    assert inbox() == [waiting, answered]
    assert inbox(state="open") == [waiting]
    assert inbox(state="answered") == [answered]
    assert inbox(state="odd") == [waiting, answered]


def test_the_list_costs_the_same_for_one_and_for_three(
    client: Client, cast: Cast, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client.force_login(cast.accounts["officer"])
    complain(cast, "member")
    client.get(reverse("complaints"))

    with django_assert_max_num_queries(15) as one:
        client.get(reverse("complaints"))
    complain(cast, "member")
    complain(cast, "officer")
    with django_assert_max_num_queries(15) as three:
        client.get(reverse("complaints"))

    assert len(one) == len(three)


# ── help, health ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", sorted(ROLES))
def test_help_tells_everybody_what_to_do_in_an_emergency(client: Client, cast: Cast, who: str) -> None:
    client.force_login(cast.accounts[who])

    answer = client.get(reverse("help"))

    page = answer.content.decode()
    assert answer.status_code == 200
    for number in ("110", "12338", "120"):
        assert f'href="tel:{number}"' in page
    assert "应当立即向公安、民政、教育等部门报告" in page


def test_help_answers_the_questions_of_ones_own_work(client: Client, cast: Cast) -> None:
    def asked(who: str) -> set[str]:
        client.force_login(cast.accounts[who])
        return set(re.findall(r"<summary>([^<]+)<", client.get(reverse("help")).content.decode()))

    member, partner, administrator = asked("member"), asked("partner"), asked("administrator")

    assert "怎么记一次走访？" in member
    assert member - partner >= {
        "怎么记一次走访？",
        "记错了，怎么改？",
        "困难解决了，在哪里记？",
        "搬家、添人、有人走了，怎么登？",
    }
    assert "怎么开账号、授岗位？" not in member
    assert "数字是怎么来的？" in partner
    assert "怎么开账号、授岗位？" in administrator
    assert "数字是怎么来的？" not in administrator


def test_health_says_one_word_to_anybody(client: Client, db: None) -> None:
    answer = client.get(reverse("health"))

    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok", "text/plain")
    assert "no-store" in answer["Cache-Control"]
    assert client.post(reverse("health")).status_code == 405


def test_a_switched_off_accounts_name_still_stands_by_its_complaint(client: Client, cast: Cast) -> None:
    key = complain(cast, "member")
    Account.objects.filter(username="cast.member").update(is_active=False)
    client.force_login(cast.accounts["officer"])

    assert "示例member" in client.get(reverse("complaint", args=[key])).content.decode()
