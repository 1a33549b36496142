"""The words that tables are recognised by: names of columns, relations, sexes, sums. Read from catalog/imports.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from lianxin.base.errors import Refused
from lianxin.base.text import half_width

IGNORED = "ignored"
_ASIDE = re.compile(r"必填|选填|可不填|[\s*＊:：、,，/\\.。_\-—“”\"'()（）\[\]【】<>《》?？]+")


@dataclass(frozen=True, slots=True)
class Words:
    """`columns` by a column's plain name; `relations` and `sexes` by what stands in a cell."""

    columns: Mapping[str, str]
    relations: Mapping[str, str]
    sexes: Mapping[str, str]
    totals: frozenset[str]
    notes: tuple[str, ...]


def plain_label(label: str) -> str:
    """The name of a column as it is compared: *身份证号码（必填） → 身份证号码."""
    return _ASIDE.sub("", half_width(label)).lower()


def words() -> Words:
    """The shipped words, and a county's own beside them: what she calls a thing wins."""
    return _read((settings.CATALOG_DIR / "imports.toml", settings.OVERLAY_DIR / "imports.toml"))


@cache
def _read(paths: tuple[Path, ...]) -> Words:
    columns: dict[str, str] = {}
    relations: dict[str, str] = {}
    sexes: dict[str, str] = {}
    totals: list[str] = []
    notes: list[str] = []
    for path in paths:
        if not path.is_file():
            continue
        try:
            found = tomllib.loads(path.read_text(encoding="utf-8"))
            columns |= {plain_label(word): field for field, said in found.get("columns", {}).items() for word in said}
            relations |= {word: code for code, said in found.get("relations", {}).items() for word in said}
            sexes |= {word: code for code, said in found.get("sexes", {}).items() for word in said}
            totals += found.get("rows", {}).get("totals", [])
            notes += found.get("rows", {}).get("notes", [])
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, AttributeError, TypeError) as error:
            raise Refused(f"{path} 读不懂（{error}），请改好再导入。") from None
    return Words(columns, relations, sexes, frozenset(totals), tuple(notes))
