"""A change of term: prepared from who serves, carried out once at its hour, rights with it, undone the same day."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.base.codes import Level
from lianxin.base.days import SHANGHAI
from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.net.actors import actor_of
from lianxin.net.models import Account, AccountChange, Appointment, Organisation, Post
from lianxin.net.posts import held_on
from lianxin.register.models import Person
from lianxin.terms.carrying import carry_due, undo_change
from lianxin.terms.models import Committee, Done, Seat, State, TermChange
from lianxin.terms.preparing import (
    SeatDraft,
    committee_for,
    drop_change,
    prepare_change,
    seat_person,
    set_hour,
    settle,
    unseat,
    unset_hour,
)
from lianxin.terms.reading import changes_seen_by, committee_view, makeup_of, seat_lines
from tests.cast import COUNTY, LIANFENG, NOW, SANXING, TODAY, TOWN, YONGLI, Cast

pytestmark = pytest.mark.django_db
HOUR = dt.datetime(2021, 12, 24, 18, 0, tzinfo=SHANGHAI)
BEFORE = HOUR - dt.timedelta(minutes=1)


def person_of(village: str, name: str) -> str:
    return Person.objects.unscoped("a test's own people").get(region=village, name=name).pk


@pytest.fixture
def federation(cast: Cast) -> Organisation:
    """联丰村妇联: 张桂英 is its chair and works with the chair's account; the member's account has no post."""
    body = Organisation.objects.get(region=LIANFENG, type="federation")
    chair = cast.accounts["chair"]
    Post.objects.create(
        person=person_of(LIANFENG, "张桂英"),
        account=chair,
        organisation=body,
        title="主席",
        starts=dt.date(2018, 1, 5),
    )
    return body


@pytest.fixture
def newcomer(cast: Cast) -> Account:
    """周根玉 has an account that may do nothing yet; the administrator opened it."""
    account = Account.objects.create_user("zhou.genyu", "cast-Lian-2021", name="示例周根玉")
    account.person = person_of(LIANFENG, "周根玉")
    account.created_by = cast.accounts["administrator"].pk
    account.save()
    return account


def prepared(cast: Cast) -> tuple[TermChange, Committee]:
    change = prepare_change(cast.actor("officer"), region=LIANFENG, level=Level.VILLAGE, name="联丰换届", now=NOW)
    committee = Committee.objects.seen_by(cast.actor("officer")).get(change_id=change.pk)
    return change, committee


def listed(cast: Cast) -> tuple[TermChange, Committee]:
    """张桂英 steps down to 执委, 周根玉 becomes 主席 and enters the village's two committees."""
    change, committee = prepared(cast)
    officer = cast.actor("officer")
    seat_person(
        officer, committee, SeatDraft(person_of(LIANFENG, "张桂英"), "执委", "village-member", "junior"), today=TODAY
    )
    chair = SeatDraft(person_of(LIANFENG, "周根玉"), "主席", "village-chair", "college", sits_in_both=True)
    seat_person(officer, committee, chair, today=TODAY)
    settle(officer, committee, is_ready=True)
    return change, committee


def carried(cast: Cast) -> TermChange:
    change, _ = listed(cast)
    set_hour(cast.actor("administrator"), change, at=HOUR, now=NOW)
    assert carry_due(HOUR) == 1
    return TermChange.objects.unscoped("a test's own").get(pk=change.pk)


def serving(body: Organisation, day: dt.date = TODAY) -> set[tuple[str, str]]:
    return set(Post.objects.filter(held_on(day), organisation=body).values_list("person", "title"))


def test_the_list_begins_with_those_who_serve(cast: Cast, federation: Organisation) -> None:
    _, committee = prepared(cast)

    (seat,) = Seat.objects.seen_by(cast.actor("officer")).filter(committee_id=committee.pk)

    assert (seat.person, seat.title, seat.role) == (person_of(LIANFENG, "张桂英"), "主席", "village-chair")


def test_nothing_changes_before_the_hour(cast: Cast, federation: Organisation, newcomer: Account) -> None:
    change, _ = listed(cast)
    set_hour(cast.actor("administrator"), change, at=HOUR, now=NOW)

    assert carry_due(BEFORE) == 0
    assert serving(federation) == {(person_of(LIANFENG, "张桂英"), "主席")}
    assert not actor_of(newcomer, today=TODAY).grants


def test_posts_and_rights_change_with_the_hour_once(cast: Cast, federation: Organisation, newcomer: Account) -> None:
    carried(cast)

    assert carry_due(HOUR + dt.timedelta(minutes=5)) == 0
    assert serving(federation) == {
        (person_of(LIANFENG, "张桂英"), "执委"),
        (person_of(LIANFENG, "周根玉"), "主席"),
    }
    assert serving(federation, TODAY - dt.timedelta(days=1)) == {(person_of(LIANFENG, "张桂英"), "主席")}
    assert [grant.role for grant in actor_of(newcomer, today=TODAY).grants] == ["village-chair"]
    assert [grant.role for grant in cast.actor("chair").grants] == ["village-member"]
    assert cast.actor("member").grants == ()  # held the village's rights without a seat in the new committee
    assert [grant.role for grant in cast.actor("neighbour").grants] == ["village-member"]  # the next village's stay
    assert [grant.role for grant in cast.actor("clerk").grants] == ["town-clerk"]


