"""A county's own folder over the shipped catalogue: it adds, renames, retires and replaces; it never recounts."""

from __future__ import annotations

import datetime as dt

from lianxin.catalog.load import check_catalog, load_catalog
from tests.catalog.shelf import Shelf

TEA = "programmes/duties/tea.toml"
EXTENDS = 'code = "tea"\nextends = true\nsource = "本县 2021 年通知"\n'


def told(tiny: Shelf, county: Shelf) -> list[tuple[str, str, str]]:
    return [(item.place, item.file, item.key) for item in check_catalog(tiny.root, county.root)]


def test_a_county_adds_a_field_in_one_small_file(tiny: Shelf, county: Shelf) -> None:
    county.write(TEA, EXTENDS + '\n[[field]]\ncode = "cups"\nname = "喝了几杯"\ntype = "number"\n')

    tea = load_catalog(tiny.root, county.root).programme("tea")

    assert [field.code for field in tea.fields] == ["leaf", "cups"]
    assert tea.field("cups").source == "本县 2021 年通知"
    assert (tea.version, tea.name) == (1, "上门喝茶")


def test_a_county_adds_a_programme_in_one_file(tiny: Shelf, county: Shelf) -> None:
    county.write(
        "programmes/care/soup.toml",
        """
code = "soup"
version = 1
name = "送一碗汤"
short = "送汤"
kind = "visit"
chapter = "care"
source = "本县"
subjects = ["household"]

[[fact]]
measure = "visit.done"
tags = ["purpose", "subject", "mode"]

[[sample]]
values = { mode = "door" }
sums = { "visit.done" = 1 }
""",
    )

    shelf = load_catalog(tiny.root, county.root)

    assert [programme.code for programme in shelf.of_kind("visit")] == ["tea", "soup"]
    assert shelf.programme("soup").seeds == ()


def test_a_countys_programme_that_drops_a_dimension_is_told_where_it_stands(tiny: Shelf, county: Shelf) -> None:
    soup = tiny.read(TEA).replace('"tea"', '"soup"').replace('"subject", "mode"', '"subject"')
    county.write("programmes/duties/soup.toml", soup)

    assert told(tiny, county) == [("overlay", "programmes/duties/soup.toml", "fact[1].tags")]


def test_a_county_renames_moves_and_retires(tiny: Shelf, county: Shelf) -> None:
    said = 'name = "进门喝茶"\nshort = "进门"\nhelp = "坐下来。"\nuntil = 2022-01-01\norder = 0\n'
    county.write(TEA, EXTENDS + said)

    tea = load_catalog(tiny.root, county.root).programme("tea")

    assert (tea.name, tea.short, tea.help, tea.order) == ("进门喝茶", "进门", "坐下来。", 0)
    assert tea.is_open_on(dt.date(2021, 12, 31)) is True
    assert tea.is_open_on(dt.date(2022, 1, 1)) is False


def test_a_county_adds_reasons_and_options(tiny: Shelf, county: Shelf) -> None:
    added = """
[[reason]]
code = "snow"
name = "下雪天"
short = "下雪"

[[option]]
field = "leaf"
code = "white"
name = "白茶"
"""
    county.write(TEA, EXTENDS + added)

    tea = load_catalog(tiny.root, county.root).programme("tea")

    assert [(reason.code, reason.source) for reason in tea.reasons][2:] == [("snow", "本县 2021 年通知")]
    assert [option.code for option in tea.field("leaf").options] == ["green", "red", "white"]
    assert tea.field("leaf").options[2].source == "本县 2021 年通知"


def test_a_county_may_count_its_own_reason(tiny: Shelf, county: Shelf) -> None:
    county.write(TEA, EXTENDS + '[[reason]]\ncode = "snow"\nname = "下雪天"\nshort = "下雪"\n')
    county.write(
        "indicators/ours.toml",
        'chapter = "duties"\n[[indicator]]\ncode = "tea.snow"\nname = "雪天喝茶"\nunit = "户次"\nfold = "flow"\n'
        'measure = "visit.done"\nwhere = { reason = ["tea/snow"] }\nnote = "雪天去的。"\n',
    )

    assert load_catalog(tiny.root, county.root).indicator("tea.snow").where == (("reason", ("tea/snow",)),)


