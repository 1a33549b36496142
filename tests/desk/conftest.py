"""The desk remembers for a minute whether it is a demonstration; each test begins without."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()
