"""What a change of term leaves behind: figures of the new committees, accounts for those who had none, all undone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from lianxin.access.actor import Actor
from lianxin.base.days import Period
from lianxin.base.errors import Forbidden, Problems, Refused
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.indicators.figures import compute
from lianxin.kinds.listings.actions import put_on_list, withdraw_listing
from lianxin.kinds.listings.models import Listing
from lianxin.ledger.verify import verify
from lianxin.ledger.view import LedgerView
from lianxin.net.actors import actor_of
from lianxin.net.handing import hand_out
from lianxin.net.models import Account, AccountChange, Appointment, Organisation, Post
from lianxin.reports.printing import figures_json
from lianxin.terms.carrying import carry_due, undo_change
from lianxin.terms.counting import age_class, rank_of
from lianxin.terms.handing import next_slips, slips_again, waiting
from lianxin.terms.models import Committee, State, TermChange
from lianxin.terms.preparing import SeatDraft, seat_person, set_hour, settle
from tests.cast import COUNTY, LIANFENG, NOW, TODAY, Cast
from tests.terms.test_change_of_term import HOUR, carried, federation, person_of, prepared

pytestmark = pytest.mark.django_db
__all__ = ["federation"]  # the fixture


def figure(actor: Actor, code: str) -> Decimal | None:
    """The figure of the county for 2021."""
    return compute(catalog().indicator(code), LedgerView(actor, COUNTY, Period.of_year(2021))).value


def figures(actor: Actor) -> dict[str, Decimal | None]:
    codes = [code for code in catalog().indicators if code.startswith("terms.")]
    return {code: value for code in codes if (value := figure(actor, code))}


def test_a_renewed_village_is_counted_with_its_committee(cast: Cast, federation: Organisation) -> None:
    """张桂英 stays as 执委 (初中), 周根玉 is the new 主席 (大专, 进两委); both born on 1 May 1953, so 68."""
    carried(cast)

    assert figures(cast.actor("officer")) == {
        "terms.villages": 1,
        "terms.executives": 2,
        "terms.executives.villages": 2,
        "terms.executives.new": 1,
        "terms.executives.age.from-55": 2,
        "terms.executives.schooling.junior": 1,
        "terms.executives.schooling.college": 1,
        "terms.executives.in-both": 1,
        "terms.chairs": 1,
        "terms.chairs.in-both": 1,
        "terms.chairs.in-both-share": 100,
    }
    assert verify().differences == ()


def test_the_report_carries_the_figures(cast: Cast, federation: Organisation) -> None:
    carried(cast)

    told = figures_json(LedgerView(cast.actor("officer"), COUNTY, Period.of_year(2021)))["figures"]

    known = {figure["code"]: figure["value"] for figure in told}
    assert (known["terms.villages"], known["terms.executives"], known["terms.chairs.in-both-share"]) == (1, 2, 100)


def test_what_is_counted_carries_no_name(cast: Cast, federation: Organisation) -> None:
    carried(cast)

    for listing in Listing.objects.unscoped("a test's own"):
        assert listing.subject_type == "organisation"
        assert not {"张桂英", "周根玉"} & {listing.headline, *map(str, listing.answers.values())}


def test_undone_the_same_day_nothing_is_counted(cast: Cast, federation: Organisation) -> None:
    change = carried(cast)

    undo_change(cast.actor("administrator"), change, because="名单报错了", now=HOUR)

    assert figures(cast.actor("officer")) == {}
    assert verify().differences == ()


def test_the_next_term_sends_the_last_one_off_the_list(cast: Cast, federation: Organisation) -> None:
    """Renewed on 24 December 2021, and again on 3 January 2022; undoing the second puts the first back."""
    carried(cast)
    later = HOUR + dt.timedelta(days=10)
    officer, administrator = cast.actor("officer"), cast.actor("administrator")
    change, committee = prepared(cast)
    settle(officer, committee, is_ready=True)
    set_hour(administrator, change, at=later, now=NOW)
    carry_due(later)
    rows = Listing.objects.unscoped("a test's own").filter(is_void=False)

    assert rows.filter(off_day=later.date()).count() == 3  # one renewal, two seats
    assert rows.filter(off_day__isnull=True).count() == 3

    second = TermChange.objects.unscoped("a test's own").get(pk=change.pk)
    undo_change(administrator, second, because="名单报错了", now=later)

    assert rows.filter(off_day__isnull=True, day=TODAY).count() == 3
    assert rows.count() == 3


def test_twice_on_one_day_is_refused_whole(cast: Cast, federation: Organisation) -> None:
    carried(cast)
    change, committee = prepared(cast)
    settle(cast.actor("officer"), committee, is_ready=True)
    set_hour(cast.actor("administrator"), change, at=HOUR, now=NOW)
    carry_due(HOUR)

    assert "今天已经换过一次届" in Committee.objects.unscoped("a test's own").get(pk=committee.pk).trouble
    assert figure(cast.actor("officer"), "terms.villages") == 1


def test_nobody_writes_these_lists_by_hand(cast: Cast, federation: Organisation) -> None:
    carried(cast)
    values = {"list": "term-renewals", "subject_type": "organisation", "subject": federation.pk, "on_day": "2021-12-20"}

    with pytest.raises(Problems, match="换届时自动记下"):
        put_on_list(cast.actor("officer"), key=new_id(), values=values, at=NOW)
    laid = Listing.objects.unscoped("a test's own").filter(programme="term-seats").first()
    assert laid is not None
    with pytest.raises(Refused, match="换届时自动记下"):
        withdraw_listing(cast.actor("officer"), key=laid.key, base=laid.revision, because="我来改", at=NOW)


@pytest.mark.parametrize(
    ("age", "code"), [(34, "under-35"), (35, "under-45"), (44, "under-45"), (54, "under-55"), (55, "from-55")]
)
def test_classes_of_age(age: int, code: str) -> None:
    assert age_class(age) == code


@pytest.mark.parametrize(
    ("title", "rank"), [("主席", "chair"), ("副主席", "deputy"), ("兼职副主席", "deputy"), ("执委", "member")]
)
def test_the_rank_of_a_title(title: str, rank: str) -> None:
    assert rank_of(title) == rank


# ── accounts ─────────────────────────────────────────────────────────────────


def account_of(name: str) -> Account:
    return Account.objects.get(person=person_of(LIANFENG, name))


def test_whoever_had_no_account_gets_one_with_the_hour_and_whoever_stays_goes_on(
    cast: Cast, federation: Organisation
) -> None:
    before = Account.objects.count()

    carried(cast)

    new = account_of("周根玉")
    assert (new.username, new.name, new.has_usable_password()) == ("zhougenyu", "周根玉", False)
    assert [grant.role for grant in actor_of(new, today=TODAY).grants] == ["village-chair"]
    assert Post.objects.get(person=new.person, ends__isnull=True).account_id == new.pk
    assert Account.objects.count() == before + 1  # 张桂英 goes on with the one she had


def test_a_taken_name_gets_a_number(cast: Cast, federation: Organisation) -> None:
    Account.objects.create_user("zhougenyu", "cast-Lian-2021", name="另一位")

    carried(cast)

    assert account_of("周根玉").username == "zhougenyu2"


def test_somebody_switched_off_gets_no_second_account(cast: Cast, federation: Organisation) -> None:
    off = Account.objects.create_user("zhou.old", "cast-Lian-2021", name="周根玉", is_active=False)
    off.person = person_of(LIANFENG, "周根玉")
    off.save()

    carried(cast)

    assert Account.objects.filter(person=off.person).count() == 1
    assert not Appointment.objects.filter(account=off).exists()


def test_a_slip_is_handed_out_once_and_works(cast: Cast, federation: Organisation) -> None:
    change, administrator = carried(cast), cast.actor("administrator")
    assert (waiting(administrator, change).opened, waiting(administrator, change).without) == (1, 1)

    (slip,) = next_slips(administrator, change, today=TODAY)

    account = account_of("周根玉")
    assert account.check_password(slip.password)
    assert account.must_change_password
    assert (slip.name, slip.username) == ("周根玉", "zhougenyu")
    assert "联丰" in slip.what
    assert slip.password not in str(AccountChange.objects.values_list())
    assert next_slips(administrator, change, today=TODAY) == []


def test_a_lost_slip_is_made_anew_until_she_has_a_password_of_her_own(cast: Cast, federation: Organisation) -> None:
    change, administrator = carried(cast), cast.actor("administrator")
    committee = Committee.objects.unscoped("a test's own").get(change_id=change.pk)
    (lost,) = next_slips(administrator, change, today=TODAY)

    (again,) = slips_again(administrator, change, committee, today=TODAY)

    assert again.password != lost.password
    assert not account_of("周根玉").check_password(lost.password)
    Account.objects.filter(username="zhougenyu").update(must_change_password=False)
    assert slips_again(administrator, change, committee, today=TODAY) == []


def test_who_may_hand_out(cast: Cast, federation: Organisation) -> None:
    """The officer who filled the list has no user.manage; an account that also works elsewhere is not hers to hand."""
    change = carried(cast)
    new = account_of("周根玉")

    with pytest.raises(Forbidden):
        next_slips(cast.actor("officer"), change, today=TODAY)
    Appointment.objects.create(
        account=new, role="village-member", region="330411001001", starts=TODAY, granted_by="elsewhere"
    )
    assert hand_out(cast.actor("administrator"), [new.pk], today=TODAY) == []


def test_after_undoing_the_new_account_may_do_nothing_and_no_slip_is_made(cast: Cast, federation: Organisation) -> None:
    change = carried(cast)
    undo_change(cast.actor("administrator"), change, because="名单报错了", now=HOUR)
    undone = TermChange.objects.unscoped("a test's own").get(pk=change.pk)

    assert undone.state == State.UNDONE
    assert actor_of(account_of("周根玉"), today=TODAY).grants == ()
    assert next_slips(cast.actor("administrator"), undone, today=TODAY) == []


def test_carried_out_again_the_same_account_is_used(cast: Cast, federation: Organisation) -> None:
    change = carried(cast)
    undo_change(cast.actor("administrator"), change, because="名单报错了", now=HOUR)

    again = carried(cast)

    assert Account.objects.filter(person=person_of(LIANFENG, "周根玉")).count() == 1
    assert actor_of(account_of("周根玉"), today=TODAY).grants
    assert again.pk != change.pk


def test_seats_without_a_right_open_nothing(cast: Cast, federation: Organisation) -> None:
    change, committee = prepared(cast)
    officer = cast.actor("officer")
    seat_person(officer, committee, SeatDraft(person_of(LIANFENG, "周根玉"), "执委"), today=TODAY)
    settle(officer, committee, is_ready=True)
    set_hour(cast.actor("administrator"), change, at=HOUR, now=NOW)
    carry_due(HOUR)

    assert not Account.objects.filter(person=person_of(LIANFENG, "周根玉")).exists()
    assert figure(officer, "terms.executives") == 2
