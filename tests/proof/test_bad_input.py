"""Input as people get it wrong, through the web forms: a clear sentence by the field, nothing typed is lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from lianxin.base.days import Period
from lianxin.base.ids import new_id
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.visits.models import Opinion, Visit
from lianxin.ledger.seals import seal_period
from lianxin.records.models import Giving
from lianxin.register.models import Household, Membership, Person
from tests.cast import COUNTY, LIANFENG, NOW, SANXING, Cast
from tests.proof.pages import Page

pytestmark = pytest.mark.django_db
TYPED = {
    "day": "2021-12-20",
    "mode": "door",
    "why": ["four-musts/hardship"],
    "heard": "她说“怕滑” 😀👵，浴室＜没扶手＞",
    "people": "2",
    "companions": "村医老沈",
    "next_on": "2022-02-01",
    "next_why": "看看扶手",
    "opinions.0.text": "路灯早点亮",
    "opinions.0.idea": "yes",
    "difficulties.0.text": "没扶手",
    "difficulties.0.category": "living",
    "difficulties.0.state": "handling",
    "difficulties.0.handler": "镇民政办",
    "deliveries.0.kind": "care",
    "deliveries.0.people": "2",
    "givings.0.what": "goods",
    "givings.0.name": "大米",
    "givings.0.amount": "88.80",
    "givings.0.quantity": "2",
    "givings.0.measure_word": "袋",
}
WRONG = [
    ("day", "2099-01-01", "不能晚于今天"),
    ("day", "1948-12-31", "不能早于 1949 年"),
    ("day", "2021-02-30", "没有“2021-02-30”这一天"),
    ("day", "大前天", "日期请写成"),
    ("mode", "teleport", "请从列出的选项里选"),
    ("why", ["no-such-thing/at-all"], "已不在目录里"),
    ("why", ["four-musts/no-such-reason"], "已不在目录里"),
    ("why", [], "请选为什么去"),
    ("people", "-1", "见到的人数"),
    ("people", "1.5", "见到的人数"),
    ("people", "几个", "见到的人数"),
    ("heard", "话" * 10_000, "最多写 5,000 个字"),
    ("next_on", "2021-12-20", "应当晚于这次"),
    ("next_on", "2031-12-20", "两年以后"),
    ("difficulties.0.category", "no-such-kind", "请从列出的选项里选"),
    ("difficulties.0.state", "gone", "请从列出的选项里选"),
    ("deliveries.0.kind", "wine", "请从列出的选项里选"),
    ("deliveries.0.people", "-3", "受益人数"),
    ("givings.0.amount", "-5", "金额不能是负数"),
    ("givings.0.amount", "1.234", "最多两位小数"),
    ("givings.0.amount", "一百", "金额请填数字"),
    ("givings.0.amount", "99999999999", "金额太大"),
    ("givings.0.amount", "NaN", "金额请填数字"),
    ("givings.0.amount", "", "请填金额"),
    ("givings.0.quantity", "两袋", "数量请填数字"),
    ("opinions.0.text", "话" * 10_000, "最多写 5,000 个字"),
]  # fmt: skip


def signed_in(cast: Cast, who: str = "member") -> Client:
    client = Client()
    client.force_login(cast.accounts[who])
    return client


def url(cast: Cast) -> str:
    return reverse("visit-record", args=["household", cast.households[LIANFENG][0]])


def read(response: HttpResponse) -> Page:
    return Page(response.content.decode())


def lost(page: Page, typed: dict[str, Any]) -> dict[str, Any]:
    """What was typed and does not stand in the form any more. A choice that does not exist cannot stand anywhere."""
    wanted = {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    return {
        name: (values, page.values(name))
        for name, values in wanted.items()
        if sorted(page.values(name)) != sorted(values)
    }


@pytest.mark.parametrize(("name", "value", "sentence"), WRONG, ids=lambda value: str(value)[:24])
def test_a_mistake_is_told_by_its_field_and_nothing_typed_is_lost(
    cast: Cast, name: str, value: Any, sentence: str
) -> None:
    typed = TYPED | {"id": new_id(), name: value}

    response = signed_in(cast).post(url(cast), typed)

    page = read(response)
    assert response.status_code == 400
    assert sentence in page.said(name)
    missing = lost(page, typed)
    if name in ("mode", "why", "difficulties.0.category", "difficulties.0.state", "deliveries.0.kind"):
        missing.pop(name, None)
    assert missing == {}
    assert not Visit.objects.unscoped("test").exists()


def test_what_people_type_on_a_phone_is_accepted(cast: Cast) -> None:
    """Full-width digits, emoji, a Chinese day, 元 behind an amount."""
    typed = TYPED | {
        "id": new_id(),
        "day": "２０２１年１２月２０日",
        "people": "３",
        "givings.0.amount": "１，２００．５０元",
        "difficulties.0.text": "浴室没扶手 🛁",
        "opinions.0.text": "𠮷婶说路灯早点亮",  # a character beyond the basic plane
    }

    response = signed_in(cast).post(url(cast), typed)

    assert response.status_code == 302, read(response).texts.get("mistakes")
    visit = Visit.objects.unscoped("test").get()
    assert (visit.day, visit.people) == (dt.date(2021, 12, 20), 3)
    assert visit.heard == TYPED["heard"]
    assert str(Giving.objects.unscoped("test").get().amount) == "1200.50"
    assert Opinion.objects.unscoped("test").get().text == "𠮷婶说路灯早点亮"
    assert "＜没扶手＞" in signed_in(cast).get(reverse("visit", args=[visit.key])).content.decode()


def test_markup_that_was_typed_is_shown_as_typed(cast: Cast) -> None:
    signed_in(cast).post(url(cast), TYPED | {"id": new_id(), "heard": "<script>alert(1)</script>&amp;"})

    page = signed_in(cast).get(reverse("visit", args=[Visit.objects.unscoped("test").get().key])).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;" in page


def test_two_clicks_at_once_make_one_visit(cast: Cast) -> None:
    typed = TYPED | {"id": new_id()}
    client = signed_in(cast)

    answers = [client.post(url(cast), typed).status_code for _ in range(3)]

    assert answers == [302, 302, 302]
    assert Visit.objects.unscoped("test").count() == 1


def test_two_clicks_register_a_newcomer_once(cast: Cast) -> None:
    before = Household.objects.unscoped("test").count()
    typed = TYPED | {"id": new_id(), "n.name": "陆小妹", "n.region": LIANFENG}
    client = signed_in(cast)

    answers = [client.post(reverse("visit-newcomer"), typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Household.objects.unscoped("test").count() == before + 1
    assert Visit.objects.unscoped("test").count() == 1


@pytest.mark.parametrize("code", ["330402100999", "330402", SANXING, ""])
def test_a_newcomer_is_not_registered_where_there_is_no_village_of_hers(cast: Cast, code: str) -> None:
    before = Household.objects.unscoped("test").count()
    typed = TYPED | {"id": new_id(), "n.name": "陆小妹", "n.region": code}

    response = signed_in(cast).post(reverse("visit-newcomer"), typed)

    assert response.status_code == 400
    assert lost(read(response), typed | {"n.region": [code]}).keys() <= {"n.region"}
    assert Household.objects.unscoped("test").count() == before
    assert not Visit.objects.unscoped("test").exists()


def test_an_id_that_is_none_is_refused(cast: Cast) -> None:
    response = signed_in(cast).post(url(cast), TYPED | {"id": "' OR 1=1 --"})

    assert response.status_code == 400
    assert "重新打开页面" in response.content.decode()
    assert lost(read(response), TYPED) == {}


def test_a_household_that_does_not_exist_is_not_found(cast: Cast) -> None:
    for subject in (new_id(), "nobody", "0" * 26):
        assert signed_in(cast).get(reverse("visit-record", args=["household", subject])).status_code == 404
    assert signed_in(cast).get(reverse("visit-record", args=["dragon", new_id()])).status_code == 404


# ── sealed ───────────────────────────────────────────────────────────────────


def test_a_sealed_month_is_told_by_the_day_and_nothing_is_lost(cast: Cast) -> None:
    with transaction.atomic():
        seal_period(cast.actor("officer"), region=COUNTY, period=Period.parse("2021-11"), because="已上报", at=NOW)
    typed = TYPED | {"id": new_id(), "day": "2021-11-30"}

    response = signed_in(cast).post(url(cast), typed)

    page = read(response)
    assert response.status_code == 400
    assert "2021年11月已经封账" in page.said("day")
    assert lost(page, typed) == {}
    assert not Visit.objects.unscoped("test").exists()


def test_amending_and_withdrawing_in_a_sealed_month_is_refused_and_kept(cast: Cast) -> None:
    visit = cast.visit(day="2021-11-30", heard="封账前")
    with transaction.atomic():
        seal_period(cast.actor("officer"), region=COUNTY, period=Period.parse("2021-11"), because="已上报", at=NOW)
    client = signed_in(cast)
    typed = TYPED | {"base": "1", "day": "2021-11-30", "because": "数错了"}

    amended = client.post(reverse("visit-amend", args=[visit.key]), typed)
    withdrawn = client.post(reverse("visit-withdraw", args=[visit.key]), {"base": "1", "because": "登错了人家"})

    assert (amended.status_code, withdrawn.status_code) == (400, 400)
    assert "已经封账" in read(amended).said("day")
    assert lost(read(amended), typed) == {}
    assert "已经封账" in withdrawn.content.decode()
    assert "登错了人家" in withdrawn.content.decode()
    assert Visit.objects.unscoped("test").get().heard == "封账前"


# ── people and places ────────────────────────────────────────────────────────

# Made up after GB 11643; the check digits are right and the place is 南湖区's.
NUMBER, FULL_WIDTH = "330402195305010028", "３３０４０２１９５３０５０１００２８"


def test_the_number_of_these_tests_is_sound() -> None:
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(NUMBER, weights)) % 11]  # noqa: B905

    assert check == NUMBER[-1]


def test_a_person_in_two_households_at_once_is_told_by_the_field(cast: Cast) -> None:
    first, second = cast.households[LIANFENG]
    client = signed_in(cast)
    typed = {"name": "陆小妹", "relation": "child-in-law", "id_number": NUMBER, "on": "2021-05-01", "sex": "female"}
    assert client.post(reverse("household-member-new", args=[first]), typed).status_code == 302
    before = Person.objects.unscoped("test").count()

    again = typed | {"id_number": FULL_WIDTH}
    response = client.post(reverse("household-member-new", args=[second]), again)

    assert response.status_code == 400
    assert "证件号相同" in response.content.decode()
    assert lost(read(response), again) == {}
    response = client.post(reverse("household-member-new", args=[second]), again | {"somebody-else": "yes"})
    page = read(response)
    assert response.status_code == 400
    assert "陆小妹" in page.said("id_number") or "已经" in page.said("id_number")
    assert lost(page, again) == {}
    assert Person.objects.unscoped("test").count() == before
    assert not Membership.objects.unscoped("test").filter(household=second, relation="child-in-law").exists()


def test_somebody_known_elsewhere_is_refused_without_saying_where(cast: Cast) -> None:
    typed = {"name": "陆小妹", "relation": "child-in-law", "id_number": NUMBER}
    first = signed_in(cast).post(reverse("household-member-new", args=[cast.households[LIANFENG][0]]), typed)
    assert first.status_code == 302

    neighbour, page = signed_in(cast, "neighbour"), reverse("household-member-new", args=[cast.households[SANXING][0]])
    asked = neighbour.post(page, typed | {"name": "陆妹妹"})
    response = neighbour.post(page, typed | {"name": "陆妹妹", "somebody-else": "yes"})

    text = asked.content.decode() + response.content.decode()
    assert (asked.status_code, response.status_code) == (400, 400)
    assert "上级妇联能看到" in asked.content.decode()
    assert read(response).said("id_number")
    assert "陆小妹" not in text
    assert "张桂英" not in text
    assert "联丰" not in text


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("id_number", "330402195305010025", "身份证号"),  # the check digit is wrong
        ("id_number", "330402209905010024", "身份证号"),  # not yet born
        ("phone", "12345", "电话号码"),
        ("birth", "2099-01-01", "不能晚于今天"),
        ("birth", "1848-01-01", ""),
        ("relation", "king", "请"),
        ("on", "2019-01-01", "不能早于建户"),
        ("name", "", "姓名"),
        ("name", "1380573", "姓名"),
    ],
)
def test_a_mistake_about_a_person_is_told_by_its_field(cast: Cast, name: str, value: str, sentence: str) -> None:
    typed = {"name": "陆小妹", "relation": "child", "sex": "female", "birth": "1990-01-01", "on": "2021-05-01",
             "phone": "13812342764", "id_number": ""} | {name: value}  # fmt: skip

    response = signed_in(cast).post(reverse("household-member-new", args=[cast.households[LIANFENG][0]]), typed)

    page = read(response)
    assert response.status_code == 400
    assert page.said(name)
    assert sentence in page.said(name)
    missing = lost(page, typed)
    if name == "relation":
        missing.pop(name)
    assert missing == {}


@pytest.mark.parametrize("code", ["999999999999", "330402999999", "330402", "abc", "", "330402100226"])
def test_a_household_is_not_registered_in_a_village_that_is_none_or_not_hers(cast: Cast, code: str) -> None:
    before = Household.objects.unscoped("test").count()
    typed = {"head": "陆小妹", "place": "5组2号", "region": code}

    response = signed_in(cast).post(reverse("household-new"), typed)

    assert response.status_code in (400, 403)
    assert Household.objects.unscoped("test").count() == before


@pytest.mark.parametrize("code", ["330402999999", "330402100999", "330402"])
def test_a_county_officer_cannot_register_in_a_village_that_does_not_exist(cast: Cast, code: str) -> None:
    before = Household.objects.unscoped("test").count()
    typed = {"head": "陆小妹", "place": "5组2号", "region": code}

    response = signed_in(cast, "officer").post(reverse("household-new"), typed)

    page = read(response)
    assert response.status_code == 400
    assert page.said("region")
    assert page.values("head") == ["陆小妹"]
    assert Household.objects.unscoped("test").count() == before


@pytest.mark.parametrize("code", ["330402100999", "330402", "x"])
def test_a_household_does_not_move_to_a_village_that_does_not_exist(cast: Cast, code: str) -> None:
    household = cast.households[LIANFENG][0]
    typed = {"kind": "moved", "region": code, "on": "2021-06-01", "place": "1组1号"}

    response = signed_in(cast, "officer").post(reverse("household-move", args=[household]), typed)

    assert response.status_code == 400
    assert read(response).said("region")
    assert read(response).values("place") == ["1组1号"]
    assert Household.objects.unscoped("test").get(id=household).region == LIANFENG


@pytest.mark.parametrize(
    ("name", "asked", "status"),
    [
        ("figures", {"region": "999999"}, 400),
        ("figures", {"region": "33o402"}, 400),
        ("figures", {"period": "2021-13"}, 400),
        ("figures", {"period": "1948"}, 400),
        ("figures", {"period": "2099"}, 400),
        ("figures", {"region": "330411"}, 404),
        ("visits", {"since": "2021-02-30"}, 400),
        ("visits", {"q": "话"}, 400),
        ("visits", {"region": "1' OR '1'='1"}, 200),
        ("visits", {"purpose": "no-such-thing"}, 200),
        ("visits", {"before": "yesterday"}, 200),
        ("listings", {"from": "-1", "list": "no-such-list"}, 200),
        ("households", {"region": "999999"}, 200),
        ("households", {"q": "%%%"}, 200),
    ],
)
def test_an_address_somebody_has_cut_short_is_answered_kindly(
    cast: Cast, name: str, asked: dict[str, str], status: int
) -> None:
    response = signed_in(cast).get(reverse(name), asked)

    assert response.status_code == status
    assert "Traceback" not in response.content.decode()


# ── files ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("on_day", "2099-01-01", "不能晚于今天"),
        ("on_day", "1948-01-01", "不能早于 1949 年"),
        ("on_day", "某天", "日期请写成"),
        ("category", "no-such-category", "类别请从列出的选项里选"),
        ("note", "话" * 10_000, "最多写"),
    ],
)
def test_a_mistake_in_a_file_is_told_by_its_field(cast: Cast, name: str, value: str, sentence: str) -> None:
    where = reverse("listing-new", args=["household", cast.households[LIANFENG][0]])
    typed = {"id": new_id(), "list": "family-file", "on_day": "2021-06-01", "category": "in-contact",
             "note": "常去看看", name: value}  # fmt: skip

    response = signed_in(cast).post(where, typed)

    page = read(response)
    assert response.status_code == 400
    assert sentence in page.said(name)
    missing = lost(page, typed)
    if name == "category":
        missing.pop(name)
    assert missing == {}
    assert not Listing.objects.unscoped("test").exists()


def test_the_same_file_twice_is_refused(cast: Cast) -> None:
    where = reverse("listing-new", args=["household", cast.households[LIANFENG][0]])
    typed = {"list": "family-file", "on_day": "2021-06-01"}
    assert signed_in(cast).post(where, typed | {"id": new_id()}).status_code == 302

    response = signed_in(cast).post(where, typed | {"id": new_id()})

    assert response.status_code == 400
    assert "已经在这个册子里" in response.content.decode()
    assert Listing.objects.unscoped("test").count() == 1
