"""The texts that cells of a workbook share: two million of them in the memory of their letters."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Any
from xml.parsers import expat

from lianxin.base.errors import Refused
from lianxin.exchange.reading.cells import plain
from lianxin.exchange.reading.package import NOT_A_WORKBOOK, TOO_LARGE

MOST_LETTERS = 192 << 20


class SharedStrings:
    """Texts by number, kept as one run of UTF-8: a Python string of each would take five times as much."""

    def __init__(self) -> None:
        self._letters = bytearray()
        self._ends = array("Q")

    def add(self, text: str) -> None:
        self._letters += text.encode("utf-8", "replace")
        self._ends.append(len(self._letters))
        if len(self._letters) > MOST_LETTERS:
            raise Refused(TOO_LARGE, field="file")

    def __getitem__(self, number: int) -> str:
        start = self._ends[number - 1] if number else 0
        return self._letters[start : self._ends[number]].decode("utf-8")

    def __len__(self) -> int:
        return len(self._ends)


def parser() -> Any:
    """An expat parser that gives whole runs of text and refuses documents that declare anything of their own."""
    made = expat.ParserCreate()
    made.buffer_text = True
    made.StartDoctypeDeclHandler = _refuse
    return made


def _refuse(*_: Any) -> None:
    raise Refused(NOT_A_WORKBOOK, field="file")


def read_strings(pieces: Iterable[bytes]) -> SharedStrings:
    """Every shared text; readings (<rPh>) left out."""
    strings, found = SharedStrings(), _Texts()
    made = parser()
    made.StartElementHandler, made.EndElementHandler = found.start, lambda name: found.end(name, strings)
    made.CharacterDataHandler = found.data
    for piece in pieces:
        feed(made, piece)
    finish(made)
    return strings


def feed(made: Any, piece: bytes) -> None:
    """Parse a piece; Refused for what is no XML."""
    try:
        made.Parse(piece)
    except expat.ExpatError:
        raise Refused(NOT_A_WORKBOOK, field="file") from None


def finish(made: Any) -> None:
    """Nothing comes any more; Refused where something is missing."""
    try:
        made.Parse(b"", 1)
    except expat.ExpatError:
        raise Refused(NOT_A_WORKBOOK, field="file") from None


class _Texts:
    def __init__(self) -> None:
        self._parts: list[str] = []
        self._is_text = False
        self._is_reading = False

    def start(self, name: str, _: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "t" and not self._is_reading:
            self._is_text = True
        elif name == "rPh":
            self._is_reading = True

    def data(self, text: str) -> None:
        if self._is_text:
            self._parts.append(text)

    def end(self, name: str, strings: SharedStrings) -> None:
        name = name.rpartition(":")[2]
        if name == "t":
            self._is_text = False
        elif name == "si":
            strings.add(plain("".join(self._parts)))
            self._parts.clear()
        elif name == "rPh":
            self._is_reading = False
