"""Batches: handed in, columns settled, seen by who made them and those above, dropped. Reading is in `staging`."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction
from django.db.models import Count, Q

from lianxin.access.actor import Actor
from lianxin.access.guard import GuardedQuerySet, pen
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, as_typed, is_under, level_of
from lianxin.base.errors import Forbidden, Problems, Refused, Unseen
from lianxin.exchange.imports.blocks import drop_file, keep_file
from lianxin.exchange.imports.headings import Column, Heading, find_heading
from lianxin.exchange.imports.installed import kind_of
from lianxin.exchange.imports.kinds import Kind
from lianxin.exchange.imports.words import IGNORED, plain_label, words
from lianxin.exchange.models import PEN, Batch, Remembered, Stage, StagedRow, State
from lianxin.exchange.reading.source import Source, open_source
from lianxin.vault.box import keyed_hash
from lianxin.vault.masks import mask_free_text

NO_TABLE = "没有认出表头：请让第一行是各列的名称（可先下载模板），另存后再传。"
GONE = "没有这次导入，或不在您的区域。"
_OVER = (Stage.UNDONE, Stage.DROPPED)


def seen_by(actor: Actor) -> GuardedQuerySet[Batch]:
    """Her own, and those of the places below hers; not those of colleagues at the same place."""
    below = ~Q(region__in=actor.regions(Verb.IMPORT))
    return Batch.objects.seen_by(actor).filter(Q(by=actor.account) | below)


def batch_for(actor: Actor, key: str) -> Batch:
    batch = seen_by(actor).filter(pk=key).first()
    if batch is None:
        raise Unseen(GONE)
    return batch


@dataclass(frozen=True, slots=True)
class Handed:
    """A file as it was handed in. `village` is meant where a row names none; `county` where the post leaves it open."""

    file: BinaryIO
    name: str
    village: str = ""
    county: str = ""


def take_in(actor: Actor, kind_code: str, handed: Handed, *, at: dt.datetime, is_kept: bool = True) -> Batch:
    """A new batch whose columns wait to be settled; the same file of the same person is the same batch as before.

    Refused, with one sentence, for a file that cannot be read at all. `is_kept` False: the caller keeps the file.
    """
    kind = kind_of(kind_code)
    region = _place_of(actor, kind, handed)
    digest = _digest(handed.file, f"{kind.code}:{handed.village}")
    known = Batch.objects.seen_by(actor).filter(by=actor.account, digest=digest).exclude(stage__in=_OVER)
    if (before := known.order_by("-id").first()) is not None:
        return before
    source = open_source(handed.file)
    county = region[: Level.COUNTY.length]
    sheet, heading, notes = _table(source, kind, county)
    batch = Batch(
        kind=kind.code,
        region=region,
        county=county,
        village=as_typed(handed.village),
        by=actor.account,
        at=at,
        changed_at=at,
        file_name=mask_free_text(handed.name)[-120:],
        digest=digest,
        sheet=sheet[:60],
        header=heading.last,
        columns=[{"label": column.label, "field": column.field} for column in heading.columns],
        notes=notes,
        preview=json.dumps([[mask_free_text(cell) for cell in row.cells] for row in heading.first_rows]),
    )
    with transaction.atomic(), pen(PEN):
        batch.save()
        if is_kept:
            keep_file(batch, handed.file)
    return batch


def _place_of(actor: Actor, kind: Kind, handed: Handed) -> str:
    """Of which of her posts the batch is: the one that may import and write there."""
    actor.require(Verb.IMPORT)
    actor.require(kind.verb)
    wanted = as_typed(handed.village) or handed.county
    tops = [top for top in actor.regions(Verb.IMPORT) if not wanted or is_under(wanted, top) or is_under(top, wanted)]
    if not tops:
        raise Forbidden("这不在您负责的区域里。")
    top = max(tops[0], handed.county, key=len)
    if len(top) < Level.COUNTY.length:
        raise Refused("请写明是哪个县（区）。", field="region")
    return top


def _digest(file: BinaryIO, salt: str) -> str:
    file.seek(0)
    found = hashlib.sha256(salt.encode())
    while piece := file.read(1 << 16):
        found.update(piece)
    return keyed_hash(found.hexdigest(), purpose="import.file")


def _table(source: Source, kind: Kind, county: str) -> tuple[str, Heading, list[str]]:
    """The sheet that says most, its heading, and what is to be said about the others."""
    fields, remembered = kind.labels(), remembered_columns(kind.code, county)
    best: tuple[str, Heading] | None = None
    for sheet in source.sheets:
        found = find_heading(source.rows(sheet), fields=fields, known=words(), remembered=remembered)
        if found is not None and (best is None or found.score > best[1].score):
            best = (sheet.name, found)
    if best is None:
        raise Refused(NO_TABLE, field="file")
    others = [sheet.name for sheet in source.sheets if sheet.name != best[0]]
    notes = [f"只读了工作表“{best[0]}”，没有读：{'、'.join(others)}。"] if others else []
    notes += [f"隐藏的工作表没有读：{'、'.join(source.hidden)}。"] if source.hidden else []
    return *best, notes


def previewed(batch: Batch) -> list[list[str]]:
    """The first rows, numbers of people masked."""
    text = batch.preview.reveal()
    rows: list[list[str]] = json.loads(text) if text else []
    return rows


# ── columns ──────────────────────────────────────────────────────────────────


def remembered_columns(kind: str, county: str) -> dict[str, str]:
    """Plain label → field, as somebody of this county settled it last."""
    return dict(Remembered.objects.filter(kind=kind, county=county).values_list("label", "field"))


def columns_of(batch: Batch) -> tuple[Column, ...]:
    return tuple(Column(each["label"], each["field"]) for each in batch.columns)


def settle_columns(actor: Actor, key: str, fields: Sequence[str], *, village: str, at: dt.datetime) -> Batch:
    """What each column means; remembered for the next file of this county. Problems by field."""
    batch, problems = batch_for(actor, key), Problems()
    if batch.stage != Stage.COLUMNS:
        raise Refused("这一批的列已经核对过了，请刷新后再看。")
    kind = kind_of(batch.kind)
    wanted = [field for field in fields if field and field != IGNORED]
    for field, times in Counter(wanted).items():
        if times > 1:
            problems.add("columns", f"有 {times} 列都选成了“{kind.labels().get(field, field)}”，只能留一列。")
    if not set(kind.needs_one_of) & set(wanted):
        names = "或".join(f"“{kind.labels()[field]}”" for field in kind.needs_one_of)
        problems.add("columns", f"请说明哪一列是{names}。")
    code = as_typed(village)
    if code and (len(code) != Level.VILLAGE.length or level_of(code) != Level.VILLAGE):
        problems.add("village", "请选一个村（社区）。")
    problems.raise_if_any()
    columns = columns_of(batch)
    known = kind.labels()
    chosen = [field if field in known or field == IGNORED else "" for field in fields[: len(columns)]]
    batch.columns = [{"label": column.label, "field": field} for column, field in zip(columns, chosen, strict=False)]
    batch.village, batch.stage, batch.changed_at = code, Stage.READING, at
    with transaction.atomic(), pen(PEN):
        batch.save()
        _remember(batch)
    return batch


def _remember(batch: Batch) -> None:
    said = {plain_label(column.label)[:60]: column.field for column in columns_of(batch) if column.label}
    for label, field in said.items():
        if label and field and words().columns.get(label) != field:
            Remembered.objects.update_or_create(
                kind=batch.kind, county=batch.county, label=label, defaults={"field": field}
            )


# ── counting, deciding, dropping ─────────────────────────────────────────────


def counts(actor: Actor, batch: Batch) -> dict[State, int]:
    rows = StagedRow.objects.seen_by(actor).filter(batch_id=batch.pk)
    found = dict(rows.values_list("state").annotate(many=Count("id")).order_by())
    return {state: found.get(state.value, 0) for state in State}


def rows_in(actor: Actor, batch: Batch, states: Iterable[State]) -> GuardedQuerySet[StagedRow]:
    """Staged rows in the order of the sheet."""
    rows = StagedRow.objects.seen_by(actor).filter(batch_id=batch.pk, state__in=[each.value for each in states])
    return rows.order_by("row")


def decide(actor: Actor, batch: Batch, answers: Mapping[int, bool], *, at: dt.datetime) -> int:
    """Of rows that may stand in the register already: True is the same person, False somebody else. How many rows."""
    with transaction.atomic(), pen(PEN):
        asked = rows_in(actor, batch, [State.ASK])
        same = asked.filter(row__in=[row for row, is_same in answers.items() if is_same])
        other = asked.filter(row__in=[row for row, is_same in answers.items() if not is_same])
        many = same.update(state=State.KNOWN, said="") + other.update(state=State.GOOD, found="", problems=[])
        if many and batch.stage == Stage.APPLIED:
            batch.stage, batch.done_to, batch.changed_at = Stage.APPLYING, 0, at
            batch.save()
    return many


def drop(actor: Actor, batch: Batch, *, at: dt.datetime) -> None:
    """Before anything was applied: its rows and file go."""
    if batch.stage not in (Stage.COLUMNS, Stage.READING, Stage.READY):
        raise Refused("已经开始导入了，不能丢弃；可以整批撤销。")
    with transaction.atomic(), pen(PEN):
        StagedRow.objects.seen_by(actor).filter(batch_id=batch.pk).delete()
        drop_file(actor, batch)
        batch.stage, batch.changed_at, batch.preview = Stage.DROPPED, at, ""
        batch.save()
