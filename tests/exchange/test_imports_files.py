"""Tables as they really come in: each gives the right rows, or a clear word in the right place."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import override_settings
from openpyxl import Workbook

from lianxin.base.errors import Refused
from lianxin.exchange.imports.applying import begin, work_on
from lianxin.exchange.imports.batches import Handed, columns_of, rows_in, settle_columns, take_in
from lianxin.exchange.imports.rows import said_of
from lianxin.exchange.imports.staging import read_on
from lianxin.exchange.models import Batch, State
from lianxin.exchange.reading import package, strings
from lianxin.register.models import Membership, Person
from tests.cast import LIANFENG, NOW, SANXING, Cast
from tests.exchange import tables
from tests.exchange.tables import handed, number_of, workbook

pytestmark = pytest.mark.django_db
EVERY = tuple(State)


def read(cast: Cast, file: Handed, *, kind: str = "persons", who: str = "clerk", village: str = LIANFENG) -> Batch:
    actor = cast.actor(who)
    batch = take_in(actor, kind, file, at=NOW)
    settle_columns(actor, batch.pk, [column.field for column in columns_of(batch)], village=village, at=NOW)
    return read_on(actor, batch.pk, at=NOW)


def rows(cast: Cast, batch: Batch, who: str = "clerk") -> list[tuple[int, str, str]]:
    """(row, name, what is wrong) of each."""
    return [
        (row.row, said_of(row).get("name", ""), "；".join(f"{label}：{message}" for label, message in row.problems))
        for row in rows_in(cast.actor(who), batch, EVERY)
    ]


def applied(cast: Cast, batch: Batch, who: str = "clerk") -> Batch:
    begin(cast.actor(who), batch.pk, at=NOW)
    return work_on(cast.actor(who), batch.pk, seconds=60, at=NOW)


def household_of(name: str) -> list[tuple[str, str]]:
    """Who is in this person's household, with what she is to its head."""
    person = Person.objects.unscoped("test").get(name=name)
    home = Membership.objects.unscoped("test").get(person=person.id, ends__isnull=True).household_id
    members = Membership.objects.unscoped("test").filter(household=home, ends__isnull=True).order_by("id")
    names = dict(Person.objects.unscoped("test").values_list("id", "name"))
    return [(names[row.person_id], row.relation) for row in members]


def test_merged_cells_say_the_same_in_each_row(cast: Cast) -> None:
    batch = read(cast, handed(tables.merged_cells()), village="")

    assert rows(cast, batch) == [(3, "钱大福", ""), (4, "孙阿妹", ""), (5, "钱小花", ""), (6, "李根宝", "")]
    applied(cast, batch)
    assert household_of("钱大福") == [("钱大福", "head"), ("孙阿妹", "spouse"), ("钱小花", "child")]
    assert Person.objects.unscoped("test").get(name="李根宝").region == SANXING


def test_a_header_of_two_rows_is_read_as_one(cast: Cast) -> None:
    batch = read(cast, handed(tables.two_header_rows()))

    assert [column.field for column in columns_of(batch)] == [
        "region",
        "head",
        "name",
        "relation",
        "id_number",
        "phone",
    ]
    assert batch.header == 2
    assert rows(cast, batch) == [(3, "钱大福", ""), (4, "孙阿妹", "")]


def test_full_width_digits_and_spaces_are_meant_as_plain_ones(cast: Cast) -> None:
    batch = read(cast, handed(tables.full_width_digits()))

    row = rows_in(cast.actor("clerk"), batch, EVERY).get()
    said = said_of(row)
    assert row.problems == []
    assert (said["name"], said["id"], said["phone"], said["birth"]) == (
        "吴桂珍", number_of("19600101", 2), "13800000000", "1960-01-01",
    )  # fmt: skip


def test_a_day_is_understood_in_every_spelling(cast: Cast) -> None:
    batch = read(cast, handed(tables.many_days()))

    found = list(rows_in(cast.actor("clerk"), batch, EVERY))
    # 21980 is Excel's number for 5 March 1960.
    assert [said_of(row).get("birth") for row in found] == ["1960-03-05"] * 7 + [None]
    assert found[7].problems == [["出生日期", "没有“1960年13月5日”这一天，请核对。"]]


