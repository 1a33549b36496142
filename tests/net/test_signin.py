"""Signing in, waiting after wrong passwords, the middleware behind it; on a small site that stands in for the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import cast

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import now, today
from lianxin.base.errors import Refused
from lianxin.net.accounts import change_own_password, deactivate, reset_password
from lianxin.net.middleware import ActorRequest
from lianxin.net.models import Account, Appointment, SignInFailure
from lianxin.net.signin import DEVICE_COOKIE, MINUTES, TRIES, TRIES_OF_ADDRESS, sign_in
from tests.net.conftest import OpenAccount
from tests.net.netcast import LIANFENG, NANHU, PASSWORD, TODAY

Administrator = Callable[[str], Actor]


def door(request: HttpRequest) -> HttpResponse:
    try:
        account = sign_in(request, request.POST["username"], request.POST["password"])
    except Refused as refusal:
        return HttpResponse(f"{refusal.field}: {refusal}", status=422)
    return HttpResponse(account.username)


def whoami(request: HttpRequest) -> HttpResponse:
    actor = cast(ActorRequest, request).actor
    may = actor.may(Verb.VISIT_RECORD, region=LIANFENG)
    return HttpResponse(f"{actor.name}|{bool(may)}|{isinstance(actor, Actor)}")


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


urlpatterns = [
    path("door", door, name="sign-in"),
    path("whoami", whoami, name="home"),
    path("plain", plain, name="plain"),
    path("password", plain, name="password-change"),
    path("out", plain, name="sign-out"),
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lianxin.net.middleware.ActorMiddleware",
]


@pytest.fixture(autouse=True)
def _small_site(settings: object) -> None:
    settings.ROOT_URLCONF = __name__  # type: ignore[attr-defined]
    settings.MIDDLEWARE = MIDDLEWARE  # type: ignore[attr-defined]


@pytest.fixture
def member(opened: OpenAccount) -> Account:
    account = opened("member", "village-member", LIANFENG)
    Account.objects.filter(pk=account.pk).update(must_change_password=False)
    account.refresh_from_db()
    return account


def knock(client: Client, password: str, username: str = "member", address: str = "10.0.0.1") -> str:
    answer = client.post("/door", {"username": username, "password": password}, REMOTE_ADDR=address)
    return answer.content.decode()


WRONG = "password: 账号或密码不对，请再输一次。"
WAIT = "password: 输错次数太多，请等 15 分钟再试；忘了密码请找县妇联的系统管理员重置。"


def fail(client: Client, times: int, **where: str) -> None:
    for _ in range(times):
        knock(client, "wrong", **where)


# ── the door ─────────────────────────────────────────────────────────────────


def test_the_right_password_signs_in_however_the_name_is_typed(member: Account) -> None:
    client = Client()

    assert knock(client, PASSWORD, username=" ＭＥＭＢＥＲ ") == "member"
    assert client.get("/whoami").content.decode() == "member|True|True"
    assert Account.objects.get(pk=member.pk).last_login is not None


def test_wrong_unknown_and_switched_off_are_answered_alike(member: Account, administrator: Administrator) -> None:
    wrong = knock(Client(), "wrong")
    unknown = [knock(Client(), PASSWORD, username=name) for name in ("nobody", "", "a\x00b", "名" * 400, "x" * 41)]
    deactivate(administrator(NANHU), member, today=TODAY)
    off = knock(Client(), PASSWORD)

    assert {wrong, off, *unknown} == {WRONG}


def test_an_endless_password_is_just_wrong(member: Account) -> None:
    assert knock(Client(), PASSWORD + "x" * 100_000) == WRONG


def test_switching_an_account_off_signs_it_out(member: Account, administrator: Administrator) -> None:
    client = Client()
    knock(client, PASSWORD)

    deactivate(administrator(NANHU), member, today=TODAY)

    assert client.get("/whoami").content.decode() == "|False|True"


def test_a_reset_signs_every_browser_out(member: Account, administrator: Administrator) -> None:
    client = Client()
    knock(client, PASSWORD)

    reset_password(administrator(NANHU), member, today=TODAY)

    assert client.get("/whoami").content.decode() == "|False|True"


# ── waiting ──────────────────────────────────────────────────────────────────


def test_after_five_wrong_passwords_even_the_right_one_waits(member: Account) -> None:
    client = Client()

    said = [knock(client, "wrong") for _ in range(TRIES)]

    assert said == [
        WRONG,
        WRONG,
        "password: 账号或密码不对。再输错 2 次，要等 15 分钟才能再试。",
        "password: 账号或密码不对。再输错 1 次，要等 15 分钟才能再试。",
        WAIT,
    ]
    assert knock(client, PASSWORD) == WAIT
    assert knock(Client(), PASSWORD, address="10.0.0.2") == WAIT


def test_an_account_that_does_not_exist_waits_alike(db: None) -> None:
    fail(Client(), TRIES, username="nobody")

    assert knock(Client(), PASSWORD, username="nobody") == WAIT


def test_the_wait_is_a_quarter_of_an_hour_and_knocking_does_not_lengthen_it(member: Account) -> None:
    client = Client()
    fail(client, TRIES)
    fail(client, 3)
    assert SignInFailure.objects.count() == TRIES

    SignInFailure.objects.update(at=now() - dt.timedelta(minutes=MINUTES) + dt.timedelta(seconds=30))
    still = knock(client, PASSWORD)
    SignInFailure.objects.update(at=now() - dt.timedelta(minutes=MINUTES) - dt.timedelta(seconds=1))

    assert still == WAIT
    assert knock(client, PASSWORD) == "member"


def test_failures_of_one_account_do_not_lock_another(member: Account, opened: OpenAccount) -> None:
    opened("other")
    fail(Client(), TRIES)

    assert knock(Client(), PASSWORD, username="other") == "other"


def test_signing_in_wipes_the_slate(member: Account) -> None:
    client = Client()
    fail(client, TRIES - 1)
    knock(client, PASSWORD)

    assert SignInFailure.objects.count() == 0


def test_a_stranger_does_not_lock_out_the_browser_she_always_uses(member: Account) -> None:
    own = Client()
    knock(own, PASSWORD)
    fail(Client(), TRIES)

    assert knock(Client(), PASSWORD) == WAIT
    assert knock(own, PASSWORD) == "member"


def test_her_own_browser_waits_as_well_and_its_mark_is_for_her_only(member: Account, opened: OpenAccount) -> None:
    opened("other")
    own = Client()
    knock(own, PASSWORD)
    fail(Client(), TRIES, username="other")

    assert knock(own, PASSWORD, username="other") == WAIT
    fail(own, TRIES)
    assert knock(own, PASSWORD) == WAIT
    assert knock(Client(), PASSWORD) == "member"


def test_two_people_on_one_browser_are_both_remembered_and_a_forged_mark_is_not(
    member: Account, opened: OpenAccount
) -> None:
    opened("other")
    shared = Client()
    knock(shared, PASSWORD)
    knock(shared, PASSWORD, username="other")
    fail(Client(), TRIES)
    forger = Client()
    forger.cookies[DEVICE_COOKIE] = "x" + shared.cookies[DEVICE_COOKIE].value

    assert knock(forger, PASSWORD) == WAIT
    assert knock(shared, PASSWORD) == "member"


def test_one_address_that_tries_everybody_has_to_wait(member: Account) -> None:
    own = Client()
    knock(own, PASSWORD)
    for number in range(TRIES_OF_ADDRESS):
        SignInFailure.objects.create(at=now(), username=f"{number:032}", address=_address_of_a_failure())

    assert knock(Client(), PASSWORD) == WAIT
    assert knock(Client(), PASSWORD, address="10.0.0.2") == "member"
    SignInFailure.objects.create(at=now(), username="x", address=SignInFailure.objects.earliest("id").address)
    assert knock(own, PASSWORD) == "member"


def _address_of_a_failure() -> str:
    """The hash that 10.0.0.1 is kept under, as a real failure writes it."""
    fail(Client(), 1, username="somebody")
    row = SignInFailure.objects.latest("id")
    row.delete()
    return row.address


def test_a_reset_lifts_the_wait(member: Account, administrator: Administrator) -> None:
    fail(Client(), TRIES)

    given = reset_password(administrator(NANHU), member, today=TODAY)

    assert knock(Client(), given) == "member"


def test_what_was_typed_is_not_kept_and_old_failures_go(member: Account) -> None:
    SignInFailure.objects.create(at=now() - dt.timedelta(days=2), username="x", address="y")

    knock(Client(), "wrong", username="my-secret-password")

    row = SignInFailure.objects.get()
    kept = f"{row.username}{row.device}{row.address}"
    assert "secret" not in kept
    assert "10.0.0.1" not in kept


# ── the actor of a request, and temporary passwords ──────────────────────────


def test_a_page_that_does_not_ask_for_the_actor_does_not_pay_for_it(
    member: Account, django_assert_num_queries: Callable[[int], object]
) -> None:
    client = Client()
    knock(client, PASSWORD)

    with django_assert_num_queries(2):  # type: ignore[attr-defined]  # session, account
        client.get("/plain")
    with django_assert_num_queries(3):  # type: ignore[attr-defined]  # and the appointments
        client.get("/whoami")
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        Client().get("/whoami")


def test_an_appointment_that_ended_yesterday_is_seen_at_the_next_click(member: Account, root: Actor) -> None:
    client = Client()
    knock(client, PASSWORD)
    assert client.get("/whoami").content.decode() == "member|True|True"

    Appointment.objects.filter(account=member).update(ends=today())

    assert client.get("/whoami").content.decode() == "member|False|True"


def test_a_temporary_password_leads_every_page_to_its_change(opened: OpenAccount) -> None:
    account = opened("fresh", "village-member", LIANFENG)
    client = Client()
    knock(client, PASSWORD, username="fresh")

    led = client.get("/whoami")
    fragment = client.get("/plain", headers={"HX-Request": "true"})
    assert (led.status_code, led["Location"]) == (302, "/password")
    assert (fragment.status_code, fragment["HX-Redirect"], fragment.content) == (200, "/password", b"")
    assert client.get("/password").content == b"page"
    assert client.get("/out").content == b"page"

    change_own_password(account, old=PASSWORD, new="crane-marsh-77")
    knock(client, "crane-marsh-77", username="fresh")
    assert client.get("/plain").content == b"page"