def test_a_re_elected_member_keeps_the_very_same_right(cast: Cast, federation: Organisation) -> None:
    change, committee = prepared(cast)
    settle(cast.actor("officer"), committee, is_ready=True)
    before = Appointment.objects.get(account=cast.accounts["chair"])
    set_hour(cast.actor("administrator"), change, at=HOUR, now=NOW)

    carry_due(HOUR)

    before.refresh_from_db()
    assert before.ends is None
    assert Appointment.objects.filter(account=cast.accounts["chair"]).count() == 1
    assert Post.objects.filter(organisation=federation).count() == 2  # the old term and the new one


def test_undone_the_same_day_everything_stands_as_before(
    cast: Cast, federation: Organisation, newcomer: Account
) -> None:
    change = carried(cast)

    left = undo_change(cast.actor("administrator"), change, because="名单报错了", now=HOUR + dt.timedelta(hours=3))

    assert left == ()
    assert serving(federation) == {(person_of(LIANFENG, "张桂英"), "主席")}
    assert [grant.role for grant in cast.actor("chair").grants] == ["village-chair"]
    assert [grant.role for grant in cast.actor("member").grants] == ["village-member"]
    assert actor_of(newcomer, today=TODAY).grants == ()
    assert AccountChange.objects.filter(account=newcomer.pk, kind="ended").count() == 1


def test_what_somebody_changed_since_is_left_and_named(cast: Cast, federation: Organisation, newcomer: Account) -> None:
    change = carried(cast)
    Post.objects.filter(title="执委", organisation=federation).update(ends=dt.date(2022, 1, 1))

    left = undo_change(cast.actor("administrator"), change, because="名单报错了", now=HOUR)

    assert left == ("执委的任职此后又改过，没有动",)
    assert Post.objects.get(title="执委", organisation=federation).ends == dt.date(2022, 1, 1)


def test_a_day_later_it_cannot_be_undone(cast: Cast, federation: Organisation) -> None:
    change = carried(cast)

    with pytest.raises(Refused, match="当天"):
        undo_change(cast.actor("administrator"), change, because="晚了", now=HOUR + dt.timedelta(hours=6))


def test_it_can_be_prepared_and_carried_out_again_after_undoing(cast: Cast, federation: Organisation) -> None:
    change = carried(cast)
    undo_change(cast.actor("administrator"), change, because="名单报错了", now=HOUR)

    carried(cast)

    assert (person_of(LIANFENG, "周根玉"), "主席") in serving(federation)


def test_a_whole_town_at_once_leaves_those_not_ready(cast: Cast, federation: Organisation) -> None:
    officer = cast.actor("officer")
    change = prepare_change(officer, region=TOWN, level=Level.VILLAGE, name="凤桥镇换届", now=NOW)
    committees = {each.region: each for each in Committee.objects.seen_by(officer).filter(change_id=change.pk)}
    settle(officer, committees[LIANFENG], is_ready=True)
    set_hour(cast.actor("administrator"), change, at=HOUR, now=NOW)

    carry_due(HOUR)

    renewed = {each.region: each.is_renewed for each in Committee.objects.seen_by(officer).filter(change_id=change.pk)}
    assert renewed == {LIANFENG: True, SANXING: False}
    assert [grant.role for grant in cast.actor("neighbour").grants] == ["village-member"]


def test_one_committee_that_cannot_be_renewed_stays_whole_and_says_why(
    cast: Cast, federation: Organisation, newcomer: Account
) -> None:
    change, committee = listed(cast)
    set_hour(cast.actor("administrator"), change, at=HOUR, now=NOW)
    Organisation.objects.filter(pk=federation.pk).update(dissolved_on=TODAY)

    carry_due(HOUR)

    stayed = Committee.objects.seen_by(cast.actor("officer")).get(pk=committee.pk)
    assert not stayed.is_renewed
    assert "撤销" in stayed.trouble
    assert serving(federation) == {(person_of(LIANFENG, "张桂英"), "主席")}
    assert not Done.objects.unscoped("a test's own").exists()


def test_whoever_lost_the_right_since_carries_nothing_out(cast: Cast, federation: Organisation) -> None:
    change, committee = listed(cast)
    set_hour(cast.actor("administrator"), change, at=HOUR, now=NOW)
    Appointment.objects.filter(account=cast.accounts["administrator"]).update(ends=TODAY)

    carry_due(HOUR)

    stayed = Committee.objects.seen_by(cast.actor("officer")).get(pk=committee.pk)
    assert not stayed.is_renewed
    assert stayed.trouble
    assert [grant.role for grant in cast.actor("chair").grants] == ["village-chair"]


