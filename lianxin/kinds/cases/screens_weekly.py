"""The weekly joint entry as a page: six weeks of each source, and a word that one has handed over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect

from lianxin.access.verbs import Verb
from lianxin.base.codes import Level
from lianxin.base.days import now, parse_day, today
from lianxin.base.errors import Forbidden, Refused
from lianxin.kinds.cases import queries
from lianxin.kinds.cases.weekly import ONE_WEEK, WEEKS, Handed, hand_over, handed_over, monday, weekly_sources
from lianxin.net.regions import region_name
from lianxin.ui.forms import Field, FieldType, Form, Option
from lianxin.ui.notices import tell
from lianxin.ui.parts import Cell, Column, Row, Table
from lianxin.ui.screen import Screen


@dataclass(frozen=True, slots=True)
class WeeklyPage:
    title: str
    gist: str
    table: Table
    form: Form


class Weekly(Screen):
    """每周汇总: the county's sources by week."""

    needs = Verb.CASE_SUPERVISE
    template = "cases/weekly.html"
    title = "每周汇总"
    room = "cases"

    def get(self, request: object) -> HttpResponse:
        return self._page(self._form())

    def post(self, request: object) -> HttpResponse:
        form = self._form().bind(self.request.POST)
        try:
            week, state = parse_day(form.chosen("week"), field="week"), form.chosen("state")
            if not state:
                raise Refused("请选送来了，还是这一周没有。", field="state")
            source = form.chosen("source")
            hand_over(self.actor, self._county, source, week, is_nothing=state == "nothing", at=now())
        except Refused as error:
            if isinstance(error, Forbidden):
                raise
            return self._page(form.refuse(error), status=400)
        tell(self.request, f"{queries.option_name('source', source)}：记下了。")
        return redirect("cases-weekly")

    @property
    def _county(self) -> str:
        """The county of her first post that supervises: the joint entry is the county's."""
        tops = self.actor.regions(Verb.CASE_SUPERVISE)
        county = next((top for top in tops if len(top) == Level.COUNTY.length), "")
        if not county:
            raise Forbidden("每周汇总由县（区）妇联登记。")
        return county

    def _form(self) -> Form:
        weeks = [monday(today()) - ONE_WEEK * number for number in range(WEEKS)]
        states = (Option("handed", "送来了"), Option("nothing", "说这一周没有"))
        sources = tuple(Option(code, queries.option_name("source", code)) for code in weekly_sources())
        options = tuple(Option(week.isoformat(), _week(week)) for week in weeks)
        return Form(
            (
                Field(name="source", label="哪个来源", type=FieldType.CHOICE, options=sources, required=True),
                Field(name="week", label="哪一周", type=FieldType.CHOICE, options=options, required=True),
                Field(name="state", label="怎样", type=FieldType.CHOICE, options=states, required=True),
            )
        )

    def _page(self, form: Form, *, status: int = 200) -> HttpResponse:
        found = handed_over(self.actor, self._county, today=today())
        late = sum(each.is_late for weeks in found.values() for each in weeks)
        weeks = next(iter(found.values()), ())
        table = Table(
            caption=self.title,
            columns=(Column(label="来源", is_key=True), *(Column(label=_week(each.week)) for each in weeks)),
            rows=tuple(
                Row((queries.option_name("source", source), *(_cell(each) for each in row)))
                for source, row in found.items()
            ),
            empty="目录里没有写哪些来源每周汇总。",
        )
        gist = f"{region_name(self._county)}：{f'最近六周有 {late} 次没有送来' if late else '最近六周都送来了'}。"
        return self.render(WeeklyPage(self.title, gist, table, form), status=status)


def _week(week: dt.date) -> str:
    return f"{week.month}月{week.day}日起"


def _cell(each: Handed) -> Cell:
    if each.is_late:
        return Cell(text="没有送来", tone="red")
    if each.day is None:
        return Cell(text="还没到期", tone="soft")
    said = "没有" if each.is_nothing else f"登了 {each.cases} 件"
    return Cell(text=f"{each.day.month}月{each.day.day}日，{said}", tone="green")
