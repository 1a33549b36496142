"""Giving lines: money and goods that any kind's record may carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from lianxin.records.models import Giving, Record


@dataclass(frozen=True, slots=True)
class GivingLine:
    """Money in yuan, or goods at their value in yuan with quantity and measure word."""

    line: str
    what: str
    name: str
    amount: Decimal
    quantity: Decimal | None = None
    measure_word: str = ""
    giver: str = ""
    fund: str = ""


def giving_rows(record: Record, kind: str, subject: str, givings: Iterable[GivingLine]) -> Iterator[Giving]:
    """The unsaved rows of a record's giving lines."""
    for no, item in enumerate(givings):
        yield Giving(
            kind=kind,
            record=record.key,
            line=item.line,
            no=no,
            subject=subject,
            what=item.what,
            name=item.name,
            quantity=item.quantity,
            measure_word=item.measure_word,
            amount=item.amount,
            giver=item.giver,
            fund=item.fund,
            region=record.region,
            town=record.town,
            county=record.county,
            day=record.day,
            programme=record.programme,
            seal=record.seal,
            is_void=record.is_void,
        )
