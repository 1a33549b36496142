"""A batch's life: recognised, applied once, gone on with after a crash, taken back, seen by whom it concerns."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from lianxin.access.guard import pen
from lianxin.base.errors import Forbidden, Problems, Refused, Unseen
from lianxin.base.ids import new_id
from lianxin.exchange.imports import staging
from lianxin.exchange.imports.applying import begin, begin_undo, work_on
from lianxin.exchange.imports.batches import (
    batch_for,
    columns_of,
    counts,
    decide,
    drop,
    remembered_columns,
    rows_in,
    seen_by,
    settle_columns,
    take_in,
)
from lianxin.exchange.imports.expiring import forget_stale
from lianxin.exchange.imports.people import Persons
from lianxin.exchange.imports.staging import read_on
from lianxin.exchange.models import Batch, Block, Stage, StagedRow, State
from lianxin.register.actions import amend_household, register_household
from lianxin.register.drafts import HouseholdChanges, HouseholdDraft, MemberDraft, Relation
from lianxin.register.forms import forms_due, make_forms_again
from lianxin.register.models import Change, Household, Membership, NameForm, Person
from lianxin.register.queries import find_subjects
from tests.cast import COUNTY, LIANFENG, NOW, SANXING, YONGLI, Cast
from tests.exchange.tables import as_excel_keeps_it, handed, number_of, workbook
from tests.exchange.test_imports_files import applied, household_of, read, rows

pytestmark = pytest.mark.django_db
HEADER = ("村", "姓名", "与户主关系", "身份证号", "出生日期", "电话")
FAMILY = (
    HEADER,
    ("联丰村", "钱大福", "户主", number_of("19600101", 1), None, "13800000001"),
    ("联丰村", "孙阿妹", "配偶", number_of("19620202", 2), None, None),
    ("联丰村", "钱小花", "子女", None, "1990-03-03", None),
    ("联丰村", "李根宝", "户主", number_of("19550505", 1), None, None),
)


def people() -> int:
    return Person.objects.unscoped("test").count()


def counted(cast: Cast, batch: Batch, who: str = "clerk") -> dict[str, int]:
    return {state.value: many for state, many in counts(cast.actor(who), batch).items() if many}


# ── once ─────────────────────────────────────────────────────────────────────


def test_the_same_file_again_is_the_same_batch(cast: Cast) -> None:
    file = as_excel_keeps_it(workbook(*FAMILY))
    first = applied(cast, read(cast, handed(file)))
    before = people()

    again = take_in(cast.actor("clerk"), "persons", handed(file), at=NOW)
    other = read(cast, handed(workbook(*FAMILY, ("联丰村", "周新来", "户主", None, "1980-01-01", None))))
    applied(cast, other)

    assert again.pk == first.pk
    # Of the longer file three are known by number; the child by name and birth date, so somebody is asked.
    assert counted(cast, other) == {"known": 3, "ask": 1, "applied": 1}
    assert people() == before + 1


def test_a_second_click_imports_nothing_twice(cast: Cast) -> None:
    batch = applied(cast, read(cast, handed(workbook(*FAMILY))))
    before = people()

    work_on(cast.actor("clerk"), batch.pk, seconds=9, at=NOW)
    with pytest.raises(Refused):
        begin(cast.actor("clerk"), batch.pk, at=NOW)

    assert people() == before
    assert counted(cast, batch) == {"applied": 4}


def test_broken_off_while_reading_it_goes_on_where_it_stopped(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "PIECE", 2)
    table = [HEADER, *(("联丰村", f"吴{sign}", "户主", None, "1980-01-01", None) for sign in "甲乙丙丁戊己庚")]
    table[3] = ("联丰村", "吴小丙", "子女", None, None, None)
    actor = cast.actor("clerk")
    batch = take_in(actor, "persons", handed(workbook(*table)), at=NOW)
    settle_columns(actor, batch.pk, [column.field for column in columns_of(batch)], village="", at=NOW)

    pieces = 0
    while batch_for(actor, batch.pk).stage == Stage.READING:
        read_on(actor, batch.pk, seconds=0, at=NOW)
        pieces += 1

    assert pieces > 2
    found = rows(cast, batch)
    assert [row for row, _, _ in found] == [2, 3, 4, 5, 6, 7, 8]
    units = list(rows_in(actor, batch, tuple(State)).values_list("unit", flat=True))
    assert units == [1, 2, 2, 3, 4, 5, 6]


def test_a_crash_while_applying_keeps_whole_pieces_and_is_gone_on_with(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Persons, "at_once", 1)
    actor = cast.actor("clerk")
    batch = read(cast, handed(workbook(*FAMILY)))
    begin(actor, batch.pk, at=NOW)
    before = people()

    work_on(actor, batch.pk, seconds=0, at=NOW)
    halfway = people()
    # What was done is kept together with how far it came, so whoever goes on begins behind it.
    work_on(actor, batch.pk, seconds=60, at=NOW)

    assert halfway == before + 3
    assert people() == before + 4
    assert counted(cast, batch) == {"applied": 4}


def test_one_person_twice_in_a_file_is_taken_once(cast: Cast) -> None:
    batch = read(cast, handed(workbook(*FAMILY, ("联丰村", "钱大福", "户主", number_of("19600101", 1), None, None))))

    assert counted(cast, batch) == {"good": 4, "bad": 1}
    assert rows(cast, batch)[4][2] == "身份证号：和第 2 行是同一个身份证号（同一条），只留一行。"


# ── recognised ───────────────────────────────────────────────────────────────


def test_somebody_new_joins_the_household_her_people_are_in(cast: Cast) -> None:
    applied(cast, read(cast, handed(workbook(*FAMILY))))
    more = (*FAMILY[:3], ("联丰村", "钱小宝", "孙子", None, "2015-05-05", None))

    batch = applied(cast, read(cast, handed(workbook(*more))))

    assert counted(cast, batch) == {"known": 2, "applied": 1}
    assert household_of("钱小宝")[-1] == ("钱小宝", "grandchild")
    assert household_of("钱小宝")[0] == ("钱大福", "head")


@pytest.mark.parametrize("is_same", [True, False])
def test_who_may_stand_there_already_waits_for_a_decision(cast: Cast, is_same: bool) -> None:
    """张桂英, born 1953-05-01, is the head of the cast's first household in 联丰."""
    before = people()
    batch = applied(cast, read(cast, handed(workbook(HEADER, ("联丰村", "张桂英", "户主", None, "1953-05-01", None)))))
    assert counted(cast, batch) == {"ask": 1}
    assert people() == before

    assert decide(cast.actor("clerk"), batch, {2: is_same}, at=NOW) == 1
    work_on(cast.actor("clerk"), batch.pk, seconds=9, at=NOW)

    assert counted(cast, batch) == ({"known": 1} if is_same else {"applied": 1})
    assert people() == before + (0 if is_same else 1)


