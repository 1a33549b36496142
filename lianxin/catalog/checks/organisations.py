"""Types of organisations: who may lead them exists, what they are counted on takes organisations and their classes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lianxin.catalog.bodies import OrganisationTypeSpec
from lianxin.catalog.merge import Book
from lianxin.catalog.problems import CatalogProblem
from lianxin.catalog.shelves import Placed


def organisation_problems(book: Book) -> Iterator[CatalogProblem]:
    for placed in book.types.values():
        yield from _named(book, placed)
        yield from _lists(book, placed)
        yield from _classes(book, placed)
        yield from _rebuilt(book, placed)
        yield from _standard(placed)
        yield from _covers(placed)


def _named(book: Book, placed: Placed[OrganisationTypeSpec]) -> Iterator[CatalogProblem]:
    for number, code in enumerate(placed.spec.led_by, 1):
        if mend := book.unknown("type", code, book.types):
            yield placed.problem(f"led_by[{number}]", f"没有“{code}”这个类型", mend)
    for number, code in enumerate(placed.spec.rebuilt_from, 1):
        if mend := book.unknown("type", code, book.types):
            yield placed.problem(f"rebuilt_from[{number}]", f"没有“{code}”这个类型", mend)
    for number, seed in enumerate(placed.spec.seeds, 1):
        if mend := book.unknown("seed", seed, book.seeds):
            yield placed.problem(f"seeds[{number}]", f"种子表里没有“{seed}”", mend)


def _lists(book: Book, placed: Placed[OrganisationTypeSpec]) -> Iterator[CatalogProblem]:
    spec = placed.spec
    keys = ("counted_on", "members_on", "covered_on", "rebuilt_on")
    named = [(key, getattr(spec, key)) for key in keys]
    named += [(f"graded_on[{number}]", code) for number, code in enumerate(spec.graded_on, 1)]
    lists = [code for code, each in book.newest.items() if each.spec.kind == "listing"]
    for key, code in named:
        if not code:
            continue
        if mend := book.unknown("programme", code, lists):
            yield placed.problem(key, f"没有“{code}”这本册子", mend)
        elif code in book.newest and "organisation" not in book.newest[code].spec.subjects:
            yield placed.problem(key, f"“{code}”不登组织", f'在 {code}.toml 的 subjects 里添上 "organisation"')


def _classes(book: Book, placed: Placed[OrganisationTypeSpec]) -> Iterator[CatalogProblem]:
    """Every class that a body of this type can fall into must be one of its list's categories."""
    spec = placed.spec
    source = spec.category_from
    if source is None:
        return
    if not spec.counted_on:
        yield placed.problem("category_from", "没有计入哪本册子，用不着分类", "删去它，或写上 counted_on")
        return
    if source == "field" and not spec.has_field:
        yield placed.problem("category_from", "没有问“四新”领域，分不出类", "写上 has_field = true")
        return
    if source == "mode" and not spec.has_mode:
        yield placed.problem("category_from", "没有问组建方式，分不出类", "写上 has_mode = true")
        return
    if spec.counted_on in book.newest:
        known = {option.code for option in book.newest[spec.counted_on].spec.categories}
        missing = sorted(set(_possible(book, spec)) - known)
        if missing and not book.shelves.is_rumoured("programme", spec.counted_on):
            message = f"“{spec.counted_on}”没有这几类：{'、'.join(missing)}"
            yield placed.problem("category_from", message, f"在 {spec.counted_on}.toml 里添上 [[category]]")


def _possible(book: Book, spec: OrganisationTypeSpec) -> Iterable[str]:
    match spec.category_from:
        case "type":
            return (spec.code,)
        case "field":
            return book.new_fields
        case "mode":
            return book.modes
        case _:
            return spec.levels


def _rebuilt(book: Book, placed: Placed[OrganisationTypeSpec]) -> Iterator[CatalogProblem]:
    """The list of the rebuilt classes them by what they were."""
    spec = placed.spec
    if bool(spec.rebuilt_on) != bool(spec.rebuilt_from):
        yield placed.problem("rebuilt_on", "rebuilt_from 和 rebuilt_on 要一起写", "两个都写，或都删去")
    elif spec.rebuilt_on in book.newest:
        known = {option.code for option in book.newest[spec.rebuilt_on].spec.categories}
        if missing := sorted(set(spec.rebuilt_from) - known):
            message = f"“{spec.rebuilt_on}”没有这几类：{'、'.join(missing)}"
            yield placed.problem("rebuilt_from", message, f"在 {spec.rebuilt_on}.toml 里添上 [[category]]")


def _standard(placed: Placed[OrganisationTypeSpec]) -> Iterator[CatalogProblem]:
    items = placed.spec.standard.items if placed.spec.standard else ()
    codes = [item.code for item in items]
    for number, code in enumerate(codes, 1):
        if codes.index(code) + 1 != number:
            yield placed.problem(f"standard.item[{number}].code", f"“{code}”写了两遍", "只留一处，或换一个代号")


def _covers(placed: Placed[OrganisationTypeSpec]) -> Iterator[CatalogProblem]:
    covers = placed.spec.covers
    if covers == "county":
        yield placed.problem("covers", "一个县不用问有没有全覆盖", "写 town 或 village")
    elif covers and covers not in placed.spec.levels:
        message = f"它不能建在 {covers} 一级，却要求每处都有"
        yield placed.problem("covers", message, f'在 levels 里添上 "{covers}"')
