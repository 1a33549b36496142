"""What a list says of itself holds together: sub-classes, papers, clocks, care, and the figures it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lianxin.catalog.merge import Book
from lianxin.catalog.problems import CatalogProblem, nearest
from lianxin.catalog.shelves import Placed
from lianxin.catalog.specs import ProgrammeSpec

_CHOSEN = ("choice", "choices", "yes-no")
_BY = {"category": "categories", "level": "levels", "grade": "grades", "field": "counted_fields"}
_NEEDS = {
    "category": "[[category]]",
    "level": "[[level]]",
    "grade": "[[grade]]",
    "field": "counted = true 的 [[field]]",
}


def list_problems(book: Book, placed: Placed[ProgrammeSpec]) -> Iterator[CatalogProblem]:
    """Of a whole programme; of a visit there is only that no question is counted."""
    yield from _counted(placed)
    if placed.spec.kind != "listing":
        return
    yield from _sub_classes(placed)
    yield from _headline(placed)
    yield from _clocks(placed)
    yield from _cares(book, placed)
    yield from _figures(placed)


def _counted(placed: Placed[ProgrammeSpec]) -> Iterator[CatalogProblem]:
    programme = placed.spec
    for number, field in enumerate(programme.fields, 1):
        if not field.counted:
            continue
        if programme.kind != "listing":
            yield placed.problem(f"field[{number}].counted", "只有建档的工作能按字段数", "删去 counted")
        elif field.type not in _CHOSEN:
            message = f"“{field.type}”填的东西没法分开数"
            yield placed.problem(f"field[{number}].counted", message, "删去 counted，或把 type 改成 choice")


def _sub_classes(placed: Placed[ProgrammeSpec]) -> Iterator[CatalogProblem]:
    above = {category.code: category.under for category in placed.spec.categories}
    for number, category in enumerate(placed.spec.categories, 1):
        path = f"category[{number}].under"
        if not category.under:
            continue
        if category.under not in above or category.under == category.code:
            others = [code for code, under in above.items() if not under and code != category.code]
            yield placed.problem(path, f"没有“{category.under}”这个大类", nearest(category.under, others))
        elif above[category.under]:
            yield placed.problem(path, f"“{category.under}”自己就是小类", f"写它的大类 {above[category.under]}")


def _headline(placed: Placed[ProgrammeSpec]) -> Iterator[CatalogProblem]:
    programme = placed.spec
    fields = {field.code: field for field in programme.fields}
    if programme.headline and programme.headline not in fields:
        message = f"没有“{programme.headline}”这个字段"
        yield placed.problem("headline", message, nearest(programme.headline, fields))
    elif programme.headline and fields[programme.headline].type != "line":
        yield placed.problem("headline", "名册上显示的要是一行字", "换一个 type 为 line 的字段")
    if programme.paper_required and not programme.papers:
        yield placed.problem("paper_required", "没有列出要看哪些材料", "补上 [[paper]]，或删去 paper_required")
    if programme.several_categories and not programme.categories:
        yield placed.problem("several_categories", "没有列出类别", "补上 [[category]]，或删去这个键")


def _clocks(placed: Placed[ProgrammeSpec]) -> Iterator[CatalogProblem]:
    programme = placed.spec
    if programme.review_rule == "statutory" and not programme.review_source:
        yield placed.problem("review_source", "法定的周期要写出处", "写明哪部法哪一条")
    if (programme.ages or programme.age_limit) and "person" not in programme.subjects:
        key = "ages" if programme.ages else "age_limit"
        yield placed.problem(key, "只有登个人的册子才有年龄", '删去它，或在 subjects 里写上 "person"')


def _cares(book: Book, placed: Placed[ProgrammeSpec]) -> Iterator[CatalogProblem]:
    newest: dict[str, Placed[Any]] = book.newest
    visits = [code for code, other in newest.items() if other.spec.kind == "visit"]
    for number, care in enumerate(placed.spec.cares, 1):
        mend = book.unknown("programme", care.programme, visits)
        if mend:
            yield placed.problem(f"care[{number}].programme", f"没有“{care.programme}”这项走访", mend)
        elif care.reason and care.programme in newest:
            reasons = [reason.code for reason in newest[care.programme].spec.reasons]
            if care.reason not in reasons:
                message = f"“{care.programme}”里没有“{care.reason}”"
                yield placed.problem(f"care[{number}].reason", message, nearest(care.reason, reasons))


def _figures(placed: Placed[ProgrammeSpec]) -> Iterator[CatalogProblem]:
    programme = placed.spec
    if programme.figures is None:
        return
    if not any(fact.measure == "listing.standing" for fact in programme.facts):
        yield placed.problem("figures", "没有记在册的账，生成不了指标", '补上 [[fact]]，measure = "listing.standing"')
    for number, by in enumerate(programme.figures.by, 1):
        path = f"figures.by[{number}]"
        if not getattr(programme, _BY[by]):
            yield placed.problem(path, f"要按“{by}”分，可是没有 {_NEEDS[by]}", f"补上 {_NEEDS[by]}，或删去它")
            continue
        for place, fact in enumerate(programme.facts, 1):
            if fact.measure in ("listing.standing", "listing.opened") and by not in fact.tags:
                message = f"指标要按“{by}”分，这一笔没有带"
                yield placed.problem(f"fact[{place}].tags", message, f'在 tags 里添上 "{by}"')
