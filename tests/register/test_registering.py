"""Registering households: what is kept, what is refused, by whom, and that a person exists once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lianxin.access.guard import Unscoped, pen
from lianxin.base.errors import Forbidden, Problems
from lianxin.base.ids import new_id
from lianxin.register.actions import bulk_register, register_household
from lianxin.register.bulk import lay
from lianxin.register.drafts import HouseholdDraft, MemberDraft, Relation
from lianxin.register.models import PEN, Change, Household, Membership, NameForm, Person, Residence
from lianxin.register.queries import find_subjects, household_card, household_cards, person_cards
from lianxin.register.rows import RESIDENCE
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
    STRANGER,
    TODAY,
    ZHANG,
    id_number,
    zhang_family,
)

pytestmark = pytest.mark.django_db
ALL = "the test counts rows"


def problems_of(draft: HouseholdDraft, actor: Any = MEMBER) -> dict[str, str]:
    with pytest.raises(Problems) as refusal:
        register_household(actor, draft, at=AT)
    return {item.field: item.message for item in refusal.value.items}


def test_a_name_and_a_village_will_do() -> None:
    key = register_household(MEMBER, HouseholdDraft(head="张桂英", region=HERE), at=AT)

    card = household_card(MEMBER, key, on=TODAY)

    assert card is not None
    assert (card.name, card.region, card.place, card.phone, card.people) == ("张桂英", HERE, "", "", 1)
    assert (card.since, card.until, card.is_demo) == (TODAY, None, False)
    assert card.members[0].relation == Relation.HEAD


def test_a_whole_family_is_kept_with_what_is_known_of_each() -> None:
    key = register_household(MEMBER, zhang_family(), at=AT)

    card = household_card(MEMBER, key, on=TODAY)

    assert card is not None
    assert [(line.name, line.relation, line.age, line.sex) for line in card.members] == [
        ("张桂英", Relation.HEAD, 68, "女"),
        ("李建国", Relation.SPOUSE, 71, "男"),
        ("李小雨", Relation.GRANDCHILD, 6, "女"),
    ]
    assert card.people_words == "3 人：张桂英（户主，68 岁）、李建国（配偶，71 岁）、李小雨（孙辈，6 岁）"
    assert (card.place, card.phone) == ("3组17号", "0573····1234")
    people = person_cards(MEMBER, [line.key for line in card.members], on=TODAY)
    her = people[card.head]
    assert (her.birth, her.id_number, her.phone) == (dt.date(1953, 3, 5), f"999···········{ZHANG[-4:]}", "138····2764")
    assert (her.household, her.relation, her.region) == (key, Relation.HEAD, HERE)


def test_a_member_belongs_from_the_first_day_or_from_her_birth() -> None:
    register_household(MEMBER, zhang_family(), at=AT)

    starts = Membership.objects.unscoped(ALL).order_by("id").values_list("starts", flat=True)

    assert list(starts) == [dt.date(2010, 1, 1), dt.date(2010, 1, 1), dt.date(2015, 6, 1)]


def test_every_row_stands_on_its_village_and_nothing_plain_is_stored() -> None:
    register_household(MEMBER, zhang_family(), at=AT)

    for model in (Household, Person, Membership, Residence, NameForm, Change):
        grounds = set(model.objects.unscoped(ALL).values_list("region", "town", "county"))
        assert grounds == {(HERE, HERE[:9], HERE[:6])}, model
        with connection.cursor() as cursor:
            cursor.execute(f"select * from {model._meta.db_table}")
            stored = repr(cursor.fetchall())
        for plain in (ZHANG, "13812342764", "057382831234", "82831234"):
            assert plain not in stored, model


def test_the_first_member_is_the_head_where_nobody_is() -> None:
    draft = HouseholdDraft(region=HERE, members=(MemberDraft(name="甲甲"), MemberDraft(name="乙乙")))

    key = register_household(MEMBER, draft, at=AT)

    card = household_card(MEMBER, key, on=TODAY)
    assert card is not None
    assert [(line.name, line.relation.label) for line in card.members] == [("甲甲", "户主"), ("乙乙", "其他")]


def test_full_width_digits_and_gaps_are_accepted() -> None:
    draft = HouseholdDraft(
        region="３３０４０２１００２０１",
        head="张　桂 英",
        place="３组１７号",
        phone="１３８ １２３４ ２７６４",
        since="２０２０年３月５日",
        members=(MemberDraft(name="李建国", relation="spouse", id_number=f"{LI[:6]} {LI[6:14]} {LI[14:]}"),),
    )

    card = household_card(MEMBER, register_household(MEMBER, draft, at=AT), on=TODAY)

    assert card is not None
    assert (card.region, card.name, card.place, card.phone) == (HERE, "张桂英", "3组17号", "138····2764")
    assert card.since == dt.date(2020, 3, 5)
    assert card.members[1].age == 71


def test_everything_wrong_is_said_at_once_by_the_field() -> None:
    draft = HouseholdDraft(
        region="330402100",
        head="",
        place="🏠3组",
        phone="1381234",
        since=dt.date(2021, 9, 2),
        members=(
            MemberDraft(name="李1", relation="uncle", sex="x", birth=dt.date(2021, 9, 2)),
            MemberDraft(name="王😀", birth="1899-12-31", id_number="11010519491231002Y"),
        ),
    )

    assert problems_of(draft) == {
        "region": "请选村（社区）：应是 12 位区划代码。",
        "place": "门牌里不能用表情符号，请改成文字。",
        "phone": "电话号码不对：手机号是 11 位，固定电话请带区号，例如 0573-82831234。",
        "since": "日期不能晚于今天（2021年9月1日）。",
        "members.0.name": "姓名里不要写数字，请只填姓名。",
        "members.0.sex": "性别请选女或男，不清楚就不选。",
        "members.0.birth": "出生日期不能晚于今天（2021年9月1日）。",
        "members.1.name": "姓名里不能用表情符号，请改成文字。",
        "members.1.birth": "出生日期不能早于 1900 年，请核对。",
        "members.1.id_number": "身份证号只能是数字（最后一位可以是 X），第一位不是 0，请核对。",
    }
    assert Household.objects.unscoped(ALL).count() == 0


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"head": ""}, "head", "请填姓名"),
        ({"head": "  "}, "head", "请填姓名"),
        ({"head": "\u200b"}, "head", "请填姓名"),
        ({"head": "长" * 41}, "head", "最多写 40 个字"),
        ({"head": "···"}, "head", "只能写文字"),
        ({"head": "张<b>"}, "head", "只能写文字"),
        ({"head": "张3"}, "head", "不要写数字"),
        ({"head": "张\U0001fa77"}, "head", "表情符号"),
        ({"region": "北京"}, "region", "12 位区划代码"),
        ({"region": ""}, "region", "12 位区划代码"),
        ({"grid": "330402100202001"}, "grid", "网格不在这个村"),
        ({"since": dt.date(1948, 12, 31)}, "since", "不能早于 1949 年"),
        ({"since": "2021-2-30"}, "since", "没有“2021-2-30”这一天"),
        ({"phone": "82831234"}, "phone", "请带上区号"),
        ({"id": "not-an-id"}, "id", "编号不对"),
        ({"members": (MemberDraft(name="乙", relation=Relation.HEAD),)}, "head", "户主只能有一位"),
        (
            {"head": "", "members": tuple(MemberDraft(name=name, relation=Relation.HEAD) for name in "甲乙")},
            "members",
            "户主只能有一位",
        ),
        ({"members": tuple(MemberDraft(name="乙") for _ in range(30))}, "members", "最多登记 30 人"),
        ({"members": (MemberDraft(name="乙", relation="uncle"),)}, "members.0.relation", "在列出的关系里选"),
        (
            {"members": (MemberDraft(name="乙", id_number=ZHANG, birth="1953-3-6"),)},
            "members.0.birth",
            "证上是1953年3月5日",
        ),
        ({"members": (MemberDraft(name="乙", id_number=ZHANG, sex="男"),)}, "members.0.sex", "证上是女"),
        (
            {"members": (MemberDraft(name="乙", id_number="440524188001010014"),)},
            "members.0.id_number",
            "1880年1月1日",
        ),
        (
            {"members": (MemberDraft(name="乙", id_number=id_number("20210902", 12)),)},
            "members.0.id_number",
            "2021年9月2日",
        ),
    ],
)
def test_one_mistake_is_one_clear_sentence(changes: dict[str, Any], field: str, words: str) -> None:
    found = problems_of(replace(HouseholdDraft(head="张桂英", region=HERE), **changes))

    assert list(found) == [field]
    assert words in found[field]


@pytest.mark.parametrize(
    "name", ["古丽·买买提", "古丽•买买提", "Anna Li", "张三（小）", "𬭎", "〇一", "O’Neil", "\ue815某"]
)
def test_unusual_names_are_names(name: str) -> None:
    key = register_household(MEMBER, HouseholdDraft(head=name, region=HERE), at=AT)

    card = household_card(MEMBER, key, on=TODAY)

    assert card is not None
    assert card.name == name.replace("•", "·")


def test_a_phone_typed_into_the_house_number_is_masked() -> None:
    key = register_household(MEMBER, HouseholdDraft(head="张桂英", region=HERE, place="3组 13812342764"), at=AT)

    card = household_card(MEMBER, key, on=TODAY)

    assert card is not None
    assert card.place == "3组 138····2764"


# ── who may ──────────────────────────────────────────────────────────────────


def test_only_who_may_write_there_registers() -> None:
    for actor in (NEIGHBOUR, STRANGER, READER):
        with pytest.raises(Forbidden):
            register_household(actor, zhang_family(), at=AT)

    assert Household.objects.unscoped(ALL).count() == 0
    assert register_household(CLERK, zhang_family(), at=AT)


def test_a_bulk_with_one_village_too_far_keeps_nothing() -> None:
    with pytest.raises(Forbidden):
        bulk_register(MEMBER, [zhang_family(), HouseholdDraft(head="甲", region=NEXT)], at=AT)

    assert Household.objects.unscoped(ALL).count() == 0


def test_others_do_not_see_it() -> None:
    key = register_household(MEMBER, zhang_family(), at=AT)

    assert household_cards(NEIGHBOUR, [key], on=TODAY) == {}
    assert household_cards(STRANGER, [key], on=TODAY) == {}
    assert list(household_cards(OFFICER, [key], on=TODAY)) == [key]


# ── a natural person exists once ─────────────────────────────────────────────


def again(region: str) -> HouseholdDraft:
    return HouseholdDraft(region=region, members=(MemberDraft(name="张某", id_number=ZHANG),))


def test_the_same_number_again_is_refused_with_her_name_where_she_may_be_seen() -> None:
    register_household(MEMBER, zhang_family(), at=AT)

    assert problems_of(again(HERE)) == {"members.0.id_number": "张桂英已经登记过，请在册子里找到她再改，不用重新登记。"}


@pytest.mark.parametrize(("actor", "region"), [(NEIGHBOUR, NEXT), (STRANGER, FAR)])
def test_elsewhere_nothing_is_said_of_who_and_where(actor: Any, region: str) -> None:
    register_household(MEMBER, zhang_family(), at=AT)

    found = problems_of(again(region), actor)

    assert found == {"members.0.id_number": "这位已在别处登记，请找上级妇联处理。"}


def test_the_question_is_the_same_one_query_wherever_she_is() -> None:
    register_household(MEMBER, zhang_family(), at=AT)

    def queries(draft: HouseholdDraft, actor: Any) -> int:
        with CaptureQueriesContext(connection) as captured, pytest.raises(Problems):
            register_household(actor, draft, at=AT)
        return len(captured)

    assert queries(again(HERE), MEMBER) == queries(again(NEXT), NEIGHBOUR) == queries(again(FAR), STRANGER)


def test_the_same_number_twice_in_one_input_is_refused() -> None:
    twice = (MemberDraft(name="甲甲", id_number=ZHANG), MemberDraft(name="乙乙", id_number=ZHANG))

    found = problems_of(HouseholdDraft(region=HERE, members=twice))

    assert found == dict.fromkeys(("members.0.id_number", "members.1.id_number"), "同一个身份证号填了两次，请核对。")


def test_many_without_a_number_are_not_the_same_person() -> None:
    keys = bulk_register(MEMBER, [HouseholdDraft(head="张桂英", region=HERE) for _ in range(3)], at=AT)

    assert len(set(keys)) == 3
    assert Person.objects.unscoped(ALL).filter(id_hash__isnull=True).count() == 3


def test_the_database_itself_holds_one_person_one_household_one_home() -> None:
    key = register_household(MEMBER, zhang_family(), at=AT)
    person = Person.objects.unscoped(ALL).exclude(id_hash=None).get()
    ground = {"region": HERE, "town": HERE[:9], "county": HERE[:6]}
    twins = [
        Person(name="另", id_hash=person.id_hash, **ground),
        Membership(person_id=person.id, household_id=key, relation="other", starts=TODAY, **ground),
        Residence(household_id=key, starts=TODAY, **ground),
        Membership(person_id=person.id, household_id=key, starts=TODAY, ends=dt.date(2021, 8, 31), **ground),
        Residence(household_id=key, starts=TODAY, ends=dt.date(2021, 8, 31), **ground),
        Household(since=TODAY, until=dt.date(2021, 8, 31), **ground),
        Person(name="另", birth=TODAY, died_on=dt.date(2021, 8, 31), **ground),
        Person(name="另", id_hash="", **ground),
    ]
    for row in twins:
        with pytest.raises(IntegrityError), transaction.atomic(), pen(PEN):
            row.save()


# ── ids made by clients, and many at once ────────────────────────────────────


def test_the_same_id_twice_is_the_same_household() -> None:
    draft = zhang_family(id=new_id())

    first, second = (register_household(MEMBER, draft, at=AT) for _ in range(2))

    assert first == second == draft.id
    assert Household.objects.unscoped(ALL).count() == 1
    assert Person.objects.unscoped(ALL).count() == 3


def test_a_replay_in_a_bulk_adds_only_what_is_new() -> None:
    old = zhang_family(id=new_id())
    register_household(MEMBER, old, at=AT)

    keys = bulk_register(MEMBER, [old, HouseholdDraft(head="甲甲", region=HERE)], at=AT)

    assert keys[0] == old.id
    assert Household.objects.unscoped(ALL).count() == 2


def test_an_id_of_somebody_elses_household_is_refused() -> None:
    draft = zhang_family(id=new_id())
    register_household(MEMBER, draft, at=AT)

    found = problems_of(HouseholdDraft(id=draft.id, head="甲甲", region=NEXT), NEIGHBOUR)

    assert found == {"id": "这张表单的编号已经用过，请重新打开页面再填。"}


def test_an_id_twice_in_one_input_is_refused() -> None:
    key = new_id()
    drafts = [HouseholdDraft(id=key, head=name, region=HERE) for name in ("甲甲", "乙乙")]

    with pytest.raises(Problems, match="用了两次"):
        bulk_register(MEMBER, drafts, at=AT)


def test_ids_of_people_may_be_given() -> None:
    key = new_id()

    register_household(MEMBER, HouseholdDraft(region=HERE, members=(MemberDraft(id=key, name="甲甲"),)), at=AT)

    assert person_cards(MEMBER, [key], on=TODAY)[key].name == "甲甲"


def test_a_bulk_names_the_draft_that_is_wrong_and_keeps_nothing() -> None:
    drafts = [zhang_family(), HouseholdDraft(head="", region=HERE), again(HERE)]

    with pytest.raises(Problems) as refusal:
        bulk_register(MEMBER, drafts, at=AT)

    assert {item.field for item in refusal.value.items} == {
        "1.head",
        "0.members.0.id_number",
        "2.members.0.id_number",
    }
    assert Household.objects.unscoped(ALL).count() == 0


def test_a_bulk_costs_the_same_queries_for_three_and_for_thirty() -> None:
    def queries(many: int) -> int:
        drafts = [HouseholdDraft(head="张桂英", region=HERE, place="3组17号") for _ in range(many)]
        with CaptureQueriesContext(connection) as captured:
            bulk_register(MEMBER, drafts, at=AT)
        return len(captured)

    assert queries(3) == queries(30)


def test_marks_of_the_demo_are_kept() -> None:
    key = register_household(MEMBER, zhang_family(is_demo=True), at=AT)

    assert Household.objects.unscoped(ALL).get(id=key).is_demo
    assert set(Person.objects.unscoped(ALL).values_list("is_demo", flat=True)) == {True}


def test_registering_leaves_one_line_in_the_log() -> None:
    key = register_household(MEMBER, zhang_family(), at=AT)

    line = Change.objects.unscoped(ALL).get()

    assert (line.by, line.at, line.kind, line.key, line.act) == (MEMBER.account, AT, "household", key, "registered")
    assert line.fields == [{"field": "members", "old": "", "new": "3"}]


def test_rows_are_laid_only_with_the_pen() -> None:
    with pytest.raises(Unscoped):
        lay(Residence, RESIDENCE, [])


PAPERS = [
    ("810000199408230021", "permit", dt.date(1994, 8, 23), "female"),
    ("911124198108030024", "permanent", dt.date(1981, 8, 3), "female"),
    ("E12345678", "passport", dt.date(1990, 1, 1), ""),
    ("H1234567890", "travel", dt.date(1990, 1, 1), ""),
]


@pytest.mark.parametrize(("number", "kind", "birth", "sex"), PAPERS)
def test_papers_of_every_kind_are_kept_found_and_known_again(
    db: None, number: str, kind: str, birth: dt.date, sex: str
) -> None:
    said = "" if kind in ("permit", "permanent") else "1990-1-1"
    member = MemberDraft(name="陈安", relation="head", id_number=number, id_kind=kind, birth=said)
    key = register_household(MEMBER, HouseholdDraft(region=HERE, members=(member,)), at=AT)

    row = Person.objects.unscoped("the test looks at the row").get()
    assert (row.id_kind, row.birth, row.sex, row.id_number.reveal()) == (kind, birth, sex, number)
    assert [hit.key for hit in find_subjects(MEMBER, number.lower())] == [key]
    with pytest.raises(Problems, match="已经登记过"):
        register_household(MEMBER, HouseholdDraft(region=HERE, members=(member,)), at=AT)


def test_a_paper_of_another_kind_or_sex_is_said_by_its_field(db: None) -> None:
    member = MemberDraft(
        name="陈安", relation="head", id_number="810000199408230021", id_kind="permit", sex="男", birth="1994-8-24"
    )
    with pytest.raises(Problems) as told:
        register_household(MEMBER, HouseholdDraft(region=HERE, members=(member,)), at=AT)
    assert {problem.field for problem in told.value.items} == {"members.0.sex", "members.0.birth"}

    wrong = MemberDraft(name="陈安", relation="head", id_number="810000199408230021", id_kind="resident")
    with pytest.raises(Problems, match="请改选") as kinds:
        register_household(MEMBER, HouseholdDraft(region=HERE, members=(wrong,)), at=AT)
    assert [problem.field for problem in kinds.value.items] == ["members.0.id_kind"]
