"""Proving the log: nothing changed, missing, put in another order or cut off its end; the first difference is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from django.db import connection, transaction

from lianxin.audit import triggers, witness
from lianxin.audit.chain import Said, hash_of
from lianxin.audit.models import Entry, Head, Reason
from lianxin.audit.witness import Forged, Witness
from lianxin.base.errors import Refused
from lianxin.vault.box import Unsealable, keyed_hash

PIECE = 2_000
_NOTED = re.compile(r"([0-9]{1,15})-([0-9a-f]{16})")
_COLUMNS = tuple(field.name for field in fields(Said))

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many entries stand, the head as it is noted down, and the first difference ("" for none)."""

    entries: int
    head: str
    difference: str = ""


@dataclass(frozen=True, slots=True)
class _Walked:
    no: int = 0
    hash: str = ""
    difference: str = ""


def parse_noted(text: str) -> Witness:
    """A head as it was noted down, 1234-5f0c12ab9e417d03. Refused for anything else."""
    match = _NOTED.fullmatch(text.strip().lower())
    if match is None:
        raise Refused("记下的末条应像 1234-5f0c12ab9e417d03：条数、短横、16 位字母数字。", field="noted")
    return Witness(int(match[1]), match[2])


def verify(tell: Tell, *, noted: Witness | None = None) -> Verdict:
    """Look at every entry, as of one moment. `noted` is a head that somebody wrote down earlier."""
    with transaction.atomic():
        walked = _walk(tell)
        head = Head.objects.filter(pk=1).values_list("no", "hash").first() or (0, "")
        looks = (
            partial(_at_the_end, walked, head),
            partial(_witnessed, walked),
            partial(_noted_down, noted),
            _unlocked,
        )
        found = walked.difference or next(filter(None, (look() for look in looks)), "")
    return Verdict(walked.no, Witness(walked.no, walked.hash).words, found)


def _walk(tell: Tell) -> _Walked:
    """From the first entry on, as far as each follows from the one before."""
    entries = Entry.objects.unscoped("the chain is proved over all entries, and nothing is shown of them")
    total = entries.count()
    no, previous = 0, ""
    while rows := list(entries.filter(no__gt=no).order_by("no")[:PIECE]):
        reasons = _reasons(rows[0].no, rows[-1].no)
        for row in rows:
            if said := _wrong(row, no, previous, reasons):
                return _Walked(no, previous, said)
            no, previous = row.no, row.hash
        tell("核对查阅记录", no, total)
    return _Walked(no, previous)


def _reasons(first: int, last: int) -> Mapping[int, Any]:
    rows = Reason.objects.unscoped("the chain is proved over all entries, and nothing is shown of them")
    return dict(rows.filter(entry__gte=first, entry__lte=last).values_list("entry", "said"))


def _wrong(row: Any, last: int, previous: str, reasons: Mapping[int, Any]) -> str:
    if row.no != last + 1:
        return f"第 {last + 1} 条不见了。"
    said = Said(**{column: getattr(row, column) for column in _COLUMNS})
    if row.previous != previous or row.hash != hash_of(said, no=row.no, previous=previous):
        return f"第 {row.no} 条被改动过，或者换了位置。"
    if not row.reason:
        return f"第 {row.no} 条多出了事由。" if row.no in reasons else ""
    if row.no not in reasons:
        return f"第 {row.no} 条的事由不见了。"
    try:
        text = reasons[row.no].reveal()
    except Unsealable:
        return f"第 {row.no} 条的事由打不开：密钥不在，或者被改动过。"
    return "" if keyed_hash(text, purpose="audit.reason") == row.reason else f"第 {row.no} 条的事由被改动过。"


def _at_the_end(walked: _Walked, head: tuple[int, str]) -> str:
    if head[0] > walked.no:
        return f"最后 {head[0] - walked.no} 条不见了：应有 {head[0]} 条，现在只有 {walked.no} 条。"
    return "" if head == (walked.no, walked.hash) else "末条的登记和最后一条对不上。"


def _witnessed(walked: _Walked) -> str:
    try:
        seen = witness.seen()
    except Forged:
        return f"数据文件夹里的 {witness.FILE} 被改动过。"
    if seen is None:
        return (
            "这台机器没有见过这本记录：末条的登记不在。刚恢复过备份的，请运行 lianxin audit accept。"
            if walked.no
            else ""
        )
    if seen.no > walked.no:
        return f"末尾被截去：这台机器见过 {seen.no} 条，现在只有 {walked.no} 条。"
    return "" if _hash_at(seen.no) == seen.hash else f"第 {seen.no} 条和这台机器当时见过的不一样。"


def _noted_down(noted: Witness | None) -> str:
    if noted is None or _hash_at(noted.no)[:16] == noted.hash:
        return ""
    return f"和记下的末条对不上：第 {noted.no} 条不见了，或者不是当时那一条。"


def _hash_at(no: int) -> str:
    entries = Entry.objects.unscoped("the chain is proved over all entries, and nothing is shown of them")
    return str(entries.filter(no=no).values_list("hash", flat=True).first() or "")


def _unlocked() -> str:
    gone = triggers.missing(connection)
    return f"数据库里少了一道锁（{gone[0]}），请运行 lianxin prepare。" if gone else ""
