"""The catalogue of this installation, read once. The only module here that knows the settings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from lianxin.catalog.load import load_catalog
from lianxin.catalog.specs import Catalog


@dataclass(frozen=True, slots=True)
class _Read:
    catalog: Catalog
    print: str


def catalog() -> Catalog:
    """The shipped catalogue with the county's overlay; CatalogErrors when either is broken."""
    # asked some ten times a record: no Path is made each time
    return _read(settings.CATALOG_DIR, settings.OVERLAY_DIR).catalog


def is_outdated() -> bool:
    """Whether the files say something else by now than what this process works by. Reads them all."""
    read = _read(settings.CATALOG_DIR, settings.OVERLAY_DIR)
    return fingerprint(settings.CATALOG_SOURCES) != read.print


def fingerprint(folders: Iterable[Path]) -> str:
    """What the files of these folders say, by content: a file that was only touched says the same."""
    digest = hashlib.sha256()
    for place, folder in enumerate(folders):
        for file in sorted(Path(folder).rglob("*.toml")):
            try:
                text = file.read_bytes()
            except OSError:  # gone or locked since it was listed: that is a change too
                text = b""
            digest.update(f"{place}/{file.relative_to(folder).as_posix()}/{len(text)}/".encode() + text)
    return digest.hexdigest()


@cache
def _read(shipped: Path, overlay: Path) -> _Read:
    said = fingerprint((shipped, overlay))
    return _Read(load_catalog(Path(shipped), Path(overlay)), said)


def forget_catalog() -> None:
    """Read the files again at the next call; for whoever has just changed them."""
    _read.cache_clear()