def test_who_may_prepare_and_who_may_set_the_hour(cast: Cast, federation: Organisation) -> None:
    change, committee = listed(cast)

    with pytest.raises(Forbidden):
        prepare_change(cast.actor("chair"), region=LIANFENG, level=Level.VILLAGE, name="自己换", now=NOW)
    with pytest.raises(Forbidden):
        prepare_change(cast.actor("clerk"), region=YONGLI, level=Level.VILLAGE, name="别的镇", now=NOW)
    with pytest.raises(Forbidden):
        set_hour(cast.actor("officer"), change, at=HOUR, now=NOW)
    with pytest.raises(Unseen):
        committee_for(cast.actor("next_clerk"), committee.pk)
    with pytest.raises(Unseen):
        committee_for(cast.actor("member"), committee.pk)
    assert committee_for(cast.actor("clerk"), committee.pk)[0].pk == change.pk
    assert list(changes_seen_by(cast.actor("strange_officer"))) == []
    assert [each.pk for each in changes_seen_by(cast.actor("clerk"))] == [change.pk]


def test_nobody_sets_the_hour_for_her_own_post(cast: Cast, federation: Organisation) -> None:
    account = cast.accounts["administrator"]
    account.person = person_of(LIANFENG, "周根玉")
    account.save()
    change, _ = listed(cast)

    with pytest.raises(Refused, match="您自己"):
        set_hour(cast.actor("administrator"), change, at=HOUR, now=NOW)


def test_a_list_needs_one_chair(cast: Cast, federation: Organisation) -> None:
    _, committee = prepared(cast)
    officer = cast.actor("officer")
    zhou, zhang = person_of(LIANFENG, "周根玉"), person_of(LIANFENG, "张桂英")

    seat_person(officer, committee, SeatDraft(zhou, "主席"), today=TODAY)
    with pytest.raises(Refused, match="一位主席"):
        settle(officer, committee, is_ready=True)
    unseat(officer, committee, zhang)
    seat_person(officer, committee, SeatDraft(zhou, "副主席"), today=TODAY)
    with pytest.raises(Refused, match="要有一位主席"):
        settle(officer, committee, is_ready=True)


def test_a_set_hour_closes_the_list_until_it_is_taken_back(cast: Cast, federation: Organisation) -> None:
    change, committee = listed(cast)
    administrator, officer = cast.actor("administrator"), cast.actor("officer")
    set_hour(administrator, change, at=HOUR, now=NOW)

    with pytest.raises(Refused, match="取消时间"):
        unseat(officer, committee, person_of(LIANFENG, "张桂英"))
    unset_hour(administrator, change)
    unseat(officer, committee, person_of(LIANFENG, "张桂英"))

    assert carry_due(HOUR) == 0


@pytest.mark.parametrize(
    ("at", "said"),
    [(NOW - dt.timedelta(hours=1), "不能早于现在"), (NOW + dt.timedelta(days=400), "太远")],
)
def test_an_hour_that_cannot_be(cast: Cast, federation: Organisation, at: dt.datetime, said: str) -> None:
    change, _ = listed(cast)

    with pytest.raises(Refused, match=said):
        set_hour(cast.actor("administrator"), change, at=at, now=NOW)


def test_a_committee_is_in_one_open_change_only(cast: Cast, federation: Organisation) -> None:
    change, _ = prepared(cast)

    with pytest.raises(Refused, match="另一次换届"):
        prepare_change(cast.actor("officer"), region=COUNTY, level=Level.VILLAGE, name="全区换届", now=NOW)
    drop_change(cast.actor("officer"), change)
    again = prepare_change(cast.actor("officer"), region=COUNTY, level=Level.VILLAGE, name="全区换届", now=NOW)

    assert Committee.objects.seen_by(cast.actor("officer")).filter(change_id=again.pk).count() == 3
    assert TermChange.objects.unscoped("a test's own").get(pk=change.pk).state == State.DROPPED


def test_how_the_new_committee_is_made_up(cast: Cast, federation: Organisation, newcomer: Account) -> None:
    """Both were born on 1 May 1953: 68 on the day. One of two is new, one sits in the village's two committees."""
    _, committee = listed(cast)
    officer = cast.actor("officer")

    makeup = makeup_of(seat_lines(officer, [committee], today=TODAY)[committee.pk])

    assert (makeup.people, makeup.new, makeup.mean_age, makeup.young) == (2, 1, 68, 0)
    assert makeup.schooling == (("初中", 1), ("大专", 1))
    assert (makeup.in_both, makeup.chairs, makeup.chairs_in_both) == (1, 1, 1)


def test_the_preview_says_who_leaves_and_whose_rights_end(
    cast: Cast, federation: Organisation, newcomer: Account
) -> None:
    _, committee = listed(cast)
    unseat(cast.actor("officer"), committee, person_of(LIANFENG, "张桂英"))

    view = committee_view(cast.actor("officer"), committee, today=TODAY)

    assert view.leaving == ("张桂英（主席）",)
    assert set(view.revoked) == {"示例chair（村（社区）妇联主席）", "示例member（村（社区）执委）"}
    assert [(line.name, line.is_new, line.has_account) for line in view.seats] == [("周根玉", True, True)]
