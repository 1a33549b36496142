"""Opening accounts, passwords, switching off and on, and the log of all that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from lianxin.access.actor import Actor, Grant, operator
from lianxin.access.verbs import Verb
from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.net.accounts import (
    account_for,
    accounts_seen_by,
    change_own_password,
    changes_of,
    choose_appearance,
    create_account,
    deactivate,
    reactivate,
    require_charge,
    reset_password,
    temporary_password,
)
from lianxin.net.actors import actor_of
from lianxin.net.appointments import appoint, end_appointment
from lianxin.net.models import Account, AccountChange, Appointment, ChangeKind, Theme
from tests.net.conftest import OpenAccount
from tests.net.netcast import FENGQIAO, LIANFENG, NANHU, PASSWORD, TODAY, XIUZHOU

Administrator = Callable[[str], Actor]


def names(actor: Actor) -> list[str]:
    return [account.username for account in accounts_seen_by(actor)]


# ── opening ──────────────────────────────────────────────────────────────────


def test_without_a_password_a_temporary_one_is_made_that_must_be_changed(db: None, root: Actor) -> None:
    opened = create_account(root, username="lake.1", name="湖边的人")

    assert opened.account.check_password(opened.temporary_password)
    assert opened.account.must_change_password
    assert opened.account.password != opened.temporary_password
    assert len(opened.temporary_password) == 14


def test_a_password_that_was_given_is_not_repeated(db: None, root: Actor) -> None:
    opened = create_account(root, username="lake.1", name="x", password=PASSWORD, must_change_password=False)

    assert opened.temporary_password == ""
    assert opened.account.check_password(PASSWORD)
    assert not opened.account.must_change_password


def test_temporary_passwords_differ_and_can_be_read_aloud(db: None) -> None:
    made = {temporary_password() for _ in range(200)}

    assert len(made) == 200
    assert not set("".join(made)) & set("0o1il")


@pytest.mark.parametrize(
    ("username", "name", "password", "field"),
    [
        ("ab", "x", PASSWORD, "username"),
        ("a" * 41, "x", PASSWORD, "username"),
        ("凤桥", "x", PASSWORD, "username"),
        ("a b c", "x", PASSWORD, "username"),
        ("abc\x00", "x", PASSWORD, "username"),
        ("taken", "x", PASSWORD, "username"),
        ("ＴＡＫＥＮ", "x", PASSWORD, "username"),
        ("lake", " ", PASSWORD, "name"),
        ("lake", "名" * 41, PASSWORD, "name"),
        ("lake", "x", "short", "password"),
        ("lake", "x", "password123", "password"),
        ("heron-lake", "x", "heron-lake1", "password"),
    ],
)
def test_an_account_that_cannot_be_is_refused_by_its_field(
    opened: OpenAccount, root: Actor, username: str, name: str, password: str, field: str
) -> None:
    opened("taken")

    with pytest.raises(Refused) as refusal:
        create_account(root, username=username, name=name, password=password)

    assert refusal.value.field == field
    assert Account.objects.count() == 1
    assert AccountChange.objects.count() == 1


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "密码太短，至少要 10 个字符。"),
        ("password123", "这个密码太常见，容易被猜到，请换一个。"),
        ("lake-heron1", "密码和账号或姓名太像，请换一个。"),
        ("lake", "密码太短，至少要 10 个字符。密码和账号或姓名太像，请换一个。"),
    ],
)
def test_a_weak_password_is_refused_in_words_of_ours(db: None, root: Actor, password: str, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        create_account(root, username="lake-heron", name="x", password=password)

    assert str(refusal.value) == said


def test_only_who_manages_accounts_opens_them(db: None) -> None:
    clerk = Actor("c", "c", (Grant("town-clerk", frozenset({Verb.USER_READ, Verb.VISIT_RECORD}), FENGQIAO),))

    with pytest.raises(Forbidden):
        create_account(clerk, username="lake", name="x")

    assert Account.objects.count() == 0


# ── who sees whom ────────────────────────────────────────────────────────────


def test_accounts_are_seen_where_they_were_ever_appointed_and_by_who_opened_them(
    opened: OpenAccount, administrator: Administrator, root: Actor
) -> None:
    nanhu, xiuzhou = administrator(NANHU), administrator(XIUZHOU)
    opened("here", "village-member", LIANFENG)
    opened("there", "town-clerk", "330411002")
    create_account(nanhu, username="fresh", name="x")
    former = opened("former", "village-member", LIANFENG)
    end_appointment(root, Appointment.objects.get(account=former), on=dt.date(2021, 2, 1), today=TODAY)

    assert names(nanhu) == ["admin-330402", "former", "fresh", "here"]
    assert names(xiuzhou) == ["admin-330411", "there"]
    assert names(root) == ["admin-330402", "admin-330411", "former", "fresh", "here", "there"]
    assert names(Actor("nobody", "nobody")) == []
    with pytest.raises(Unseen):
        account_for(nanhu, Account.objects.get(username="there").pk)


def test_the_list_costs_one_query_for_one_account_and_for_many(
    opened: OpenAccount, administrator: Administrator, django_assert_num_queries: Callable[[int], object]
) -> None:
    nanhu = administrator(NANHU)
    for number in range(3):
        opened(f"member-{number}", "village-member", LIANFENG)

    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert len(names(nanhu)) == 4


# ── charge of an account ─────────────────────────────────────────────────────


def test_charge_needs_every_place_where_the_account_is_appointed(
    opened: OpenAccount, administrator: Administrator, root: Actor
) -> None:
    town = administrator(FENGQIAO)
    officer = opened("officer", "county-officer", NANHU)
    appoint(root, officer, role="village-member", region=LIANFENG, starts=TODAY)

    for act in (
        lambda: reset_password(town, officer, today=TODAY),
        lambda: deactivate(town, officer, today=TODAY),
    ):
        with pytest.raises(Forbidden):
            act()
    officer.refresh_from_db()
    assert officer.is_active
    assert officer.check_password(PASSWORD)
    require_charge(root, officer, today=TODAY)


def test_an_appointment_that_only_begins_tomorrow_counts_as_well(
    opened: OpenAccount, administrator: Administrator, root: Actor
) -> None:
    town = administrator(FENGQIAO)
    member = opened("member", "village-member", LIANFENG)
    require_charge(town, member, today=TODAY)

    appoint(root, member, role="county-officer", region=NANHU, starts=TODAY + dt.timedelta(days=1))

    with pytest.raises(Forbidden):
        require_charge(town, member, today=TODAY)


def test_when_all_appointments_have_ended_the_places_they_were_at_still_count(
    opened: OpenAccount, administrator: Administrator, root: Actor
) -> None:
    town = administrator(FENGQIAO)
    member = opened("member", "village-member", LIANFENG)
    officer = appoint(root, member, role="county-officer", region=NANHU, starts=dt.date(2021, 1, 1))
    village = Appointment.objects.get(account=member, region=LIANFENG)
    end_appointment(root, village, on=dt.date(2021, 3, 1), today=TODAY)
    end_appointment(root, officer, on=dt.date(2021, 3, 1), today=TODAY)

    with pytest.raises(Forbidden):
        require_charge(town, member, today=TODAY)


def test_a_neighbour_does_not_even_see_the_account(opened: OpenAccount, administrator: Administrator) -> None:
    member = opened("member", "village-member", LIANFENG)

    with pytest.raises(Unseen):
        deactivate(administrator(XIUZHOU), member, today=TODAY)


def test_nobody_switches_herself_off_or_resets_her_own_password(administrator: Administrator) -> None:
    actor = administrator(NANHU)
    own = Account.objects.get(pk=actor.account)

    for act in (deactivate, reactivate, reset_password):
        with pytest.raises(Forbidden):
            act(actor, own, today=TODAY)


# ── switching off and on ─────────────────────────────────────────────────────


def test_a_switched_off_account_may_nothing_until_it_is_switched_on(
    opened: OpenAccount, administrator: Administrator
) -> None:
    nanhu = administrator(NANHU)
    member = opened("member", "village-member", LIANFENG)

    deactivate(nanhu, member, today=TODAY)
    off = actor_of(Account.objects.get(pk=member.pk), today=TODAY)
    reactivate(nanhu, member, today=TODAY)
    back = actor_of(Account.objects.get(pk=member.pk), today=TODAY)

    assert off.grants == ()
    assert back.may(Verb.VISIT_RECORD, region=LIANFENG)


# ── passwords ────────────────────────────────────────────────────────────────


def test_a_reset_gives_a_new_password_once_and_asks_for_another(
    opened: OpenAccount, administrator: Administrator
) -> None:
    member = opened("member", "village-member", LIANFENG)

    given = reset_password(administrator(NANHU), member, today=TODAY)

    member = Account.objects.get(pk=member.pk)
    assert member.check_password(given)
    assert not member.check_password(PASSWORD)
    assert member.must_change_password


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("wrong", "crane-marsh-77", "old"),
        (PASSWORD, PASSWORD, "new"),
        (PASSWORD, "short", "new"),
        (PASSWORD, "1234567890", "new"),
        (PASSWORD, "x7" * 65, "new"),
    ],
)
def test_a_bad_change_of_password_is_refused_by_its_field(opened: OpenAccount, old: str, new: str, field: str) -> None:
    member = opened("member")

    with pytest.raises(Refused) as refusal:
        change_own_password(member, old=old, new=new)

    assert refusal.value.field == field
    assert Account.objects.get(pk=member.pk).check_password(PASSWORD)


def test_changing_ones_own_password_ends_the_temporary_one(opened: OpenAccount) -> None:
    member = opened("member")
    assert member.must_change_password

    change_own_password(member, old=PASSWORD, new="crane-marsh-77")

    member = Account.objects.get(pk=member.pk)
    assert member.check_password("crane-marsh-77")
    assert not member.must_change_password


def test_appearance_is_kept(opened: OpenAccount) -> None:
    choose_appearance(opened("member"), theme=Theme.DARK, elder=True)

    member = Account.objects.get(username="member")
    assert (member.theme, member.elder) == ("dark", True)


# ── the log ──────────────────────────────────────────────────────────────────


def test_everything_done_to_an_account_stands_in_the_log(opened: OpenAccount, administrator: Administrator) -> None:
    nanhu = administrator(NANHU)
    member = create_account(nanhu, username="member", name="x", password=PASSWORD).account

    appointment = appoint(nanhu, member, role="village-member", region=LIANFENG, starts=TODAY)
    reset_password(nanhu, member, today=TODAY)
    deactivate(nanhu, member, today=TODAY)
    deactivate(nanhu, member, today=TODAY)
    reactivate(nanhu, member, today=TODAY)
    change_own_password(member, old=reset_password(nanhu, member, today=TODAY), new="crane-marsh-77")
    end_appointment(nanhu, appointment, on=TODAY, today=TODAY)

    log = [(row.kind, row.by, row.appointment) for row in reversed(changes_of(nanhu, member))]
    assert log == [
        (ChangeKind.CREATED, nanhu.account, ""),
        (ChangeKind.APPOINTED, nanhu.account, appointment.pk),
        (ChangeKind.PASSWORD_RESET, nanhu.account, ""),
        (ChangeKind.DEACTIVATED, nanhu.account, ""),
        (ChangeKind.REACTIVATED, nanhu.account, ""),
        (ChangeKind.PASSWORD_RESET, nanhu.account, ""),
        (ChangeKind.PASSWORD_CHANGED, member.pk, ""),
        (ChangeKind.ENDED, nanhu.account, appointment.pk),
    ]


def test_the_log_is_not_rewritten(opened: OpenAccount) -> None:
    opened("member")
    row = AccountChange.objects.get()

    for write in (
        row.save,
        row.delete,
        AccountChange.objects.all().delete,
        lambda: AccountChange.objects.update(by="x"),
    ):
        with pytest.raises(TypeError):
            write()


def test_the_log_is_read_on_ones_own_ground(opened: OpenAccount, administrator: Administrator) -> None:
    member = opened("member", "village-member", LIANFENG)

    with pytest.raises(Unseen):
        changes_of(administrator(XIUZHOU), member)
    assert len(changes_of(operator(Verb.USER_READ, because="tests read the log"), member)) == 2
