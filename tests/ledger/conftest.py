"""Every test of the ledger keeps the toy county's tallies, not the catalogue's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lianxin.ledger.selections import keeping
from tests.ledger.toy import TALLIED


@pytest.fixture(autouse=True)
def _toy_tallies() -> Iterator[None]:
    with keeping(TALLIED):
        yield