def test_additions_reach_older_versions_and_names_only_the_newest(tiny: Shelf, county: Shelf) -> None:
    tiny.move(TEA, "programmes/duties/tea.v1.toml")
    tiny.write(TEA, tiny.read("programmes/duties/tea.v1.toml").replace("version = 1", "version = 2"))
    county.write(TEA, EXTENDS + 'name = "进门喝茶"\n[[field]]\ncode = "cups"\nname = "几杯"\ntype = "number"\n')

    shelf = load_catalog(tiny.root, county.root)

    assert [field.code for field in shelf.programme("tea", 1).fields] == ["leaf", "cups"]
    assert [shelf.programme("tea", number).name for number in (1, 2)] == ["上门喝茶", "进门喝茶"]


def test_a_complete_file_of_a_higher_version_replaces_and_the_shipped_one_stays_findable(
    tiny: Shelf, county: Shelf
) -> None:
    county.write(TEA, tiny.read(TEA).replace("version = 1", "version = 2").replace("上门喝茶", "按本县规矩喝茶"))

    shelf = load_catalog(tiny.root, county.root)

    assert shelf.programme("tea").name == "按本县规矩喝茶"
    assert shelf.programme("tea", 1).name == "上门喝茶"


def test_a_complete_file_of_the_same_version_must_say_what_it_wants(tiny: Shelf, county: Shelf) -> None:
    county.write(TEA, tiny.read(TEA))

    (problem,) = check_catalog(tiny.root, county.root)

    assert (problem.place, problem.file, problem.key) == ("overlay", TEA, "version")
    assert problem.mend == "只是增补就写 extends = true；要整个替换就写 version = 2"


def test_an_extension_of_nothing_is_told(tiny: Shelf, county: Shelf) -> None:
    county.write("programmes/duties/tee.toml", EXTENDS.replace('"tea"', '"tee"'))

    (problem,) = check_catalog(tiny.root, county.root)

    assert (problem.file, problem.key, problem.mend) == ("programmes/duties/tee.toml", "code", "是不是想写“tea”")


def test_an_extension_is_called_as_what_it_extends(tiny: Shelf, county: Shelf) -> None:
    county.write("programmes/duties/ours.toml", EXTENDS)

    (problem,) = check_catalog(tiny.root, county.root)

    assert (problem.key, problem.mend) == ("code", "文件改名为 tea.toml")


def test_an_extension_of_a_broken_file_is_not_told_as_well(tiny: Shelf, county: Shelf) -> None:
    tiny.append(TEA, "???")
    county.write(TEA, EXTENDS)

    assert told(tiny, county) == [("shipped", TEA, "")]


def test_entries_that_extend_nothing_are_told(tiny: Shelf, county: Shelf) -> None:
    county.write(
        "indicators/duties.toml",
        'chapter = "duties"\n[[indicator]]\ncode = "tea.tims"\nextends = true\nname = "吃茶"\n',
    )
    county.write("chapters.toml", '[[chapter]]\ncode = "cure"\nextends = true\nname = "暖心"\n')
    county.write(
        "measures.toml",
        '[[tag]]\ncode = "moed"\nowner = "visit"\nextends = true\nsource = "本县"\n'
        'options = [{ code = "video", name = "视频" }]\n',
    )

    problems = check_catalog(tiny.root, county.root)

    assert [(item.file, item.key, item.mend) for item in problems] == [
        ("chapters.toml", "chapter[1].code", "是不是想写“care”"),
        ("indicators/duties.toml", "indicator[1].code", "是不是想写“tea.times”"),
        ("measures.toml", "tag[1].code", "是不是想写“mode”"),
    ]


