"""A sound catalogue as the rooms read it: lookups, versions, sources, samples; and files that cannot be read at all."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lianxin.catalog.current import catalog, forget_catalog, is_outdated
from lianxin.catalog.load import check_catalog, load_catalog, problems_of
from lianxin.catalog.problems import CatalogErrors
from lianxin.catalog.specs import UnknownCode
from tests.catalog.shelf import Shelf

TEA = "programmes/duties/tea.toml"


def test_specs_hold_what_the_file_says(tiny: Shelf) -> None:
    tea = load_catalog(tiny.root).programme("tea")

    assert (tea.name, tea.short, tea.kind, tea.chapter, tea.seal) == ("上门喝茶", "喝茶", "visit", "duties", "open")
    assert (tea.seeds, tea.since, tea.until, tea.order) == (("S001",), dt.date(2021, 1, 1), None, 2)
    assert [reason.code for reason in tea.reasons] == ["rain", "festival"]
    assert tea.reason("rain").short == "下雨"
    assert [(field.code, field.type, field.required) for field in tea.fields] == [("leaf", "choice", False)]
    assert tea.tags_of("visit.done") == ("purpose", "reason", "subject", "mode")
    assert tea.tags_of("visit.gone") == ()


def test_whatever_gives_no_source_has_that_of_what_it_stands_in(tiny: Shelf) -> None:
    tea = load_catalog(tiny.root).programme("tea")

    default = "出厂默认（示例），待县妇联确认"
    assert [reason.source for reason in tea.reasons] == [default, "村里的规矩"]
    assert tea.field("leaf").source == default
    assert [option.source for option in tea.field("leaf").options] == [default, "隔壁村"]
    assert [option.source for option in load_catalog(tiny.root).options("visit", "mode")] == ["示例", "示例"]


def test_a_fact_knows_what_every_sample_adds_to_it(tiny: Shelf) -> None:
    done, people = load_catalog(tiny.root).programme("tea").facts

    assert [sample.sum for sample in done.samples] == [1, 1]
    assert [sample.sum for sample in people.samples] == [2, 0]
    assert people.samples[0].values == {"mode": "door", "people": 2}
    assert people.samples[0].says == "下雨天上门，见到两人"


def test_sums_are_exact_decimals(tiny: Shelf) -> None:
    tiny.edit(TEA, '"visit.people" = 2', '"visit.people" = 88.10')

    sample = load_catalog(tiny.root).programme("tea").facts[1].samples[0]

    assert sample.sum == Decimal("88.1")
    assert isinstance(sample.sum, Decimal)


def test_where_is_codes_only_and_a_figure_knows_its_chapter(tiny: Shelf) -> None:
    figure = load_catalog(tiny.root).indicator("tea.households")

    assert figure.where == (("subject", ("household",)), ("mode", ("door",)))
    assert (figure.tally, figure.small, figure.aka, figure.chapter) == (True, 0, ("喝茶户",), "duties")


def test_specs_can_stand_in_sets(tiny: Shelf) -> None:
    shelf = load_catalog(tiny.root)

    assert len({*shelf.programmes.values(), *shelf.indicators.values(), *shelf.measures.values()}) == 2 + 4 + 3


def test_the_catalogue_cannot_be_written_to(tiny: Shelf) -> None:
    shelf = load_catalog(tiny.root)

    with pytest.raises(TypeError):
        shelf.programmes["tea"] = shelf.programme("book")  # type: ignore[index]
    with pytest.raises(TypeError):
        shelf.programme("tea").facts[0].samples[0].values["mode"] = "phone"  # type: ignore[index]


def test_unknown_codes_raise_and_find_answers_none(tiny: Shelf) -> None:
    shelf = load_catalog(tiny.root)

    with pytest.raises(UnknownCode):
        shelf.programme("coffee")
    with pytest.raises(UnknownCode):
        shelf.programme("tea", version=2)
    with pytest.raises(UnknownCode):
        shelf.indicator("coffee.times")
    assert shelf.find_programme("coffee") is None
    assert shelf.find_programme("tea", 2) is None


def test_programmes_of_a_kind_come_in_their_order_and_only_while_under_way(tiny: Shelf) -> None:
    early = tiny.read(TEA).replace('code = "tea"', 'code = "rice"').replace("order = 2", "order = 1")
    early = early.replace("since = 2021-01-01", "since = 2021-01-01\nuntil = 2021-07-01")
    tiny.write("programmes/duties/rice.toml", early)

    shelf = load_catalog(tiny.root)

    assert [programme.code for programme in shelf.of_kind("visit")] == ["rice", "tea"]
    assert [programme.code for programme in shelf.of_kind("visit", on=dt.date(2021, 6, 30))] == ["rice", "tea"]
    assert [programme.code for programme in shelf.of_kind("visit", on=dt.date(2021, 7, 1))] == ["tea"]
    assert shelf.of_kind("visit", on=dt.date(2020, 12, 31)) == ()
    assert [programme.code for programme in shelf.of_kind("listing")] == ["book"]


def test_adding_a_field_is_one_edit(tiny: Shelf) -> None:
    tiny.edit(TEA, "[[fact]]", '[[field]]\ncode = "cups"\nname = "喝了几杯"\ntype = "number"\n\n[[fact]]')

    assert [field.code for field in load_catalog(tiny.root).programme("tea").fields] == ["leaf", "cups"]


# —— versions ——


def second_version(tiny: Shelf) -> None:
    tiny.move(TEA, "programmes/duties/tea.v1.toml")
    text = tiny.read("programmes/duties/tea.v1.toml")
    tiny.write(TEA, text.replace("version = 1", "version = 2").replace("上门喝茶", "上门喝新茶"))


def test_a_record_of_version_one_still_finds_its_spec(tiny: Shelf) -> None:
    second_version(tiny)

    shelf = load_catalog(tiny.root)

    assert (shelf.programme("tea").version, shelf.programme("tea").name) == (2, "上门喝新茶")
    assert (shelf.programme("tea", 1).version, shelf.programme("tea", version=1).name) == (1, "上门喝茶")
    assert shelf.programme("tea", 2) is shelf.programme("tea")
    assert set(shelf.older) == {("tea", 1)}
    assert len(shelf.programmes) == 2


def test_an_older_version_must_not_go_missing(tiny: Shelf) -> None:
    second_version(tiny)
    (tiny.root / "programmes/duties/tea.v1.toml").unlink()

    (problem,) = check_catalog(tiny.root)

    assert (problem.file, problem.key) == (TEA, "version")
    assert problem.message == "少了第 1 版，照第 1 版登记的记录会找不到口径"
    assert "tea.v1.toml" in problem.mend


def test_an_older_version_that_is_broken_is_not_told_as_missing(tiny: Shelf) -> None:
    second_version(tiny)
    tiny.append("programmes/duties/tea.v1.toml", "???")

    assert [problem.file for problem in check_catalog(tiny.root)] == ["programmes/duties/tea.v1.toml"]


def test_a_file_is_called_as_its_code_and_version(tiny: Shelf) -> None:
    second_version(tiny)
    tiny.move("programmes/duties/tea.v1.toml", "programmes/duties/tea.old.toml")

    (problem,) = check_catalog(tiny.root)

    assert (problem.file, problem.key) == ("programmes/duties/tea.old.toml", "code")
    assert problem.mend == "文件改名为 tea.v1.toml"


def test_a_version_may_not_change_its_kind(tiny: Shelf) -> None:
    tiny.write(
        "programmes/care/tea.toml",
        tiny.read("programmes/care/book.toml").replace("book", "tea").replace("version = 1", "version = 2"),
    )
    tiny.move(TEA, "programmes/duties/tea.v1.toml")

    problems = check_catalog(tiny.root)

    assert ("programmes/care/tea.toml", "kind") in [(problem.file, problem.key) for problem in problems]


def test_one_code_in_two_files_has_two_owners(tiny: Shelf) -> None:
    tiny.write("programmes/care/tea.toml", tiny.read(TEA).replace('"duties"', '"care"'))

    (problem,) = check_catalog(tiny.root)

    assert (problem.file, problem.key) == (TEA, "code")
    assert problem.message == "“tea”第 1 版已经有主：programmes/care/tea.toml"


# —— what cannot be read at all ——


def test_every_mistake_of_every_file_is_told_at_once(tiny: Shelf) -> None:
    tiny.edit(TEA, 'kind = "visit"', 'kind = "vist"')
    tiny.edit("programmes/care/book.toml", "version = 1", "version 1")
    tiny.edit("chapters.toml", "order = 1", 'order = "1"')
    tiny.edit("indicators/duties.toml", 'unit = "份"', 'unit = "本"')

    with pytest.raises(CatalogErrors) as raised:
        load_catalog(tiny.root)

    assert [(problem.file, problem.key) for problem in raised.value.problems] == [
        ("chapters.toml", "chapter[1].order"),
        ("indicators/duties.toml", "indicator[4].unit"),
        ("programmes/care/book.toml", ""),
        (TEA, "kind"),
    ]
    assert str(raised.value).startswith("工作目录有 4 处要改：")
    assert "programmes/care/book.toml 第 2 行：键的后面缺等号。写成 键 = 值。" in str(raised.value)


def test_a_file_that_is_not_utf_8_says_how_to_save_it(tiny: Shelf) -> None:
    (tiny.root / TEA).write_bytes(tiny.read(TEA).encode("gbk"))

    (problem,) = check_catalog(tiny.root)

    assert (problem.file, problem.key, problem.message) == (TEA, "", "不是 UTF-8 编码，读不出来")


def test_the_mark_that_notepad_leaves_is_no_mistake(tiny: Shelf) -> None:
    (tiny.root / TEA).write_bytes(b"\xef\xbb\xbf" + tiny.read(TEA).encode())

    assert check_catalog(tiny.root) == ()


def test_a_file_in_the_wrong_place_is_not_passed_over(tiny: Shelf) -> None:
    tiny.move(TEA, "programmes/tea.toml")

    problems = check_catalog(tiny.root)

    assert ("programmes/tea.toml", "这个位置的文件不会被读") in [(item.file, item.message) for item in problems]


def test_roles_are_another_rooms_file(tiny: Shelf) -> None:
    tiny.write("roles.toml", "not even = [toml")

    assert check_catalog(tiny.root) == ()


def test_no_folder_is_a_problem_not_an_empty_catalogue(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path / "nowhere")

    assert problem.message == "找不到工作目录"


def test_problems_can_be_written_as_json(tiny: Shelf) -> None:
    tiny.edit(TEA, "order = 2", 'order = "2"')

    (problem,) = check_catalog(tiny.root)

    assert json.loads(json.dumps(problem.as_json(), ensure_ascii=False)) == {
        "file": TEA,
        "key": "order",
        "message": "这里要写整数",
        "mend": "只写数字，不加引号和小数点",
        "line": 0,
        "place": "shipped",
    }


@pytest.mark.parametrize("file", [TEA, "indicators/duties.toml"])
def test_no_line_however_mangled_breaks_the_checking_itself(tiny: Shelf, file: str) -> None:
    text = tiny.read(file)
    lines = text.split("\n")
    for number, line in enumerate(lines):
        key = line.split("=")[0]
        for instead in ([], [f"{key}= nan"]):
            tiny.write(file, "\n".join([*lines[:number], *instead, *lines[number + 1 :]]))
            assert isinstance(check_catalog(tiny.root), tuple)


# —— the running installation ——


def test_the_running_catalogue_is_read_once(tiny: Shelf, county: Shelf, settings: Any) -> None:
    settings.CATALOG_DIR, settings.OVERLAY_DIR = tiny.root, county.root

    first = catalog()
    tiny.edit(TEA, "上门喝茶", "上门喝新茶")

    assert catalog() is first
    forget_catalog()
    assert catalog().programme("tea").name == "上门喝新茶"


def test_files_that_say_something_else_since_make_the_running_catalogue_outdated(
    tiny: Shelf, county: Shelf, settings: Any
) -> None:
    settings.CATALOG_DIR, settings.OVERLAY_DIR = settings.CATALOG_SOURCES = tiny.root, county.root
    forget_catalog()
    catalog()

    (tiny.root / TEA).touch()
    assert not is_outdated()
    tiny.edit(TEA, "上门喝茶", "上门喝新茶")
    assert is_outdated()
    tiny.edit(TEA, "上门喝新茶", "上门喝茶")
    assert not is_outdated()
    county.write(TEA, "not even = TOML =")
    assert is_outdated()


def test_a_missing_overlay_folder_is_no_overlay(tiny: Shelf, settings: Any, tmp_path: Path) -> None:
    settings.CATALOG_DIR, settings.OVERLAY_DIR = tiny.root, tmp_path / "none"

    assert catalog().programme("tea").version == 1


def test_a_broken_overlay_stops_the_start_with_all_errors(tiny: Shelf, county: Shelf, settings: Any) -> None:
    settings.CATALOG_DIR, settings.OVERLAY_DIR = tiny.root, county.root
    county.write(TEA, 'code = "tea"\nextends = true\nsource = "本县"\nshrot = "茶"\norder = "1"\n')

    with pytest.raises(CatalogErrors) as raised:
        catalog()

    assert [(item.place, item.file, item.key) for item in raised.value.problems] == [
        ("overlay", TEA, "order"),
        ("overlay", TEA, "shrot"),
    ]
    assert f"本县目录 {TEA} · shrot：没有“shrot”这个键。是不是想写“short”。" in str(raised.value)
