"""The catalogue of this installation, read once. The only module here that knows the settings."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from lianxin.catalog.load import load_catalog
from lianxin.catalog.specs import Catalog


def catalog() -> Catalog:
    """The shipped catalogue with the county's overlay; CatalogErrors when either is broken."""
    return _loaded(settings.CATALOG_DIR, settings.OVERLAY_DIR)  # asked some ten times a record: no Path made each time


@cache
def _loaded(shipped: Path, overlay: Path) -> Catalog:
    return load_catalog(Path(shipped), Path(overlay))


def forget_catalog() -> None:
    """Read the files again at the next call; for whoever has just changed them."""
    _loaded.cache_clear()
