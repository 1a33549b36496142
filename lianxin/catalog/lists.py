"""What a list 册子 says beyond any line of work: its classes, who keeps it, its clocks, the care it calls for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from lianxin.catalog.keys import Key
from lianxin.catalog.plain import Code, DottedCode

Rank = Literal["village", "town", "county"]
ReviewRule = Literal["statutory", "local"]
LaidBy = Literal["hand", "terms"]
Reviewer = Literal["member", "village"]
FigureBy = Literal["category", "level", "grade", "field"]
Delivery = Literal["law", "policy", "care", "skill", "health"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionSpec:
    """One of the answers to choose from. `source` is filled from what it belongs to when it has none of its own."""

    code: Code
    name: Annotated[str, Key("名称", longest=30)]
    source: Annotated[str, Key("出处；不写就随上一层", longest=200)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorySpec(OptionSpec):
    """A class of those on a list; `under` makes it a sub-class, counted with the one above as well."""

    under: Annotated[str, Key("属于哪个大类，写大类的代号；大类下面不再分两层")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeSpec(OptionSpec):
    """How closely one is looked after, or how good something is."""

    review_months: Annotated[int | None, Key("这一级隔几个月复核一次，不写随整本册子", least=1)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoSpec:
    """The lowest level of the net that may do something with a list; the levels above may as well."""

    put_on: Annotated[Rank, Key("由哪一级起可以上册：village、town、county")] = "village"
    take_off: Annotated[Rank, Key("由哪一级起可以离册")] = "village"
    grade: Annotated[Rank, Key("由哪一级起可以定类别、级别、等级的变动")] = "village"
    review: Annotated[Reviewer, Key("谁可以记“还是这样”：member 能登记的执委，village 能改的主席起")] = "village"


@dataclass(frozen=True, slots=True, kw_only=True)
class CareSpec:
    """What those on a list should get: visits under a line of work, deliveries, so often."""

    programme: Annotated[str, Key("哪项走访工作，写代号")]
    says: Annotated[str, Key("一句话：该做什么", longest=60)]
    reason: Annotated[str, Key("为什么去，写那项工作里的代号")] = ""
    deliver: Annotated[tuple[Delivery, ...], Key("该送什么：law、policy、care、skill、health")] = ()
    every_months: Annotated[int | None, Key("几个月至少一次", least=1)] = None
    source: Annotated[str, Key("出处；不写就随整份工作", longest=200)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresSpec:
    """Figures made from the list itself: standing, new, left; and by class, level, grade and counted fields."""

    code: Annotated[DottedCode, Key("指标代号的开头，例如 micro-homes")]
    name: Annotated[str, Key("指标的名称，例如 妇女微家", longest=16)]
    by: Annotated[tuple[FigureBy, ...], Key("再按什么分：category、level、grade、field")] = ()
    small: Annotated[int, Key("小于几不显示（涉未成年人等），0 为都显示", least=0)] = 0
    tally: Annotated[bool, Key("在册和新增两个数是否随记随算")] = True
    aka: Annotated[tuple[str, ...], Key("在册数在总结里常见的叫法")] = ()
    aka_new: Annotated[tuple[str, ...], Key("新增数在总结里常见的叫法")] = ()
