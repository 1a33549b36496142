"""Measures and tags: known subjects, known dimensions of their own kind, listed values where values are listed."""

from __future__ import annotations

from collections.abc import Iterator

from lianxin.catalog.merge import Book
from lianxin.catalog.problems import CatalogProblem
from lianxin.catalog.shelves import Placed
from lianxin.catalog.specs import MeasureSpec, TagSpec


def measure_problems(book: Book) -> Iterator[CatalogProblem]:
    for placed in book.shelves.tags:
        yield from _tag(placed)
    for measure in book.measures.values():
        yield from _measure(book, measure)


def _tag(placed: Placed[TagSpec]) -> Iterator[CatalogProblem]:
    tag = placed.spec
    if tag.values != "options":
        if tag.options:
            message = f"值来自 {tag.values}，这里列出的不起作用"
            yield placed.problem("options", message, '删去 options，或改成 values = "options"')
        return
    if not tag.options:
        yield placed.problem("options", "没有列出可取的值", "补上 options = [{ code = …, name = … }]")
    elif not tag.source:
        yield placed.problem("source", "缺少“source”", "写明这张取值表的出处；出厂默认要写“待县妇联确认”")
    seen: set[str] = set()
    for number, option in enumerate(tag.options, 1):
        if option.code in seen:
            yield placed.problem(f"options[{number}].code", f"“{option.code}”写了两遍", "只留一个，或换一个代号")
        seen.add(option.code)


def _measure(book: Book, placed: Placed[MeasureSpec]) -> Iterator[CatalogProblem]:
    measure = placed.spec
    for number, subject in enumerate(measure.subjects, 1):
        mend = book.unknown("subject", subject, book.subjects)
        if mend:
            yield placed.problem(f"subjects[{number}]", f"不认识“{subject}”", mend)
    own_tags = [code for owner, code in book.tags if owner == measure.owner]
    for number, tag in enumerate(measure.tags, 1):
        mend = book.unknown("tag", tag, own_tags)
        if mend:
            yield placed.problem(f"tags[{number}]", f"{measure.owner} 没有“{tag}”这个维度", mend)
