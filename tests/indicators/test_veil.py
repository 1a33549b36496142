"""Small figures about protected records, and who is not shown them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import Period, Span
from lianxin.indicators.figures import compute
from lianxin.indicators.tables import by_month, by_town, by_town_and_month
from lianxin.indicators.veil import Veil, is_veiled, programmes_behind, veiled_rows
from tests.indicators.counties import (
    BAIHUALONG,
    BEIJINGLU,
    FENGQIAO,
    JIANSHE,
    JIEFANG,
    JIEFANGLU,
    LIANFENG,
    XINJIA,
    files,
    indicator,
    officer,
    reader,
    view,
)

CHILDREN = "files.children"
NEW = "files.children.new"


def hidden_towns(actor: Actor, code: str = CHILDREN, **at: object) -> set[str]:
    rows = by_town(indicator(code), view(actor, **at))  # type: ignore[arg-type]
    assert all((row.value is None) == row.is_hidden for row in rows)
    return {row.region for row in rows if row.is_hidden}


@pytest.fixture
def _four_towns(nanhu: None) -> None:
    """3 in 建设, 7 in 解放, 20 in 新嘉, 40 in 凤桥: 70."""
    files(3, region=BAIHUALONG)
    files(7, region=JIEFANGLU)
    files(20, region=BEIJINGLU)
    files(40, region=LIANFENG)


@pytest.mark.usefixtures("_four_towns")
def test_a_small_cell_and_its_complement_are_hidden_and_the_total_stays() -> None:
    leader = reader()

    assert hidden_towns(leader) == {JIANSHE, JIEFANG}
    assert compute(indicator(CHILDREN), view(leader)).value == 70


@pytest.mark.usefixtures("_four_towns")
def test_every_page_hides_the_same() -> None:
    leader = reader()

    assert compute(indicator(CHILDREN), view(leader, JIANSHE)).is_hidden
    assert compute(indicator(CHILDREN), view(leader, JIEFANG)).is_hidden
    assert compute(indicator(CHILDREN), view(leader, XINJIA)).value == 20
    # The 7 of 解放 all live in one village: shown there, it would give the town away.
    assert hidden_towns(leader, region=JIEFANG) == {JIEFANGLU}
    assert compute(indicator(CHILDREN), view(leader, JIEFANGLU)).is_hidden


@pytest.mark.usefixtures("_four_towns")
def test_staff_who_may_read_the_files_see_every_number() -> None:
    assert hidden_towns(officer()) == set()
    assert compute(indicator(CHILDREN), view(officer(), JIANSHE)).value == 3


@pytest.mark.usefixtures("_four_towns")
def test_a_town_clerk_sees_her_own_and_hides_nothing_behind_it() -> None:
    clerk = officer(JIEFANG)

    # 解放 is hers and shown to her, so 新嘉 has to stand beside 建设.
    assert hidden_towns(clerk) == {JIANSHE, XINJIA}
    assert compute(indicator(CHILDREN), view(clerk, JIEFANG)).value == 7


@pytest.mark.usefixtures("_four_towns")
def test_what_one_level_did_is_not_shown_beside_what_all_did() -> None:
    assert compute(indicator(CHILDREN), view(reader(), own_level=True)).is_hidden
    assert not compute(indicator(CHILDREN), view(officer(), own_level=True)).is_hidden


@pytest.mark.usefixtures("nanhu")
def test_two_small_cells_that_make_a_small_sum_take_a_third() -> None:
    files(1, region=BAIHUALONG)
    files(2, region=JIEFANGLU)
    files(6, region=BEIJINGLU)
    files(20, region=LIANFENG)

    assert hidden_towns(reader()) == {JIANSHE, JIEFANG, XINJIA}


@pytest.mark.usefixtures("nanhu")
def test_a_county_with_few_shows_nothing_at_all() -> None:
    files(4, region=LIANFENG)

    assert compute(indicator(CHILDREN), view(reader())).is_hidden
    assert hidden_towns(reader()) == {FENGQIAO}


@pytest.mark.usefixtures("nanhu")
def test_nothing_is_no_secret() -> None:
    assert compute(indicator(CHILDREN), view(reader())).value == 0
    assert hidden_towns(reader()) == set()


@pytest.mark.usefixtures("nanhu")
def test_a_small_month_of_a_flow_hides_its_months_and_not_its_quarter() -> None:
    files(10, region=LIANFENG, day="2021-01-10")
    files(3, region=LIANFENG, day="2021-02-10")
    files(20, region=LIANFENG, day="2021-07-10")

    months = by_month(indicator(NEW), view(reader()))
    quarters = by_month(indicator(NEW), view(reader()), span=Span.QUARTER)

    assert all(row.is_hidden for row in months)
    assert [row.value for row in quarters] == [13, 0, 20, 0]
    assert compute(indicator(NEW), view(reader())).value == 33
    assert compute(indicator(NEW), view(reader(), period=Period.parse("2021-07"))).is_hidden


@pytest.mark.usefixtures("nanhu")
def test_a_stock_is_hidden_only_in_the_months_it_was_small() -> None:
    files(3, region=LIANFENG, day="2021-02-10")
    files(6, region=LIANFENG, day="2021-04-10")

    months = by_month(indicator(CHILDREN), view(reader()))

    assert [row.is_hidden for row in months] == [False, True, True, *[False] * 9]
    assert [row.value for row in months][3:] == [9] * 9
    assert compute(indicator(CHILDREN), view(reader(), period=Period.parse("2021-Q1"))).is_hidden


@pytest.mark.usefixtures("nanhu")
def test_towns_by_month_hide_whole_rows() -> None:
    files(10, region=BAIHUALONG, day="2021-01-10")
    files(2, region=BAIHUALONG, day="2021-02-10")
    files(9, region=JIEFANGLU, day="2021-01-10")
    files(8, region=JIEFANGLU, day="2021-02-10")
    files(30, region=LIANFENG, day="2021-01-10")
    files(30, region=LIANFENG, day="2021-02-10")

    table = by_town_and_month(indicator(NEW), view(reader(), period=Period.parse("2021-Q1")))

    assert {region for region, rows in table.items() if all(row.is_hidden for row in rows)} == {JIANSHE, JIEFANG}
    assert [row.value for row in table[FENGQIAO]] == [30, 30, 0]
    # For the whole year nothing is small, so nothing is hidden.
    assert hidden_towns(reader(), NEW) == set()


@pytest.mark.usefixtures("nanhu")
def test_visits_to_minors_families_need_the_staffs_eyes_and_plain_visits_do_not() -> None:
    assert [programme.code for programme in programmes_behind(indicator("visits.minors-in-court.times"))] == [
        "minors-in-court"
    ]
    assert Veil().over([indicator("visits.households")], view(reader())) == {}


@pytest.mark.usefixtures("nanhu")
def test_months_do_not_add_up_to_a_hidden_year() -> None:
    files(3, region=BAIHUALONG, day="2021-02-10")  # small in the year; 解放 with its 7 stands beside it
    files(7, region=JIEFANGLU, day="2021-01-10")
    files(20, region=BEIJINGLU, day="2021-01-10")
    files(28, region=LIANFENG, day="2021-01-10")  # small in February; with 建设's 3 that makes 5, enough by itself
    files(2, region=LIANFENG, day="2021-02-10")

    table = by_town_and_month(indicator(NEW), view(reader()))

    assert hidden_towns(reader(), NEW) == {JIANSHE, JIEFANG}
    hidden = {region for region, rows in table.items() if any(row.is_hidden for row in rows)}
    assert hidden == {JIANSHE, JIEFANG, FENGQIAO}


def test_a_delicate_figure_of_an_open_programme_needs_the_staffs_eyes_too(db: None) -> None:
    spec = replace(indicator("visits.four-musts.times"), small=5)

    assert is_veiled(spec, view(reader()))
    assert not is_veiled(spec, view(officer()))
    assert not is_veiled(indicator("visits.four-musts.times"), view(reader()))


@pytest.mark.usefixtures("_four_towns")
def test_a_reader_of_figures_alone_sees_no_small_ones() -> None:
    partner = reader(verbs=frozenset({Verb.FIGURE_READ}))

    assert hidden_towns(partner) == {JIANSHE, JIEFANG}


ROWS = st.dictionaries(st.sampled_from("abcdefgh"), st.lists(st.integers(0, 12), min_size=3, max_size=3))


@given(ROWS)
def test_nothing_small_can_be_had_by_subtraction(rows: dict[str, list[int]]) -> None:
    table = {name: [Decimal(n) for n in cells] for name, cells in rows.items()}

    hidden = veiled_rows(table, 5)

    shown = [cells for name, cells in table.items() if name not in hidden]
    assert not any(0 < cell < 5 for cells in shown for cell in cells)
    if not any(any(cells) for cells in shown):
        return  # everything is hidden: nothing is left to take away
    assert len(hidden) != 1
    for column in range(3):
        rest = sum(table[name][column] for name in hidden)
        assert rest == 0 or rest >= 5
