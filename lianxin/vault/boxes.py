"""Every column of the database that holds sealed bytes, and with what context each was sealed: for changing keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.apps import apps

from lianxin.vault.fields import SealedField


@dataclass(frozen=True, slots=True)
class Boxes:
    """One such column. `context` is given the values of the columns `given`, in their order."""

    table: str
    pk: str
    column: str
    context: Callable[..., str]
    given: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}"


_others: dict[str, Boxes] = {}


def also(boxes: Boxes) -> None:
    """Say where a room keeps sealed bytes outside a SealedField."""
    _others[boxes.name] = boxes


def every() -> Iterator[Boxes]:
    """All of them, in the order of their names."""
    found = {
        boxes.name: boxes
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, SealedField)
        for boxes in [_of(model._meta.db_table, str(model._meta.pk.column), field)]
    }
    yield from (boxes for _, boxes in sorted((found | _others).items()))


def _of(table: str, pk: str, field: SealedField) -> Boxes:
    context = field.context
    return Boxes(table, pk, str(field.column), lambda: context)
