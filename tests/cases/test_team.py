"""Who reads what is its team's: the team and its supervisors, never the family, and nobody learns that there is one."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.access.guard import pen
from lianxin.access.verbs import Verb
from lianxin.base.days import now
from lianxin.base.errors import Forbidden, Problems, Refused, Unseen
from lianxin.kinds.cases.actions import KIND, record_case
from lianxin.kinds.cases.models import Case, Referral
from lianxin.kinds.cases.queries import by_number
from lianxin.records.filing import drawers
from lianxin.records.glass import NOT_THERE, break_glass, openings_to_see
from lianxin.records.history import revisions, timeline
from lianxin.records.keywords import Search, word_index
from lianxin.records.merging import records_of
from lianxin.records.models import Filing, Opening, Seat
from lianxin.register.aliases import same_as
from lianxin.register.models import Membership
from tests.cases.town import case, step
from tests.cast import COUNTY, LIANFENG, NOW, ROLES, Cast

pytestmark = pytest.mark.django_db
REASON = "派出所来电说她正在门口，要马上看约定的暗号"


def readers(cast: Cast, key: str) -> set[str]:
    return {who for who in ROLES if Case.objects.seen_by(cast.actor(who)).filter(key=key).exists()}


def test_a_case_is_read_by_who_took_it_in_and_by_the_supervisors_above(cast: Cast) -> None:
    record = case(cast)

    assert readers(cast, record.key) == {"member", "clerk", "officer"}


def test_whoever_is_taken_into_the_team_reads_it_wherever_she_works_and_no_longer_once_she_left(cast: Cast) -> None:
    record = case(cast)
    neighbour = cast.accounts["neighbour"].pk

    step(cast, record, "member", "seat", account=neighbour, role="mediator")
    assert readers(cast, record.key) == {"member", "clerk", "officer", "neighbour"}

    step(cast, record, "neighbour", "contact", mode="call", is_met=True, note="她说好多了")
    step(cast, record, "member", "unseat", account=neighbour)
    assert readers(cast, record.key) == {"member", "clerk", "officer"}


def test_a_member_of_the_team_without_the_verb_reads_nothing(cast: Cast) -> None:
    record = case(cast)

    step(cast, record, "member", "seat", account=cast.accounts["leader"].pk, role="linked")

    assert readers(cast, record.key) == {"member", "clerk", "officer"}


def family_of(cast: Cast, who: str, household: str, relation: str) -> None:
    """`who` is the person of that relation in the household."""
    row = Membership.objects.unscoped("test").get(household=household, relation=relation)
    cast.accounts[who].person = row.person_id
    cast.accounts[who].save()


@pytest.mark.parametrize("who", ["member", "clerk", "officer"])
def test_family_never_reads_it_not_in_the_team_and_not_as_supervisor(cast: Cast, who: str) -> None:
    record = case(cast)

    family_of(cast, who, cast.households[LIANFENG][0], "grandchild")

    assert readers(cast, record.key) == {"member", "clerk", "officer"} - {who}
    assert timeline(cast.actor(who), (cast.households[LIANFENG][0],)) == ()
    assert revisions(cast.actor(who), KIND, record.key) == ()
    with pytest.raises(Unseen):
        step(cast, record, who, "note", note="看一眼")


def test_family_is_whoever_ever_lived_in_one_household(cast: Cast) -> None:
    """The clerk's brother grew up with her and has a household of his own now: his quarrel is not hers to read."""
    first, second = cast.households[LIANFENG]
    clerk = Membership.objects.unscoped("test").get(household=first, relation="head").person_id
    brother = Membership.objects.unscoped("test").get(household=second, relation="head")
    with pen("register"):
        Membership.objects.create(
            person_id=brother.person_id, household_id=first, relation="child", region=brother.region,
            town=brother.town, county=brother.county, starts=dt.date(1990, 1, 1), ends=dt.date(2010, 1, 1),
        )  # fmt: skip
    cast.accounts["clerk"].person = clerk
    cast.accounts["clerk"].save()

    record = case(cast, household=second)

    assert readers(cast, record.key) == {"member", "officer"}


def test_family_may_report_and_has_no_seat(cast: Cast) -> None:
    family_of(cast, "member", cast.households[LIANFENG][0], "grandchild")

    record = case(cast)

    assert not Seat.objects.unscoped("test").exists()
    assert readers(cast, record.key) == {"clerk", "officer"}
    assert Case.objects.seen_by(cast.actor("clerk")).get().lead == ""


def test_family_is_not_taken_into_the_team(cast: Cast) -> None:
    record = case(cast)
    family_of(cast, "chair", cast.households[LIANFENG][0], "grandchild")

    with pytest.raises(Problems, match="回避"):
        step(cast, record, "member", "seat", account=cast.accounts["chair"].pk, role="mediator")