def test_what_an_older_version_has_already_is_no_mistake(tiny: Shelf, county: Shelf) -> None:
    first = tiny.read(TEA)
    tiny.write("programmes/duties/tea.v1.toml", first)
    festival = '[[reason]]\ncode = "festival"\nname = "过节"\nshort = "过节"\nsource = "村里的规矩"\n\n'
    tiny.write(TEA, first.replace("version = 1", "version = 2").replace(festival, ""))
    county.write(TEA, EXTENDS + '[[reason]]\ncode = "festival"\nname = "又过节"\nshort = "又过节"\n')

    shelf = load_catalog(tiny.root, county.root)

    assert [shelf.programme("tea", number).reason("festival").name for number in (1, 2)] == ["过节", "又过节"]


def test_what_a_county_does_not_say_stays(tiny: Shelf, county: Shelf) -> None:
    county.write(
        "indicators/duties.toml",
        'chapter = "duties"\n[[indicator]]\ncode = "tea.times"\nextends = true\nnote = "一次一次数。"\n'
        '[[indicator]]\ncode = "tea.often"\nextends = true\nname = "次数每户"\n',
    )

    shelf = load_catalog(tiny.root, county.root)

    assert (shelf.indicator("tea.times").name, shelf.indicator("tea.times").note) == ("喝茶", "一次一次数。")
    assert (shelf.indicator("tea.often").name, shelf.indicator("tea.often").note) == ("次数每户", "户次除以户。")


def test_extensions_stand_only_in_the_countys_folder(tiny: Shelf, county: Shelf) -> None:
    tiny.write("programmes/care/tea.toml", EXTENDS)

    assert told(tiny, county) == [("shipped", "programmes/care/tea.toml", "extends")]


def test_two_extensions_of_one_programme_are_two_owners(tiny: Shelf, county: Shelf) -> None:
    county.write(TEA, EXTENDS)
    county.write("programmes/care/tea.toml", EXTENDS)

    assert told(tiny, county) == [("overlay", TEA, "code")]


def test_extends_false_is_no_extension(tiny: Shelf, county: Shelf) -> None:
    county.write(TEA, EXTENDS.replace("true", "false"))

    assert ("overlay", TEA, "extends") in told(tiny, county)


def test_an_extension_may_not_recount(tiny: Shelf, county: Shelf) -> None:
    county.write(TEA, EXTENDS + '[[fact]]\nmeasure = "visit.people"\ntags = []\n')

    (problem,) = check_catalog(tiny.root, county.root)

    assert (problem.key, problem.message) == ("fact", "没有“fact”这个键")


def test_what_is_there_already_cannot_be_added(tiny: Shelf, county: Shelf) -> None:
    added = """
[[reason]]
code = "rain"
name = "又下雨"
short = "又雨"

[[field]]
code = "leaf"
name = "什么茶"
type = "line"

[[option]]
field = "leaf"
code = "red"
name = "红茶"

[[option]]
field = "leef"
code = "white"
name = "白茶"
"""
    county.write(TEA, EXTENDS + added)

    assert told(tiny, county) == [
        ("overlay", TEA, "field[1].code"),
        ("overlay", TEA, "option[1].code"),
        ("overlay", TEA, "option[2].field"),
        ("overlay", TEA, "reason[1].code"),
    ]


def test_an_extension_keeps_to_its_kind(tiny: Shelf, county: Shelf) -> None:
    county.write(TEA, EXTENDS + '[[category]]\ncode = "near"\nname = "近处"\n')

    assert told(tiny, county) == [("overlay", TEA, "category")]


def test_what_an_extension_writes_twice_is_told_once(tiny: Shelf, county: Shelf) -> None:
    snow = '[[reason]]\ncode = "snow"\nname = "下雪天"\nshort = "下雪"\n'
    county.write(TEA, EXTENDS + snow + snow)

    assert told(tiny, county) == [("overlay", TEA, "reason[2].code")]


