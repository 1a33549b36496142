"""Invented content (示例) for every component: people, visits, figures that nobody real stands behind."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from lianxin.base.errors import Problem, Problems
from lianxin.ui.charts import Bars, Place, Places, Running, bars, places, running
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.parts import Cell, Chip, Column, Crumb, Event, Figure, Known, Line, Pages, Paper, Row, Table, Todo

MONTHS = tuple(f"{month}月" for month in range(1, 13))
THIS = (3120, 2460, 1980, 1540, 1870, 1660, 1420, 1310, 2050, 1780, 1940, 2214)
LAST = (1050, 520, 1390, 1620, 1710, 1690, 1480, 1240, 1830, 1760, 1980, 2260)
THIS_SUM = (3120, 4890, 6240, 7205, 8370, 9412, 10260, 11020, 12540, 13690, 15060, 16704)
LAST_SUM = (1050, 1420, 2610, 3980, 5310, 6720, 7840, 8760, 10280, 11760, 13470, 15212)
TOWNS = (
    ("建设街道", 716, 655, 700),
    ("解放街道", 842, 811, 850),
    ("南湖街道", 1204, 1102, 1150),
    ("城南街道", 727, 498, 600),
    ("七星街道", 1096, 987, 1050),
    ("凤桥镇", 1982, 1788, 1900),
    ("余新镇", 1864, 1801, 1900),
    ("新丰镇", 2047, 1853, 1950),
    ("大桥镇", 2213, 2065, 2050),
)
FIGURES = (
    Figure(label="走访家庭", value=16704, unit="户", href="#rows", note="同一户全年只算一次", last=15212, target=16000),
    Figure(label="解决困难", value=330, unit="项", href="#rows", note="找到 401 项，71 项在办", last=291, target=340),
    Figure(
        label="慰问金",
        value=Decimal("69600.00"),
        unit="元",
        href="#rows",
        note="按送到手的日子算",
        last=74000,
        is_money=True,
    ),
    Figure(label="技能课", value=None, unit="场", note="今年还没有登记过"),
)
EVENTS = (
    Event(
        day="9月30日",
        title="第一次上门",
        quote="浴室没扶手，洗澡要扶着水管，怕滑。",
        by="记录 林月琴",
        papers=(Paper(label="这次走访", href="#", icon="clipboard-text"),),
    ),
    Event(day="10—11月", title="中间 3 次：走访 1 次，电话 2 次", href="#", state="fold"),
    Event(
        day="12月24日",
        time="上午",
        title="扶手装好了",
        text="看过，装得稳。孙女放学没人接，转给村儿童之家。",
        by="记录 林月琴，同去 钱秋芳",
        state="now",
        tone="green",
        tone_word="办好 1 项",
    ),
    Event(day="1月7日前", title="回访一次，看孩子接送顺不顺", state="next"),
)
TODOS = (
    Todo(title="沈阿毛家的低保材料，镇里收下了", state="done", tone="green", tone_word="办好了"),
    Todo(
        title="去看张桂英",
        href="#",
        when="上午",
        text="上次她说浴室滑。扶手今天来装，看看装得稳不稳。",
        state="now",
        acts=(
            Paper(label="打电话", href="#", icon="phone"),
            Paper(label="3 组 17 号", href="#", icon="map-pin"),
        ),
    ),
    Todo(
        title="回访一户人家",
        href="#",
        when="今天 18:00 前",
        text="受保护，名字和地址进去才看得到。",
        tone="yellow",
        tone_word="黄色",
    ),
)
GIVEN = Cell(text="500.00", unit="元", href="#")
TABLE = Table(
    caption="走访记录",
    columns=(
        Column(label="人家", is_key=True),
        Column(label="哪天", kind="day"),
        Column(label="哪里"),
        Column(label="为什么"),
        Column(label="听到", kind="voice"),
        Column(label="送了", kind="number"),
        Column(label="结果"),
    ),
    rows=(
        Row(
            (
                Cell(text="张桂英", href="#", note="3 组 17 号"),
                "12月24日",
                "凤桥镇联丰村",
                "困难、留守",
                "孙女三点半就放学，我腿脚慢，赶不上接。",
                GIVEN,
                Cell(text="找到 1", tone="yellow"),
            )
        ),
        Row(
            (
                Cell(text="陆小妹", href="#", note="5 组 3 号"),
                "12月24日",
                "新丰镇竹林村",
                "两节慰问",
                "今年生姜价好，就是腰疼，摘不动。",
                GIVEN,
                "",
            )
        ),
        Row(
            (
                Cell(text="沈阿毛", href="#", note="1 组 8 号"),
                "12月23日",
                "凤桥镇联丰村",
                "困难",
                "低保要的证明跑了三趟，总算齐了。",
                "",
                Cell(text="办好 1", tone="green"),
            )
        ),
        Row(
            (
                Cell(text="吴雪珍", href="#", note="2 组 11 号"),
                "12月22日",
                "大桥镇步云社区",
                "创业女性",
                "直播间想添盏灯，贷款贴息怎么申请？",
                "",
                Cell(text="撤回了", tone="soft"),
            ),
            is_soft=True,
        ),
    ),
)
EMPTY = Table(
    caption="报告",
    columns=TABLE.columns,
    rows=(),
    empty="这里会列出冻结过的报告。先到“写报告”选一年，看过没有问题再冻结。",
)
CHIPS = (
    Chip(label="今年", href="?", is_on=True, count=2031),
    Chip(label="本季", href="?", count=512),
    Chip(label="本月", href="?", count=31),
    Chip(label="四必访", href="?", is_on=True),
    Chip(label="网格大走访", href="?"),
    Chip(label="还有困难没办好的", href="?"),
    Chip(label="我去的", href="?"),
)
KNOWN = (
    Known("家里", "3 人：本人，孙女小雨 9 岁，儿子在宁波做工"),
    Known("关爱", "留守老人、留守儿童家庭"),
    Known("电话", "138 ···· 2764", "#", "有变就改"),
)
LINES = (
    Line(text="包汤圆，妇女微家", note="下午两点，报名 18 人", lead="后天", href="#"),
    Line(text="困境儿童季度回访", note="5 户去过 3 户", lead="31 日前", href="#"),
    Line(text="怎样撤回一次走访", icon="help-circle", href="#"),
)
RECENT = (
    Line(text="沈阿毛", note="昨天", href="#"),
    Line(text="朱桂媛", note="周一", href="#"),
    Line(text="吴雪珍", note="18 日", href="#"),
    Line(text="陆小妹", note="15 日", href="#"),
)
MODES = (Option("door", "上门"), Option("phone", "电话"), Option("office", "来访"))
REASONS = (
    Option("hardship", "困难家庭"),
    Option("left-behind", "留守老少"),
    Option("quarrel", "闹矛盾"),
    Option("business", "创业女性"),
    Option("festival", "两节慰问"),
    Option("again", "回访"),
)
SUBJECTS = (
    Option("H1", "张桂英", "68 岁 · 3 组 17 号 · 上次去是 9 月 30 日", "zgy"),
    Option("H2", "周根玉", "54 岁 · 8 组 2 号 · 今年没去过", "zgy"),
    Option("H3", "诸葛芸", "37 岁 · 三星村 1 组 9 号", "zgy"),
)
WHO = Field(
    name="subject",
    label="去看谁",
    type=FieldType.WHO,
    options=SUBJECTS,
    values=("H1",),
    find_url="/hits",
    sought="zgy",
    required=True,
)
HEARD = Field(
    name="heard",
    label="听到什么",
    type=FieldType.NOTE,
    values=("孙女三点半就放学，我腿脚慢，赶不上接。她一个人在校门口等，天又黑得早。",),
    help="她怎么说就怎么写",
    in_her_words=True,
)
WHY = Field(
    name="reasons",
    label="为什么去",
    type=FieldType.CHOICES,
    options=REASONS,
    values=("hardship", "left-behind", "festival"),
    help="可以选几样",
)
HOW = Field(name="mode", label="怎么去的", type=FieldType.CHOICE, options=MODES, values=("door",))
SEEN = Field(name="people", label="见到几位妇女儿童", type=FieldType.PEOPLE)
NEXT = Field(name="next_on", label="下次什么时候去", type=FieldType.DAY)


def visit_form() -> Form:
    """The doorway form, filled as far as one gets at the door."""
    return Form((WHO, WHY, HOW, HEARD, SEEN, NEXT))


def all_fields_form() -> Form:
    """One field of each type, some with mistakes."""
    towns = tuple(Option(name, name) for name, *_ in TOWNS)
    form = Form(
        (
            Field(name="line", label="姓名", values=("张桂英",), required=True),
            HEARD,
            Field(name="people", label="见到几位妇女儿童", type=FieldType.PEOPLE, values=("２",)),
            Field(name="amount", label="慰问金", type=FieldType.YUAN, values=("-500",), help="县里两节款，名单已批"),
            Field(name="day", label="哪天去的", type=FieldType.DAY, values=("2021年12月41日",)),
            Field(name="mode", label="怎么去的", type=FieldType.CHOICE, options=MODES, required=True),
            WHY,
            Field(name="town", label="镇街", type=FieldType.CHOICE, options=towns, values=("凤桥镇",)),
            Field(
                name="alone",
                label="一个人住吗",
                type=FieldType.YES_NO,
                options=(Option("yes", "是"), Option("no", "否")),
                values=("yes",),
            ),
            WHO,
            Field(name="phone", label="电话", known="138 ···· 2764", autocomplete="tel"),
            Field(name="secret", label="密码", type=FieldType.SECRET, autocomplete="current-password"),
            Field(name="id", label="", type=FieldType.HIDDEN, values=("01H",)),
        )
    )
    return form.refuse(
        Problems(
            [
                Problem("amount", "金额不能是负数。"),
                Problem("day", "没有“2021年12月41日”这一天，请核对。"),
                Problem("mode", "请选是怎么去的。"),
                Problem("", "这个月已经封账，12 月以前的走访要请县里更正。"),
            ]
        )
    )


def by_month() -> Bars:
    return bars(MONTHS, THIS, title="走访家庭按月", unit="户", last=LAST)


def so_far() -> Running:
    return running(MONTHS, THIS_SUM, title="走访家庭逐月累计", unit="户", last=LAST_SUM, target=16000)


def by_town() -> Places:
    return places(
        [Place(name=name, value=value, last=last, target=target, href="#") for name, value, last, target in TOWNS],
        title="走访家庭按镇街",
        unit="户",
        sum_note="相加 16,731 − 重复 27 = 16,704 户。27 户人家年内搬过家，两个镇街都去过，全区只算一次。",
    )


@dataclass(frozen=True)
class Specimen:
    """Everything, for every specimen page: each takes what it needs."""

    crumbs: tuple[Crumb, ...] = (Crumb("总览", "#"), Crumb("走访", "#"), Crumb("走访家庭"))
    figures: tuple[Figure, ...] = FIGURES
    events: tuple[Event, ...] = EVENTS
    todos: tuple[Todo, ...] = TODOS
    chips: tuple[Chip, ...] = CHIPS
    table: Table = TABLE
    empty_table: Table = EMPTY
    pages: Pages = field(default_factory=lambda: Pages(says="最近的 20 次，共 2,031 次", older="?before=01H"))
    bars: Bars = field(default_factory=by_month)
    running: Running = field(default_factory=so_far)
    places: Places = field(default_factory=by_town)
    facts: tuple[Known, ...] = KNOWN
    lines: tuple[Line, ...] = LINES
    recent: tuple[Line, ...] = RECENT
    form: Form = field(default_factory=all_fields_form)
    draft_url: str = ""
    day: dt.date = dt.date(2021, 12, 24)
    amount: Decimal = Decimal(69600)
    ratio: Decimal = Decimal("0.098")
    big: int = 29871
    title: str = ""
