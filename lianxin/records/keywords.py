"""Finding records by words in their notes, exactly and within scope: an index of bigrams and marks, by drawers.

SQLite: a contentless FTS5 table; PostgreSQL: bigint[] under GIN. Tokens are hashes: nothing reads off.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from lianxin.access.actor import Actor, Grant
from lianxin.access.verbs import Verb
from lianxin.base.codes import is_under
from lianxin.base.errors import Refused
from lianxin.ledger.rows import in_pieces
from lianxin.records.filing import TOWN, Drawer, Filed, drawers, filed, grants_for, refile
from lianxin.records.kinds import Kind, kind_of
from lianxin.records.models import Record

MANY = 2_000  # beyond this a list walks its (area, day) index in any case
PAGES = 20  # …and sooner, when one record in so many of those walked is one that is looked for
PIECE = 50  # drawers in one statement
PARTITIONS = 64  # of PostgreSQL's table: counting a word reads the pages that hold it, so a drawer's rows lie together

Clause = tuple[int, ...]
"""Tokens of which at least one must stand; a search is a conjunction of these."""
Ways = tuple[tuple[Clause, ...], ...]
"""Of these conjunctions one must hold as well: an actor may come to a drawer by several grants."""


@lru_cache(maxsize=65_536)
def _token(drawer: str, text: str) -> int:
    """Salted with the drawer: what a town looks for is not counted through what stands in all the others."""
    return int.from_bytes(blake2b(f"{drawer} {text}".encode(), digest_size=8).digest(), signed=True)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _runs(text: str) -> list[str]:
    """The runs of letters, digits and Chinese characters, folded to one form."""
    return "".join(character if character.isalnum() else " " for character in _folded(text)).split()


def _bigrams(text: str) -> set[str]:
    return {run[at : at + 2] for run in _runs(text) for at in range(len(run) - 1)}


@dataclass(frozen=True, slots=True)
class Slip:
    """What the index holds of one record: where it is filed, and the tokens that it is found by there."""

    filed: Filed
    tokens: frozenset[int]


def slip_of(kind: Kind[Any], record: Record) -> Slip | None:
    """Everything a record can be found by now; None once it is withdrawn."""
    if (at := filed(kind, record)) is None:
        return None
    words = (f"“{pair}" for pair in _bigrams(record.words))
    texts = (f"region:{at.region}", f"leading:{at.programme}", *at.marks, *words)
    return Slip(at, frozenset(_token(at.drawer, text) for text in texts))


@dataclass(frozen=True)
class Search:
    """What somebody is looking for: words (all of them), and marks (one of each group)."""

    words: str = ""
    marks: tuple[tuple[str, ...], ...] = ()
    region: str = ""

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The words to look for; Refused when one is a single character, which would match nearly everything."""
        terms = tuple(_runs(self.words))
        if any(len(term) < 2 for term in terms):
            raise Refused("请至少输入两个字，一个字能找到的太多。", field="q")
        return terms

    def is_said_in(self, words: str) -> bool:
        """Whether a record that says this is one of those looked for, marks and place apart."""
        text = _folded(words) if self.terms else ""
        return all(term in text for term in self.terms)


