"""docs/threats.md and docs/security.md name tests: each of them exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.source import ROOT

PAGES = [path for path in (ROOT / "docs/threats.md", ROOT / "docs/security.md") if path.exists()]
_NAMED = re.compile(r"`([a-z_/]+\.py)::(\w+)`")


def _tests_of(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    named = _NAMED.findall(page.read_text(encoding="utf-8"))

    assert len(named) > 15
    gone = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / "tests" / file).is_file() or name not in _tests_of(ROOT / "tests" / file)
    ]
    assert gone == []


def test_every_threat_says_what_is_not_stopped() -> None:
    threats = (ROOT / "docs/threats.md").read_text(encoding="utf-8").split("\n## ")[1:]

    assert len(threats) >= 6
    assert [each.splitlines()[0] for each in threats if "*Not stopped:*" not in each] == []
