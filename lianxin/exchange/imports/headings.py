"""Where a table begins and what its columns are: found by their names, in one row or in two, below any title."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from lianxin.exchange.imports.words import IGNORED, Words, plain_label
from lianxin.exchange.reading.cells import MOST_COLUMNS, Broken, Numeric, SheetRow

LOOKED_AT = 40  # rows
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Column:
    """One column of somebody's table; `field` is "" where nobody knows it."""

    label: str
    field: str


@dataclass(frozen=True, slots=True)
class Heading:
    """`last` is the number of the header's last row; `score` how many fields were recognised."""

    last: int
    columns: tuple[Column, ...]
    score: int
    first_rows: tuple[SheetRow, ...] = ()


def find_heading(
    rows: Iterator[SheetRow], *, fields: Mapping[str, str], known: Words, remembered: Mapping[str, str]
) -> Heading | None:
    """The row (or two) among the first that names most of these fields; None when none names any."""
    looked_at = [row for row in islice(rows, LOOKED_AT) if not row.is_hidden]
    best: Heading | None = None
    for place, row in enumerate(looked_at):
        nearby = looked_at[place + 1] if place + 1 < len(looked_at) else None
        for below in (None, nearby) if nearby and nearby.number == row.number + 1 else (None,):
            found = _heading(row, below, fields, known, remembered)
            if found.score and (best is None or found.score > best.score):
                best = found
    if best is None:
        return None
    table = tuple(row for row in looked_at if row.number > best.last and not is_aside(row, best.columns, known))
    return replace(best, first_rows=table[:SHOWN])


def _heading(
    row: SheetRow,
    below: SheetRow | None,
    fields: Mapping[str, str],
    known: Words,
    remembered: Mapping[str, str],
) -> Heading:
    labels = list(row.cells)
    if below is not None:
        labels = _in_two_rows(row.cells, below.cells)
    taken: set[str] = set()
    columns = []
    for label in labels[:MOST_COLUMNS]:
        field = "" if isinstance(label, (Numeric, Broken)) else _field_of(label, fields, known, remembered)
        if field in taken:
            field = ""
        elif field and field != IGNORED:
            taken.add(field)
        columns.append(Column(label[:60], field))
    return Heading((below or row).number, tuple(columns), len(taken))


def _in_two_rows(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    width = max(len(upper), len(lower))
    both = [[*cells, *[""] * (width - len(cells))] for cells in (upper, lower)]
    return [below or above for above, below in zip(*both, strict=True)]


def _field_of(label: str, fields: Mapping[str, str], known: Words, remembered: Mapping[str, str]) -> str:
    plain = plain_label(label)
    if not plain:
        return ""
    own = next((field for field, said in fields.items() if plain_label(said) == plain), "")
    for field in (remembered.get(plain, ""), own, known.columns.get(plain, "")):
        if field in fields or field == IGNORED:
            return field
    return ""


def is_aside(row: SheetRow, columns: Sequence[Column], known: Words) -> bool:
    """A sum, a note below the table, or the header printed again on the next page."""
    first = next((cell for cell in row.cells if cell), "")
    bare = "".join(first.split())
    if bare in known.totals or bare.startswith(known.notes):
        return True
    said = {cell for cell in row.cells if cell}
    return len(said) > 1 and said <= {column.label for column in columns}
