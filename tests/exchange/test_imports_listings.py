"""Listings taken in through the one door: whom a row means, facts posted, taken back by withdrawal."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import Sum

from lianxin.exchange.imports.applying import begin_undo, work_on
from lianxin.exchange.imports.listings import lists
from lianxin.exchange.models import Batch, StagedRow
from lianxin.kinds.listings.actions import amend_listing
from lianxin.kinds.listings.models import Listing
from lianxin.ledger.models import Fact
from lianxin.records.models import History
from lianxin.register.actions import register_household
from lianxin.register.drafts import HouseholdDraft, MemberDraft
from tests.cast import LIANFENG, NOW, Cast
from tests.exchange.tables import handed, number_of, workbook
from tests.exchange.test_imports_files import applied, read, rows
from tests.exchange.test_imports_life import counted

pytestmark = pytest.mark.django_db
HEADER = ("村", "册子", "姓名", "身份证号", "建档日期", "备注")
NUMBER = number_of("19700707", 2)


def on_list(cast: Cast, *lines: tuple[object, ...], header: tuple[str, ...] = HEADER, who: str = "clerk") -> Batch:
    table = handed(workbook(header, *lines))
    return applied(cast, read(cast, table, kind="listings", who=who, village=""), who)


def standing() -> Decimal:
    """What the ledger says stands, in hundredths."""
    return Fact.objects.filter(measure="listing.standing").aggregate(sum=Sum("hundredths"))["sum"] or 0


def name_of(code: str) -> str:
    return next(spec.name for spec in lists().values() if spec.code == code)


@pytest.fixture
def numbered(cast: Cast) -> str:
    """A household whose head has an ID number."""
    draft = HouseholdDraft(region=LIANFENG, members=(MemberDraft(name="冯有证", id_number=NUMBER),))
    return register_household(cast.actor("officer"), draft, at=NOW)


def test_rows_go_through_the_door_with_history_and_facts(cast: Cast, numbered: str) -> None:
    family, woman = name_of("family-file"), name_of("woman-file")

    batch = on_list(
        cast,
        ("", family, "冯有证", NUMBER, "2021.3.5", "独居"),
        ("联丰村", woman, "张桂英", None, "2021-06-01", None),
    )

    assert counted(cast, batch) == {"applied": 2}
    found = {row.programme: row for row in Listing.objects.unscoped("test")}
    assert found["family-file"].subject == numbered
    assert found["family-file"].day.isoformat() == "2021-03-05"
    assert found["family-file"].note == "独居"
    assert found["woman-file"].subject_type == "person"
    assert History.objects.unscoped("test").filter(kind="listing").count() == 2
    assert standing() == 200


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("联丰村", "没有这本", "张桂英", None, None, None), "没有叫“没有这本”的册子"),
        (("联丰村", "family-file", "没有她", None, None, None), "册子里没有找到“没有她”"),
        (("联丰村", "family-file", "冯有证", number_of("19710707", 2), None, None), "册子里没有找到"),
        ((None, "family-file", "张桂英", None, None, None), "请写明村（社区）"),
        (("永利村", "family-file", "单建芳", None, None, None), "没有找到“永利村”"),
        (("联丰村", "family-file", "张桂英", None, "2021-13-01", None), "没有“2021-13-01”这一天"),
        (("联丰村", "family-file", "张桂英", 330402196001010000, None, None), "末几位已经丢失"),
    ],
)
def test_what_is_wrong_is_said_by_its_column(cast: Cast, line: tuple[object, ...], said: str) -> None:
    batch = read(cast, handed(workbook(HEADER, line)), kind="listings", village="")

    assert said in rows(cast, batch)[0][2]
    assert counted(cast, batch) == {"bad": 1}


def test_two_of_one_name_need_a_number_or_a_birth_date(cast: Cast, numbered: str) -> None:
    twin = HouseholdDraft(region=LIANFENG, members=(MemberDraft(name="冯有证", birth="1980-01-01"),))
    other = register_household(cast.actor("officer"), twin, at=NOW)
    line = ("联丰村", "family-file", "冯有证", None, None, None)

    unclear = read(cast, handed(workbook(HEADER, line)), kind="listings", village="")
    clear = on_list(cast, (*line, "1980.1.1"), header=(*HEADER, "出生日期"))

    assert "这个村有 2 位“冯有证”" in rows(cast, unclear)[0][2]
    assert counted(cast, clear) == {"applied": 1}
    assert Listing.objects.unscoped("test").get().subject == other


def test_who_stands_on_the_list_already_is_known(cast: Cast) -> None:
    line = ("联丰村", "family-file", "张桂英", None, "2021-06-01", None)
    on_list(cast, line)

    again = on_list(cast, line, ("联丰村", "family-file", "周根玉", None, "2021-06-01", None))

    assert counted(cast, again) == {"known": 1, "applied": 1}
    assert standing() == 200


def test_a_delicate_list_is_not_for_everybody(cast: Cast) -> None:
    """儿童档案 is sealed for staff: the village's member may not import at all, the clerk may."""
    line = ("联丰村", "child-in-difficulty", "张小雨", None, "2021-06-01", None)
    batch = read(cast, handed(workbook(HEADER, line)), kind="listings", village="")

    assert not any("不由您登记" in wrong for _, _, wrong in rows(cast, batch))


def test_taken_back_by_withdrawal_but_for_what_was_changed(cast: Cast) -> None:
    lines = [("联丰村", "family-file", name, None, "2021-06-01", None) for name in ("张桂英", "周根玉")]
    batch = on_list(cast, *lines)
    changed = StagedRow.objects.unscoped("test").get(batch=batch, row=3).key
    amend_listing(cast.actor("clerk"), key=changed, base=1, values={"note": "搬了"}, because="补记", at=NOW)
    assert standing() == 200

    begin_undo(cast.actor("clerk"), batch.pk, because="传错了", at=NOW)
    work_on(cast.actor("clerk"), batch.pk, seconds=9, at=NOW)

    assert counted(cast, batch) == {"undone": 1, "kept": 1}
    assert rows(cast, batch)[1][2] == "：后来改动过，没有撤销。"
    assert standing() == 100
    assert Listing.objects.unscoped("test").get(is_void=True).programme == "family-file"


def test_a_row_the_door_refuses_keeps_no_other_out(cast: Cast) -> None:
    batch = on_list(
        cast,
        ("联丰村", "family-file", "张桂英", None, "2031-06-01", None),
        ("联丰村", "family-file", "周根玉", None, "2021-06-01", None),
    )

    assert counted(cast, batch) == {"applied": 1, "failed": 1}
    assert "不能晚于今天" in rows(cast, batch)[0][2]
