"""JSON Schema generated from the specs: what structure checks by, and what editors complete keys with."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from lianxin.catalog.files import EXTENSIONS, TABLES, Shelf
from lianxin.catalog.keys import Key, KeyOf, item_of, keys_of
from lianxin.catalog.plain import Where

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MEND = "x-mend"
Schema = dict[str, Any]

_PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string", "minLength": 1},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": "number"},
    dt.date: {"type": "string", "format": "date"},
}
_WHERE: Schema = {
    "type": "object",
    "additionalProperties": {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
}


@cache
def schemas() -> Mapping[Shelf, Schema]:
    """The schema of each kind of file."""
    return {shelf: _schema_of_file(tables) for shelf, tables in TABLES.items()}


def schema_texts() -> dict[str, str]:
    """File name → text, as they are committed under catalog/schema/."""
    return {
        f"{shelf}.schema.json": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for shelf, schema in schemas().items()
    }


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write catalog/schema/*.schema.json; says which files changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, text in schema_texts().items():
        file = folder / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            changed.append(file)
    return tuple(changed)


def _schema_of_file(tables: tuple[type, ...]) -> Schema:
    defs: dict[str, Schema] = {}
    schema = {"$schema": DIALECT, **_table_or_extension(tables[0], defs)}
    return {**schema, "$defs": dict(sorted(defs.items()))}


def _table_or_extension(table: type, defs: dict[str, Schema]) -> Schema:
    """A table, or where `extends = true` stands in it, its extension. if/then/else keeps errors at their own place."""
    extension = EXTENSIONS.get(table)
    if extension is None:
        return _ref(table, defs)
    is_extension = {"properties": {"extends": {"const": True}}, "required": ["extends"]}
    return {"if": is_extension, "then": _ref(extension, defs), "else": _ref(table, defs)}


def _ref(table: type, defs: dict[str, Schema]) -> Schema:
    if table.__name__ not in defs:
        defs[table.__name__] = {}  # reserves the name while its own keys are walked
        defs[table.__name__] = _table(table, defs)
    return {"$ref": f"#/$defs/{table.__name__}"}


def _table(table: type, defs: dict[str, Schema]) -> Schema:
    keys = keys_of(table)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [key.name for key in keys if key.required],
        "properties": {key.name: _key(key, defs) for key in keys},
    }


def _key(key: KeyOf, defs: dict[str, Schema]) -> Schema:
    return {"description": key.key.says, **_typed(key.type, defs), **_limits(key.key, key.type)}


def _typed(hint: Any, defs: dict[str, Schema]) -> Schema:
    if get_origin(hint) is Annotated:
        bare, note = get_args(hint)
        return {**_typed(bare, defs), **_limits(note, bare)}
    if hint == Where:
        return dict(_WHERE)
    if get_origin(hint) is Literal:
        return {"enum": list(get_args(hint))}
    if get_origin(hint) in (Union, UnionType):
        return _table_or_extension(get_args(hint)[0], defs)
    item = item_of(hint)
    if item is not None:
        return {"type": "array", "items": _typed(item, defs)}
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    if get_origin(hint) is Mapping:
        values = get_args(hint)[1]
        return {"type": "object"} if values is Any else {"type": "object", "additionalProperties": _typed(values, defs)}
    return _ref(hint, defs)


def _limits(key: Key, hint: Any) -> Schema:
    limits: Schema = {}
    if key.pattern:
        limits |= {"pattern": key.pattern, MEND: key.mend}
    if key.longest:
        limits["maxLength"] = key.longest
    if key.always:
        limits["const"] = True
    if item_of(hint) is not None and hint != Where:
        if item_of(hint) is str or get_origin(item_of(hint)) in (Annotated, Literal):
            limits["uniqueItems"] = True
        if key.least:
            limits["minItems"] = key.least
    elif key.least is not None:
        limits["minimum"] = key.least
    return limits