def test_sums_and_signatures_are_no_persons(cast: Cast) -> None:
    batch = read(cast, handed(tables.total_rows()))

    assert rows(cast, batch) == [(2, "吴桂珍", ""), (4, "郑美娟", "")]
    assert batch.notes == ["合计、说明这样的 3 行没有读。"]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_whatever_it_was_saved(cast: Cast, encoding: str) -> None:
    batch = read(cast, handed(tables.CSV.encode(encoding), "花名册.csv"))

    assert rows(cast, batch) == [(2, "吴桂珍", ""), (3, "吴小明", "")]
    applied(cast, batch)
    assert household_of("吴桂珍") == [("吴桂珍", "head"), ("吴小明", "child")]


def test_a_csv_with_semicolons_or_tabs_is_read_as_well(cast: Cast) -> None:
    for sign in (";", "\t"):
        batch = read(cast, handed(tables.CSV.replace(",", sign).encode("gbk"), "花名册.csv"))
        assert [name for _, name, _ in rows(cast, batch)] == ["吴桂珍", "吴小明"]


def test_a_formula_gives_its_result_or_a_clear_word(cast: Cast) -> None:
    never_computed = read(cast, handed(tables.formulas()))
    computed = read(cast, handed(tables.formula_with_result()))

    assert rows(cast, never_computed)[1] == (
        3, "", "身份证号：这一格是公式，还没有算出结果；请在 Excel 里打开、保存一次，或改成数值。",
    )  # fmt: skip
    assert rows(cast, computed) == [
        (2, "吴桂珍", ""),
        (3, "", "姓名：这一格的公式出错了（#DIV/0!），请改成数值。"),
    ]


def test_what_is_hidden_is_not_read_and_that_is_said(cast: Cast) -> None:
    batch = read(cast, handed(tables.hidden_sheets_and_rows()))

    assert rows(cast, batch) == [(2, "吴桂珍", ""), (4, "王秀英", "")]
    assert batch.notes == [
        "隐藏的工作表没有读：旧表。",
        "隐藏的 1 行没有读（第 3 行）；要导入的，请先取消隐藏。",
    ]


def test_an_id_number_that_lost_its_digits_says_how_to_mend_the_column(cast: Cast) -> None:
    batch = read(cast, handed(tables.lost_digits()))

    lost, shown, right = rows(cast, batch)
    for row in (lost, shown):
        assert "末几位已经丢失" in row[2]
        assert "文本" in row[2]
    assert right == (4, "王秀英", "")


def test_empty_rows_between_are_nothing(cast: Cast) -> None:
    batch = read(cast, handed(tables.empty_rows_between()))

    assert rows(cast, batch) == [(3, "吴桂珍", ""), (6, "郑美娟", "")]


def test_rows_without_a_head_belong_to_the_household_above(cast: Cast) -> None:
    batch = applied(cast, read(cast, handed(tables.head_filled_rest_blank()), kind="households"))

    assert rows(cast, batch) == [(number, "", "") for number in (2, 3, 4, 5, 6)]
    assert household_of("孙阿妹") == [("钱大福", "head"), ("孙阿妹", "spouse"), ("钱小花", "child")]
    assert household_of("李小芳") == [("李根宝", "head"), ("李小芳", "grandchild")]


# ── files that are refused ───────────────────────────────────────────────────


def bomb() -> bytes:
    return tables.packed(workbook(("姓名",)), **{"xl/worksheets/sheet1.xml": b" " * (40 << 20)})


def entities() -> bytes:
    text = b'<!DOCTYPE x [<!ENTITY a "aa">]><worksheet><sheetData><row/></sheetData></worksheet>'
    return tables.packed(workbook(("姓名",)), **{"xl/worksheets/sheet1.xml": text})


