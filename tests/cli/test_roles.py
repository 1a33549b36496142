"""`lianxin roles`: the matrix of the running code, kept in docs/roles.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lianxin.access.verbs import Seal, Verb
from lianxin.cli.main import run
from lianxin.net.actors import known_roles

PAGE = Path(__file__).resolve().parents[2] / "docs" / "roles.md"


def test_the_page_in_the_docs_is_what_the_code_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["roles"]) == 0

    assert capsys.readouterr().out == PAGE.read_text(encoding="utf-8"), "write it anew: lianxin roles > docs/roles.md"


def test_the_matrix_says_of_every_role_and_verb_whether_it_is_held(capsys: pytest.CaptureFixture[str]) -> None:
    run(["roles"])
    lines = capsys.readouterr().out.splitlines()
    roles = list(known_roles().values())

    for verb in Verb:
        row = next(line for line in lines if line.startswith(f"| `{verb.value}` |"))
        held = [cell.strip() == "●" for cell in row.strip("|").split("|")[1:]]
        assert held == [verb in role.verbs for role in roles]
    member = next(line for line in lines if "`village-member`" in line)
    assert member == "| 村（社区）执委 | `village-member` | 村（社区） | 公开办理 |  |  |"


def test_as_json_for_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["roles", "--json"]) == 0
    told: dict[str, Any] = {role["code"]: role for role in json.loads(capsys.readouterr().out)}

    chair = told["village-chair"]
    assert (chair["level"], chair["second_factor"], chair["by_programme"]) == ("village", True, False)
    assert chair["seals"] == [Seal.OPEN.value, Seal.STAFF.value]
    assert "register.reveal" in chair["verbs"]
    assert told["programme-officer"]["by_programme"] is True
