"""What verify finds: each way of tampering is named in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from lianxin.ledger import triggers
from lianxin.ledger.bulk import bulk_load
from lianxin.ledger.facts import fact_row, wanted
from lianxin.ledger.models import Batch, TallyState
from lianxin.ledger.rebuild import ensure_tallies, rebuild
from lianxin.ledger.selections import Fold, Selection, keeping
from lianxin.ledger.verify import verify
from tests.ledger.toy import (
    AT,
    FAR_VILLAGE,
    NEXT_VILLAGE,
    OTHER_PROVINCES_VILLAGE,
    TALLIED,
    TOWN,
    VISITS,
    contents,
    draft,
    posted,
    posting,
)

pytestmark = pytest.mark.django_db


def changed(sql: str) -> None:
    """What somebody with the keys of the database can do: take the locks off, change, lay them again."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount >= 1
    triggers.install(connection)


@pytest.fixture
def three_batches() -> None:
    posted(posting("R1", draft()), posting("R2", draft(region=NEXT_VILLAGE)))
    posted(posting("R3", draft("giving.amount", "500", programme="care")))
    posted(posting("R1", draft(region=FAR_VILLAGE), revision=2))


@pytest.mark.usefixtures("three_batches")
def test_a_sound_ledger_is_counted_and_has_no_differences() -> None:
    verdict = verify()

    assert (verdict.records, verdict.facts, verdict.differences, verdict.first) == (3, 5, (), "")


def test_an_empty_ledger_is_sound() -> None:
    assert verify().differences == ()


@pytest.mark.usefixtures("three_batches")
@pytest.mark.parametrize(
    "change",
    [
        "revision = 7",
        "kind = 'visi'",
        "hundredths = 50001",
        "subject = 'H2'",
        "subject_type = 'person'",
        "programme = 'caro'",
        "tags = ';mode=door;'",
        "organisation = 'ORG4'",
        "org_level = 4",
        "seal = 'team'",
        "day = '2021-03-06'",
        "region = '330402100209'",
        "measure = 'giving.people'",
        "record = 'R9'",
        "town = '330402109'",
        "county = '330409'",
        "month = 202104",
    ],
)
def test_one_byte_of_one_fact_is_named_by_its_batch(change: str) -> None:
    changed(f"UPDATE ledger_fact SET {change} WHERE record = 'R3'")

    verdict = verify()

    assert verdict.first.startswith("第 2 批的校验值不对")
    assert ("记录 R9" if "record" in change else "记录 R3") in verdict.first


@pytest.mark.usefixtures("three_batches")
@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE ledger_batch SET because = '另写' WHERE no = 2", "第 2 批的校验值不对"),
        ("UPDATE ledger_batch SET at = '2020-01-01 00:00:00' WHERE no = 1", "第 1 批的校验值不对"),
        ("UPDATE ledger_batch SET hash = previous WHERE no = 2", "第 2 批的校验值不对"),
        ("UPDATE ledger_batch SET previous = hash WHERE no = 3", "第 3 批没有接在前一批后面"),
        ("DELETE FROM ledger_fact WHERE record = 'R2'", "第 1 批应有 2 条明细，实际有 1 条"),
        ("DELETE FROM ledger_batch WHERE no = 2", "有记账明细写着第 2 批，但那一批不存在"),
        ("UPDATE ledger_fact SET batch = 9 WHERE record = 'R3'", "第 2 批应有 1 条明细，实际有 0 条"),
        ("UPDATE ledger_head SET no = 2", "末页写着第 2 批，实际最后一批是第 3 批"),
        ("DELETE FROM ledger_head", "末页写着第 0 批，实际最后一批是第 3 批"),
    ],
)
def test_a_broken_chain_is_named(sql: str, words: str) -> None:
    changed(sql)

    assert words in verify().first


@pytest.mark.usefixtures("three_batches")
def test_a_batch_taken_out_with_its_facts_leaves_a_gap() -> None:
    changed("DELETE FROM ledger_batch WHERE no = 2")
    changed("DELETE FROM ledger_fact WHERE batch = 2")

    assert verify().first.startswith("底账缺了第 2 批")


@pytest.mark.usefixtures("three_batches")
def test_a_batch_cut_off_the_end_is_missed() -> None:
    changed("DELETE FROM ledger_fact WHERE batch = 3")
    changed("DELETE FROM ledger_batch WHERE no = 3")

    assert verify().first == "底账的末页写着第 3 批，实际最后一批是第 2 批。"


