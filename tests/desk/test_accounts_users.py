"""User administration: the list, one account, opening, appointing, ending, resetting, switching off and on."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from lianxin.base.days import today
from lianxin.net.accounts import create_account
from lianxin.net.models import Account, AccountChange, Appointment, ChangeKind
from tests.cast import COUNTY, LIANFENG, MUQIAO, PASSWORD, ROLES, TOWN, Cast
from tests.taking import taken_out

pytestmark = pytest.mark.django_db

READERS = {"administrator", "security", "audit"}
OTHERS = sorted(set(ROLES) - READERS)


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    client.force_login(cast.accounts["administrator"])
    return client


def shown(client: Client, name: str, *args: str, **asked: str) -> str:
    answer = client.get(reverse(name, args=args), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def usernames(page: str) -> list[str]:
    return re.findall(r"<span>([a-z][a-z0-9.-]+)</span>", page)


# ── who may open what ────────────────────────────────────────────────────────


def addresses(cast: Cast) -> dict[str, str]:
    member = cast.accounts["member"].pk
    held = Appointment.objects.get(account=member).pk
    return {
        "users": reverse("users"),
        "user": reverse("user", args=[member]),
        "user-new": reverse("user-new"),
        "user-appoint": reverse("user-appoint", args=[member]),
        "appointment-end": reverse("appointment-end", args=[held]),
    }


@pytest.mark.parametrize("who", OTHERS)
def test_accounts_are_no_business_of_other_roles(client: Client, cast: Cast, who: str) -> None:
    client.force_login(cast.accounts[who])

    assert {client.get(address).status_code for address in addresses(cast).values()} == {403}
    assert client.get(reverse("users-export")).status_code == 403


@pytest.mark.parametrize("who", sorted(READERS))
def test_three_roles_look_at_accounts_and_one_of_them_manages(client: Client, cast: Cast, who: str) -> None:
    client.force_login(cast.accounts[who])

    answers = {name: client.get(address).status_code for name, address in addresses(cast).items()}

    may = 200 if who == "administrator" else 403
    assert answers == {
        "users": 200,
        "user": 200,
        "user-new": may,
        "user-appoint": may,
        "appointment-end": may,
    }


@pytest.mark.parametrize("who", ["security", "audit", "officer", "member"])
@pytest.mark.parametrize("name", ["user-reset", "user-deactivate", "user-reactivate"])
def test_who_does_not_manage_changes_nothing(client: Client, cast: Cast, who: str, name: str) -> None:
    client.force_login(cast.accounts[who])
    target = cast.accounts["chair"]

    answer = client.post(reverse(name, args=[target.pk]))

    target.refresh_from_db()
    assert answer.status_code == 403
    assert target.check_password(PASSWORD)
    assert target.is_active
    assert not AccountChange.objects.exists()


@pytest.mark.parametrize("name", ["user-reset", "user-deactivate", "user-reactivate"])
def test_changes_need_a_post(admin: Client, cast: Cast, name: str) -> None:
    assert admin.get(reverse(name, args=[cast.accounts["chair"].pk])).status_code == 405


def test_accounts_of_another_county_do_not_exist(admin: Client, cast: Cast) -> None:
    stranger = cast.accounts["stranger"].pk
    held = Appointment.objects.get(account=stranger).pk

    for name in ("user", "user-appoint"):
        assert admin.get(reverse(name, args=[stranger])).status_code == 404
    for name in ("user-reset", "user-deactivate", "user-reactivate", "user-appoint"):
        assert admin.post(reverse(name, args=[stranger])).status_code == 404
    assert admin.get(reverse("appointment-end", args=[held])).status_code == 404
    assert admin.post(reverse("appointment-end", args=[held]), {"ends": "2021-12-01"}).status_code == 404
    assert admin.get(reverse("user", args=["01J0000000000000000000000X"])).status_code == 404


def test_buttons_without_their_token_do_nothing(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.accounts["administrator"])

    assert strict.post(reverse("user-deactivate", args=[cast.accounts["member"].pk])).status_code == 403
    assert Account.objects.get(username="cast.member").is_active


# ── the list ─────────────────────────────────────────────────────────────────


def test_the_list_holds_the_countys_accounts_with_their_posts(admin: Client, cast: Cast) -> None:
    page = shown(admin, "users")

    ours = sorted(cast.accounts[who].username for who in ROLES if not who.startswith("strange"))
    assert usernames(page) == ours
    assert "一共 12 个账号" in page
    assert "村（社区）执委 · 凤桥镇联丰村" in page
    assert "cast.stranger" not in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "CHAIR"}, ["cast.chair"]),
        ({"q": "示例clerk"}, ["cast.clerk"]),
        ({"role": "village-member"}, ["cast.member", "cast.neighbour"]),
        ({"role": "village-member", "region": LIANFENG}, ["cast.member"]),
        ({"region": TOWN}, ["cast.chair", "cast.clerk", "cast.member", "cast.neighbour"]),
        ({"region": "330411"}, []),
        ({"q": "stranger"}, []),
        ({"state": "off"}, ["cast.audit"]),
        ({"state": "fresh"}, ["cast.leader"]),
        ({"state": "idle"}, ["cast.partner"]),
        ({"role": "nobody", "state": "odd", "region": "x"}, None),
    ],
)
def test_the_list_is_narrowed(admin: Client, cast: Cast, asked: dict[str, str], found: list[str] | None) -> None:
    Account.objects.filter(username="cast.audit").update(is_active=False)
    Account.objects.filter(username="cast.leader").update(must_change_password=True)
    Appointment.objects.filter(account=cast.accounts["partner"]).update(ends=dt.date(2021, 1, 1))

    page = shown(admin, "users", **asked)

    assert usernames(page) == (found if found is not None else usernames(shown(admin, "users")))
    if found == []:
        assert "没有找到这样的账号" in page


def test_a_post_elsewhere_cannot_be_found_by_searching_for_it(admin: Client, cast: Cast) -> None:
    Appointment.objects.create(
        account=cast.accounts["member"],
        role="town-clerk",
        region="330411002",
        starts=dt.date(2020, 1, 1),
        granted_by="cast",
    )

    assert usernames(shown(admin, "users", role="town-clerk")) == ["cast.clerk", "cast.next-clerk"]
    assert usernames(shown(admin, "users", region=MUQIAO[:9])) == []
    assert "新城街道" not in shown(admin, "user", cast.accounts["member"].pk)


def test_a_long_list_goes_on_where_it_stopped(admin: Client, cast: Cast) -> None:
    member = cast.accounts["member"]
    extra = [Account.objects.create_user(f"z{n:02}", name=f"z{n}") for n in range(25)]
    for account in extra:
        Appointment.objects.create(
            account=account, role="village-member", region=LIANFENG, starts=dt.date(2020, 1, 1), granted_by=member.pk
        )

    first = shown(admin, "users")
    onward = re.search(r'href="(\?after=[^"]+)" rel="next"', first)
    assert onward
    second = admin.get(reverse("users") + onward[1]).content.decode()

    assert "一共 37 个账号" in first
    assert usernames(first) + usernames(second) == [
        *sorted(cast.accounts[who].username for who in ROLES if not who.startswith("strange")),
        *(f"z{n:02}" for n in range(25)),
    ]
    assert len(usernames(first)) == 30
    assert "到底了" in second


def test_htmx_gets_the_list_alone(admin: Client) -> None:
    answer = admin.get(reverse("users"), {"q": "chair"}, headers={"HX-Request": "true", "HX-Target": "list"})

    page = answer.content.decode()
    assert page.strip().startswith('<div id="list">')
    assert usernames(page) == ["cast.chair"]


def test_the_list_costs_the_same_for_one_and_for_many(
    admin: Client, cast: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    admin.get(reverse("users"))

    with django_assert_max_num_queries(15) as one:  # type: ignore[attr-defined]
        assert usernames(shown(admin, "users", q="chair")) == ["cast.chair"]
    with django_assert_max_num_queries(15) as many:  # type: ignore[attr-defined]
        assert len(usernames(shown(admin, "users"))) == 12

    assert len(one) == len(many)


def test_who_may_export_gets_the_same_rows_as_a_ledger(admin: Client, cast: Cast) -> None:
    answer = taken_out(admin, reverse("users-export"), {"role": "village-member"})

    rows = list(load_workbook(io.BytesIO(b"".join(answer))).active.values)
    assert "filename" in answer["Content-Disposition"]
    assert [row[1:4] for row in rows[3:]] == [
        ("示例member", "cast.member", "村（社区）执委 · 凤桥镇联丰村"),
        ("示例neighbour", "cast.neighbour", "村（社区）执委 · 凤桥镇三星村"),
    ]
    admin.force_login(cast.accounts["partner"])
    assert admin.get(reverse("users-export")).status_code == 403


def test_who_takes_accounts_out_takes_no_visits_out(admin: Client, cast: Cast) -> None:
    cast.visit(heard="浴室没扶手")
    Appointment.objects.create(
        account=cast.accounts["administrator"],
        role="village-member",  # reads visits, and exports nothing
        region=LIANFENG,
        starts=dt.date(2020, 1, 1),
        granted_by="cast",
    )

    page = admin.get(reverse("visits")).content.decode()

    assert "浴室没扶手" in page
    assert reverse("visits-export") not in page
    assert admin.get(reverse("visits-export")).status_code == 403


# ── one account ──────────────────────────────────────────────────────────────


def test_one_account_tells_its_posts_and_what_was_done_to_it(admin: Client, cast: Cast) -> None:
    member = cast.accounts["member"]
    admin.post(reverse("user-deactivate", args=[member.pk]))
    admin.post(reverse("user-reactivate", args=[member.pk]))

    page = shown(admin, "user", member.pk)

    assert "村（社区）执委 · 凤桥镇联丰村" in page
    assert page.index("停用账号") < page.index("恢复账号</")
    assert page.count("经办 示例administrator") == 2
    assert reverse("user-appoint", args=[member.pk]) in page


def test_her_own_account_is_another_administrators_business(admin: Client, cast: Cast) -> None:
    own = cast.accounts["administrator"]

    page = shown(admin, "user", own.pk)

    assert "自己的账号请由另一位管理员来办" in page
    assert reverse("user-reset", args=[own.pk]) not in page
    assert admin.post(reverse("user-deactivate", args=[own.pk])).status_code == 403
    assert admin.post(reverse("user-appoint", args=[own.pk]), appointment()).status_code == 403


def test_one_account_costs_the_same_for_one_and_for_three_posts(
    admin: Client, cast: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    member = cast.accounts["member"]
    shown(admin, "user", member.pk)

    with django_assert_max_num_queries(15) as one:  # type: ignore[attr-defined]
        shown(admin, "user", member.pk)
    for year in (2017, 2018):
        Appointment.objects.create(
            account=member,
            role="village-member",
            region=LIANFENG,
            starts=dt.date(year, 1, 1),
            ends=dt.date(year, 6, 1),
            granted_by=cast.accounts["administrator"].pk,
        )
    with django_assert_max_num_queries(15) as three:  # type: ignore[attr-defined]
        shown(admin, "user", member.pk)

    assert len(one) == len(three)


# ── opening, passwords, off and on ───────────────────────────────────────────


def password_on(page: str) -> str:
    found = re.search(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", page)
    assert found
    return found[0]


def test_a_new_account_shows_its_password_once(admin: Client, cast: Cast) -> None:
    answer = admin.post(reverse("user-new"), {"username": "New.One", "name": "新来的人"})

    account = Account.objects.get(username="new.one")
    password = password_on(answer.content.decode())
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert account.check_password(password)
    assert account.must_change_password
    assert account.created_by == cast.accounts["administrator"].pk
    assert reverse("user-appoint", args=[account.pk]) in answer.content.decode()
    assert password not in shown(admin, "user", account.pk)
    assert password not in shown(admin, "user-new")


def test_a_second_click_opens_no_second_account(admin: Client) -> None:
    typed = {"username": "new.one", "name": "新来的人"}
    admin.post(reverse("user-new"), typed)

    again = admin.post(reverse("user-new"), typed)

    assert again.status_code == 400
    assert "账号“new.one”已经有人用了，请换一个。" in again.content.decode()
    assert Account.objects.filter(username="new.one").count() == 1


def test_what_was_typed_stays_through_a_mistake(admin: Client) -> None:
    answer = admin.post(reverse("user-new"), {"username": "坏账号", "name": "新来的人"})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="新来的人"' in page
    assert 'value="坏账号"' in page
    assert "账号用 3 到 40 个小写字母" in page


def test_a_reset_password_is_shown_once_and_ends_her_sessions(admin: Client, cast: Cast) -> None:
    hers = Client()
    hers.force_login(cast.accounts["member"])

    answer = admin.post(reverse("user-reset", args=[cast.accounts["member"].pk]))

    account = Account.objects.get(username="cast.member")
    assert "no-store" in answer["Cache-Control"]
    assert account.check_password(password_on(answer.content.decode()))
    assert account.must_change_password
    assert hers.get(reverse("me")).status_code == 302


def test_switching_off_can_be_taken_back(admin: Client, cast: Cast) -> None:
    member = cast.accounts["member"]
    hers = Client()
    hers.force_login(member)

    off = admin.post(reverse("user-deactivate", args=[member.pk]), follow=True).content.decode()

    assert hers.get(reverse("me")).status_code == 302
    assert reverse("user-reactivate", args=[member.pk]) in off
    assert reverse("user-appoint", args=[member.pk]) not in off
    admin.post(reverse("user-reactivate", args=[member.pk]))
    assert Account.objects.get(username="cast.member").is_active


# ── appointing ───────────────────────────────────────────────────────────────


def appointment(**changed: object) -> dict[str, object]:
    typed = {"role": "village-chair", "county": COUNTY, "town": TOWN, "village": LIANFENG, "starts": "2021-03-01"}
    return typed | changed


@pytest.fixture
def fresh(cast: Cast) -> Account:
    return create_account(cast.actor("administrator"), username="new.one", name="新来的人").account


def test_the_form_offers_every_role_in_words_and_the_towns_of_her_county(admin: Client, fresh: Account) -> None:
    page = shown(admin, "user-appoint", fresh.pk)

    assert page.count('type="radio" name="role"') == 10
    assert "登记和查看本村的走访、家庭和档案。授到村（社区）或以下。" in page
    assert re.findall(r'<option value="(\d{9})"', page) == [TOWN, "330402101"]
    assert f'<input type="hidden" name="county" value="{COUNTY}">' in page
    assert 'name="village"' not in page


def test_choosing_a_town_lists_its_villages_and_saves_nothing(admin: Client, fresh: Account) -> None:
    answer = admin.post(
        reverse("user-appoint", args=[fresh.pk]),
        appointment(village="", because="换届", narrow="yes"),
        headers={"HX-Request": "true", "HX-Target": "place"},
    )

    page = answer.content.decode()
    assert page.strip().startswith('<div class="fields" id="place"')
    assert re.findall(r'<option value="(\d{12})"', page) == [LIANFENG, "330402100226"]
    assert not Appointment.objects.filter(account=fresh).exists()


def test_without_script_the_button_lists_them_and_keeps_what_was_typed(admin: Client, fresh: Account) -> None:
    typed = appointment(village="", because="换届", narrow="yes")

    page = admin.post(reverse("user-appoint", args=[fresh.pk]), typed).content.decode()

    assert re.findall(r'<option value="(\d{12})"', page) == [LIANFENG, "330402100226"]
    assert 'value="village-chair" checked' in page
    assert 'value="换届"' in page
    assert 'value="2021-03-01"' in page
    assert "还没有存" not in page


def test_an_appointment_is_granted_at_the_lowest_place_chosen(admin: Client, cast: Cast, fresh: Account) -> None:
    answer = admin.post(reverse("user-appoint", args=[fresh.pk]), appointment(because="换届选举"))

    row = Appointment.objects.get(account=fresh)
    assert answer["Location"] == reverse("user", args=[fresh.pk])
    assert (row.role, row.region, row.starts, row.ends) == ("village-chair", LIANFENG, dt.date(2021, 3, 1), None)
    assert (row.because, row.programmes, row.granted_by) == ("换届选举", None, cast.accounts["administrator"].pk)
    assert row.organisation is not None
    assert row.organisation.region == LIANFENG
    assert AccountChange.objects.filter(account=fresh.pk).last().kind == ChangeKind.APPOINTED  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changed", "said", "at"),
    [
        ({"role": ""}, "请选一个岗位。", "f-role"),
        ({"role": "queen"}, "没有这个角色，请从列表里选。", "f-role"),
        ({"village": ""}, "“村（社区）妇联主席”只能授到村（社区）或以下，不能授到乡镇（街道）。", "f-village"),
        ({"town": "", "village": ""}, "不能授到县（区）。", "f-town"),
        ({"starts": "2021-02-30"}, "没有“2021-02-30”这一天，请核对。", "f-starts"),
        ({"ends": "2021-03-01"}, "结束日期要晚于开始日期。", "f-ends"),
        ({"role": "programme-officer", "town": "", "village": ""}, "请写明是哪几项工作", "f-programmes"),
    ],
)
def test_a_mistake_is_said_by_its_field_and_nothing_typed_is_lost(
    admin: Client, fresh: Account, changed: dict[str, str], said: str, at: str
) -> None:
    typed = appointment(because="换届选举") | changed

    answer = admin.post(reverse("user-appoint", args=[fresh.pk]), typed)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert f'href="#{at}"' in page
    assert 'value="换届选举"' in page
    assert not Appointment.objects.filter(account=fresh).exists()


def test_a_programme_officer_is_appointed_to_her_programmes(admin: Client, fresh: Account) -> None:
    typed = appointment(role="programme-officer", town="", village="", programmes=["festival-care", "four-musts"])

    admin.post(reverse("user-appoint", args=[fresh.pk]), typed)

    assert Appointment.objects.get(account=fresh).programmes == ["festival-care", "four-musts"]


def test_a_programme_officer_without_programmes_is_refused_and_an_old_one_can_do_nothing(
    admin: Client, cast: Cast, fresh: Account
) -> None:
    typed = appointment(role="programme-officer", town="", village="", programmes=[])

    answer = admin.post(reverse("user-appoint", args=[fresh.pk]), typed)

    assert answer.status_code == 400
    assert "只为指定的工作而设" in answer.content.decode()
    assert not Appointment.objects.filter(account=fresh).exists()
    cast.visit(purposes=[{"programme": "festival-care"}])
    old = Appointment.objects.filter(account=cast.accounts["programme_officer"])
    client = Client()
    client.force_login(cast.accounts["programme_officer"])
    assert "一共 1 次走访" in client.get(reverse("visits")).content.decode()
    old.update(programmes=None)
    assert "一共 0 次走访" in client.get(reverse("visits")).content.decode()
    assert "没有写明是哪几项工作" in shown(admin, "user", cast.accounts["programme_officer"].pk)


@pytest.mark.parametrize(
    "places",
    [
        {"county": "330411", "town": "330411002", "village": MUQIAO},
        {"county": COUNTY, "town": "330411002", "village": MUQIAO},
        {"county": COUNTY, "town": "330402101", "village": LIANFENG},
    ],
)
def test_a_place_she_has_no_charge_of_cannot_be_smuggled_in(
    admin: Client, fresh: Account, places: dict[str, str]
) -> None:
    answer = admin.post(reverse("user-appoint", args=[fresh.pk]), appointment(**places))

    assert answer.status_code == 400
    assert not Appointment.objects.filter(account=fresh).exists()


def test_an_appointment_ends_on_a_day(admin: Client, cast: Cast) -> None:
    row = Appointment.objects.get(account=cast.accounts["member"])

    wrong = admin.post(reverse("appointment-end", args=[row.pk]), {"ends": "2019-12-31"})
    right = admin.post(reverse("appointment-end", args=[row.pk]), {"ends": "2021-06-30"})

    row.refresh_from_db()
    assert wrong.status_code == 400
    assert "结束日期不能早于开始日期。" in wrong.content.decode()
    assert 'value="2019-12-31"' in wrong.content.decode()
    assert right["Location"] == reverse("user", args=[cast.accounts["member"].pk])
    assert row.ends == dt.date(2021, 6, 30)
    again = admin.post(reverse("appointment-end", args=[row.pk]), {"ends": today().isoformat()})
    assert "这个岗位已经结束了。" in again.content.decode()


def test_her_own_appointment_is_ended_by_somebody_else(admin: Client, cast: Cast) -> None:
    row = Appointment.objects.get(account=cast.accounts["administrator"])

    assert admin.post(reverse("appointment-end", args=[row.pk]), {"ends": "2021-06-30"}).status_code == 403
    row.refresh_from_db()
    assert row.ends is None


def test_the_form_costs_no_more_than_a_page_may(
    admin: Client, fresh: Account, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with django_assert_max_num_queries(15):  # type: ignore[attr-defined]
        shown(admin, "user-appoint", fresh.pk)


# ── another name ─────────────────────────────────────────────────────────────


def test_a_name_is_changed_and_the_log_keeps_the_old_one(admin: Client, cast: Cast) -> None:
    member = cast.accounts["member"]
    address = reverse("user-rename", args=[member.pk])
    assert address in shown(admin, "user", member.pk)
    assert 'value="示例member"' in shown(admin, "user-rename", member.pk)

    told = admin.post(address, {"name": "  示例　新名  "}, follow=True).content.decode()

    member.refresh_from_db()
    assert member.name == "示例 新名"
    assert "“示例member”改叫“示例 新名”了" in told
    assert "原来叫“示例member”" in told
    change = AccountChange.objects.get(account=member.pk)
    assert (change.kind, change.was, change.by) == (ChangeKind.RENAMED, "示例member", cast.accounts["administrator"].pk)


@pytest.mark.parametrize("name", ["", " ", "长" * 41])
def test_no_name_is_no_name_and_nothing_typed_is_lost(admin: Client, cast: Cast, name: str) -> None:
    member = cast.accounts["member"]

    answer = admin.post(reverse("user-rename", args=[member.pk]), {"name": name})

    assert answer.status_code == 400
    assert name in answer.content.decode()
    assert not AccountChange.objects.exists()


def test_the_same_name_again_is_no_change(admin: Client, cast: Cast) -> None:
    admin.post(reverse("user-rename", args=[cast.accounts["member"].pk]), {"name": "示例member"})

    assert not AccountChange.objects.exists()


def test_nobody_changes_her_own_name_nor_that_of_who_is_not_hers(admin: Client, cast: Cast) -> None:
    for who, status in (("administrator", 403), ("stranger", 404)):
        address = reverse("user-rename", args=[cast.accounts[who].pk])
        assert (admin.get(address).status_code, admin.post(address, {"name": "换"}).status_code) in {
            (status, status),
            (status, 400),
        }
        assert Account.objects.get(pk=cast.accounts[who].pk).name == f"示例{who}"
