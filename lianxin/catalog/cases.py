"""What a line of work says of its cases: sources, matters, colours with their clocks, outcomes. Data, no rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from lianxin.catalog.keys import Key
from lianxin.catalog.lists import OptionSpec
from lianxin.catalog.plain import Code

Until = Literal["contacted", "closed"]
Tone = Literal["red", "yellow", "blue", "green", "soft"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourSpec:
    """One colour of a triage: never the colour alone, always its word and shape. What is not written has no clock."""

    code: Code
    name: Annotated[str, Key("叫法，例如 红色", longest=6)]
    tone: Annotated[Tone, Key("用哪种颜色和图形显示：red、yellow、blue、green、soft")]
    means: Annotated[str, Key("什么样的定这一色", longest=120)]
    contact: Annotated[str, Key("多久内第一次联系：clocks.toml 里的代号")] = ""
    handle: Annotated[str, Key("多久内办结：clocks.toml 里的代号")] = ""
    visits: Annotated[str, Key("在办时隔多久见一次：clocks.toml 里的代号")] = ""
    revisits: Annotated[tuple[str, ...], Key("办结后隔多久各回访一次：clocks.toml 里的代号")] = ()
    closes: Annotated[bool, Key("这一色能不能直接办结")] = True
    two_visitors: Annotated[bool, Key("上门是否要两个人")] = False
    source: Annotated[str, Key("这一色的含义从哪里来；出厂默认要写明“出厂默认……待县妇联确认”", longest=200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeSpec(OptionSpec):
    """What a case came to."""

    resolved: Annotated[bool, Key("算不算化解")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClockSpec:
    """A time limit of the law that runs from the day a case came in, until something has been done."""

    rule: Annotated[str, Key("哪个期限：clocks.toml 里的代号")]
    until: Annotated[Until, Key("做到哪一步就不再算：contacted 联系上，closed 结案")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSpec:
    """How a line of work handles its cases."""

    scheme: Annotated[str, Key("用哪套定级办法，catalog/triage 里的代号；不写就不定级")] = ""
    sources: Annotated[tuple[Code, ...], Key("从哪里来，measures.toml 里 case 的 source 维度", least=1)]
    weekly: Annotated[tuple[Code, ...], Key("其中哪些每周要汇总一次")] = ()
    matters: Annotated[tuple[Code, ...], Key("什么事，measures.toml 里 case 的 matter 维度", least=1)]
    violent: Annotated[tuple[Code, ...], Key("其中哪些是暴力：不劝和、不调解")] = ()
    colours: Annotated[tuple[ColourSpec, ...], Key("哪几色，最重的写在最前", toml="colour", least=1)]
    clocks: Annotated[tuple[CaseClockSpec, ...], Key("法定的期限，从来的那天算", toml="clock")] = ()
    weigh: Annotated[str, Key("多久内定级：clocks.toml 里的代号")] = "case.weigh"
    lower: Annotated[str, Key("有人请求降级，多久内定：clocks.toml 里的代号")] = "case.lower"
    review: Annotated[str, Key("有人请求结案，多久内审：clocks.toml 里的代号")] = "case.review"
    outcomes: Annotated[tuple[OutcomeSpec, ...], Key("办成什么样", toml="outcome", least=1)]

    def colour(self, code: str) -> ColourSpec | None:
        return next((each for each in self.colours if each.code == code), None)

    def outcome(self, code: str) -> OutcomeSpec | None:
        return next((each for each in self.outcomes if each.code == code), None)

    def is_higher(self, code: str, than: str) -> bool:
        """Whether a colour is graver than another; anything is graver than none."""
        order = [each.code for each in self.colours]
        return than not in order or (code in order and order.index(code) < order.index(than))
