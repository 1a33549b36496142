"""The table of wrong lines stays true to the code: `make mutants` finds each line where it says, and its tests."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MUTANTS = tomllib.loads((Path(__file__).parent / "mutants.toml").read_text(encoding="utf-8"))["mutant"]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: str(mutant["law"]))
def test_each_wrong_line_has_its_right_one_once_and_tests_to_notice_it(mutant: dict[str, str]) -> None:
    assert (ROOT / mutant["file"]).read_text(encoding="utf-8").count(mutant["line"]) == 1
    assert mutant["wrong"] not in ("", mutant["line"])
    assert all((ROOT / test).is_file() for test in mutant["tests"])
