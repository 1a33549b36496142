"""今天: the first page of every role. What is hers to do, what her region did, or what waits for who runs the house."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import HttpResponse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import NATION, Level, level_of
from lianxin.base.days import now, say_weekday
from lianxin.desk.home.chores import (
    account_todos,
    catalogue_todo,
    change_lines,
    complaint_lines,
    review_todos,
    safety_todos,
)
from lianxin.desk.home.lists import list_lines
from lianxin.desk.home.numbers import Month, Year, is_county_or_above, month_of, year_of
from lianxin.desk.home.today import Plan, longest_waiting, plan_of
from lianxin.desk.house import home_region
from lianxin.ui.parts import Line, Todo
from lianxin.ui.screen import Screen


@dataclass(frozen=True, slots=True)
class HomePage:
    """Parts that a role has nothing of are None or empty and not printed."""

    title: str
    day: str
    plan: Plan | None = None
    month: Month | None = None
    year: Year | None = None
    waiting: tuple[Line, ...] = ()
    lists: tuple[Line, ...] = ()
    accounts: tuple[Todo, ...] = ()
    changes: tuple[Line, ...] = ()
    complaints: tuple[Line, ...] = ()
    may_see_accounts: bool = False
    may_manage_accounts: bool = False
    may_answer: bool = False
    may_read_reports: bool = False
    has_post: bool = True


class Home(Screen):
    """For every role something to do or to look at, never a bare page."""

    needs = Verb.OWN_ACCOUNT
    template = "desk/home/home.html"
    title = "今天"
    room = "home"

    def get(self, request: object) -> HttpResponse:
        return self.render(_page(self.actor, moment=now()))


def _page(actor: Actor, *, moment: dt.datetime) -> HomePage:
    today, region = moment.date(), home_region(actor)
    is_above = is_county_or_above(region)
    # At the county nobody goes visiting from a list: the day of those is read in figures.
    plan = plan_of(actor, now=moment) if actor.may(Verb.VISIT_RECORD) and not is_above else None
    accounts = (
        *safety_todos(actor),
        *catalogue_todo(actor),
        *review_todos(actor, today=today),
        *account_todos(actor, today=today),
    )
    complaints = complaint_lines(actor)
    return HomePage(
        title=_title(actor, plan, accounts, complaints),
        day=f"{today.month}月{today.day}日，{say_weekday(today)}",
        plan=plan,
        month=None if is_above else month_of(actor, region, today=today, newest=plan.newest if plan else None),
        year=year_of(actor, region, today=today) if is_above else None,
        waiting=longest_waiting(actor, today=today) if is_above else (),
        lists=list_lines(actor, today=today),
        accounts=accounts,
        changes=change_lines(actor, today=today),
        complaints=complaints,
        may_see_accounts=bool(actor.may(Verb.USER_READ)),
        may_manage_accounts=bool(actor.may(Verb.USER_MANAGE)),
        may_answer=bool(actor.may(Verb.COMPLAINT_READ)),
        may_read_reports=bool(actor.may(Verb.REPORT_READ)),
        has_post=region != NATION,
    )


def _title(actor: Actor, plan: Plan | None, accounts: tuple[Todo, ...], complaints: tuple[Line, ...]) -> str:
    if plan is not None:
        where = "镇里" if level_of(home_region(actor)) == Level.TOWN else "今天"
        return f"{where}还有 {plan.left} {'多' if plan.is_more else ''}件事" if plan.left else "今天没有约好的走访"
    if actor.may(Verb.USER_READ):
        return f"有 {len(accounts) + len(complaints)} 件事等着看" if accounts or complaints else "没有等着办的事"
    return f"{actor.name}，您好"
