"""Whose eyes a figure is read with, and what it is read of: every fold takes a LedgerView."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of
from lianxin.base.days import Period
from lianxin.base.errors import Refused


@dataclass(frozen=True, slots=True)
class LedgerView:
    """A region and all below it, in a period, for an actor who may read figures (Forbidden otherwise).

    `own_level` reads 本级: only what organisations of the region's own level did; otherwise 各级, all of them.
    `watermark` reads the ledger as it stood after that batch: recounted from the facts, exact, slower.
    """

    actor: Actor
    region: str
    period: Period
    own_level: bool = False
    watermark: int | None = None

    def __post_init__(self) -> None:
        self.actor.require(Verb.FIGURE_READ)
        if level_of(self.region) > Level.VILLAGE:
            raise Refused("数字统计到村（社区）为止，请选村（社区）或以上的区域。", field="region")

    @property
    def level(self) -> Level | None:
        """The level whose organisations count; None for all."""
        return level_of(self.region) if self.own_level else None

    def at(self, watermark: int | None) -> LedgerView:
        """The same view of the ledger as it stood then (None: as it stands)."""
        return replace(self, watermark=watermark)
