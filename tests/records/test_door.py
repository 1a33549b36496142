"""The door: what comes in is kept once, whole, with its history and facts, or not at all."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from lianxin.access.guard import Unscoped
from lianxin.base.days import Period
from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.base.ids import new_id
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.visits.models import Difficulty, Visit
from lianxin.ledger.models import Fact
from lianxin.ledger.seals import seal_period
from lianxin.records.door import submit
from lianxin.records.drafts import Act, Conflict, Draft, Rejected
from lianxin.records.models import Entry, History
from tests.cast import COUNTY, LIANFENG, NOW, SANXING, Cast

pytestmark = pytest.mark.django_db


def ledger_sum(measure: str, **where: Any) -> int:
    return sum(Fact.objects.filter(measure=measure, **where).values_list("hundredths", flat=True)) // 100


def amend(cast: Cast, who: str, visit: Visit, **values: Any) -> Visit:
    raw = History.objects.unscoped("test").get(record=visit.key, revision=visit.revision).values | values
    return submit(cast.actor(who), [Draft("visit", visit.key, raw, Act.AMEND, visit.revision)], at=NOW)[0].record


def test_a_visit_is_kept_with_its_ground_its_history_its_entry_and_its_facts(cast: Cast) -> None:
    visit = cast.visit(heard="浴室没扶手", people="2")

    kept = Visit.objects.seen_by(cast.actor("member")).get(key=visit.key)
    assert (kept.region, kept.town, kept.county, kept.day) == (LIANFENG, LIANFENG[:9], COUNTY, dt.date(2021, 12, 20))
    assert (kept.recorded_by, kept.revision, kept.people) == (cast.accounts["member"].pk, 1, 2)
    assert History.objects.unscoped("test").get(record=visit.key).values["heard"] == "浴室没扶手"
    assert Entry.objects.unscoped("test").get(record=visit.key).subject == cast.households[LIANFENG][0]
    assert ledger_sum("visit.done", record=visit.key) == 1
    assert ledger_sum("visit.people", record=visit.key) == 2


def test_the_same_id_again_answers_the_same_record_and_posts_nothing(cast: Cast) -> None:
    key = new_id()

    first = cast.visit(key=key)
    again = submit(cast.actor("member"), [Draft("visit", key, {"heard": "别的"})], at=NOW)[0]

    assert again.is_replay
    assert again.record.seq == first.seq
    assert ledger_sum("visit.done") == 1


def test_somebody_elses_id_tells_nothing(cast: Cast) -> None:
    visit = cast.visit()

    with pytest.raises(Refused, match="编号已经用过"):
        cast.visit("neighbour", key=visit.key, subject=cast.households[SANXING][0])


def test_amending_posts_the_difference_only(cast: Cast) -> None:
    visit = cast.visit(people="2")
    before = Fact.objects.count()

    changed = amend(cast, "member", visit, people="5")

    assert changed.revision == 2
    assert ledger_sum("visit.people") == 5
    assert ledger_sum("visit.done") == 1
    assert Fact.objects.count() == before + 1


def test_amending_what_counts_nothing_posts_nothing(cast: Cast) -> None:
    visit = cast.visit(heard="一")
    before = Fact.objects.count()

    amend(cast, "member", visit, heard="二")

    assert Fact.objects.count() == before
    assert History.objects.unscoped("test").filter(record=visit.key).count() == 2


def test_withdrawing_reverses_every_fact_and_needs_a_reason(cast: Cast) -> None:
    visit = cast.visit(difficulties=[{"text": "低保材料", "state": "solved"}])
    draft = Draft("visit", visit.key, act=Act.VOID, base=1)

    with pytest.raises(Refused, match="原因"):
        submit(cast.actor("member"), [draft], at=NOW)
    submit(cast.actor("member"), [Draft("visit", visit.key, act=Act.VOID, base=1, because="登错了人家")], at=NOW)

    assert [ledger_sum(measure) for measure in ("visit.done", "difficulty.found", "difficulty.solved")] == [0, 0, 0]
    assert Visit.objects.seen_by(cast.actor("member")).get(key=visit.key).is_void
    assert Difficulty.objects.unscoped("test").get(record=visit.key).is_void


def test_a_withdrawn_visit_is_not_changed_any_more(cast: Cast) -> None:
    visit = cast.visit()
    submit(cast.actor("member"), [Draft("visit", visit.key, act=Act.VOID, base=1, because="登错")], at=NOW)

    with pytest.raises(Refused, match="已经撤回"):
        submit(cast.actor("member"), [Draft("visit", visit.key, {}, Act.AMEND, 2)], at=NOW)


def test_two_people_editing_one_visit_are_told(cast: Cast) -> None:
    visit = cast.visit(heard="一")
    amend(cast, "chair", visit, heard="二")

    with pytest.raises(Conflict) as caught:
        amend(cast, "member", visit, heard="三")

    assert caught.value.current.revision == 2
    assert Visit.objects.unscoped("test").get(key=visit.key).heard == "二"


@pytest.mark.parametrize("who", ["neighbour", "next_clerk", "stranger", "strange_officer"])
def test_for_strangers_there_is_no_such_visit(cast: Cast, who: str) -> None:
    visit = cast.visit()

    with pytest.raises(Unseen):
        submit(cast.actor(who), [Draft("visit", visit.key, {}, Act.AMEND, 1)], at=NOW)
    with pytest.raises(Unseen):
        submit(cast.actor(who), [Draft("visit", visit.key, {}, Act.VOID, 1, "不该看见")], at=NOW)


def test_a_leader_sees_but_does_not_change(cast: Cast) -> None:
    visit = cast.visit()

    with pytest.raises(Forbidden):
        submit(cast.actor("leader"), [Draft("visit", visit.key, {}, Act.AMEND, 1)], at=NOW)


@pytest.mark.parametrize("who", ["neighbour", "next_clerk", "stranger", "leader", "partner", "administrator", "audit"])
def test_nobody_records_where_she_has_no_business(cast: Cast, who: str) -> None:
    with pytest.raises((Forbidden, Rejected)):
        cast.visit(who)

    assert not Visit.objects.unscoped("test").exists()
    assert not Fact.objects.exists()


def test_a_batch_is_kept_whole_or_not_at_all(cast: Cast) -> None:
    good = {"subject": cast.households[LIANFENG][0], "purposes": [{"programme": "grid-walk", "reasons": []}]}
    bad = good | {"subject": cast.households[LIANFENG][1], "day": "2021-12-25"}

    with pytest.raises(Rejected) as caught:
        submit(cast.actor("member"), [Draft("visit", new_id(), good), Draft("visit", new_id(), bad)], at=NOW)

    assert {place: [item.field for item in problems.items] for place, problems in caught.value.problems.items()} == {
        1: ["day"]
    }
    assert not Visit.objects.unscoped("test").exists()
    assert not Fact.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"day": "2021-12-25"}, "day"),
        ({"day": "1948-12-31"}, "day"),
        ({"day": "2021-02-30"}, "day"),
        ({"subject": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, "subject"),
        ({"subject": ""}, "subject"),
        ({"subject_type": "village"}, "subject"),
        ({"mode": "fax"}, "mode"),
        ({"purposes": []}, "purposes"),
        ({"purposes": "four-musts"}, "purposes"),
        ({"purposes": [{"programme": "none-such", "reasons": []}]}, "purposes"),
        ({"purposes": [{"programme": "four-musts", "reasons": ["none-such"]}]}, "purposes"),
        ({"purposes": [{"programme": "family-file", "reasons": []}]}, "purposes"),
        ({"people": "-1"}, "people"),
        ({"people": "1.5"}, "people"),
        ({"people": "99999999"}, "people"),
        ({"heard": "话" * 5001}, "heard"),
        ({"difficulties": [{"text": "一", "state": "gone"}]}, "difficulties.0.state"),
        ({"difficulties": [{"text": "一", "category": "none-such"}]}, "difficulties.0.category"),
        ({"difficulties": [{"text": "一", "state": "solved", "solved_on": "2021-12-01"}]}, "difficulties.0.solved_on"),
        ({"difficulties": [{"text": "一", "state": "solved", "solved_on": "2021-12-30"}]}, "difficulties.0.solved_on"),
        ({"difficulties": "多"}, "difficulties"),
        ({"givings": [{"name": "米", "amount": "-5"}]}, "givings.0.amount"),
        ({"givings": [{"name": "米", "amount": "1.005"}]}, "givings.0.amount"),
        ({"givings": [{"what": "goods", "amount": "5"}]}, "givings.0.name"),
        ({"deliveries": [{"kind": "gold", "people": "1"}]}, "deliveries.0.kind"),
        ({"next_on": "2021-12-20"}, "next_on"),
    ],
)
def test_what_cannot_be_is_said_by_its_field(cast: Cast, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Rejected) as caught:
        cast.visit(**values)

    assert [item.field for item in caught.value.first.items] == [field]
    assert not Visit.objects.unscoped("test").exists()


def test_full_width_digits_and_emoji_are_accepted(cast: Cast) -> None:
    visit = cast.visit(people="３", day="２０２１年１２月２０日", heard="她笑了 😀")

    assert (visit.people, visit.day, visit.heard) == (3, dt.date(2021, 12, 20), "她笑了 😀")


def test_a_number_typed_into_a_note_is_masked_everywhere(cast: Cast) -> None:
    number = "13812345678"
    visit = cast.visit(
        heard=f"电话{number}，身份证11010519491231002X",
        opinions=[{"text": f"打{number}"}],
        difficulties=[{"text": f"找{number}", "handler": number}],
        companions=number,
    )

    history = History.objects.unscoped("test").get(record=visit.key)
    everything = str(history.values) + visit.words + visit.heard + visit.companions
    everything += Difficulty.objects.unscoped("test").get(record=visit.key).text
    assert number not in everything
    assert "11010519491231002X" not in everything


def test_records_are_written_by_the_door_alone(cast: Cast) -> None:
    visit = cast.visit()

    with pytest.raises(Unscoped):
        visit.save()
    with pytest.raises(Unscoped):
        visit.delete()
    with pytest.raises(Unscoped):
        Visit.objects.unscoped("test").update(people=9)


def seal_2020(cast: Cast) -> None:
    with transaction.atomic():
        seal_period(cast.actor("officer"), region=COUNTY, period=Period.of_year(2020), because="年报已上报", at=NOW)


def test_a_sealed_year_takes_no_ordinary_write(cast: Cast) -> None:
    old = cast.visit(day="2020-05-01")
    seal_2020(cast)

    with pytest.raises(Rejected) as caught:
        cast.visit(day="2020-06-01")
    assert caught.value.first.items[0].field == "day"
    with pytest.raises(Refused, match="封账"):
        amend(cast, "member", old, heard="改一改")
    with pytest.raises(Refused, match="封账"):
        submit(cast.actor("member"), [Draft("visit", old.key, act=Act.VOID, base=1, because="错")], at=NOW)


def test_a_county_officer_corrects_a_sealed_year_with_a_reason(cast: Cast) -> None:
    old = cast.visit(day="2020-05-01", people="2")
    seal_2020(cast)
    raw = History.objects.unscoped("test").get(record=old.key).values | {"people": "3"}

    with pytest.raises(Forbidden):
        submit(cast.actor("member"), [Draft("visit", old.key, raw, Act.AMEND, 1, "漏了一人", correcting=True)], at=NOW)
    submit(cast.actor("officer"), [Draft("visit", old.key, raw, Act.AMEND, 1, "漏了一人", correcting=True)], at=NOW)

    assert ledger_sum("visit.people") == 3


def test_a_difficulty_of_a_sealed_year_may_be_solved_afterwards(cast: Cast) -> None:
    old = cast.visit(day="2020-05-01", difficulties=[{"text": "低保材料"}])
    seal_2020(cast)
    raw = History.objects.unscoped("test").get(record=old.key).values
    raw["difficulties"][0] |= {"state": "solved", "handling_on": "2021-01-02", "solved_on": "2021-01-05"}

    submit(cast.actor("member"), [Draft("visit", old.key, raw, Act.FOLLOW_UP, 1)], at=NOW)

    solved = Fact.objects.get(measure="difficulty.solved")
    assert solved.day == dt.date(2021, 1, 5)


@pytest.mark.parametrize("other", [{"people": "9"}, {"heard": "别的话"}, {"day": "2020-05-02"}])
def test_following_up_changes_nothing_else(cast: Cast, other: dict[str, str]) -> None:
    old = cast.visit(day="2020-05-01", people="2", difficulties=[{"text": "低保材料"}])
    seal_2020(cast)
    raw = History.objects.unscoped("test").get(record=old.key).values | other

    with pytest.raises(Rejected) as caught:
        submit(cast.actor("member"), [Draft("visit", old.key, raw, Act.FOLLOW_UP, 1)], at=NOW)

    assert "续办只能写" in str(caught.value.first)


def test_nobody_stands_twice_on_one_list(cast: Cast) -> None:
    cast.listing("family-file")

    with pytest.raises(Rejected) as caught:
        cast.listing("family-file")

    assert [item.field for item in caught.value.first.items] == ["subject"]
    assert Listing.objects.unscoped("test").count() == 1
