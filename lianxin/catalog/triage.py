"""Specs of triage 定级: the colours of a scheme, the factors it asks, and which factors call for which colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from lianxin.catalog.clocks import Grade
from lianxin.catalog.keys import Key
from lianxin.catalog.plain import Code, Source

Rated = Literal["case", "family"]
ShownAs = Literal["red", "orange", "pink", "yellow", "blue", "green", "white"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadeSpec:
    """One colour of a scheme; the gravest stands first. Shown with its word, never as a colour alone."""

    code: Code
    name: Annotated[str, Key("叫法，例如 红色", longest=6)]
    means: Annotated[str, Key("什么样的定这一色；没有印出来的照实说", longest=120)]
    shown_as: Annotated[ShownAs, Key("用哪种颜色显示")]
    visits: Annotated[str, Key("隔多久走访，出处印了才写，例如 每周", longest=30)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorSpec:
    """Something that is so, is not so, or is not known yet. Asked in our own words, with its public basis."""

    code: Code
    name: Annotated[str, Key("一句话问清楚一件事", longest=60)]
    basis: Annotated[str, Key("为什么看这一条：哪部法、哪份公开材料", longest=120)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSpec:
    """Which factors call for a colour: all of `all`, and of `any` at least `least`."""

    colour: Annotated[str, Key("提议哪一色，写代号")]
    says: Annotated[str, Key("给人看的理由", longest=60)]
    any: Annotated[tuple[str, ...], Key("其中有一项（或 least 项）是，就算")] = ()
    all: Annotated[tuple[str, ...], Key("这几项都要是")] = ()
    least: Annotated[int, Key("any 里至少几项", least=1)] = 1
    doubt: Annotated[str, Key("有一项还不清楚、问清了可能就到这一色时，先按哪一色")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeSpec:
    """A way of weighing, as its place made it public. What was not printed stands in `unprinted`."""

    code: Code
    name: Annotated[str, Key("叫法", longest=20)]
    rates: Annotated[Rated, Key("定的是什么：case 一件事，family 一户人家")]
    rated_by: Annotated[str, Key("由谁定", longest=60)]
    source: Source
    grade: Annotated[Grade, Key("出处有多可靠：official、secondary、default、local ……")]
    otherwise: Annotated[str, Key("哪一条都没有的，提议哪一色，写代号；不写就不提议")] = ""
    unprinted: Annotated[tuple[str, ...], Key("公开材料没有写的，一条一句")] = ()
    colours: Annotated[tuple[ShadeSpec, ...], Key("哪几色，最重的写在最前", toml="colour", least=2)]
    factors: Annotated[tuple[FactorSpec, ...], Key("看哪几样", toml="factor", least=1)]
    rules: Annotated[tuple[RuleSpec, ...], Key("哪几样对应哪一色", toml="rule", least=1)]

    def colour(self, code: str) -> ShadeSpec | None:
        return next((each for each in self.colours if each.code == code), None)

    def factor(self, code: str) -> FactorSpec | None:
        return next((each for each in self.factors if each.code == code), None)

    def weight(self, colour: str) -> int:
        """How grave, the gravest highest; -1 for no colour of it."""
        codes = [each.code for each in self.colours]
        return len(codes) - 1 - codes.index(colour) if colour in codes else -1
