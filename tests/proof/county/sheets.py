"""Reads the sheets of the county counted by hand. What each column means is said in README.md beside them."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
REGIONS = {
    "联丰": "330402100222",
    "三星": "330402100226",
    "永利": "330402101203",
    "木桥港": "330411002207",
    "上保": "330106002051",
    "凤桥": "330402100",
    "余新": "330402101",
    "南湖": "330402",
    "秀洲": "330411",
    "嘉兴": "3304",
    "浙江": "33",
}
LEVELS = {"各级": False, "本级": True}
UNKNOWN = "—"
_PERIODS = {
    **{f"{month:02}": f"-{month:02}" for month in range(1, 13)},
    **{f"Q{quarter}": f"-Q{quarter}" for quarter in range(1, 5)},
    "H1": "-H1",
    "H2": "-H2",
    "whole": "",
}


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a sheet; a row with a cell too many or too few is a slip of the pen and is said."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    for row in found:
        if None in row or None in row.values():
            raise ValueError(f"{name}: {row} has not one cell for each column")
    return found


def expected() -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Each row of figures with its cells by the code of the period; an empty cell is nought."""
    for row in rows("expected.csv"):
        yield row, {row["year"] + suffix: row[column] or "0" for column, suffix in _PERIODS.items()}


def visit_values(row: dict[str, str], keys: dict[str, str], colleagues: list[str]) -> dict[str, Any]:
    """A row of visits.csv as the raw values that a form would send."""
    subject = row["subject"]
    return {
        "day": row["day"],
        "subject_type": {"P": "person", "F": "organisation"}.get(subject[0], "household"),
        "subject": keys[subject],
        "mode": row["mode"],
        "purposes": [_purpose(text) for text in row["purposes"].split()],
        "visitors": colleagues,
        "people": row["people"],
        "opinions": list(_opinions(int(row["opinions"] or 0), int(row["ideas"] or 0))),
        "difficulties": [_difficulty(text) for text in _parts(row["difficulties"])],
        "deliveries": [dict(zip(("kind", "people"), text.split(), strict=True)) for text in _parts(row["deliveries"])],
        "givings": [
            {"name": "慰问", **dict(zip(("what", "amount"), text.split(), strict=True))}
            for text in _parts(row["givings"])
        ],
    }


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _purpose(text: str) -> dict[str, Any]:
    programme, _, reason = text.partition("/")
    return {"programme": programme, "reasons": [reason] if reason else []}


def _opinions(opinions: int, ideas: int) -> Iterator[dict[str, Any]]:
    for number in range(opinions):
        yield {"text": f"意见{number + 1}", "idea": number < ideas}


def _difficulty(text: str) -> dict[str, str]:
    """“2021-06-25 solved”: found and solved that day; “2021-06-20 living”: found, of that category."""
    day, *words = text.split()
    solved = "solved" in words
    return {
        "text": "一件难事",
        "found_on": day,
        "category": next((word for word in words if word != "solved"), ""),
        "state": "solved" if solved else "found",
        "solved_on": day if solved else "",
    }


def day_of(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
