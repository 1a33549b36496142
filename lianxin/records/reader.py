"""Reads a record's raw values one after another, collecting what is wrong instead of stopping at the first mistake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from lianxin.base.errors import Problems, Refused
from lianxin.base.ids import LENGTH, checked_id, new_id
from lianxin.base.text import clean_line, clean_note
from lianxin.records.kinds import Subject
from lianxin.vault.masks import mask_free_text

LINES_MOST = 30

_T = TypeVar("_T")
_D = TypeVar("_D")
_E = TypeVar("_E", bound=StrEnum)


@dataclass(slots=True)
class Reader:
    """One mapping of raw values; `prefix` names its place in the form (“difficulties.0.”)."""

    raw: Mapping[str, Any]
    problems: Problems
    prefix: str = ""
    line_ids: set[str] = field(default_factory=set)

    def name(self, key: str) -> str:
        return f"{self.prefix}{key}"

    def text(self, key: str) -> str:
        value = self.raw.get(key)
        return "" if value is None else str(value)

    def tried(self, read: Callable[..., _T], key: str, default: _D, **options: Any) -> _T | _D:
        """`read(text, field=…)`, or the default with the problem noted; the default too when nothing was typed."""
        text = self.text(key)
        if not text.strip():
            return default
        try:
            return read(text, field=self.name(key), **options)
        except Refused as error:
            self.problems.add(error.field or self.name(key), error.message)
            return default

    def line(self, key: str, limit: int = 60) -> str:
        return mask_free_text(self.tried(clean_line, key, "", limit=limit))

    def note(self, key: str) -> str:
        return mask_free_text(self.tried(clean_note, key, ""))

    def line_id(self) -> str:
        """The id a line came with, or a new one: a malformed or repeated id never joins two lines."""
        text = self.text("id")
        try:
            line = checked_id(text) if len(text) == LENGTH else new_id()
        except Refused:
            line = new_id()
        if line in self.line_ids:
            line = new_id()
        self.line_ids.add(line)
        return line

    def subject(self, types: tuple[str, ...], missing: str) -> Subject:
        """Whom the record is about; `missing` is said when nobody was chosen."""
        subject_type = self.text("subject_type") or types[0]
        key = self.text("subject").strip().upper()
        if subject_type not in types:
            self.problems.add("subject", "对象只能是家庭、个人或单位，请重新选。")
            subject_type = types[0]
        if not key:
            self.problems.add("subject", missing)
        return Subject(subject_type, key)

    def one_of(self, key: str, choices: type[_E], default: _E) -> _E:
        text = self.text(key).strip()
        if not text:
            return default
        try:
            return choices(text)
        except ValueError:
            self.problems.add(self.name(key), "请从列出的选项里选。")
            return default

    def rows(self, key: str) -> list[Reader]:
        """The readers of a list of lines; what is not a list is nobody's form and is said so."""
        value = self.raw.get(key) or []
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            self.problems.add(self.name(key), "这里的内容读不出来，请重新填写。")
            return []
        if len(value) > LINES_MOST:
            self.problems.add(self.name(key), f"一次最多登 {LINES_MOST} 条，其余的请另登一次走访。")
            return []
        ids: set[str] = set()
        return [Reader(item, self.problems, f"{self.prefix}{key}.{no}.", ids) for no, item in enumerate(value)]
