"""Leaving as one operation: everything ends and is handed over, or nothing is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from lianxin.base.codes import Level
from lianxin.base.days import now, today
from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.net.accounts import create_account
from lianxin.net.actors import actor_of
from lianxin.net.appointments import appoint
from lianxin.net.leaving import leave, successors
from lianxin.net.models import Account, AccountChange, Appointment, Organisation, Post, Sitting
from lianxin.terms.models import State, TermChange, writing
from lianxin.terms.preparing import prepare_change
from tests.cast import COUNTY, LIANFENG, NOW, TOWN, Cast

pytestmark = pytest.mark.django_db


def post(cast: Cast, who: str = "chair", **values: object) -> Post:
    body = Organisation.objects.get(region=LIANFENG)
    said = {"person": "01PERSON", "title": "主席", "starts": dt.date(2020, 1, 1)} | values
    return Post.objects.create(account=cast.accounts[who], organisation=body, **said)


def second_administrator(cast: Cast) -> Account:
    administrator = cast.actor("administrator")
    account = create_account(administrator, username="guan.er", name="管二").account
    appoint(administrator, account, role="system-administrator", region=COUNTY, starts=today())
    return account


def change_set_by(cast: Cast, account: Account) -> TermChange:
    change = prepare_change(cast.actor("officer"), region=COUNTY, level=Level.VILLAGE, name="换届", now=NOW)
    change.state, change.set_by, change.at = State.SET, account.pk, NOW + dt.timedelta(days=30)
    with writing():
        change.save()
    return change


def test_rights_posts_and_sittings_end_and_the_account_is_switched_off(cast: Cast) -> None:
    chair, browser = cast.accounts["chair"], Client()
    browser.force_login(chair)
    held, gone = post(cast), post(cast, title="委员", ends=dt.date(2020, 6, 1))
    coming = Appointment.objects.create(
        account=chair, role="town-clerk", region=TOWN, starts=today() + dt.timedelta(days=9), granted_by="x"
    )

    done = leave(cast.actor("administrator"), chair, to=None, because="换届离任", today=today(), now=now())

    assert (len(done.appointments), len(done.posts), done.open_work) == (2, 1, ())
    chair.refresh_from_db()
    assert not chair.is_active
    assert not actor_of(chair, today=today()).grants
    assert Post.objects.get(pk=held.pk).ends == today()
    assert Post.objects.get(pk=gone.pk).ends == dt.date(2020, 6, 1)
    assert Appointment.objects.get(pk=coming.pk).ends == coming.starts
    assert not Sitting.objects.filter(account=chair.pk).exists()
    assert browser.get("/me/").status_code == 302
    kinds = list(AccountChange.objects.filter(account=chair.pk).order_by("id").values_list("kind", flat=True))
    assert kinds == ["ended", "ended", "deactivated", "left"]
    assert AccountChange.objects.get(kind="left").because == "换届离任"


def test_open_work_is_handed_over_to_somebody_who_may_do_it(cast: Cast) -> None:
    leaver, administrator = second_administrator(cast), cast.actor("administrator")
    change = change_set_by(cast, leaver)

    def go(to: Account | None) -> None:
        leave(administrator, leaver, to=to, because="", today=today(), now=now())

    with pytest.raises(Refused, match="手上还有定好时间的换届 1 件"):
        go(None)
    with pytest.raises(Refused, match="没有这项权限"):
        go(cast.accounts["officer"])
    with pytest.raises(Refused, match="从列表里选"):
        go(cast.accounts["stranger"])
    with pytest.raises(Refused, match="在岗的同事"):
        go(leaver)
    assert Account.objects.get(pk=leaver.pk).is_active, "all or nothing"
    assert not AccountChange.objects.filter(account=leaver.pk, kind="ended").exists()

    go(cast.accounts["administrator"])

    assert TermChange.objects.unscoped("test").get(pk=change.pk).set_by == cast.accounts["administrator"].pk
    assert not Account.objects.get(pk=leaver.pk).is_active


def test_only_who_has_charge_of_her_and_never_she_herself(cast: Cast) -> None:
    chair = cast.accounts["chair"]
    for who, error in (("officer", Forbidden), ("security", Forbidden), ("strange_officer", Forbidden)):
        with pytest.raises(error):
            leave(cast.actor(who), chair, to=None, because="", today=today(), now=now())
    administrator = cast.accounts["administrator"]
    with pytest.raises(Forbidden):
        leave(cast.actor("administrator"), administrator, to=None, because="", today=today(), now=now())
    with pytest.raises(Unseen):
        leave(cast.actor("administrator"), cast.accounts["stranger"], to=None, because="", today=today(), now=now())
    assert chair.is_active


def test_she_leaves_once(cast: Cast) -> None:
    administrator, chair = cast.actor("administrator"), cast.accounts["chair"]
    leave(administrator, chair, to=None, because="", today=today(), now=now())

    with pytest.raises(Refused, match="已经停用"):
        leave(administrator, chair, to=None, because="", today=today(), now=now())


def test_who_could_take_over_works_at_the_same_place_in_sight(cast: Cast) -> None:
    found = {
        account.username for account in successors(cast.actor("administrator"), cast.accounts["officer"], today=today())
    }

    assert found == {
        "cast.administrator", "cast.audit", "cast.leader", "cast.partner", "cast.programme-officer", "cast.security",
    }  # fmt: skip


def test_the_page_says_what_ends_and_does_it(cast: Cast) -> None:
    leaver, browser = second_administrator(cast), Client()
    change = change_set_by(cast, leaver)
    browser.force_login(cast.accounts["administrator"])
    address = reverse("user-leave", args=[leaver.pk])

    page = browser.get(address).content.decode()
    unsaid = browser.post(address, {"because": "调走"})
    done = browser.post(address, {"because": "调走", "to": cast.accounts["administrator"].pk})

    assert "系统管理员 · 嘉兴市南湖区" in page or "系统管理员 · 南湖区" in page
    assert "定好时间的换届 1 件" in page
    assert (unsaid.status_code, "请选交给谁" in unsaid.content.decode()) == (400, True)
    assert "调走" in unsaid.content.decode()
    assert done.status_code == 302
    assert TermChange.objects.unscoped("test").get(pk=change.pk).set_by == cast.accounts["administrator"].pk
    assert browser.get(reverse("user", args=[leaver.pk])).status_code == 200
