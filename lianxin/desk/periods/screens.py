"""Closing a period: its figures stay what they were; corrections are posted later and said so."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect

from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of
from lianxin.base.days import SHANGHAI, Period, Span, now, say_day, today
from lianxin.base.errors import Problems, Refused
from lianxin.ledger.seals import SealBook, seal_period
from lianxin.net.colleagues import account_names
from lianxin.net.regions import region_name
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.parts import Cell, Column, Row, Table
from lianxin.ui.screen import Screen

YEARS = 6


@dataclass(frozen=True, slots=True)
class PeriodsPage:
    form: Form
    table: Table


class Periods(Screen):
    """Which periods of the county are closed, and closing another."""

    needs = Verb.PERIOD_SEAL
    template = "desk/periods/periods.html"
    title = "封账"
    room = "reports"

    def get(self, request: object) -> HttpResponse:
        return self._page(self._form())

    def post(self, request: object) -> HttpResponse:
        form = self._form().bind(self.request.POST)
        try:
            if not form.raw("because").strip():
                raise Refused("请写明为什么封账，例如“年报已上报”。", field="because")
            period = Period.parse(form.raw("period"))
            with transaction.atomic():
                seal_period(
                    self.actor, region=form.raw("region"), period=period, because=form.raw("because")[:200], at=now()
                )
        except (Refused, Problems) as error:
            return self._page(form.refuse(error), status=400)
        tell(self.request, f"{period.name}封账了。以后要改，由县妇联写明原因更正。")
        return redirect("periods")

    def _counties(self) -> tuple[Option, ...]:
        counties = [top for top in self.actor.regions(Verb.PERIOD_SEAL) if top and level_of(top) == Level.COUNTY]
        return tuple(Option(code, region_name(code)) for code in counties)

    def _form(self) -> Form:
        this_year = today().year
        periods = [
            period
            for year in range(this_year, this_year - YEARS, -1)
            for period in (Period.of_year(year), *Period.of_year(year).parts(Span.QUARTER))
            if period.end <= today()
        ]
        counties = self._counties()
        return Form(
            (
                Field(
                    name="region",
                    label="哪个县（区）",
                    type=FieldType.CHOICE if len(counties) > 1 else FieldType.HIDDEN,
                    options=counties,
                    values=(counties[0].value,) if counties else (),
                ),
                Field(
                    name="period",
                    label="封哪一段",
                    type=FieldType.CHOICE,
                    options=tuple(Option(period.code, period.name) for period in periods),
                    required=True,
                ),
                Field(name="because", label="为什么封", required=True, limit=200, help="例如：年报已上报"),
            )
        )

    def _page(self, form: Form, *, status: int = 200) -> HttpResponse:
        book = SealBook.of([county.value for county in self._counties()])
        names = account_names({seal.by for seal in book.seals})
        rows = tuple(
            Row(
                (
                    Cell(text=seal.name, note=region_name(seal.region)),
                    Cell(text=say_day(seal.at.astimezone(SHANGHAI).date())),
                    names.get(seal.by, "命令行"),
                    seal.because,
                )
            )
            for seal in book.seals
        )
        columns = (
            Column(label="封了哪一段", is_key=True),
            Column(label="哪天封的", kind="day"),
            Column(label="谁封的"),
            Column(label="为什么"),
        )
        table = Table(caption="已经封账的", columns=columns, rows=rows, empty="还没有封过账。")
        return self.render(PeriodsPage(form, table), status=status)
