"""Folders in, a Catalog out, or everything that is wrong with them. Pure: no settings, nothing kept between calls."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from lianxin.catalog.checks import book_problems
from lianxin.catalog.merge import Book, merge
from lianxin.catalog.problems import OVERLAY, SHIPPED, CatalogErrors, CatalogProblem
from lianxin.catalog.read import Document, read_folder
from lianxin.catalog.shelves import Placed, shelve
from lianxin.catalog.specs import Catalog
from lianxin.catalog.structure import structure_problems

_Key = TypeVar("_Key")
_Spec = TypeVar("_Spec")


def load_catalog(shipped: Path, overlay: Path | None = None) -> Catalog:
    """The catalogue of these folders; CatalogErrors with all that is wrong. A missing overlay is no overlay."""
    book, problems = _examined(shipped, overlay)
    if problems:
        raise CatalogErrors(problems)
    return _catalog(book)


def check_catalog(shipped: Path, overlay: Path | None = None) -> tuple[CatalogProblem, ...]:
    """All that is wrong, in order of file and key; empty when the catalogue can be used."""
    return tuple(_examined(shipped, overlay)[1])


def problems_of(folder: Path, overlay: Path | None = None) -> list[CatalogProblem]:
    return list(check_catalog(folder, overlay))


def _examined(shipped: Path, overlay: Path | None) -> tuple[Book, list[CatalogProblem]]:
    problems: list[CatalogProblem] = []
    documents = read_folder(shipped, SHIPPED, problems)
    if overlay is not None:
        documents += read_folder(overlay, OVERLAY, problems)
    broken: set[Document] = set()
    for document in documents:
        wrong = structure_problems(document)
        if wrong:
            broken.add(document)
            problems += wrong
    book = merge(shelve(documents, broken), problems)
    problems += book_problems(book)
    return book, sorted(set(problems), key=lambda problem: (problem.place != SHIPPED, problem))


def _catalog(book: Book) -> Catalog:
    newest = dict(sorted(_specs(book.newest).items(), key=lambda item: (item[1].order, item[0])))
    older = {
        (code, number): placed.spec
        for code, versions in book.versions.items()
        for number, placed in versions.items()
        if number != newest[code].version
    }
    return Catalog(
        subjects=_specs(book.subjects),
        tags=_specs(book.tags),
        measures=_specs(book.measures),
        chapters=dict(sorted(_specs(book.chapters).items(), key=lambda item: (item[1].order, item[0]))),
        programmes=MappingProxyType(newest),
        older=MappingProxyType(older),
        indicators=_specs(book.indicators),
        reports=_specs(book.reports),
        modes=_specs(book.modes),
        new_fields=_specs(book.new_fields),
        organisation_types=_specs(book.types),
        clocks=_specs(book.clocks),
        years=_specs(book.years),
        schemes=_specs(book.schemes),
        templates=_specs(book.templates),
        seeds=MappingProxyType({code: placed.spec.name for code, placed in book.seeds.items()}),
    )


def _specs(owned: Mapping[_Key, Placed[_Spec]]) -> Mapping[_Key, _Spec]:
    return MappingProxyType({key: placed.spec for key, placed in owned.items()})