def other_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("a.txt", "a")
    return file.getvalue()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: b"", "空的"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 .xls"),
        (lambda: b"%PDF-1.7 ...", "请传 .xlsx 或 .csv"),
        (lambda: b"\x89PNG\r\n\x1a\n0000", "请传 .xlsx 或 .csv"),
        (other_zip, "不是 .xlsx"),
        (lambda: b"PK\x03\x04" + b"x" * 100, "不是 .xlsx"),
        (lambda: tables.packed(workbook(("姓名",)), **{"xl/vbaProject.bin": b"x"}), "带宏"),
        (bomb, "展开后太大"),
        (entities, "不是 .xlsx"),
        (lambda: tables.packed(workbook(("姓名",)))[:-200], "不是 .xlsx"),
        (lambda: b"\x00\x01\x02\x03" * 50, "读不出来"),
        (lambda: "随便写的一句话\n又一句".encode(), "没有认出表头"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(cast: Cast, make: Callable[[], bytes], said: str) -> None:
    with pytest.raises(Refused, match=said):
        take_in(cast.actor("clerk"), "persons", handed(make(), "x.xlsx"), at=NOW)
    assert Batch.objects.unscoped("test").count() == 0


def test_texts_without_end_are_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strings, "MOST_LETTERS", 20)

    with pytest.raises(Refused, match="展开后太大"):
        read(cast, handed(workbook(("村", "姓名"), ("联丰村", "吴桂珍" * 9))))


def test_too_many_merged_cells_are_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lianxin.exchange.reading.workbook.MOST_MERGED_CELLS", 1)

    with pytest.raises(Refused, match="合并的单元格太多"):
        take_in(cast.actor("clerk"), "persons", handed(tables.merged_cells()), at=NOW)


def test_limits_are_wide_enough_for_a_county() -> None:
    assert package.LARGEST_PART >= 600_000 * 10 * 60  # bytes of a row's ten cells


def test_a_prefix_before_every_element_is_read_as_well(cast: Cast) -> None:
    """Some programs write <x:row> where Excel writes <row>."""
    plain = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>姓名</x:t></x:is></x:c></x:row>'
        '<x:row r="2"><x:c r="A2" t="inlineStr"><x:is><x:t>吴桂珍</x:t></x:is></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    file = tables.packed(workbook(("x",)), **{"xl/worksheets/sheet1.xml": plain.encode()})

    assert rows(cast, read(cast, handed(file))) == [(2, "吴桂珍", "")]


def test_the_1904_calendar_of_old_macintoshes(cast: Cast) -> None:
    book: Workbook = tables.many_days()
    from openpyxl.utils.datetime import CALENDAR_MAC_1904  # noqa: PLC0415

    book.epoch = CALENDAR_MAC_1904
    batch = read(cast, handed(book))

    assert said_of(rows_in(cast.actor("clerk"), batch, EVERY)[0])["birth"] == "1960-03-05"


def test_a_paper_that_is_no_resident_card_is_taken_as_what_its_column_says(cast: Cast) -> None:
    header = ("村", "姓名", "与户主关系", "证件类型", "证件号码")
    batch = read(
        cast,
        handed(
            workbook(
                header,
                ("联丰村", "示例安娜", "户主", "护照", "E12345678"),
                ("联丰村", "示例玛丽", "子女", "驾驶证", "E12345679"),
            )
        ),
    )

    assert rows(cast, batch)[0] == (2, "示例安娜", "")
    assert "证件种类“驾驶证”认不出，请从列出的选项里选。" in rows(cast, batch)[1][2]
    applied(cast, batch)
    kept = Person.objects.unscoped("test").get(name="示例安娜")
    assert (kept.id_kind, kept.id_number.reveal()) == ("passport", "E12345678")


def test_a_county_adds_its_own_words_for_columns(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "imports.toml").write_text('[columns]\nname = ["当家人"]\n[relations]\nspouse = ["屋里的"]\n', "utf-8")

    with override_settings(OVERLAY_DIR=tmp_path):
        batch = read(
            cast,
            handed(
                workbook(("村", "当家人", "与户主关系"), ("联丰村", "钱大福", "户主"), ("联丰村", "孙阿妹", "屋里的"))
            ),
        )
        applied(cast, batch)
        assert household_of("孙阿妹") == [("钱大福", "head"), ("孙阿妹", "spouse")]
