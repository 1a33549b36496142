"""Laws of the code itself: short modules and functions, no asserts that carry logic, no vague names."""

from __future__ import annotations

import ast
import re

from tests.house.source import calls, functions, modules

LINES_OF_A_MODULE = 500
LINES_OF_A_FUNCTION = 60
LINES_OF_A_DOCSTRING = 4  # that say something
LONG: dict[str, str] = {}  # "lianxin/x.py" or "lianxin/x.py · function": why it is long
VAGUE = re.compile(
    r"(?:^|_)(?:util|utils|helper|helpers|manager|managers|misc|common|stuff)(?:_|\.py$|$)|^base_|^info\.py$"
)


def test_no_assert_carries_logic_and_nothing_is_printed() -> None:
    """`python -O` drops asserts, and a server's standard output is nobody's."""
    asserted = [
        f"{module.path}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assert)
    ]
    printed = [
        f"{module.path} · {holder}"
        for module in modules()
        for name in ("print", "breakpoint")
        for holder, call in calls(module, name)
        if isinstance(call.func, ast.Name)
    ]

    assert (asserted, printed) == ([], [])


def test_a_module_is_short() -> None:
    assert {path: lines for path, lines in long_modules().items() if path not in LONG} == {}


def test_a_function_fits_on_a_page() -> None:
    assert {name: lines for name, lines in long_functions().items() if name not in LONG} == {}


def test_what_is_excused_is_still_long() -> None:
    assert set(LONG) <= {*long_modules(), *long_functions()}


def test_a_module_says_in_a_few_lines_what_lives_in_it() -> None:
    said = {
        module.path: [line for line in (ast.get_docstring(module.tree) or "").splitlines() if line.strip()]
        for module in modules()
        if module.tree.body
    }

    assert [path for path, lines in said.items() if not lines] == []
    assert [path for path, lines in said.items() if len(lines) > LINES_OF_A_DOCSTRING] == []


def test_a_module_has_a_name_that_says_something() -> None:
    assert [module.path for module in modules() if any(VAGUE.search(part) for part in module.path.split("/"))] == []


def test_no_signals_no_model_forms_no_admin() -> None:
    shunned = {
        f"{module.path}: {node.module}.{alias.name}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if re.search(r"\.ModelForm$|contrib\.admin|dispatch\.receiver$|gettext", f"{node.module}.{alias.name}")
    }

    assert shunned == set()
    assert [module.path for module in modules() if "signals." in module.text] == ["lianxin/access/guard.py"]


def long_modules() -> dict[str, int]:
    return {module.path: module.lines for module in modules() if module.lines > LINES_OF_A_MODULE}


def long_functions() -> dict[str, int]:
    lengths = {
        f"{module.path} · {name}": (node.end_lineno or 0) - node.lineno + 1
        for module in modules()
        for name, node in functions(module.tree)
    }
    return {name: lines for name, lines in lengths.items() if lines > LINES_OF_A_FUNCTION}
