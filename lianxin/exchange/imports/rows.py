"""What a staged row says, sealed on its way into the table and opened on its way into the books."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lianxin.exchange.models import StagedRow


def sealable(said: Mapping[str, Any]) -> str:
    return json.dumps(dict(said), ensure_ascii=False, separators=(",", ":")) if said else ""


def shown(row: StagedRow) -> str:
    """Whom a row names, for the person who is asked about her: name and birth date, no numbers."""
    said = said_of(row)
    return "，".join(str(part) for part in (said.get("name", ""), said.get("birth", "")) if part)


def said_of(row: StagedRow) -> dict[str, Any]:
    """Opened for the door alone; nothing of it goes to a page or a log."""
    text = row.said.reveal()
    found: dict[str, Any] = json.loads(text) if text else {}
    return found
