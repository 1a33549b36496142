"""Which facts a figure is about, matched alike in Python and in SQL; and which selections tallies are kept of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from django.db import connection

from lianxin.catalog.current import catalog
from lianxin.catalog.specs import Catalog

Where = tuple[tuple[str, tuple[str, ...]], ...]


class Fold(StrEnum):
    """How facts become a number."""

    FLOW = "flow"
    STOCK = "stock"
    DISTINCT = "distinct"


@dataclass(frozen=True, slots=True)
class Selection:
    """The facts of one measure whose tags answer `where`: any of the values of each name, and every name.

    The name `programme` asks the programme the fact was posted under; every other name asks the tags.
    """

    key: str
    fold: Fold
    measure: str
    where: Where = ()

    @property
    def hash(self) -> str:
        """Changes when the selection does."""
        return hashlib.sha256(repr((self.fold.value, self.measure, self.where)).encode()).hexdigest()

    def matches(self, measure: str, programme: str, tags: str) -> bool:
        """Whether a fact counts; `tags` is its canonical text."""
        return measure == self.measure and all(
            programme in values if name == "programme" else any(f";{name}={value};" in tags for value in values)
            for name, values in self.where
        )

    def condition(self) -> tuple[str, list[Any]]:
        """The same question as SQL over ledger_fact. Not LIKE: it folds case on SQLite and reads _ as any letter."""
        found = {"sqlite": "instr(tags, %s) > 0", "postgresql": "strpos(tags, %s) > 0"}[connection.vendor]
        parts, params = ["measure = %s"], [self.measure]
        for name, values in self.where:
            each = "programme = %s" if name == "programme" else found
            parts.append(f"({' OR '.join([each] * len(values)) or 'FALSE'})")
            params += values if name == "programme" else [f";{name}={value};" for value in values]
        return " AND ".join(parts), params


class Countable(Protocol):
    """What the ledger reads of a catalogue's indicator."""

    @property
    def code(self) -> str: ...
    @property
    def fold(self) -> str: ...
    @property
    def measure(self) -> str: ...
    @property
    def where(self) -> Where: ...


def selection_of(indicator: Countable) -> Selection:
    """The selection behind an indicator; the order in which its `where` is written does not matter."""
    where = tuple(sorted((name, tuple(sorted(values))) for name, values in indicator.where))
    return Selection(indicator.code, Fold(indicator.fold), indicator.measure, where)


class Tallied:
    """The selections that cells are kept for, quick to ask from either side."""

    def __init__(self, selections: Iterable[Selection]) -> None:
        self.all = tuple(sorted(selections, key=lambda selection: selection.key))
        self._by_key = {selection.key: selection for selection in self.all}
        self._touched: dict[tuple[str, str, str], tuple[Selection, ...]] = {}
        if len(self._by_key) != len(self.all):
            raise ValueError("two tallies have the same key")

    def holds(self, selection: Selection) -> bool:
        """Whether cells are kept for exactly this selection."""
        return self._by_key.get(selection.key) == selection

    def touched(self, measure: str, programme: str, tags: str) -> tuple[Selection, ...]:
        """The selections that a fact counts in. Facts come in few kinds, so answers are kept."""
        asked = (measure, programme, tags)
        found = self._touched.get(asked)
        if found is None:
            if len(self._touched) > 20_000:
                self._touched.clear()
            found = tuple(selection for selection in self.all if selection.matches(measure, programme, tags))
            self._touched[asked] = found
        return found


_instead: list[Tallied] = []
_made: list[tuple[Catalog, Tallied]] = []


def tallied() -> Tallied:
    """What this installation keeps tallies of: the indicators of its catalogue that say `tally = true`."""
    return _instead[-1] if _instead else _of_catalogue(catalog())


def selections() -> tuple[Selection, ...]:
    return tallied().all


def _of_catalogue(current: Catalog) -> Tallied:
    """Made once for each reading of the catalogue."""
    if not _made or _made[0][0] is not current:
        _made[:] = [(current, Tallied(selection_of(spec) for spec in current.indicators.values() if spec.tally))]
    return _made[0][1]


@contextmanager
def keeping(selections: Iterable[Selection]) -> Iterator[None]:
    """Keep other tallies than the catalogue's for a while, in the whole process: a measurement, a toy county."""
    _instead.append(Tallied(selections))
    try:
        yield
    finally:
        _instead.pop()
