"""What is wrong in a catalogue, and where, and how to mend it; and the error that carries all of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from lianxin.base.errors import Refused

SHIPPED, OVERLAY = "shipped", "overlay"
_SAID_AT_MOST = 8  # codes listed when nothing known is near


@dataclass(frozen=True, slots=True, order=True)
class CatalogProblem:
    """One mistake. `file` is relative to its folder; in `key`, fact[2] is the second [[fact]]; line 0 is not known."""

    file: str
    key: str
    message: str
    mend: str
    line: int = 0
    place: str = SHIPPED

    def as_json(self) -> dict[str, str | int]:
        return asdict(self)

    def __str__(self) -> str:
        where = f"本县目录 {self.file}" if self.place == OVERLAY else self.file
        line = f" 第 {self.line} 行" if self.line else ""
        key = f" · {self.key}" if self.key else ""
        return f"{where}{line}{key}：{self.message}。{self.mend}。"


class CatalogErrors(Refused):
    """The catalogue cannot be used. `problems` holds everything that is wrong, in order of file and key."""

    def __init__(self, problems: Iterable[CatalogProblem]) -> None:
        self.problems = tuple(problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"工作目录有 {len(self.problems)} 处要改：\n{lines}")


def nearest(word: str, known: Iterable[str]) -> str:
    """A sentence that names the known code that was probably meant, or what there is to choose from."""
    choices = sorted(set(known))
    near = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if near:
        return f"是不是想写“{near[0]}”"
    if not choices:
        return "这里还没有可用的，请先添上"
    return f"可以写：{said(choices)}"


def said(codes: Sequence[str]) -> str:
    """Codes as a Chinese list, the first few when they are many."""
    listed = "、".join(codes[:_SAID_AT_MOST])
    return f"{listed} 等 {len(codes)} 个" if len(codes) > _SAID_AT_MOST else listed
