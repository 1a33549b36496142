"""Schemes of triage: every colour and factor that is named exists, every factor counts, every colour can come out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from lianxin.catalog.merge import Book
from lianxin.catalog.problems import CatalogProblem, nearest
from lianxin.catalog.shelves import Placed
from lianxin.catalog.triage import SchemeSpec


def triage_problems(book: Book) -> Iterator[CatalogProblem]:
    for placed in book.schemes.values():
        yield from _named(placed)
        yield from _once(placed)
        yield from _rules(placed)
        yield from _all_used(placed)


def _named(placed: Placed[SchemeSpec]) -> Iterator[CatalogProblem]:
    scheme = placed.spec
    if PurePosixPath(placed.document.file).name != f"{scheme.code}.toml":
        yield placed.problem("code", "文件名和里面的代号对不上", f"文件改名为 {scheme.code}.toml")
    if scheme.otherwise and scheme.colour(scheme.otherwise) is None:
        yield placed.problem(
            "otherwise", f"没有“{scheme.otherwise}”这一色", nearest(scheme.otherwise, _colours(scheme))
        )
    if scheme.grade == "default" and "出厂默认" not in scheme.source:
        yield placed.problem("source", "出厂默认的办法要写明", "出处写“出厂默认，待县妇联确认”和参照了什么")


def _once(placed: Placed[SchemeSpec]) -> Iterator[CatalogProblem]:
    scheme = placed.spec
    lists = (("colour", _colours(scheme)), ("factor", [factor.code for factor in scheme.factors]))
    for noun, codes in lists:
        for number, code in enumerate(codes, 1):
            if codes.index(code) + 1 != number:
                yield placed.problem(f"{noun}[{number}].code", f"“{code}”写了两遍", "只留一处，或换一个代号")


def _rules(placed: Placed[SchemeSpec]) -> Iterator[CatalogProblem]:
    scheme = placed.spec
    factors = [factor.code for factor in scheme.factors]
    for number, rule in enumerate(scheme.rules, 1):
        at = f"rule[{number}]"
        for key, colour in (("colour", rule.colour), ("doubt", rule.doubt)):
            if colour and scheme.colour(colour) is None:
                yield placed.problem(f"{at}.{key}", f"没有“{colour}”这一色", nearest(colour, _colours(scheme)))
        for key, codes in (("any", rule.any), ("all", rule.all)):
            for place, code in enumerate(codes, 1):
                if code not in factors:
                    yield placed.problem(f"{at}.{key}[{place}]", f"没有“{code}”这一样", nearest(code, factors))
        if not rule.any and not rule.all:
            yield placed.problem(f"{at}.any", "没有写看哪几样", "补上 any 或 all")
        if rule.least > max(1, len(rule.any)):
            yield placed.problem(f"{at}.least", f"any 里只有 {len(rule.any)} 项", "写小一些，或者添上几项")
        if rule.doubt and scheme.weight(rule.doubt) > scheme.weight(rule.colour):
            yield placed.problem(f"{at}.doubt", "还没有问清，不能比问清了更重", f'写 doubt = "{rule.colour}" 或更轻的')


def _all_used(placed: Placed[SchemeSpec]) -> Iterator[CatalogProblem]:
    scheme = placed.spec
    asked = {code for rule in scheme.rules for code in (*rule.any, *rule.all)}
    reached = {rule.colour for rule in scheme.rules} | {scheme.otherwise}
    for number, factor in enumerate(scheme.factors, 1):
        if factor.code not in asked:
            yield placed.problem(
                f"factor[{number}].code", f"问了“{factor.name}”，却没有一条规则看它", "写进规则，或不要问"
            )
    for number, colour in enumerate(scheme.colours, 1):
        if colour.code not in reached:
            yield placed.problem(
                f"colour[{number}].code", f"没有一条规则会提议{colour.name}", "添一条规则，或写成 otherwise"
            )


def _colours(scheme: SchemeSpec) -> list[str]:
    return [colour.code for colour in scheme.colours]
