"""Weighing 定级: what a scheme proposes for what is known so far, with its reasons. It proposes; a person decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lianxin.base.errors import Problems
from lianxin.catalog.problems import nearest
from lianxin.catalog.triage import FactorSpec, RuleSpec, SchemeSpec


class Known(StrEnum):
    """What is known of a factor. Whatever nobody asked is unknown, never no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return {"yes": "是", "no": "否", "unknown": "不清楚"}[self.value]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a colour is proposed: the rule's sentence, what was found to be so, and why one looks at it."""

    says: str
    factors: tuple[str, ...]
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """`colour` is a code of the scheme, “” when it has nothing to propose. `to_ask` may still make it graver."""

    scheme: str
    colour: str
    reasons: tuple[Reason, ...]
    to_ask: tuple[FactorSpec, ...]
    is_held: bool  # the colour stands for a doubt only: something grave has not been asked yet

    @property
    def is_settled(self) -> bool:
        """Whether nothing that is still unknown could make it graver."""
        return not self.to_ask


def propose(scheme: SchemeSpec, factors: Mapping[str, str]) -> Proposal:
    """The gravest colour that the factors call for. An unknown never lowers; where a rule says so it holds up."""
    hit = [rule for rule in scheme.rules if _is_met(rule, factors)]
    open_rules = [rule for rule in scheme.rules if rule not in hit and _may_be_met(rule, factors)]
    colour = max((rule.colour for rule in hit), key=scheme.weight, default=scheme.otherwise)
    doubt = max((rule.doubt for rule in open_rules), key=scheme.weight, default="")
    is_held = scheme.weight(doubt) > scheme.weight(colour)
    to_ask = _to_ask(scheme, open_rules, factors, above=colour)
    if is_held:
        doubtful = tuple(rule for rule in open_rules if rule.doubt == doubt)
        return Proposal(scheme.code, doubt, tuple(_doubt(scheme, rule, factors) for rule in doubtful), to_ask, is_held)
    reasons = tuple(_reason(scheme, rule, factors) for rule in hit if rule.colour == colour)
    return Proposal(scheme.code, colour, reasons, to_ask, is_held)


def read_factors(scheme: SchemeSpec, raw: Mapping[str, Any], problems: Problems) -> dict[str, str]:
    """What was ticked, by factor; what the scheme does not ask or nobody understands is a problem at its field."""
    known = [factor.code for factor in scheme.factors]
    read = {}
    for code, said in raw.items():
        if code not in known:
            problems.add(f"factors.{code}", f"“{scheme.name}”不看“{code}”。{nearest(str(code), known)}。")
        elif said not in tuple(Known):
            problems.add(f"factors.{code}", "请选是、否或者不清楚。")
        else:
            read[code] = str(said)
    return read


def _is_met(rule: RuleSpec, factors: Mapping[str, str]) -> bool:
    return _count(rule, factors, (Known.YES,))


def _may_be_met(rule: RuleSpec, factors: Mapping[str, str]) -> bool:
    return _count(rule, factors, (Known.YES, Known.UNKNOWN))


def _count(rule: RuleSpec, factors: Mapping[str, str], counted: tuple[Known, ...]) -> bool:
    some = sum(factors.get(code, Known.UNKNOWN) in counted for code in rule.any)
    every = all(factors.get(code, Known.UNKNOWN) in counted for code in rule.all)
    return every and (not rule.any or some >= rule.least)


def _to_ask(
    scheme: SchemeSpec, rules: list[RuleSpec], factors: Mapping[str, str], *, above: str
) -> tuple[FactorSpec, ...]:
    graver = [rule for rule in rules if scheme.weight(rule.colour) > scheme.weight(above)]
    asked = {code for rule in graver for code in (*rule.any, *rule.all)}
    return tuple(
        factor
        for factor in scheme.factors
        if factor.code in asked and factors.get(factor.code, Known.UNKNOWN) == Known.UNKNOWN
    )


def _reason(scheme: SchemeSpec, rule: RuleSpec, factors: Mapping[str, str]) -> Reason:
    return _said(scheme, rule.says, [code for code in (*rule.all, *rule.any) if factors.get(code) == Known.YES])


def _doubt(scheme: SchemeSpec, rule: RuleSpec, factors: Mapping[str, str]) -> Reason:
    unclear = [code for code in (*rule.all, *rule.any) if factors.get(code, Known.UNKNOWN) == Known.UNKNOWN]
    return _said(scheme, f"还没有问清：{rule.says}", unclear)


def _said(scheme: SchemeSpec, says: str, codes: list[str]) -> Reason:
    found = [factor for factor in scheme.factors if factor.code in codes]
    return Reason(says, tuple(factor.name for factor in found), tuple(dict.fromkeys(factor.basis for factor in found)))
