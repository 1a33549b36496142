"""Forms as frozen parts: what is asked, what was typed, what is wrong with it. Cleaning is the door's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Protocol

from django.http import QueryDict

from lianxin.base.errors import Problem, Problems, Refused
from lianxin.base.text import NOTE_LIMIT

MANY_OPTIONS = 9  # from here on a list to pull down is quicker than chips
YES_NO = (("yes", "是"), ("no", "否"))


class FieldType(StrEnum):
    """How a question is asked. The first nine are what a programme's file may name."""

    LINE = "line"
    NOTE = "note"
    NUMBER = "number"
    PEOPLE = "people"  # how many people 人数
    YUAN = "yuan"
    DAY = "day"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes-no"
    WHO = "who"  # one subject found by name, initials, phone's last four
    MANY_WHO = "many-who"
    SECRET = "secret"  # noqa: S105 — the name of a type
    HIDDEN = "hidden"
    FILE = "file"  # `placeholder` says which endings


_UNITS = {FieldType.PEOPLE: "人", FieldType.YUAN: "元"}
_GROUPS = frozenset({FieldType.CHOICE, FieldType.CHOICES, FieldType.YES_NO, FieldType.WHO, FieldType.MANY_WHO})
_MANY = frozenset({FieldType.CHOICES, FieldType.MANY_WHO})


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. `note` stands small beneath it, `mark` beside it (the initials that matched)."""

    value: str
    label: str
    note: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question. `values` are raw strings as typed; `known` is what the register says (已有数据，无需再填)."""

    name: str
    label: str
    type: FieldType = FieldType.LINE
    values: tuple[str, ...] = ()
    error: str = ""
    help: str = ""
    options: tuple[Option, ...] = ()
    required: bool = False
    known: str = ""
    unit: str = ""
    limit: int = 0
    placeholder: str = ""
    autocomplete: str = "off"
    find_url: str = ""  # WHO: answers ?q= with ui/fields/hits.html
    sought: str = ""  # WHO: what was typed into the search line
    in_her_words: bool = False  # NOTE: somebody's own words, set in the song face

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def id(self) -> str:
        return "f-" + "".join(each if each.isalnum() or each in "-_" else "-" for each in self.name)

    @property
    def template(self) -> str:
        return f"ui/fields/{_TEMPLATES.get(self.type, 'line')}.html"

    @property
    def is_group(self) -> bool:
        """Several inputs under one question: a fieldset with a legend instead of a label."""
        return self.type in _GROUPS and not self.is_pulled_down

    @property
    def is_pulled_down(self) -> bool:
        return self.type is FieldType.CHOICE and len(self.options) >= MANY_OPTIONS

    @property
    def input_type(self) -> str:
        """What the browser is told. A day that is no ISO day stays text, or the browser would drop what was typed."""
        match self.type:
            case FieldType.DAY:
                return "date" if not self.value or _is_iso_day(self.value) else "text"
            case FieldType.SECRET:
                return "password"
            case _ if self.type in _MANY:
                return "checkbox"
            case _ if self.type in _GROUPS:
                return "radio"
            case _:
                return "text"

    @property
    def input_mode(self) -> str:
        """Number fields are text with a number keyboard: type=number would refuse full-width digits."""
        return {FieldType.NUMBER: "numeric", FieldType.PEOPLE: "numeric", FieldType.YUAN: "decimal"}.get(self.type, "")

    @property
    def shown_unit(self) -> str:
        return self.unit or _UNITS.get(self.type, "")

    @property
    def shown_limit(self) -> int:
        return self.limit or (NOTE_LIMIT if self.type is FieldType.NOTE else 0)

    @property
    def described_by(self) -> str:
        parts = [f"{self.id}-error"] if self.error else []
        return " ".join([*parts, f"{self.id}-help"] if self.help else parts)


