"""Figures, bars and lines: geometry worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lianxin.ui.charts import Place, bars, places, running
from lianxin.ui.parts import Cell, Column, Figure, Row, Table, gauge, share


def test_a_gauge_is_in_per_cent_of_what_it_stands_for() -> None:
    drawn = gauge(50, last=25, target=100, most=200)

    assert (drawn.fill, drawn.last, drawn.target) == ("25.00%", "12.50%", "50.00%")


def test_a_gauge_never_leaves_its_bar() -> None:
    assert gauge(300, most=200).fill == "100.00%"
    assert gauge(-5, most=200).fill == "0.00%"
    assert gauge(None).fill == "0%"


def test_a_figure_without_comparison_has_no_bar() -> None:
    assert Figure(label="走访", value=3).gauge is None


def test_unknown_is_not_nought() -> None:
    unknown, nought = Figure(label="走访", value=None, unit="户"), Figure(label="走访", value=0, unit="户")

    assert (unknown.shown, unknown.shown_unit) == ("没有数", "")
    assert (nought.shown, nought.shown_unit) == ("0", "户")


@pytest.mark.parametrize(
    ("amount", "shown"), [("69600.00", ("6.96", "万元")), ("9999.50", ("9,999.5", "元")), ("-20000", ("-2", "万元"))]
)
def test_money_changes_its_unit_at_ten_thousand(amount: str, shown: tuple[str, str]) -> None:
    figure = Figure(label="慰问金", value=Decimal(amount), unit="元", is_money=True)

    assert (figure.shown, figure.shown_unit) == shown


def test_share_of_nothing_is_unknown() -> None:
    assert share(1, 4) == "25%"
    assert share(0, 0) == "没有数"


def test_a_row_must_fit_its_columns() -> None:
    table = Table(caption="", columns=(Column(label="a"), Column(label="b")), rows=(Row(("1",)),))

    with pytest.raises(ValueError, match="shorter"):
        table.paired  # noqa: B018 — computing it is the test


def test_bars_stand_on_the_floor_and_reach_their_value() -> None:
    chart = bars(("1月", "2月"), (100, 50), title="走访", unit="户", last=(25, None))

    # From 28 (top, value 100) to 224 (floor): 196 px for 100.
    first, second = chart.bars
    assert (first.y, first.height) == ("28.0", "196.0")
    assert (second.y, second.height) == ("126.0", "98.0")
    assert first.last_y == "175.0"
    assert second.last_y == ""
    assert (first.left, first.width, first.middle) == ("12.00%", "26.00%", "25.00%")


def test_grid_lines_stand_at_round_numbers() -> None:
    assert [line.text for line in bars(("a",), (3120,), title="", unit="").lines] == ["1,000", "2,000", "3,000"]
    assert [line.text for line in bars(("a",), (16704,), title="", unit="").lines] == ["5,000", "10,000", "15,000"]
    assert [line.text for line in bars(("a",), (2,), title="", unit="").lines] == ["1", "2"]
    assert bars(("a",), (0,), title="", unit="").lines[0].text == "1"


def test_unknown_months_leave_a_gap_and_say_so_in_the_table() -> None:
    chart = bars(("1月", "2月"), (7, None), title="走访", unit="户")

    assert chart.bars[1].text == ""
    assert chart.bars[1].height == "0.0"
    assert chart.table.rows[1].cells == ("2月", "没有数")
    assert chart.says == "走访：最多1月 7户，最少1月 7户"


def test_on_a_phone_a_year_names_four_months_and_its_highest_bar() -> None:
    chart = bars(tuple(f"{month}月" for month in range(1, 13)), tuple(range(1, 13)), title="走访", unit="户")

    assert [bar.name for bar in chart.bars if not bar.is_name_minor] == ["1月", "4月", "7月", "10月"]
    assert [bar.text for bar in chart.bars if not bar.is_minor] == ["12"]


def test_a_short_row_of_bars_keeps_all_its_words() -> None:
    chart = bars(("一季度", "二季度"), (1, 2), title="走访", unit="户")

    assert not any(bar.is_minor or bar.is_name_minor for bar in chart.bars)


def test_a_chart_of_nothing_can_be_drawn() -> None:
    chart = running(("1月", "2月"), (None, None), title="走访", unit="户")

    assert chart.says == "走访：没有数"
    assert (chart.this, chart.this_end, chart.target_y) == ((), None, "")


def test_a_running_line_ends_where_the_year_has_got_to() -> None:
    chart = running(
        ("1月", "2月", "3月", "4月"), (10, 20, None, None), title="走访", unit="户", last=(5, 15, 30, 40), target=20
    )

    # The top is 40, so 20 lies half way: 224 − 98 = 126.
    assert [(piece.x1, piece.x2, piece.y2) for piece in chart.this] == [("12.50%", "37.50%", "126.0")]
    assert chart.this_end is not None
    assert (chart.this_end.x, chart.this_end.text) == ("37.50%", "20")
    assert chart.target_y == "126.0"
    assert len(chart.last) == 3


def test_places_keep_their_order_and_share_one_scale() -> None:
    chart = places(
        [Place(name="甲", value=50, target=100), Place(name="乙", value=100, last=80)], title="走访", unit="户"
    )

    assert [row.name for row in chart.rows] == ["甲", "乙"]
    # The longest of all (100) takes 1/1.05 of the width.
    assert [row.gauge.fill for row in chart.rows] == ["47.62%", "95.24%"]
    assert [row.reached for row in chart.rows] == ["还差 50", "没有设目标"]
    assert (chart.has_last, chart.has_target) == (True, True)


def test_places_without_any_value_can_be_drawn() -> None:
    chart = places([Place(name="甲", value=None)], title="走访", unit="户")

    assert chart.rows[0].text == "没有数"


def test_plain_strings_will_do_as_cells() -> None:
    table = Table(caption="", columns=(Column(label="a"),), rows=(Row(("x",)),))

    assert table.paired == ((False, ((Column(label="a"), Cell(text="x")),)),)
