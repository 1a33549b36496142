"""Pages of the access log: the auditor's list with its filter, and who looked at one person's or household's file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.audit.models import Act
from lianxin.audit.queries import PAGE, LogFilter, LogLine, log_lines, who_looked
from lianxin.base.days import SHANGHAI, now, parse_day, today
from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.catalog.current import catalog
from lianxin.desk.accounts.lists import BEGINS, address_with, chip
from lianxin.desk.house import place_of
from lianxin.desk.taking import TakeOut
from lianxin.exchange.sheets import Column as SheetColumn
from lianxin.exchange.sheets import Kind, LedgerSheet, Value, say_export
from lianxin.net.colleagues import account_names
from lianxin.net.models import ChangeKind
from lianxin.net.regions import path_name
from lianxin.records.history import timeline
from lianxin.register.aliases import with_merged
from lianxin.register.queries import household_card, person_card
from lianxin.ui.forms import Field, FieldType
from lianxin.ui.parts import Cell, Chip, Column, Crumb, Pages, Row, Table
from lianxin.ui.screen import Screen

MOST = 20_000  # rows of one export
KINDS = {
    "person": "人",
    "household": "户",
    "listing": "档案",
    "visit": "走访",
    "list": "册子",
    "account": "账号",
    "export": "表格",
}
FIELDS = {"phone": "电话", "id_number": "证件号"}


@dataclass(frozen=True, slots=True)
class LogPage:
    table: Table
    pages: Pages
    acts: tuple[Chip, ...]
    since: Field
    until: Field
    is_dated: bool
    kept: tuple[tuple[str, str], ...]
    narrowed: tuple[Chip, ...]
    export: str


class AccessLog(Screen):
    """What was looked at, searched for, taken out and granted, the newest first."""

    needs = Verb.AUDIT_READ
    template = "desk/audit/log.html"
    title = "查阅记录"
    room = "audit"

    def get(self, request: object) -> HttpResponse:
        asked = self.request.GET
        since, until = _day(asked, "since", "从哪天"), _day(asked, "until", "到哪天")
        chosen = log_filter(asked)
        before = asked.get(BEGINS, "")
        found = log_lines(self.actor, chosen, before=_number(before), limit=PAGE + 1)
        names = account_names(_accounts(found))
        older = address_with(asked, **{BEGINS: str(found[PAGE - 1].no)}) if len(found) > PAGE else ""
        page = LogPage(
            table=log_table(found[:PAGE], names, asked),
            pages=Pages(says="", older=older, newer=address_with(asked) if before else ""),
            acts=tuple(chip(asked, "act", act.value, act.label) for act in Act),
            since=since,
            until=until,
            is_dated=bool(since.value or until.value),
            kept=tuple((name, asked[name]) for name in ("act", "by", "key") if asked.get(name)),
            narrowed=tuple(_narrowed(asked, names)),
            export=reverse("audit-export") + address_with(asked) if self.actor.may_take_out(Verb.AUDIT_READ) else "",
        )
        return self.render(page, status=400 if since.error or until.error else 200)


def log_filter(asked: QueryDict) -> LogFilter:
    """The filter that an address names; what is unknown narrows nothing."""
    act = asked.get("act", "")
    return LogFilter(
        act=Act(act) if act in set(Act) else None,
        by=asked.get("by", "")[:26],
        key=asked.get("key", "")[:40],
        since=_parsed(asked.get("since", "")),
        until=_parsed(asked.get("until", "")),
    )


def _parsed(typed: str) -> dt.date | None:
    try:
        return parse_day(typed, field="since") if typed.strip() else None
    except Refused:
        return None


def _day(asked: QueryDict, name: str, label: str) -> Field:
    typed = asked.get(name, "").strip()[:20]
    error = "日期请写成 2021-12-31。" if typed and _parsed(typed) is None else ""
    return Field(name=name, label=label, type=FieldType.DAY, values=(typed,), error=error)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _narrowed(asked: QueryDict, names: Mapping[str, str]) -> Iterator[Chip]:
    if by := asked.get("by", ""):
        yield Chip(label=f"只看{_who(by, names)}", href=address_with(asked, by=""), is_on=True)
    if asked.get("key"):
        yield Chip(label="只看这一份", href=address_with(asked, key=""), is_on=True)


def _accounts(lines: Sequence[LogLine]) -> set[str]:
    return {line.by for line in lines} | {line.key for line in lines if line.kind == "account"}


def _who(account: str, names: Mapping[str, str]) -> str:
    return "命令行" if account == "operator" else names.get(account, "已注销的账号")


def _moment(at: dt.datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def said_thing(line: LogLine, names: Mapping[str, str]) -> str:
    """What an entry is about, by id: an auditor sees no household and no visit."""
    if line.kind == "account":
        return f"账号 {names.get(line.key, '')}".strip()
    if line.kind == "list":
        spec = catalog().find_programme(line.key)
        return f"册子 {spec.name if spec else line.key}"
    kind = KINDS.get(line.kind, "")
    return f"{kind} {line.key}".strip() if line.key else f"{kind}（没有找到）" if kind else ""


def said_what(line: LogLine) -> str:
    known = FIELDS | dict(ChangeKind.choices)
    return str(known.get(line.what, line.what))


def log_table(lines: Sequence[LogLine], names: Mapping[str, str], asked: QueryDict) -> Table:
    return Table(
        caption="查阅记录",
        columns=(
            Column(label="做了什么", is_key=True),
            Column(label="谁"),
            Column(label="什么时候"),
            Column(label="对什么"),
            Column(label="哪里"),
            Column(label="事由", kind="voice"),
        ),
        rows=tuple(
            Row(
                (
                    Cell(text=line.act, note=said_what(line)),
                    Cell(text=_who(line.by, names), href=address_with(asked, by=line.by)),
                    _moment(line.at),
                    Cell(text=said_thing(line, names), href=address_with(asked, key=line.key) if line.key else ""),
                    path_name(line.region) if line.region else "整个系统",
                    line.reason,
                )
            )
            for line in lines
        ),
        empty="没有这样的记录。换个条件再看。",
    )


class AccessLogExport(TakeOut):
    """The same as a ledger."""

    needs = Verb.AUDIT_READ
    title = "导出查阅记录"

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.AUDIT_READ)
        lines = log_lines(actor, log_filter(self.request.GET), limit=MOST)
        says = say_export(what="查阅记录", where=place_of(self.actor), period="", by=self.actor.name, at=now())
        return LedgerSheet("查阅记录", says, LOG_COLUMNS, _sheet_rows(lines, account_names(_accounts(lines))))


LOG_COLUMNS = (
    SheetColumn("编号", Kind.WHOLE),
    SheetColumn("时间", Kind.MOMENT),
    SheetColumn("谁", Kind.NAME),
    SheetColumn("做了什么", Kind.TEXT, 18),
    SheetColumn("哪一项", Kind.TEXT, 18),
    SheetColumn("对什么", Kind.TEXT, 34),
    SheetColumn("哪里", Kind.TEXT, 24),
    SheetColumn("事由", Kind.LONG),
)


def _sheet_rows(lines: Sequence[LogLine], names: Mapping[str, str]) -> Iterator[Sequence[Value]]:
    for line in lines:
        where = path_name(line.region) if line.region else "整个系统"
        who, thing = _who(line.by, names), said_thing(line, names)
        yield (line.no, line.at, who, line.act, said_what(line), thing, where, line.reason)


# ── who looked at one file ───────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class FilePage:
    title: str
    name: str
    table: Table
    crumbs: tuple[Crumb, ...]


class FileSeen(Screen):
    """谁看过这份档案: numbers shown, protected files opened, searches by ID number, for one person or household."""

    needs = Verb.AUDIT_FILE
    template = "desk/audit/file.html"
    title = "谁看过这份档案"
    room = "households"

    def get(self, request: object, kind: str, key: str) -> HttpResponse:
        name, region, keys = _file(self.actor, kind, key)
        if not self.actor.may(Verb.AUDIT_FILE, region=region):
            raise Forbidden("谁看过这份档案，由镇（街道）以上妇联查看。")
        lines = who_looked(self.actor, keys)
        names = account_names(_accounts(lines))
        page = FilePage(
            title=f"谁看过{name}的档案",
            name=name,
            table=_file_table(lines, names),
            crumbs=(Crumb("人家", reverse("households")), Crumb(name, reverse(kind, args=[key])), Crumb("谁看过")),
        )
        return self.render(page)


def _file(actor: Actor, kind: str, key: str) -> tuple[str, str, tuple[str, ...]]:
    """What it is called, where it is, the ids of it and of the records that are its own. Unseen when out of sight."""
    if kind == "person" and (person := person_card(actor, key, on=today())):
        mine = with_merged([person.key])
        return person.name, person.region, (*mine, *(card.key for card in timeline(actor, mine)))
    if kind == "household" and (home := household_card(actor, key, on=today())):
        mine = with_merged((home.key, *(line.key for line in home.members)))
        return f"{home.name}家", home.region, (*mine, *(card.key for card in timeline(actor, mine)))
    raise Unseen("没有找到，可能已迁走或不在您的区域。")


def _file_table(lines: Sequence[LogLine], names: Mapping[str, str]) -> Table:
    return Table(
        caption="谁看过这份档案",
        columns=(
            Column(label="谁", is_key=True),
            Column(label="做了什么"),
            Column(label="什么时候"),
            Column(label="事由", kind="voice"),
        ),
        rows=tuple(
            Row((_who(line.by, names), Cell(text=line.act, note=said_what(line)), _moment(line.at), line.reason))
            for line in lines
        ),
        empty="还没有人看过完整号码，也没有人打开过受保护的档案。",
    )
