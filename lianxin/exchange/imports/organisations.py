"""Organisations taken in: that they exist, of which type, where, since when. One row a body."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import checked_past_day, parse_day
from lianxin.base.errors import Problems, Refused
from lianxin.base.text import clean_line
from lianxin.catalog.current import catalog
from lianxin.exchange.imports.kinds import Asked, Became, Cells, Kind, Read
from lianxin.exchange.imports.rows import said_of
from lianxin.exchange.imports.single import RowReader
from lianxin.exchange.imports.values import day_text
from lianxin.exchange.imports.villages import Villages
from lianxin.exchange.models import Batch, StagedRow, State
from lianxin.kinds.listings.bodies import open_organisation, take_back
from lianxin.net.organisations import OrganisationDraft, organisation_for, organisations_seen_by
from lianxin.vault.box import keyed_hash

KNOWN = "已经有这个组织了，没有改动。"


def types() -> dict[str, str]:
    """The sorts of body there are, code by name and by code."""
    return {word: spec.code for spec in catalog().organisation_types.values() for word in (spec.code, spec.name)}


class OrganisationReader(RowReader):
    """Reads what a row says of a body."""

    def __init__(self, actor: Actor, batch: Batch, *, today: dt.date) -> None:
        super().__init__()
        self._places = Villages(
            actor, Verb.ORGANISATION_WRITE, county=batch.county, otherwise=batch.village, with_towns=True
        )
        self._types, self._today = types(), today

    def row(self, cells: Cells, problems: Problems) -> dict[str, object]:
        said: dict[str, object] = dict.fromkeys(("name", "type", "region", "founded_on"), "")
        said["address"] = cells.get("place", "")
        said["mode"] = _named(catalog().modes.values(), cells.get("mode", ""), "mode", problems)
        said["field"] = _named(catalog().new_fields.values(), cells.get("field", ""), "field", problems)
        kind = "".join(cells.get("type", "").split())
        said["type"] = self._types.get(kind, "")
        if not said["type"]:
            names = "、".join(dict.fromkeys(word for word in self._types if not word.isascii()))
            problems.add("type", f"类型“{kind[:20]}”认不出，请从列表里选：{names[:120]}。" if kind else "请写明类型。")
        try:
            said["name"] = clean_line(cells.get("organisation", ""), field="organisation", limit=80)
            if not said["name"]:
                raise Refused("请填组织名称。", field="organisation")
            said["region"] = self._places.code(
                cells.get("region", "") or cells.get("town", ""), town=cells.get("town", "")
            )
            if text := day_text(cells.get("founded_on", "")):
                day = checked_past_day(parse_day(text, field="founded_on"), today=self._today, field="founded_on")
                said["founded_on"] = day.isoformat()
        except Refused as error:
            problems.add(error.field, error.message)
        return said


def _named(options: Iterable[Any], said: str, field: str, problems: Problems) -> str:
    """An option's code by its name or code; "" for none."""
    known: dict[str, str] = {word: option.code for option in options for word in (option.code, option.name)}
    if said and said not in known:
        names = "、".join(dict.fromkeys(word for word in known if not word.isascii()))
        problems.add(field, f"“{said[:20]}”认不出，请写：{names[:120]}。")
    return known.get(said, "")


class Organisations(Kind):
    """组织, one row a body."""

    code, name, title = "organisations", "组织", "组织台账"
    verb = Verb.ORGANISATION_WRITE
    needs_one_of = ("organisation",)
    help = "一行一个组织：妇委会、妇女微家、执委工作室……写明类型、在哪里、哪天成立。"

    def asked(self) -> tuple[Asked, ...]:
        names = tuple(dict.fromkeys(word for word in types() if not word.isascii()))
        return (
            Asked(field="region", label="村（社区）", width=18, help="镇一级的写镇（街道），县一级的写县（区）"),
            Asked(field="organisation", label="组织名称", is_needed=True, example="示例妇女微家", width=26),
            Asked(field="type", label="类型", is_needed=True, options=names, example=names[-1] if names else ""),
            Asked(field="founded_on", label="成立日期", example="2021-03-05"),
        )

    def also(self) -> tuple[Asked, ...]:
        return (
            Asked(field="town", label="镇（街道）"),
            Asked(field="mode", label="组建方式"),
            Asked(field="field", label="领域"),
            Asked(field="place", label="地址"),
        )

    def reader(self, actor: Actor, batch: Batch, *, today: dt.date) -> OrganisationReader:
        return OrganisationReader(actor, batch, today=today)

    def recognise(self, actor: Actor, reads: Sequence[Read], *, county: str) -> list[Read]:
        names = {str(read.said["name"]) for read in reads if read.said}
        rows = organisations_seen_by(actor).filter(name__in=names, dissolved_on__isnull=True)
        known = {(region, name): key for key, region, name in rows.values_list("id", "region", "name")}
        return [_recognised(read, known) for read in reads]

    def apply(self, actor: Actor, rows: Sequence[StagedRow], *, at: dt.datetime) -> dict[int, Became]:
        return {row.row: _founded(actor, row, at=at) for row in rows if row.state == State.GOOD}

    def undo(self, actor: Actor, rows: Sequence[StagedRow], *, because: str, at: dt.datetime) -> dict[int, Became]:
        return {row.row: _taken_back(actor, row, because=because, at=at) for row in rows}


def _recognised(read: Read, known: Mapping[tuple[str, str], str]) -> Read:
    if read.state != State.GOOD:
        return read
    place = (str(read.said["region"]), str(read.said["name"]))
    if place in known:
        problems = (("organisation", KNOWN),)
        return replace(read, state=State.KNOWN, found=known[place], said={}, problems=problems)
    return replace(read, mark=keyed_hash(":".join(place), purpose="import.organisation"))


def _founded(actor: Actor, row: StagedRow, *, at: dt.datetime) -> Became:
    said = said_of(row)
    day = dt.date.fromisoformat(said["founded_on"]) if said["founded_on"] else None
    names = ("name", "type", "region", "mode", "field", "address")
    draft = OrganisationDraft(**{name: said[name] for name in names}, founded_on=day)
    try:
        body = open_organisation(actor, draft, at=at)
    except Problems as problems:
        return Became(state=State.FAILED, message=problems.items[0].message, field=problems.items[0].field)
    except Refused as error:
        field = "organisation" if error.field == "name" else error.field
        return Became(state=State.FAILED, message=error.message, field=field)
    return Became(state=State.APPLIED, found=body.pk)


def _taken_back(actor: Actor, row: StagedRow, *, because: str, at: dt.datetime) -> Became:
    """One that has people in office, members or bodies below it by now stays."""
    try:
        take_back(actor, organisation_for(actor, row.found), because=because, at=at)
    except (Refused, Problems) as error:
        return Became(state=State.KEPT, message=str(error))
    return Became(state=State.UNDONE)