def test_options_go_to_choices_only(tiny: Shelf, county: Shelf) -> None:
    tiny.edit(TEA, "[[fact]]", '[[field]]\ncode = "cups"\nname = "几杯"\ntype = "number"\n\n[[fact]]')
    county.write(TEA, EXTENDS + '[[option]]\nfield = "cups"\ncode = "three"\nname = "三杯"\n')

    (problem,) = check_catalog(tiny.root, county.root)

    assert (problem.key, problem.mend) == ("option[1].field", "可以添选项的字段：leaf")


def test_without_choices_there_is_no_option_to_add(tiny: Shelf, county: Shelf) -> None:
    tiny.edit(TEA, 'type = "choice"\n', 'type = "line"\n')
    tiny.edit(TEA, tiny.read(TEA).split('type = "line"\n')[1].split("\n")[0], "")
    county.write(TEA, EXTENDS + '[[option]]\nfield = "leaf"\ncode = "white"\nname = "白茶"\n')

    (problem,) = check_catalog(tiny.root, county.root)

    assert problem.mend == "这项工作没有选择题，删去这一段"


def test_a_county_retires_no_earlier_than_it_began(tiny: Shelf, county: Shelf) -> None:
    county.write(TEA, EXTENDS + "until = 2020-06-01\n")

    assert told(tiny, county) == [("overlay", TEA, "until")]


def test_a_county_has_its_own_words_for_figures_chapters_and_tags(tiny: Shelf, county: Shelf) -> None:
    county.write(
        "indicators/duties.toml",
        'chapter = "duties"\n[[indicator]]\ncode = "tea.times"\nextends = true\nname = "吃茶"\naka = ["吃茶次数"]\n',
    )
    county.write("chapters.toml", '[[chapter]]\ncode = "care"\nextends = true\nname = "暖心"\n')
    county.write(
        "measures.toml",
        '[[tag]]\ncode = "mode"\nowner = "visit"\nextends = true\nsource = "本县"\n'
        'options = [{ code = "video", name = "视频" }]\n',
    )

    shelf = load_catalog(tiny.root, county.root)

    assert (shelf.indicator("tea.times").name, shelf.indicator("tea.times").aka) == ("吃茶", ("吃茶次数",))
    assert shelf.indicator("tea.times").where == (("reason", ("tea/rain",)),)
    assert shelf.chapters["care"].name == "暖心"
    assert [(option.code, option.source) for option in shelf.options("visit", "mode")][2:] == [("video", "本县")]


def test_a_nickname_that_is_taken_is_told(tiny: Shelf, county: Shelf) -> None:
    county.write(
        "indicators/ours.toml",
        'chapter = "duties"\n[[indicator]]\ncode = "tea.times"\nextends = true\naka = ["喝茶户"]\n',
    )

    assert told(tiny, county) == [("overlay", "indicators/ours.toml", "indicator[1].aka[1]")]


def test_only_listed_dimensions_grow(tiny: Shelf, county: Shelf) -> None:
    county.write(
        "measures.toml",
        '[[tag]]\ncode = "reason"\nowner = "visit"\nextends = true\nsource = "本县"\n'
        'options = [{ code = "a", name = "甲" }]\n'
        '[[tag]]\ncode = "mode"\nowner = "visit"\nextends = true\nsource = "本县"\n'
        'options = [{ code = "door", name = "又上门" }]\n',
    )

    assert [key for _, _, key in told(tiny, county)] == ["tag[1].options", "tag[2].options[1].code"]


def test_a_county_cannot_invent_a_measure(tiny: Shelf, county: Shelf) -> None:
    measure = tiny.read("measures.toml").split("[[measure]]")[1].replace("visit.done", "visit.slow")
    county.write("measures.toml", f"[[measure]]{measure}")

    assert told(tiny, county) == [("overlay", "measures.toml", "measure[1]")]


def test_a_county_cannot_change_roles_here(tiny: Shelf, county: Shelf) -> None:
    county.write("roles.toml", "")

    (problem,) = check_catalog(tiny.root, county.root)

    assert (problem.place, problem.file, problem.mend) == (
        "overlay",
        "roles.toml",
        "岗位权限不能由本县目录改，请删去这个文件",
    )