@dataclass(frozen=True, slots=True)
class Found:
    """How many match, exactly, among how many with such marks; `seqs` are all of them, or None when met soon anyway."""

    count: int
    among: int
    seqs: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What has to stand in the slips of one drawer."""

    drawer: str
    must: tuple[Clause, ...]
    ways: Ways = ()

    @property
    def is_everything(self) -> bool:
        return not (self.must or self.ways)


@dataclass(frozen=True, slots=True)
class WordIndex:
    """The index beside one kind's table."""

    kind: Kind[Any]

    @property
    def table(self) -> str:
        return self.kind.model._meta.db_table

    @property
    def name(self) -> str:
        return f"{self.table}_words"

    def move(self, changes: Sequence[tuple[int, Slip | None, Slip | None]]) -> None:
        """(seq, the slip until now, the slip from now on) of each record, in the caller's transaction."""
        changes = [(seq, old, new) for seq, old, new in changes if old != new]
        refile(self.kind, ((old.filed if old else None, new.filed if new else None) for _, old, new in changes))
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                gone = [(seq, old.tokens) for seq, old, _ in changes if old]
                come = [(seq, new.tokens) for seq, _, new in changes if new]
                # A contentless FTS5 table forgets a row only when told what the row said.
                delete = f"INSERT INTO {self.name}({self.name}, rowid, tokens) VALUES ('delete', %s, %s)"  # noqa: S608
                cursor.executemany(delete, [(seq, _document(tokens)) for seq, tokens in gone])
                insert = f"INSERT INTO {self.name}(rowid, tokens) VALUES (%s, %s)"  # noqa: S608
                cursor.executemany(insert, [(seq, _document(tokens)) for seq, tokens in come])
            else:
                delete = f"DELETE FROM {self.name} WHERE drawer = %s AND seq = %s"  # noqa: S608
                cursor.executemany(delete, [(old.filed.drawer, seq) for seq, old, _ in changes if old])
                insert = f"INSERT INTO {self.name}(drawer, seq, tokens) VALUES (%s, %s, %s)"  # noqa: S608
                cursor.executemany(
                    insert, [(new.filed.drawer, seq, sorted(new.tokens)) for seq, _, new in changes if new]
                )

    @contextmanager
    def emptied(self) -> Iterator[None]:
        """Forgets everything, and looks nothing up until whoever fills it is done. In the caller's transaction."""
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(f"INSERT INTO {self.name}({self.name}) VALUES ('delete-all')")  # noqa: S608
                yield
            else:
                cursor.execute(f"DROP INDEX {self.name}_tokens")  # made at the end, it takes much less time
                cursor.execute(f"DELETE FROM {self.name}")  # noqa: S608
                yield
                cursor.execute(_looked_up(self.name))

    def find(self, actor: Actor, verb: Verb, search: Search) -> Found:
        """What the actor may find with this verb; Refused for one-character words."""
        terms = search.terms
        pairs = sorted({pair for term in terms for pair in _bigrams(term)})
        reached = drawers(self.kind.code, actor, verb, region=search.region, groups=search.marks)
        grants = grants_for(actor, verb, search.region)
        asked = [_asked(drawer, grants, pairs, search.marks) for drawer in reached if drawer.matching]
        unsure = tuple(term for term in terms if len(term) > 2)  # all its pairs may stand apart: read the text
        among = sum(drawer.matching for drawer in reached)
        count = among
        if terms:
            count = sum(n for (n,) in self._select("count(*)", asked, unsure))
        held = sum(drawer.held for drawer in reached)
        if count > MANY or count * count > PAGES * held or any(each.is_everything for each in asked):
            return Found(count, among, None)
        column = "rowid" if connection.vendor == "sqlite" else "seq"
        return Found(count, among, tuple(seq for (seq,) in self._select(f"w.{column}", asked, unsure)) if count else ())

    def _select(self, what: str, asked: Sequence[_Asked], unsure: tuple[str, ...]) -> list[tuple[int]]:
        """One question for each drawer: no record lies in two."""
        found: list[tuple[int]] = []
        with connection.cursor() as cursor:
            for piece in in_pieces(asked, PIECE):
                parts = [self._question(what, each, unsure) for each in piece]
                sql = " UNION ALL ".join(part for part, _ in parts)
                cursor.execute(sql, [value for _, values in parts for value in values])
                found += cursor.fetchall()
        return found

    def _question(self, what: str, asked: _Asked, unsure: tuple[str, ...]) -> tuple[str, list[Any]]:
        if connection.vendor == "sqlite":
            key, (where, values) = "rowid", (f"w.{self.name} MATCH %s", [_fts(asked)])
            position = "instr(lower(r.words), %s) > 0"
        else:
            key, (where, values) = "seq", _arrays(asked)
            where, values = f"w.drawer = %s AND {where}", [asked.drawer, *values]
            position = "position(%s in lower(r.words)) > 0"
        source = f"{self.name} AS w"
        if unsure:
            source += f" JOIN {self.table} AS r ON r.seq = w.{key}"
            where += "".join(f" AND {position}" for _ in unsure)
        return f"SELECT {what} FROM {source} WHERE {where}", [*values, *unsure]  # noqa: S608


def _document(tokens: frozenset[int]) -> str:
    return " ".join(f"{token & 0xFFFFFFFFFFFFFFFF:x}" for token in sorted(tokens))


