"""Whether one file has the right keys of the right types: JSON Schema does the checking, this says it in Chinese."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from lianxin.catalog.files import Shelf
from lianxin.catalog.problems import CatalogProblem, nearest, said
from lianxin.catalog.read import Document
from lianxin.catalog.schema import MEND, Schema, schemas

_TYPES = {
    "string": ("文字", "用英文引号括起来"),
    "integer": ("整数", "只写数字，不加引号和小数点"),
    "number": ("数", "只写数字，不加引号"),
    "boolean": ("是或否", "写 true 或 false，不加引号"),
    "array": ("一列", '用方括号括起来，例如 ["甲", "乙"]；几段的用双方括号，例如 [[reason]]'),
    "object": ("一组键和值", "用花括号括起来，例如 { 键 = 值 }"),
    "date": ("日期", "写成 2021-01-01，不加引号"),
}


def structure_problems(document: Document) -> list[CatalogProblem]:
    """Unknown, missing and mistyped keys of one document; nothing when its TOML is broken, which is told already."""
    if document.raw is None:
        return []
    found: dict[tuple[str, str], CatalogProblem] = {}
    for error in _validator(document.shelf).iter_errors(document.raw):
        for key, message, mend in _say(error):
            found.setdefault((key, message), document.problem(key, message, mend))
    return list(found.values())


@cache
def _validator(shelf: Shelf) -> Validator:
    # JSON has no dates; TOML does. A key that wants one takes a bare date, never a quoted one.
    dated = extend(Draft202012Validator, {"type": _type})
    validator: Validator = dated(schemas()[shelf])
    return validator


def _type(validator: Any, expected: str, instance: Any, schema: Schema) -> Iterator[ValidationError]:
    # A TOML date-time is a date to isinstance; here it is not.
    fits = type(instance) is dt.date if schema.get("format") == "date" else validator.is_type(instance, expected)
    if not fits:
        yield ValidationError("type")


def _say(error: ValidationError) -> Iterable[tuple[str, str, str]]:
    return _SAYINGS[str(error.validator)](error, path_of(error.absolute_path))


def path_of(parts: Iterable[str | int]) -> str:
    """fact[2].measure: places are counted from one, as people count."""
    path = ""
    for part in parts:
        path += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def _under(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _unknown(error: ValidationError, path: str) -> Iterator[tuple[str, str, str]]:
    known: Mapping[str, Any] = error.schema.get("properties", {})
    for key in error.instance:
        if key not in known:
            yield _under(path, key), f"没有“{key}”这个键", nearest(key, known)


def _missing(error: ValidationError, path: str) -> Iterator[tuple[str, str, str]]:
    for key in error.validator_value:
        if key not in error.instance:
            # The schema of the missing key says what it is for.
            says = error.schema.get("properties", {}).get(key, {}).get("description", "")
            yield _under(path, key), f"缺少“{key}”", f"补上 {key}（{says}）"


def _mistyped(error: ValidationError, path: str) -> Iterator[tuple[str, str, str]]:
    wanted = "date" if error.schema.get("format") == "date" else error.validator_value
    name, mend = _TYPES[wanted]
    yield path, f"这里要写{name}", mend


def _not_listed(error: ValidationError, path: str) -> Iterator[tuple[str, str, str]]:
    choices = error.validator_value
    if isinstance(error.instance, str):
        yield path, f"不认识“{error.instance}”", nearest(error.instance, choices)
    else:
        yield path, "这里要写文字", f"可以写：{said(choices)}"


def _unlike_pattern(error: ValidationError, path: str) -> Iterator[tuple[str, str, str]]:
    yield path, f"“{error.instance}”写法不对", error.schema[MEND]


def _too_small(error: ValidationError, path: str) -> Iterator[tuple[str, str, str]]:
    yield path, f"{error.instance} 太小", f"写 {error.validator_value} 或更大的整数"


def _too_long(error: ValidationError, path: str) -> Iterator[tuple[str, str, str]]:
    longest, now = error.validator_value, len(error.instance)
    yield path, f"有 {now} 个字，太长", f"最多写 {longest} 个字"


def _empty(_: ValidationError, path: str) -> Iterator[tuple[str, str, str]]:
    yield path, "是空的", "写上内容，用不着就删去这个键"


def _repeated(_: ValidationError, path: str) -> Iterator[tuple[str, str, str]]:
    yield path, "有重复的值", "同样的只留一个"


def _must_be_true(_: ValidationError, path: str) -> Iterator[tuple[str, str, str]]:
    yield path, "只能写 true", "不是增补就删去这个键"


_SAYINGS: Mapping[str, Callable[[ValidationError, str], Iterable[tuple[str, str, str]]]] = {
    "additionalProperties": _unknown,
    "required": _missing,
    "type": _mistyped,
    "enum": _not_listed,
    "pattern": _unlike_pattern,
    "minimum": _too_small,
    "maxLength": _too_long,
    "minLength": _empty,
    "minItems": _empty,
    "uniqueItems": _repeated,
    "const": _must_be_true,
}
