"""The committed JSON Schema is the generated one, holds for the shipped files, and names every key."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator

from lianxin.catalog.schema import schema_texts, write_schemas

CATALOG = Path(settings.CATALOG_DIR)
FILES = {
    "programme": sorted(CATALOG.glob("programmes/*/*.toml")),
    "indicators": sorted(CATALOG.glob("indicators/*.toml")),
    "measures": [CATALOG / "measures.toml"],
    "chapters": [CATALOG / "chapters.toml"],
    "seeds": [CATALOG / "seeds.toml"],
    "report": sorted(CATALOG.glob("reports/*.toml")),
}


def test_the_committed_schema_is_the_generated_one() -> None:
    committed = {path.name: path.read_text(encoding="utf-8") for path in (CATALOG / "schema").iterdir()}

    assert committed == schema_texts()


def test_writing_touches_only_what_changed(tmp_path: Path) -> None:
    first = write_schemas(tmp_path)
    (tmp_path / "programme.schema.json").write_text("{}", encoding="utf-8")

    assert sorted(path.name for path in first) == sorted(schema_texts())
    assert [path.name for path in write_schemas(tmp_path)] == ["programme.schema.json"]
    assert write_schemas(tmp_path) == ()


@pytest.mark.parametrize("name", FILES)
def test_every_shipped_file_keeps_it_read_by_a_plain_validator(name: str) -> None:
    schema = json.loads((CATALOG / "schema" / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)

    for file in FILES[name]:
        content = as_json(tomllib.loads(file.read_text(encoding="utf-8")))
        assert [error.message for error in Draft202012Validator(schema).iter_errors(content)] == []


@pytest.mark.parametrize("file", [file for files in FILES.values() for file in files], ids=lambda file: file.name)
def test_every_file_tells_editors_where_its_schema_is(file: Path) -> None:
    first = file.read_text(encoding="utf-8").split("\n")[0]

    assert first.startswith("#:schema ")
    assert (file.parent / first.removeprefix("#:schema ")).resolve().parent == (CATALOG / "schema").resolve()
    assert (file.parent / first.removeprefix("#:schema ")).is_file()


def as_json(value: Any) -> Any:
    """TOML dates as the strings that JSON has for them."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value
