"""From a document whose structure is right to its spec. No checking here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from lianxin.catalog.files import EXTENSIONS
from lianxin.catalog.keys import item_of, keys_of
from lianxin.catalog.plain import Where

_Table = TypeVar("_Table")
_Convert = Callable[[Any], Any]


def build(table: Callable[..., _Table], raw: Mapping[str, Any]) -> _Table:
    """The frozen dataclass that these keys fill."""
    return table(**{attribute: convert(raw[name]) for name, attribute, convert in _plan(table) if name in raw})


@cache
def _plan(table: Callable[..., Any]) -> tuple[tuple[str, str, _Convert], ...]:
    return tuple((key.name, key.attribute, _converter(key.type)) for key in keys_of(table))


def _converter(hint: Any) -> _Convert:
    if get_origin(hint) is Annotated:
        return _converter(get_args(hint)[0])
    if hint == Where:
        return lambda raw: tuple((tag, tuple(values)) for tag, values in raw.items())
    if hint is Decimal:
        return Decimal
    if hint in (str, int, bool, dt.date, Any) or get_origin(hint) is Literal:
        return _as_it_is
    item = item_of(hint)
    if item is not None:
        one = _converter(item)
        return lambda raw: tuple(one(entry) for entry in raw)
    if get_origin(hint) in (Union, UnionType):
        return _table_or_extension(get_args(hint)[0])
    if get_origin(hint) is Mapping:
        value = _converter(get_args(hint)[1])
        return lambda raw: MappingProxyType({key: value(entry) for key, entry in raw.items()})
    return lambda raw: build(hint, raw)


def _table_or_extension(table: type) -> _Convert:
    return lambda raw: build(EXTENSIONS[table] if raw.get("extends") else table, raw)


def _as_it_is(raw: Any) -> Any:
    return raw
