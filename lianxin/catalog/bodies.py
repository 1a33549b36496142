"""Specs of organisations: their types, how they are formed, in which new fields. What counts them are listings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

from lianxin.catalog.keys import Key
from lianxin.catalog.lists import OptionSpec
from lianxin.catalog.plain import Code, SeedCode, Source

BodyLevel = Literal["county", "town", "village"]
Group = Literal["federation", "home", "mediation", "team", "alliance", "studio", "base", "mechanism", "unit"]
CategoryFrom = Literal["type", "field", "mode", "level"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardSpec:
    """A standard that bodies of a type are measured by: “五个一”, “五更”. Ticked item by item; it grants nothing."""

    name: Annotated[str, Key("标准的叫法，例如 “五个一”", longest=20)]
    source: Source
    items: Annotated[tuple[OptionSpec, ...], Key("一项一条", toml="item", least=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationTypeSpec:
    """What sort of body it is. `counted_on` is the list it stands on by itself from its founding to its dissolution."""

    code: Code
    name: Annotated[str, Key("名称", longest=20)]
    group: Annotated[Group, Key("归在哪一组：妇联、阵地、调解、队伍、联盟、工作室、基地、机制、单位")]
    levels: Annotated[tuple[BodyLevel, ...], Key("可以建在哪几级：county、town、village", least=1)]
    source: Source
    help: Annotated[str, Key("一句话：什么样的算", longest=80)] = ""
    led_by: Annotated[tuple[str, ...], Key("哪几类可以当它的上级组织；不写就都可以")] = ()
    has_mode: Annotated[bool, Key("要不要填组建方式（单建、区域共建……）")] = False
    has_field: Annotated[bool, Key("要不要填“四新”领域")] = False
    counted_on: Annotated[str, Key("计入哪本册子（programmes 里的代号）；成立登上、撤销离册")] = ""
    category_from: Annotated[CategoryFrom | None, Key("在册子里按什么分类：类型、领域、组建方式、层级")] = None
    members_on: Annotated[str, Key("它的成员单位计入哪本册子（programmes 里的代号）")] = ""
    graded_on: Annotated[tuple[str, ...], Key("可以评上的册子，例如 示范型儿童之家")] = ()
    covers: Annotated[BodyLevel | None, Key("应当每个镇（街道）、每个村（社区）都有：town 或 village")] = None
    covered_on: Annotated[str, Key("有了它，同一处的妇联登上哪本册子（programmes 里的代号），算覆盖率")] = ""
    rebuilt_from: Annotated[tuple[str, ...], Key("哪几类可以改建成它")] = ()
    rebuilt_on: Annotated[str, Key("改建成它的另计入哪本册子（programmes 里的代号）")] = ""
    posts: Annotated[tuple[str, ...], Key("常设的职务，例如 女主人；头一个是联系人")] = ()
    standard: Annotated[StandardSpec | None, Key("按什么标准建")] = None
    seeds: Annotated[tuple[SeedCode, ...], Key("承接哪几条线（seeds.toml 里的编号）")] = ()
    until: Annotated[dt.date | None, Key("到哪天为止（那天起不再新建）")] = None

    def is_open_on(self, day: dt.date) -> bool:
        """Whether bodies of this type may still be founded."""
        return self.until is None or day < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationTypeExtension:
    """What a county changes in a shipped type: names, posts, coverage, its own standard. What counts stays."""

    code: Code
    extends: Annotated[bool, Key("写 true，表示在原有的基础上增补", always=True)]
    source: Source
    name: Annotated[str, Key("改个叫法", longest=20)] = ""
    help: Annotated[str, Key("换一句说明", longest=80)] = ""
    covers: Annotated[BodyLevel | None, Key("应当每个镇（街道）、每个村（社区）都有：town 或 village")] = None
    posts: Annotated[tuple[str, ...], Key("添几个常设的职务")] = ()
    standard: Annotated[StandardSpec | None, Key("换成本县的标准")] = None
    until: Annotated[dt.date | None, Key("到哪天为止（那天起不再新建）")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationsFile:
    """organisations.toml: how bodies are formed, in which new fields, and of which types they are."""

    modes: Annotated[tuple[OptionSpec, ...], Key("组建方式", toml="mode")] = ()
    new_fields: Annotated[tuple[OptionSpec, ...], Key("“四新”领域", toml="field")] = ()
    types: Annotated[tuple[OrganisationTypeSpec | OrganisationTypeExtension, ...], Key("组织类型", toml="type")] = ()


GROUPS: dict[str, str] = {
    "federation": "妇联组织",
    "home": "妇女儿童阵地",
    "mediation": "调解阵地",
    "team": "队伍",
    "alliance": "联盟和协会",
    "studio": "工作室",
    "base": "基地",
    "mechanism": "共建机制",
    "unit": "单位",
}
"""What the groups are called, in the order of the pages."""
