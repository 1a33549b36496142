"""A batch's file read into staged rows, piece by piece: checked, recognised, sealed. Broken off, it is gone on with.

Reading holds no transaction; a piece is written in a short one, so that others keep saving.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from django.db import transaction
from django.db.models import Count, Max, Min

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.base.errors import Refused
from lianxin.exchange.imports.batches import batch_for, columns_of
from lianxin.exchange.imports.blocks import drop_file, kept_file
from lianxin.exchange.imports.headings import Column, is_aside
from lianxin.exchange.imports.installed import kind_of
from lianxin.exchange.imports.kinds import Cells, Kind, Read, Reader
from lianxin.exchange.imports.rows import sealable
from lianxin.exchange.imports.words import IGNORED, Words, words
from lianxin.exchange.models import PEN, Batch, Stage, StagedRow, State
from lianxin.exchange.reading.cells import SheetRow
from lianxin.exchange.reading.source import Source, open_source
from lianxin.register.bulk import lay

PIECE = 2_000  # rows checked and written together
MOST_NAMED = 10  # hidden rows said by number
PAUSE = 0.01  # seconds between two pieces, in which somebody else's writing comes in
_COLUMNS = ("batch", "region", "row", "unit", "state", "key", "home", "found", "mark", "said", "problems")
CHANGED = "有人正在同时读这个文件，请稍后再看。"
TWICE = "和第 {} 行是同一个身份证号（同一条），只留一行。"


@dataclass(slots=True)
class _Pass:
    """One run through the file: what it met so far, and until when it may go on."""

    batch: Batch
    kind: Kind
    reader: Reader
    columns: Sequence[Column]
    known: Words
    today: dt.date
    hidden: list[int] = field(default_factory=list)
    asides: int = 0


def read_on(
    actor: Actor,
    key: str,
    *,
    at: dt.datetime,
    seconds: float = float("inf"),
    file: BinaryIO | None = None,
    progress: Callable[[int], None] | None = None,
) -> Batch:
    """Read for so long (a piece at least); READY when it is done. `file` where the caller keeps it herself.

    `progress` hears the number of the row that has been come to.
    """
    batch = batch_for(actor, key)
    if batch.stage != Stage.READING:
        return batch
    until = time.monotonic() + seconds
    source = open_source(file or kept_file(actor, batch))
    kind = kind_of(batch.kind)
    run = _Pass(batch, kind, kind.reader(actor, batch, today=at.date()), columns_of(batch), words(), today=at.date())
    waiting: list[Read] = []
    for read in _reads(run, source):
        # Only between two units: what was written is whole, and the next run begins with the next one.
        if len(waiting) >= PIECE and read.unit != waiting[-1].unit:
            _write(actor, run, waiting, at=at)
            waiting = []
            if progress:
                progress(batch.read_to)
            if time.monotonic() > until:
                return run.batch
            time.sleep(PAUSE)
        waiting.append(read)
    _write(actor, run, waiting, at=at)
    _finish(actor, run, at=at)
    return run.batch


def _reads(run: _Pass, source: Source) -> Iterator[Read]:
    sheet = next((each for each in source.sheets if each.name == run.batch.sheet), source.sheets[0])
    fields = [(place, column.field) for place, column in enumerate(run.columns) if column.field not in ("", IGNORED)]
    for row in source.rows(sheet):
        cells = _cells(run, row, fields)
        if cells is None:
            continue
        if row.number <= run.batch.read_to:
            run.reader.skip(row.number, cells)
        else:
            yield from run.reader.read(row.number, cells)
    yield from run.reader.rest()


def _cells(run: _Pass, row: SheetRow, fields: Sequence[tuple[int, str]]) -> Cells | None:
    """None for what is no row of the table."""
    if row.number <= run.batch.header:
        return None
    if is_aside(row, run.columns, run.known):
        run.asides += 1
        return None
    cells = {name: row.at(place) for place, name in fields}
    if not any(cells.values()):
        return None
    if row.is_hidden:
        run.hidden.append(row.number)
        return None
    return cells


def _write(actor: Actor, run: _Pass, reads: Sequence[Read], *, at: dt.datetime) -> None:
    if not reads:
        return
    batch = run.batch
    told = run.kind.recognise(actor, reads, county=batch.county)
    labels = run.kind.labels() | {column.field: column.label for column in run.columns if column.field}
    with transaction.atomic(), pen(PEN):
        standing = Batch.objects.seen_by(actor).select_for_update().filter(pk=batch.pk, stage=Stage.READING).first()
        if standing is None or standing.read_to != batch.read_to:
            raise Refused(CHANGED)
        lay(StagedRow, _COLUMNS, (_row(batch, read, labels) for read in told))
        batch.read_to, batch.changed_at = max(read.row for read in told), at
        batch.units = max(batch.units, *(read.unit for read in told))
        batch.save(update_fields=["read_to", "units", "changed_at"])


def _row(batch: Batch, read: Read, labels: dict[str, str]) -> tuple[object, ...]:
    return (
        batch.pk,
        batch.region,
        read.row,
        read.unit,
        read.state.value,
        read.key,
        read.home,
        read.found,
        read.mark if read.state != State.BAD else "",
        sealable(read.said),
        [[labels.get(name, ""), message] for name, message in read.problems],
    )


def _finish(actor: Actor, run: _Pass, *, at: dt.datetime) -> None:
    batch = run.batch
    notes = list(batch.notes)
    if run.hidden:
        named = "、".join(map(str, run.hidden[:MOST_NAMED])) + (" 等" if len(run.hidden) > MOST_NAMED else "")
        notes.append(f"隐藏的 {len(run.hidden)} 行没有读（第 {named} 行）；要导入的，请先取消隐藏。")
    if run.asides:
        notes.append(f"合计、说明这样的 {run.asides} 行没有读。")
    notes += run.reader.notes()
    with transaction.atomic(), pen(PEN):
        _refuse_twice(actor, batch)
        drop_file(actor, batch)
        batch.notes, batch.stage, batch.done_to, batch.changed_at = notes, Stage.READY, 0, at
        batch.save(update_fields=["notes", "stage", "done_to", "changed_at"])


def _refuse_twice(actor: Actor, batch: Batch) -> None:
    """The same person twice in one file: the first row stands."""
    rows = StagedRow.objects.seen_by(actor).filter(batch_id=batch.pk).exclude(mark="").exclude(state=State.BAD)
    twice = rows.values("mark").annotate(many=Count("id"), first=Min("row"), last=Max("row")).filter(many__gt=1)
    for found in list(twice):
        again = rows.filter(mark=found["mark"], row__gt=found["first"])
        message = [["身份证号", TWICE.format(found["first"])]]
        again.update(state=State.BAD, said="", problems=message, mark="")
