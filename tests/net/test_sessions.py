"""Sittings: they end when idle and when old, nobody gets in by a stolen table, each is ended by whom it belongs to."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client

from lianxin.base import days
from lianxin.net import sessions, sittings
from lianxin.net.models import Account, AccountChange, Sitting
from lianxin.net.sessions import SessionStore, mark_of, said_device
from tests.cast import TODAY, Cast

pytestmark = pytest.mark.django_db
BEGUN = dt.datetime(2021, 12, 24, 9, 0, tzinfo=days.SHANGHAI)


class Clock:
    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.moment = BEGUN
        patch.setattr(sessions, "now", lambda: self.moment)
        patch.setattr(sittings, "now", lambda: self.moment)

    def move(self, **by: int) -> None:
        self.moment += dt.timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def begun(**said: Any) -> str:
    store = SessionStore()
    store.update(said)
    store.create()
    assert store.session_key
    return str(store.session_key)


def said(key: str) -> dict[str, Any]:
    return dict(SessionStore(key).items())


def test_half_an_hour_without_a_click_ends_it(clock: Clock) -> None:
    key = begun(note="hers")

    clock.move(minutes=29)
    assert said(key) == {"note": "hers"}
    clock.move(minutes=29)
    assert said(key) == {"note": "hers"}, "the click before counted"
    clock.move(minutes=31)
    assert said(key) == {}


def test_twelve_hours_end_it_however_busy_she_is(clock: Clock) -> None:
    key = begun(note="hers")

    for _ in range(35):
        clock.move(minutes=20)
        assert said(key) == {"note": "hers"}
        store = SessionStore(key)
        store["note"] = "hers"
        store.save()
    clock.move(minutes=21)

    assert said(key) == {}


def test_one_that_ended_does_not_come_back_by_being_saved(clock: Clock) -> None:
    key = begun(note="hers")
    running = SessionStore(key)
    running["note"] = "changed"
    SessionStore(key).delete()

    with pytest.raises(UpdateError):
        running.save()
    assert said(key) == {}


def test_a_stolen_table_signs_nobody_in_and_tells_nothing(clock: Clock) -> None:
    key = begun(_auth_user_id="01ABC", note="张桂英的事")
    row = Sitting.objects.get()

    assert row.account == "01ABC"
    assert key not in (row.mark, row.id)
    assert said(row.mark) == {}
    assert said(row.id) == {}
    assert "张桂英".encode() not in bytes(row.sealed)
    assert b"note" not in bytes(row.sealed)


def test_what_is_over_is_cleared_away(clock: Clock) -> None:
    begun()
    clock.move(minutes=31)
    lasting = begun()

    SessionStore.clear_expired()

    assert [row.mark for row in Sitting.objects.all()] == [mark_of(lasting)]


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (Linux; Android 14; ANY) AppleWebKit MicroMessenger/8.0 Chrome/120", "安卓手机 · 微信"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "iPhone · Safari"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/120 Safari/537 Edg/120", "Windows 电脑 · Edge"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_device_is_said_so_that_its_owner_knows_it(agent: str, device: str) -> None:
    assert said_device(agent) == device


def test_her_sittings_are_hers_to_see_and_to_end(cast: Cast) -> None:
    here, there, stranger = Client(), Client(), Client()
    for client, who in ((here, "member"), (there, "member"), (stranger, "stranger")):
        client.force_login(cast.accounts[who])
    account = cast.accounts["member"]
    seats = sittings.own_seats(account, key=here.session.session_key)
    other = next(seat for seat in seats if not seat.is_this)

    stranger.post(f"/me/sittings/{other.id}/end/")
    assert there.get("/me/").status_code == 200
    here.post(f"/me/sittings/{other.id}/end/")

    assert len(seats) == 2
    assert there.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200
    assert here.post(f"/me/sittings/{other.id}/end/").status_code == 400


def test_all_others_end_at_once(cast: Cast) -> None:
    browsers = [Client() for _ in range(3)]
    for client in browsers:
        client.force_login(cast.accounts["member"])

    browsers[0].post("/me/sittings/others/end/")

    assert [client.get("/me/").status_code for client in browsers] == [200, 302, 302]


def test_an_administrator_ends_all_of_somebodys_and_it_is_written_down(cast: Cast) -> None:
    member, administrator, neighbour = Client(), Client(), Client()
    member.force_login(cast.accounts["member"])
    administrator.force_login(cast.accounts["administrator"])
    neighbour.force_login(cast.accounts["neighbour"])
    key = cast.accounts["member"].pk

    assert neighbour.post(f"/users/{key}/sign-out/").status_code == 403
    assert member.get("/me/").status_code == 200
    assert administrator.post(f"/users/{key}/sign-out/").status_code == 302

    assert member.get("/me/").status_code == 302
    change = AccountChange.objects.get(account=key)
    assert (change.kind, change.by) == ("signed-out", cast.accounts["administrator"].pk)
    with pytest.raises(Exception, match="自己的账号"):
        sittings.end_all(cast.actor("administrator"), cast.accounts["administrator"], today=TODAY)


def test_a_new_password_ends_all_other_sittings(cast: Cast) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        client.force_login(cast.accounts["member"])

    new = "heron-by-the-lake"
    here.post("/password/", {"old": "cast-Lian-2021", "new": new, "again": new})

    assert (here.get("/me/").status_code, there.get("/me/").status_code) == (200, 302)
    assert Sitting.objects.filter(account=cast.accounts["member"].pk).count() == 1
    assert Account.objects.get(pk=cast.accounts["member"].pk).check_password(new)


def test_signing_out_clears_what_the_browser_keeps(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.accounts["member"])

    answer = client.post("/sign-out/")

    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not Sitting.objects.filter(account=cast.accounts["member"].pk).exists()
