"""Persons and households taken in: rows of one household found by its number, its head, or by standing together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.errors import Refused
from lianxin.base.ids import checked_id, id_within
from lianxin.exchange.imports.kinds import Asked, Became, Cells, Kind, Read, Reader
from lianxin.exchange.imports.people_books import apply_rows, recognised, undo_rows
from lianxin.exchange.imports.values import day_text, id_text, is_masked, phone_text
from lianxin.exchange.imports.villages import Villages
from lianxin.exchange.imports.words import Words, words
from lianxin.exchange.models import Batch, StagedRow, State
from lianxin.exchange.reading.cells import Broken
from lianxin.register.checked import MOST_MEMBERS, Checker
from lianxin.register.drafts import MemberDraft, Relation
from lianxin.register.rows import hash_of_id
from lianxin.vault.papers import PaperKind

HEAD_WRONG = "同一户的户主那一行有错，先改好那一行，这一行再一起导入。"
TWO_HEADS = "这一户有两个户主，请核对与户主关系。"
_ALONE = frozenset({"head", "relation", "household"})  # without these columns every row is a household of its own

_REGION = Asked(field="region", label="村（社区）", example="", width=18)
_PLACE = Asked(field="place", label="门牌", example="3组17号", width=16)
_SEX = Asked(field="sex", label="性别", options=("女", "男"), example="女", width=8)
_BIRTH = Asked(field="birth", label="出生日期", example="1985-03-05", help="填了身份证号可不填")
_ID = Asked(
    field="id_number", label="身份证号", example="330402198503050026", width=22, help="加密保存；本列是文本格式"
)
_PAPERS = {each.label: each.value for each in PaperKind} | {"身份证": "resident", "居住证": "permit"}
_PAPER = Asked(
    field="id_kind", label="证件种类", options=tuple(each.label for each in PaperKind), help="不填就当居民身份证"
)
_PHONE = Asked(field="phone", label="电话", example="13800000000", width=16, help="加密保存")
_SINCE = Asked(field="since", label="建户日期", example="2021-03-05", help="不填算今天")
_TOWN = Asked(field="town", label="镇（街道）")
_KEY = Asked(field="key", label="编号")
_HEAD = Asked(field="head", label="户主", example="张示例")
_HEAD_ID = Asked(field="head_id", label="户主身份证号")
_HOME_PHONE = Asked(field="home_phone", label="家庭电话")


@dataclass(slots=True)
class _Unit:
    """Rows of one household as they come in."""

    number: int
    village: str
    home: str
    head: str
    place: str
    label: str  # its number in the table, "" for none
    has_head: bool = False
    is_wrong: bool = False
    size: int = 0
    reads: list[Read] = field(default_factory=list)


class PeopleReader(Reader):
    """Keeps the household that is being read; of those before, only their numbers, so that a county fits in memory."""

    def __init__(self, actor: Actor, batch: Batch, verb: Verb, *, today: dt.date, known: Words) -> None:
        self._villages = Villages(actor, verb, county=batch.county, otherwise=batch.village)
        self._today, self._words, self._batch = today, known, batch.pk
        self._unit: _Unit | None = None
        self._units = 0
        self._said = ""  # the village that was named last: numbers of households begin anew in each
        self._labelled: dict[str, int] = {}
        self._headless: set[int] = set()
        self._wrong: set[int] = set()
        self.masked = 0

    def read(self, row: int, cells: Cells) -> Iterator[Read]:
        unit, problems = self._unit_of(cells)
        if self._unit is not None and unit is not self._unit:
            yield from _whole(self._unit)
            self._leave(self._unit)
        self._unit = unit
        unit.reads.append(self._person(row, cells, unit, problems))

    def rest(self) -> Iterator[Read]:
        if self._unit is not None:
            yield from _whole(self._unit)
            self._unit = None

    def notes(self) -> list[str]:
        return [f"有 {self.masked} 个号码是遮住的（138····2764），没有读。"] if self.masked else []

    def skip(self, row: int, cells: Cells) -> None:
        unit, _ = self._unit_of(cells)
        if self._unit is not None and unit is not self._unit:
            self._leave(self._unit)
        self._unit = unit
        unit.size += 1
        unit.has_head = unit.has_head or self._relation(cells)[0] == Relation.HEAD

    def _leave(self, unit: _Unit) -> None:
        if unit.label:
            (self._headless.discard if unit.has_head else self._headless.add)(unit.number)
            (self._wrong.add if unit.is_wrong else self._wrong.discard)(unit.number)

    def _unit_of(self, cells: Cells) -> tuple[_Unit, list[tuple[str, str]]]:
        """The household a row belongs to, and what is wrong with where it is."""
        self._said = cells.get("region", "") or self._said
        number, current = cells.get("household", ""), self._unit
        label = f"{self._said}\0{number}" if number else ""
        if current is not None and (label == current.label if label else self._goes_on(current, cells)):
            return current, []
        problems: list[tuple[str, str]] = []
        village = ""
        said = cells.get("region", "") or ("" if self._villages.otherwise else self._said)
        try:
            village = self._villages.code(said, town=cells.get("town", ""))
        except Refused as error:
            problems.append(("region", error.message))
        if label in self._labelled:
            return self._again(self._labelled[label], label, village), problems
        self._units += 1
        home = _given_home(cells, number) or id_within(self._batch, self._units)
        if label:
            self._labelled[label] = self._units
        return _Unit(self._units, village, home, cells.get("head", ""), cells.get("place", ""), label), problems

    def _goes_on(self, current: _Unit, cells: Cells) -> bool:
        return _goes_on(current, cells, self._relation(cells)[0])

    def _again(self, number: int, label: str, village: str) -> _Unit:
        """A household whose rows do not stand together: what its first rows said has been written already."""
        home = id_within(self._batch, number)
        unit = _Unit(number, village, home, "", "", label, size=1)
        unit.has_head, unit.is_wrong = number not in self._headless, number in self._wrong
        return unit

    def _relation(self, cells: Cells) -> tuple[str, str]:
        """(relation, what is wrong). Who bears the head's name is the head, where nothing else is said."""
        said = "".join(cells.get("relation", "").split())
        if said:
            code = self._words.relations.get(said, "")
            return code or Relation.OTHER, "" if code else f"与户主关系“{said[:10]}”认不出，请从列出的关系里选。"
        name, head = cells.get("name", ""), cells.get("head", "")
        is_head = (not name or name == head) if head else _ALONE.isdisjoint(cells)
        return (Relation.HEAD if is_head else Relation.OTHER), ""

    def _person(self, row: int, cells: Cells, unit: _Unit, problems: list[tuple[str, str]]) -> Read:
        broken = {name: str(cell) for name, cell in cells.items() if isinstance(cell, Broken)}
        cells = {name: "" if name in broken else cell for name, cell in cells.items()} if broken else cells
        problems += broken.items()
        relation, wrong = self._relation(cells)
        if not unit.size and not unit.head and not cells.get("relation"):
            relation = Relation.HEAD  # nobody said who heads it, so the first one does, as at the door
        problems += [("relation", wrong)] if wrong else []
        if relation == Relation.HEAD:
            problems += [("relation", TWO_HEADS)] if unit.has_head else []
            unit.has_head = True
        checker = Checker(today=self._today)
        draft = self._draft(cells, relation, problems)
        member = checker.member(draft)
        home = self._home(cells, unit, checker, problems)
        problems += [(item.field, item.message) for item in checker.problems.items if item.field not in broken]
        unit.size += 1
        if unit.size > MOST_MEMBERS:
            problems.append(("", f"一户最多 {MOST_MEMBERS} 人，请核对这些行是不是一户。"))
        read = Read(
            row=row,
            unit=unit.number,
            key=member.key,
            home=unit.home,
            mark=hash_of_id(member.id_number) or "",
            said={
                **home,
                "village": unit.village,
                "by_house": not cells.get("name"),
                "name": member.name,
                "relation": relation,
                "sex": member.sex,
                "birth": member.birth.isoformat() if member.birth else "",
                "id": member.id_number,
                "id_kind": member.id_kind,
                "phone": member.phone,
            },
        )
        if relation == Relation.HEAD and problems:
            unit.is_wrong = True
        return read.wrong(_once(problems)) if problems else read

    def _draft(self, cells: Cells, relation: str, problems: list[tuple[str, str]]) -> MemberDraft:
        numbers = {}
        for name, read in (("id_number", id_text), ("phone", phone_text)):
            cell = cells.get(name, "")
            if name == "id_number" and not cell and relation == Relation.HEAD:
                cell = cells.get("head_id", "")
            if is_masked(cell):
                self.masked, cell = self.masked + 1, ""
            numbers[name], wrong = read(cell)
            problems += [(name, wrong)] if wrong else []
        sex = cells.get("sex", "").strip()
        paper = "".join(cells.get("id_kind", "").split())
        if paper and paper not in _PAPERS:
            problems.append(("id_kind", f"证件种类“{paper[:10]}”认不出，请从列出的选项里选。"))
        key = cells.get("key", "") if cells.get("name") else ""
        return MemberDraft(
            id=_id_or_none(key),
            name=cells.get("name", "") or (cells.get("head", "") if relation == Relation.HEAD else ""),
            relation=relation,
            sex=self._words.sexes.get(sex, sex),
            birth=day_text(cells.get("birth", "")),
            id_number=numbers["id_number"],
            id_kind=_PAPERS.get(paper, ""),
            phone=numbers["phone"],
        )

    def _home(self, cells: Cells, unit: _Unit, checker: Checker, problems: list[tuple[str, str]]) -> dict[str, str]:
        """What is said of the household: its first row has it."""
        if unit.size:
            return {}
        phone, wrong = phone_text(cells.get("home_phone", ""))
        if is_masked(phone):
            self.masked, phone = self.masked + 1, ""
        problems += [("home_phone", wrong)] if wrong else []
        day = checker.past_day(day_text(cells.get("since", "")), "since", default=self._today)
        return {
            "region": unit.village,
            "place": checker.place(unit.place if not isinstance(unit.place, Broken) else ""),
            "home_phone": checker.phone(phone, "home_phone"),
            "since": day.isoformat(),
            "head": "" if isinstance(unit.head, Broken) else unit.head,
        }


