"""Reports: every {…} names a figure that exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from lianxin.catalog.merge import Book
from lianxin.catalog.problems import CatalogProblem
from lianxin.catalog.shelves import Placed
from lianxin.catalog.specs import ReportSpec

WORDS = ("region", "period")
_HOLE = re.compile(r"\{([^{}]*)\}")


def report_problems(book: Book) -> Iterator[CatalogProblem]:
    for placed in book.reports.values():
        if PurePosixPath(placed.document.file).name != f"{placed.spec.code}.toml":
            yield placed.problem("code", "文件名和里面的代号对不上", f"文件改名为 {placed.spec.code}.toml")
        yield from _text(book, placed, placed.spec.title, "title", may_bind=False)
        for number, section in enumerate(placed.spec.sections, 1):
            yield from _text(book, placed, section.heading, f"section[{number}].heading", may_bind=False)
            for place, paragraph in enumerate(section.paragraphs, 1):
                yield from _text(book, placed, paragraph, f"section[{number}].paragraphs[{place}]", may_bind=True)


def _text(book: Book, placed: Placed[ReportSpec], text: str, key: str, *, may_bind: bool) -> Iterator[CatalogProblem]:
    if re.search(r"[{}]", _HOLE.sub("", text)):
        yield placed.problem(key, "花括号没有配对", "写成 {指标代号}")
    for hole in _HOLE.findall(text):
        if hole in WORDS:
            continue
        if not may_bind:
            yield placed.problem(key, f"这里不能放“{{{hole}}}”", "标题里只能用 {region} 和 {period}")
            continue
        mend = book.unknown("indicator", hole, [*book.indicators, *WORDS])
        if mend:
            yield placed.problem(key, f"没有“{hole}”这个指标", mend)
