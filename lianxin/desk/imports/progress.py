"""How far a batch has come, for the bar and its words."""

from __future__ import annotations

from dataclasses import dataclass

from lianxin.exchange.models import Batch, Stage, State
from lianxin.ui.parts import Gauge


@dataclass(frozen=True, slots=True)
class Progress:
    """`gauge` only where the end is known: a file does not say how many rows it has."""

    key: str
    words: str
    note: str
    gauge: Gauge | None


def progress_of(batch: Batch, found: dict[State, int]) -> Progress | None:
    """None when nothing is being done."""
    rows = sum(found.values())
    note = "可以离开这一页，回来再接着做；离开时停在原处，不会重复。"
    match Stage(batch.stage):
        case Stage.READING:
            return Progress(batch.pk, f"正在读，已读 {rows:,} 行", note, None)
        case Stage.APPLYING:
            done = found[State.APPLIED] + found[State.FAILED]
            whole = done + found[State.GOOD]
            return Progress(batch.pk, f"正在导入：{done:,} / {whole:,} 行", note, _share(done, whole))
        case Stage.UNDOING:
            done = found[State.UNDONE] + found[State.KEPT]
            whole = done + found[State.APPLIED]
            return Progress(batch.pk, f"正在撤销：{done:,} / {whole:,} 行", note, _share(done, whole))
        case _:
            return None


def _share(done: int, whole: int) -> Gauge:
    return Gauge(fill=f"{100 * done / whole:.1f}%" if whole else "100%")
