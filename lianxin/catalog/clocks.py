"""Specs of clocks 期限 and of the years' tables of holidays. What reckons with them is the room clocks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

from lianxin.catalog.keys import Key
from lianxin.catalog.plain import DottedCode, Source

Unit = Literal["minutes", "hours", "days", "working-days", "months", "years"]
Duty = Literal["ours", "theirs", "right", "term"]
Grade = Literal["law", "official", "secondary", "unconfirmed", "default", "local"]

FIXED: Grade = "law"
EXACT: tuple[Unit, ...] = ("minutes", "hours")
UNITS: dict[Unit, str] = {
    "minutes": "分钟",
    "hours": "小时",
    "days": "日",
    "working-days": "个工作日",
    "months": "个月",
    "years": "年",
}
DUTIES: dict[Duty, str] = {
    "ours": "我们要办",
    "theirs": "别的单位要办",
    "right": "群众的权利",
    "term": "到期失效",
}
GRADES: dict[Grade, str] = {
    "law": "法律法规",
    "official": "公开文件",
    "secondary": "转载",
    "unconfirmed": "未核实",
    "default": "出厂默认",
    "local": "本地规定",
}
"""How sure a number is. Only `law` is fixed; a county may set all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSpec:
    """A time limit as data. The defaults are those of the Civil Code: first day not counted, months clamped."""

    code: DottedCode
    name: Annotated[str, Key("期限的名称", longest=40)]
    begins: Annotated[str, Key("从什么时候起算", longest=60)]
    length: Annotated[int, Key("多长；0 是立即，只用于分钟和小时", least=0)]
    unit: Annotated[Unit, Key("单位：minutes、hours、days、working-days、months、years")]
    duty: Annotated[Duty, Key("ours 我们要办，theirs 别的单位要办，right 群众的权利，term 到期失效")]
    source: Source
    grade: Annotated[Grade, Key("出处有多可靠：law、official、secondary、unconfirmed、default、local")]
    article: Annotated[str, Key("第几条；grade 是 law 的必须写", longest=40)] = ""
    counts_first: Annotated[bool, Key("开始的当日算不算在内")] = False
    rolls: Annotated[bool, Key("最后一日是休息日的，顺延到下一个上班的日子")] = False
    clamps: Annotated[bool, Key("到期月没有对应日的，月末日为最后一日；写 false 是下月 1 日")] = True
    after: Annotated[str, Key("接在哪一个期限后面起算，写代号")] = ""
    remind: Annotated[tuple[int, ...], Key("提前几天提醒；按分钟、小时计的不写")] = ()
    note: Annotated[str, Key("还要说明的话", longest=200)] = ""

    @property
    def is_fixed(self) -> bool:
        """Whether a law sets the number, so that no county may change it."""
        return self.grade == FIXED

    @property
    def cited(self) -> str:
        """The source with its article: 信访工作条例第三十四条."""
        return f"{self.source}{self.article}"

    @property
    def says(self) -> str:
        """How long, in words: 15 日, 5 个工作日, 立即."""
        return f"{self.length} {UNITS[self.unit]}" if self.length else "立即"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockExtension:
    """A county's own number for a clock that no law fixes, or its own reminders for any."""

    code: DottedCode
    extends: Annotated[bool, Key("写 true，表示在原有的基础上增补", always=True)]
    source: Source
    length: Annotated[int | None, Key("改成多长", least=0)] = None
    unit: Annotated[Unit | None, Key("改成什么单位")] = None
    remind: Annotated[tuple[int, ...], Key("改成提前几天提醒")] = ()
    note: Annotated[str, Key("换一句说明", longest=200)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClocksFile:
    """clocks.toml: every time limit."""

    clocks: Annotated[tuple[ClockSpec | ClockExtension, ...], Key("期限，一个一段", toml="clock")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestSpec:
    """A holiday as the notice prints it: from one day to another, both off."""

    name: Annotated[str, Key("什么假", longest=20)]
    first: Annotated[dt.date, Key("放假的头一天")]
    last: Annotated[dt.date, Key("放假的最后一天")]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSpec:
    """One year's arrangement of holidays 放假安排; it stands in place of what the library knows of the year."""

    year: Annotated[int, Key("哪一年", least=1949)]
    source: Source
    rests: Annotated[tuple[RestSpec, ...], Key("放假调休，一个假一段", toml="rest", least=1)]
    work: Annotated[tuple[dt.date, ...], Key("哪些周末上班")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidaysFile:
    """holidays.toml: the arrangements of years that were published after this release."""

    years: Annotated[tuple[YearSpec, ...], Key("一年一段", toml="year")]
