"""Organisations: the list, one body, entering, amending, dissolving."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from lianxin.base.ids import new_id
from lianxin.net.models import FEDERATION, UNIT, Organisation, Post
from tests.cast import COUNTY, LIANFENG, NEXT_TOWN, ROLES, SANXING, TOWN, YONGLI, Cast
from tests.taking import taken_out

pytestmark = pytest.mark.django_db

READERS = {"member", "chair", "neighbour", "clerk", "next_clerk", "officer", "programme_officer", "leader"}
READERS |= {"administrator", "stranger", "strange_officer"}
WRITERS = {"clerk", "next_clerk", "officer", "administrator", "strange_officer"}


def federation(region: str) -> Organisation:
    return Organisation.objects.get(region=region, type=FEDERATION)


def shown(client: Client, name: str, *args: str, **asked: str) -> str:
    answer = client.get(reverse(name, args=args), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def listed(page: str) -> list[str]:
    return re.findall(r'href="/organisations/[0-9A-Z]{26}/">([^<]+)</a>', page)


@pytest.fixture
def clerk(client: Client, cast: Cast) -> Client:
    client.force_login(cast.accounts["clerk"])
    return client


# ── who may open what ────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", sorted(ROLES))
def test_reading_and_writing_follow_the_role(client: Client, cast: Cast, who: str) -> None:
    client.force_login(cast.accounts[who])

    read = client.get(reverse("organisations")).status_code
    write = client.get(reverse("organisation-new")).status_code

    assert (read, write) == (200 if who in READERS else 403, 200 if who in WRITERS else 403)


@pytest.mark.parametrize("name", ["organisation-amend", "organisation-dissolve", "organisation-take-back"])
def test_a_body_is_changed_only_from_above_it(client: Client, cast: Cast, name: str) -> None:
    body = federation(LIANFENG)
    address = reverse(name, args=[body.pk])
    answers = {}
    for who in ("clerk", "officer", "administrator", "member", "next_clerk", "strange_officer"):
        client.force_login(cast.accounts[who])
        answers[who] = client.get(address).status_code

    assert answers == {
        "clerk": 200,
        "officer": 200,
        "administrator": 200,
        "member": 403,
        "next_clerk": 404,
        "strange_officer": 404,
    }


def test_who_may_not_write_changes_nothing(client: Client, cast: Cast) -> None:
    body = federation(LIANFENG)

    for who, status in (("member", 403), ("next_clerk", 404), ("leader", 403)):
        client.force_login(cast.accounts[who])
        assert client.post(reverse("organisation-amend", args=[body.pk]), {"name": "x"}).status_code == status
        assert client.post(reverse("organisation-take-back", args=[body.pk]), {"because": "x"}).status_code == status
        assert client.post(reverse("organisation-dissolve", args=[body.pk]), {}).status_code == status

    body.refresh_from_db()
    assert (body.name, body.dissolved_on) == ("联丰村委会妇联", None)


# ── lists ────────────────────────────────────────────────────────────────────


def test_everybody_sees_the_bodies_of_her_own_area(client: Client, cast: Cast) -> None:
    seen = {}
    for who in ("member", "clerk", "officer"):
        client.force_login(cast.accounts[who])
        seen[who] = listed(shown(client, "organisations"))

    town = ["凤桥镇妇联", "联丰村委会妇联", "三星村委会妇联"]
    assert seen == {
        "member": ["联丰村委会妇联"],
        "clerk": town,
        "officer": ["南湖区妇联", *town, "余新镇妇联", "永利村委会妇联"],
    }


def test_the_list_is_narrowed(client: Client, cast: Cast) -> None:
    client.force_login(cast.accounts["officer"])
    home = Organisation.objects.create(name="石榴微家", type="micro-home", level=5, region=LIANFENG)
    Organisation.objects.filter(region=YONGLI).update(dissolved_on=dt.date(2021, 5, 1))

    assert listed(shown(client, "organisations", type="micro-home")) == [home.name]
    assert listed(shown(client, "organisations", q="三星")) == ["三星村委会妇联"]
    assert listed(shown(client, "organisations", region=NEXT_TOWN)) == ["余新镇妇联"]
    assert listed(shown(client, "organisations", dissolved="1")) == ["永利村委会妇联"]
    assert "2021年5月1日撤销" in shown(client, "organisations", dissolved="1")


def test_a_long_list_goes_on_where_it_stopped(client: Client, cast: Cast) -> None:
    client.force_login(cast.accounts["officer"])
    for n in range(32):
        Organisation.objects.create(name=f"微家{n:02}", type="micro-home", level=5, region=LIANFENG)

    first = shown(client, "organisations", type="micro-home")
    onward = re.search(r'href="(\?[^"]+)" rel="next"', first)
    assert onward
    second = client.get(reverse("organisations") + onward[1].replace("&amp;", "&")).content.decode()

    names = listed(first) + listed(second)
    assert len(listed(first)) == 30
    assert sorted(names) == [f"微家{n:02}" for n in range(32)]


def test_the_ledger_holds_the_same_rows(clerk: Client, cast: Cast) -> None:
    answer = taken_out(clerk, reverse("organisations-export"))

    rows = list(load_workbook(io.BytesIO(b"".join(answer))).active.values)
    assert [row[1:6] for row in rows[3:]] == [
        ("凤桥镇妇联", "妇联", "凤桥镇", TOWN, "南湖区妇联"),
        ("联丰村委会妇联", "妇联", "凤桥镇联丰村", LIANFENG, "凤桥镇妇联"),
        ("三星村委会妇联", "妇联", "凤桥镇三星村", SANXING, "凤桥镇妇联"),
    ]
    clerk.force_login(cast.accounts["member"])
    assert clerk.get(reverse("organisations-export")).status_code == 403


def test_the_list_costs_the_same_for_one_and_for_many(
    client: Client, cast: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client.force_login(cast.accounts["officer"])
    shown(client, "organisations")

    with django_assert_max_num_queries(15) as one:  # type: ignore[attr-defined]
        assert len(listed(shown(client, "organisations", q="三星"))) == 1
    with django_assert_max_num_queries(15) as many:  # type: ignore[attr-defined]
        assert len(listed(shown(client, "organisations"))) == 6

    assert len(one) == len(many)


# ── one body ─────────────────────────────────────────────────────────────────


def test_one_body_tells_who_leads_and_houses_it_and_who_serves_in_it(clerk: Client, cast: Cast) -> None:
    town = federation(TOWN)
    unit = Organisation.objects.create(name="凤桥文化站", type=UNIT, level=4, region=TOWN)
    town.host = unit
    town.founded_on = dt.date(2016, 3, 8)
    town.save()
    Post.objects.create(
        person=new_id(), account=cast.accounts["clerk"], organisation=town, title="主席", starts=dt.date(2020, 1, 1)
    )
    Post.objects.create(
        person=new_id(), organisation=town, title="执委", starts=dt.date(2016, 1, 1), ends=dt.date(2019, 1, 1)
    )

    page = shown(clerk, "organisation", town.pk)

    assert f'<a href="{reverse("organisation", args=[federation(COUNTY).pk])}">南湖区妇联</a>' in page
    assert f'<a href="{reverse("organisation", args=[unit.pk])}">凤桥文化站</a>' in page
    assert "2016年3月8日" in page
    assert "示例clerk" in page
    assert "2019年1月1日" in page
    assert "联丰村委会妇联" in page
    assert "三星村委会妇联" in page
    assert reverse("organisation-amend", args=[town.pk]) in page


def test_one_body_costs_the_same_for_one_and_for_three_posts(
    clerk: Client, cast: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    body = federation(LIANFENG)

    def serve(title: str) -> None:
        Post.objects.create(person=new_id(), organisation=body, title=title, starts=dt.date(2020, 1, 1))

    serve("主席")
    shown(clerk, "organisation", body.pk)
    with django_assert_max_num_queries(15) as one:  # type: ignore[attr-defined]
        shown(clerk, "organisation", body.pk)
    serve("副主席")
    serve("执委")
    with django_assert_max_num_queries(15) as three:  # type: ignore[attr-defined]
        shown(clerk, "organisation", body.pk)

    assert len(one) == len(three)


# ── entering, renaming, dissolving ───────────────────────────────────────────


def founding(**changed: str) -> dict[str, str]:
    typed = {"name": "石榴微家", "type": "micro-home", "county": COUNTY, "town": TOWN, "village": LIANFENG}
    return typed | {"founded_on": "2021-03-08", "parent": federation(LIANFENG).pk} | changed


def test_a_body_is_entered_where_it_stands_under_who_leads_it(clerk: Client) -> None:
    answer = clerk.post(reverse("organisation-new"), founding())

    body = Organisation.objects.get(name="石榴微家")
    assert answer["Location"] == reverse("organisation", args=[body.pk])
    assert (body.type, body.region, body.level) == ("micro-home", LIANFENG, 5)
    assert body.founded_on == dt.date(2021, 3, 8)
    assert body.parent == federation(LIANFENG)


def test_choosing_the_place_lists_who_may_lead_it_there(clerk: Client) -> None:
    page = shown(clerk, "organisation-new")
    chosen = clerk.post(
        reverse("organisation-new"),
        founding(narrow="yes", parent=""),
        headers={"HX-Request": "true", "HX-Target": "place"},
    ).content.decode()

    assert 'name="town"' in page
    assert re.findall(r">([^<· ]+妇联)</option>", chosen) == ["联丰村委会妇联", "凤桥镇妇联", "南湖区妇联"]
    assert not Organisation.objects.filter(name="石榴微家").exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": " "}, "请填组织名称。"),
        ({"type": "club"}, "请选一个类型。"),
        ({"founded_on": "2099-01-01"}, "日期不能晚于今天"),
        ({"founded_on": "1912-01-01"}, "日期不能早于 1949 年"),
        ({"name": "联丰村委会妇联", "type": "federation"}, "这里已经有“联丰村委会妇联”，不用再建。"),
        ({"parent": "01J0000000000000000000000X"}, "没有这个组织，或它已经撤销，请重新选。"),
    ],
)
def test_a_mistake_is_said_and_nothing_typed_is_lost(clerk: Client, changed: dict[str, str], said: str) -> None:
    before = Organisation.objects.count()

    answer = clerk.post(reverse("organisation-new"), founding(**changed))

    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert f'value="{(founding() | changed)["name"]}"' in page
    assert f'value="{LIANFENG}" selected' in page
    assert Organisation.objects.count() == before


def test_a_body_is_renamed(clerk: Client) -> None:
    body = federation(LIANFENG)

    empty = clerk.post(reverse("organisation-amend", args=[body.pk]), {"name": ""})
    told = clerk.post(reverse("organisation-amend", args=[body.pk]), {"name": "联丰村妇联"}, follow=True)

    body.refresh_from_db()
    assert empty.status_code == 400
    assert body.name == "联丰村妇联"
    assert "“联丰村妇联”改好了。" in told.content.decode()


def test_a_body_is_dissolved_once_nothing_hangs_on_it(clerk: Client) -> None:
    town, village = federation(TOWN), federation(LIANFENG)

    refused = clerk.post(reverse("organisation-dissolve", args=[town.pk]), {"dissolved_on": "2021-06-30"})
    done = clerk.post(reverse("organisation-dissolve", args=[village.pk]), {"dissolved_on": "2021-06-30"}, follow=True)

    village.refresh_from_db()
    assert refused.status_code == 400
    assert "下面还有组织" in refused.content.decode()
    assert village.dissolved_on == dt.date(2021, 6, 30)
    assert "已撤销" in done.content.decode()
    assert reverse("organisation-amend", args=[village.pk]) not in done.content.decode()


def test_an_entry_by_mistake_is_taken_back_and_its_page_says_so(clerk: Client) -> None:
    clerk.post(reverse("organisation-new"), founding())
    body = Organisation.objects.get(name="石榴微家")

    silent = clerk.post(reverse("organisation-take-back", args=[body.pk]), {"because": " "})
    done = clerk.post(reverse("organisation-take-back", args=[body.pk]), {"because": "登记了两次"}, follow=True)

    assert silent.status_code == 400
    assert "请写明为什么撤回" in silent.content.decode()
    assert "撤回了，计入的数也退回去了" in done.content.decode()
    assert "登记撤回" in shown(clerk, "organisations", dissolved="1")


def test_the_form_asks_what_the_type_wants(clerk: Client) -> None:
    asked = founding(narrow="yes", type="new-field-federation")
    page = clerk.post(reverse("organisation-new"), asked).content.decode()
    micro = clerk.post(reverse("organisation-new"), founding(narrow="yes")).content.decode()

    assert ('name="field"' in page, 'name="mode"' in page, 'name="standard"' in page) == (True, True, False)
    assert ('name="field"' in micro, 'name="mode"' in micro, 'name="standard"' in micro) == (False, False, True)
    missing = clerk.post(reverse("organisation-new"), founding(type="new-field-federation", parent=""))
    assert "请选是哪个领域。" in missing.content.decode()


def test_a_new_field_federation_keeps_field_and_mode(clerk: Client) -> None:
    typed = founding(type="new-field-federation", field="express", mode="trade", name="示例快递妇联")

    page = clerk.post(reverse("organisation-new"), typed, follow=True).content.decode()

    assert "快递物流" in page
    assert "行业组建" in page
    assert "“四新”领域妇女组织" in page


# ── what stands where ────────────────────────────────────────────────────────


def test_the_tree_says_what_stands_where_and_what_is_missing(clerk: Client) -> None:
    clerk.post(reverse("organisation-new"), founding(type="womens-home", name="联丰妇女之家"))

    page = shown(clerk, "organisations-places")

    assert "凤桥镇：哪里有什么" in page
    assert "还差 1 个" in page  # of two villages one has a women's home
    assert f'href="{reverse("organisations-places")}?region={SANXING}"' in page
    assert "凤桥镇妇联" in page


def test_the_county_sees_which_towns_have_no_mediation_station(client: Client, cast: Cast) -> None:
    client.force_login(cast.accounts["officer"])
    station = founding(type="mediation-station", name="凤桥调解站", village="", parent="")
    client.post(reverse("organisation-new"), station)

    page = shown(client, "organisations-places")

    covers = re.findall(
        r"<b>([^<]+)</b>[^/]*?<span class=\"num\">(\d+)<span class=\"u\">个</span></span> / (\d+)", page
    )
    assert ("婚姻家庭纠纷调解工作站", "1", "2") in covers
    assert f"?region={NEXT_TOWN}" in page


def test_nobody_looks_at_the_tree_of_another_place(client: Client, cast: Cast) -> None:
    answers = {}
    for who in ("member", "clerk", "next_clerk", "officer", "strange_officer"):
        client.force_login(cast.accounts[who])
        answers[who] = client.get(reverse("organisations-places"), {"region": TOWN}).status_code

    assert answers == {"member": 404, "clerk": 200, "next_clerk": 404, "officer": 200, "strange_officer": 404}
    assert client.get(reverse("organisations-places"), {"region": "x"}).status_code == 404


def test_the_tree_costs_the_same_for_few_and_for_many(
    client: Client, cast: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client.force_login(cast.accounts["officer"])
    shown(client, "organisations-places")

    with django_assert_max_num_queries(15) as few:  # type: ignore[attr-defined]
        shown(client, "organisations-places")
    for n in range(5):
        Organisation.objects.create(name=f"微家{n:02}", type="micro-home", level=5, region=LIANFENG)
    with django_assert_max_num_queries(15) as many:  # type: ignore[attr-defined]
        shown(client, "organisations-places")

    assert len(few) == len(many)


# ── members, partners, rota ──────────────────────────────────────────────────


@pytest.fixture
def alliance(cast: Cast) -> Organisation:
    day = dt.date(2021, 1, 4)
    return Organisation.objects.create(name="农场联盟", type="farm-alliance", level=4, region=TOWN, founded_on=day)


def test_a_member_is_found_by_name_joins_and_leaves(clerk: Client, alliance: Organisation) -> None:
    farm = Organisation.objects.create(name="示例农场", type="unit", level=5, region=LIANFENG)
    Organisation.objects.create(name="别处农场", type="unit", level=5, region=YONGLI)
    address = reverse("organisation-member-new", args=[alliance.pk])

    hits = clerk.get(address, {"who-find": "农场"}, headers={"HX-Request": "true", "HX-Target": "f-who-hits"})
    clerk.post(address, {"who": f"organisation:{farm.pk}", "who-find": "农场", "starts": "2021-03-08"})
    page = shown(clerk, "organisation", alliance.pk)

    assert "示例农场" in hits.content.decode()
    assert "别处农场" not in hits.content.decode()
    assert "现在一共 1 个成员。" in page
    leave = re.search(r'href="(/members/[0-9A-Z]{26}/end/)"', page)
    assert leave
    clerk.post(leave[1], {"ends": "2021-11-30"})
    assert "现在一共 0 个成员。" in shown(clerk, "organisation", alliance.pk)
    assert clerk.get(leave[1]).status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"who": "", "starts": "2021-03-08"}, "请先查找，再从找到的里面选一个。"),
        ({"who": "organisation:01J0000000000000000000000X", "starts": "2021-03-08"}, "请从列出的选项里选。"),
        ({"who": "nobody", "starts": "2021-03-08"}, "请从列出的选项里选。"),
        ({"who": "FARM", "starts": ""}, "请填加入日期。"),
        ({"who": "FARM", "starts": "2020-12-31"}, "加入日期不能早于它成立的日期。"),
    ],
)
def test_a_member_that_cannot_be_is_refused(
    clerk: Client, alliance: Organisation, typed: dict[str, str], said: str
) -> None:
    farm = Organisation.objects.create(name="示例农场", type="unit", level=5, region=LIANFENG)
    typed = {name: text.replace("FARM", f"organisation:{farm.pk}") for name, text in typed.items()}

    answer = clerk.post(reverse("organisation-member-new", args=[alliance.pk]), typed)

    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_partners_take_their_turns_on_the_page(clerk: Client, alliance: Organisation) -> None:
    partners = reverse("organisation-partner-new", args=[alliance.pk])
    empty = clerk.post(partners, {"name": "", "place": "外县", "starts": "2021-03-08"})
    for name in ("甲县妇联", "乙县妇联"):
        clerk.post(partners, {"name": name, "place": "外省外县", "purpose": "互学", "starts": "2021-03-08"})
    rota = reverse("organisation-rota", args=[alliance.pk])
    chosen = re.findall(
        r'value="([0-9A-Z]{26})"[^>]*><span>[^<]*<svg[^>]*>.*?</svg>(甲县妇联|乙县妇联)',
        shown(clerk, "organisation-rota", alliance.pk),
    )
    keys = {name: key for key, name in chosen}

    clerk.post(rota, {"period": "year", "starts": "2021-01-01", "turn-1": keys["甲县妇联"], "turn-2": keys["乙县妇联"]})
    page = shown(clerk, "organisation", alliance.pk)

    assert empty.status_code == 400
    assert "请填对方的名称" in empty.content.decode()
    assert "轮值" in page
    assert page.index("现在") < page.index("接下来")
    unknown = clerk.post(rota, {"period": "week", "starts": "2021-01-01"})
    assert "请选多久换一家。" in unknown.content.decode()
    end = re.search(r'href="(/partners/[0-9A-Z]{26}/end/)"', page)
    assert end
    assert clerk.post(end[1], {"ends": "2021-11-30"}).status_code == 302


def test_a_member_is_found_by_initials_whether_head_of_a_household_or_not(clerk: Client, cast: Cast) -> None:
    body = Organisation.objects.create(name="石榴微家", type="micro-home", level=5, region=LIANFENG)
    address = reverse("organisation-member-new", args=[body.pk])

    assert "周根玉" in shown(clerk, "organisation-member-new", body.pk, **{"who-find": "zgy"})
    assert "张小雨" in clerk.get(address, {"who-find": "张小雨"}).content.decode()
