"""The national list of region codes that ships inside the package, and how it is packed. No database here.

统计用区划代码和城乡划分代码 of 2023, published by the National Bureau of Statistics (国家统计局): 665,276 codes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from lianxin.base.codes import Level, ancestor, level_of

YEAR = 2023
SHIPPED = Path(__file__).parent / "national" / f"regions-{YEAR}.zip"

# Codes that exist only to carry others: no office, no people of their own.
_PLACEHOLDERS = {
    Level.CITY: frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}),
    Level.COUNTY: frozenset({"市辖区"}),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the national list."""

    code: str
    name: str

    @property
    def level(self) -> Level:
        return level_of(self.code)

    @property
    def parent(self) -> str:
        return ancestor(self.code, Level(self.level - 1))

    @property
    def is_placeholder(self) -> bool:
        return self.name in _PLACEHOLDERS.get(self.level, ())


@cache
def provinces(file: Path = SHIPPED) -> tuple[str, ...]:
    """The two-digit codes that the list has."""
    with zipfile.ZipFile(file) as packed:
        return tuple(sorted(packed.namelist()))


def listed_under(prefix: str, file: Path = SHIPPED) -> Iterator[Listed]:
    """The codes that begin with a prefix, parents before children; one province is unpacked at a time."""
    with zipfile.ZipFile(file) as packed:
        for province in provinces(file):
            if province.startswith(prefix[:2]):
                text = packed.read(province).decode("utf-8")
                yield from (line for line in _unpacked(text) if line.code.startswith(prefix))


def _unpacked(text: str) -> Iterator[Listed]:
    """Codes first, one a line, as many spaces before it as it has ancestors; an empty line; then the names."""
    codes, names = text.split("\n\n")
    path = [""] * (Level.VILLAGE + 1)
    for line, name in zip(codes.split("\n"), names.split("\n"), strict=True):
        digits = line.lstrip(" ")
        level = len(line) - len(digits) + 1
        path[level] = path[level - 1] + digits
        yield Listed(path[level], name)


def pack(lines: Iterable[Listed], file: Path) -> None:
    """Write a list, sorted by code, in the form that `listed_under` reads: 3/4 of the size of its CSV."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as packed:
        for province, group in groupby(lines, key=lambda line: line.code[: Level.PROVINCE.length]):
            rows = list(group)
            codes = "\n".join(" " * (row.level - 1) + row.code.removeprefix(row.parent) for row in rows)
            names = "\n".join(row.name for row in rows)
            # A fixed date: the same list packs to the same bytes.
            entry = zipfile.ZipInfo(province, date_time=(YEAR, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_LZMA
            packed.writestr(entry, f"{codes}\n\n{names}".encode())
