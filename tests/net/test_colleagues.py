"""Who works beside whom, and what accounts are called."""

from __future__ import annotations

import datetime as dt

from lianxin.access.actor import Actor
from lianxin.net.actors import actor_of
from lianxin.net.appointments import end_appointment
from lianxin.net.colleagues import account_names, colleagues
from lianxin.net.models import Account, Appointment
from tests.net.conftest import OpenAccount
from tests.net.netcast import FENGQIAO, LIANFENG, NANHU, TODAY


def test_colleagues_are_those_appointed_to_the_very_same_place_today(opened: OpenAccount, root: Actor) -> None:
    one, two = (opened(name, "village-member", LIANFENG) for name in ("one", "two"))
    opened("chair", "village-chair", LIANFENG)
    gone, off = (opened(name, "village-member", LIANFENG) for name in ("gone", "off"))
    opened("next", "village-member", "330402100223")
    opened("clerk", "town-clerk", FENGQIAO)
    end_appointment(root, Appointment.objects.get(account=gone), on=TODAY, today=TODAY)
    Account.objects.filter(pk=off.pk).update(is_active=False)

    beside = colleagues(actor_of(one, today=TODAY), today=TODAY)

    assert list(beside.values()) == ["chair", "two"]
    assert beside[two.pk] == "two"
    yesterday = TODAY - dt.timedelta(days=1)
    assert list(colleagues(actor_of(one, today=yesterday), today=yesterday).values()) == ["chair", "gone", "two"]


def test_who_records_nothing_anywhere_has_no_colleagues(opened: OpenAccount) -> None:
    opened("one", "village-member", LIANFENG)
    administrator = opened("adm", "system-administrator", NANHU)

    assert colleagues(actor_of(administrator, today=TODAY), today=TODAY) == {}
    assert colleagues(Actor("", ""), today=TODAY) == {}


def test_names_are_given_for_the_accounts_that_exist(opened: OpenAccount) -> None:
    one = opened("one")

    assert account_names([one.pk, "", "operator"]) == {one.pk: "one"}
