"""Reveals of an installation from before the access log are found in it, in their order, reasons sealed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lianxin.audit.models import Entry, Reason
from lianxin.audit.verify import verify
from lianxin.audit.witness import FILE
from lianxin.project.settings import HOME
from tests.cast import LIANFENG, NOW

BEFORE = [("register", "0006_papers")]
ROW = {"at": NOW, "by": "01J0000000000000000000ACCT", "region": LIANFENG, "town": LIANFENG[:9], "county": LIANFENG[:6]}


def _migrate(to: Any) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(to)
    return MigrationExecutor(connection).loader.project_state(to).apps


@pytest.mark.django_db(transaction=True)
def test_reveals_become_entries_in_their_order() -> None:
    (HOME.path / FILE).unlink(missing_ok=True)
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("register")
    old = _migrate(BEFORE).get_model("register", "RevealLog")
    for key, field, because in (("A" * 26, "phone", "回访约时间"), ("B" * 26, "id_number", "代办救助")):
        old._base_manager.create(kind="person", key=key, field=field, because=because, **ROW)

    _migrate(newest)

    rows = Entry.objects.unscoped("the test looks at rows").order_by("no")
    assert list(rows.values_list("act", "kind", "key", "what", "at", "region")) == [
        ("reveal", "person", "A" * 26, "phone", NOW, LIANFENG),
        ("reveal", "person", "B" * 26, "id_number", NOW, LIANFENG),
    ]
    reasons = Reason.objects.unscoped("the test looks at rows").order_by("entry")
    assert [row.said.reveal() for row in reasons] == ["回访约时间", "代办救助"]
    assert verify(lambda *_: None).difference == ""
    (HOME.path / FILE).unlink(missing_ok=True)