@pytest.mark.usefixtures("three_batches")
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_flowcell SET hundredths = hundredths + 1 WHERE \"key\" = 'visits'",
        "DELETE FROM ledger_flowcell WHERE \"key\" = 'visits'",
        "UPDATE ledger_presence SET hundredths = 200 WHERE \"key\" = 'families'",
        "DELETE FROM ledger_presence WHERE \"key\" = 'families'",
        "UPDATE ledger_cell SET n = n + 1 WHERE \"key\" = 'families' AND fork",
        "DELETE FROM ledger_cell WHERE \"key\" = 'families' AND level = -1",
        "UPDATE ledger_cell SET period = '2020' WHERE \"key\" = 'families' AND period = '2021' AND level = 5",
    ],
)
def test_a_cell_that_is_not_the_recount_is_named_and_mended(sql: str) -> None:
    changed(sql)

    verdict = verify()
    rebuild()

    assert "按明细重算应是" in verdict.first
    assert "lianxin ledger rebuild" in verdict.first
    assert verify().differences == ()


@pytest.mark.usefixtures("three_batches")
def test_a_wrong_number_says_where_it_is_and_what_it_should_be() -> None:
    changed("UPDATE ledger_flowcell SET hundredths = 700 WHERE \"key\" = 'visits' AND region = '330402100209'")

    assert verify().first == (
        "指标 visits 的汇总（grain 5，month 202103，level 5，region 330402100209）是 700，按明细重算应是 100，"
        "请运行 lianxin ledger rebuild 重建。"
    )


@pytest.mark.usefixtures("three_batches")
@pytest.mark.parametrize("table", ["ledger_flowcell", "ledger_cell"])
def test_cells_of_no_tally_are_named(table: str) -> None:
    changed(f"UPDATE {table} SET \"key\" = 'nobody' WHERE \"key\" IN ('visits', 'families')")

    assert f"汇总表 {table} 里有目录中没有的指标 nobody" in verify().first


@pytest.mark.usefixtures("three_batches")
def test_locks_that_were_left_off_are_named() -> None:
    triggers.remove(connection)

    assert "触发器 ledger_batch_refuses_update 不在" in verify().first


@pytest.mark.usefixtures("three_batches")
def test_a_changed_definition_is_built_anew_and_a_dropped_one_goes() -> None:
    ensure_tallies()
    at_the_door = Selection("families", Fold.DISTINCT, "visit.done", (("mode", ("door",)),))

    with keeping([VISITS, at_the_door]):
        assert ensure_tallies() == ("families",)
        assert ensure_tallies() == ()
        assert verify().differences == ()
        assert set(TallyState.objects.values_list("key", flat=True)) == {"visits", "families"}
        assert contents()["ledger_cell"] == []


@pytest.mark.usefixtures("three_batches")
def test_a_tally_kept_from_the_first_day_survives_its_first_build() -> None:
    kept = contents()

    assert set(ensure_tallies()) == {selection.key for selection in TALLIED}

    assert contents() == kept


def test_ways_that_part_in_a_town_in_a_county_and_above_are_built_as_they_were_kept() -> None:
    posted(posting("R1", draft()), posting("R2", draft(region=NEXT_VILLAGE)), posting("R3", draft(region=TOWN)))
    posted(posting("R4", draft(region=FAR_VILLAGE)), posting("R5", draft(region=OTHER_PROVINCES_VILLAGE)))
    kept = contents()

    assert verify().differences == ()
    rebuild()

    assert contents() == kept


@pytest.mark.usefixtures("three_batches")
def test_progress_is_told() -> None:
    told: list[tuple[str, int, int]] = []
    tell: Callable[[str, int, int], None] = lambda what, done, total: told.append((what, done, total))  # noqa: E731

    verify(tell)
    rebuild(tell)

    assert told[0] == ("chain", 0, 5)
    assert ("families", 0, len(TALLIED)) in told


@pytest.mark.usefixtures("three_batches")
def test_the_benchs_loader_leaves_a_ledger_like_any_other() -> None:
    new = [posting(f"B{number}", draft(subject=f"H{number % 7}", region=FAR_VILLAGE)) for number in range(50)]
    rows = [fact_row(one.record, one.kind, 1, key, n) for one in new for key, n in wanted(one).items()]

    assert bulk_load(rows, by="bench", at=AT, because="measure") == 50

    verdict = verify()
    assert (verdict.differences, verdict.facts, verdict.records) == ((), 55, 53)
    assert Batch.objects.order_by("-no").values_list("no", "facts", "by").first() == (4, 50, "bench")
    assert posted(*new).facts == 0
