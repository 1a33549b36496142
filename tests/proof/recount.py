"""A second opinion: every indicator recounted in plain SQL from the tables of visits and files.

Written from the catalogue's words and the tables alone, without a look at the ledger; it must never import from it.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

_VISIT = """
    v.subject AS subject, v.subject_type AS subject_type, v.region AS region, v.org_level AS level,
    v.mode AS mode, v.purposes AS purposes, v.reasons AS reasons,
    '' AS list, '' AS categories, '' AS grade, '' AS list_level, '' AS answers
"""
_FILE = """
    f.subject AS subject, f.subject_type AS subject_type, f.region AS region, f.org_level AS level,
    '' AS mode, '' AS purposes, '' AS reasons,
    f.programme AS list, ';' || s.category || ';' || s.also || ';' AS categories,
    s.grade AS grade, s.level AS list_level, CAST(f.answers AS TEXT) AS answers
"""
_SPELLS = "FROM listings_listingspell s JOIN listings_listing f ON f.key = s.record WHERE NOT f.is_void"
_NO_LATER = "NOT EXISTS (SELECT 1 FROM listings_listingspell t WHERE t.record = s.record AND t.starts = s.ends)"

# Measure → one row for each thing counted, its worth in hundredths: the sentence of catalog/measures.toml in SQL.
THINGS = {
    "visit.done": f"SELECT {_VISIT}, '' AS kind, v.day AS day, 100 AS worth FROM visits_visit v WHERE NOT v.is_void",
    "visit.people": f"""
        SELECT {_VISIT}, '' AS kind, v.day AS day, v.people * 100 AS worth FROM visits_visit v WHERE NOT v.is_void
    """,
    "visit.village": f"""
        SELECT {_VISIT.replace("v.subject AS subject,", "v.region AS subject,")}, '' AS kind, v.day AS day, 100 AS worth
        FROM visits_visit v WHERE NOT v.is_void AND v.mode = 'door' AND v.purposes LIKE '%%;front-line;%%'
    """,
    "opinion.heard": f"""
        SELECT {_VISIT}, '' AS kind, v.day AS day, 100 AS worth
        FROM visits_opinion o JOIN visits_visit v ON v.key = o.record WHERE NOT v.is_void
    """,
    "idea.heard": f"""
        SELECT {_VISIT}, '' AS kind, v.day AS day, 100 AS worth
        FROM visits_opinion o JOIN visits_visit v ON v.key = o.record WHERE NOT v.is_void AND o.is_idea
    """,
    "difficulty.found": f"""
        SELECT {_VISIT}, '' AS kind, d.found_on AS day, 100 AS worth
        FROM visits_difficulty d JOIN visits_visit v ON v.key = d.record WHERE NOT v.is_void
    """,
    "difficulty.solved": f"""
        SELECT {_VISIT}, '' AS kind, d.solved_on AS day, 100 AS worth
        FROM visits_difficulty d JOIN visits_visit v ON v.key = d.record WHERE NOT v.is_void AND d.state = 'solved'
    """,
    "delivery.done": f"""
        SELECT {_VISIT}, d.kind AS kind, v.day AS day, 100 AS worth
        FROM visits_deliverymade d JOIN visits_visit v ON v.key = d.record WHERE NOT v.is_void
    """,
    "delivery.people": f"""
        SELECT {_VISIT}, d.kind AS kind, v.day AS day, d.people * 100 AS worth
        FROM visits_deliverymade d JOIN visits_visit v ON v.key = d.record WHERE NOT v.is_void
    """,
    "giving.amount": f"""
        SELECT {_VISIT}, g.what AS kind, v.day AS day, CAST(ROUND(g.amount * 100) AS INTEGER) AS worth
        FROM records_giving g JOIN visits_visit v ON v.key = g.record WHERE NOT v.is_void
    """,
    "giving.people": f"""
        SELECT {_VISIT}, '' AS kind, v.day AS day, 100 AS worth FROM visits_visit v
        WHERE NOT v.is_void AND EXISTS (SELECT 1 FROM records_giving g WHERE g.record = v.key)
    """,
    "listing.standing": f"""
        SELECT {_FILE}, '' AS kind, s.starts AS day, 100 AS worth {_SPELLS}
        UNION ALL
        SELECT {_FILE}, '' AS kind, s.ends AS day, -100 AS worth {_SPELLS} AND s.ends IS NOT NULL
    """,
    "listing.opened": f"""
        SELECT {_FILE}, '' AS kind, f.day AS day, 100 AS worth {_SPELLS} AND s.starts = f.day
    """,
    "listing.closed": f"""
        SELECT {_FILE}, '' AS kind, s.ends AS day, 100 AS worth {_SPELLS} AND s.ends IS NOT NULL AND {_NO_LATER}
    """,
}
_LEVELS = {2: 1, 4: 2, 6: 3, 9: 4, 12: 5}  # digits of a code → how high its organisations stand


@dataclass(frozen=True, slots=True)
class Asked:
    """An indicator as the catalogue writes it."""

    code: str
    fold: str
    unit: str
    measure: str = ""
    where: Mapping[str, list[str]] | None = None
    numerator: str = ""
    denominator: str = ""


# A list that asks for figures of its own gets these, of what its facts post.
_OF_LISTS = (("", "stock", "listing.standing"), (".new", "flow", "listing.opened"), (".left", "flow", "listing.closed"))


def indicators() -> dict[str, Asked]:
    """Every whole indicator of visits and lists of the shipped catalogue, read from its files.

    Parts by class or grade are left out, and so are cases: tests/cases/test_life.py recounts those from their logs.
    """
    found: dict[str, Asked] = {}
    for file in sorted((Path(settings.CATALOG_DIR) / "indicators").glob("*.toml")):
        for entry in tomllib.loads(file.read_text(encoding="utf-8"))["indicator"]:
            kept = {name: entry[name] for name in Asked.__dataclass_fields__ if name in entry}
            found[entry["code"]] = Asked(**kept)
    of_cases = {code for code, asked in found.items() if asked.measure.startswith("case.")}
    of_cases |= {code for code, asked in found.items() if asked.numerator in of_cases}
    return {code: asked for code, asked in found.items() if code not in of_cases} | _of_lists()


def _programmes() -> list[dict[str, Any]]:
    files = sorted((Path(settings.CATALOG_DIR) / "programmes").rglob("*.toml"))
    return [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]


def _of_lists() -> dict[str, Asked]:
    found: dict[str, Asked] = {}
    for programme in _programmes():
        figures = programme.get("figures")
        posted = {fact["measure"] for fact in programme.get("fact", [])}
        for end, fold, measure in _OF_LISTS if figures else ():
            if measure in posted:
                code = figures["code"] + end
                where = {"list": [programme["code"]]}
                found[code] = Asked(code, fold, programme.get("unit", "份"), measure, where)
    return found


def _classes(wanted: str) -> list[str]:
    """A class and those under it."""
    every = [each for programme in _programmes() for each in programme.get("category", [])]
    return [wanted, *(each["code"] for each in every if each.get("under") == wanted)]


def recount(asked: Asked, *, region: str, first: dt.date, last: dt.date, own: bool = False) -> Decimal | None:
    """The figure of a region and all below it, from the first day to the last; None for a ratio over nothing."""
    if asked.fold == "ratio":
        every = indicators()
        over, under = (
            recount(every[code], region=region, first=first, last=last, own=own)
            for code in (asked.numerator, asked.denominator)
        )
        return (over * 100 / under).quantize(Decimal("0.1"), ROUND_HALF_UP) if over is not None and under else None
    what = {
        "flow": "COALESCE(SUM(worth), 0)",
        "stock": "COALESCE(SUM(worth), 0)",
        "distinct": "COUNT(DISTINCT subject) * 100",
    }
    conditions, values = ["region LIKE %s", "day <= %s"], [f"{region}%", last.isoformat()]
    if asked.fold != "stock":
        conditions.append("day >= %s")
        values.append(first.isoformat())
    if own:
        conditions.append("level = %s")
        values.append(str(_LEVELS[len(region)]))
    for name, wanted in (asked.where or {}).items():
        every = [each for value in wanted for each in _classes(value)] if name == "category" else wanted
        alike = [_alike(name, value) for value in every]
        conditions.append("(" + " OR ".join(condition for condition, _ in alike) + ")")
        values += [value for _, value in alike]
    sql = f"SELECT {what[asked.fold]} FROM ({THINGS[asked.measure]}) things WHERE {' AND '.join(conditions)}"
    return Decimal(_one(sql, values)) / 100


def _alike(name: str, value: str) -> tuple[str, str]:
    if name in ("purpose", "reason"):
        return f"{name}s LIKE %s", f"%;{value};%"
    if name == "category":
        return "categories LIKE %s", f"%;{value};%"
    if name == "field":  # “list.question/answer”: what stands in the answers as "list.question": "answer"
        question, _, answer = value.partition("/")
        return "answers LIKE %s", f'%"{question}": "{answer}"%'
    column = {"subject": "subject_type", "what": "kind", "level": "list_level"}.get(name, name)
    return f"{column} = %s", value


def home_on(household: str, day: dt.date) -> str:
    """Where a household lived on a day, by its residences; before the first of them, the first."""
    before = "SELECT region FROM register_residence WHERE household_id = %s AND starts <= %s ORDER BY starts DESC"
    first = "SELECT region FROM register_residence WHERE household_id = %s ORDER BY starts"
    return str(_one(before, [household, day.isoformat()]) or _one(first, [household]))


def _one(sql: str, values: list[str]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    return row[0] if row else None
