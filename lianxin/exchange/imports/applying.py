"""A batch applied or taken back, unit by unit in short transactions. Broken off, it is gone on with: nothing double."""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.base.errors import Refused, Unseen
from lianxin.base.text import clean_line
from lianxin.exchange.imports.batches import GONE, batch_for, columns_of, seen_by
from lianxin.exchange.imports.installed import kind_of
from lianxin.exchange.imports.kinds import Became, Kind
from lianxin.exchange.imports.staging import read_on
from lianxin.exchange.models import PEN, Batch, Stage, StagedRow, State
from lianxin.vault.masks import mask_free_text

PAUSE = 0.04  # seconds between two of them, in which somebody else's writing comes in
_WAITING = (State.GOOD, State.ASK, State.KNOWN)


def begin(actor: Actor, key: str, *, at: dt.datetime) -> Batch:
    """From READY on: what is good goes in."""
    return _turn(actor, key, Stage.READY, Stage.APPLYING, "这一批现在不能导入，请刷新后再看。", because="", at=at)


def begin_undo(actor: Actor, key: str, *, because: str, at: dt.datetime) -> Batch:
    """The whole batch is to be taken back, for a reason that is kept."""
    reason = mask_free_text(clean_line(because, field="because", limit=200))
    if not reason:
        raise Refused("请写明为什么撤销，例如“传错了文件”。", field="because")
    wrong = "这一批还没有导入完，或已经撤销，请刷新后再看。"
    return _turn(actor, key, Stage.APPLIED, Stage.UNDOING, wrong, because=reason, at=at)


def _turn(actor: Actor, key: str, before: Stage, after: Stage, wrong: str, *, because: str, at: dt.datetime) -> Batch:
    with transaction.atomic(), pen(PEN):
        batch = _locked(actor, key)
        if batch.stage == after:
            return batch  # a second click
        if batch.stage != before:
            raise Refused(wrong)
        batch.stage, batch.done_to, batch.because, batch.changed_at = after, 0, because, at
        batch.preview = ""  # the rows themselves are in the books now
        batch.save()
    return batch


def _locked(actor: Actor, key: str) -> Batch:
    batch = seen_by(actor).select_for_update().filter(pk=key).first()
    if batch is None:
        raise Unseen(GONE)
    return batch


def work_on(actor: Actor, key: str, *, seconds: float, at: dt.datetime) -> Batch:
    """Whatever the batch waits for, for so long; a piece at least."""
    batch = batch_for(actor, key)
    if batch.stage == Stage.READING:
        return read_on(actor, key, seconds=seconds, at=at)
    until = time.monotonic() + seconds
    while batch.stage in (Stage.APPLYING, Stage.UNDOING):
        batch = _piece(actor, key, at=at)
        if time.monotonic() > until:
            break
        time.sleep(PAUSE)
    return batch


def _piece(actor: Actor, key: str, *, at: dt.datetime) -> Batch:
    """The next units. What they became and how far the batch has come are kept together with what was done."""
    with transaction.atomic(), pen(PEN):
        batch = _locked(actor, key)
        if batch.stage not in (Stage.APPLYING, Stage.UNDOING):
            return batch
        is_undoing = batch.stage == Stage.UNDOING
        kind, states = kind_of(batch.kind), (State.APPLIED,) if is_undoing else _WAITING
        last = batch.done_to + kind.at_once
        rows = StagedRow.objects.seen_by(actor).filter(batch_id=batch.pk, unit__gt=batch.done_to, unit__lte=last)
        waiting = list(rows.filter(state__in=[each.value for each in states]).order_by("unit", "row"))
        became = _done(actor, batch, kind, waiting, at=at)
        _keep(actor, batch, kind, became)
        batch.done_to, batch.changed_at = last, at
        if last >= batch.units:
            batch.stage = Stage.UNDONE if is_undoing else Stage.APPLIED
        batch.save(update_fields=["done_to", "stage", "changed_at"])
    return batch


def _done(
    actor: Actor, batch: Batch, kind: Kind, rows: Sequence[StagedRow], *, at: dt.datetime
) -> Mapping[int, Became]:
    if not rows:
        return {}
    if batch.stage == Stage.UNDOING:
        return kind.undo(actor, rows, because=f"撤销导入：{batch.because}", at=at)
    return kind.apply(actor, rows, at=at)


def _keep(actor: Actor, batch: Batch, kind: Kind, became: Mapping[int, Became]) -> None:
    """What was applied needs its words no longer: they are emptied."""
    rows = StagedRow.objects.seen_by(actor).filter(batch_id=batch.pk)
    labels = kind.labels() | {column.field: column.label for column in columns_of(batch) if column.field}
    alike: dict[Became, list[int]] = defaultdict(list)
    for row, what in became.items():
        alike[what].append(row)
    for what, numbers in alike.items():
        problems = [[labels.get(what.field, ""), what.message]] if what.message else []
        changed: dict[str, object] = {"state": what.state.value, "problems": problems, "said": ""}
        if what.found:
            changed["found"] = what.found
        for start in range(0, len(numbers), 500):
            rows.filter(row__in=numbers[start : start + 500]).update(**changed)
