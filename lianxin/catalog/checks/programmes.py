"""Programmes and their extensions: what they name exists, what they count is theirs to count, examples are complete."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from lianxin.base.days import FIRST_YEAR
from lianxin.catalog.checks.cases import case_problems
from lianxin.catalog.checks.lists import list_problems
from lianxin.catalog.fields import FieldSpec
from lianxin.catalog.files import LISTS, ProgrammeExtension
from lianxin.catalog.merge import Book
from lianxin.catalog.problems import CatalogProblem, nearest, said
from lianxin.catalog.shelves import Placed
from lianxin.catalog.specs import FactSpec, ProgrammeSpec, SampleSpec

_FINEST = -2  # the ledger keeps hundredths

# fmt: off
VALUES: Mapping[str, frozenset[str]] = {
    "visit": frozenset(
        {
            "day", "subject_type", "subject", "mode", "purposes", "visitors", "companions", "people", "heard",
            "opinions", "difficulties", "deliveries", "givings", "next_on", "next_why", "answers",
        }
    ),
    "listing": frozenset(
        {
            "list", "subject_type", "subject", "on_day", "off_day", "off_why", "category", "also", "level", "grade",
            "review_on", "valid_to", "paper", "paper_number", "paper_day", "reviews", "note", "answers",
        }
    ),
    "case": frozenset(
        {
            "day", "hour", "source", "matter", "household", "region", "parties", "heard", "gist", "is_consultation",
            "answers", "safety", "factors", "log",
        }
    ),
}
"""The keys a sample's values may have: those of a record of the kind, as a form sends them."""

_NOT_OF_KIND = {
    "visit": (
        "unit", "categories", "several_categories", "levels", "grades", "several", "headline", "who", "papers",
        "paper_required", "review_months", "review_source", "valid_months", "ages", "age_limit", "cares", "figures",
        "case",
    ),
    "listing": ("reasons", "case"),
    "case": (
        "reasons", "unit", "categories", "several_categories", "levels", "grades", "several", "headline", "who",
        "papers", "paper_required", "review_months", "review_source", "valid_months", "ages", "age_limit", "cares",
        "figures",
    ),
}
# fmt: on
_WRITTEN = {**dict(LISTS), "cares": "care"}


def programme_problems(book: Book) -> Iterator[CatalogProblem]:
    # As written, not as merged: what an extension adds is told at the extension.
    for placed in book.shelves.programmes:
        yield from _whole(book, placed)
    for extension in book.shelves.programme_extensions:
        yield from _extension(book, extension)


def _whole(book: Book, placed: Placed[ProgrammeSpec]) -> Iterator[CatalogProblem]:
    programme = placed.spec
    yield from _chapter(book, placed)
    for number, seed in enumerate(programme.seeds, 1):
        mend = book.unknown("seed", seed, book.seeds)
        if mend:
            yield placed.problem(f"seeds[{number}]", f"种子表里没有“{seed}”", mend)
    yield from _dates(placed, programme.since, programme.until)
    yield from _subjects(book, placed)
    yield from _of_kind(placed, programme.kind)
    yield from _lists(placed)
    yield from list_problems(book, placed)
    yield from case_problems(book, placed)
    for number, fact in enumerate(programme.facts, 1):
        yield from _fact(book, placed, fact, f"fact[{number}]")
    yield from _repeated(placed, "fact", "measure", [fact.measure for fact in programme.facts])
    own = {measure.spec.code for measure in book.measures.values() if measure.spec.owner == programme.kind}
    if own.issuperset(fact.measure for fact in programme.facts):  # else the samples would only say it again
        yield from _samples(placed)


def _extension(book: Book, placed: Placed[ProgrammeExtension]) -> Iterator[CatalogProblem]:
    target = book.newest.get(placed.spec.code)
    since = target.spec.since if target else None
    yield from _dates(placed, since, placed.spec.until)
    if target:
        yield from _of_kind(placed, target.spec.kind)
    yield from _lists(placed)


def _chapter(book: Book, placed: Placed[ProgrammeSpec]) -> Iterator[CatalogProblem]:
    chapter = placed.spec.chapter
    mend = book.unknown("chapter", chapter, book.chapters)
    folder = PurePosixPath(placed.document.file).parent.name
    if mend:
        yield placed.problem("chapter", f"没有“{chapter}”这一章", mend)
    elif folder != chapter:
        message = f"文件放在 {folder} 里，写的却是 {chapter} 章"
        yield placed.problem("chapter", message, f"文件移到 programmes/{chapter}/ 里")


def _dates(placed: Placed[Any], since: dt.date | None, until: dt.date | None) -> Iterator[CatalogProblem]:
    for key, day in (("since", getattr(placed.spec, "since", None)), ("until", until)):
        if day is not None and day.year < FIRST_YEAR:
            yield placed.problem(key, f"{day} 太早", f"写 {FIRST_YEAR} 年以后的日期")
    if since is not None and until is not None and until <= since:
        yield placed.problem("until", f"结束（{until}）不晚于开始（{since}）", "until 写停用那天，要比 since 晚")


