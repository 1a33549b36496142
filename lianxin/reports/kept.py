"""Documents and figure definitions as JSON and back, so that a frozen report prints the same for ever."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lianxin.catalog.specs import IndicatorSpec
from lianxin.official.document import Block, BoundFigure, Document, Heading, Paragraph, Run, Text

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class KeptFigure:
    """A figure as it was frozen, with the definition it was read by. `value` None: unknown then, or hidden."""

    spec: IndicatorSpec
    period: str
    value: Decimal | None
    is_hidden: bool
    records: int | None

    def as_json(self) -> Json:
        spec = self.spec
        return {
            "code": spec.code,
            "name": spec.name,
            "unit": spec.unit,
            "fold": spec.fold,
            "measure": spec.measure,
            "where": {name: list(values) for name, values in spec.where},
            "numerator": spec.numerator,
            "denominator": spec.denominator,
            "small": spec.small,
            "period": self.period,
            "value": _text(self.value),
            "is_hidden": self.is_hidden,
            "records": self.records,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> KeptFigure:
        spec = IndicatorSpec(
            code=raw["code"],
            name=raw["name"],
            unit=raw["unit"],
            fold=raw["fold"],
            note="",
            measure=raw["measure"],
            where=tuple((name, tuple(values)) for name, values in raw["where"].items()),
            numerator=raw["numerator"],
            denominator=raw["denominator"],
            small=raw["small"],
        )
        return cls(spec, raw["period"], _number(raw["value"]), raw["is_hidden"], raw["records"])


def document_json(document: Document) -> Json:
    return {
        "title": document.title,
        "issuer": document.issuer,
        "date": document.date.isoformat() if document.date else None,
        "blocks": [_block_json(block) for block in document.blocks],
    }


def document_from(raw: Mapping[str, Any]) -> Document:
    return Document(
        title=raw["title"],
        issuer=raw["issuer"],
        date=dt.date.fromisoformat(raw["date"]) if raw["date"] else None,
        blocks=tuple(_block_from(block) for block in raw["blocks"]),
    )


def _block_json(block: Block) -> Json:
    level = block.level if isinstance(block, Heading) else 0
    return {"level": level, "runs": [_run_json(run) for run in block.runs]}


def _block_from(raw: Mapping[str, Any]) -> Block:
    runs = tuple(_runs_from(raw["runs"]))
    return Heading(raw["level"], runs) if raw["level"] else Paragraph(runs)


def _run_json(run: Run) -> Json:
    if isinstance(run, Text):
        return {"text": run.text}
    return {
        "code": run.code,
        "shown": run.shown,
        "value": _text(run.value),
        "unit": run.unit,
        "name": run.name,
        "fold": run.fold,
        "region": run.region,
        "period": run.period,
        "records": run.records,
    }


def _runs_from(raws: Iterable[Mapping[str, Any]]) -> Iterable[Run]:
    for raw in raws:
        if "text" in raw:
            yield Text(raw["text"])
        else:
            yield BoundFigure(**{**raw, "value": _number(raw["value"])})


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
