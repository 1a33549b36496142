"""What a record should have in the ledger: drafts, postings, the key under which values net out. No database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from lianxin.access.verbs import Seal
from lianxin.base.codes import NATION, Level, level_of
from lianxin.base.days import month_number
from lianxin.base.money import to_hundredths

Tags = tuple[tuple[str, str], ...]

WIDTHS = {
    "record": 26,
    "kind": 20,
    "measure": 60,
    "subject": 26,
    "subject_type": 20,
    "region": 12,
    "programme": 60,
    "tags": 1000,
    "organisation": 26,
    "seal": 10,
}
"""How long a code may be; SQLite would take anything, PostgreSQL would not."""


@dataclass(frozen=True, slots=True)
class FactDraft:
    """One thing that a record says should be counted: so much of a measure, for a subject, there, on that day."""

    measure: str
    value: Decimal
    subject: str
    subject_type: str
    region: str
    day: dt.date
    programme: str
    tags: Tags = ()


@dataclass(frozen=True, slots=True)
class Posting:
    """Everything that one record should have in the ledger now; no facts at all when it is withdrawn.

    `is_new` promises that the ledger has never heard of the record, and spares the question.
    """

    record: str
    kind: str
    revision: int
    organisation: str
    org_level: int
    seal: Seal
    facts: tuple[FactDraft, ...] = ()
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Posted:
    """What a posting came to: the batch it stands in (None when there was nothing to say), how many facts."""

    batch: int | None
    facts: int


class FactKey(NamedTuple):
    """Facts of one record with the same key are one number: their sum is what the record has."""

    measure: str
    subject: str
    subject_type: str
    region: str
    day: dt.date
    programme: str
    tags: str
    organisation: str
    org_level: int
    seal: str


class FactRow(NamedTuple):
    """One row of the ledger before it has its batch; the order of the fields is the order in the hash."""

    record: str
    kind: str
    revision: int
    measure: str
    hundredths: int
    subject: str
    subject_type: str
    region: str
    town: str
    county: str
    day: str
    month: int
    programme: str
    tags: str
    organisation: str
    org_level: int
    seal: str


@lru_cache(maxsize=8192)
def tags_text(tags: Tags) -> str:
    """(("mode","door"),("purpose","care")) → ";mode=door;purpose=care;", sorted, each once; "" for none."""
    for name, value in tags:
        if not name or "=" in name or not f"{name}{value}".isprintable() or ";" in name + value:
            raise ValueError(f"a tag is a name and a code without ; or line breaks: {name!r}={value!r}")
    return f";{';'.join(f'{name}={value}' for name, value in sorted(set(tags)))};" if tags else ""


@lru_cache(maxsize=8192)
def ground(region: str) -> str:
    """The code that a fact stands under: the village is the finest unit, whatever grid the record names."""
    if region == NATION:
        raise ValueError("a fact counts somewhere: a region code is needed")
    return region[: Level.VILLAGE.length] if level_of(region) > Level.VILLAGE else region


def wanted(posting: Posting) -> dict[FactKey, int]:
    """What the record should have, in hundredths by key; keys whose values cancel out are left away."""
    sums: dict[FactKey, int] = {}
    organisation, level, seal = posting.organisation, int(posting.org_level), posting.seal.value
    for draft in posting.facts:
        key = FactKey(
            draft.measure,
            draft.subject,
            draft.subject_type,
            ground(draft.region),
            draft.day,
            draft.programme,
            tags_text(draft.tags),
            organisation,
            level,
            seal,
        )
        sums[key] = sums.get(key, 0) + to_hundredths(draft.value)
    return {key: hundredths for key, hundredths in sums.items() if hundredths}


def fact_row(record: str, kind: str, revision: int, key: FactKey, hundredths: int) -> FactRow:
    """The row that says `hundredths` under this key; ValueError when a code is longer than its column."""
    row = FactRow(
        record,
        kind,
        revision,
        key.measure,
        hundredths,
        key.subject,
        key.subject_type,
        key.region,
        key.region[: Level.TOWN.length] if len(key.region) >= Level.TOWN.length else "",
        key.region[: Level.COUNTY.length] if len(key.region) >= Level.COUNTY.length else "",
        key.day.isoformat(),
        month_number(key.day),
        key.programme,
        key.tags,
        key.organisation,
        key.org_level,
        key.seal,
    )
    for place, width in _WIDTHS:
        if len(str(row[place])) > width:
            raise ValueError(f"{FactRow._fields[place]} is longer than {width} characters: {row[place]!r}")
    return row


_WIDTHS = tuple((FactRow._fields.index(name), width) for name, width in WIDTHS.items())
