"""The guard: a table that answers nobody in particular is an error. Reading names an actor; writing names a pen.

Closed here: every plain read, counts, subqueries, unions, reverse relations, joins into another guarded table (filter,
order_by, values, F, select_related), forward foreign keys and refresh_from_db (base manager), raw SQL, unlicensed writes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

from lianxin.access.actor import REGION_ONLY, Actor, Columns
from lianxin.access.verbs import Verb


class Unscoped(RuntimeError):
    """A guarded table was about to be read for nobody, or written without its pen. A programming error, never shown."""


@dataclass(frozen=True, slots=True)
class Guard:
    """How one model is protected: the verb to read it, the columns that scope it, the pen that may write it."""

    read: Verb
    pen: str
    columns: Columns = REGION_ONLY


_guarded_tables: dict[str, str] = {}
_pens: ContextVar[frozenset[str]] = ContextVar("pens", default=frozenset())


@contextmanager
def pen(name: str) -> Iterator[None]:
    """While this is open, models whose guard names this pen may be written. Each holder stands in the golden file."""
    token = _pens.set(_pens.get() | {name})
    try:
        yield
    finally:
        _pens.reset(token)


class GuardedQuery(Query):
    """A query that will not become SQL until somebody says whose eyes it is for."""

    granted: tuple[str, str] | None = None
    across: frozenset[str] = frozenset()

    def get_compiler(self, *args: Any, **kwargs: Any) -> SQLCompiler:
        if not self.is_empty():
            self._require_grant()
        compiler = super().get_compiler(*args, **kwargs)
        # order_by, values and select_related add their joins only here, so look again once they stand.
        object.__setattr__(compiler, "pre_sql_setup", self._looking_at_joins(compiler.pre_sql_setup))
        return compiler

    def combine(self, rhs: Query, connector: str) -> None:
        if getattr(rhs, "granted", None) != self.granted or self.granted is None:
            raise Unscoped(f"{self._name}: two querysets of different eyes were combined")
        super().combine(rhs, connector)

    @property
    def _name(self) -> str:
        return self.model.__name__ if self.model else "query"

    def _require_grant(self) -> None:
        if self.granted is None:
            raise Unscoped(f"{self._name}: say .seen_by(actor) or .unscoped('because …')")

    def _looking_at_joins(self, inner: Callable[..., Any]) -> Callable[..., Any]:
        def pre_sql_setup(*args: Any, **kwargs: Any) -> Any:
            result = inner(*args, **kwargs)
            own = self.model._meta.db_table if self.model else ""
            for alias, join in self.alias_map.items():
                table = join.table_name
                if (
                    self.alias_refcount.get(alias)
                    and table != own
                    and table in _guarded_tables
                    and table not in self.across
                ):
                    raise Unscoped(f"{self._name} joins {_guarded_tables[table]}: ask that table with .seen_by(actor)")
                # A join back into the own table reads rows the scope was never asked about.
                if self.alias_refcount.get(alias) and table == own and getattr(join, "join_type", None):
                    raise Unscoped(f"{self._name} joins itself: ask again with .seen_by(actor)")
            return result

        return pre_sql_setup


_Row = TypeVar("_Row", bound=models.Model, covariant=True)


class GuardedQuerySet(models.QuerySet[_Row]):
    """A queryset that names its reader before it reads and holds its pen before it writes."""

    query: GuardedQuery

    def __init__(
        self,
        model: type[_Row] | None = None,
        query: Query | None = None,
        using: str | None = None,
        hints: dict[str, models.Model] | None = None,
    ) -> None:
        super().__init__(model, query or GuardedQuery(model), using, hints)

    def seen_by(self, actor: Actor, verb: Verb | None = None) -> Self:
        """The rows this actor may read (or use `verb` on)."""
        guard = _guard_of(self.model)
        reach = actor.reach(verb or guard.read, guard.columns)
        return self.filter(reach)._granted("actor", actor.account)

    def unscoped(self, because: str, *, across: Collection[str] = ()) -> Self:
        """All rows, for a reason that stands in the golden file; `across` names guarded tables it may join."""
        if not because:
            raise Unscoped("an unscoped read needs its reason")
        return self.all()._granted("unscoped", because, across=across)

    def _granted(self, kind: str, who: str, *, across: Collection[str] = ()) -> Self:
        if self.query.granted not in (None, (kind, who)):
            raise Unscoped(f"{self.query._name}: granted twice, to different eyes")
        self.query.granted = (kind, who)
        self.query.across = frozenset(across)
        return self

    # Writes: Django gives UPDATE and DELETE query classes of their own, so the question is asked here.
    def update(self, **kwargs: Any) -> int:
        self._licensed()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._licensed()
        return super().delete()

    def bulk_create(self, objs: Iterable[_Row], *args: Any, **kwargs: Any) -> list[_Row]:
        _require_pen(self.model)
        return super().bulk_create(objs, *args, **kwargs)

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        raise Unscoped(f"{self.query._name}: raw SQL on a guarded table")

    def _licensed(self) -> None:
        _require_pen(self.model)
        if self.query.granted is None:
            raise Unscoped(f"{self.query._name}: say whose rows these are before writing them")


def _guard_of(model: type[models.Model]) -> Guard:
    guard = getattr(model, "guard", None)
    if not isinstance(guard, Guard):
        raise Unscoped(f"{model.__name__} has no guard")
    return guard


def _require_pen(model: type[models.Model]) -> None:
    guard = _guard_of(model)
    if guard.pen not in _pens.get():
        raise Unscoped(f"{model.__name__} is written only with the pen “{guard.pen}”")


class Guarded(models.Model):
    """Base of every model that holds people's affairs. Subclasses set `guard` and inherit Meta."""

    guard: ClassVar[Guard]
    objects = GuardedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        _require_pen(type(self))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _require_pen(type(self))
        return super().delete(*args, **kwargs)


def _remember(sender: type[models.Model], **_: Any) -> None:
    if issubclass(sender, Guarded) and not sender._meta.abstract:
        _guard_of(sender)
        _guarded_tables[sender._meta.db_table] = sender.__name__


models.signals.class_prepared.connect(_remember, dispatch_uid="lianxin.access.guard")
