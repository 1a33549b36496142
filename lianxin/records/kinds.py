"""What a kind of record tells the common life about itself, and the list of the kinds that are installed."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from lianxin.access.actor import Actor
from lianxin.access.verbs import Seal, Verb
from lianxin.base.codes import Level
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.ledger.facts import FactDraft
from lianxin.records.drafts import Draft, Raw
from lianxin.records.models import Line, Record


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what a record is about: an opaque key, never a name."""

    type: str
    key: str


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a record stands: everything about it that is not in its values."""

    key: str
    region: str
    day: dt.date
    programmes: tuple[ProgrammeSpec, ...]  # the leading one first

    @property
    def seal(self) -> Seal:
        order = list(Seal)
        return max((Seal(programme.seal) for programme in self.programmes), key=order.index)

    @property
    def town(self) -> str:
        return self.region[: Level.TOWN.length] if len(self.region) >= Level.TOWN.length else ""

    @property
    def county(self) -> str:
        return self.region[: Level.COUNTY.length] if len(self.region) >= Level.COUNTY.length else ""


@dataclass(frozen=True, slots=True)
class Card:
    """One record in two lines, for timelines and the lists behind figures."""

    key: str
    kind: str
    day: dt.date
    region: str
    title: str
    detail: str
    url_name: str
    is_void: bool = False
    subject: str = ""
    is_delicate: bool = False  # not for a phone held at somebody's door


@dataclass(frozen=True, slots=True)
class Call:
    """Care that somebody should get, since a record says so: visits under a programme, so often, bringing what."""

    subject: Subject
    because: str  # what the record is called: the list she stands on
    record: str
    programme: str
    says: str
    deliver: tuple[str, ...] = ()
    every_months: int | None = None


class Values(ABC):
    """A kind's values, cleaned: a frozen dataclass that can say itself as JSON again."""

    @abstractmethod
    def as_json(self) -> dict[str, Any]: ...


_V = TypeVar("_V", bound=Values)


class Kind(ABC, Generic[_V]):
    """One of the eight. Stateless; everything it needs from the registers it asks for a whole batch at once."""

    code: ClassVar[str]
    name: ClassVar[str]
    model: ClassVar[type[Record]]
    line_models: ClassVar[tuple[type[Line], ...]] = ()
    verbs: ClassVar[Mapping[str, Verb]]  # by Act value

    @abstractmethod
    def clean(self, actor: Actor, drafts: Sequence[Draft], *, today: dt.date) -> list[tuple[Stand, _V] | Exception]:
        """Each draft's stand and values, or the Problems that keep it out, in the order given."""

    @abstractmethod
    def recall(self, raw: Raw) -> _V:
        """Values of a kept revision, as they were cleaned then; asks nobody anything."""

    def find(self, actor: Actor, key: str, verb: Verb) -> Record | None:
        """The record, if the actor may use the verb on it; None otherwise. A kind with stricter eyes says so here."""
        return self.model.objects.seen_by(actor, verb).filter(key=key).first()

    def refuses_to_join(self, ours: tuple[str, ...], theirs: tuple[str, ...]) -> str:
        """Why these keys cannot stand for one subject as far as this kind goes; "" when nothing speaks against it."""
        return ""

    @abstractmethod
    def follows(self, before: _V, after: _V) -> bool:
        """Whether `after` says only what came of it later: what a sealed period still allows."""

    def refuse_void(self, actor: Actor, record: Any) -> None:
        """Refused when taking a record back needs more than the verb; nothing by default."""

    @abstractmethod
    def subjects(self, values: _V) -> tuple[Subject, ...]:
        """Whose timelines show it."""

    @abstractmethod
    def programmes(self, values: _V) -> tuple[ProgrammeSpec, ...]:
        """The programmes it was made under, in the version of then, the leading one first."""

    @abstractmethod
    def fill(self, record: Any, values: _V) -> None:
        """Write the kind's own columns."""

    @abstractmethod
    def lines(self, record: Any, values: _V) -> Iterable[Line]:
        """Its sub-rows, unsaved."""

    @abstractmethod
    def facts(self, stand: Stand, values: _V) -> tuple[FactDraft, ...]:
        """What the ledger should hold of it now. Pure: no clock, no database, no request."""

    @abstractmethod
    def words(self, values: _V) -> str:
        """The text that it can be found by."""

    @abstractmethod
    def marks(self, record: Any) -> tuple[str, ...]:
        """What a list of this kind can be narrowed by, as codes like “purpose:care”; read from its columns alone."""

    def calls(self, actor: Actor, subjects: Sequence[str]) -> tuple[Call, ...]:
        """The care that records of this kind call for, as far as the actor may see them; most kinds call for none."""
        return ()

    @abstractmethod
    def cards(self, actor: Actor, keys: Sequence[str]) -> dict[str, Card]:
        """Those of these records that the actor may see."""


_installed: dict[str, Kind[Any]] = {}


def install(kind: Kind[Any]) -> None:
    """Called once by each kind's app when Django starts."""
    _installed[kind.code] = kind


def kind_of(code: str) -> Kind[Any]:
    return _installed[code]


def installed() -> tuple[Kind[Any], ...]:
    return tuple(_installed.values())
