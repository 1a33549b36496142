"""A report as a file: .docx after GB/T 9704, .html that needs nothing beside it, .json of every figure for programs."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string

from lianxin.base.days import say_day
from lianxin.catalog.current import catalog
from lianxin.indicators.behind import count_behind
from lianxin.indicators.figures import compute_all
from lianxin.indicators.veil import Veil
from lianxin.ledger.view import LedgerView
from lianxin.official.document import Block, BoundFigure, Document, Heading
from lianxin.official.word import write_official

Href = Callable[[BoundFigure], str]
"""Where a figure's door is; "" for none."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a paragraph; with an address, a number that opens. `is_since`: it has been corrected since."""

    text: str
    href: str = ""
    title: str = ""
    is_since: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """A heading (with its number) or a paragraph, as a page prints it."""

    anchor: str
    number: str
    pieces: tuple[Piece, ...]
    is_heading: bool

    @property
    def text(self) -> str:
        return self.number + "".join(piece.text for piece in self.pieces)


def docx_bytes(document: Document) -> bytes:
    file = io.BytesIO()
    write_official(document, file)
    return file.getvalue()


def html_page(document: Document, *, href: Href, fresh: str) -> str:
    """One file with its style inside. `fresh` says of when the figures are."""
    return render_to_string(
        "ui/paper.html",
        {
            "title": document.title,
            "blocks": printed(document, href),
            "issuer": document.issuer or "",
            "date": say_day(document.date) if document.date else "",
            "footer": f"{fresh}带线的数点得开，登录以后看得到是哪些记录。",
        },
    )


def printed(document: Document, href: Href, *, since: Collection[tuple[str, str]] = ()) -> tuple[Printed, ...]:
    """The blocks in order, for a template. `since` names the figures (code, period) that have moved."""
    return tuple(
        Printed(f"s{place}", number, _pieces(block, href, since), isinstance(block, Heading))
        for place, (number, block) in enumerate(document.numbered(), 1)
    )


def _pieces(block: Block, href: Href, since: Collection[tuple[str, str]]) -> tuple[Piece, ...]:
    return tuple(
        Piece(run.shown, href(run) if run.value is not None else "", run.name, (run.code, run.period) in since)
        if isinstance(run, BoundFigure)
        else Piece(run.shown)
        for run in block.runs
    )


def document_figures(document: Document, *, region: str, year: int) -> dict[str, Any]:
    """The figures that a document binds, in the same shape as `figures_json`, each with its period."""
    bound = {(figure.code, figure.period): figure for figure in document.figures}
    return {
        "region": region,
        "year": year,
        "figures": [
            {
                "code": figure.code,
                "name": figure.name,
                "period": figure.period,
                "value": _number(figure.value),
                "unit": figure.unit,
                "fold": figure.fold,
                "records": figure.records,
            }
            for figure in bound.values()
        ],
    }


def figures_json(view: LedgerView) -> dict[str, Any]:
    """Every whole figure of the catalogue for one region and period; the shape is promised to scripts.

    `value` is null for a ratio over nothing, and where the reader is not shown a small number.
    """
    veil = Veil()
    figures = compute_all(catalog().whole_indicators, view, veil=veil)
    return {
        "region": view.region,
        "year": view.period.year,
        "figures": [
            {
                "code": figure.code,
                "name": figure.spec.name,
                "value": _number(figure.value),
                "unit": figure.spec.unit,
                "fold": figure.spec.fold,
                "records": count_behind(figure.spec, view, veil=veil),
            }
            for figure in figures.values()
        ],
    }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
