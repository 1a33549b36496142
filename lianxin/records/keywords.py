"""Finding records by words in their notes, exactly and within scope: bigrams and scope codes in one inverted index.

SQLite: a contentless FTS5 table; PostgreSQL: bigint[] under GIN. Tokens are hashes: nothing reads off.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from lianxin.access.actor import Actor, Grant
from lianxin.access.verbs import Seal, Verb
from lianxin.base.codes import NATION, is_under
from lianxin.base.errors import Refused
from lianxin.records.models import Record

if TYPE_CHECKING:
    from lianxin.records.kinds import Kind

MANY = 2_000  # beyond this a list walks its (area, day) index instead: frequent words are met soon
KEPT = "kept"  # every record that is not withdrawn stands under this, so that a bare list can be counted too

Clause = tuple[int, ...]
"""Tokens of which at least one must stand; a search is a conjunction of these."""


@lru_cache(maxsize=65_536)
def _token(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)


def _runs(text: str) -> list[str]:
    """The runs of letters, digits and Chinese characters, folded to one form."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(character if character.isalnum() else " " for character in plain).split()


def _bigrams(text: str) -> set[str]:
    return {run[at : at + 2] for run in _runs(text) for at in range(len(run) - 1)}


def tokens_of(kind: Kind[Any], record: Record) -> frozenset[int]:
    """Everything a record can be found by; nothing once it is withdrawn."""
    if record.is_void:
        return frozenset()
    scope = [f"region:{record.region[:length]}" for length in (2, 4, 6, 9, 12, 15) if length <= len(record.region)]
    marks = [f"seal:{record.seal}", f"leading:{record.programme}", *kind.marks(record)]
    return frozenset(_token(text) for text in (KEPT, *scope, *marks, *(f"“{pair}" for pair in _bigrams(record.words))))


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody is looking for: words (all of them), and marks (one of each group)."""

    words: str = ""
    marks: tuple[tuple[str, ...], ...] = ()
    region: str = ""

    @property
    def terms(self) -> tuple[str, ...]:
        """The words to look for; Refused when one is a single character, which would match nearly everything."""
        terms = tuple(_runs(self.words))
        if any(len(term) < 2 for term in terms):
            raise Refused("请至少输入两个字，一个字能找到的太多。", field="q")
        return terms


@dataclass(frozen=True, slots=True)
class Found:
    """How many records match, exactly; `seqs` are all of them, or None when there are more than MANY."""

    count: int
    seqs: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class WordIndex:
    """The index beside one kind's table."""

    table: str

    @property
    def name(self) -> str:
        return f"{self.table}_words"

    def move(self, changes: Iterable[tuple[int, frozenset[int] | None, frozenset[int]]]) -> None:
        """(seq, tokens it was under or None, tokens it is under now), in the caller's transaction."""
        gone = [(seq, old) for seq, old, new in changes if old and old != new]
        come = [(seq, new) for seq, old, new in changes if new and old != new]
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                # A contentless FTS5 table forgets a row only when told what the row said.
                delete = f"INSERT INTO {self.name}({self.name}, rowid, tokens) VALUES ('delete', %s, %s)"  # noqa: S608
                cursor.executemany(delete, [(seq, _document(tokens)) for seq, tokens in gone])
                insert = f"INSERT INTO {self.name}(rowid, tokens) VALUES (%s, %s)"  # noqa: S608
                cursor.executemany(insert, [(seq, _document(tokens)) for seq, tokens in come])
            else:
                if gone:
                    cursor.execute(f"DELETE FROM {self.name} WHERE seq = ANY(%s)", [[seq for seq, _ in gone]])  # noqa: S608
                insert = f"INSERT INTO {self.name}(seq, tokens) VALUES (%s, %s)"  # noqa: S608
                cursor.executemany(insert, [(seq, sorted(tokens)) for seq, tokens in come])

    def find(self, actor: Actor, verb: Verb, search: Search) -> Found:
        """What the actor may find with this verb; Refused for one-character words."""
        terms = search.terms
        must: list[Clause] = [(_token(KEPT),)] if not (terms or search.marks) else []
        must += [(_token(f"“{pair}"),) for term in terms for pair in sorted(_bigrams(term))]
        must += [tuple(_token(mark) for mark in group) for group in search.marks]
        reaches = _reaches(actor, verb, search.region)
        if not reaches:
            return Found(0, ())
        unsure = tuple(term for term in terms if len(term) > 2)  # all its pairs may stand apart: read the text
        with connection.cursor() as cursor:
            count = self._select(cursor, "count(*)", must, reaches, unsure, limit=None)[0][0]
            if count > MANY:
                return Found(count, None)
            column = "rowid" if connection.vendor == "sqlite" else "seq"
            rows = self._select(cursor, f"w.{column}", must, reaches, unsure, limit=MANY)
        return Found(count, tuple(row[0] for row in rows))

    def _select(
        self,
        cursor: Any,
        what: str,
        must: Sequence[Clause],
        reaches: Sequence[tuple[Clause, ...]],
        unsure: tuple[str, ...],
        *,
        limit: int | None,
    ) -> list[tuple[int]]:
        if connection.vendor == "sqlite":
            key, where, values = "rowid", f"{self.name} MATCH %s", [_fts(must, reaches)]
            source = f"{self.name} AS w" if unsure else self.name
            where = f"w.{self.name} MATCH %s" if unsure else where
            what = what if unsure else what.removeprefix("w.")
            position = "instr(lower(r.words), %s) > 0"
        else:
            key, (where, values), source = "seq", _arrays(must, reaches), f"{self.name} AS w"
            position = "position(%s in lower(r.words)) > 0"
        if unsure:
            source += f" JOIN {self.table} AS r ON r.seq = w.{key}"
            where += "".join(f" AND {position}" for _ in unsure)
            values = [*values, *unsure]
        tail = f" LIMIT {limit}" if limit else ""
        cursor.execute(f"SELECT {what} FROM {source} WHERE {where}{tail}", values)  # noqa: S608
        rows: list[tuple[int]] = cursor.fetchall()
        return rows