def test_who_is_decided_to_be_the_same_takes_her_people_into_her_household(cast: Cast) -> None:
    table = (
        HEADER,
        ("联丰村", "张桂英", "户主", None, "1953-05-01", None),
        ("联丰村", "张新来", "子女", None, "1980-01-01", None),
    )
    batch = applied(cast, read(cast, handed(workbook(*table))))
    assert counted(cast, batch) == {"ask": 1, "good": 1}

    decide(cast.actor("clerk"), batch, {2: True}, at=NOW)
    work_on(cast.actor("clerk"), batch.pk, seconds=9, at=NOW)

    assert counted(cast, batch) == {"known": 1, "applied": 1}
    assert household_of("张新来") == [("张桂英", "head"), ("张小雨", "grandchild"), ("张新来", "child")]


def test_a_household_number_met_again_after_a_break_is_the_same_household(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "PIECE", 1)
    number = ("户号", "村", "姓名", "与户主关系", "出生日期")
    lines = ("1", "冯甲", "户主"), ("2", "冯乙", "户主"), ("3", "冯丙", "户主"), ("1", "冯小甲", "子女")
    table = [number, *((one, "联丰村", name, kin, "1980-01-01") for one, name, kin in lines)]
    actor = cast.actor("clerk")
    batch = take_in(actor, "persons", handed(workbook(*table)), at=NOW)
    settle_columns(actor, batch.pk, [column.field for column in columns_of(batch)], village="", at=NOW)
    while batch_for(actor, batch.pk).stage == Stage.READING:
        read_on(actor, batch.pk, seconds=0, at=NOW)
    batch = applied(cast, batch_for(actor, batch.pk))

    assert household_of("冯小甲") == [("冯甲", "head"), ("冯小甲", "child")]
    begin_undo(actor, batch.pk, because="演练", at=NOW)
    work_on(actor, batch.pk, seconds=60, at=NOW)
    assert counted(cast, batch) == {"undone": 4}


