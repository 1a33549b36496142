"""Types of organisations as data: what is wrong with them is told, a county changes names, standards and coverage."""

from __future__ import annotations

import pytest

from lianxin.catalog.load import check_catalog, load_catalog
from tests.catalog.shelf import Shelf

NESTS = """
[[mode]]
code = "single"
name = "单建"
source = "测试"

[[field]]
code = "express"
name = "快递"
source = "测试"

[[type]]
code = "nest"
name = "鸟窝"
group = "home"
levels = ["town", "village"]
source = "测试"
counted_on = "nests"
category_from = "type"
covers = "town"

[type.standard]
name = "“两个一”"
source = "测试"
item = [{ code = "twig", name = "一根树枝" }, { code = "egg", name = "一个蛋" }]
"""
LIST = """
code = "nests"
version = 1
name = "鸟窝册"
short = "鸟窝"
kind = "listing"
chapter = "care"
source = "测试"
unit = "个"
subjects = ["organisation"]
category = [{ code = "nest", name = "鸟窝" }]
fact = [{ measure = "listing.standing", tags = ["list", "category"] }]
sample = [{ values = { category = "nest" }, sums = { "listing.standing" = 1 } }]
"""


@pytest.fixture
def nested(tiny: Shelf) -> Shelf:
    measures = tiny.read("measures.toml")
    if 'code = "organisation"' not in measures:
        tiny.append("measures.toml", '[[subject]]\ncode = "organisation"\nname = "组织"\nunit = "家"\n')
    if '"listing.standing"' not in measures:
        tiny.append("measures.toml", LISTING_MEASURE)
    tiny.write("programmes/care/nests.toml", LIST)
    tiny.write("organisations.toml", NESTS)
    return tiny


LISTING_MEASURE = """
[[tag]]
code = "list"
owner = "listing"
name = "册子"
values = "programmes"

[[tag]]
code = "category"
owner = "listing"
name = "类别"
values = "categories"

[[measure]]
code = "listing.standing"
name = "在册"
unit = "份"
owner = "listing"
subjects = ["organisation"]
folds = ["stock"]
tags = ["list", "category"]
source = "测试"
"""


def test_a_type_knows_its_list_its_standard_and_where_it_may_stand(nested: Shelf) -> None:
    assert check_catalog(nested.root) == ()

    nest = load_catalog(nested.root).organisation_type("nest")

    assert (nest.counted_on, nest.levels, nest.covers) == ("nests", ("town", "village"), "town")
    assert nest.standard
    assert [item.code for item in nest.standard.items] == ["twig", "egg"]


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ('counted_on = "nests"', 'counted_on = "nest"', "type[1].counted_on", "没有“nest”这本册子"),
        ('counted_on = "nests"\n', "", "type[1].category_from", "没有计入哪本册子"),
        ('category_from = "type"', 'category_from = "field"', "type[1].category_from", "没有问“四新”领域"),
        ('category_from = "type"', 'category_from = "level"', "type[1].category_from", "没有这几类：town、village"),
        ('covers = "town"', 'covers = "county"', "type[1].covers", "一个县不用问有没有全覆盖"),
        ('levels = ["town", "village"]', 'levels = ["village"]', "type[1].covers", "却要求每处都有"),
        ('code = "egg"', 'code = "twig"', "type[1].standard.item[2].code", "“twig”写了两遍"),
        ('covers = "town"', 'covers = "town"\nled_by = ["tree"]', "type[1].led_by[1]", "没有“tree”这个类型"),
        ('group = "home"', 'group = "hole"', "type[1].group", "不认识“hole”"),
    ],
)
def test_a_wrong_type_is_told_with_key_and_mend(nested: Shelf, old: str, new: str, key: str, said: str) -> None:
    nested.edit("organisations.toml", old, new)

    problems = check_catalog(nested.root)

    assert [(each.file, each.key) for each in problems] == [("organisations.toml", key)]
    assert said in problems[0].message
    assert problems[0].mend


def test_a_county_renames_a_type_brings_its_own_standard_and_adds_types(nested: Shelf, county: Shelf) -> None:
    county.write(
        "organisations.toml",
        """
[[type]]
code = "nest"
extends = true
source = "本县 2022 年通知"
name = "鸟巢"
covers = "village"

[type.standard]
name = "“三个一”"
source = "本县 2022 年通知"
item = [{ code = "roof", name = "一个顶" }]

[[type]]
code = "burrow"
name = "地洞"
group = "home"
levels = ["village"]
source = "本县"
""",
    )

    types = load_catalog(nested.root, county.root).organisation_types

    assert (types["nest"].name, types["nest"].covers, types["nest"].counted_on) == ("鸟巢", "village", "nests")
    assert types["nest"].standard
    assert [item.name for item in types["nest"].standard.items] == ["一个顶"]
    assert list(types) == ["nest", "burrow"]


@pytest.mark.parametrize(("unit", "wrong"), [("个", []), ("户", ["indicator[1].unit"])])
def test_a_figure_may_take_the_unit_of_its_list(nested: Shelf, unit: str, wrong: list[str]) -> None:
    figure = f"""
[[indicator]]
code = "nests"
name = "鸟窝有几个"
unit = "{unit}"
fold = "stock"
measure = "listing.standing"
where = {{ list = ["nests"] }}
note = "测试"
"""
    nested.write("indicators/nests.toml", 'chapter = "care"\n' + figure)

    assert [each.key for each in check_catalog(nested.root)] == wrong
