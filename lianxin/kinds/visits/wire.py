"""From a posted form to a visit's raw values and back. Names are dotted (difficulties.0.text), as the errors' are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lianxin.records.drafts import Raw

LISTS = ("opinions", "difficulties", "deliveries", "givings")
PLAIN = ("day", "subject_type", "subject", "mode", "people", "companions", "heard", "next_on", "next_why")
_LINE = re.compile(rf"({'|'.join(LISTS)})\.(\d{{1,3}})\.(\w+)")
_ANSWER = re.compile(r"[a-z0-9-]+\.[a-z0-9_-]+")

Posted = Mapping[str, list[str]]
"""A posted form: every name with all its values, in order."""


def raw_values(posted: Posted) -> dict[str, Any]:
    """A visit's raw values as the door takes them."""
    raw: dict[str, Any] = {name: _last(posted, name) for name in PLAIN if name in posted}
    raw["purposes"] = purposes_chosen(posted.get("why", ()))
    raw["visitors"] = [key for key in posted.get("visitors", ()) if key]
    lines: dict[str, dict[int, dict[str, str]]] = {name: {} for name in LISTS}
    answers: dict[str, Any] = {}
    for name, values in posted.items():
        if match := _LINE.fullmatch(name):
            lines[match[1]].setdefault(int(match[2]), {})[match[3]] = values[-1] if values else ""
        elif _ANSWER.fullmatch(name):
            answers[name] = values if len(values) > 1 else (values[0] if values else "")
    for name, rows in lines.items():
        raw[name] = [rows[number] for number in sorted(rows)]
    raw["answers"] = answers
    return raw


def purposes_chosen(chosen: Iterable[str]) -> list[dict[str, Any]]:
    """Chips “programme/reason” or “programme”, gathered by programme in the order they stand."""
    purposes: dict[str, list[str]] = {}
    for value in chosen:
        programme, _, reason = value.partition("/")
        purposes.setdefault(programme, [])
        if reason and reason not in purposes[programme]:
            purposes[programme].append(reason)
    return [{"programme": code, "reasons": reasons} for code, reasons in purposes.items()]


def posted_from(raw: Raw) -> dict[str, list[str]]:
    """The form's fields for values that stand already: what an edit page begins with."""
    posted = {name: [str(raw[name])] for name in PLAIN if raw.get(name) not in (None, "")}
    posted["why"] = [
        chip
        for purpose in raw.get("purposes", ())
        for chip in (
            [f"{purpose['programme']}/{reason}" for reason in purpose["reasons"]] or [str(purpose["programme"])]
        )
    ]
    posted["visitors"] = [str(key) for key in raw.get("visitors", ())]
    for name in LISTS:
        for number, row in enumerate(raw.get(name, ())):
            for key, value in row.items():
                posted[f"{name}.{number}.{key}"] = ["yes" if value is True else "" if value is False else str(value)]
    for name, value in raw.get("answers", {}).items():
        posted[name] = [_said(item) for item in value] if isinstance(value, list) else [_said(value)]
    return posted


def _said(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _last(posted: Posted, name: str) -> str:
    values = posted.get(name)
    return values[-1] if values else ""
