"""How many records are filed where, kept as they come and go: a list says how long it is without walking it.

A drawer holds what stands in one town under one seal; words are looked for drawer by drawer (keywords.py).
"""

# ruff: noqa: S608 - SQL is put together from our own names; every value is a parameter
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from lianxin.access.actor import Actor, Grant
from lianxin.access.verbs import Seal, Verb
from lianxin.base.codes import NATION, Level, is_under, range_under
from lianxin.ledger import rows
from lianxin.records.kinds import Kind
from lianxin.records.models import Record

TOWN = Level.TOWN.length
GRAINS = (int(Level.VILLAGE), int(Level.TOWN))
"""Every count is kept twice: where the record stands, and at its town, for the lists of towns and counties."""

_COLUMNS = ("kind", "grain", "place", "seal", "programme", "marks", "n")
_ADD = "ON CONFLICT (kind, grain, place, seal, programme, marks) DO UPDATE SET n = records_filing.n + excluded.n"
_HAS = {"sqlite": "instr(marks, %s) > 0", "postgresql": "strpos(marks, %s) > 0"}

Marks = tuple[str, ...]
Count = tuple[int, str, str, str, str]
"""Which of the kept counts of a kind: grain, place, seal, leading line of work, marks."""
Condition = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Filed:
    """What a record is found under, besides its words."""

    region: str
    seal: str
    programme: str
    marks: Marks

    @property
    def drawer(self) -> str:
        return drawer_of(self.region, self.seal)

    @property
    def counts(self) -> tuple[Count, ...]:
        """The kept counts that it is one of; marks as “;mode:door;purpose:care;”."""
        marks = f";{';'.join(sorted(set(self.marks)))};" if self.marks else ""
        places = zip(GRAINS, (self.region, self.region[:TOWN]), strict=True)
        return tuple((grain, place, self.seal, self.programme, marks) for grain, place in places)


@dataclass(frozen=True, slots=True)
class Drawer:
    """One town's records under one seal: how many lie in the area asked for, and how many of these are asked for."""

    town: str
    seal: str
    held: int
    matching: int

    @property
    def name(self) -> str:
        return drawer_of(self.town, self.seal)


def drawer_of(region: str, seal: str) -> str:
    return f"{region[:TOWN]}/{seal}"


def filed(kind: Kind[Any], record: Record) -> Filed | None:
    """What a record is filed under now; None once it is withdrawn, and for one that is its team's.

    A kept count is one number for everybody, and how long a search takes tells as much: neither may know of those.
    """
    if record.is_void or record.seal == Seal.TEAM:
        return None
    return Filed(record.region, record.seal, record.programme, kind.marks(record))


def refile(kind: Kind[Any], changes: Iterable[tuple[Filed | None, Filed | None]]) -> None:
    """(filed until now, filed from now on) of each record, in the caller's transaction."""
    moved: Counter[Count] = Counter()
    for old, new in changes:
        moved.subtract(old.counts if old else ())
        moved.update(new.counts if new else ())
    with connection.cursor() as cursor:
        # sorted: two writers who meet in the same counts take them in the same order
        rows.put(
            cursor,
            "records_filing",
            _COLUMNS,
            [(kind.code, *at, n) for at, n in sorted(moved.items()) if n],
            conflict=_ADD,
        )


def grants_for(actor: Actor, verb: Verb, region: str) -> list[tuple[Grant, str]]:
    """The actor's grants that hold a verb, each with the area it reaches within a region.

    One for no line of work at all reaches nothing: an empty list must never be asked as no condition.
    """
    return [
        (grant, max(region, grant.region, key=len))
        for grant in actor.grants
        if verb in grant.verbs
        and grant.programmes != frozenset()
        and (is_under(region, grant.region) or is_under(grant.region, region))
    ]


def drawers(code: str, actor: Actor, verb: Verb, *, region: str, groups: Sequence[Marks]) -> tuple[Drawer, ...]:
    """The drawers that hold what the actor may find in a region, with a mark of each group; one query."""
    reach = grants_for(actor, verb, region)
    if not reach:
        return ()
    village, town = GRAINS
    grain = village if any(len(top) > TOWN for _, top in reach) else town
    area = _either(_area(top) for _, top in reach)
    wanted = _all(_either(_granted(grant, top) for grant, top in reach), *(_marked(group) for group in groups))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT SUBSTR(place, 1, {TOWN}), seal, SUM(n), SUM(CASE WHEN {wanted[0]} THEN n ELSE 0 END) "
            f"FROM records_filing WHERE kind = %s AND grain = %s AND {area[0]} GROUP BY 1, 2 HAVING SUM(n) > 0",
            [*wanted[1], code, grain, *area[1]],
        )
        return tuple(Drawer(at, seal, int(held), int(matching)) for at, seal, held, matching in cursor.fetchall())


def _area(top: str) -> Condition:
    return ("1 = 1", []) if top == NATION else ("(place >= %s AND place < %s)", list(range_under(top)))


def _granted(grant: Grant, top: str) -> Condition:
    parts = [_area(top), _one_of("seal", grant.seals)]
    if grant.programmes is not None:
        parts.append(_one_of("programme", grant.programmes))
    return _all(*parts)


def _one_of(column: str, values: Iterable[str]) -> Condition:
    return _either((f"{column} = %s", [value]) for value in sorted(values))


def _marked(group: Marks) -> Condition:
    return _either((_HAS[connection.vendor], [f";{mark};"]) for mark in group)


def _all(*parts: Condition) -> Condition:
    return " AND ".join(sql for sql, _ in parts), [value for _, values in parts for value in values]


def _either(parts: Iterable[Condition]) -> Condition:
    found = list(parts)
    return f"({' OR '.join(sql for sql, _ in found) or '1 = 0'})", [value for _, values in found for value in values]