def _goes_on(unit: _Unit, cells: Cells, relation: str) -> bool:
    """Whether a row without a household's number still belongs to the one above it."""
    head, place = cells.get("head", ""), cells.get("place", "")
    if place and unit.place and place != unit.place:
        return False
    if head:
        return head == unit.head and not (relation == Relation.HEAD and unit.has_head)
    if relation == Relation.HEAD:
        return False
    return not _ALONE.isdisjoint(cells)


def _given_home(cells: Cells, label: str) -> str:
    """Our own ledgers name the household by its key."""
    return _id_or_none(cells.get("key", "")) if not cells.get("name") else _id_or_none(label)


def _id_or_none(text: str) -> str:
    try:
        return checked_id(text) if text else ""
    except Refused:
        return ""


def _once(problems: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(dict.fromkeys(problems))


def _whole(unit: _Unit) -> Iterator[Read]:
    """The rows of a household read to its end: with a wrong head nobody of it goes in by herself."""
    for read in unit.reads:
        waits = unit.is_wrong and read.state != State.BAD
        yield read.wrong([("", HEAD_WRONG)]) if waits else read
    unit.reads.clear()


class People(Kind):
    """What persons and households have in common."""

    verb = Verb.REGISTER_WRITE
    at_once = 100

    def reader(self, actor: Actor, batch: Batch, *, today: dt.date) -> PeopleReader:
        return PeopleReader(actor, batch, self.verb, today=today, known=words())

    def recognise(self, actor: Actor, reads: Sequence[Read], *, county: str) -> list[Read]:
        return recognised(actor, reads)

    def apply(self, actor: Actor, rows: Sequence[StagedRow], *, at: dt.datetime) -> dict[int, Became]:
        return apply_rows(actor, rows, at=at)

    def undo(self, actor: Actor, rows: Sequence[StagedRow], *, because: str, at: dt.datetime) -> dict[int, Became]:
        return undo_rows(actor, rows, because=because, at=at)


class Persons(People):
    """One row a person."""

    code, name, title = "persons", "人员", "人员花名册"
    needs_one_of = ("name", "head")
    help = "一行一个人。同一户的人排在一起，户主在前；户号、户主、与户主关系有一样就能认出是一户。"

    def asked(self) -> tuple[Asked, ...]:
        relations = tuple(each.label for each in Relation)
        needed = Asked(field="name", label="姓名", is_needed=True, example="张示例")
        number = Asked(field="household", label="户号", example="1", help="同一户写同一个号", width=10)
        relation = Asked(field="relation", label="与户主关系", options=relations, example="户主")
        return (_REGION, number, needed, relation, _SEX, _BIRTH, _ID, _PHONE, _PLACE, _SINCE)

    def also(self) -> tuple[Asked, ...]:
        return (_TOWN, _PAPER, _HEAD, _HEAD_ID, _HOME_PHONE, _KEY)


class Households(People):
    """One row a household; more rows of it may follow with the head's cell left blank."""

    code, name, title = "households", "家庭", "家庭登记表"
    needs_one_of = ("head", "name")
    help = "一行一户，写户主。家里其他人可以写在下面几行：户主那一格留空，填姓名和与户主关系。"

    def asked(self) -> tuple[Asked, ...]:
        head = replace(_HEAD, is_needed=True)
        return (_REGION, _PLACE, head, _SEX, _BIRTH, _ID, _PHONE, _SINCE)

    def also(self) -> tuple[Asked, ...]:
        others = (
            Asked(field="household", label="户号"),
            Asked(field="name", label="姓名"),
            Asked(field="relation", label="与户主关系"),
        )
        return (*others, _TOWN, _PAPER, _HEAD_ID, _HOME_PHONE, _KEY)
