"""Indicators: each folds a known measure, in a unit that fits, over known dimensions; ratios end somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from lianxin.catalog.checks.kept import kept_problems
from lianxin.catalog.figures import answer_values
from lianxin.catalog.merge import Book
from lianxin.catalog.problems import CatalogProblem, nearest, said
from lianxin.catalog.shelves import Placed
from lianxin.catalog.specs import IndicatorSpec, MeasureSpec, TagSpec

_ONLY_FOLDED = ("measure", "where", "tally")
_ONLY_RATIO = ("numerator", "denominator")


def indicator_problems(book: Book) -> Iterator[CatalogProblem]:
    for file in book.shelves.indicator_files:
        mend = book.unknown("chapter", file.spec.chapter, book.chapters)
        if mend:
            yield file.problem("chapter", f"没有“{file.spec.chapter}”这一章", mend)
    for placed in book.indicators.values():
        yield from _ratio(book, placed) if placed.spec.fold == "ratio" else _folded(book, placed)
    yield from _cycles(book)
    yield from _same_names(book)


def _folded(book: Book, placed: Placed[IndicatorSpec]) -> Iterator[CatalogProblem]:
    indicator = placed.spec
    for key in _ONLY_RATIO:
        if getattr(indicator, key):
            yield placed.problem(key, f"只有比率才写“{key}”", "删去它，或把 fold 改成 ratio")
    if not indicator.measure:
        yield placed.problem("measure", "缺少“measure”", "写明数哪一笔（measures.toml 里的代号）")
        return
    if indicator.measure not in book.measures:
        mend = book.unknown("measure", indicator.measure, book.measures)
        if mend:
            yield placed.problem("measure", f"没有“{indicator.measure}”这一笔", mend)
        return
    measure = book.measures[indicator.measure].spec
    if indicator.fold not in measure.folds:
        message = f"“{measure.code}”不能按 {indicator.fold} 数"
        yield placed.problem("fold", message, f"可以写：{said(measure.folds)}")
        return
    where = list(_where(book, placed, measure))
    yield from where
    if not where:
        yield from _unit(book, placed, measure)
        yield from kept_problems(book, placed, measure)


def _where(book: Book, placed: Placed[IndicatorSpec], measure: MeasureSpec) -> Iterator[CatalogProblem]:
    for code, values in placed.spec.where:
        if code not in measure.tags:
            yield placed.problem(f"where.{code}", f"“{measure.code}”没有“{code}”这个维度", nearest(code, measure.tags))
            continue
        tag = book.tags.get((measure.owner, code))
        if tag is None or _is_unsure(book, tag.spec):
            continue
        known = sorted(_values(book, tag.spec, measure))
        for value in values:
            if value not in known:
                yield placed.problem(f"where.{code}", f"“{code}”没有“{value}”这个值", nearest(value, known))


def _is_unsure(book: Book, tag: TagSpec) -> bool:
    """The values cannot be told while a programme file is broken, or the list itself is missing."""
    if tag.values == "options":
        return not tag.options
    return tag.values != "subjects" and any(noun == "programme" for noun, _ in book.shelves.rumoured)


def _values(book: Book, tag: TagSpec, measure: MeasureSpec) -> set[str]:
    programmes = [placed.spec for placed in book.every_version() if placed.spec.kind == tag.owner]
    match tag.values:
        case "programmes":
            return {programme.code for programme in programmes}
        case "reasons":
            return {f"{programme.code}/{reason.code}" for programme in programmes for reason in programme.reasons}
        case "categories":
            return {entry.code for programme in programmes for entry in programme.categories}
        case "grades":
            return {entry.code for programme in programmes for entry in programme.grades}
        case "levels":
            return {entry.code for programme in programmes for entry in programme.levels}
        case "answers":
            return {value for programme in programmes for value in answer_values(programme)}
        case "subjects":
            return set(measure.subjects)
        case _:
            return {option.code for option in tag.options}


def _unit(book: Book, placed: Placed[IndicatorSpec], measure: MeasureSpec) -> Iterator[CatalogProblem]:
    indicator = placed.spec
    if indicator.fold != "distinct":
        if indicator.unit not in _units(book, indicator, measure):
            message = f"“{measure.code}”的单位是{measure.unit}，不是{indicator.unit}"
            yield placed.problem("unit", message, f'写成 unit = "{measure.unit}"')
        return
    counted = dict(indicator.where).get("subject", measure.subjects)
    units = sorted({book.subjects[subject].spec.unit for subject in counted if subject in book.subjects})
    if len(units) > 1:
        message = f"去重只能数一种，这里混着{'、'.join(units)}"
        yield placed.problem("where", message, '在 where 里写明数谁，例如 subject = ["household"]')
    elif units and indicator.unit != units[0]:
        message = f"去重数出来的是{units[0]}，不是{indicator.unit}"
        yield placed.problem("unit", message, f'写成 unit = "{units[0]}"')


def _units(book: Book, indicator: IndicatorSpec, measure: MeasureSpec) -> set[str]:
    """The measure's own unit; on lists that say what one standing on them is (户, 家, 项), that."""
    named = [book.newest[code].spec.unit for code in dict(indicator.where).get("list", ()) if code in book.newest]
    return {measure.unit, *(set(named) if len(set(named)) == 1 else ())}


