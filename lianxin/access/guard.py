"""The guard: a table that answers nobody in particular is an error. Reading names an actor; writing names a pen.

Closed here: every plain read, counts, subqueries, unions, reverse relations, joins into another guarded table (filter,
order_by, values, F, select_related), foreign keys followed or validated, refresh_from_db, raw SQL, unlicensed writes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar

from django.apps import apps
from django.core import checks
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
# While a licensed delete runs, Django asks who points at the rows that go: questions of its own, answered to nobody.
_collecting: ContextVar[bool] = ContextVar("collecting", default=False)


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
            self.require_grant()
        compiler: SQLCompiler = super().get_compiler(*args, **kwargs)
        # order_by, values and select_related add their joins only here, so look again once they stand.
        object.__setattr__(compiler, "pre_sql_setup", self._looking_at_joins(compiler.pre_sql_setup))
        return compiler

    def combine(self, rhs: Query, connector: str) -> None:
        self.require_same_eyes(rhs)
        super().combine(rhs, connector)

    def require_same_eyes(self, other: Query) -> None:
        if getattr(other, "granted", None) != self.granted or self.granted is None:
            raise Unscoped(f"{self.name}: two querysets of different eyes were combined")

    @property
    def name(self) -> str:
        return self.model.__name__ if self.model else "query"

    def refuse_joins(self) -> None:
        """Unscoped when a guarded table is joined that nobody was asked about."""
        for alias, join in self.alias_map.items():
            # The own table stands first and is no join; joined once more it shows rows the scope was never asked about.
            if not self.alias_refcount.get(alias) or join.join_type is None or join.table_name in self.across:
                continue
            if join.table_name in _guarded_tables:
                joined = _guarded_tables[join.table_name]
                raise Unscoped(f"{self.name} joins {joined}: ask that table apart, with .seen_by(actor)")

    def require_grant(self) -> None:
        if self.granted is None and not _collecting.get():
            raise Unscoped(f"{self.name}: say .seen_by(actor) or .unscoped('because …')")

    def _looking_at_joins(self, inner: Callable[..., Any]) -> Callable[..., Any]:
        def pre_sql_setup(*args: Any, **kwargs: Any) -> Any:
            result = inner(*args, **kwargs)
            self.refuse_joins()
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
        if query is not None and not isinstance(query, GuardedQuery):
            raise Unscoped("a guarded queryset was given a plain query")
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
            raise Unscoped(f"{self.query.name}: granted twice, to different eyes")
        self.query.granted = (kind, who)
        self.query.across = frozenset(across)
        return self

    def _combinator_query(self, combinator: str, *other_qs: Any, all: bool = False) -> Any:  # noqa: A002  # Django's name
        for other in other_qs:
            self.query.require_same_eyes(other.query)
        return super()._combinator_query(combinator, *other_qs, all=all)  # type: ignore[misc]  # not in the stubs

    # Writes: Django gives UPDATE and DELETE query classes of their own, so the questions are asked here.
    def update(self, **kwargs: Any) -> int:
        self._licensed()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._licensed()
        with _asking_who_points_here():
            return super().delete()

    def _licensed(self) -> None:
        require_pen(self.model)
        self.query.require_grant()
        self.query.refuse_joins()

    # What saving, bulk_create and deleting come down to; fixtures (`save_base(raw=True)`) come this way as well.
    def _insert(self, *args: Any, **kwargs: Any) -> Any:
        require_pen(self.model)
        return super()._insert(*args, **kwargs)  # type: ignore[misc]  # not in the stubs

    def _update(self, *args: Any, **kwargs: Any) -> Any:
        require_pen(self.model)
        return super()._update(*args, **kwargs)  # type: ignore[misc]  # not in the stubs

    def _raw_delete(self, *args: Any, **kwargs: Any) -> Any:
        require_pen(self.model)
        return super()._raw_delete(*args, **kwargs)

    def bulk_create(self, objs: Iterable[_Row], *args: Any, **kwargs: Any) -> list[_Row]:
        require_pen(self.model)
        return super().bulk_create(objs, *args, **kwargs)

    def raw(self, *_: Any, **__: Any) -> Any:
        raise Unscoped(f"{self.query.name}: raw SQL on a guarded table")

    def extra(self, *_: Any, **__: Any) -> Any:
        raise Unscoped(f"{self.query.name}: raw SQL on a guarded table")


@contextmanager
def _asking_who_points_here() -> Iterator[None]:
    token = _collecting.set(True)
    try:
        yield
    finally:
        _collecting.reset(token)


def _guard_of(model: type[models.Model]) -> Guard:
    guard = getattr(model, "guard", None)
    if not isinstance(guard, Guard):
        raise Unscoped(f"{model.__name__} has no guard")
    return guard


def require_pen(model: type[models.Model]) -> None:
    """Unscoped unless the pen that writes this model is held; for writers that build their own SQL."""
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
        require_pen(type(self))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        require_pen(type(self))
        with _asking_who_points_here():
            return super().delete(*args, **kwargs)


def _remember(sender: type[models.Model], **_: Any) -> None:
    if issubclass(sender, Guarded) and not sender._meta.abstract:
        _guard_of(sender)
        for manager in (*sender._meta.managers, sender._base_manager):
            if not isinstance(manager.get_queryset(), GuardedQuerySet):
                raise Unscoped(f"{sender.__name__}.{manager.name} is a way round its guard")
        _guarded_tables[sender._meta.db_table] = sender.__name__


@checks.register
def relations_round_the_guard(**_: Any) -> list[checks.CheckMessage]:
    """A table without a guard could join a guarded one unseen: it may not point at one, nor be able to look back."""
    found: list[checks.CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:  # automatic tables between two models have fields of their own
            target = field.related_model
            if not isinstance(target, type) or issubclass(model, Guarded) == issubclass(target, Guarded):
                continue
            if issubclass(target, Guarded):
                hint = "keep the row's key as text, or give this model a guard"
                found.append(
                    checks.Error(f"{field} points at a guarded table", hint=hint, obj=model, id="lianxin.E001")
                )
            elif field.remote_field is None or not field.remote_field.hidden:
                hint = "add related_name='+'"
                found.append(checks.Error(f"{field} lets others look back", hint=hint, obj=model, id="lianxin.E002"))
    return found


models.signals.class_prepared.connect(_remember, dispatch_uid="lianxin.access.guard")
