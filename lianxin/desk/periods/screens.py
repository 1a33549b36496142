"""Closing a period: its figures stay what they were; corrections are posted later and said so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of
from lianxin.base.days import FIRST_YEAR, SHANGHAI, Period, Span, now, say_day, today
from lianxin.base.errors import Problems, Refused
from lianxin.catalog.current import catalog
from lianxin.ledger.seals import SealBook, SealedPeriod, corrected_records, seal_period
from lianxin.net.colleagues import account_names
from lianxin.net.regions import region_name
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.parts import Cell, Chip, Column, Crumb, Row, Table
from lianxin.ui.screen import Screen

YEARS = 6


@dataclass(frozen=True, slots=True)
class PeriodsPage:
    form: Form
    crumbs: tuple[Crumb, ...]
    years: tuple[Chip, ...]
    counties: tuple[Chip, ...]
    says: str
    months: Table
    seals: Table
    may_close: bool


@dataclass(frozen=True, slots=True)
class _Closed:
    """The seals of one county and year, who set them, and how many records were corrected inside each since."""

    seals: tuple[SealedPeriod, ...]
    names: Mapping[str, str]
    corrected: Mapping[str, int]

    def over(self, period: Period) -> SealedPeriod | None:
        """The widest seal that a period lies under."""
        return max(
            (seal for seal in self.seals if seal.span.start <= period.start and period.end <= seal.span.end),
            key=lambda seal: seal.span.span.months,
            default=None,
        )

    def by(self, seal: SealedPeriod) -> str:
        return self.names.get(seal.by, "命令行")

    def said_since(self, seal: SealedPeriod) -> Cell:
        count = self.corrected.get(seal.id, 0)
        return Cell(text=f"更正过 {count} 条记录", tone="yellow") if count else Cell(text="没有更正过")


class Periods(Screen):
    """Which months of a year are open or closed, what was corrected since, and closing another period."""

    needs = Verb.PERIOD_SEAL
    template = "desk/periods/periods.html"
    title = "封账"
    room = "reports"

    def get(self, request: object) -> HttpResponse:
        county, year = self._county(), self._year()
        closed = self._closed(county, year)
        return self._page(county, year, closed, _form(county, year, closed))

    def post(self, request: object) -> HttpResponse:
        county, year = self._county(), self._year()
        closed = self._closed(county, year)
        form = _form(county, year, closed).bind(self.request.POST)
        try:
            if not form.raw("because").strip():
                raise Refused("请写明为什么封账，例如“年报已上报”。", field="because")
            if not form.raw("period"):
                raise Refused("请选封哪一段。", field="period")
            period = Period.parse(form.raw("period"))
            with transaction.atomic():
                seal_period(self.actor, region=county, period=period, because=form.raw("because")[:200], at=now())
        except (Refused, Problems) as error:
            return self._page(county, year, closed, form.refuse(error), status=400)
        tell(self.request, f"{period.name}封账了。以后要改，由县妇联写明原因更正。")
        return HttpResponseRedirect(_address(county, period.year))

    def _counties(self) -> list[str]:
        return [top for top in self.actor.regions(Verb.PERIOD_SEAL) if top and level_of(top) == Level.COUNTY]

    def _county(self) -> str:
        counties, asked = self._counties(), self.request.GET.get("region", "")
        return asked if asked in counties or not counties else counties[0]

    def _year(self) -> int:
        asked, this = self.request.GET.get("year", ""), today().year
        is_year = re.fullmatch(r"[0-9]{4}", asked) and FIRST_YEAR <= int(asked) <= this
        return int(asked) if is_year else this

    def _closed(self, county: str, year: int) -> _Closed:
        seals = tuple(seal for seal in SealBook.of([county]).seals if seal.span.year == year)
        names = account_names({seal.by for seal in seals})
        return _Closed(seals, names, corrected_records(self.actor, seals, measures=catalog().measures))

    def _page(self, county: str, year: int, closed: _Closed, form: Form, *, status: int = 200) -> HttpResponse:
        this = today().year
        page = PeriodsPage(
            form=form,
            crumbs=(Crumb("报告", f"{reverse('reports')}?{urlencode({'region': county})}"), Crumb(self.title)),
            years=tuple(
                Chip(label=f"{each}年", href=_address(county, each), is_on=each == year)
                for each in sorted({*range(this - YEARS + 1, this + 1), year})
            ),
            counties=tuple(
                Chip(label=region_name(code), href=_address(code, year), is_on=code == county)
                for code in self._counties()
            ),
            says=f"{region_name(county)}，{_says(year, closed)}",
            months=_months_table(year, closed),
            seals=_seals_table(closed),
            may_close=bool(form["period"].options),
        )
        return self.render(page, status=status)


def _address(county: str, year: int) -> str:
    return f"{reverse('periods')}?{urlencode({'region': county, 'year': year})}"


def _periods(year: int) -> list[Period]:
    whole = Period.of_year(year)
    return [whole, *whole.parts(Span.HALF), *whole.parts(Span.QUARTER), *whole.parts(Span.MONTH)]


def _form(county: str, year: int, closed: _Closed) -> Form:
    """What can be closed: what is over and not closed yet, months too."""
    open_ones = [each for each in _periods(year) if each.end <= today() and not closed.over(each)]
    return Form(
        (
            Field(name="region", label="", type=FieldType.HIDDEN, values=(county,)),
            Field(
                name="period",
                label="封哪一段",
                type=FieldType.CHOICE,
                options=tuple(Option(period.code, period.name) for period in open_ones),
                required=True,
            ),
            Field(name="because", label="为什么封", required=True, limit=200, help="例如：年报已上报"),
        )
    )


def _says(year: int, closed: _Closed) -> str:
    months = Period.of_year(year).parts(Span.MONTH)
    shut = sum(closed.over(month) is not None for month in months)
    to_come = sum(month.end > today() for month in months)
    parts = [f"{shut} 个月封了账", f"{12 - shut - to_come} 个月开着"]
    said = "，".join([*parts, f"{to_come} 个月还没过完"] if to_come else parts)
    return f"{year}年：{said}。开着的月份记录还能改，数跟着变。"


def _months_table(year: int, closed: _Closed) -> Table:
    return Table(
        caption=f"{year}年各月",
        columns=(Column(label="哪个月", is_key=True), Column(label="状态"), Column(label="怎么封的")),
        rows=tuple(_month_row(month, closed.over(month)) for month in Period.of_year(year).parts(Span.MONTH)),
    )


def _month_row(month: Period, seal: SealedPeriod | None) -> Row:
    if seal:
        return Row((f"{month.first_month}月", Cell(text="封了", tone="green"), f"随{seal.name}"))
    if month.end > today():
        return Row((f"{month.first_month}月", Cell(text="还没过完", tone="soft"), ""), is_soft=True)
    return Row((f"{month.first_month}月", "开着", ""))


def _seals_table(closed: _Closed) -> Table:
    return Table(
        caption="封了的账",
        columns=(
            Column(label="封了哪一段", is_key=True),
            Column(label="哪天封的", kind="day"),
            Column(label="谁封的"),
            Column(label="为什么"),
            Column(label="封了以后"),
        ),
        rows=tuple(_seal_row(seal, closed) for seal in _in_order(closed.seals)),
        empty="这一年还没有封过账。",
    )


def _in_order(seals: Sequence[SealedPeriod]) -> list[SealedPeriod]:
    return sorted(seals, key=lambda seal: (-seal.span.span.months, seal.span.start))


def _seal_row(seal: SealedPeriod, closed: _Closed) -> Row:
    day = say_day(seal.at.astimezone(SHANGHAI).date())
    return Row((seal.name, day, closed.by(seal), seal.because, closed.said_since(seal)))