def _document(tokens: frozenset[int]) -> str:
    return " ".join(f"{token & 0xFFFFFFFFFFFFFFFF:x}" for token in sorted(tokens))


def _reaches(actor: Actor, verb: Verb, region: str) -> list[tuple[Clause, ...]]:
    """Each of the actor's grants as clauses, narrowed to a region; an empty list when nothing is left."""
    reaches = []
    for grant in actor.grants:
        if verb not in grant.verbs or not (is_under(region, grant.region) or is_under(grant.region, region)):
            continue
        reaches.append(_clauses(grant, max(region, grant.region, key=len)))
    return reaches


def _clauses(grant: Grant, region: str) -> tuple[Clause, ...]:
    clauses: list[Clause] = []
    if region != NATION:
        clauses.append((_token(f"region:{region}"),))
    if grant.seals != frozenset(Seal):
        clauses.append(tuple(_token(f"seal:{seal.value}") for seal in sorted(grant.seals)))
    if grant.programmes is not None:
        clauses.append(tuple(_token(f"leading:{code}") for code in sorted(grant.programmes)))
    return tuple(clauses)


def _fts(must: Sequence[Clause], reaches: Sequence[tuple[Clause, ...]]) -> str:
    def clause(tokens: Clause) -> str:
        return "(" + " OR ".join(f'"{_document(frozenset({token}))}"' for token in tokens) + ")"

    parts = [clause(tokens) for tokens in must]
    if all(reaches):
        ways = [" AND ".join(clause(tokens) for tokens in reach) for reach in reaches]
        parts.append("(" + " OR ".join(f"({way})" for way in ways) + ")")
    return " AND ".join(parts)


def _arrays(must: Sequence[Clause], reaches: Sequence[tuple[Clause, ...]]) -> tuple[str, list[Any]]:
    """The same in PostgreSQL: lone tokens together under @>, groups under &&."""

    def both(clauses: Sequence[Clause]) -> tuple[str, list[Any]]:
        lone = [tokens[0] for tokens in clauses if len(tokens) == 1]
        groups = [list(tokens) for tokens in clauses if len(tokens) > 1]
        sql = (["w.tokens @> %s::bigint[]"] if lone else []) + ["w.tokens && %s::bigint[]"] * len(groups)
        return " AND ".join(sql), ([lone] if lone else []) + groups

    if len(reaches) == 1:
        return both([*must, *reaches[0]])
    sql, values = both(must)
    ways = [both(reach) for reach in reaches]
    if all(way for way, _ in ways):
        either = " OR ".join(f"({way})" for way, _ in ways)
        sql = f"{sql} AND ({either})" if sql else f"({either})"
        values = [*values, *(value for _, more in ways for value in more)]
    return sql or "true", values


@cache
def word_index(model: type[Record]) -> WordIndex:
    return WordIndex(model._meta.db_table)


def create(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """For a kind's migration: lays the empty index beside its table."""
    name = f"{table}_words"
    if editor.connection.vendor == "sqlite":
        editor.execute(
            f"CREATE VIRTUAL TABLE {name} USING fts5(tokens, content='', detail=none, columnsize=0, tokenize='ascii')"
        )
    else:
        editor.execute(f"CREATE TABLE {name} (seq bigint PRIMARY KEY, tokens bigint[] NOT NULL)")
        editor.execute(f"CREATE INDEX {name}_tokens ON {name} USING gin (tokens) WITH (fastupdate = off)")


def drop(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    editor.execute(f"DROP TABLE {table}_words")
