"""Kinds whose rows stand for themselves: each row is a unit of its own, read without a look at the others."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator

from lianxin.base.errors import Problems
from lianxin.exchange.imports.kinds import Cells, Read, Reader
from lianxin.exchange.models import State
from lianxin.exchange.reading.cells import Broken


class RowReader(Reader):
    """Gives each row as it comes."""

    def __init__(self) -> None:
        self._units = 0

    @abstractmethod
    def row(self, cells: Cells, problems: Problems) -> dict[str, object]:
        """What a row says, cleaned; what is wrong goes to the problems, by field."""

    def read(self, row: int, cells: Cells) -> Iterator[Read]:
        self._units += 1
        broken = {name: str(cell) for name, cell in cells.items() if isinstance(cell, Broken)}
        problems = Problems()
        said = self.row({name: "" if name in broken else cell for name, cell in cells.items()}, problems)
        wrong = [*broken.items(), *((item.field, item.message) for item in problems.items if item.field not in broken)]
        read = Read(row=row, unit=self._units, state=State.GOOD, said=said)
        yield read.wrong(wrong) if wrong else read

    def rest(self) -> Iterator[Read]:
        return iter(())

    def skip(self, row: int, cells: Cells) -> None:
        self._units += 1