def test_nobody_out_of_sight_is_recognised_while_looking(cast: Cast) -> None:
    """Whether a number stands in the next town's register is not to be had by handing in a list of numbers."""
    number = number_of("19700707", 2)
    draft = HouseholdDraft(region=YONGLI, members=(MemberDraft(name="冯邻镇", id_number=number),))
    register_household(cast.actor("officer"), draft, at=NOW)

    batch = read(cast, handed(workbook(HEADER, ("联丰村", "冯邻镇", "户主", number, None, None))))
    assert counted(cast, batch) == {"good": 1}

    applied(cast, batch)
    assert rows(cast, batch)[0][2] == "身份证号：这位已在别处登记，请找上级妇联处理。"


def test_a_wrong_row_keeps_only_its_own_household_out(cast: Cast) -> None:
    wrong = (HEADER, ("联丰村", "钱大福", "户主", "330402196001010000", None, None), *FAMILY[2:])

    batch = applied(cast, read(cast, handed(workbook(*wrong))))

    assert counted(cast, batch) == {"bad": 3, "applied": 1}
    found = rows(cast, batch)
    assert "校验不对" in found[0][2]
    assert "户主那一行有错" in found[1][2]
    assert household_of("李根宝") == [("李根宝", "head")]


# ── taken back ───────────────────────────────────────────────────────────────


def undo(cast: Cast, batch: Batch) -> Batch:
    begin_undo(cast.actor("clerk"), batch.pk, because="传错了文件", at=NOW)
    return work_on(cast.actor("clerk"), batch.pk, seconds=60, at=NOW)


def forms() -> set[tuple[str, str, str]]:
    return set(NameForm.objects.unscoped("test").values_list("person", "household", "form"))


def test_a_batch_taken_back_leaves_nobody_to_be_found(cast: Cast) -> None:
    before = forms()
    batch = applied(cast, read(cast, handed(workbook(*FAMILY))))

    undo(cast, batch)

    assert counted(cast, batch) == {"undone": 4}
    assert forms() == before
    assert find_subjects(cast.actor("clerk"), "钱大福") == []
    homes = Household.objects.unscoped("test").filter(id__in=rows_in(cast.actor("clerk"), batch, State).values("home"))
    assert [home.until == home.since for home in homes] == [True, True]
    assert not Membership.objects.unscoped("test").filter(household_id__in=[home.id for home in homes], ends=None)
    gone = Person.objects.unscoped("test").filter(name="（已撤销）")
    assert gone.count() == 4
    assert not any(row.id_number or row.phone or row.birth or row.id_hash for row in gone)
    log = Change.objects.unscoped("test").filter(act="withdrawn")
    assert {row.because for row in log} == {"撤销导入：传错了文件"}
    assert {form[0] for form in forms_due()} == {person for person, _, _ in before}
    make_forms_again()
    assert forms() == before


def test_after_being_taken_back_the_same_file_goes_in_anew(cast: Cast) -> None:
    first = undo(cast, applied(cast, read(cast, handed(workbook(*FAMILY)))))

    again = applied(cast, read(cast, handed(workbook(*FAMILY))))

    assert again.pk != first.pk
    assert counted(cast, again) == {"applied": 4}


