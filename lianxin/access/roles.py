"""Roles as data: reads catalog/roles.toml into frozen Roles, all mistakes collected."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lianxin.access.verbs import SEPARATED, Seal, Verb
from lianxin.base.codes import Level
from lianxin.base.errors import Problems


@dataclass(frozen=True, slots=True)
class Role:
    """What a role may do, said for people: `name` on pages, `description` beside the tick box that grants it."""

    code: str
    name: str
    description: str
    level: Level
    verbs: frozenset[Verb]
    seals: frozenset[Seal]
    by_programme: bool = False  # it is granted for a list of programmes, and means nothing without one
    second_factor: bool = False  # whoever holds it signs in with a code besides the password


def _role(entry: dict[str, Any], problems: Problems, where: str) -> Role | None:
    if Seal.TEAM.value in entry.get("seals", ()):
        problems.add(where, "seals 里不能写 team：限承办人的记录只对这一件的承办人和主管开放，不随岗位打开。")
    try:
        seals = frozenset(Seal(seal) for seal in entry.get("seals", ["open"]))
        return Role(
            code=entry["code"],
            name=entry["name"],
            description=entry["description"],
            level=Level[entry["level"].upper()],
            verbs=frozenset(Verb(verb) for verb in entry["verbs"]),
            seals=seals,
            by_programme=entry.get("by_programme", False) is True,
            # Whoever sees protected files needs one unless the file says otherwise.
            second_factor=entry.get("second_factor", seals != {Seal.OPEN}) is True,
        )
    except (KeyError, TypeError, AttributeError) as error:
        problems.add(where, f"缺少或写错了 {error}；需要 code、name、description、level、verbs。")
    except ValueError as error:
        problems.add(where, f"{error}；请对照 docs 里的权限一览改正。")
    return None


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("role", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Problems().with_item(path.name, f"读不出来（{error}），请照着别的 [[role]] 改正。") from error
    except OSError as error:
        raise Problems().with_item(path.name, f"打不开（{error.strerror}），请放回这个文件。") from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Problems().with_item(path.name, "每个岗位请写成一段 [[role]]。")
    return entries


def read_roles(path: Path) -> dict[str, Role]:
    """Every role by its code; Problems with all that is wrong in the file."""
    problems = Problems()
    entries = _entries(path)
    roles: dict[str, Role] = {}
    for number, entry in enumerate(entries, 1):
        role = _role(entry, problems, f"{path.name} 第 {number} 个 [[role]]")
        if role and role.code in roles:
            problems.add(path.name, f"角色 {role.code} 写了两遍，请删去一个。")
        elif role and len(role.verbs & SEPARATED) > 1:
            joined = "、".join(sorted(role.verbs & SEPARATED))
            problems.add(path.name, f"角色 {role.code} 同时有 {joined}，三员要分立，请分给不同的岗位。")
        elif role:
            roles[role.code] = role
    problems.raise_if_any()
    return roles


@cache
def roles(path: Path) -> dict[str, Role]:
    """The roles of this installation, read once."""
    return read_roles(path)
