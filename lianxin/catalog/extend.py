"""A county's extension laid over a line of work: it adds, renames and retires; what is already there stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from lianxin.catalog.fields import FieldSpec
from lianxin.catalog.files import LISTS, AddedOption, ProgrammeExtension
from lianxin.catalog.lists import OptionSpec
from lianxin.catalog.problems import CatalogProblem, nearest
from lianxin.catalog.shelves import Placed, sourced
from lianxin.catalog.specs import ProgrammeSpec

_SAID = ("name", "short", "help", "until", "order", "who", "review_months", "review_source", "valid_months")


def extended_programme(
    programme: ProgrammeSpec, placed: Placed[ProgrammeExtension], *, is_newest: bool, problems: list[CatalogProblem]
) -> ProgrammeSpec:
    """Additions reach every version, since records of each may carry them; names and dates change the newest only."""
    extension = placed.spec
    changes: dict[str, Any] = {
        attribute: (there := getattr(programme, attribute)) + _added(there, placed, attribute, noun, problems)
        for attribute, noun in LISTS
    }
    changes["fields"] = _with_options(changes["fields"], placed, problems)
    if is_newest:
        # "" and None mean that the county did not say.
        said = {key: getattr(extension, key) for key in _SAID}
        changes |= {key: value for key, value in said.items() if value not in ("", None)}
    return replace(programme, **changes)


def _added(
    there: tuple[Any, ...],
    placed: Placed[ProgrammeExtension],
    attribute: str,
    noun: str,
    problems: list[CatalogProblem],
) -> tuple[Any, ...]:
    codes = {entry.code for entry in there}
    fresh: dict[str, Any] = {}  # by code: one written twice in the extension is told by the checks
    for number, entry in enumerate(getattr(placed.spec, attribute), 1):
        if entry.code in codes:
            message = f"“{entry.code}”在原来的工作里已经有了"
            problems.append(placed.problem(f"{noun}[{number}].code", message, "换一个代号，或删去这一段"))
        else:
            fresh[entry.code] = sourced(entry, placed.spec.source)
    return tuple(fresh.values())


def _with_options(
    fields: tuple[FieldSpec, ...], placed: Placed[ProgrammeExtension], problems: list[CatalogProblem]
) -> tuple[FieldSpec, ...]:
    by_code = {entry.code: entry for entry in fields}
    for number, added in enumerate(placed.spec.options, 1):
        problem = _unfit(added, by_code, placed, f"option[{number}]")
        if problem is not None:
            problems.append(problem)
            continue
        entry = by_code[added.field]
        option = OptionSpec(code=added.code, name=added.name, source=added.source or placed.spec.source)
        by_code[entry.code] = replace(entry, options=(*entry.options, option))
    return tuple(by_code.values())


def _unfit(
    added: AddedOption, fields: dict[str, FieldSpec], placed: Placed[ProgrammeExtension], path: str
) -> CatalogProblem | None:
    entry = fields.get(added.field)
    if entry is None:
        return placed.problem(f"{path}.field", f"没有“{added.field}”这个字段", nearest(added.field, fields))
    if entry.type not in ("choice", "choices"):
        message = f"“{entry.code}”不是选择题，没有选项可添"
        return placed.problem(f"{path}.field", message, _choice_fields(fields.values()))
    if added.code in {option.code for option in entry.options}:
        return placed.problem(f"{path}.code", f"选项“{added.code}”已经有了", "换一个代号，或删去这一段")
    return None


def _choice_fields(fields: Iterable[FieldSpec]) -> str:
    codes = [entry.code for entry in fields if entry.type in ("choice", "choices")]
    return f"可以添选项的字段：{'、'.join(codes)}" if codes else "这项工作没有选择题，删去这一段"
