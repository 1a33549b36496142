"""A tiny catalogue to break, one copy a test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.catalog.shelf import Shelf

TINY = Path(__file__).parent / "tiny"


@pytest.fixture
def tiny(tmp_path: Path) -> Shelf:
    """A sound catalogue of two programmes and four figures."""
    return Shelf(Path(shutil.copytree(TINY, tmp_path / "shipped")))


@pytest.fixture
def county(tmp_path: Path) -> Shelf:
    """An overlay folder, still empty."""
    folder = tmp_path / "county"
    folder.mkdir()
    return Shelf(folder)
