"""Finding households by what is typed, and never a neighbour's: every search has somebody next door who would match."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.access.verbs import Verb
from lianxin.register.actions import amend_household, amend_person, end_membership, register_household
from lianxin.register.drafts import HouseholdChanges, HouseholdDraft, Leaving, MemberDraft, PersonChanges
from lianxin.register.forms import ensure_forms
from lianxin.register.models import NameForm
from lianxin.register.queries import PersonHit, SubjectHit, find_persons, find_subjects, household_card
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
    STRANGER,
    TODAY,
    TOWN,
    ZHANG,
    actor,
    id_number,
    zhang_family,
)

pytestmark = pytest.mark.django_db
LI_AGAIN = id_number("19500701", 13)


@dataclass
class Village:
    zhang: str
    zeng: str
    twin: str  # the neighbour village's household, alike in everything


@pytest.fixture
def village(db: None) -> Village:
    zhang = register_household(MEMBER, zhang_family(), at=AT)
    zeng = register_household(MEMBER, HouseholdDraft(head="曾红", region=HERE, place="8组2号"), at=AT)
    twin = register_household(
        NEIGHBOUR,
        HouseholdDraft(
            region=NEXT,
            place="3组17号",
            phone="0573-82831234",
            members=(
                MemberDraft(name="张桂英", relation="head", phone="13812342764"),
                MemberDraft(name="李小雨", relation="child", id_number=LI),
            ),
        ),
        at=AT,
    )
    return Village(zhang, zeng, twin)


def keys(hits: list[SubjectHit]) -> list[str]:
    return [hit.key for hit in hits]


BY_ZHANG = [
    "张桂英", "张", "张桂", "桂英", "英", "zhangguiying", "ZhangGui", "zhang gui ying", "zgy", "ZG", "z",
    "李小雨", "小雨", "lxy", "lixiaoyu", "ljg",
    "3组17号", "3组", "17号", "１７号", "3 组 17 号", "17",
    "2764", "1234", "13812342764", "138 1234 2764", "0573-82831234", "057382831234",
]  # fmt: skip


@pytest.mark.parametrize("typed", BY_ZHANG)
def test_what_is_typed_finds_the_household_here_and_not_its_twin_next_door(village: Village, typed: str) -> None:
    assert village.zhang in keys(find_subjects(MEMBER, typed))
    assert village.twin not in keys(find_subjects(MEMBER, typed))


@pytest.mark.parametrize("typed", [*BY_ZHANG, ZHANG, ZHANG[-4:], LI, "曾", "ch"])
def test_a_stranger_finds_nothing(village: Village, typed: str) -> None:
    assert find_subjects(STRANGER, typed) == []
    assert find_subjects(Actor(account="nobody", name="无"), typed) == []
    assert find_subjects(actor(HERE, verbs=frozenset({Verb.VISIT_READ})), typed) == []


@pytest.mark.parametrize("typed", [each for each in BY_ZHANG if each not in ("ljg",)])
def test_above_both_are_found(village: Village, typed: str) -> None:
    for above in (CLERK, OFFICER, actor("3304"), actor("33"), actor("")):
        assert {village.zhang, village.twin} <= set(keys(find_subjects(above, typed))), above.account


def test_above_the_county_every_county_is_searched(village: Village) -> None:
    far = [register_household(STRANGER, HouseholdDraft(head="张桂英", region=FAR), at=AT) for _ in range(2)]

    for above in (actor("3304"), actor("33"), actor("")):
        assert set(keys(find_subjects(above, "zgy"))) == {village.zhang, village.twin, *far}
    assert set(keys(find_subjects(actor("33"), "zgy", region="330411"))) == set(far)
    assert find_subjects(actor("3305"), "zgy") == []


def test_a_whole_id_number_and_its_last_four(village: Village) -> None:
    assert keys(find_subjects(MEMBER, ZHANG)) == [village.zhang]
    assert village.zhang in keys(find_subjects(MEMBER, ZHANG[-4:].lower()))
    assert find_subjects(MEMBER, LI) == []
    assert keys(find_subjects(CLERK, LI)) == [village.twin]


def test_both_readings_of_a_surname_find(village: Village) -> None:
    for typed in ("zenghong", "cenghong", "zh", "ch"):
        assert village.zeng in keys(find_subjects(MEMBER, typed))


@pytest.mark.parametrize("typed", ["lüyan", "LÜ", "lvyan", "lv yan", "吕"])
def test_u_with_dots_is_typed_either_way(village: Village, typed: str) -> None:
    key = register_household(MEMBER, HouseholdDraft(head="吕燕", region=HERE), at=AT)

    assert keys(find_subjects(MEMBER, typed)) == [key]


def test_a_hit_says_who_matched_by_what_and_whose_household(village: Village) -> None:
    house = household_card(MEMBER, village.zhang, on=TODAY)
    assert house
    people = {line.name: line.key for line in house.members}
    assert find_subjects(MEMBER, "zgy") == [
        SubjectHit("household", village.zhang, "张桂英", "zgy", "3组17号", HERE, "张桂英", people["张桂英"])
    ]
    assert find_subjects(MEMBER, "小雨") == [
        SubjectHit("household", village.zhang, "李小雨", "小雨", "3组17号", HERE, "张桂英", people["李小雨"])
    ]
    assert find_subjects(MEMBER, "17号")[0] == SubjectHit(
        "household", village.zhang, "张桂英", "17号", "3组17号", HERE, "张桂英"
    )
    assert find_subjects(MEMBER, "2764")[0].matched == "电话尾号 2764"


def test_each_household_is_shown_once_however_many_match(village: Village) -> None:
    assert keys(find_subjects(MEMBER, "李")) == [village.zhang]
    assert keys(find_subjects(MEMBER, "l")) == [village.zhang]


def test_an_area_narrows_and_never_widens(village: Village) -> None:
    assert keys(find_subjects(CLERK, "zgy", region=NEXT)) == [village.twin]
    assert len(find_subjects(CLERK, "zgy", region=TOWN)) == 2
    assert keys(find_subjects(MEMBER, "zgy", region=TOWN)) == [village.zhang]
    assert find_subjects(MEMBER, "zgy", region=NEXT) == []
    assert find_subjects(MEMBER, "zgy", region="330411") == []


def test_two_villages_of_one_person_are_both_searched(village: Village) -> None:
    assert set(keys(find_subjects(actor(HERE, NEXT), "zgy"))) == {village.zhang, village.twin}


def test_exact_forms_come_first_and_no_more_than_asked(village: Village) -> None:
    for name in ("张桂", "张桂英英", "张桂芳"):
        register_household(MEMBER, HouseholdDraft(head=name, region=HERE), at=AT)

    assert find_subjects(MEMBER, "张桂")[0].name == "张桂"
    assert len(find_subjects(MEMBER, "张桂", limit=2)) == 2


@pytest.mark.parametrize("typed", ["", "  ", "\x00", "%", "_", "*", "'; drop table", "\U0010ffff", "\ud7ff", "x" * 500])
def test_odd_signs_find_nothing_and_break_nothing(village: Village, typed: str) -> None:
    assert find_subjects(MEMBER, typed) == []


def test_wrong_numbers_find_nothing(village: Village) -> None:
    wrong = ZHANG[:17] + ("0" if ZHANG[17] != "0" else "1")

    assert find_subjects(MEMBER, wrong) == []
    assert find_subjects(MEMBER, "13812342765") == []
    assert find_subjects(MEMBER, "11111111111") == []


def test_a_new_name_and_house_number_are_found_and_the_old_no_more(village: Village) -> None:
    card = household_card(MEMBER, village.zhang, on=TODAY)
    assert card is not None

    amend_person(MEMBER, card.head, changes=PersonChanges(name="单桂芳"), at=AT)
    amend_household(MEMBER, village.zhang, changes=HouseholdChanges(place="5组9号", phone="13912345678"), at=AT)

    for typed in ("单桂芳", "shanguifang", "dgf", "5组9号", "9号", "5678"):
        assert village.zhang in keys(find_subjects(MEMBER, typed)), typed
    for typed in ("张桂英", "zgy", "3组17号", "17号", "1234"):
        assert village.zhang not in keys(find_subjects(MEMBER, typed)), typed


def test_who_left_is_found_by_herself_and_the_dead_no_more(village: Village) -> None:
    card = household_card(MEMBER, village.zhang, on=TODAY)
    assert card is not None
    li, rain = card.members[1].key, card.members[2].key

    amend_person(MEMBER, li, changes=PersonChanges(phone="13912345678", id_number=LI_AGAIN), at=AT)
    assert keys(find_subjects(MEMBER, "5678")) == [village.zhang]

    end_membership(MEMBER, village.zhang, li, why=Leaving.DIED, at=AT)
    end_membership(MEMBER, village.zhang, rain, why=Leaving.MOVED_OUT, at=AT)

    for typed in ("李建国", "5678", LI_AGAIN[-4:]):
        assert find_subjects(MEMBER, typed) == [], typed
    assert find_subjects(MEMBER, "李小雨") == [SubjectHit("person", rain, "李小雨", "李小雨", "", HERE)]


def test_forms_kept_are_exactly_those_of_the_names_and_places(village: Village) -> None:
    forms = NameForm.objects.unscoped("the test counts rows").filter(household=village.zeng)

    assert sorted(forms.values_list("kind", "form")) == [
        ("full", "cenghong"),
        ("full", "zenghong"),
        ("initials", "ch"),
        ("initials", "zh"),
        ("name", "曾红"),
        ("part", "*红"),
        ("place", "2号"),
        ("place", "8组2号"),
        ("sound", "-hon"),
        ("sound", "~cenhon"),
        ("sound", "~zenhon"),
    ]


def test_a_search_costs_the_same_queries_for_one_hit_and_for_many(village: Village) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert find_subjects(MEMBER, "zgy")
        return len(captured)

    before = queries()
    for _ in range(5):
        register_household(MEMBER, HouseholdDraft(head="张桂英", region=HERE), at=AT)

    assert before == queries() == 5


def test_numbers_typed_are_not_in_any_query(village: Village) -> None:
    with CaptureQueriesContext(connection) as captured:
        for typed in (ZHANG, "13812342764", "2764"):
            find_subjects(MEMBER, typed)

    said: list[dict[str, Any]] = captured.captured_queries
    assert said
    assert not [each for each in said if ZHANG in each["sql"] or "13812342764" in each["sql"]]


def names(hits: list[PersonHit]) -> list[tuple[str, str]]:
    return [(hit.name, hit.rank) for hit in hits]


def register(*heads: str) -> None:
    for head in heads:
        register_household(MEMBER, HouseholdDraft(head=head, region=HERE), at=AT)


def test_people_come_in_the_order_of_how_well_they_match(db: None) -> None:
    register("章丽", "章莉芳", "小章丽", "张丽", "詹力", "臧李")

    # 张 and 章 are both zhang, 丽 and 莉 both li; 詹 zhan and 臧 zang only sound alike down here.
    assert names(find_persons(MEMBER, "章丽"))[:3] == [("章丽", "exact"), ("小章丽", "part"), ("张丽", "sound")]
    assert set(names(find_persons(MEMBER, "章丽"))[3:]) == {("章莉芳", "sound"), ("詹力", "alike"), ("臧李", "alike")}
    assert names(find_persons(MEMBER, "zhangli"))[:3] == [("章丽", "exact"), ("张丽", "exact"), ("章莉芳", "prefix")]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("zs", "张三"),
        ("章三", "张三"),
        ("zansan", "张三"),
        ("三", "张三"),
        ("sfang", "单芳"),
        ("shanfang", "单芳"),
        ("danfang", "单芳"),
        ("qiulan", "仇兰"),
        ("oulan", "区兰"),
        ("xielan", "解兰"),
        ("邱南", "仇兰"),
        ("黄萍", "王平"),
        ("huangpin", "王平"),
        ("liuhong", "牛红"),
        ("hong", "牛红"),
        ("付文", "胡文"),
        ("zenlan", "曾兰"),
    ],
)
def test_people_are_found_as_people_type_and_hear_here(db: None, typed: str, found: str) -> None:
    register("张三", "单芳", "仇兰", "区兰", "解兰", "王平", "牛红", "胡文", "曾兰")

    if typed == "sfang":  # initials and pinyin mixed are not kept
        assert found not in [hit.name for hit in find_persons(MEMBER, typed)]
    else:
        assert found in [hit.name for hit in find_persons(MEMBER, typed)]
    assert find_persons(NEIGHBOUR, typed) == []


def test_people_are_found_by_the_end_of_their_phone_and_houses_are_not_people(village: Village) -> None:
    assert names(find_persons(MEMBER, "2764")) == [("张桂英", "number")]
    assert find_persons(MEMBER, "3组17号") == []
    hit = find_persons(MEMBER, "李建国")[0]
    assert (hit.household, hit.place, hit.head) == (village.zhang, "3组17号", "张桂英")


def test_forms_of_an_older_register_are_laid_once(village: Village) -> None:
    with pen("register"):
        NameForm.objects.unscoped("an older register kept no sounds").filter(kind="sound").delete()
    assert find_persons(MEMBER, "赞桂英") == []

    assert ensure_forms() > 0
    assert names(find_persons(MEMBER, "赞桂英")) == [("张桂英", "alike")]
    assert ensure_forms() == 0
