"""Who may grant what to whom, where; and what an account may do from one midnight to another."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable

import pytest
from django.db import transaction

from lianxin.access.actor import Actor, Grant
from lianxin.access.verbs import Seal, Verb
from lianxin.base.codes import Level
from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.net.actors import NOBODY, actor_of, known_roles
from lianxin.net.appointments import appoint, appointments_of, end_appointment
from lianxin.net.federations import found_federations
from lianxin.net.models import UNIT, Account, Appointment
from lianxin.net.organisations import (
    OrganisationDraft,
    dissolve_organisation,
    federation_of,
    found_organisation,
)
from lianxin.net.regions import add_grid, withdraw
from tests.net.conftest import OpenAccount
from tests.net.netcast import FENGQIAO, LIANFENG, NANHU, TODAY, XIUZHOU

Administrator = Callable[[str], Actor]
DAY = dt.timedelta(days=1)
XINMIN, NEXT_TOWN, NEXT_COUNTY_TOWN = "330402100223", "330402101", "330411002"


@pytest.fixture
def member(opened: OpenAccount) -> Account:
    return opened("member")


def granting(region: str, account: str = "granter") -> Actor:
    """Somebody who may manage and see accounts just here."""
    return Actor(account, account, (Grant("r", frozenset({Verb.USER_MANAGE, Verb.USER_READ}), region),))


# ── scope ────────────────────────────────────────────────────────────────────


def test_a_role_is_granted_on_the_granters_ground_and_no_higher_than_its_level(
    ground: None, member: Account, root: Actor
) -> None:
    # Written out by hand: place → depth. Every granter × place × role is tried.
    depth = {"33": 1, "3304": 2, NANHU: 3, XIUZHOU: 3, FENGQIAO: 4, NEXT_TOWN: 4, NEXT_COUNTY_TOWN: 4, LIANFENG: 5}
    own_level = {"village-member": 5, "town-clerk": 4, "county-officer": 3, "system-administrator": 3}
    Appointment.objects.create(account=member, role="village-member", region=XINMIN, starts=TODAY, granted_by="x")
    # To be seen by every granter, she has once been appointed everywhere.
    for place in depth:
        Appointment.objects.create(
            account=member, role="partner", region=place, starts=TODAY, ends=TODAY, granted_by="x"
        )

    for top, place, role in itertools.product(depth, depth, own_level):
        expected = place.startswith(top) and depth[place] >= own_level[role]
        with transaction.atomic():
            try:
                appoint(granting(top), member, role=role, region=place, starts=TODAY)
                granted = True
            except Refused:
                granted = False
            transaction.set_rollback(True)
        assert granted == expected, (top, place, role)


def test_an_administrator_of_one_county_grants_nothing_in_another(
    administrator: Administrator, opened: OpenAccount
) -> None:
    theirs = opened("theirs", "town-clerk", NEXT_COUNTY_TOWN)
    ours = opened("ours", "town-clerk", FENGQIAO)
    nanhu = administrator(NANHU)

    with pytest.raises(Forbidden):
        appoint(nanhu, ours, role="town-clerk", region=NEXT_COUNTY_TOWN, starts=TODAY)
    with pytest.raises(Unseen):
        appoint(nanhu, theirs, role="town-clerk", region=NEXT_TOWN, starts=TODAY)

    assert Appointment.objects.filter(starts=TODAY).count() == 0


def test_nobody_appoints_herself_or_ends_her_own(administrator: Administrator) -> None:
    nanhu = administrator(NANHU)
    own = Account.objects.get(pk=nanhu.account)

    with pytest.raises(Forbidden, match="自己"):
        appoint(nanhu, own, role="county-officer", region=NANHU, starts=TODAY)
    with pytest.raises(Forbidden, match="自己"):
        end_appointment(nanhu, Appointment.objects.get(account=own), on=TODAY, today=TODAY)


def test_who_may_not_manage_accounts_appoints_nobody(member: Account) -> None:
    clerk = Actor("c", "c", (Grant("r", frozenset(Verb) - {Verb.USER_MANAGE}, ""),))

    with pytest.raises(Forbidden):
        appoint(clerk, member, role="village-member", region=LIANFENG, starts=TODAY)


# ── what is asked of an appointment ──────────────────────────────────────────


@pytest.mark.parametrize(
    ("role", "region", "ends", "programmes", "field"),
    [
        ("queen", LIANFENG, None, None, "role"),
        ("village-member", "330402100999", None, None, "region"),
        ("village-member", LIANFENG + "001", None, None, "region"),
        ("village-member", "3304021", None, None, "region"),
        ("county-officer", FENGQIAO, TODAY, None, "ends"),
        ("county-officer", FENGQIAO, TODAY - DAY, None, "ends"),
        ("programme-officer", NANHU, None, [], "programmes"),
        ("programme-officer", NANHU, None, ["four-musts", "no-such-work"], "programmes"),
    ],
)
def test_an_appointment_that_cannot_be_is_refused_by_its_field(
    member: Account, root: Actor, role: str, region: str, ends: dt.date | None, programmes: list[str] | None, field: str
) -> None:
    writer = Actor("w", "w", (Grant("r", frozenset({Verb.ORGANISATION_WRITE}), ""),))
    add_grid(writer, village=LIANFENG, name="第一网格")

    with pytest.raises(Refused) as refusal:
        appoint(root, member, role=role, region=region, starts=TODAY, ends=ends, programmes=programmes)

    assert refusal.value.field == field
    assert Appointment.objects.count() == 0


def test_nobody_is_appointed_to_ground_that_is_gone_or_only_a_code(member: Account, root: Actor) -> None:
    withdraw(root, LIANFENG, on=TODAY, today=TODAY)

    with pytest.raises(Refused, match="已经撤销"):
        appoint(root, member, role="village-member", region=LIANFENG, starts=TODAY)


def test_the_same_role_twice_at_once_is_refused_but_one_after_the_other_is_not(member: Account, root: Actor) -> None:
    def grant(starts: dt.date, ends: dt.date | None = None, role: str = "village-member") -> None:
        appoint(root, member, role=role, region=LIANFENG, starts=starts, ends=ends)

    grant(TODAY, TODAY + 10 * DAY)

    with pytest.raises(Refused, match="已经有这个岗位"):
        grant(TODAY + 9 * DAY)
    with pytest.raises(Refused, match="已经有这个岗位"):
        grant(TODAY - DAY, TODAY + DAY)
    grant(TODAY + 10 * DAY)
    grant(TODAY - DAY, TODAY)
    grant(TODAY, role="village-chair")
    assert Appointment.objects.count() == 4


def test_who_grants_does_not_look_through_the_grants(opened: OpenAccount, root: Actor) -> None:
    administrator = opened("adm", "system-administrator", NANHU)
    auditor = opened("aud", "audit-administrator", NANHU)

    for account, other in ((administrator, "audit-administrator"), (auditor, "system-administrator")):
        with pytest.raises(Refused, match="不能是同一个人"):
            appoint(root, account, role=other, region=NANHU, starts=TODAY)


def test_a_switched_off_account_is_not_appointed(member: Account, root: Actor) -> None:
    member.is_active = False

    with pytest.raises(Refused, match="停用"):
        appoint(root, member, role="village-member", region=LIANFENG, starts=TODAY)


# ── organisation ─────────────────────────────────────────────────────────────


def test_without_an_organisation_it_is_the_federation_of_the_place(member: Account, root: Actor) -> None:
    found_federations(root, NANHU)

    appointment = appoint(root, member, role="village-member", region=LIANFENG, starts=TODAY)

    village = federation_of(LIANFENG)
    assert village is not None
    assert appointment.organisation == village
    actor = actor_of(member, today=TODAY)
    assert (actor.organisation, actor.level) == (village.pk, Level.VILLAGE)


def test_the_organisation_may_stand_elsewhere_on_the_granters_ground_only(member: Account, root: Actor) -> None:
    found_federations(root, NANHU)
    found_federations(root, XIUZHOU)
    county, other = federation_of(NANHU), federation_of(XIUZHOU)
    assert county is not None
    assert other is not None
    first = appoint(root, member, role="village-member", region=XINMIN, starts=TODAY)
    end_appointment(root, first, on=TODAY, today=TODAY - DAY)

    with pytest.raises(Refused, match="您负责的区域"):
        appoint(granting(NANHU), member, role="village-member", region=LIANFENG, starts=TODAY, organisation=other)
    appoint(granting(NANHU), member, role="village-member", region=LIANFENG, starts=TODAY, organisation=county)

    # A county officer who records in a village does so for the county (本级), not for the village.
    assert actor_of(member, today=TODAY).level == Level.COUNTY


def test_a_dissolved_organisation_takes_nobody(member: Account, root: Actor) -> None:
    unit = found_organisation(root, OrganisationDraft("某单位", UNIT, FENGQIAO), today=TODAY)
    gone = dissolve_organisation(root, unit, on=TODAY, today=TODAY)

    with pytest.raises(Refused, match="已经撤销"):
        appoint(root, member, role="village-member", region=LIANFENG, starts=TODAY, organisation=gone)


# ── the actor ────────────────────────────────────────────────────────────────


def test_an_appointment_holds_from_its_first_midnight_to_its_last(member: Account, root: Actor) -> None:
    appoint(root, member, role="village-member", region=LIANFENG, starts=dt.date(2021, 3, 1), ends=dt.date(2021, 7, 1))

    allowed = {
        day: bool(actor_of(member, today=day).may(Verb.VISIT_RECORD, region=LIANFENG))
        for day in (dt.date(2021, 2, 28), dt.date(2021, 3, 1), dt.date(2021, 6, 30), dt.date(2021, 7, 1))
    }

    assert list(allowed.values()) == [False, True, True, False]


def test_an_appointment_ended_today_is_over_today_and_one_taken_back_never_was(member: Account, root: Actor) -> None:
    running = appoint(root, member, role="village-member", region=LIANFENG, starts=TODAY - DAY)
    coming = appoint(root, member, role="town-clerk", region=FENGQIAO, starts=TODAY + DAY)

    end_appointment(root, running, on=TODAY, today=TODAY)
    end_appointment(root, coming, on=TODAY + DAY, today=TODAY)

    assert [bool(actor_of(member, today=TODAY + n * DAY).grants) for n in (-1, 0, 1, 2)] == [True, False, False, False]
    with pytest.raises(Refused, match="已经结束"):
        end_appointment(root, running, on=TODAY + DAY, today=TODAY)
    with pytest.raises(Refused):
        end_appointment(root, coming, on=TODAY, today=TODAY)


def test_a_neighbour_ends_no_appointment_here(member: Account, root: Actor) -> None:
    appointment = appoint(root, member, role="village-member", region=LIANFENG, starts=TODAY)

    with pytest.raises(Forbidden):
        end_appointment(granting(XIUZHOU), appointment, on=TODAY, today=TODAY)


def test_the_grant_says_what_the_role_says_where_it_was_granted(member: Account, root: Actor) -> None:
    appoint(root, member, role="village-chair", region=LIANFENG, starts=TODAY)
    appoint(
        root,
        member,
        role="programme-officer",
        region=NANHU,
        starts=TODAY,
        programmes=["four-musts", "four-musts", "ideas"],
    )

    actor = actor_of(member, today=TODAY)

    chair, officer = actor.grants
    assert (chair.role, chair.region, chair.programmes) == ("village-chair", LIANFENG, None)
    assert chair.seals == {Seal.OPEN, Seal.STAFF}
    assert chair.verbs == known_roles()["village-chair"].verbs
    assert officer.programmes == {"four-musts", "ideas"}
    assert actor.may(Verb.LISTING_VOID, region=LIANFENG)
    assert not actor.may(Verb.LISTING_VOID, region=XINMIN)
    assert actor.may(Verb.VISIT_READ, region=XINMIN, programme="four-musts")
    assert not actor.may(Verb.VISIT_READ, region=XINMIN, programme="real-things")


def test_a_role_that_the_file_no_longer_has_grants_nothing(member: Account) -> None:
    Appointment.objects.create(account=member, role="gone", region=LIANFENG, starts=TODAY, granted_by="x")

    assert actor_of(member, today=TODAY).grants == ()


def test_an_actor_costs_one_query_however_many_appointments(
    member: Account, root: Actor, django_assert_num_queries: Callable[[int], object]
) -> None:
    found_federations(root, NANHU)
    for region in (LIANFENG, XINMIN, "330402100224"):
        appoint(root, member, role="village-member", region=region, starts=TODAY)

    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        actor = actor_of(member, today=TODAY)

    assert len(actor.grants) == 3


def test_nobody_may_nothing() -> None:
    assert NOBODY.grants == ()
    assert not any(NOBODY.may(verb) for verb in Verb)


def test_appointments_are_read_on_ones_own_ground(member: Account, root: Actor) -> None:
    appoint(root, member, role="village-member", region=LIANFENG, starts=TODAY)
    appoint(root, member, role="town-clerk", region=NEXT_COUNTY_TOWN, starts=TODAY)

    assert [row.region for row in appointments_of(granting(NANHU), member)] == [LIANFENG]
    assert appointments_of(root, member).count() == 2