def test_what_somebody_changed_since_stays_and_is_named(cast: Cast) -> None:
    batch = applied(cast, read(cast, handed(workbook(*FAMILY))))
    home = StagedRow.objects.unscoped("test").get(batch=batch, row=5).home
    amend_household(cast.actor("chair"), home, changes=HouseholdChanges(place="9组9号"), at=NOW)

    undo(cast, batch)

    assert counted(cast, batch) == {"undone": 3, "kept": 1}
    assert rows(cast, batch)[3][2] == "：后来改动过，没有撤销：改资料。"
    assert household_of("李根宝") == [("李根宝", "head")]


def test_whom_somebody_visited_since_stays(cast: Cast) -> None:
    batch = applied(cast, read(cast, handed(workbook(*FAMILY))))
    home = StagedRow.objects.unscoped("test").get(batch=batch, row=2).home
    cast.visit("member", subject=home, day="2021-12-24")

    undo(cast, batch)

    assert counted(cast, batch) == {"kept": 3, "undone": 1}


def test_who_joined_a_standing_household_leaves_it_again(cast: Cast) -> None:
    applied(cast, read(cast, handed(workbook(*FAMILY))))
    more = applied(
        cast, read(cast, handed(workbook(*FAMILY[:3], ("联丰村", "钱小宝", "孙子", None, "2015-05-05", None))))
    )

    undo(cast, more)

    assert counted(cast, more) == {"known": 2, "undone": 1}
    assert [name for name, _ in household_of("钱大福")] == ["钱大福", "孙阿妹", "钱小花"]


def test_taking_back_asks_for_a_reason(cast: Cast) -> None:
    batch = applied(cast, read(cast, handed(workbook(*FAMILY))))

    with pytest.raises(Refused, match="为什么撤销"):
        begin_undo(cast.actor("clerk"), batch.pk, because=" ", at=NOW)


# ── sealed, and seen by whom ─────────────────────────────────────────────────


def everything_in(*tables_of: str) -> str:
    """Every column of these tables as the database holds it."""
    found = []
    with connection.cursor() as cursor:
        for table in tables_of:
            cursor.execute(f"SELECT * FROM {table}")
            found += [repr(bytes(cell) if isinstance(cell, memoryview) else cell) for row in cursor for cell in row]
    return "\n".join(found)


def test_nothing_lies_plain_while_it_waits(cast: Cast) -> None:
    number = number_of("19600101", 1)
    actor = cast.actor("clerk")
    batch = take_in(actor, "persons", handed(workbook(*FAMILY), f"{number}.xlsx"), at=NOW)
    waiting = everything_in("exchange_batch", "exchange_block")
    assert Block.objects.unscoped("test").count() == 1
    settle_columns(actor, batch.pk, [column.field for column in columns_of(batch)], village="", at=NOW)
    batch = read_on(actor, batch.pk, at=NOW)
    staged = everything_in("exchange_batch", "exchange_block", "exchange_stagedrow")

    assert Block.objects.unscoped("test").count() == 0
    for text in (number, "13800000001", "钱大福", number[-6:]):
        assert text not in waiting
        assert text not in staged
    applied(cast, batch)
    assert set(StagedRow.objects.unscoped("test").values_list("said", flat=True)[0].box) == set()


def test_a_number_is_not_repeated_in_what_is_said_about_it(cast: Cast) -> None:
    wrong = number_of("19600101", 1)[:-1] + "5"
    read(cast, handed(workbook(HEADER, ("联丰村", "钱大福", "户主", wrong, None, "1380000"))))

    assert wrong not in everything_in("exchange_stagedrow")


