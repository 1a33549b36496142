"""Signing in and out, the password, one's own page, how pages look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from lianxin.base.days import today
from lianxin.net.accounts import deactivate
from lianxin.net.models import Account, AccountChange, Appointment, ChangeKind
from lianxin.net.sessions import SessionStore
from lianxin.net.signin import TRIES
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "heron-by-the-lake"


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: str) -> object:
    return client.post(reverse("sign-in"), {"username": username, "password": password, **more})


def test_the_door_is_open_and_nothing_else_is(client: Client, cast: Cast) -> None:
    assert client.get(reverse("sign-in")).status_code == 200
    assert client.get(reverse("health")).content == b"ok"

    for name in ("home", "me", "password-change", "users", "organisations", "help", "complaints", "sign-out"):
        answer = client.get(reverse(name))
        assert (answer.status_code, answer["Location"]) == (302, f"{reverse('sign-in')}?next={reverse(name)}")


def test_signing_in_leads_on_to_where_she_was_going(client: Client, cast: Cast) -> None:
    page = client.get(reverse("sign-in"), {"next": reverse("help")}).content.decode()
    answer = sign_in(client, "cast.member", next=reverse("help"))

    assert f'name="next" value="{reverse("help")}"' in page
    assert answer["Location"] == reverse("help")
    assert client.get(reverse("help")).status_code == 200


@pytest.mark.parametrize(
    "onward", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/sign-out/", ""]
)
def test_signing_in_leads_nowhere_else(client: Client, cast: Cast, onward: str) -> None:
    assert sign_in(client, "cast.member", next=onward)["Location"] == reverse("home")


def test_whoever_is_signed_in_is_not_asked_again(client: Client, cast: Cast) -> None:
    client.force_login(cast.accounts["member"])

    assert client.get(reverse("sign-in"))["Location"] == reverse("home")


def test_a_wrong_password_keeps_the_account_and_forgets_the_password(client: Client, cast: Cast) -> None:
    answer = sign_in(client, "cast.member", "wrong-Heron-9")

    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="cast.member"' in page
    assert "账号或密码不对，请再输一次。" in page
    assert "wrong-Heron-9" not in page
    assert "_auth_user_id" not in client.session


def test_after_five_wrong_ones_the_page_says_how_long_to_wait(client: Client, cast: Cast) -> None:
    for _ in range(TRIES):
        sign_in(client, "cast.member", "wrong-Heron-9")

    answer = sign_in(client, "cast.member")

    assert answer.status_code == 400
    assert "输错次数太多，请等 15 分钟再试" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_switched_off_account_is_told_nothing_more_than_a_stranger(client: Client, cast: Cast) -> None:
    deactivate(cast.actor("administrator"), cast.accounts["member"], today=today())

    off = sign_in(client, "cast.member").content.decode()
    unknown = sign_in(client, "nobody.here").content.decode()

    sentence = "账号或密码不对，请再输一次。"
    assert off.count(sentence) == unknown.count(sentence) == 1
    assert "停用" not in off


def test_the_session_gets_another_key_at_sign_in(client: Client, cast: Cast) -> None:
    session = client.session
    session["planted"] = "yes"
    session.save()
    client.cookies["lianxin"] = session.session_key

    sign_in(client, "cast.member")

    assert client.session["_auth_user_id"] == cast.accounts["member"].pk
    assert client.session.session_key != session.session_key
    assert not SessionStore(session.session_key).exists(session.session_key)


def test_another_persons_session_is_not_taken_over(client: Client, cast: Cast) -> None:
    client.force_login(cast.accounts["officer"])
    client.session["note"] = "hers"

    client.post(reverse("sign-out"))
    sign_in(client, "cast.member")

    assert "note" not in client.session
    assert client.session["_auth_user_id"] == cast.accounts["member"].pk


def test_forms_without_their_token_are_refused_kindly(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)

    answer = sign_in(strict, "cast.member")

    assert answer.status_code == 403
    assert "这一页放得太久，要刷新一下" in answer.content.decode()
    assert "_auth_user_id" not in strict.session


def test_signing_out_needs_its_button(client: Client, cast: Cast) -> None:
    client.force_login(cast.accounts["member"])

    asked = client.get(reverse("sign-out"))
    still = client.get(reverse("me")).status_code
    out = client.post(reverse("sign-out"))

    assert (asked.status_code, still) == (200, 200)
    assert out["Location"] == reverse("sign-in")
    assert "已经退出" in client.get(reverse("sign-in")).content.decode()
    assert client.get(reverse("me")).status_code == 302


def test_only_a_demonstration_names_its_accounts(client: Client, cast: Cast) -> None:
    plain = client.get(reverse("sign-in")).content.decode()
    Account.objects.filter(username__in=["cast.chair", "cast.clerk"]).update(is_demo=True)
    cache.clear()
    demo = client.get(reverse("sign-in")).content.decode()

    assert "试用账号" not in plain
    assert "cast.chair" in demo
    assert "cast.clerk" in demo
    assert "cast.member" not in demo
    assert PASSWORD not in demo


# ── the password ─────────────────────────────────────────────────────────────


def test_a_temporary_password_leads_to_its_page_and_nowhere_else(client: Client, cast: Cast) -> None:
    account = cast.accounts["member"]
    account.must_change_password = True
    account.save()
    sign_in(client, "cast.member")

    for name in ("home", "me", "help", "complaints", "visits"):
        assert client.get(reverse(name))["Location"] == reverse("password-change")
    page = client.get(reverse("password-change")).content.decode()
    assert "先换一个自己的密码" in page
    answer = client.post(reverse("password-change"), {"old": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD})

    assert answer["Location"] == reverse("home")
    assert client.get(reverse("home")).status_code == 200
    account.refresh_from_db()
    assert account.check_password(NEW_PASSWORD)
    assert not account.must_change_password
    assert AccountChange.objects.get().kind == ChangeKind.PASSWORD_CHANGED


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("not-this-one", NEW_PASSWORD, NEW_PASSWORD, "原密码不对，请再输一次。"),
        (PASSWORD, NEW_PASSWORD, NEW_PASSWORD + "x", "两次输入的新密码不一样，请再输一次。"),
        (PASSWORD, PASSWORD, PASSWORD, "新密码不能和原密码一样。"),
        (PASSWORD, "short", "short", "密码太短，至少要 10 个字符。"),
        (PASSWORD, "cast.member1", "cast.member1", "密码和账号或姓名太像，请换一个。"),
    ],
)
def test_a_password_that_will_not_do_is_said_by_its_field(
    client: Client, cast: Cast, old: str, new: str, again: str, said: str
) -> None:
    client.force_login(cast.accounts["member"])

    answer = client.post(reverse("password-change"), {"old": old, "new": new, "again": again})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert NEW_PASSWORD not in page
    assert Account.objects.get(username="cast.member").check_password(PASSWORD)


def test_changing_the_password_signs_the_other_browsers_out(client: Client, cast: Cast) -> None:
    other = Client()
    client.force_login(cast.accounts["member"])
    other.force_login(cast.accounts["member"])

    client.post(reverse("password-change"), {"old": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD})

    assert client.get(reverse("me")).status_code == 200
    assert other.get(reverse("me")).status_code == 302


# ── her own page ─────────────────────────────────────────────────────────────


def test_her_own_page_says_what_she_may_do_where_and_since_when(client: Client, cast: Cast) -> None:
    Appointment.objects.create(
        account=cast.accounts["chair"],
        role="village-member",
        region="330402100226",
        starts=dt.date(2018, 1, 1),
        ends=dt.date(2020, 1, 1),
        granted_by="cast",
    )
    client.force_login(cast.accounts["chair"])

    page = client.get(reverse("me")).content.decode()

    assert "村（社区）妇联主席</b> · 凤桥镇联丰村" in page
    assert "2020年1月1日起" in page
    assert "以前的岗位（1）" in page
    assert "凤桥镇三星村" in page.split("以前的岗位", 1)[1]


@pytest.mark.parametrize(
    ("who", "hidden", "shown"),
    [
        ("member", ["users"], ["visits", "households", "figures", "reports", "organisations", "help", "complaints"]),
        ("partner", ["users", "visits", "households", "reports", "organisations"], ["figures", "help", "complaints"]),
        ("administrator", ["visits", "households", "figures", "reports"], ["users", "organisations", "complaints"]),
        ("security", ["visits", "households", "figures", "organisations"], ["users", "help"]),
    ],
)
def test_her_own_page_opens_the_rooms_of_her_role(
    client: Client, cast: Cast, who: str, hidden: list[str], shown: list[str]
) -> None:
    client.force_login(cast.accounts[who])

    page = client.get(reverse("me")).content.decode()

    for name in shown:
        assert f'href="{reverse(name)}"' in page
    for name in hidden:
        assert f'href="{reverse(name)}"' not in page


def test_an_account_without_a_post_finds_help_its_password_and_the_way_out(client: Client, cast: Cast) -> None:
    client.force_login(Account.objects.create_user("fresh.one", PASSWORD, name="新来的"))

    home = client.get(reverse("home"))

    assert home.status_code == 200
    assert "还没有授岗位" in home.content.decode()
    assert [client.get(reverse(name)).status_code for name in ("me", "help", "password-change")] == [200, 200, 200]
    assert [client.get(reverse(name)).status_code for name in ("visits", "users", "complaints")] == [403, 403, 403]
    assert client.post(reverse("sign-out")).status_code == 302


def test_the_look_is_kept_by_the_account_and_by_the_browser(client: Client, cast: Cast) -> None:
    client.force_login(cast.accounts["member"])

    client.post(reverse("appearance"), {"theme": "dark", "elder": "yes", "next": reverse("me")})

    assert '<html lang="zh-CN" class="dark elder">' in client.get(reverse("me")).content.decode()
    account = Account.objects.get(username="cast.member")
    assert (account.theme, account.elder) == ("dark", True)
    client.post(reverse("sign-out"))
    assert '<html lang="zh-CN" class="dark elder">' in client.get(reverse("sign-in")).content.decode()


def test_the_look_of_another_browser_comes_with_signing_in(client: Client, cast: Cast) -> None:
    Account.objects.filter(username="cast.member").update(theme="dark", elder=True)

    sign_in(client, "cast.member")
    client.post(reverse("sign-out"))

    assert '<html lang="zh-CN" class="dark elder">' in client.get(reverse("sign-in")).content.decode()


def test_own_pages_cost_the_same_for_one_appointment_and_for_three(
    client: Client, cast: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    account = cast.accounts["member"]
    client.force_login(account)
    client.get(reverse("me"))

    with django_assert_max_num_queries(6) as one:  # type: ignore[attr-defined]
        client.get(reverse("me"))
    for year in (2017, 2018):
        Appointment.objects.create(
            account=account,
            role="village-member",
            region="330402100222",
            starts=dt.date(year, 1, 1),
            ends=dt.date(year, 6, 1),
            granted_by="cast",
        )
    with django_assert_max_num_queries(6) as three:  # type: ignore[attr-defined]
        client.get(reverse("me"))

    assert len(one) == len(three)
