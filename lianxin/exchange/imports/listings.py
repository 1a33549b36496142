"""Listings taken in: who stands on which list since when, through the one door, with history and facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lianxin.access.actor import Actor
from lianxin.access.verbs import Seal, Verb
from lianxin.base.days import parse_day
from lianxin.base.errors import Problems, Refused
from lianxin.base.ids import new_id
from lianxin.base.text import clean_line
from lianxin.catalog.current import catalog
from lianxin.catalog.fields import FieldSpec
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.exchange.imports.kinds import Asked, Became, Cells, Kind, Read
from lianxin.exchange.imports.rows import said_of
from lianxin.exchange.imports.single import RowReader
from lianxin.exchange.imports.subjects import Subjects
from lianxin.exchange.imports.values import day_text, id_text
from lianxin.exchange.imports.villages import Villages
from lianxin.exchange.models import Batch, StagedRow, State
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.listings.queries import standing
from lianxin.records.answers import answer_name
from lianxin.records.door import submit
from lianxin.records.drafts import Act, Draft, Rejected
from lianxin.vault.box import keyed_hash
from lianxin.vault.identity import parse_id_number

ANSWER = "answer."  # before the name of a question that lists ask beyond the common ones
KNOWN = "已经在这个册子里了，没有改动。"
CHANGED = "后来改动过，没有撤销。"
NO_LIST = "没有叫“{}”的册子，请从列表里选。"
NOT_YOURS = "“{}”不由您登记。"
_DAYS = ("on_day", "review_on", "birth")


def lists() -> dict[str, ProgrammeSpec]:
    """The lists of today's catalogue by name, short name and code."""
    specs = [spec for spec in catalog().programmes.values() if spec.kind == "listing"]
    return {name: spec for spec in specs for name in (spec.code, spec.short, spec.name)}


def _questions() -> dict[str, list[tuple[ProgrammeSpec, FieldSpec]]]:
    """What lists ask of their own, by the words of the question."""
    found: dict[str, list[tuple[ProgrammeSpec, FieldSpec]]] = {}
    for spec in {spec.code: spec for spec in lists().values()}.values():
        for field in spec.fields:
            found.setdefault(field.name, []).append((spec, field))
    return found


class ListingReader(RowReader):
    """Reads what a row says; whom it is about is looked up for many rows at once."""

    def __init__(self, actor: Actor, batch: Batch) -> None:
        super().__init__()
        self._actor, self._lists = actor, lists()
        self._villages = Villages(actor, Verb.LISTING_RECORD, county=batch.county, otherwise=batch.village)

    def row(self, cells: Cells, problems: Problems) -> dict[str, object]:
        spec = self._list(cells.get("list", ""), problems)
        number = self._number(cells.get("id_number", ""), problems)
        name = "".join(clean_line(cells.get("name", ""), field="name").split())
        if spec is not None and "household" in spec.subjects and len(name) > 2:
            name = name.removesuffix("家")  # as our own ledger calls a household
        said: dict[str, object] = {
            "name": name,
            "id": number,
            "village": self._village(cells, required=not number, problems=problems),
            "note": cells.get("note", ""),
        }
        for name in _DAYS:
            said[name] = _day(cells.get(name, ""), name, problems)
        if spec is not None:
            said |= {"list": spec.code, **_place(spec, cells, problems), "answers": _answers(spec, cells)}
        return said

    def _list(self, said: str, problems: Problems) -> ProgrammeSpec | None:
        spec = self._lists.get("".join(said.split()))
        if spec is None:
            problems.add("list", NO_LIST.format(said[:20]) if said else "请写明是哪本册子。")
        elif not self._actor.may(Verb.LISTING_RECORD, programme=spec.code, seal=Seal(spec.seal)):
            problems.add("list", NOT_YOURS.format(spec.name))
        return spec

    def _number(self, cell: str, problems: Problems) -> str:
        text, wrong = id_text(cell)
        try:
            number = parse_id_number(text).number if text else ""
        except Refused as error:
            wrong, number = error.message, ""
        if wrong:
            problems.add("id_number", wrong)
        return number

    def _village(self, cells: Cells, *, required: bool, problems: Problems) -> str:
        try:
            return self._villages.code(cells.get("region", ""), town=cells.get("town", ""))
        except Refused as error:
            if required:
                problems.add("region", error.message)
            return ""


def _day(cell: str, name: str, problems: Problems) -> str:
    text = day_text(cell)
    try:
        return parse_day(text, field=name).isoformat() if text else ""
    except Refused as error:
        problems.add(name, error.message)
        return ""


def _place(spec: ProgrammeSpec, cells: Cells, problems: Problems) -> dict[str, str]:
    """Category, level and grade by name or code."""
    found = {}
    for name, options in (("category", spec.categories), ("level", spec.levels), ("grade", spec.grades)):
        said = cells.get(name, "").strip()
        codes = {word: option.code for option in options for word in (option.code, option.name)}
        found[name] = codes.get(said, "")
        if said and said not in codes:
            names = "、".join(option.name for option in options) or "（这本册子不分）"
            problems.add(name, f"“{said[:20]}”认不出，请写：{names[:80]}。")
    return found


def _answers(spec: ProgrammeSpec, cells: Cells) -> dict[str, Any]:
    """The list's own questions, as the door takes them; whether they will do, the door says."""
    answers: dict[str, Any] = {}
    for field in spec.fields:
        said = cells.get(f"{ANSWER}{field.name}", "").strip()
        if not said:
            continue
        codes = {option.name: option.code for option in field.options}
        match field.type:
            case "day":
                answers[answer_name(spec, field)] = day_text(said)
            case "yes-no":
                answers[answer_name(spec, field)] = {"是": "yes", "有": "yes", "否": "no", "无": "no"}.get(said, said)
            case "choices":
                parts = said.replace("，", "、").replace(",", "、").split("、")
                answers[answer_name(spec, field)] = [codes.get(part.strip(), part.strip()) for part in parts]
            case _:
                answers[answer_name(spec, field)] = codes.get(said, said)
    return answers


