"""Changing, joining, leaving, moving: what stands afterwards, on which ground, and what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from lianxin.base.errors import Forbidden, Problems, Refused, Unseen
from lianxin.register.actions import (
    add_known_member,
    add_member,
    amend_household,
    amend_person,
    change_relation,
    close_household,
    correct_home,
    end_membership,
    move_household,
    register_household,
)
from lianxin.register.cards import HouseholdCard
from lianxin.register.drafts import (
    HouseholdChanges,
    HouseholdDraft,
    Leaving,
    MemberDraft,
    PersonChanges,
    Relation,
)
from lianxin.register.models import Change, Membership, Person, Residence
from lianxin.register.queries import changes, find_subjects, history, household_card, household_of, members, person_card
from tests.register.cast import (
    AT,
    CLERK,
    FAR,
    HERE,
    LI,
    MEMBER,
    NEIGHBOUR,
    NEXT,
    OFFICER,
    READER,
    TODAY,
    ZHANG,
    actor,
    id_number,
    zhang_family,
)

pytestmark = pytest.mark.django_db
ALL = "the test looks at rows"
D = dt.date


@pytest.fixture
def home(db: None) -> HouseholdCard:
    return card_of(register_household(MEMBER, zhang_family(), at=AT))


def card_of(key: str, who: Any = MEMBER) -> HouseholdCard:
    card = household_card(who, key, on=TODAY)
    assert card is not None
    return card


def names(card: HouseholdCard) -> list[str]:
    return [line.name for line in card.members]


def refused(act: Any, *args: Any, **kwargs: Any) -> dict[str, str]:
    with pytest.raises((Problems, Refused)) as refusal:
        act(*args, at=AT, **kwargs)
    error = refusal.value
    if isinstance(error, Problems):
        return {item.field: item.message for item in error.items}
    return {error.field: error.message}


# ── particulars ──────────────────────────────────────────────────────────────


def test_amending_a_household_changes_what_is_named_and_nothing_else(home: HouseholdCard) -> None:
    changed = amend_household(MEMBER, home.key, changes=HouseholdChanges(place="5组9号"), at=AT)

    assert changed == ("place",)
    assert card_of(home.key) == HouseholdCard(**{**_fields(home), "place": "5组9号"})


def _fields(card: HouseholdCard) -> dict[str, Any]:
    return {name: getattr(card, name) for name in card.__slots__}


def test_amending_with_what_it_is_already_changes_nothing(home: HouseholdCard) -> None:
    before = Change.objects.unscoped(ALL).count()

    same = HouseholdChanges(place="3组17号", phone="057382831234", grid="", head=home.head)

    assert amend_household(MEMBER, home.key, changes=same, at=AT) == ()
    assert amend_person(MEMBER, home.head, changes=PersonChanges(name="张桂英", phone="138 1234 2764"), at=AT) == ()
    assert Change.objects.unscoped(ALL).count() == before


def test_the_log_names_fields_masks_words_and_says_nothing_of_numbers(home: HouseholdCard) -> None:
    amend_household(MEMBER, home.key, changes=HouseholdChanges(place="电话13912345678", phone="13912345678"), at=AT)
    amend_person(MEMBER, home.members[1].key, changes=PersonChanges(name="李建华", id_number=LI), at=AT)

    lines = changes(MEMBER, home.key)

    assert [(line.act, line.kind, line.key, line.by) for line in lines[:2]] == [
        ("改资料", "person", home.members[1].key, MEMBER.account),
        ("改资料", "household", home.key, MEMBER.account),
    ]
    assert lines[0].fields == (("name", "李建国", "李建华"), ("id_number", "", "已更改"))
    assert lines[1].fields == (("place", "3组17号", "电话139····5678"), ("phone", "", "已更改"))


def test_a_number_can_be_taken_out(home: HouseholdCard) -> None:
    amend_person(MEMBER, home.head, changes=PersonChanges(id_number="", phone=""), at=AT)

    card = person_card(MEMBER, home.head, on=TODAY)
    assert card is not None
    assert (card.id_number, card.phone, card.birth) == ("", "", D(1953, 3, 5))
    assert Person.objects.unscoped(ALL).get(id=home.head).id_hash is None


def test_a_new_number_brings_its_birth_and_sex(home: HouseholdCard) -> None:
    amend_person(MEMBER, home.head, changes=PersonChanges(id_number=id_number("19540406", 13)), at=AT)

    card = person_card(MEMBER, home.head, on=TODAY)
    assert card is not None
    assert (card.birth, card.sex) == (D(1954, 4, 6), "男")


@pytest.mark.parametrize(
    ("what", "field", "words"),
    [
        (PersonChanges(birth="1953-3-6"), "birth", "证上是1953年3月5日"),
        (PersonChanges(sex="male"), "sex", "证上是女"),
        (PersonChanges(name=""), "name", "请填姓名"),
        (PersonChanges(name="张😀"), "name", "表情符号"),
        (PersonChanges(phone="1"), "phone", "电话号码不对"),
        (PersonChanges(id_number=ZHANG[:17]), "id_number", "17 位"),
    ],
)
def test_amending_a_person_is_checked_like_registering(
    home: HouseholdCard, what: PersonChanges, field: str, words: str
) -> None:
    found = refused(amend_person, MEMBER, home.head, changes=what)

    assert list(found) == [field]
    assert words in found[field]
    assert card_of(home.key) == home


def test_a_number_that_is_somebody_elses_is_refused(home: HouseholdCard) -> None:
    other = card_of(register_household(MEMBER, HouseholdDraft(head="王红", region=HERE), at=AT))
    far = card_of(register_household(NEIGHBOUR, HouseholdDraft(head="王红", region=NEXT), at=AT), NEIGHBOUR)

    near = refused(amend_person, MEMBER, other.head, changes=PersonChanges(id_number=ZHANG))
    away = refused(amend_person, NEIGHBOUR, far.head, changes=PersonChanges(id_number=ZHANG))

    assert near == {"id_number": "张桂英已经登记过，请在册子里找到她再改，不用重新登记。"}
    assert away == {"id_number": "这位已在别处登记，请找上级妇联处理。"}


def test_her_own_number_typed_again_is_no_twin(home: HouseholdCard) -> None:
    changed = amend_person(MEMBER, home.head, changes=PersonChanges(name="张桂芳", id_number=ZHANG), at=AT)

    assert changed == ("name",)


def test_nobody_is_born_after_she_joined(home: HouseholdCard) -> None:
    found = refused(amend_person, MEMBER, home.members[1].key, changes=PersonChanges(birth="2011-1-1"))

    assert found == {"birth": "李建国在2010年1月1日就已经在册，出生日期不能更晚。"}


def test_the_head_is_one_of_the_members(home: HouseholdCard) -> None:
    amend_household(MEMBER, home.key, changes=HouseholdChanges(head=home.members[1].key), at=AT)

    assert [(line.name, line.relation) for line in card_of(home.key).members] == [
        ("李建国", Relation.HEAD),
        ("张桂英", Relation.OTHER),
        ("李小雨", Relation.GRANDCHILD),
    ]
    stranger = refused(amend_household, MEMBER, home.key, changes=HouseholdChanges(head="01ARZ3NDEKTSV4RRFFQ69G5FAV"))
    assert stranger == {"head": "户主要在这一户现在的人里选。"}


def test_a_relation_is_corrected_but_not_into_the_head(home: HouseholdCard) -> None:
    change_relation(MEMBER, home.key, home.members[2].key, relation="child", at=AT)

    assert card_of(home.key).members[2].relation == Relation.CHILD
    assert "relation" in refused(change_relation, MEMBER, home.key, home.members[2].key, relation="head")
    assert "relation" in refused(change_relation, MEMBER, home.key, home.head, relation="child")
    assert "relation" in refused(change_relation, MEMBER, home.key, home.members[2].key, relation="uncle")
    assert "person" in refused(change_relation, MEMBER, home.key, "01ARZ3NDEKTSV4RRFFQ69G5FAV", relation="child")


ATTEMPTS: dict[str, Any] = {
    "amend_household": lambda who, home: amend_household(who, home.key, changes=HouseholdChanges(place="1号"), at=AT),
    "amend_person": lambda who, home: amend_person(who, home.head, changes=PersonChanges(name="甲甲"), at=AT),
    "add_member": lambda who, home: add_member(who, home.key, MemberDraft(name="甲甲"), at=AT),
    "add_known_member": lambda who, home: add_known_member(who, home.key, home.head, relation="child", at=AT),
    "change_relation": lambda who, home: change_relation(who, home.key, home.members[1].key, relation="child", at=AT),
    "end_membership": lambda who, home: end_membership(who, home.key, home.head, why="died", at=AT),
    "close_household": lambda who, home: close_household(who, home.key, why="moved-out", at=AT),
    "move_household": lambda who, home: move_household(who, home.key, to=NEXT, at=AT),
    "correct_home": lambda who, home: correct_home(who, home.key, to=NEXT, because="登记时选错了村", at=AT),
}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_a_neighbour_sees_nothing_and_a_reader_may_not(home: HouseholdCard, name: str) -> None:
    with pytest.raises(Unseen):
        ATTEMPTS[name](NEIGHBOUR, home)
    with pytest.raises(Forbidden):
        ATTEMPTS[name](READER, home)

    assert card_of(home.key) == home


# ── joining ──────────────────────────────────────────────────────────────────


def test_somebody_new_joins_from_a_day_on(home: HouseholdCard) -> None:
    key = add_member(
        MEMBER, home.key, MemberDraft(name="王红", relation="child-in-law", birth="1985-1-1"), on="2014-5-1", at=AT
    )

    assert names(card_of(home.key)) == ["张桂英", "李建国", "王红", "李小雨"]
    assert "王红" not in [line.name for line in members(MEMBER, home.key, on=D(2014, 4, 30))]
    assert "王红" in [line.name for line in members(MEMBER, home.key, on=D(2014, 5, 1))]
    assert household_of(MEMBER, key, D(2014, 4, 30)) is None
    assert household_of(MEMBER, key, D(2014, 5, 1)) == home.key
    assert find_subjects(MEMBER, "wh")[0].key == home.key


def test_a_child_joins_from_her_birth(home: HouseholdCard) -> None:
    key = add_member(MEMBER, home.key, MemberDraft(name="李新", birth="2021-8-30"), on="2021-8-1", at=AT)

    assert Membership.objects.unscoped(ALL).get(person_id=key).starts == D(2021, 8, 30)


@pytest.mark.parametrize(
    ("draft", "on", "field", "words"),
    [
        (MemberDraft(name=""), None, "name", "请填姓名"),
        (MemberDraft(name="王红"), "2021-9-2", "on", "不能晚于今天"),
        (MemberDraft(name="王红"), "2009-12-31", "on", "不能早于建户的日子（2010年1月1日）"),
        (MemberDraft(name="王红", relation="head"), None, "relation", "已有户主"),
        (MemberDraft(name="王红", id_number=ZHANG), None, "id_number", "已经登记过"),
    ],
)
def test_joining_is_checked(home: HouseholdCard, draft: MemberDraft, on: str | None, field: str, words: str) -> None:
    found = refused(add_member, MEMBER, home.key, draft, on=on)

    assert list(found) == [field]
    assert words in found[field]


def test_nobody_is_in_two_households_at_once(home: HouseholdCard) -> None:
    other = register_household(MEMBER, HouseholdDraft(head="王红", region=HERE, since=D(2015, 1, 1)), at=AT)

    found = refused(add_known_member, MEMBER, other, home.members[2].key, relation="child")

    assert found == {"person": "李小雨现在还在另一户，请先在那一户办理离开。"}


def test_marrying_into_another_village_needs_both_villages(home: HouseholdCard) -> None:
    there = register_household(NEIGHBOUR, HouseholdDraft(head="王红", region=NEXT, since=D(2015, 1, 1)), at=AT)
    rain = home.members[2].key
    end_membership(MEMBER, home.key, rain, on="2021-3-1", why="married-out", at=AT)

    with pytest.raises(Unseen):
        add_known_member(MEMBER, there, rain, relation="child-in-law", at=AT)
    with pytest.raises(Unseen):
        add_known_member(NEIGHBOUR, there, rain, relation="child-in-law", at=AT)
    early = refused(add_known_member, CLERK, there, rain, relation="child-in-law", on="2021-2-28")
    add_known_member(CLERK, there, rain, relation="child-in-law", on="2021-3-1", at=AT)

    assert early == {"on": "李小雨到2021年3月1日为止还在另一户，日期不能更早。"}
    assert names(card_of(there, NEIGHBOUR)) == ["王红", "李小雨"]
    assert person_card(MEMBER, rain, on=TODAY) is None
    assert find_subjects(MEMBER, "李小雨") == []
    assert find_subjects(NEIGHBOUR, "李小雨")[0].key == there
    assert household_of(CLERK, rain, D(2021, 2, 28)) == home.key
    assert household_of(CLERK, rain, D(2021, 3, 1)) == there


def test_the_dead_do_not_join(home: HouseholdCard) -> None:
    other = register_household(MEMBER, HouseholdDraft(head="王红", region=HERE, since=D(2015, 1, 1)), at=AT)
    end_membership(MEMBER, home.key, home.members[1].key, why="died", at=AT)

    assert "person" in refused(add_known_member, MEMBER, other, home.members[1].key, relation="other")


# ── leaving ──────────────────────────────────────────────────────────────────


def test_who_leaves_was_there_until_the_day_before(home: HouseholdCard) -> None:
    end_membership(MEMBER, home.key, home.members[1].key, on="2021-3-1", why="died", at=AT)

    assert names(card_of(home.key)) == ["张桂英", "李小雨"]
    assert len(members(MEMBER, home.key, on=D(2021, 2, 28))) == 3
    assert len(members(MEMBER, home.key, on=D(2021, 3, 1))) == 2
    assert household_of(MEMBER, home.members[1].key, D(2021, 2, 28)) == home.key
    assert household_of(MEMBER, home.members[1].key, D(2021, 3, 1)) is None
    card = person_card(MEMBER, home.members[1].key, on=TODAY)
    assert card is not None
    assert (card.died_on, card.age, card.household) == (D(2021, 3, 1), None, "")


def test_when_the_head_leaves_the_next_of_kin_is_head(home: HouseholdCard) -> None:
    end_membership(MEMBER, home.key, home.head, why="died", at=AT)

    assert [(line.name, line.relation) for line in card_of(home.key).members] == [
        ("李建国", Relation.HEAD),
        ("李小雨", Relation.GRANDCHILD),
    ]


def test_the_last_one_to_leave_closes_the_household(home: HouseholdCard) -> None:
    for line in home.members:
        end_membership(MEMBER, home.key, line.key, on="2021-6-1", why="moved-out", at=AT)

    card = card_of(home.key)
    assert (card.until, card.name, card.members) == (D(2021, 6, 1), "", ())
    assert card.people_words == "没有在册的人"
    assert Residence.objects.unscoped(ALL).get(household_id=home.key).ends == D(2021, 6, 1)
    assert find_subjects(MEMBER, "3组17号") == []


def test_a_household_that_moved_after_it_was_empty_has_no_day_in_its_new_home(home: HouseholdCard) -> None:
    move_household(CLERK, home.key, to=NEXT, on="2021-7-1", at=AT)

    close_household(CLERK, home.key, on="2021-6-1", why="moved-out", at=AT)

    homes = Residence.objects.unscoped(ALL).order_by("starts").values_list("starts", "ends")
    assert list(homes) == [(D(2010, 1, 1), D(2021, 7, 1)), (D(2021, 7, 1), D(2021, 7, 1))]


def test_a_mistake_leaves_no_day_behind(home: HouseholdCard) -> None:
    end_membership(MEMBER, home.key, home.members[1].key, why="mistake", at=AT)

    assert [line.name for line in members(MEMBER, home.key, on=D(2016, 1, 1))] == ["张桂英", "李小雨"]


@pytest.mark.parametrize(
    ("on", "why", "field"), [("2021-9-2", "died", "on"), ("2009-1-1", "died", "on"), (None, "bored", "why")]
)
def test_leaving_is_checked(home: HouseholdCard, on: str | None, why: str, field: str) -> None:
    assert list(refused(end_membership, MEMBER, home.key, home.head, on=on, why=why)) == [field]
    assert card_of(home.key) == home


def test_who_is_not_there_cannot_leave(home: HouseholdCard) -> None:
    end_membership(MEMBER, home.key, home.head, why="died", at=AT)

    assert "person" in refused(end_membership, MEMBER, home.key, home.head, why="died")


def test_closing_ends_everything_of_it(home: HouseholdCard) -> None:
    close_household(MEMBER, home.key, on="2021-6-1", why=Leaving.MOVED_OUT, at=AT)

    assert (card_of(home.key).until, card_of(home.key).members) == (D(2021, 6, 1), ())
    assert set(Membership.objects.unscoped(ALL).values_list("ends", flat=True)) == {D(2021, 6, 1)}
    assert "" in refused(close_household, MEMBER, home.key, why="moved-out")
    assert "" in refused(add_member, MEMBER, home.key, MemberDraft(name="王红"))
    assert "" in refused(move_household, CLERK, home.key, to=NEXT)
    assert "" in refused(amend_household, MEMBER, home.key, changes=HouseholdChanges(place="5组9号"))
    assert find_subjects(MEMBER, "5组") == []


# ── moving ───────────────────────────────────────────────────────────────────


def test_a_household_that_moves_is_read_from_its_new_village(home: HouseholdCard) -> None:
    move_household(CLERK, home.key, to=NEXT, on="2021-7-1", place="1组1号", at=AT)

    assert household_card(MEMBER, home.key, on=TODAY) is None
    card = card_of(home.key, NEIGHBOUR)
    assert (card.region, card.place, names(card)) == (NEXT, "1组1号", ["张桂英", "李建国", "李小雨"])
    homes = Residence.objects.unscoped(ALL).order_by("starts").values_list("region", "starts", "ends")
    assert list(homes) == [(HERE, D(2010, 1, 1), D(2021, 7, 1)), (NEXT, D(2021, 7, 1), None)]
    for typed in ("zgy", "小雨", "1组1号", "2764", ZHANG):
        assert find_subjects(MEMBER, typed) == []
        assert find_subjects(NEIGHBOUR, typed)[0].key == home.key
    assert find_subjects(OFFICER, "17号") == []


def test_the_old_village_still_knows_where_it_was(home: HouseholdCard) -> None:
    move_household(CLERK, home.key, to=NEXT, on="2021-7-1", at=AT)

    assert [row.region for row in Residence.objects.seen_by(MEMBER).filter(household_id=home.key)] == [HERE]
    assert [row.region for row in Residence.objects.seen_by(NEIGHBOUR).filter(household_id=home.key)] == [NEXT]


def test_moving_needs_both_villages(home: HouseholdCard) -> None:
    with pytest.raises(Forbidden):
        move_household(MEMBER, home.key, to=NEXT, at=AT)
    with pytest.raises(Forbidden):
        move_household(OFFICER, home.key, to=FAR, at=AT)

    assert card_of(home.key) == home


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to": HERE}, "region"),
        ({"to": "330402"}, "region"),
        ({"to": NEXT, "on": "2021-9-2"}, "on"),
        ({"to": NEXT, "on": "2010-1-1"}, "on"),
        ({"to": NEXT, "grid": f"{HERE}001"}, "grid"),
    ],
)
def test_moving_is_checked(home: HouseholdCard, changes: dict[str, str], field: str) -> None:
    assert list(refused(move_household, CLERK, home.key, **changes)) == [field]
    assert card_of(home.key) == home


def test_moving_there_and_back_keeps_every_home(home: HouseholdCard) -> None:
    move_household(CLERK, home.key, to=NEXT, on="2021-3-1", at=AT)
    move_household(CLERK, home.key, to=HERE, on="2021-5-1", place="3组17号", at=AT)

    assert [(event.day, event.what, event.region) for event in history(CLERK, home.key) if event.region] == [
        (D(2021, 5, 1), "moved", HERE),
        (D(2021, 5, 1), "moved", NEXT),
        (D(2021, 3, 1), "moved", NEXT),
        (D(2021, 3, 1), "moved", HERE),
        (D(2010, 1, 1), "registered", HERE),
    ]
    assert find_subjects(MEMBER, "17号")[0].key == home.key


def test_putting_a_home_right_needs_both_villages(home: HouseholdCard) -> None:
    with pytest.raises(Forbidden):
        correct_home(MEMBER, home.key, to=NEXT, because="登记时选错了村", at=AT)

    assert card_of(home.key) == home


def test_a_wrong_home_is_put_right_without_a_move(home: HouseholdCard) -> None:
    assert list(refused(correct_home, CLERK, home.key, to=NEXT, because=" ")) == ["because"]
    correct_home(CLERK, home.key, to=NEXT, because="登记时选错了村", at=AT)

    homes = Residence.objects.unscoped(ALL).values_list("region", "starts", "ends")
    assert list(homes) == [(NEXT, D(2010, 1, 1), None)]
    assert household_card(MEMBER, home.key, on=TODAY) is None
    assert card_of(home.key, NEIGHBOUR).place == "3组17号"
    assert changes(NEIGHBOUR, home.key) == []  # the log stays on the ground it was written on
    assert changes(CLERK, home.key)[0].because == "登记时选错了村"


def test_a_second_look_at_the_clock_is_not_taken() -> None:
    late = dt.datetime(2021, 9, 1, 17, tzinfo=dt.UTC)  # 2 September, 1 o'clock, in Shanghai

    key = register_household(MEMBER, HouseholdDraft(head="王红", region=HERE, since="2021-9-2"), at=late)

    assert card_of(key).since == D(2021, 9, 2)


def test_two_villages_in_one_hand_may_move_between_them(home: HouseholdCard) -> None:
    move_household(actor(HERE, NEXT), home.key, to=NEXT, at=AT)

    assert card_of(home.key, NEIGHBOUR).region == NEXT