def _ratio(book: Book, placed: Placed[IndicatorSpec]) -> Iterator[CatalogProblem]:
    indicator = placed.spec
    for key in _ONLY_FOLDED:
        if getattr(indicator, key):
            yield placed.problem(key, f"比率不写“{key}”", "删去它")
    parts = []
    for key in _ONLY_RATIO:
        code = getattr(indicator, key)
        if not code:
            yield placed.problem(key, f"缺少“{key}”", "写另一个指标的代号")
        elif code not in book.indicators:
            mend = book.unknown("indicator", code, book.indicators)
            if mend:
                yield placed.problem(key, f"没有“{code}”这个指标", mend)
        else:
            parts.append(book.indicators[code].spec.unit)
    if len(parts) == len(_ONLY_RATIO):
        unit = "%" if parts[0] == parts[1] else "/".join(parts)
        if indicator.unit != unit:
            message = f"{parts[0]}除以{parts[1]}，单位不是{indicator.unit}"
            yield placed.problem("unit", message, f'写成 unit = "{unit}"')


def _cycles(book: Book) -> Iterator[CatalogProblem]:
    """Each ring of ratios is told once, at its first member in the order of the files."""
    told: set[str] = set()
    for code, placed in book.indicators.items():
        if code in told:
            continue
        for key in _ONLY_RATIO:
            ring = _way_back(book, code, getattr(placed.spec, key), ())
            if ring:
                told |= set(ring)
                yield placed.problem(key, f"比率绕成了圈：{' → '.join((code, *ring))}", "其中一个改成不靠别的比率")
                break


def _way_back(book: Book, start: str, code: str, passed: tuple[str, ...]) -> tuple[str, ...]:
    """The codes from `code` round to `start`, or nothing when it does not lead back."""
    if code in passed or code not in book.indicators:
        return ()
    way = (*passed, code)
    if code == start:
        return way
    spec = book.indicators[code].spec
    for key in _ONLY_RATIO:
        ring = _way_back(book, start, getattr(spec, key), way)
        if ring:
            return ring
    return ()


def _same_names(book: Book) -> Iterator[CatalogProblem]:
    """A summary's words must lead to one figure."""
    owner: dict[str, tuple[str, str]] = {}
    # As written, so that a county's own words are told in the county's file.
    written: list[Placed[Any]] = [*book.shelves.indicators, *book.shelves.indicator_extensions, *book.made]
    for placed in written:
        spec = placed.spec
        aka = ((f"aka[{number}]", name) for number, name in enumerate(spec.aka, 1))
        for key, name in chain([("name", spec.name)], aka):
            first = owner.setdefault(name, (spec.code, key))
            if name and first != (spec.code, key):
                yield placed.problem(key, f"“{name}”已经是 {first[0]} 的叫法", "换一个说法，一个叫法只能指一个数")
