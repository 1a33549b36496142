"""What a key of a catalogue file is: a dataclass attribute annotated with a `Key`. Schema and building read it here."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints


@dataclass(frozen=True, slots=True)
class Key:
    """Stands in Annotated beside the type. `says` is shown by editors; `mend` tells what to write instead."""

    says: str
    toml: str = ""  # how the file writes it, where that is not the attribute's name ([[reason]] fills `reasons`)
    pattern: str = ""
    mend: str = ""
    longest: int = 0
    least: int | None = None
    always: bool = False  # must be true where it stands (`extends = true`)


@dataclass(frozen=True, slots=True)
class KeyOf:
    """One key of one table: where it goes, how it is written, of what type it is."""

    attribute: str
    name: str
    type: Any
    key: Key
    required: bool


@cache
def keys_of(table: type) -> tuple[KeyOf, ...]:
    """The keys a table may hold, in the order of its dataclass. Attributes without a Key are not for files."""
    hints = get_type_hints(table, include_extras=True)
    return tuple(_keys(table, hints))


def _keys(table: type, hints: Mapping[str, Any]) -> Iterator[KeyOf]:
    for attribute in dataclasses.fields(table):
        hint = hints[attribute.name]
        if get_origin(hint) is not Annotated:
            continue
        bare, *notes = get_args(hint)
        key = next((note for note in notes if isinstance(note, Key)), None)
        if key is not None:
            required = attribute.default is dataclasses.MISSING and attribute.default_factory is dataclasses.MISSING
            yield KeyOf(attribute.name, key.toml or attribute.name, not_none(bare), key, required)


def not_none(hint: Any) -> Any:
    """The type without its `| None`."""
    if get_origin(hint) in (Union, UnionType):
        (bare,) = (part for part in get_args(hint) if part is not NoneType)
        return bare
    return hint


def item_of(hint: Any) -> Any | None:
    """X of `tuple[X, ...]`, None for any other type."""
    if get_origin(hint) is tuple:
        return get_args(hint)[0]
    return None
