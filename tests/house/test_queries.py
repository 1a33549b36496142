"""At most fifteen questions to the database a page: every address, as five of the cast get it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.house.test_matrix import places

pytestmark = pytest.mark.django_db
MOST = 15
TURNS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
# Not pages: they read in pieces, as many as there are.
IN_PIECES = {"report-docx", "report-json"}


@pytest.mark.parametrize("who", ["chair", "clerk", "officer", "leader", "administrator"])
def test_a_page_asks_the_database_at_most_fifteen_times(cast: Cast, who: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(cast.accounts[who])
    too_many = []
    for (name, target), path in places(cast):
        if name in IN_PIECES or name.endswith("export"):
            continue
        client.get(path)  # names of regions and the like are kept by the process
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
        count = sum(not query["sql"].startswith(TURNS) for query in asked)
        if answer.status_code == 200 and count > MOST:
            too_many.append((name, target, count))
    assert not too_many, "；".join(f"{name} {target} {count}" for name, target, count in too_many)
