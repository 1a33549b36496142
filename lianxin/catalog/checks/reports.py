"""Reports: every {…} names a figure that exists, and what is said where there is none belongs to a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from lianxin.catalog.merge import Book
from lianxin.catalog.problems import CatalogProblem, nearest
from lianxin.catalog.shelves import Placed
from lianxin.catalog.specs import ReportSpec

WORDS = ("region", "period")
_HOLE = re.compile(r"\{([^{}]*)\}")
_PART = re.compile(r"H[12]|Q[1-4]|0[1-9]|1[0-2]")


def report_problems(book: Book) -> Iterator[CatalogProblem]:
    for placed in book.reports.values():
        if PurePosixPath(placed.document.file).name != f"{placed.spec.code}.toml":
            yield placed.problem("code", "文件名和里面的代号对不上", f"文件改名为 {placed.spec.code}.toml")
        yield from _text(book, placed, placed.spec.title, "title", may_bind=False)
        for number, section in enumerate(placed.spec.sections, 1):
            yield from _text(book, placed, section.heading, f"section[{number}].heading", may_bind=False)
            for place, paragraph in enumerate(section.paragraphs, 1):
                yield from _text(book, placed, paragraph, f"section[{number}].paragraphs[{place}]", may_bind=True)
        yield from _none(book, placed)


def _text(book: Book, placed: Placed[ReportSpec], text: str, key: str, *, may_bind: bool) -> Iterator[CatalogProblem]:
    if re.search(r"[{}]", _HOLE.sub("", text)):
        yield placed.problem(key, "花括号没有配对", "写成 {指标代号}")
    for hole in _HOLE.findall(text):
        if hole in WORDS:
            continue
        if not may_bind:
            where = "这里" if key.startswith("none.") else "标题里"
            yield placed.problem(key, f"这里不能放“{{{hole}}}”", f"{where}只能用 {{region}} 和 {{period}}")
            continue
        code, at, part = hole.partition("@")
        mend = book.unknown("indicator", code, [*book.indicators, *WORDS])
        if mend:
            yield placed.problem(key, f"没有“{code}”这个指标", mend)
        if at and not _PART.fullmatch(part):
            yield placed.problem(key, f"“@{part}”不是一年的一段", "写 @H1、@Q3 或 @07")
        elif at and placed.spec.span != "year":
            yield placed.problem(key, f"一{_SPANS[placed.spec.span]}的报告不能再分段", f"写成 {{{code}}}")


_SPANS = {"half": "个半年", "quarter": "个季度", "month": "个月"}


def _none(book: Book, placed: Placed[ReportSpec]) -> Iterator[CatalogProblem]:
    """Each key must be the first figure of a sentence, or its words would never be said."""
    paragraphs = (paragraph for section in placed.spec.sections for paragraph in section.paragraphs)
    sentences = (sentence for paragraph in paragraphs for sentence in paragraph.split("。"))
    bound = ([hole for hole in _HOLE.findall(sentence) if hole not in WORDS] for sentence in sentences)
    firsts = {holes[0] for holes in bound if holes}
    for hole, text in placed.spec.none.items():
        yield from _text(book, placed, text, f"none.{hole}", may_bind=False)
        if hole not in firsts:
            yield placed.problem(f"none.{hole}", "没有哪句话拿它开头，这一句永远用不上", nearest(hole, firsts))
