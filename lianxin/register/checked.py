"""Drafts made sure: every field read, normalised and checked, all mistakes collected. Asks no table."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from lianxin.base.codes import Level, as_typed, level_of
from lianxin.base.days import FIRST_YEAR, SHANGHAI, parse_day, say_day
from lianxin.base.errors import Problems, Refused
from lianxin.base.ids import checked_id, new_id
from lianxin.base.text import clean_line
from lianxin.register.drafts import Day, HouseholdDraft, MemberDraft, Relation
from lianxin.vault.identity import Sex, parse_phone
from lianxin.vault.masks import mask_free_text
from lianxin.vault.papers import Paper, parse_paper

_T = TypeVar("_T")
_D = TypeVar("_D")

FIRST_BIRTH_YEAR = 1900
NAME_LIMIT = 40
PLACE_LIMIT = 60
MOST_MEMBERS = 30

_IN_NAMES = frozenset(" ·-'’.()（）")
_DOTS = str.maketrans(dict.fromkeys("•‧・･．∙⋅", "·"))
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedMember:
    """A person as she will be kept. Numbers are plain here, sealed when the row is made; the repr leaves them out."""

    key: str
    name: str
    relation: Relation
    sex: str
    birth: dt.date | None
    id_kind: str
    id_number: str = field(repr=False)
    phone: str = field(repr=False)
    where: str  # in the form or file, as problems name it: “members.0.”


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedHousehold:
    """A household as it will be kept; the head stands first."""

    key: str
    region: str
    grid: str
    place: str
    phone: str = field(repr=False)
    since: dt.date
    members: tuple[CheckedMember, ...]
    is_demo: bool

    @property
    def head(self) -> CheckedMember:
        return self.members[0]


@dataclass(slots=True)
class Checker:
    """Reads drafts one after another. `prefix` names where in a form or file the mistakes are (“12.members.0.”)."""

    today: dt.date
    problems: Problems = field(default_factory=Problems)
    prefix: str = ""

    @classmethod
    def at(cls, moment: dt.datetime) -> Checker:
        return cls(today=moment.astimezone(SHANGHAI).date())

    def within(self, prefix: str) -> Checker:
        """The checker of one part of the form; its problems go to the same pile."""
        return Checker(today=self.today, problems=self.problems, prefix=f"{self.prefix}{prefix}")

    def household(self, draft: HouseholdDraft) -> CheckedHousehold | None:
        """None when something is wrong with it; what, stands in `problems`."""
        before = len(self.problems.items)
        since = self._since(draft.since)
        checked = CheckedHousehold(
            key=self._key(draft.id),
            region=self.village(draft.region),
            grid=self.grid(draft.grid, region=draft.region),
            place=self.place(draft.place),
            phone=self.phone(draft.phone, "phone"),
            since=since,
            members=self._members(draft),
            is_demo=draft.is_demo,
        )
        return checked if len(self.problems.items) == before else None

    def member(self, draft: MemberDraft, *, name_field: str = "name") -> CheckedMember:
        """One person. What she is called belongs to `name_field` of the form."""
        identity = self._paper(draft.id_number, draft.id_kind)
        birth, sex = self.birth(draft.birth), self.sex(draft.sex)
        if identity is not None and identity.birth is not None:
            if identity.birth.year < FIRST_BIRTH_YEAR or identity.birth > self.today:
                self.add("id_number", f"身份证号里的出生日期是{say_day(identity.birth)}，请核对。")
            if birth not in (None, identity.birth):
                self.add("birth", f"出生日期与证件号不一致，证上是{say_day(identity.birth)}，请核对。")
            if identity.sex is not None and sex not in ("", identity.sex):
                self.add("sex", f"性别与证件号不一致，证上是{identity.sex.label}，请核对。")
        return CheckedMember(
            key=self._key(draft.id),
            name=self.name(draft.name, name_field),
            relation=self.relation(draft.relation),
            sex=identity.sex if identity and identity.sex else sex,
            birth=identity.birth if identity and identity.birth else birth,
            id_kind=identity.kind.value if identity else "",
            id_number=identity.number if identity else "",
            phone=self.phone(draft.phone, "phone"),
            where=self.prefix,
        )

    def add(self, field: str, message: str) -> None:
        self.problems.add(f"{self.prefix}{field}", message)

    # One field each: the value as it will be kept, or something harmless beside a problem.

    def name(self, text: str, field: str) -> str:
        visible = "".join(sign for sign in text.translate(_DOTS) if unicodedata.category(sign) != "Cf")
        if not visible.strip():
            self.add(field, "请填姓名。")
            return ""
        name = self._tried(clean_line, visible, field, "", limit=NAME_LIMIT)
        if name and (wrong := _wrong_in_name(name)):
            self.add(field, wrong)
        return re.sub(rf"(?<=[{_HAN}]) (?=[{_HAN}])", "", name)  # 张 三 is typed to look even in a column

    def village(self, text: str) -> str:
        code = as_typed(text)
        try:
            is_village = level_of(code) == Level.VILLAGE
        except Refused:
            is_village = False
        if not is_village:
            self.add("region", "请选村（社区）：应是 12 位区划代码。")
            return ""
        return code

    def grid(self, text: str, *, region: str) -> str:
        code = as_typed(text)
        if code and not (len(code) == Level.GRID.length and code.isdecimal() and code.startswith(as_typed(region))):
            self.add("grid", "网格不在这个村（社区）里，请重选。")
            return ""
        return code

    def place(self, text: str) -> str:
        place = self._tried(clean_line, text, "place", "", limit=PLACE_LIMIT)
        if any(map(_is_emoji, place)):
            self.add("place", "门牌里不能用表情符号，请改成文字。")
        return mask_free_text(place)

    def phone(self, text: str, field: str) -> str:
        return self._tried(parse_phone, text, field, "")

    def sex(self, text: str) -> str:
        sex = {"女": "female", "男": "male"}.get(text.strip(), text.strip())
        if sex and sex not in set(Sex):
            self.add("sex", "性别请选女或男，不清楚就不选。")
            return ""
        return sex

    def relation(self, text: str) -> Relation:
        try:
            return Relation(text)
        except ValueError:
            self.add("relation", "请在列出的关系里选一个。")
            return Relation.OTHER

    def birth(self, day: Day) -> dt.date | None:
        birth = self.day(day, "birth")
        if birth is not None and birth > self.today:
            self.add("birth", f"出生日期不能晚于今天（{say_day(self.today)}）。")
        elif birth is not None and birth.year < FIRST_BIRTH_YEAR:
            self.add("birth", f"出生日期不能早于 {FIRST_BIRTH_YEAR} 年，请核对。")
        return birth

    def past_day(self, day: Day, field: str, *, default: dt.date) -> dt.date:
        """A day on which something can have happened to a household; `default` where none is given."""
        read = self.day(day, field)
        if read is not None and read > self.today:
            self.add(field, f"日期不能晚于今天（{say_day(self.today)}）。")
        elif read is not None and read.year < FIRST_YEAR:
            self.add(field, f"日期不能早于 {FIRST_YEAR} 年，请核对。")
        return read or default

    def day(self, day: Day, field: str) -> dt.date | None:
        return day if isinstance(day, dt.date) else self._tried(parse_day, day or "", field, None)

    def _paper(self, number: str, kind: str) -> Paper | None:
        """The paper a number stands on; what is wrong belongs to the number or to its kind."""
        if not number.strip():
            return None
        try:
            return parse_paper(number, kind=kind)
        except Refused as error:
            self.add(error.field, error.message)
            return None

    def _since(self, day: Day) -> dt.date:
        return self.past_day(day, "since", default=self.today)

    def _key(self, text: str) -> str:
        return self._tried(checked_id, text, "id", "") or new_id()

    def _members(self, draft: HouseholdDraft) -> tuple[CheckedMember, ...]:
        drafts = [(f"members.{number}.", "name", each) for number, each in enumerate(draft.members)]
        heads = [each for each in drafts if each[2].relation == Relation.HEAD]
        if draft.head.strip() or not drafts:
            if heads:
                self.add("head", "户主只能有一位，请把另一位改成别的关系。")
            drafts.insert(0, ("", "head", MemberDraft(name=draft.head, relation=Relation.HEAD)))
        elif not heads:
            drafts[0] = (*drafts[0][:2], replace(drafts[0][2], relation=Relation.HEAD))
        if len(heads) > 1:
            self.add("members", "户主只能有一位，请把另一位改成别的关系。")
        if len(drafts) > MOST_MEMBERS:
            self.add("members", f"一户最多登记 {MOST_MEMBERS} 人，请核对。")
        members = [self.within(prefix).member(each, name_field=field) for prefix, field, each in drafts]
        return tuple(sorted(members, key=lambda member: member.relation != Relation.HEAD))

    def _tried(self, read: Callable[..., _T], text: str, field: str, default: _D, **options: int) -> _T | _D:
        """What `read` makes of the text; the default for none, and beside a problem."""
        if not text.strip():
            return default
        try:
            return read(text, field=field, **options)
        except Refused as error:
            self.add(field, error.message)
            return default


def _wrong_in_name(name: str) -> str:
    if any(map(_is_emoji, name)):
        return "姓名里不能用表情符号，请改成文字。"
    if any(map(str.isdecimal, name)):
        return "姓名里不要写数字，请只填姓名。"
    if not all(sign in _IN_NAMES or _is_letter(sign) for sign in name) or not any(map(_is_letter, name)):
        return "姓名只能写文字（可带间隔号“·”），请改一下。"
    return ""


def _is_letter(sign: str) -> bool:
    """Letters and marks of any script; signs newer than this Python's Unicode, or made by a county for rare names."""
    return unicodedata.category(sign)[0] in "LM" or unicodedata.category(sign) in ("Co", "Cn", "Nl")


def _is_emoji(sign: str) -> bool:
    return unicodedata.category(sign) in ("So", "Sk") or "\U0001f000" <= sign <= "\U0001faff" or sign in "\ufe0f\u20e3"