def test_a_batch_is_seen_by_who_made_it_and_those_above(cast: Cast) -> None:
    mine = read(cast, handed(workbook(*FAMILY)), who="chair")
    towns = read(cast, handed(workbook(*FAMILY)), who="clerk")
    seen = {
        who: set(seen_by(cast.actor(who)).values_list("pk", flat=True))
        for who in ("chair", "clerk", "officer", "next_clerk", "strange_officer", "member", "leader", "administrator")
    }

    assert seen == {
        "chair": {mine.pk}, "clerk": {mine.pk, towns.pk}, "officer": {mine.pk, towns.pk},
        "next_clerk": set(), "strange_officer": set(), "member": set(), "leader": set(), "administrator": set(),
    }  # fmt: skip
    with pytest.raises(Unseen):
        begin(cast.actor("next_clerk"), mine.pk, at=NOW)
    with pytest.raises(Unseen):
        batch_for(cast.actor("neighbour"), mine.pk)


def test_who_may_not_import_is_refused(cast: Cast) -> None:
    for who in ("member", "leader", "programme_officer", "administrator"):
        with pytest.raises(Forbidden):
            take_in(cast.actor(who), "persons", handed(workbook(*FAMILY)), at=NOW)


def test_a_village_that_is_not_hers_is_unknown(cast: Cast) -> None:
    batch = read(cast, handed(workbook(HEADER, ("永利村", "冯越界", "户主", None, "1980-01-01", None))))

    assert "没有找到“永利村”" in rows(cast, batch)[0][2]


@pytest.mark.parametrize(
    "said", ["联丰村", "联丰", "凤桥镇联丰村", "联丰村委会", LIANFENG, " 联 丰 村 ", "凤桥镇联丰村委会"]
)
def test_a_village_is_known_by_whatever_it_is_called(cast: Cast, said: str) -> None:
    batch = applied(cast, read(cast, handed(workbook(HEADER, (said, "冯甲", "户主", None, "1980-01-01", None)))))

    assert Person.objects.unscoped("test").get(name="冯甲").region == LIANFENG
    assert counted(cast, batch) == {"applied": 1}


def test_a_village_said_once_holds_for_the_households_below_unless_another_is_meant(cast: Cast) -> None:
    table = (
        HEADER,
        ("三星村", "冯甲", "户主", None, "1980-01-01", None),
        ("", "冯乙", "户主", None, "1980-01-01", None),
    )
    applied(cast, read(cast, handed(workbook(*table)), village=""))
    chosen = (*table[:2], ("", "冯丙", "户主", None, "1980-01-01", None))
    applied(cast, read(cast, handed(workbook(*chosen)), village=LIANFENG))

    regions = dict(Person.objects.unscoped("test").filter(name__startswith="冯").values_list("name", "region"))
    assert regions == {"冯甲": SANXING, "冯乙": SANXING, "冯丙": LIANFENG}


def test_household_numbers_begin_anew_in_each_village(cast: Cast) -> None:
    number = ("村", "户号", "姓名", "出生日期")
    lines = (("联丰村", "1", "冯甲"), ("联丰村", "1", "冯小甲"), ("三星村", "1", "冯乙"), ("三星村", "2", "冯丙"))
    applied(cast, read(cast, handed(workbook(number, *((*line, "1980-01-01") for line in lines))), village=""))

    assert [name for name, _ in household_of("冯甲")] == ["冯甲", "冯小甲"]
    assert [name for name, _ in household_of("冯乙")] == ["冯乙"]


def test_a_chair_of_one_village_need_not_name_it(cast: Cast) -> None:
    table = workbook(("姓名", "出生日期"), ("冯甲", "1980-01-01"))
    applied(cast, read(cast, handed(table), who="chair", village=""), who="chair")

    assert Person.objects.unscoped("test").get(name="冯甲").region == LIANFENG


# ── columns ──────────────────────────────────────────────────────────────────


