"""Whether programmes keep what an indicator asks: a fact posted without the dimension would go uncounted in silence."""

from __future__ import annotations

from collections.abc import Iterator

from lianxin.catalog.merge import Book
from lianxin.catalog.problems import CatalogProblem
from lianxin.catalog.shelves import Placed
from lianxin.catalog.specs import IndicatorSpec, MeasureSpec, ProgrammeSpec

_NAMES_PROGRAMMES = ("programmes", "reasons")


def kept_problems(book: Book, placed: Placed[IndicatorSpec], measure: MeasureSpec) -> Iterator[CatalogProblem]:
    """Told at the programme that leaves a dimension out, or at the indicator when nobody posts what it counts."""
    named = _named_programmes(book, placed.spec, measure)
    posting = [
        programme
        for programme in book.newest.values()
        if programme.spec.kind == measure.owner and any(fact.measure == measure.code for fact in programme.spec.facts)
    ]
    if named is not None:
        silent = named - {programme.spec.code for programme in posting}
        for code in sorted(code for code in silent if not book.shelves.is_rumoured("programme", code)):
            message = f"“{code}”不记“{measure.code}”，这个数永远是零"
            yield placed.problem("where", message, f"在 {code}.toml 里添上这一笔 [[fact]]")
        posting = [programme for programme in posting if programme.spec.code in named]
    elif not posting and not any(noun == "programme" for noun, _ in book.shelves.rumoured):
        yield placed.problem("measure", f"没有一项工作记“{measure.code}”", "在该记的工作里添上这一笔 [[fact]]")
    for programme in posting:
        yield from _left_out(programme, placed.spec, measure)


def _named_programmes(book: Book, indicator: IndicatorSpec, measure: MeasureSpec) -> set[str] | None:
    """The programmes that `where` names, itself or by their reasons; None when it names none."""
    named = [
        {value.split("/")[0] for value in values}
        for code, values in indicator.where
        if (tag := book.tags.get((measure.owner, code))) and tag.spec.values in _NAMES_PROGRAMMES
    ]
    return set.intersection(*named) if named else None


def _left_out(
    placed: Placed[ProgrammeSpec], indicator: IndicatorSpec, measure: MeasureSpec
) -> Iterator[CatalogProblem]:
    kept = placed.spec.tags_of(measure.code)
    if not set(measure.tags).issuperset(kept):
        return  # a mistyped dimension is told there; it may be the one that is missed here
    number = next(n for n, fact in enumerate(placed.spec.facts, 1) if fact.measure == measure.code)
    for code, _ in indicator.where:
        if code not in kept:
            message = f"指标 {indicator.code} 要按“{code}”数，“{measure.code}”这一笔没有带，会漏数"
            yield placed.problem(f"fact[{number}].tags", message, f'在 tags 里添上 "{code}"')
