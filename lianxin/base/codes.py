"""Region codes 统计用区划代码: a code's prefix is its ancestor, so scope and roll-up are one range on one column.

Levels and lengths: province 2, city 4, county 6, town 9, village 12 (国统字〔2009〕91号), grid 15 (our extension).
"""

from __future__ import annotations

from enum import IntEnum

from lianxin.base.errors import Refused

NATION = ""


class Level(IntEnum):
    """Depth in the net; a smaller number is higher up."""

    NATION = 0
    PROVINCE = 1
    CITY = 2
    COUNTY = 3
    TOWN = 4
    VILLAGE = 5
    GRID = 6

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def length(self) -> int:
        """How many digits a code of this level has."""
        return _LENGTHS[self]


_LENGTHS = (0, 2, 4, 6, 9, 12, 15)
_LABELS = ("全国", "省", "市", "县（区）", "乡镇（街道）", "村（社区）", "网格")
_LEVEL_OF_LENGTH = {length: Level(depth) for depth, length in enumerate(_LENGTHS)}


def level_of(code: str) -> Level:
    """The level of a well-formed code; Refused for anything else."""
    level = _LEVEL_OF_LENGTH.get(len(code))
    if level is None or not (code == NATION or (code.isascii() and code.isdigit())):
        raise Refused(f"“{code}”不是区划代码：应为 2、4、6、9、12 或 15 位数字。", field="region")
    return level


def ancestor(code: str, level: Level) -> str:
    """The code's ancestor at a level (itself at its own); Refused when the level lies below the code."""
    if level_of(code) < level:
        raise Refused(f"“{code}”没有{level.label}一级。", field="region")
    return code[: level.length]


def ancestors(code: str) -> tuple[str, ...]:
    """From the parent up to the province, nearest first."""
    own = level_of(code)
    return tuple(code[: Level(depth).length] for depth in range(own - 1, 0, -1))


def scope_columns(region: str) -> dict[str, str]:
    """A region with its town and county, as rows carry them: empty where the region stands above."""
    level = level_of(region)
    town = ancestor(region, Level.TOWN) if level >= Level.TOWN else ""
    return {"region": region, "town": town, "county": ancestor(region, Level.COUNTY)}


def range_under(code: str) -> tuple[str, str]:
    """The half-open range [low, high) that holds the code and all below it: `low <= c < high` walks an index."""
    level_of(code)
    # Ends in a digit counted up, 330409 → 33041: the character after "9" sorts before the digits in PostgreSQL's zh_CN
    # and en_US. Not 330410, as 330402999 → 330403000 would take in 330403. Letters come after digits everywhere.
    stem = code.rstrip("9")
    return (code, f"{stem[:-1]}{int(stem[-1]) + 1}") if stem else (code or "0", "a")


def is_under(code: str, top: str) -> bool:
    """Whether `code` is `top` or lies below it."""
    return code.startswith(top)


def as_typed(code: str) -> str:
    """The digits of a code as typed: full-width digits are accepted, spaces dropped."""
    return "".join(code.split()).translate({0xFF10 + digit: str(digit) for digit in range(10)})
