"""The towns and villages of one county, for tests that print names."""

from __future__ import annotations

import pytest

from lianxin.net.regions import load_regions
from tests.indicators.counties import COUNTY


@pytest.fixture
def nanhu(db: None) -> None:
    load_regions(COUNTY)
