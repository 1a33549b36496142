"""From folders to documents: finds a catalogue's files, reads their TOML, says in which line one cannot be read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

from lianxin.catalog.files import Shelf
from lianxin.catalog.problems import SHIPPED, CatalogProblem, nearest

WORDS = "imports.toml"  # read by the room exchange, a county's own beside the shipped ones
ELSEWHERE = ("roles.toml", WORDS)  # read by the rooms access and exchange
_SHELVES: tuple[tuple[str, Shelf], ...] = (
    (r"programmes/[^/]+/[^/]+\.toml", "programme"),
    (r"indicators/[^/]+\.toml", "indicators"),
    (r"reports/[^/]+\.toml", "report"),
    (r"measures\.toml", "measures"),
    (r"chapters\.toml", "chapters"),
    (r"seeds\.toml", "seeds"),
    (r"organisations\.toml", "organisations"),
    (r"clocks\.toml", "clocks"),
    (r"holidays\.toml", "holidays"),
    (r"triage/[^/]+\.toml", "triage"),
    (r"documents/[^/]+\.toml", "documents"),
)
_PLACES = (
    "programmes/<章>/<代号>.toml",
    "indicators/<章>.toml",
    "reports/<代号>.toml",
    "measures.toml",
    "chapters.toml",
    "seeds.toml",
    "organisations.toml",
    "clocks.toml",
    "holidays.toml",
    "triage/<代号>.toml",
    "documents/<代号>.toml",
)
# What tomllib says, in the words of somebody who edits the file; anything else is quoted as it is.
_SAID = (
    (r"Expected '=' after a key", "键的后面缺等号", "写成 键 = 值"),
    (r"Invalid date", "没有这一天", "日期写成 2021-01-01，核对月和日"),
    (r"Invalid value", "值写得不对", '文字用英文引号 " 括起来，日期写 2021-01-01，是否写 true 或 false'),
    (r"Expected newline or end of document", "这一行后面多了东西", "一行只写一个键；日期写 2021-01-01，数字前面不加 0"),
    (r"Unterminated string|Illegal character '\\n'|Expected \"'\"", "文字少了后半个引号", '在文字末尾补上英文引号 "'),
    (r"Cannot overwrite a value|Duplicate inline table key", "同一个键写了两遍", "只留一个"),
    (r"Cannot declare", "同一个表开了两遍", "重复的几段要用双方括号，例如 [[reason]]"),
    (r"Unclosed array|Expected '\]", "方括号没有配对，或少了逗号", "在这一行或上一行补上 ] 或逗号"),
    (
        r"Unclosed inline table|Invalid initial character for a key part",
        "花括号里写得不对",
        "写成 { 键 = 值, 键 = 值 }",
    ),
    (r"Invalid statement", "这一行读不懂", "说明文字前面加 #；键用英文字母，写成 键 = 值"),
)


@dataclass(frozen=True, slots=True)
class Document:
    """One file as read. `raw` is None when its TOML is broken."""

    file: str
    place: str
    shelf: Shelf
    raw: dict[str, Any] | None = field(hash=False)

    def problem(self, key: str, message: str, mend: str, *, line: int = 0) -> CatalogProblem:
        return CatalogProblem(self.file, key, message, mend, line, self.place)

    @property
    def stem(self) -> str:
        """The file's name without .toml and without .v1."""
        return PurePosixPath(self.file).name.split(".")[0]


def read_folder(root: Path, place: str, problems: list[CatalogProblem]) -> tuple[Document, ...]:
    """Every document of a folder, in order of file name."""
    if not root.is_dir():
        if place == SHIPPED:
            problems.append(CatalogProblem(root.name, "", "找不到工作目录", "核对 LIANXIN_CATALOG 指的文件夹"))
        return ()
    return tuple(_documents(root, place, problems))


def _documents(root: Path, place: str, problems: list[CatalogProblem]) -> Iterator[Document]:
    for path in sorted(root.rglob("*.toml")):
        file = path.relative_to(root).as_posix()
        if file == WORDS:
            problems += _unreadable(path, file, place)
            continue
        if file in ELSEWHERE and place == SHIPPED:
            continue
        shelf = next((shelf for pattern, shelf in _SHELVES if re.fullmatch(pattern, file)), None)
        if shelf is None:
            problems.append(CatalogProblem(file, "", "这个位置的文件不会被读", _where_to_put(file), place=place))
            continue
        raw, problem = _read(path)
        document = Document(file, place, shelf, raw)
        if problem is not None:
            problems.append(document.problem("", *problem[:2], line=problem[2]))
        yield document


def _unreadable(path: Path, file: str, place: str) -> list[CatalogProblem]:
    """What is wrong with a file as TOML; what stands in it another room reads."""
    _, problem = _read(path)
    return [CatalogProblem(file, "", problem[0], problem[1], place=place, line=problem[2])] if problem else []


def _where_to_put(file: str) -> str:
    if file in ELSEWHERE:
        return "岗位权限不能由本县目录改，请删去这个文件"
    return f"放到 {'、'.join(_PLACES)} 之一（{nearest(file, _PLACES)}）"


def _read(path: Path) -> tuple[dict[str, Any] | None, tuple[str, str, int] | None]:
    try:
        text = path.read_text(encoding="utf-8-sig")  # Notepad puts a byte order mark in front
    except UnicodeDecodeError:
        return None, ("不是 UTF-8 编码，读不出来", "用记事本打开，另存为，编码选 UTF-8", 0)
    except OSError as error:
        return None, (f"打不开（{error.strerror}）", "核对文件的读取权限", 0)
    try:
        return tomllib.loads(text, parse_float=_number), None
    except ValueError as error:  # TOMLDecodeError is one; a number of thousands of digits raises the plain one
        return None, _in_chinese(str(error), text)


def _number(text: str) -> Decimal | float:
    """Exact; nan and inf stay floats, since a Decimal nan cannot be compared and would break the checks."""
    number = Decimal(text)
    return number if number.is_finite() else float(text)


def _in_chinese(error: str, text: str) -> tuple[str, str, int]:
    at = re.search(r"at line (\d+)", error)
    line = int(at.group(1)) if at else text.count("\n") + 1
    for pattern, message, mend in _SAID:
        if re.search(pattern, error):
            return message, mend, line
    return f"不合 TOML 的写法（{error}）", "对照别的文件改正这一行", line
