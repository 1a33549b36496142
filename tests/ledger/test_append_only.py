"""The ledger only grows: said in Python, and said again in the database."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

import lianxin
from lianxin.access.verbs import Verb
from lianxin.base.days import Period
from lianxin.ledger import triggers
from lianxin.ledger.append_only import AppendOnly
from lianxin.ledger.models import Batch, Fact, SealedPeriod
from lianxin.ledger.seals import seal_period
from tests.ledger.toy import AT, COUNTY, draft, officer, posted, posting

pytestmark = pytest.mark.django_db
MODELS = (Batch, Fact, SealedPeriod)


@pytest.fixture(autouse=True)
def _something() -> None:
    posted(posting("R1", draft()))
    with transaction.atomic():
        seal_period(officer(Verb.PERIOD_SEAL), region=COUNTY, period=Period.parse("2020"), because="", at=AT)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "write",
    [
        lambda model: model.objects.get().save(),
        lambda model: model.objects.get().delete(),
        lambda model: model.objects.update(),
        lambda model: model.objects.all().delete(),
        lambda model: model.objects.create(),
        lambda model: model.objects.bulk_create([model()]),
        lambda model: model.objects.bulk_update([model.objects.get()], ["id"]),
        lambda model: model.objects.get_or_create(pk="nothing" if model is SealedPeriod else 99),
        lambda model: model._base_manager.all().delete(),
    ],
)
def test_python_refuses_every_way_of_writing(model: type[Fact], write: Callable[[type[Fact]], None]) -> None:
    with pytest.raises(AppendOnly, match=model.__name__):
        write(model)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_fact SET hundredths = 200",
        "DELETE FROM ledger_fact",
        "UPDATE ledger_batch SET \"by\" = 'nobody'",
        "DELETE FROM ledger_batch",
        "UPDATE ledger_sealedperiod SET watermark = 9",
        "DELETE FROM ledger_sealedperiod",
        *(["TRUNCATE ledger_fact"] if connection.vendor == "postgresql" else []),
    ],
)
def test_the_database_refuses_raw_sql(sql: str) -> None:
    with pytest.raises(DatabaseError, match="the ledger only grows"), transaction.atomic():
        connection.cursor().execute(sql)


def test_a_missing_trigger_is_named() -> None:
    triggers.remove(connection)
    assert "ledger_fact_refuses_update" in triggers.missing(connection)

    triggers.install(connection)
    triggers.install(connection)

    assert triggers.missing(connection) == ()


def importers(module: str, name: str) -> set[str]:
    """The modules of the package that import a name out of a module, or the module itself."""
    root = Path(lianxin.__file__).parent
    found = set()
    for file in root.rglob("*.py"):
        if "ledger" not in (source := file.read_text(encoding="utf-8")):
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom):
                whole = node.module == module.rpartition(".")[0] and any(
                    alias.name == module.rpartition(".")[2] for alias in node.names
                )
                if whole or (node.module == module and any(alias.name == name for alias in node.names)):
                    found.add(str(file.relative_to(root)))
            elif isinstance(node, ast.Import) and any(alias.name == module for alias in node.names):
                found.add(str(file.relative_to(root)))
    return found


def test_only_the_door_posts() -> None:
    assert importers("lianxin.ledger.post", "post") <= {"records/door.py"}


def test_nobody_outside_reads_the_tables() -> None:
    for model in ("Fact", "Batch", "FlowCell", "Presence", "Cell", "Head", "TallyState"):
        outside = {path for path in importers("lianxin.ledger.models", model) if not path.startswith("ledger/")}
        assert outside == set(), model
