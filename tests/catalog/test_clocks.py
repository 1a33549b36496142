"""Clocks and holidays in files: a county sets what no law sets, loads a new year, and every slip is told at its key."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.catalog.load import check_catalog, load_catalog
from lianxin.clocks.reckoning import due_by
from lianxin.clocks.workdays import calendar_of
from tests.catalog.shelf import Shelf

TODAY = dt.date(2026, 11, 22)
LAW = """
[[clock]]
code = "answer"
name = "答复"
begins = "收到之日"
length = 5
unit = "working-days"
duty = "ours"
source = "试行办法"
article = "第一条"
grade = "law"
"""
VISIT = """
[[clock]]
code = "visit"
name = "走访"
begins = "上一次走访之日"
length = 7
unit = "days"
duty = "ours"
source = "出厂默认，待县妇联确认"
grade = "default"
"""
YEAR = """
[[year]]
year = 2027
source = "放假通知"
work = [2027-01-02]

[[year.rest]]
name = "元旦"
first = 2026-12-31
last = 2027-01-01
"""


def told(tiny: Shelf, county: Shelf) -> list[tuple[str, str, str]]:
    return [(item.place, item.key, item.message) for item in check_catalog(tiny.root, county.root)]


def test_a_county_sets_the_length_that_no_law_sets(tiny: Shelf, county: Shelf) -> None:
    tiny.write("clocks.toml", LAW + VISIT)
    county.write("clocks.toml", '[[clock]]\ncode = "visit"\nextends = true\nlength = 3\nsource = "本县 5 号文"\n')

    clock = load_catalog(tiny.root, county.root).clock("visit")

    assert (clock.length, clock.unit, clock.cited, clock.grade) == (3, "days", "本县 5 号文", "local")


def test_a_county_may_not_set_what_a_law_sets_but_its_reminders(tiny: Shelf, county: Shelf) -> None:
    tiny.write("clocks.toml", LAW)
    county.write(
        "clocks.toml",
        '[[clock]]\ncode = "answer"\nextends = true\nlength = 50\nremind = [2]\nsource = "本县"\n',
    )

    assert told(tiny, county) == [("overlay", "clock[1].length", "“答复”是试行办法第一条定的，不能改")]

    county.edit("clocks.toml", "length = 50\n", "")
    clock = load_catalog(tiny.root, county.root).clock("answer")
    assert (clock.length, clock.remind, clock.grade, clock.cited) == (5, (2,), "law", "试行办法第一条")


def test_a_year_that_a_county_loads_is_reckoned_anew(tiny: Shelf, county: Shelf) -> None:
    tiny.write("clocks.toml", LAW)
    start = dt.date(2026, 12, 25)  # a Friday

    before = load_catalog(tiny.root, county.root)
    guessed = due_by(before.clock("answer"), start, today=TODAY, calendar=calendar_of(before.years))
    county.write("holidays.toml", YEAR)
    after = load_catalog(tiny.root, county.root)
    known = due_by(after.clock("answer"), start, today=TODAY, calendar=calendar_of(after.years))

    # 28, 29, 30, 31 December and Friday 1 January; by the notice the 31st and the 1st are off, Saturday the 2nd worked
    assert (guessed.day, guessed.provisional) == (dt.date(2027, 1, 1), True)
    assert (known.day, known.provisional, known.note) == (dt.date(2027, 1, 4), False, "")


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("length = 7", "length = 0", "clock[2].length", "0 是立即，只能按分钟或小时计"),
        ("length = 7", "length = 9999", "clock[2].length", "9999 太长"),
        ("length = 7", 'length = "七"', "clock[2].length", "这里要写整数"),
        ('unit = "days"', 'unit = "weeks"', "clock[2].unit", "不认识“weeks”"),
        ('unit = "days"', 'unit = "days"\nrolls = true', "clock[2].rolls", "只有群众的权利才顺延，自己该办的不往后推"),
        ('unit = "days"', 'unit = "hours"\nremind = [1]', "clock[2].remind", "按分钟、小时计的不提前几天提醒"),
        ('unit = "days"', 'unit = "days"\nremind = [0]', "clock[2].remind", "提前的天数要是 1 或更大的整数"),
        ('unit = "days"', 'unit = "working-days"\nrolls = true', "clock[2].rolls", "按小时或工作日计的，没有顺延"),
        ('unit = "days"', 'unit = "days"\nafter = "anser"', "clock[2].after", "没有“anser”这个期限"),
        ('grade = "default"', 'grade = "law"', "clock[2].article", "说是法律定的，却没有写第几条"),
        ("出厂默认，待县妇联确认", "某处", "clock[2].source", "出厂默认的数要写明"),
        ('code = "visit"', 'code = "answer"', "clock[2].code", "代号“answer”已经有主：clocks.toml clock[1]"),
        ('name = "走访"', 'nam = "走访"', "clock[2].nam", "没有“nam”这个键"),
    ],
)
def test_a_slip_in_the_clocks_is_told(tiny: Shelf, county: Shelf, old: str, new: str, key: str, message: str) -> None:
    tiny.write("clocks.toml", LAW)
    tiny.append("clocks.toml", VISIT.replace(old, new))

    assert ("shipped", key, message) in told(tiny, county)


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("work = [2027-01-02]", "work = [2027-01-04]", "year[1].work[1]", "本来就是工作日"),
        ("work = [2027-01-02]", "work = [2028-01-01]", "year[1].work[1]", "不在 2027 年"),
        ("last = 2027-01-01", "last = 2027-01-02", "year[1].work[1]", "这一天又放假又上班"),
        ("last = 2027-01-01", "last = 2026-12-30", "year[1].rest[1].last", "最后一天早于头一天"),
        ("last = 2027-01-01", "last = 2027-04-01", "year[1].rest[1].last", "一个假超过 30 天"),
        ("last = 2027-01-01", 'last = "元旦"', "year[1].rest[1].last", "这里要写日期"),
        ("year = 2027", "year = 2029", "year[1].rest[1].first", "不在 2029 年"),
    ],
)
def test_a_slip_in_a_years_table_is_told(
    tiny: Shelf, county: Shelf, old: str, new: str, key: str, message: str
) -> None:
    county.write("holidays.toml", YEAR.replace(old, new))

    assert ("overlay", key, message) in told(tiny, county)


def test_a_right_that_does_not_roll_is_told(tiny: Shelf, county: Shelf) -> None:
    tiny.write("clocks.toml", VISIT.replace('"ours"', '"right"'))

    assert told(tiny, county) == [("shipped", "clock[1].rolls", "群众的权利要顺延")]
