"""What a programme asks beyond the kind's own questions: its fields, cleaned by their type and said again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lianxin.base.days import parse_day, say_day
from lianxin.base.errors import Problems, Refused
from lianxin.base.money import parse_yuan
from lianxin.base.text import clean_line, clean_note, half_width
from lianxin.catalog.fields import FieldSpec
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.vault.masks import mask_free_text

LINE_LIMIT = 120
COUNT_MOST = 1_000_000


def answer_name(programme: ProgrammeSpec, field: FieldSpec) -> str:
    """The name of a programme's field in forms and in a record's answers."""
    return f"{programme.code}.{field.code}"


def clean_answers(programmes: Sequence[ProgrammeSpec], raw: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """The answers of these programmes as JSON values; unanswered ones are left out; what is wrong is collected."""
    answers: dict[str, Any] = {}
    for programme in programmes:
        for field in programme.fields:
            name = answer_name(programme, field)
            try:
                value = clean_answer(field, raw.get(name), name=name)
            except Refused as error:
                problems.add(error.field, error.message)
                continue
            if value is not None:
                answers[name] = value
            elif field.required:
                problems.add(name, f"请填“{field.name}”。")
    return answers


def clean_answer(field: FieldSpec, value: Any, *, name: str) -> Any:
    """One answer, or None when nothing was answered; Refused when it is not of the field's type."""
    if field.type == "choices":
        return _choices(field, value, name)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    text = str(value).strip() if value is not None else ""
    return _READ[field.type](field, text, name) if text else None


def _line(_: FieldSpec, text: str, name: str) -> str:
    return mask_free_text(clean_line(text, field=name, limit=LINE_LIMIT))


def _note(_: FieldSpec, text: str, name: str) -> str:
    return mask_free_text(clean_note(text, field=name))


def clean_count(text: str, *, field: str, what: str = "数量") -> int:
    """A whole number from 0; Refused for anything else."""
    plain = half_width(text).strip().replace(",", "")
    if not plain.isascii() or not plain.isdigit():
        raise Refused(f"{what}请填整数，例如 3。", field=field)
    if len(plain) > 7 or int(plain) > COUNT_MOST:
        raise Refused(f"{what}太大，请核对。", field=field)
    return int(plain)


def _number(field: FieldSpec, text: str, name: str) -> int:
    return clean_count(text, field=name, what=field.name)


def _yuan(_: FieldSpec, text: str, name: str) -> str:
    return str(parse_yuan(text, field=name))


def _day(_: FieldSpec, text: str, name: str) -> str:
    day: dt.date = parse_day(text, field=name)
    return day.isoformat()


def _choice(field: FieldSpec, text: str, name: str) -> str:
    if text not in {option.code for option in field.options}:
        raise Refused(f"“{field.name}”请从列出的选项里选。", field=name)
    return text


def _choices(field: FieldSpec, value: Any, name: str) -> list[str] | None:
    chosen = [str(item) for item in value] if isinstance(value, (list, tuple)) else [str(value)] if value else []
    for code in chosen:
        _choice(field, code, name)
    return [option.code for option in field.options if option.code in chosen] or None


def _yes_no(field: FieldSpec, text: str, name: str) -> bool:
    if text not in ("yes", "no"):
        raise Refused(f"“{field.name}”请选是或否。", field=name)
    return text == "yes"


_READ: Mapping[str, Callable[[FieldSpec, str, str], Any]] = {
    "line": _line,
    "note": _note,
    "number": _number,
    "people": _number,
    "yuan": _yuan,
    "day": _day,
    "choice": _choice,
    "yes-no": _yes_no,
}


def said_answers(programmes: Sequence[ProgrammeSpec], answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(question, answer in words) for each answer that the programmes still ask for."""
    said = []
    for programme in programmes:
        for field in programme.fields:
            value = answers.get(answer_name(programme, field))
            if value is not None:
                said.append((field.name, said_answer(field, value)))
    return said


def said_answer(field: FieldSpec, value: Any) -> str:
    """A cleaned answer in words."""
    if isinstance(value, bool):
        return "是" if value else "否"
    names = {option.code: option.name for option in field.options}
    if isinstance(value, list):
        return "、".join(str(names.get(code, code)) for code in value)
    if field.type == "day":
        return say_day(dt.date.fromisoformat(str(value)))
    return names.get(str(value), str(value))
