"""What must hold within and between specs, beyond each file's structure. One module for each kind of file."""

from __future__ import annotations

from collections.abc import Iterator

from lianxin.catalog.checks.clocks import clock_problems
from lianxin.catalog.checks.documents import document_problems
from lianxin.catalog.checks.indicators import indicator_problems
from lianxin.catalog.checks.measures import measure_problems
from lianxin.catalog.checks.organisations import organisation_problems
from lianxin.catalog.checks.programmes import programme_problems
from lianxin.catalog.checks.reports import report_problems
from lianxin.catalog.checks.triage import triage_problems
from lianxin.catalog.merge import Book
from lianxin.catalog.problems import CatalogProblem


def book_problems(book: Book) -> Iterator[CatalogProblem]:
    """Everything that is wrong with a merged catalogue."""
    yield from measure_problems(book)
    yield from programme_problems(book)
    yield from indicator_problems(book)
    yield from report_problems(book)
    yield from organisation_problems(book)
    yield from clock_problems(book)
    yield from triage_problems(book)
    yield from document_problems(book)