def _asked(
    drawer: Drawer, grants: Sequence[tuple[Grant, str]], pairs: Sequence[str], marks: Sequence[tuple[str, ...]]
) -> _Asked:
    """Words and marks, salted; and what each grant that opens the drawer asks besides, unless one opens all of it."""

    def clause(*texts: str) -> Clause:
        return tuple(_token(drawer.name, text) for text in texts)

    ways: list[tuple[Clause, ...]] = []
    for grant, top in grants:
        if drawer.seal not in grant.seals or not (is_under(drawer.town, top) or is_under(top, drawer.town)):
            continue
        besides = [clause(f"region:{top}")] if len(top) > TOWN else []
        if grant.programmes is not None:
            besides.append(clause(*(f"leading:{code}" for code in sorted(grant.programmes))))
        ways.append(tuple(besides))
    must = tuple([clause(f"“{pair}") for pair in pairs] + [clause(*group) for group in marks])
    return _Asked(drawer.name, must, tuple(ways) if all(ways) else ())


def _fts(asked: _Asked) -> str:
    def clause(tokens: Clause) -> str:
        return "(" + " OR ".join(f'"{_document(frozenset({token}))}"' for token in tokens) + ")"

    parts = [clause(tokens) for tokens in asked.must]
    if asked.ways:
        ways = [" AND ".join(clause(tokens) for tokens in way) for way in asked.ways]
        parts.append("(" + " OR ".join(f"({way})" for way in ways) + ")")
    return " AND ".join(parts)


def _arrays(asked: _Asked) -> tuple[str, list[Any]]:
    """The same in PostgreSQL: lone tokens together under @>, groups under &&."""

    def both(clauses: Sequence[Clause]) -> tuple[str, list[Any]]:
        lone = [tokens[0] for tokens in clauses if len(tokens) == 1]
        groups = [list(tokens) for tokens in clauses if len(tokens) > 1]
        sql = (["w.tokens @> %s::bigint[]"] if lone else []) + ["w.tokens && %s::bigint[]"] * len(groups)
        return " AND ".join(sql), ([lone] if lone else []) + groups

    if len(asked.ways) <= 1:
        return both([*asked.must, *(clause for way in asked.ways for clause in way)])
    ways = [both(way) for way in asked.ways]
    sql, values = both(asked.must)
    either = " OR ".join(f"({way})" for way, _ in ways)
    sql = f"{sql} AND ({either})" if sql else f"({either})"
    return sql, [*values, *(value for _, more in ways for value in more)]


def word_index(code: str) -> WordIndex:
    """The index of the kind of record with this code."""
    return WordIndex(kind_of(code))


def create(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """For a kind's migration: lays the empty index beside its table."""
    name = f"{table}_words"
    if editor.connection.vendor == "sqlite":
        editor.execute(
            f"CREATE VIRTUAL TABLE {name} USING fts5(tokens, content='', detail=none, columnsize=0, tokenize='ascii')"
        )
    else:
        editor.execute(
            f"CREATE TABLE {name} (drawer text NOT NULL, seq bigint NOT NULL, tokens bigint[] NOT NULL, "
            f"PRIMARY KEY (drawer, seq)) PARTITION BY HASH (drawer)"
        )
        for part in range(PARTITIONS):
            of = f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {part})"
            editor.execute(f"CREATE TABLE {name}_{part} PARTITION OF {name} {of}")
        editor.execute(_looked_up(name))


def _looked_up(name: str) -> str:
    return f"CREATE INDEX {name}_tokens ON {name} USING gin (tokens) WITH (fastupdate = off)"


def lay_in_parts(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """For the migration of a database whose index lies in one piece: PostgreSQL's is made anew, empty.

    The kept counts go with it, so that `lianxin prepare` fills both.
    """
    if editor.connection.vendor != "postgresql":
        return
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT relkind FROM pg_class WHERE relname = %s", [f"{table}_words"])
        (kind,) = cursor.fetchone() or ("",)
    if kind == "r":
        drop(editor, table)
        create(editor, table)
        editor.execute("DELETE FROM records_filing")


def drop(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    editor.execute(f"DROP TABLE {table}_words")