def _subjects(book: Book, placed: Placed[ProgrammeSpec]) -> Iterator[CatalogProblem]:
    for number, subject in enumerate(placed.spec.subjects, 1):
        mend = book.unknown("subject", subject, book.subjects)
        if mend:
            yield placed.problem(f"subjects[{number}]", f"不认识“{subject}”", mend)


def _of_kind(placed: Placed[Any], kind: str) -> Iterator[CatalogProblem]:
    for attribute in _NOT_OF_KIND[kind]:
        if getattr(placed.spec, attribute, None):
            key = _WRITTEN.get(attribute, attribute)
            yield placed.problem(key, f"{kind} 一类的工作用不着“{key}”", "删去这一段")


def _lists(placed: Placed[Any]) -> Iterator[CatalogProblem]:
    for attribute, noun in LISTS:
        entries = getattr(placed.spec, attribute)
        yield from _repeated(placed, noun, "code", [entry.code for entry in entries])
    for number, field in enumerate(placed.spec.fields, 1):
        yield from _field(placed, field, f"field[{number}]")


def _repeated(placed: Placed[Any], noun: str, key: str, codes: Sequence[str]) -> Iterator[CatalogProblem]:
    for number, code in enumerate(codes, 1):
        first = codes.index(code) + 1
        if first != number:
            message = f"“{code}”写了两遍，{noun}[{first}] 已经有了"
            yield placed.problem(f"{noun}[{number}].{key}", message, "只留一处，或换一个代号")


def _field(placed: Placed[Any], field: FieldSpec, path: str) -> Iterator[CatalogProblem]:
    is_choice = field.type in ("choice", "choices")
    if is_choice and not field.options:
        yield placed.problem(f"{path}.options", "选择题没有选项", "补上 options = [{ code = …, name = … }]")
    if field.options and not is_choice:
        yield placed.problem(f"{path}.options", f"“{field.type}”用不着选项", "删去 options，或把 type 改成 choice")
    yield from _repeated(placed, f"{path}.options", "code", [option.code for option in field.options])


def _fact(book: Book, placed: Placed[ProgrammeSpec], fact: FactSpec, path: str) -> Iterator[CatalogProblem]:
    kind = placed.spec.kind
    own = [code for code, measure in book.measures.items() if measure.spec.owner == kind]
    if fact.measure not in book.measures:
        mend = book.unknown("measure", fact.measure, own)
        if mend:
            yield placed.problem(f"{path}.measure", f"没有“{fact.measure}”这一笔", mend)
        return
    measure = book.measures[fact.measure].spec
    if measure.owner != kind:
        message = f"“{fact.measure}”归 {measure.owner} 记，{kind} 一类的工作不能记"
        yield placed.problem(f"{path}.measure", message, f"删去这一笔；{kind} 能记的：{said(own)}")
        return
    for number, tag in enumerate(fact.tags, 1):
        if tag not in measure.tags:
            message = f"“{fact.measure}”没有“{tag}”这个维度"
            yield placed.problem(f"{path}.tags[{number}]", message, nearest(tag, measure.tags))


def _samples(placed: Placed[ProgrammeSpec]) -> Iterator[CatalogProblem]:
    programme = placed.spec
    for number, sample in enumerate(programme.samples, 1):
        yield from _sample(placed, sample, f"sample[{number}]")
    for number, fact in enumerate(programme.facts, 1):
        if not any(fact.measure in sample.sums for sample in programme.samples):
            mend = f'在一个 [[sample]] 的 sums 里写上 "{fact.measure}" = 数'
            yield placed.problem(f"fact[{number}].measure", f"“{fact.measure}”没有一个例子", mend)


def _sample(placed: Placed[ProgrammeSpec], sample: SampleSpec, path: str) -> Iterator[CatalogProblem]:
    kind = placed.spec.kind
    for key, value in sample.values.items():
        if key not in VALUES[kind]:
            yield placed.problem(f"{path}.values.{key}", f"{kind} 的记录里没有“{key}”", nearest(key, VALUES[kind]))
        elif _has_bare_date(value):
            yield placed.problem(f"{path}.values.{key}", "示例里的日期是表单里的文字", "给日期加上英文引号")
    posted = [fact.measure for fact in placed.spec.facts]
    for measure, value in sample.sums.items():
        if measure not in posted:
            yield placed.problem(f"{path}.sums.{measure}", "这项工作没有记这一笔", nearest(measure, posted))
        elif not value.is_finite() or int(value.normalize().as_tuple().exponent) < _FINEST:
            yield placed.problem(f"{path}.sums.{measure}", f"{value} 不是记得进账的数", "写普通的数，最多两位小数")


def _has_bare_date(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_has_bare_date(item) for item in value.values())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return any(_has_bare_date(item) for item in value)
    return isinstance(value, (dt.date, dt.time))
