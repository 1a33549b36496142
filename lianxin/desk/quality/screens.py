"""Pages of what may be wrong with the record: how many by place, and the rows behind each number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, is_under, level_of
from lianxin.base.days import now, today
from lianxin.base.errors import Unseen
from lianxin.desk.taking import TakeOut
from lianxin.exchange.sheets import Column as SheetColumn
from lianxin.exchange.sheets import LedgerSheet, say_export
from lianxin.kinds.listings.queries import listing_cards
from lianxin.net.regions import children, path_name, region_name
from lianxin.quality.checks import BY_CODE, Check, checks_for, counted, found
from lianxin.quality.checks import Row as Found
from lianxin.register.queries import household_names, names_and_ages
from lianxin.ui.parts import Cell, Column, Crumb, Pages, Row, Table
from lianxin.ui.screen import Screen

PAGE = 50
MOST = 20_000  # rows of one export


def region_asked(actor: Actor, asked: str) -> str:
    """The region of the page: the one asked for where it is hers, else the top of her area."""
    tops = [top for top in actor.regions(Verb.REGISTER_READ) if level_of(top) >= Level.COUNTY]
    if asked.isdigit() and len(asked) in (6, 9, 12) and any(is_under(asked, top) for top in tops):
        return asked
    if not tops:
        raise Unseen("您负责的区域里没有册子可看。")
    return tops[0]


def crumbs_to(actor: Actor, region: str, last: str = "") -> tuple[Crumb, ...]:
    """County › town › village, as far up as she may look."""
    top = region_asked(actor, "")
    steps = [code for code in (region[:6], region[:9], region[:12]) if len(code) >= len(top) and is_under(code, top)]
    crumbs = [Crumb("数据质量", reverse("quality"))]
    crumbs += [Crumb(region_name(code), f"{reverse('quality')}?region={code}") for code in dict.fromkeys(steps)]
    if last:
        return (*crumbs, Crumb(last))
    return (*crumbs[:-1], Crumb(crumbs[-1].label))


@dataclass(frozen=True, slots=True)
class QualityPage:
    title: str
    table: Table
    mends: tuple[tuple[str, str], ...]
    sum: int
    is_far: bool
    export: str
    crumbs: tuple[Crumb, ...]


class Quality(Screen):
    """By place: how many rows each check finds. Places stand in order of code and are not ranked."""

    needs = Verb.REGISTER_READ
    template = "desk/quality/quality.html"
    title = "数据质量"
    room = "households"

    def get(self, request: object) -> HttpResponse:
        region = region_asked(self.actor, self.request.GET.get("region", ""))
        checks = checks_for(self.actor, region)
        numbers = {check.code: counted(self.actor, check, region, today=today()) for check in checks}
        page = QualityPage(
            title=f"{region_name(region)}：数据质量",
            table=_table(region, checks, numbers),
            mends=tuple((check.name, check.mend) for check in checks),
            sum=sum(sum(each.values()) for each in numbers.values()),
            is_far=level_of(region) < Level.TOWN,
            export=f"{reverse('quality-overview-export')}?region={region}"
            if self.actor.may_take_out(Verb.REGISTER_READ)
            else "",
            crumbs=crumbs_to(self.actor, region),
        )
        return self.render(page)


def places_of(region: str, numbers: Mapping[str, Mapping[str, int]]) -> list[str]:
    """The places of the table in order of code: those right below, and what else has something."""
    places = [row.code for row in children(region)] if level_of(region) < Level.VILLAGE else [region]
    return sorted(dict.fromkeys([*places, *(code for each in numbers.values() for code in each)]))


def _table(region: str, checks: Sequence[Check], numbers: Mapping[str, Mapping[str, int]]) -> Table:
    rows = tuple(
        Row(
            (
                Cell(text=region_name(code), href="" if code == region else f"{reverse('quality')}?region={code}"),
                *(_number(check, code, numbers[check.code].get(code, 0)) for check in checks),
            )
        )
        for code in places_of(region, numbers)
        if any(numbers[check.code].get(code) for check in checks)
    )
    columns = (
        Column(label="哪里", is_key=True),
        *(Column(label=check.name, kind="number") for check in checks),
    )
    return Table(caption="值得看一看的", columns=columns, rows=rows, empty="这里没有要补、要核的，很好。")


def _number(check: Check, code: str, many: int) -> Cell:
    if not many:
        return Cell()
    return Cell(text=f"{many:,}", href=f"{reverse('quality-rows', args=[check.code])}?region={code}")


@dataclass(frozen=True, slots=True)
class RowsPage:
    title: str
    mend: str
    table: Table
    pages: Pages
    export: str
    crumbs: tuple[Crumb, ...]


class QualityRows(Screen):
    """The rows of one check in one place, each leading to where it is mended."""

    needs = Verb.REGISTER_READ
    template = "desk/quality/rows.html"
    title = "数据质量"
    room = "households"

    def get(self, request: object, code: str) -> HttpResponse:
        region = region_asked(self.actor, self.request.GET.get("region", ""))
        check = _check(self.actor, code, region)
        after = self.request.GET.get("after", "")[:26]
        rows = found(self.actor, check, region, today=today(), limit=PAGE + 1, after=after)
        names = _names(self.actor, check, rows[:PAGE])
        more = urlencode({"region": region, "after": rows[PAGE - 1].key}) if len(rows) > PAGE else ""
        asked = urlencode({"region": region})
        page = RowsPage(
            title=f"{region_name(region)}：{check.name}",
            mend=check.mend,
            table=_rows_table(check, rows[:PAGE], names),
            pages=Pages(says=region_name(region), older=f"?{more}" if more else ""),
            export=f"{reverse('quality-export', args=[check.code])}?{asked}" if self.actor.may(Verb.EXPORT) else "",
            crumbs=crumbs_to(self.actor, region, check.name),
        )
        return self.render(page)


class QualityExport(TakeOut):
    """The same rows as a ledger."""

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.REGISTER_READ)
        region = region_asked(actor, self.request.GET.get("region", ""))
        check = _check(actor, self.kwargs["code"], region)
        rows = found(actor, check, region, today=today(), limit=MOST)
        names = _names(actor, check, rows)
        title = f"{region_name(region)}{check.name}"
        says = say_export(what=check.name, where=region_name(region), period="", by=self.actor.name, at=now())
        columns = (SheetColumn("哪一个", width=24), SheetColumn("村（社区）", width=28))
        listed = ((names.get(row.key, ""), path_name(row.region)) for row in rows)
        return LedgerSheet(title, says, columns, listed, is_numbered=True)


def _check(actor: Actor, code: str, region: str) -> Check:
    check = BY_CODE.get(code)
    if check is None or check not in checks_for(actor, region):
        raise Unseen("没有这一项检查，或者这里不能看。")
    return check


def _names(actor: Actor, check: Check, rows: Sequence[Found]) -> dict[str, str]:
    keys = [row.key for row in rows]
    match check.kind:
        case "household":
            return {key: f"{name}家 {place}".strip() for key, (name, place) in household_names(actor, keys).items()}
        case "person":
            return {key: name for key, (name, _) in names_and_ages(actor, keys, on=today()).items()}
        case _:
            return {key: f"{card.title} {card.detail}".strip() for key, card in listing_cards(actor, keys).items()}


def _rows_table(check: Check, rows: Sequence[Found], names: Mapping[str, str]) -> Table:
    shown = tuple(
        Row(
            (
                Cell(text=names.get(row.key) or "（没有名字）", href=reverse(check.kind, args=[row.key])),
                path_name(row.region),
            )
        )
        for row in rows
    )
    columns = (Column(label="哪一个", is_key=True), Column(label="村（社区）"))
    return Table(caption=check.name, columns=columns, rows=shown, empty="这里没有了。")
