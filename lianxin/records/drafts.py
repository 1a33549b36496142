"""What goes through the door and what comes back: drafts, outcomes, conflicts, rejections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lianxin.base.errors import Problems, Refused
from lianxin.records.models import Record

Raw = Mapping[str, Any]
"""A record's values as a form or a phone sends them: JSON, not yet believed. Each kind documents its shape."""


class Act(StrEnum):
    """What a draft wants done."""

    RECORD = "record"
    AMEND = "amend"
    FOLLOW_UP = "follow-up"  # only what came of it later (a difficulty solved): allowed on a record of a sealed period
    VOID = "void"

    @property
    def label(self) -> str:
        return {"record": "登记", "amend": "修改", "follow-up": "续办", "void": "撤回"}[self.value]


@dataclass(frozen=True, slots=True)
class Draft:
    """One record as somebody wants it to be. `base` is the revision she was looking at (0 for a new one)."""

    kind: str
    key: str
    values: Raw = field(default_factory=dict)
    act: Act = Act.RECORD
    base: int = 0
    because: str = ""
    correcting: bool = False  # meant for a sealed period: needs period.correct and a reason


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a draft: the record as it now stands; `is_replay` when the same id had already come in."""

    record: Record
    is_replay: bool = False


class Conflict(Refused):
    """Somebody else saved this record meanwhile. Carries her version, so that a person can choose field by field."""

    def __init__(self, current: Record, theirs: Raw) -> None:
        super().__init__("您打开之后，有人改过这条记录。两个版本都在下面，请挑对的保存。")
        self.current = current
        self.theirs = theirs


class Rejected(Refused):
    """Some drafts of a batch are wrong, so none was kept. `problems` maps the draft's place to what is wrong in it."""

    def __init__(self, problems: Mapping[int, Problems]) -> None:
        super().__init__(f"有 {len(problems)} 条没填对，这一批都还没有保存。")
        self.problems = problems

    @property
    def first(self) -> Problems:
        return self.problems[min(self.problems)]
