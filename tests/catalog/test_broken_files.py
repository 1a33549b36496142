"""One slip at a time in a sound catalogue: exactly that slip is told, at its file and key, with words that mend it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from lianxin.catalog.load import check_catalog, load_catalog
from lianxin.catalog.problems import CatalogErrors
from tests.catalog.shelf import Shelf

TEA = "programmes/duties/tea.toml"
BOOK = "programmes/care/book.toml"
FIGURES = "indicators/duties.toml"
MEASURES = "measures.toml"
REPORT = "reports/year.toml"


@dataclass(frozen=True)
class Slip:
    """Replacing `old` by `new` in `file` must be told at `key` (in `at`, where that is another file)."""

    name: str
    file: str
    old: str
    new: str
    key: str
    message: str
    mend: str
    at: str = ""
    line: int = 0


SLIPS = [
    # TOML itself
    Slip("no equals sign", TEA, "version = 1", "version 1", "", "键的后面缺等号", "写成 键 = 值", line=2),
    Slip("bare text", TEA, 'name = "上门喝茶"', "name = 上门喝茶", "", "值写得不对", "英文引号", line=3),
    Slip("open quote", TEA, 'short = "喝茶"', 'short = "喝茶', "", "文字少了后半个引号", "在文字末尾补上", line=4),
    Slip("key twice", TEA, "version = 1", "version = 1\nversion = 2", "", "同一个键写了两遍", "只留一个", line=3),
    Slip("open bracket", TEA, '"household"]', '"household"', "", "方括号没有配对", "补上 ] 或逗号", line=13),
    Slip("comma left out", TEA, '"reason", "subject"', '"reason" "subject"', "", "少了逗号", "补上 ] 或逗号", line=32),
    Slip("open brace", TEA, "people = 2 }", "people = 2", "", "花括号里写得不对", "{ 键 = 值, 键 = 值 }", line=40),
    Slip("single bracket", TEA, "[[fact]]", "[fact]", "", "同一个键写了两遍", "只留一个", line=34),
    Slip("Chinese key", TEA, "version = 1", "版本 = 1", "", "这一行读不懂", "键用英文字母", line=2),
    Slip("day that is none", TEA, "2021-01-01", "2021-02-30", "", "没有这一天", "核对月和日", line=9),
    # structure
    Slip("typing slip in a key", TEA, "short = ", "shrot = ", "shrot", "没有“shrot”这个键", "是不是想写“short”"),
    Slip(
        "unknown key deep down",
        TEA,
        'short = "过节"',
        'short = "过节"\ncolour = "red"',
        "reason[2].colour",
        "没有“colour”这个键",
        "可以写：",
    ),
    Slip(
        "computing key",
        FIGURES,
        "tally = true",
        'tally = true\nformula = "a+b"',
        "indicator[1].formula",
        "没有“formula”这个键",
        "可以写：",
    ),
    Slip(
        "missing key",
        TEA,
        'source = "出厂默认（示例），待县妇联确认"\n',
        "",
        "source",
        "缺少“source”",
        "出厂默认要写明",
    ),
    Slip(
        "missing key deep down",
        TEA,
        'measure = "visit.people"\n',
        "",
        "fact[2].measure",
        "缺少“measure”",
        "measures.toml 里的代号",
    ),
    Slip("number in quotes", TEA, "order = 2", 'order = "2"', "order", "这里要写整数", "不加引号"),
    Slip("number with a point", TEA, "order = 2", "order = 2.5", "order", "这里要写整数", "不加引号和小数点"),
    Slip("date in quotes", TEA, "2021-01-01", '"2021-01-01"', "since", "这里要写日期", "写成 2021-01-01，不加引号"),
    Slip("date with an hour", TEA, "2021-01-01", "2021-01-01T08:00:00", "since", "这里要写日期", "写成 2021-01-01"),
    Slip("date for text", TEA, 'name = "上门喝茶"', "name = 2021-01-01", "name", "这里要写文字", "引号"),
    Slip(
        "true in quotes", FIGURES, "tally = true", 'tally = "true"', "indicator[1].tally", "这里要写是或否", "不加引号"
    ),
    Slip(
        "one for many", TEA, 'subjects = ["household"]', 'subjects = "household"', "subjects", "这里要写一列", "方括号"
    ),
    Slip(
        "table for text", TEA, 'source = "村里的规矩"', "source = { a = 1 }", "reason[2].source", "这里要写文字", "引号"
    ),
    Slip("empty list", TEA, 'subjects = ["household"]', "subjects = []", "subjects", "是空的", "写上内容"),
    Slip("empty text", TEA, 'name = "过节"', 'name = ""', "reason[2].name", "是空的", "写上内容"),
    Slip("same value twice", TEA, '["household"]', '["household", "household"]', "subjects", "有重复的值", "只留一个"),
    Slip(
        "chip too long",
        TEA,
        'short = "下雨"',
        'short = "下雨天去喝茶吧"',
        "reason[1].short",
        "有 7 个字，太长",
        "最多写 6 个字",
    ),
    Slip(
        "code in capitals",
        TEA,
        'code = "rain"',
        'code = "Rain Day"',
        "reason[1].code",
        "“Rain Day”写法不对",
        "小写字母",
    ),
    Slip("version nought", TEA, "version = 1", "version = 0", "version", "0 太小", "写 1 或更大的整数"),
    Slip("version below nought", TEA, "version = 1", "version = -1", "version", "-1 太小", "写 1 或更大的整数"),
    Slip("version true", TEA, "version = 1", "version = true", "version", "这里要写整数", "只写数字"),
    Slip("unknown kind", TEA, 'kind = "visit"', 'kind = "vist"', "kind", "不认识“vist”", "是不是想写“visit”"),
    Slip("unknown seal", TEA, "order = 2", 'seal = "secret"', "seal", "不认识“secret”", "可以写：open、staff、team"),
    Slip(
        "unknown type of field",
        TEA,
        'type = "choice"',
        'type = "chioce"',
        "field[1].type",
        "不认识“chioce”",
        "是不是想写“choice”",
    ),
    Slip(
        "unknown fold",
        FIGURES,
        'fold = "flow"',
        'fold = "floww"',
        "indicator[2].fold",
        "不认识“floww”",
        "是不是想写“flow”",
    ),
    Slip("seed of two digits", TEA, '"S001"', '"S01"', "seeds[1]", "“S01”写法不对", "写 S 加三位数字"),
    Slip("number for a choice", TEA, 'kind = "visit"', "kind = 3", "kind", "这里要写文字", "可以写：visit、listing"),
    # what names what
    Slip("unknown seed", TEA, '"S001"', '"S003"', "seeds[1]", "种子表里没有“S003”", "是不是想写“S00"),
    Slip(
        "unknown chapter",
        TEA,
        'chapter = "duties"',
        'chapter = "dutys"',
        "chapter",
        "没有“dutys”这一章",
        "是不是想写“duties”",
    ),
    Slip(
        "chapter of another folder",
        TEA,
        'chapter = "duties"',
        'chapter = "care"',
        "chapter",
        "文件放在 duties 里",
        "programmes/care/",
    ),
    Slip(
        "unknown chapter of figures",
        FIGURES,
        'chapter = "duties"',
        'chapter = "dutys"',
        "chapter",
        "没有“dutys”这一章",
        "duties",
    ),
    Slip(
        "unknown measure",
        TEA,
        '"visit.people"\ntags',
        '"visit.peple"\ntags',
        "fact[2].measure",
        "没有“visit.peple”这一笔",
        "是不是想写“visit.people”",
    ),
    Slip(
        "measure of another kind",
        BOOK,
        '"listing.standing"\ntags',
        '"visit.done"\ntags',
        "fact[1].measure",
        "归 visit 记",
        "listing 能记的：listing.standing",
    ),
    Slip(
        "unknown tag",
        TEA,
        '"subject", "mode"',
        '"subject", "mood"',
        "fact[1].tags[4]",
        "没有“mood”这个维度",
        "是不是想写“mode”",
    ),
    Slip(
        "unknown subject",
        TEA,
        '["household"]',
        '["houshold"]',
        "subjects[1]",
        "不认识“houshold”",
        "是不是想写“household”",
    ),
    Slip(
        "a measure counted twice",
        TEA,
        "[[sample]]\nsays",
        '[[fact]]\nmeasure = "visit.people"\ntags = ["purpose"]\n\n[[sample]]\nsays',
        "fact[3].measure",
        "“visit.people”写了两遍，fact[2] 已经有了",
        "只留一处",
    ),
    Slip(
        "reason twice",
        TEA,
        'code = "festival"',
        'code = "rain"',
        "reason[2].code",
        "“rain”写了两遍，reason[1] 已经有了",
        "换一个代号",
    ),
    Slip(
        "option twice",
        TEA,
        'code = "red"',
        'code = "green"',
        "field[1].options[2].code",
        "“green”写了两遍",
        "换一个代号",
    ),
    Slip(
        "choice without options",
        TEA,
        'options = [{ code = "green", name = "绿茶" }, { code = "red", name = "红茶", source = "隔壁村" }]',
        "",
        "field[1].options",
        "选择题没有选项",
        "补上 options",
    ),
    Slip(
        "options without choice",
        TEA,
        'type = "choice"',
        'type = "line"',
        "field[1].options",
        "“line”用不着选项",
        "type 改成 choice",
    ),
    Slip(
        "ends before it begins",
        TEA,
        "since = 2021-01-01",
        "since = 2021-01-01\nuntil = 2020-12-31",
        "until",
        "结束（2020-12-31）不晚于开始（2021-01-01）",
        "要比 since 晚",
    ),
    Slip("before the republic", TEA, "2021-01-01", "1948-01-01", "since", "1948-01-01 太早", "1949 年以后"),
    Slip(
        "categories on a visit",
        TEA,
        "[[fact]]",
        '[[category]]\ncode = "near"\nname = "近处"\n\n[[fact]]',
        "category",
        "visit 一类的工作用不着“category”",
        "删去这一段",
    ),
    Slip(
        "reasons on a list",
        BOOK,
        "[[fact]]",
        '[[reason]]\ncode = "near"\nname = "近处"\nshort = "近"\n\n[[fact]]',
        "reason",
        "listing 一类的工作用不着“reason”",
        "删去这一段",
    ),
    # samples
    Slip(
        "sample of something else",
        TEA,
        'mode = "phone"',
        'moed = "phone"',
        "sample[2].values.moed",
        "visit 的记录里没有“moed”",
        "是不是想写“mode”",
    ),
    Slip(
        "sample sums what is not posted",
        TEA,
        '"visit.people" = 2',
        '"visit.people" = 2, "visit.poeple" = 2',
        "sample[1].sums.visit.poeple",
        "这项工作没有记这一笔",
        "是不是想写“visit.people”",
    ),
    Slip(
        "sample finer than a fen",
        TEA,
        '"visit.people" = 2',
        '"visit.people" = 2.005',
        "sample[1].sums.visit.people",
        "2.005 不是记得进账的数",
        "两位小数",
    ),
    Slip(
        "fact without sample",
        TEA,
        ', "visit.people" = 2',
        "",
        "fact[2].measure",
        "“visit.people”没有一个例子",
        '"visit.people" = 数',
    ),
    Slip(
        "bare date in a sample",
        BOOK,
        '"2021-03-05"',
        "2021-03-05",
        "sample[1].values.on_day",
        "示例里的日期是表单里的文字",
        "加上英文引号",
    ),
    Slip(
        "bare date inside a list",
        TEA,
        "people = 2 }",
        "people = 2, difficulties = [{ found_on = 2021-03-05 }] }",
        "sample[1].values.difficulties",
        "示例里的日期是表单里的文字",
        "加上英文引号",
    ),
    Slip(
        "bare hour in a sample",
        TEA,
        "people = 2 }",
        "people = 2, answers = { at = 08:30:00 } }",
        "sample[1].values.answers",
        "示例里的日期是表单里的文字",
        "加上英文引号",
    ),
    # measures and tags
    Slip(
        "two owners of one measure",
        MEASURES,
        'code = "visit.people"',
        'code = "visit.done"',
        "measure[2].code",
        "代号“visit.done”已经有主：measures.toml measure[1]",
        "换一个代号",
    ),
    Slip(
        "measure of an unknown subject",
        MEASURES,
        'subjects = ["household"]\nfolds = ["stock"]',
        'subjects = ["house"]\nfolds = ["stock"]',
        "measure[3].subjects[1]",
        "不认识“house”",
        "是不是想写“household”",
    ),
    Slip(
        "measure of another kind's tag",
        MEASURES,
        '["list", "category"]',
        '["list", "category", "mode"]',
        "measure[3].tags[3]",
        "listing 没有“mode”这个维度",
        "可以写：category、list",
    ),
    Slip(
        "tag without values",
        MEASURES,
        'options = [{ code = "door", name = "上门" }, { code = "phone", name = "电话" }]',
        "",
        "tag[4].options",
        "没有列出可取的值",
        "补上 options",
    ),
    Slip("tag without source", MEASURES, 'source = "示例"\n', "", "tag[4].source", "缺少“source”", "待县妇联确认"),
    Slip(
        "tag with idle values",
        MEASURES,
        'values = "reasons"',
        'values = "reasons"\noptions = [{ code = "a", name = "甲" }]',
        "tag[2].options",
        "值来自 reasons，这里列出的不起作用",
        "删去 options",
    ),
    Slip(
        "a listed value twice",
        MEASURES,
        'code = "phone"',
        'code = "door"',
        "tag[4].options[2].code",
        "“door”写了两遍",
        "只留一个",
    ),
    # indicators
    Slip(
        "two owners of one figure",
        FIGURES,
        'code = "tea.times"',
        'code = "tea.households"',
        "indicator[2].code",
        "代号“tea.households”已经有主：indicators/duties.toml indicator[1]",
        "换一个代号",
    ),
    Slip(
        "figure of an unknown measure",
        FIGURES,
        'fold = "flow"\nmeasure = "visit.done"',
        'fold = "flow"\nmeasure = "visit.dome"',
        "indicator[2].measure",
        "没有“visit.dome”这一笔",
        "是不是想写“visit.done”",
    ),
    Slip(
        "figure of nothing",
        FIGURES,
        'fold = "flow"\nmeasure = "visit.done"\nwhere = { reason = ["tea/rain"] }',
        'fold = "flow"',
        "indicator[2].measure",
        "缺少“measure”",
        "写明数哪一笔",
    ),
    Slip(
        "flow of a balance",
        FIGURES,
        'fold = "stock"',
        'fold = "flow"',
        "indicator[4].fold",
        "“listing.standing”不能按 flow 数",
        "可以写：stock",
    ),
    Slip(
        "wrong unit of a flow",
        FIGURES,
        'unit = "户次"',
        'unit = "户"',
        "indicator[2].unit",
        "“visit.done”的单位是户次，不是户",
        'unit = "户次"',
    ),
    Slip(
        "wrong unit of a distinct count",
        FIGURES,
        'unit = "户"\nfold = "distinct"',
        'unit = "户次"\nfold = "distinct"',
        "indicator[1].unit",
        "去重数出来的是户，不是户次",
        'unit = "户"',
    ),
    Slip(
        "distinct count of two sorts",
        FIGURES,
        'subject = ["household"], ',
        "",
        "indicator[1].where",
        "去重只能数一种，这里混着人、户",
        'subject = ["household"]',
    ),
    Slip(
        "unknown dimension",
        FIGURES,
        'mode = ["door"]',
        'mood = ["door"]',
        "indicator[1].where.mood",
        "“visit.done”没有“mood”这个维度",
        "是不是想写“mode”",
    ),
    Slip(
        "unknown listed value",
        FIGURES,
        'mode = ["door"]',
        'mode = ["dor"]',
        "indicator[1].where.mode",
        "“mode”没有“dor”这个值",
        "是不是想写“door”",
    ),
    Slip(
        "unknown reason",
        FIGURES,
        '"tea/rain"',
        '"tea/rian"',
        "indicator[2].where.reason",
        "“reason”没有“tea/rian”这个值",
        "是不是想写“tea/rain”",
    ),
    Slip(
        "unknown list",
        FIGURES,
        'list = ["book"]',
        'list = ["bok"]',
        "indicator[4].where.list",
        "“list”没有“bok”这个值",
        "是不是想写“book”",
    ),
    Slip(
        "unknown category",
        FIGURES,
        'category = ["near"]',
        'category = ["far"]',
        "indicator[4].where.category",
        "“category”没有“far”这个值",
        "可以写：near",
    ),
    Slip(
        "unknown subject in where",
        FIGURES,
        '["household"]',
        '["village"]',
        "indicator[1].where.subject",
        "“subject”没有“village”这个值",
        "可以写：household、person",
    ),
    Slip(
        "a comparison in where",
        FIGURES,
        'mode = ["door"]',
        'mode = "door"',
        "indicator[1].where.mode",
        "这里要写一列",
        "方括号",
    ),
    Slip(
        "unknown part of a ratio",
        FIGURES,
        'numerator = "tea.times"',
        'numerator = "tea.time"',
        "indicator[3].numerator",
        "没有“tea.time”这个指标",
        "是不是想写“tea.times”",
    ),
    Slip(
        "half a ratio",
        FIGURES,
        'denominator = "tea.households"\n',
        "",
        "indicator[3].denominator",
        "缺少“denominator”",
        "另一个指标的代号",
    ),
    Slip(
        "ratio in a wrong unit",
        FIGURES,
        '"户次/户"',
        '"%"',
        "indicator[3].unit",
        "户次除以户，单位不是%",
        'unit = "户次/户"',
    ),
    Slip(
        "ratio with a measure",
        FIGURES,
        'numerator = "tea.times"',
        'measure = "visit.done"\nnumerator = "tea.times"',
        "indicator[3].measure",
        "比率不写“measure”",
        "删去它",
    ),
    Slip(
        "numerator without ratio",
        FIGURES,
        'note = "一次算一次。"',
        'note = "一次算一次。"\nnumerator = "tea.households"',
        "indicator[2].numerator",
        "只有比率才写“numerator”",
        "删去它",
    ),
    Slip(
        "two figures of one name",
        FIGURES,
        'name = "喝茶"',
        'name = "喝过茶的家庭"',
        "indicator[2].name",
        "“喝过茶的家庭”已经是 tea.households 的叫法",
        "一个叫法只能指一个数",
    ),
    Slip(
        "one nickname for two figures",
        FIGURES,
        'note = "一次算一次。"',
        'note = "一次算一次。"\naka = ["饮茶", "喝茶户"]',
        "indicator[2].aka[2]",
        "“喝茶户”已经是 tea.households 的叫法",
        "换一个说法",
    ),
    Slip(
        "dimension that a programme drops",
        TEA,
        '"reason", "subject", "mode"]',
        '"reason", "subject"]',
        "fact[1].tags",
        "指标 tea.households 要按“mode”数",
        '添上 "mode"',
    ),
    Slip(
        "reason that a programme does not keep",
        TEA,
        '"purpose", "reason", ',
        '"purpose", ',
        "fact[1].tags",
        "指标 tea.times 要按“reason”数",
        '添上 "reason"',
    ),
    Slip(
        "list that is a visit",
        FIGURES,
        'list = ["book"]',
        'list = ["tea"]',
        "indicator[4].where.list",
        "“list”没有“tea”这个值",
        "可以写：book",
    ),
    # reports
    Slip(
        "unknown figure in a report",
        REPORT,
        "{book.standing}",
        "{book.standin}",
        "section[1].paragraphs[2]",
        "没有“book.standin”这个指标",
        "是不是想写“book.standing”",
    ),
    Slip(
        "open brace in a report",
        REPORT,
        "{book.standing}",
        "{book.standing",
        "section[1].paragraphs[2]",
        "花括号没有配对",
        "写成 {指标代号}",
    ),
    Slip(
        "figure in a title",
        REPORT,
        "{region}{period}总结",
        "{tea.times}总结",
        "title",
        "这里不能放“{tea.times}”",
        "只能用 {region} 和 {period}",
    ),
    Slip("part that no year has", REPORT, "@H1", "@H3", "section[1].paragraphs[1]", "“@H3”不是一年的一段", "写 @H1"),
    Slip(
        "part of a month",
        REPORT,
        '"year"\ntitle',
        '"month"\ntitle',
        "section[1].paragraphs[1]",
        "一个月的报告不能再分段",
        "{tea.times}",
    ),
    Slip(
        "words for nothing",
        REPORT,
        '"tea.households" =',
        '"book.standing" =',
        "none.book.standing",
        "没有哪句话拿它开头",
        "可以写：tea.households、tea.times@H1",
    ),
    Slip(
        "figure in words for nothing",
        REPORT,
        "{period}没有",
        "{tea.times}没有",
        "none.tea.households",
        "这里不能放“{tea.times}”",
        "{region}",
    ),
    Slip(
        "report of another name",
        REPORT,
        'code = "year"',
        'code = "month"',
        "code",
        "文件名和里面的代号对不上",
        "文件改名为 month.toml",
    ),
]


def test_the_tiny_catalogue_is_sound(tiny: Shelf) -> None:
    assert check_catalog(tiny.root) == ()


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_a_slip_is_told_where_it_is(tiny: Shelf, slip: Slip) -> None:
    tiny.edit(slip.file, slip.old, slip.new)

    problems = check_catalog(tiny.root)

    told = [problem for problem in problems if slip.message in problem.message]
    assert [(problem.file, problem.key, problem.line) for problem in told] == [
        (slip.at or slip.file, slip.key, slip.line)
    ]
    assert slip.mend in told[0].mend


QUIET = [
    slip
    for slip in SLIPS
    if slip.name
    not in {
        # These do two things wrong at once.
        "typing slip in a key",  # a key too many and a key too few
        "two owners of one measure",  # …and nobody owns visit.people any more
        "two owners of one figure",  # …and tea.often divides by itself
        "a measure counted twice",
        "measure of another kind",  # …and nothing posts listing.standing
        "wrong unit of a flow",  # …and the ratio over it has another unit too
        "wrong unit of a distinct count",
    }
]


@pytest.mark.parametrize("slip", QUIET, ids=lambda slip: slip.name)
def test_one_slip_is_told_once_and_raises_no_others(tiny: Shelf, slip: Slip) -> None:
    tiny.edit(slip.file, slip.old, slip.new)

    with pytest.raises(CatalogErrors) as raised:
        load_catalog(tiny.root)

    assert [(problem.file, problem.key) for problem in raised.value.problems] == [(slip.at or slip.file, slip.key)]


def ratio(code: str, numerator: str, denominator: str) -> str:
    return (
        f'\n[[indicator]]\ncode = "{code}"\nname = "{code}"\nunit = "%"\nfold = "ratio"\n'
        f'numerator = "{numerator}"\ndenominator = "{denominator}"\nnote = "比率。"\n'
    )


@pytest.mark.parametrize(
    ("ratios", "told"),
    [
        ([("r.a", "r.a", "r.a")], [("indicator[5].numerator", "r.a → r.a")]),
        ([("r.a", "r.b", "r.b"), ("r.b", "r.b", "r.a")], [("indicator[5].numerator", "r.a → r.b → r.a")]),
        (
            [("r.x", "r.a", "r.c"), ("r.a", "r.b", "r.b"), ("r.b", "r.c", "r.c"), ("r.c", "r.a", "r.a")],
            [("indicator[6].numerator", "r.a → r.b → r.c → r.a")],
        ),
        ([("r.a", "r.b", "r.b"), ("r.b", "r.c", "r.d"), ("r.c", "r.d", "r.d"), ("r.d", "tea.times", "tea.times")], []),
    ],
    ids=["itself", "two", "three beside an onlooker", "a diamond is no ring"],
)
def test_a_ring_of_ratios_is_told_once(
    tiny: Shelf, ratios: list[tuple[str, str, str]], told: list[tuple[str, str]]
) -> None:
    tiny.append(FIGURES, "".join(ratio(*entry) for entry in ratios))

    problems = check_catalog(tiny.root)

    assert [(problem.key, problem.message) for problem in problems] == [
        (key, f"比率绕成了圈：{ring}") for key, ring in told
    ]


def test_the_fact_that_drops_a_dimension_is_named_by_its_place(tiny: Shelf) -> None:
    tiny.edit(TEA, 'tags = ["purpose"]', "tags = []")
    tiny.append(
        FIGURES,
        '[[indicator]]\ncode = "tea.people"\nname = "喝茶的人"\nunit = "人次"\nfold = "flow"\n'
        'measure = "visit.people"\nwhere = { purpose = ["tea"] }\nnote = "见到的人。"\n',
    )

    (problem,) = check_catalog(tiny.root)

    assert (problem.file, problem.key) == (TEA, "fact[2].tags")


def test_a_measure_that_no_programme_posts_makes_a_figure_empty(tiny: Shelf) -> None:
    (tiny.root / BOOK).unlink()
    tiny.edit(FIGURES, 'where = { list = ["book"], category = ["near"] }\n', "")

    (problem,) = check_catalog(tiny.root)

    assert (problem.file, problem.key) == (FIGURES, "indicator[4].measure")
    assert problem.message == "没有一项工作记“listing.standing”"


def test_a_figure_of_a_programme_that_does_not_post_its_measure_is_told(tiny: Shelf) -> None:
    rice = tiny.read(TEA).replace('code = "tea"', 'code = "rice"')
    rice = rice.replace('[[fact]]\nmeasure = "visit.people"\ntags = ["purpose"]\n', "").replace(
        ', "visit.people" = 2', ""
    )
    tiny.write("programmes/duties/rice.toml", rice)
    tiny.append(
        FIGURES,
        '[[indicator]]\ncode = "tea.people"\nname = "喝茶的人"\nunit = "人次"\nfold = "flow"\n'
        'measure = "visit.people"\nwhere = { purpose = ["tea", "rice"] }\nnote = "见到的人。"\n',
    )

    (problem,) = check_catalog(tiny.root)

    assert (problem.file, problem.key) == (FIGURES, "indicator[5].where")
    assert problem.message == "“rice”不记“visit.people”，这个数永远是零"


def test_a_wrong_file_hides_no_mistake_elsewhere(tiny: Shelf) -> None:
    tiny.edit(MEASURES, 'name = "走访"', "name = 1")
    tiny.edit(FIGURES, 'measure = "listing.standing"', 'measure = "listing.standin"')

    problems = check_catalog(tiny.root)

    assert [(problem.file, problem.key) for problem in problems] == [
        (FIGURES, "indicator[4].measure"),
        (MEASURES, "measure[1].name"),
    ]


def test_a_text_that_never_ends_is_told_at_the_last_line(tiny: Shelf) -> None:
    tiny.write("chapters.toml", '[[chapter]]\ncode = "duties"\nname = """履职\norder = 1\n')

    problems = [problem for problem in check_catalog(tiny.root) if problem.file == "chapters.toml"]

    assert [(problem.line, problem.message) for problem in problems] == [(5, "文字少了后半个引号")]


EVERY_FILE = ["measures.toml", "chapters.toml", "seeds.toml", FIGURES, REPORT, TEA, BOOK]


@pytest.mark.parametrize("file", EVERY_FILE)
@pytest.mark.parametrize("slip", ["???", "surplus = 1"], ids=["unreadable", "wrong"])
def test_a_broken_file_is_told_once_though_others_lean_on_it(tiny: Shelf, file: str, slip: str) -> None:
    tiny.append(file, slip)

    problems = check_catalog(tiny.root)

    assert [problem.file for problem in problems] == [file]
