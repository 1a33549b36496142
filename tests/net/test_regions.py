"""Loading the national list, names, the tree, grids, and codes that were withdrawn."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.access.actor import Actor, Grant, operator
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level
from lianxin.base.errors import Forbidden, Refused
from lianxin.net.models import Region
from lianxin.net.national import Listed, listed_under, pack, provinces
from lianxin.net.regions import (
    add_grid,
    children,
    current,
    full_name,
    load_regions,
    path_name,
    region_name,
    reinstate,
    subtree,
    withdraw,
)
from tests.net.netcast import FENGQIAO, LIANFENG, NANHU, TODAY

CLERK = operator(Verb.ORGANISATION_WRITE, because="tests change the map")


# ── the list ─────────────────────────────────────────────────────────────────


def test_the_shipped_list_is_the_whole_one_and_has_no_orphans() -> None:
    lines = list(listed_under(""))

    codes = {line.code for line in lines}
    assert Counter(line.level.name for line in lines) == {
        "PROVINCE": 31,
        "CITY": 342,
        "COUNTY": 2_978,
        "TOWN": 41_352,
        "VILLAGE": 620_573,
    }
    assert all(line.parent in codes for line in lines if line.parent)
    assert len(provinces()) == 31


def test_packing_a_list_and_reading_it_gives_it_back(tmp_path: Path) -> None:
    lines = [
        Listed(*row)
        for row in [
            ("33", "浙江省"),
            ("3304", "嘉兴市"),
            ("330402", "南湖区"),
            ("330402100", "凤桥镇"),
            ("330402100222", "联丰村委会"),
            ("330411", "秀洲区"),
            ("41", "河南省"),
        ]
    ]

    pack(lines, tmp_path / "list.zip")

    assert list(listed_under("", tmp_path / "list.zip")) == lines
    assert zipfile.ZipFile(tmp_path / "list.zip").namelist() == ["33", "41"]


# ── loading ──────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_county_is_thirteen_towns_and_a_hundred_and_forty_three_villages_under_its_ancestors() -> None:
    laid = load_regions(NANHU)

    assert laid == 1 + 1 + 1 + 13 + 143
    assert Counter(Region.objects.values_list("level", flat=True)) == {1: 1, 2: 1, 3: 1, 4: 13, 5: 143}
    assert Region.objects.get(code=LIANFENG).parent == FENGQIAO


@pytest.mark.django_db
def test_loading_twice_adds_nothing_and_touches_nothing() -> None:
    load_regions(NANHU)
    withdraw(CLERK, LIANFENG, on=TODAY, today=TODAY)

    assert load_regions(NANHU) == 0
    assert Region.objects.get(code=LIANFENG).withdrawn_on == TODAY


@pytest.mark.django_db
def test_one_town_may_be_loaded_alone_and_full_width_digits_are_accepted() -> None:
    assert load_regions("３３０４０２１００") == 3 + 1 + 12


@pytest.mark.django_db
def test_progress_hears_how_many_were_gone_through() -> None:
    heard: list[int] = []

    load_regions(NANHU, progress=heard.append)

    assert heard == [159]


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["330499", "99", "330402100999", "330402100222001", "abc", "33040"])
def test_what_the_list_does_not_have_is_refused_and_leaves_nothing(code: str) -> None:
    with pytest.raises(Refused, match=r"代码|编码"):
        load_regions(code)

    assert Region.objects.count() == 0


@pytest.mark.django_db
def test_a_load_that_breaks_off_leaves_nothing() -> None:
    class Unplugged(Exception):
        pass

    def unplug(done: int) -> None:
        if done > 5_000:
            raise Unplugged

    with pytest.raises(Unplugged):
        load_regions("33", progress=unplug)

    assert Region.objects.count() == 0


# ── names ────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_names_are_said_short_and_paths_begin_where_asked() -> None:
    load_regions(NANHU)

    assert region_name(LIANFENG) == "联丰村"
    assert full_name(LIANFENG) == "联丰村委会"
    assert path_name(LIANFENG) == "凤桥镇联丰村"
    assert path_name(LIANFENG, since=Level.PROVINCE) == "浙江省嘉兴市南湖区凤桥镇联丰村"
    assert path_name(NANHU) == "南湖区"
    assert region_name("") == "全国"


@pytest.mark.django_db
def test_placeholders_and_doubled_names_stay_out_of_paths() -> None:
    load_regions("110101001")
    load_regions("441900003")

    assert path_name("110101001", since=Level.PROVINCE) == "北京市东城区东华门街道"
    assert path_name("441900003", since=Level.PROVINCE) == "广东省东莞市东城街道"


@pytest.mark.django_db
def test_neighbours_who_would_be_called_the_same_keep_their_full_names() -> None:
    # 周家庄村委会 and 周家庄村村委会 stand in one town of the list.
    twins = [line for line in listed_under("") if line.name in ("周家庄村委会", "周家庄村村委会")]
    towns = Counter(line.parent for line in twins)
    town = next(parent for parent, n in towns.items() if n == 2)
    load_regions(town)

    assert sorted(region_name(line.code) for line in twins if line.parent == town) == ["周家庄村委会", "周家庄村村委会"]


@pytest.mark.django_db
def test_a_page_of_names_costs_two_queries_and_the_next_page_none() -> None:
    load_regions(NANHU)
    villages = [row.code for row in subtree(NANHU, Level.VILLAGE)]

    with CaptureQueriesContext(connection) as first:
        for code in villages:
            path_name(code)
    with CaptureQueriesContext(connection) as second:
        for code in villages:
            path_name(code)

    assert (len(first), len(second)) == (2, 0)


@pytest.mark.django_db
def test_names_asked_before_a_load_are_found_after_it() -> None:
    assert region_name(LIANFENG) == LIANFENG

    load_regions(NANHU)

    assert region_name(LIANFENG) == "联丰村"


@pytest.mark.django_db
def test_a_name_that_another_process_loaded_is_found() -> None:
    load_regions(FENGQIAO)
    assert region_name(FENGQIAO) == "凤桥镇"

    Region.objects.create(code="330402101", name="余新镇", level=4, parent=NANHU)

    assert region_name("330402101") == "余新镇"


# ── the tree ─────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_children_stand_in_order_and_in_place_of_placeholders_stand_theirs() -> None:
    load_regions("110101001")
    load_regions(NANHU)

    assert [row.name for row in children("11")] == ["东城区"]
    assert [row.name for row in children(NANHU)][:3] == ["建设街道", "解放街道", "新嘉街道"]
    assert len(children(NANHU)) == 13
    assert [row.code for row in children("")] == ["11", "33"]


@pytest.mark.django_db
def test_the_last_code_of_a_range_is_in_it() -> None:
    # A code that ends with 9: its range must not end before its villages, on either database.
    load_regions("330402009")

    assert len(subtree("330402009", Level.VILLAGE)) == 11
    assert len(subtree("", Level.VILLAGE)) == 11


@pytest.mark.django_db
def test_withdrawn_regions_are_left_out_unless_asked_for() -> None:
    load_regions(FENGQIAO)
    withdraw(CLERK, LIANFENG, on=TODAY, today=TODAY)

    assert LIANFENG not in {row.code for row in children(FENGQIAO)}
    assert LIANFENG in {row.code for row in children(FENGQIAO, withdrawn=True)}
    assert len(subtree(NANHU, Level.VILLAGE)) == 11
    assert len(subtree(NANHU, Level.VILLAGE, withdrawn=True)) == 12


# ── grids ────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_grids_are_numbered_on_and_have_names() -> None:
    load_regions(FENGQIAO)

    one = add_grid(CLERK, village=LIANFENG, name="第一网格")
    two = add_grid(CLERK, village=LIANFENG, name="第二网格")

    assert (one.code, two.code) == (LIANFENG + "001", LIANFENG + "002")
    assert path_name(two.code) == "凤桥镇联丰村第二网格"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("village", "name", "field"),
    [
        (LIANFENG, "第一网格", "name"),
        (LIANFENG, "  ", "name"),
        (LIANFENG, "格" * 41, "name"),
        (FENGQIAO, "第一网格", "region"),
        ("330402100999", "第一网格", "region"),
    ],
)
def test_a_grid_that_cannot_be_is_refused(village: str, name: str, field: str) -> None:
    load_regions(FENGQIAO)
    add_grid(CLERK, village=LIANFENG, name="第一网格")

    with pytest.raises(Refused) as refusal:
        add_grid(CLERK, village=village, name=name)

    assert refusal.value.field == field
    assert Region.objects.filter(level=Level.GRID).count() == 1


@pytest.mark.django_db
def test_a_neighbour_adds_no_grid_here() -> None:
    load_regions(FENGQIAO)
    neighbour = Actor("x", "x", (Grant("r", frozenset({Verb.ORGANISATION_WRITE}), "330402101"),))

    with pytest.raises(Forbidden):
        add_grid(neighbour, village=LIANFENG, name="第一网格")


# ── withdrawn codes ──────────────────────────────────────────────────────────

DAXING, XINMIN, YONGHONG = "330402100204", "330402100223", "330402100224"


@pytest.mark.django_db
def test_a_withdrawn_code_leads_on_to_the_one_that_stands() -> None:
    load_regions(FENGQIAO)

    withdraw(CLERK, LIANFENG, on=dt.date(2019, 1, 1), today=TODAY, successor=XINMIN)
    withdraw(CLERK, XINMIN, on=dt.date(2021, 1, 1), today=TODAY, successor=YONGHONG)

    assert [current(code) for code in (LIANFENG, XINMIN, YONGHONG)] == [YONGHONG] * 3
    assert current(DAXING) == DAXING
    assert current("330402100999") == "330402100999"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "successor", "on"),
    [
        (LIANFENG, LIANFENG, TODAY),
        (LIANFENG, FENGQIAO, TODAY),
        (LIANFENG, "330402100999", TODAY),
        (XINMIN, LIANFENG, TODAY),  # 联丰 was merged into 新民: that would be a ring
        (LIANFENG, YONGHONG, dt.date(2021, 7, 2)),
        (FENGQIAO, "", TODAY),  # its villages still stand
    ],
)
def test_a_withdrawal_that_makes_no_sense_is_refused(code: str, successor: str, on: dt.date) -> None:
    load_regions(FENGQIAO)
    if code == XINMIN:
        withdraw(CLERK, LIANFENG, on=TODAY, today=TODAY, successor=XINMIN)

    with pytest.raises(Refused):
        withdraw(CLERK, code, on=on, today=TODAY, successor=successor)

    assert Region.objects.get(code=code).withdrawn_on is None


@pytest.mark.django_db
def test_a_town_does_not_withdraw_itself_and_a_mistake_is_taken_back() -> None:
    load_regions(FENGQIAO)
    town = Actor("x", "x", (Grant("r", frozenset({Verb.ORGANISATION_WRITE}), FENGQIAO),))

    with pytest.raises(Forbidden):
        withdraw(town, FENGQIAO, on=TODAY, today=TODAY)
    withdraw(town, LIANFENG, on=TODAY, today=TODAY, successor=XINMIN)
    reinstate(town, LIANFENG)

    assert current(LIANFENG) == LIANFENG


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 8), min_size=8, max_size=8))
def test_following_successors_ends_whatever_the_rows_say(leads: list[int]) -> None:
    # Eight regions; each leads to another (0–7, itself included) or to none (8), rings and all.
    codes = [f"330402100{number:03}" for number in range(8)]
    Region.objects.all().delete()
    Region.objects.bulk_create(
        Region(
            code=code,
            name=code,
            level=5,
            parent=FENGQIAO,
            successor="" if lead == 8 else codes[lead],
            withdrawn_on=None if lead == 8 else TODAY,
        )
        for code, lead in zip(codes, leads, strict=True)
    )

    for number, code in enumerate(codes):
        at, steps = number, 0
        while leads[at] != 8 and steps < 9:
            at, steps = leads[at], steps + 1
        assert current(code) == (code if steps == 9 else codes[at])
