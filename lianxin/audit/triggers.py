"""The lock in the database: triggers that refuse to change or remove rows of tables that only grow; laid by migrations.

SQLite loses a table's triggers when Django rebuilds the table: a later migration that alters one ends with `install`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.backends.base.base import BaseDatabaseWrapper

_ACTS = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}
_FUNCTION = """
CREATE OR REPLACE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'this table only grows: % on % is refused', TG_OP, TG_TABLE_NAME; END $$
"""
# Reasons are sealed anew when keys change; what they say is held by the entry's mark of it.
LOGS: Mapping[str, tuple[str, ...]] = {
    "audit_entry": ("update", "delete", "truncate"),
    "audit_reason": ("delete", "truncate"),
    "net_accountchange": ("update", "delete", "truncate"),
    "net_organisationchange": ("update", "delete", "truncate"),
    "register_change": ("update", "delete", "truncate"),
}
"""The tables that only grow, ledger apart, and what is refused on each."""


def _names(connection: BaseDatabaseWrapper, tables: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Trigger → its table and act."""
    known = _ACTS[connection.vendor]
    return {f"{table}_refuses_{act}": (table, act) for table in tables for act in LOGS[table] if act in known}


def install(connection: BaseDatabaseWrapper, tables: Iterable[str]) -> None:
    """Lay the triggers of these tables, anew where they stand already."""
    tables = tuple(tables)
    remove(connection, tables)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION, None)
        for name, (table, act) in _names(connection, tables).items():
            cursor.execute(f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {table} {_body(connection, act)}", None)


def _body(connection: BaseDatabaseWrapper, act: str) -> str:
    if connection.vendor == "sqlite":
        return "BEGIN SELECT RAISE(ABORT, 'this table only grows'); END"
    each = "STATEMENT" if act == "truncate" else "ROW"
    return f"FOR EACH {each} EXECUTE FUNCTION only_grows()"


def remove(connection: BaseDatabaseWrapper, tables: Iterable[str]) -> None:
    """Take them away: for a migration's way back."""
    with connection.cursor() as cursor:
        for name, (table, _) in _names(connection, tables).items():
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    """The triggers that should stand and do not."""
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        standing = {name for (name,) in cursor.fetchall()}
    return tuple(name for name in _names(connection, LOGS) if name not in standing)