class Listings(Kind):
    """建档, one row a subject."""

    code, name, title = "listings", "建档", "建档名册"
    verb = Verb.LISTING_RECORD
    needs_one_of = ("list",)
    help = "一行是一个人（户、组织）在一本册子里。人要已经登记过：写身份证号，或村和姓名。"

    def asked(self) -> tuple[Asked, ...]:
        names = tuple(dict.fromkeys(spec.name for spec in lists().values()))
        return (
            Asked(field="region", label="村（社区）", width=18),
            Asked(
                field="list", label="册子", is_needed=True, options=names, example=names[0] if names else "", width=20
            ),
            Asked(field="name", label="姓名", is_needed=True, example="张示例"),
            Asked(field="id_number", label="身份证号", example="330402198503050026", width=22),
            Asked(field="category", label="类别"),
            Asked(field="grade", label="等级"),
            Asked(field="on_day", label="建档日期", example="2021-03-05", help="不填算今天"),
            Asked(field="review_on", label="复核日期"),
            Asked(field="note", label="备注", width=30),
        )

    def also(self) -> tuple[Asked, ...]:
        common = (
            Asked(field="town", label="镇（街道）"),
            Asked(field="birth", label="出生日期"),
            Asked(field="level", label="哪一级"),
        )
        return (*common, *(Asked(field=f"{ANSWER}{name}", label=name) for name in _questions()))

    def reader(self, actor: Actor, batch: Batch, *, today: dt.date) -> ListingReader:
        return ListingReader(actor, batch)

    def recognise(self, actor: Actor, reads: Sequence[Read], *, county: str) -> list[Read]:
        good = [read for read in reads if read.state == State.GOOD]
        subjects, specs = Subjects(actor, good), lists()
        told = {read.row: _about(read, subjects, specs[str(read.said["list"])]) for read in good}
        asked = [(str(each.said["list"]), str(each.said["subject"]), "") for each in told.values() if each.said]
        taken = standing(asked)
        for row, read in told.items():
            spec = specs.get(str(read.said.get("list", "")))
            record = taken.get((str(read.said.get("list", "")), str(read.said.get("subject", ""))))
            if record and spec and not spec.several:
                told[row] = replace(read, state=State.KNOWN, found=record, said={}, problems=(("name", KNOWN),))
        return [told.get(read.row, read) for read in reads]

    def apply(self, actor: Actor, rows: Sequence[StagedRow], *, at: dt.datetime) -> dict[int, Became]:
        good = [row for row in rows if row.state == State.GOOD]
        return through_the_door(actor, {row.row: _draft(row) for row in good}, at=at, done=State.APPLIED)

    def undo(self, actor: Actor, rows: Sequence[StagedRow], *, because: str, at: dt.datetime) -> dict[int, Became]:
        kept = Listing.objects.seen_by(actor).filter(key__in=[row.key for row in rows])
        found = dict(kept.filter(is_void=False, revision=1).values_list("key", "revision"))
        drafts = {
            row.row: Draft("listing", row.key, {}, Act.VOID, found[row.key], because)
            for row in rows
            if row.key in found
        }
        changed = {row.row: Became(state=State.KEPT, message=CHANGED) for row in rows if row.key not in found}
        return changed | through_the_door(actor, drafts, at=at, done=State.UNDONE)


def _about(read: Read, subjects: Subjects, spec: ProgrammeSpec) -> Read:
    try:
        subject = subjects.of(read.said, set(spec.subjects))
    except Refused as error:
        return read.wrong([(error.field, error.message)])
    said = {**read.said, "subject": subject.key, "subject_type": subject.type}
    mark = "" if spec.several else keyed_hash(f"{spec.code}:{subject.key}", purpose="import.listing")
    return replace(read, said=said, key=new_id(), mark=mark)


def _draft(row: StagedRow) -> Draft:
    said = said_of(row)
    names = ("list", "on_day", "subject", "subject_type", "category", "level", "grade", "review_on", "note", "answers")
    return Draft("listing", row.key, {name: said[name] for name in names})


def through_the_door(actor: Actor, drafts: Mapping[int, Draft], *, at: dt.datetime, done: State) -> dict[int, Became]:
    """All at once; those that the door names are left out and the others tried again; else one by one."""
    became: dict[int, Became] = {}
    waiting = dict(drafts)
    while waiting:
        rows = list(waiting)
        try:
            submit(actor, list(waiting.values()), at=at)
        except Rejected as rejected:
            for place, problems in rejected.problems.items():
                became[rows[place]] = _failed(problems.items[0].field, problems.items[0].message, done)
            waiting = {row: draft for row, draft in waiting.items() if row not in became}
        except Refused as error:
            if len(rows) == 1:
                return became | {rows[0]: _failed(error.field, error.message, done)}
            return became | _one_by_one(actor, waiting, at=at, done=done)
        else:
            return became | dict.fromkeys(rows, Became(state=done))
    return became


def _one_by_one(actor: Actor, drafts: Mapping[int, Draft], *, at: dt.datetime, done: State) -> dict[int, Became]:
    became: dict[int, Became] = {}
    for row, draft in drafts.items():
        became |= through_the_door(actor, {row: draft}, at=at, done=done)
    return became


def _failed(field: str, message: str, done: State) -> Became:
    return Became(state=State.FAILED if done == State.APPLIED else State.KEPT, field=field, message=message)
