"""The source code of the house as syntax trees, and the golden files it is held against.

A golden file is reviewed like policy. `LIANXIN_TEST_GOLDEN=1 .venv/bin/pytest tests/house` writes them anew; the
ceiling in a file's first line is never raised by that, only by hand and with a reason in the commit.
"""

from __future__ import annotations

import ast
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "lianxin"
GOLDEN = Path(__file__).parent / "golden"
REWRITE = os.environ.get("LIANXIN_TEST_GOLDEN") == "1"


@dataclass(frozen=True)
class Module:
    """One file of the package."""

    path: str  # "lianxin/records/door.py"
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return self.text.count("\n")


@cache
def modules() -> tuple[Module, ...]:
    """Every module but the migrations, which Django writes."""
    files = (path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts)
    return tuple(_read(path) for path in files)


def _read(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(path.relative_to(ROOT).as_posix(), text, ast.parse(text))


Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST, within: str = "") -> Iterator[tuple[str, Function]]:
    """Every function with its dotted name: Screen.dispatch."""
    for node in ast.iter_child_nodes(tree):
        name = f"{within}.{getattr(node, 'name', '')}".strip(".")
        if isinstance(node, Function):
            yield name, node
            yield from functions(node, name)
        elif isinstance(node, ast.ClassDef):
            yield from functions(node, name)
        else:
            yield from functions(node, within)


def calls(module: Module, name: str) -> Iterator[tuple[str, ast.Call]]:
    """(dotted function, call) of every call of something by this name, as a function or a method."""
    holders = {id(node): holder for holder, function in functions(module.tree) for node in ast.walk(function)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == name:
            yield holders.get(id(node), "the module"), node


def text_of(module: Module, node: ast.AST | None) -> str:
    """The text a call is given: a literal, or the constant of that name, in this module or where it comes from."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Name):
        for statement in module.tree.body:
            if isinstance(statement, ast.Assign) and node.id in [getattr(to, "id", "") for to in statement.targets]:
                return text_of(module, statement.value)
            if isinstance(statement, ast.ImportFrom) and node.id in [alias.name for alias in statement.names]:
                path = f"{(statement.module or '').replace('.', '/')}.py"
                return next((text_of(other, node) for other in modules() if other.path == path), node.id)
    return ast.unparse(node) if node is not None else ""


def argument(call: ast.Call, name: str) -> ast.AST | None:
    """The argument by keyword, else the first one."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[0] if call.args else None


def held(name: str, found: Iterable[str]) -> None:
    """Hold these lines against golden/<name>.txt: nothing new, nothing gone, never more than the ceiling."""
    lines = sorted(f"{line}  ×{times}" if times > 1 else line for line, times in Counter(found).items())
    file = GOLDEN / f"{name}.txt"
    kept = file.read_text(encoding="utf-8").splitlines() if file.exists() else [f"# at most {len(lines)}"]
    match = re.fullmatch(r"# at most (\d+)(?: .*)?", kept[0])
    if match is None:
        raise ValueError(f"{file.name} must begin with “# at most N”")
    if REWRITE:
        file.write_text("\n".join([kept[0], *lines, ""]), encoding="utf-8")
    else:
        new, gone = sorted(set(lines) - set(kept[1:])), sorted(set(kept[1:]) - set(lines) - {""})
        assert not new, f"new in {name}; if it is meant, write it into {file.name}: {new}"
        assert not gone, f"no longer in the code; strike it from {file.name}: {gone}"
    assert len(lines) <= int(match[1]), f"{name}: {len(lines)} stand in the code, the ceiling is {match[1]}"
