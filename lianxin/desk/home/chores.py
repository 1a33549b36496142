"""What waits for those who run the house: passwords never changed, appointments that end, complaints to answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.urls import reverse

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI, say_day
from lianxin.catalog.current import is_outdated
from lianxin.desk.accounts.queries import (
    AccountState,
    ending_appointments,
    fresh_accounts,
    idle_accounts,
    recent_changes,
    said_appointment,
)
from lianxin.desk.accounts.screens_users import said_by
from lianxin.desk.nearby import said_past
from lianxin.net.colleagues import account_names
from lianxin.net.models import Account, Appointment, ChangeKind
from lianxin.net.reviews import overdue
from lianxin.net.safety import weaknesses
from lianxin.outreach.complaints import complaints_seen_by
from lianxin.outreach.models import ComplaintKind, ComplaintState
from lianxin.ui.parts import Line, Todo

MOST = 5
_BEGUN = 48  # characters of a complaint on the home page


def catalogue_todo(actor: Actor) -> tuple[Todo, ...]:
    """That the files were changed since the server started, for who looks after the machine."""
    if not actor.may(Verb.USER_MANAGE) or not is_outdated():
        return ()
    text = "网站还照启动时的那一份办。请在服务器上运行 lianxin check，没有错再重启网站。"
    return (Todo(title="工作目录改过了，还没有生效", text=text, tone="yellow", tone_word="要重启"),)


def safety_todos(actor: Actor) -> tuple[Todo, ...]:
    """What is switched off that should not be, for who looks after accounts."""
    if not actor.may(Verb.USER_MANAGE):
        return ()
    return tuple(Todo(title="不安全", text=text, tone="red", tone_word="要改") for text in weaknesses())


def review_todos(actor: Actor, *, today: dt.date) -> tuple[Todo, ...]:
    """Rights that nobody has looked at for a year, for who reviews them."""
    late = overdue(actor, today=today) if actor.may(Verb.RIGHTS_REVIEW) else 0
    if not late:
        return ()
    text = "一个个看：还要的确认，不要的收回。"
    return (
        Todo(
            title=f"{late} 个岗位满一年没有复核了",
            href=reverse("review"),
            text=text,
            tone="yellow",
            tone_word="该复核了",
        ),
    )


def account_todos(actor: Actor, *, today: dt.date) -> tuple[Todo, ...]:
    """Accounts to look after, as far as she may see them; nothing for who may see none."""
    if not actor.may(Verb.USER_READ):
        return ()
    may_manage = bool(actor.may(Verb.USER_MANAGE))
    found = [*_fresh(actor, may_manage=may_manage), *_idle(actor, today=today, may_manage=may_manage)]
    return (*found, *(_ending(row, today) for row in ending_appointments(actor, today=today)[:MOST]))


def _fresh(actor: Actor, *, may_manage: bool) -> Iterable[Todo]:
    accounts = list(fresh_accounts(actor))
    if accounts:
        first = accounts[0].created_at.astimezone(SHANGHAI).date()
        text = "问问她们登录上了没有；密码丢了就再重置一次。" if may_manage else "临时密码放久了不安全。"
        yield Todo(
            title=f"{len(accounts)} 个账号还没有换掉临时密码",
            href=_list_of(AccountState.FRESH),
            when=f"最早的是{say_day(first)}开的",
            text=f"{_called(accounts)}。{text}",
        )


def _idle(actor: Actor, *, today: dt.date, may_manage: bool) -> Iterable[Todo]:
    accounts = list(idle_accounts(actor, today=today))
    if accounts:
        text = "还要用的授一个岗位，不用的停用。" if may_manage else "登录了也办不了事。"
        yield Todo(
            title=f"{len(accounts)} 个账号没有岗位",
            href=_list_of(AccountState.IDLE),
            text=f"{_called(accounts)}。{text}",
        )


def _ending(row: Appointment, today: dt.date) -> Todo:
    ends = row.ends or today
    return Todo(
        title=f"{row.account.name}的岗位快到期了",
        href=reverse("user", args=[row.account_id]),
        when=f"{say_day(ends)}止",
        text=f"{said_appointment(row.role, row.region)}。还要接着做的，到期前再授一次。",
        tone="yellow",
        tone_word=f"还有 {(ends - today).days} 天",
    )


def _called(accounts: Sequence[Account]) -> str:
    names = "、".join(account.name for account in accounts[:MOST])
    return f"{names}等" if len(accounts) > MOST else names


def _list_of(state: AccountState) -> str:
    return f"{reverse('users')}?state={state.value}"


def change_lines(actor: Actor, *, today: dt.date) -> tuple[Line, ...]:
    """What was lately done to the accounts she may see, newest first: who looks for mischief begins here."""
    if not actor.may(Verb.USER_READ):
        return ()
    changes = list(recent_changes(actor)[:MOST])
    names = account_names([key for change in changes for key in (change.account, change.by)])
    return tuple(
        Line(
            text=f"{names.get(change.account, '')}：{ChangeKind(change.kind).label}",
            note=f"{said_by(change.by, names)} · {_said_moment(change.at, today)}",
            href=reverse("user", args=[change.account]),
        )
        for change in changes
    )


def _said_moment(moment: dt.datetime, today: dt.date) -> str:
    at = moment.astimezone(SHANGHAI)
    return f"{said_past(at.date(), today)} {at:%H:%M}"


def complaint_lines(actor: Actor) -> tuple[Line, ...]:
    """Complaints that nobody has answered, oldest first."""
    if not actor.may(Verb.COMPLAINT_READ):
        return ()
    rows = complaints_seen_by(actor, state=ComplaintState.OPEN).order_by("created_at", "id")[:MOST]
    return tuple(
        Line(
            text=row.text[:_BEGUN] + ("…" if len(row.text) > _BEGUN else ""),
            note=f"{ComplaintKind(row.kind).label} · {say_day(row.created_at.astimezone(SHANGHAI).date())}",
            href=reverse("complaint", args=[row.pk]),
        )
        for row in rows
    )