_TEMPLATES = {
    FieldType.NOTE: "note",
    FieldType.CHOICE: "choice",
    FieldType.CHOICES: "choice",
    FieldType.YES_NO: "choice",
    FieldType.WHO: "who",
    FieldType.MANY_WHO: "who",
    FieldType.HIDDEN: "hidden",
    FieldType.FILE: "file",
}


def _is_iso_day(text: str) -> bool:
    return len(text) == 10 and text[4] == text[7] == "-" and text.replace("-", "").isdigit() and text.isascii()


class _AskedOption(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...


class Asked(Protocol):
    """What a programme's FieldSpec says of one question."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def options(self) -> Sequence[_AskedOption]: ...
    @property
    def required(self) -> bool: ...
    @property
    def help(self) -> str: ...


def field_of(asked: Asked, *, prefix: str = "", known: str = "", values: tuple[str, ...] = ()) -> Field:
    """The question as a programme's file asks it; `prefix` keeps two programmes' fields apart (`care.`)."""
    kind = FieldType(asked.type)
    options = YES_NO if kind is FieldType.YES_NO else tuple((each.code, each.name) for each in asked.options)
    return Field(
        name=prefix + asked.code,
        label=asked.name,
        type=kind,
        values=values,
        help=asked.help,
        options=tuple(Option(value, label) for value, label in options),
        required=asked.required,
        known=known,
    )


@dataclass(frozen=True, slots=True)
class Mistake:
    """One line of the summary above a form: where its link leads, what the field is called, what is wrong."""

    href: str
    label: str
    message: str


@dataclass(frozen=True)
class Form:
    """Fields in their order, and what is wrong with the whole. Every change gives a new Form."""

    fields: tuple[Field, ...]
    errors: tuple[str, ...] = ()

    @cached_property
    def _by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}

    def __getitem__(self, name: str) -> Field:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def bind(self, post: QueryDict) -> Form:
        """With what was typed, as it was typed."""
        return replace(self, fields=tuple(_bound(field, post) for field in self.fields))

    def fill(self, values: Mapping[str, str | Iterable[str]]) -> Form:
        """With values to begin from: a saved record's, the last visit's, a draft's."""
        return replace(self, fields=tuple(_filled(field, values) for field in self.fields))

    def refuse(self, error: Refused | Problems) -> Form:
        """With the mistakes beside their fields; what no field answers for stands above the form."""
        problems = error.items if isinstance(error, Problems) else [Problem(error.field, error.message)]
        by_field: dict[str, list[str]] = {}
        for problem in problems:
            by_field.setdefault(problem.field if problem.field in self else "", []).append(problem.message)
        fields = tuple(
            replace(field, error=" ".join(by_field[field.name])) if field.name in by_field else field
            for field in self.fields
        )
        return replace(self, fields=fields, errors=(*self.errors, *by_field.get("", ())))

    @property
    def has_mistakes(self) -> bool:
        return bool(self.errors or any(field.error for field in self.fields))

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """For the summary above the form, in the order of the page."""
        whole = [Mistake("", "", message) for message in self.errors]
        return tuple(whole + [Mistake(f"#{each.id}", each.label, each.error) for each in self.fields if each.error])

    def raw(self, name: str) -> str:
        return self[name].value

    def chosen(self, name: str) -> str:
        """What was chosen, or nothing; Refused for what was not offered."""
        value = self.raw(name)
        if value and value not in {option.value for option in self[name].options}:
            raise Refused("请从列出的选项里选。", field=name)
        return value

    def raws(self, name: str) -> tuple[str, ...]:
        return self[name].values


def _bound(field: Field, post: QueryDict) -> Field:
    values = tuple(post.getlist(field.name))
    if field.find_url:
        return replace(field, values=values, sought=post.get(f"{field.name}-find", ""), error="")
    return replace(field, values=values, error="")


def _filled(field: Field, values: Mapping[str, str | Iterable[str]]) -> Field:
    if field.name not in values:
        return field
    value = values[field.name]
    return replace(field, values=(value,) if isinstance(value, str) else tuple(value))