def test_what_a_column_was_settled_to_mean_is_remembered_in_the_county(cast: Cast) -> None:
    actor = cast.actor("clerk")
    table = ("哪个村", "大名", "身份号"), ("三星村", "冯甲", number_of("19800101", 2))
    first = take_in(actor, "persons", handed(workbook(("姓名", *table[0]), ("冯甲", *table[1]))), at=NOW)
    assert [column.field for column in columns_of(first)] == ["name", "", "", ""]

    settle_columns(actor, first.pk, ["", "region", "name", "id_number"], village="", at=NOW)
    read_on(actor, first.pk, at=NOW)
    second = take_in(cast.actor("next_clerk"), "persons", handed(workbook(*table)), at=NOW)
    strange = take_in(cast.actor("strange_officer"), "persons", handed(workbook(("姓名", *table[0]))), at=NOW)

    assert remembered_columns("persons", COUNTY) == {"哪个村": "region", "大名": "name", "身份号": "id_number"}
    assert [column.field for column in columns_of(second)] == ["region", "name", "id_number"]
    assert [column.field for column in columns_of(strange)] == ["name", "", "", ""]
    applied(cast, batch_for(actor, first.pk))
    assert Person.objects.unscoped("test").get(name="冯甲").region == SANXING


def test_two_columns_cannot_mean_the_same_nor_may_the_name_be_missing(cast: Cast) -> None:
    actor = cast.actor("clerk")
    batch = take_in(actor, "persons", handed(workbook(("姓名", "别名", "村"), ("冯甲", "冯乙", "联丰村"))), at=NOW)

    with pytest.raises(Problems, match="有 2 列都选成了“姓名”"):
        settle_columns(actor, batch.pk, ["name", "name", "region"], village="", at=NOW)
    with pytest.raises(Problems, match="请说明哪一列是“姓名”或“户主”"):
        settle_columns(actor, batch.pk, ["", "", "region"], village="", at=NOW)


def test_dropped_before_it_was_applied_nothing_is_left(cast: Cast) -> None:
    batch = read(cast, handed(workbook(*FAMILY)))

    drop(cast.actor("clerk"), batch, at=NOW)

    assert StagedRow.objects.unscoped("test").count() == 0
    assert batch_for(cast.actor("clerk"), batch.pk).stage == Stage.DROPPED
    with pytest.raises(Refused):
        drop(cast.actor("clerk"), batch_for(cast.actor("clerk"), batch.pk), at=NOW)


def test_writing_a_batch_needs_its_pen(cast: Cast) -> None:
    from lianxin.access.guard import Unscoped  # noqa: PLC0415

    with pytest.raises(Unscoped):
        Batch(kind="persons", by="x", at=NOW, changed_at=NOW, id=new_id()).save()
    with pen("imports"):
        Batch(kind="persons", by="x", at=NOW, changed_at=NOW, id=new_id()).save()
    assert Batch.objects.unscoped("test").count() == 1


def test_a_relation_that_nobody_knows_is_said(cast: Cast) -> None:
    batch = read(cast, handed(workbook(*FAMILY, ("联丰村", "冯甲", "干妈", None, "1950-01-01", None))))

    assert rows(cast, batch)[-1][2] == "与户主关系：与户主关系“干妈”认不出，请从列出的关系里选。"
    assert Relation.OTHER.label == "其他"


# ── waiting ──────────────────────────────────────────────────────────────────


def test_what_nobody_took_further_for_a_month_is_forgotten_and_what_is_applied_stays(cast: Cast) -> None:
    done = applied(cast, read(cast, handed(workbook(HEADER, ("联丰村", "周新来", "户主", None, "1980-01-01", None)))))
    ready = read(cast, handed(workbook(*FAMILY)))
    waiting = take_in(cast.actor("clerk"), "persons", handed(workbook(HEADER, ("联丰村", "吴一", "户主"))), at=NOW)

    assert forget_stale(NOW + dt.timedelta(days=30)) == 0
    assert forget_stale(NOW + dt.timedelta(days=31)) == 2

    stages = {batch.pk: batch_for(cast.actor("clerk"), batch.pk).stage for batch in (done, ready, waiting)}
    assert stages == {done.pk: Stage.APPLIED, ready.pk: Stage.DROPPED, waiting.pk: Stage.DROPPED}
    assert not StagedRow.objects.unscoped("test").filter(batch_id=ready.pk).exists()
    assert not Block.objects.unscoped("test").filter(batch_id=waiting.pk).exists()
    assert Person.objects.unscoped("test").filter(name="周新来").exists()
