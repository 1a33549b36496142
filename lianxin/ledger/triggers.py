"""The lock in the database: triggers that refuse to change or remove what the ledger holds. A migration lays them.

SQLite loses a table's triggers when Django rebuilds the table: a later migration that alters one ends with `install`.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("ledger_batch", "ledger_fact", "ledger_sealedperiod")
_ACTS = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}
_FUNCTION = """
CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger only grows: % on % is refused', TG_OP, TG_TABLE_NAME; END $$
"""


def _names(connection: BaseDatabaseWrapper) -> dict[str, tuple[str, str]]:
    """Trigger → its table and act."""
    acts = _ACTS[connection.vendor]
    return {f"{table}_refuses_{act}": (table, act) for table in TABLES for act in acts}


def install(connection: BaseDatabaseWrapper) -> None:
    """Lay the triggers, anew where they stand already."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION, None)
        for name, (table, act) in _names(connection).items():
            cursor.execute(f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {table} {_body(connection, act)}", None)


def _body(connection: BaseDatabaseWrapper, act: str) -> str:
    if connection.vendor == "sqlite":
        return "BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END"
    each = "STATEMENT" if act == "truncate" else "ROW"
    return f"FOR EACH {each} EXECUTE FUNCTION ledger_refuse()"


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for emptying a test database, and for the migration's way back."""
    with connection.cursor() as cursor:
        for name, (table, _) in _names(connection).items():
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
    return tuple(name for name in _names(connection) if name not in standing)
