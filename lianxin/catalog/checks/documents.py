"""Documents: what is filled in exists, and nothing that would harm her stands in what the other side is handed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from lianxin.catalog.documents import NEVER_TO_THE_OTHER, PLACE, PLACES, TemplateSpec
from lianxin.catalog.merge import Book
from lianxin.catalog.problems import CatalogProblem, nearest
from lianxin.catalog.shelves import Placed


def document_problems(book: Book) -> Iterator[CatalogProblem]:
    for placed in book.templates.values():
        if PurePosixPath(placed.document.file).name != f"{placed.spec.code}.toml":
            yield placed.problem("code", "文件名和里面的代号对不上", f"文件改名为 {placed.spec.code}.toml")
        yield from _asks(placed)
        yield from _places(placed)


def _asks(placed: Placed[TemplateSpec]) -> Iterator[CatalogProblem]:
    template = placed.spec
    codes = [ask.code for ask in template.asks]
    for number, ask in enumerate(template.asks, 1):
        if codes.index(ask.code) + 1 != number:
            yield placed.problem(f"ask[{number}].code", f"“{ask.code}”写了两遍", "只留一处，或换一个代号")
        if ask.type in ("choice", "choices") and not ask.options:
            yield placed.problem(f"ask[{number}].options", "没有写可选的答案", "补上 options")
        if f"ask.{ask.code}" not in template.places:
            message = f"问了“{ask.name}”，正文里却没有用到"
            yield placed.problem(f"ask[{number}].code", message, f"正文里写上 {{ask.{ask.code}}}，或不要问")


def _places(placed: Placed[TemplateSpec]) -> Iterator[CatalogProblem]:
    template = placed.spec
    known = [*PLACES, *(f"ask.{ask.code}" for ask in template.asks)]
    for number, part in enumerate(template.parts, 1):
        for line, text in enumerate(part.paragraphs, 1):
            at = f"part[{number}].paragraphs[{line}]"
            for name in PLACE.findall(text):
                if name not in known:
                    yield placed.problem(at, f"没有“{{{name}}}”可以填", nearest(name, known))
                elif "other" in template.goes_to and name in NEVER_TO_THE_OTHER:
                    message = f"要给对方的文书不能印{PLACES[name]}"
                    yield placed.problem(at, message, f"删去 {{{name}}}，或从 goes_to 里去掉 other")