def test_somebody_recused_is_out_and_does_not_come_back(cast: Cast) -> None:
    record = case(cast)
    step(cast, record, "clerk", "seat", account=cast.accounts["clerk"].pk, role="lead")

    step(cast, record, "clerk", "recuse", account=cast.accounts["member"].pk, note="和男方是表亲")

    assert readers(cast, record.key) == {"clerk", "officer"}
    with pytest.raises(Problems, match="回避"):
        step(cast, record, "clerk", "seat", account=cast.accounts["member"].pk, role="mediator")


def test_breaking_the_glass_opens_one_case_for_three_hours_and_tells_the_supervisor(cast: Cast) -> None:
    record, other = case(cast), case(cast)
    at = now()

    opening = break_glass(cast.actor("chair"), KIND, by_number(record_number(record.key)), because=REASON, at=at)

    assert readers(cast, record.key) == {"member", "clerk", "officer", "chair"}
    assert readers(cast, other.key) == {"member", "clerk", "officer"}
    assert opening.until - opening.at == dt.timedelta(hours=3)
    assert [each.account for each in openings_to_see(cast.actor("clerk"))] == [cast.accounts["chair"].pk]
    assert openings_to_see(cast.actor("next_clerk")) == ()

    with pen("team"):
        Opening.objects.unscoped("test").update(until=at - dt.timedelta(seconds=1))
    assert readers(cast, record.key) == {"member", "clerk", "officer"}


def record_number(key: str) -> str:
    return Case.objects.unscoped("test").get(key=key).number


@pytest.mark.parametrize("who", ["neighbour", "strange_officer", "next_clerk", "leader", "family"])
def test_the_glass_is_not_broken_elsewhere_nor_by_family_and_a_wrong_number_sounds_the_same(
    cast: Cast, who: str
) -> None:
    record = case(cast)
    if who == "family":
        family_of(cast, "chair", cast.households[LIANFENG][0], "grandchild")
        who = "chair"

    said = []
    for found in (by_number(record_number(record.key)), by_number("2021-NOTTHERE")):
        with pytest.raises(Unseen) as refused:
            break_glass(cast.actor(who), KIND, found, because=REASON, at=now())
        said.append(refused.value.message)

    assert said == [NOT_THERE, NOT_THERE]
    assert not Opening.objects.unscoped("test").exists()


def test_the_glass_asks_for_a_reason(cast: Cast) -> None:
    record = case(cast)

    with pytest.raises(Refused, match="至少 10 个字"):
        break_glass(cast.actor("chair"), KIND, by_number(record_number(record.key)), because="看看", at=now())


def test_no_kept_count_no_word_and_no_merge_knows_of_it(cast: Cast) -> None:
    record = case(cast)
    step(cast, record, "member", "note", note="银行卡在她自己手里")

    assert not Filing.objects.filter(kind="case").exists()
    officer = cast.actor("officer")
    assert drawers("case", officer, Verb.CASE_READ, region=COUNTY, groups=()) == ()
    assert word_index("case").find(officer, Verb.CASE_READ, Search(words="银行卡", region=COUNTY)).count == 0
    assert all(not count for count in records_of(same_as(cast.households[LIANFENG])).values())


def test_a_household_s_story_shows_it_to_the_team_alone(cast: Cast) -> None:
    record = case(cast)
    home = (cast.households[LIANFENG][0],)

    shown = {who: [card.key for card in timeline(cast.actor(who), home)] for who in ROLES}

    assert {who for who, keys in shown.items() if keys} == {"member", "clerk", "officer"}
    assert shown["member"] == [record.key]


def test_the_same_id_sent_by_somebody_else_is_told_nothing(cast: Cast) -> None:
    record = case(cast)

    with pytest.raises(Refused, match="编号已经用过"):
        record_case(cast.actor("chair"), key=record.key, values={}, at=NOW)
    with pytest.raises(Unseen):
        step(cast, record, "neighbour", "note", note="我来看看")


def test_who_may_not_record_opens_no_case(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        case(cast, "neighbour", household="", region=LIANFENG)
    with pytest.raises((Forbidden, Problems)):
        case(cast, "leader", household="", region=LIANFENG)


def test_referrals_are_read_with_the_case_only(cast: Cast) -> None:
    record = case(cast)
    step(cast, record, "member", "triage", colour="blue", note="口角")
    step(cast, record, "member", "refer", to="司法所", until="2021-12-31", note="请安排一次法律咨询")

    assert Referral.objects.seen_by(cast.actor("member")).count() == 1
    assert Referral.objects.seen_by(cast.actor("chair")).count() == 0
