"""What a kind of import tells the machinery: which columns it asks, how it reads rows, recognises, applies, undoes."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.exchange.models import Batch, StagedRow, State

Cells = Mapping[str, str]
"""The cells of a row by field, as they stand; what is no number and no broken cell is plain text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A column that a kind can take. `options` are offered in the template as a list to pull down."""

    field: str
    label: str
    is_needed: bool = False
    options: tuple[str, ...] = ()
    example: str = ""
    help: str = ""
    width: float = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One row as it was read and checked. `said` is what will be applied; `problems` are (field, message)."""

    row: int
    unit: int
    state: State = State.GOOD
    problems: tuple[tuple[str, str], ...] = ()
    key: str = ""
    home: str = ""
    found: str = ""
    mark: str = ""
    said: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def wrong(self, problems: Sequence[tuple[str, str]]) -> Read:
        return replace(self, state=State.BAD, problems=(*self.problems, *problems), said={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """What became of a staged row when it was applied or taken back."""

    state: State
    message: str = ""
    field: str = ""
    found: str = ""


class Reader(ABC):
    """Reads the rows of one file in order. Rows of one unit stand together in what comes back."""

    @abstractmethod
    def read(self, row: int, cells: Cells) -> Iterator[Read]:
        """What is certain by now: a household is whole when the next one begins."""

    @abstractmethod
    def rest(self) -> Iterator[Read]:
        """What was still being waited for."""

    def notes(self) -> list[str]:
        """What is to be said about the whole file once it has been read."""
        return []

    @abstractmethod
    def skip(self, row: int, cells: Cells) -> None:
        """A row that was read before: only what later rows lean on is kept."""


class Kind(ABC):
    """Persons, households, organisations, listings. Stateless."""

    code: ClassVar[str]
    name: ClassVar[str]
    title: ClassVar[str]
    verb: ClassVar[Verb]
    needs_one_of: ClassVar[tuple[str, ...]]
    help: ClassVar[str] = ""
    at_once: ClassVar[int] = 300  # units of one transaction: about a fifth of a second, so that others come in between

    @abstractmethod
    def asked(self) -> tuple[Asked, ...]:
        """The columns of its template, in order."""

    def also(self) -> tuple[Asked, ...]:
        """Further columns it understands when a file has them."""
        return ()

    @abstractmethod
    def reader(self, actor: Actor, batch: Batch, *, today: dt.date) -> Reader: ...

    @abstractmethod
    def recognise(self, actor: Actor, reads: Sequence[Read], *, county: str) -> list[Read]:
        """The same rows, those told apart that stand in the books already, as far as the actor may see."""

    @abstractmethod
    def apply(self, actor: Actor, rows: Sequence[StagedRow], *, at: dt.datetime) -> dict[int, Became]:
        """Whole units. In the caller's transaction; by the row's number in the sheet."""

    @abstractmethod
    def undo(self, actor: Actor, rows: Sequence[StagedRow], *, because: str, at: dt.datetime) -> dict[int, Became]:
        """What was applied, taken back; what was changed since stays and is said."""

    def labels(self) -> dict[str, str]:
        return {each.field: each.label for each in (*self.asked(), *self.also())}
