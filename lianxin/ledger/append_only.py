"""The guard in Python: rows that are written once, by the ledger's own SQL, and never again. See `triggers`."""

from __future__ import annotations

from typing import Any, Never, TypeVar

from django.db import models


class AppendOnly(RuntimeError):
    """Somebody tried to write the ledger past its door. A programming error, never shown."""


def _refuse(what: object) -> Never:
    raise AppendOnly(f"{what}: the ledger is written by lianxin.ledger.post and by nobody else")


_Row = TypeVar("_Row", bound=models.Model, covariant=True)


class AppendOnlyQuerySet(models.QuerySet[_Row]):
    """Reads; refuses every way of writing that a queryset has."""

    def update(self, **_: Any) -> Never:
        _refuse(self.model.__name__)

    def delete(self) -> Never:
        _refuse(self.model.__name__)

    def create(self, **_: Any) -> Never:
        _refuse(self.model.__name__)

    def bulk_create(self, *_: Any, **__: Any) -> Never:
        _refuse(self.model.__name__)

    def bulk_update(self, *_: Any, **__: Any) -> Never:
        _refuse(self.model.__name__)


class WrittenOnce(models.Model):
    """Base of the tables that only grow."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *_: Any, **__: Any) -> Never:
        _refuse(type(self).__name__)

    def delete(self, *_: Any, **__: Any) -> Never:
        _refuse(type(self).__name__)
