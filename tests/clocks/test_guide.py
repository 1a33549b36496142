"""The table of the guide is that of the catalogue. LIANXIN_TEST_GOLDEN=1 writes it anew."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

from lianxin.catalog.load import load_catalog
from lianxin.clocks.words import HEADINGS, as_markdown

GUIDE = Path(settings.BASE_DIR) / "docs" / "use" / "期限.md"


def test_the_guide_prints_the_clocks_as_they_are() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    head, _, rest = text.partition(f"| {HEADINGS[0]} |")
    table, gap, tail = f"| {HEADINGS[0]} |{rest}".partition("\n\n")
    wanted = as_markdown(load_catalog(Path(settings.BASE_DIR) / "catalog").clocks.values())

    if os.environ.get("LIANXIN_TEST_GOLDEN"):
        GUIDE.write_text(head + wanted.rstrip("\n") + gap + tail, encoding="utf-8")

    assert table.rstrip("\n") + "\n" == wanted
