"""Cases: what is kept for its team is a case and nothing else; sources, matters and colours are known and whole."""

from __future__ import annotations

from collections.abc import Iterator

from lianxin.catalog.cases import CaseSpec
from lianxin.catalog.merge import Book
from lianxin.catalog.problems import CatalogProblem, nearest
from lianxin.catalog.shelves import Placed
from lianxin.catalog.specs import ProgrammeSpec


def case_problems(book: Book, placed: Placed[ProgrammeSpec]) -> Iterator[CatalogProblem]:
    programme = placed.spec
    if programme.seal == "team" and programme.kind != "case":
        yield placed.problem("seal", "只有个案能限承办人", "写 open 或 staff")
    if programme.kind != "case":
        return
    if programme.seal != "team":
        yield placed.problem("seal", "个案只对承办人和主管开放", '写 seal = "team"')
    if programme.case is None:
        yield placed.problem("case", "缺少“case”", "补上 [case]，写明来源、什么事、哪几色、办成什么样")
        return
    yield from _named(book, placed, programme.case)
    yield from _once(placed, programme.case)
    yield from _clocks(book, placed, programme.case)


def _named(book: Book, placed: Placed[ProgrammeSpec], case: CaseSpec) -> Iterator[CatalogProblem]:
    for attribute, tag in (("sources", "source"), ("matters", "matter")):
        placed_tag = book.tags.get(("case", tag))
        known = [option.code for option in placed_tag.spec.options] if placed_tag else []
        for number, code in enumerate(getattr(case, attribute), 1):
            if code not in known:
                yield placed.problem(f"case.{attribute}[{number}]", f"不认识“{code}”", nearest(code, known))
    for number, code in enumerate(case.violent, 1):
        if code not in case.matters:
            yield placed.problem(f"case.violent[{number}]", f"matters 里没有“{code}”", nearest(code, case.matters))


def _once(placed: Placed[ProgrammeSpec], case: CaseSpec) -> Iterator[CatalogProblem]:
    for noun, codes in (
        ("colour", [each.code for each in case.colours]),
        ("outcome", [each.code for each in case.outcomes]),
    ):
        for number, code in enumerate(codes, 1):
            if codes.index(code) + 1 != number:
                yield placed.problem(f"case.{noun}[{number}].code", f"“{code}”写了两遍", "只留一处，或换一个代号")


def _clocks(book: Book, placed: Placed[ProgrammeSpec], case: CaseSpec) -> Iterator[CatalogProblem]:
    named = [("case.weigh", case.weigh), ("case.lower", case.lower), ("case.review", case.review)]
    for number, colour in enumerate(case.colours, 1):
        at = f"case.colour[{number}]"
        named += [(f"{at}.{key}", getattr(colour, key)) for key in ("contact", "handle", "visits")]
        named += [(f"{at}.revisits[{place}]", rule) for place, rule in enumerate(colour.revisits, 1)]
    named += [(f"case.clock[{number}].rule", clock.rule) for number, clock in enumerate(case.clocks, 1)]
    for path, rule in named:
        if rule and rule not in book.clocks:
            yield placed.problem(path, f"没有“{rule}”这个期限", nearest(rule, list(book.clocks)))
