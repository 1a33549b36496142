"""How organisations are shown: tables, lines, facts, events. Values in, parts out; nothing is asked here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse

from lianxin.base.codes import Level
from lianxin.base.days import SHANGHAI, say_day
from lianxin.catalog.bodies import GROUPS, OrganisationTypeSpec
from lianxin.catalog.current import catalog
from lianxin.net.alliances import Turns
from lianxin.net.models import Member, Organisation, OrganisationChange, Partner, Post
from lianxin.net.organisations import type_name
from lianxin.net.regions import path_name
from lianxin.records.kinds import Card
from lianxin.records.subjects import SubjectName
from lianxin.ui.parts import Cell, Column, Crumb, Event, Known, Line, Row, Table

OUT_OF_SIGHT = "（姓名不在您可看的范围）"
_WORDS = {
    "name": "名称",
    "founded_on": "成立日期",
    "dissolved_on": "撤销日期",
    "mode": "组建方式",
    "field": "领域",
    "address": "地址",
    "contact": "找谁",
    "standard": "标准",
    "parent_id": "上级组织",
    "host_id": "依托单位",
    "type": "类型",
    "region": "地方",
    "level": "层级",
    "轮值": "轮值",
}
_CODES = {
    "mode",
    "field",
    "standard",
    "parent_id",
    "host_id",
    "type",
    "region",
    "level",
}  # kept as codes: only that they changed is said


def organisations_table(rows: Sequence[Organisation]) -> Table:
    return Table(
        caption="组织",
        columns=(
            Column(label="名称", is_key=True),
            Column(label="类型"),
            Column(label="在哪里"),
            Column(label="成立", kind="day"),
            Column(label="状态"),
        ),
        rows=tuple(
            Row(
                (
                    Cell(text=row.name, href=reverse("organisation", args=[row.pk]), note=row.address),
                    type_name(row.type),
                    path_name(row.region),
                    say_day(row.founded_on) if row.founded_on else "",
                    state_of(row),
                ),
                is_soft=row.dissolved_on is not None,
            )
            for row in rows
        ),
        empty="没有找到这样的组织。换个字，或者把上面的条件点掉再看。",
    )


def state_of(row: Organisation) -> str:
    """Nothing for a body that stands; when it ended; that it never was."""
    if row.dissolved_on is None:
        return ""
    return "登记撤回" if row.dissolved_on == row.founded_on else f"{say_day(row.dissolved_on)}撤销"


def line_of(row: Organisation) -> Line:
    note = f"{type_name(row.type)} · {path_name(row.region)}"
    return Line(text=row.name, href=reverse("organisation", args=[row.pk]), note=note)


def facts_of(body: Organisation, *, holders: str, became: Organisation | None = None) -> tuple[Known, ...]:
    """`holders`: who holds the contact post today; `became`: what it was rebuilt into."""
    facts = [Known("在哪里", path_name(body.region, since=Level.COUNTY)), Known("层级", Level(body.level).label)]
    facts += [Known("地址", body.address)] if body.address else []
    facts += [Known("找谁", f"{body.contact}{'：' + holders if holders else ''}")] if body.contact else []
    others = (("上级组织", body.parent), ("依托单位", body.host), ("由它改建", body.rebuilt_from), ("改建成", became))
    for label, other in others:
        if other:
            facts.append(Known(label, "", reverse("organisation", args=[other.pk]), other.name))
    modes, fields = catalog().modes, catalog().new_fields
    facts += [Known("领域", fields[body.field].name)] if body.field in fields else []
    facts += [Known("组建方式", modes[body.mode].name)] if body.mode in modes else []
    facts.append(Known("成立", say_day(body.founded_on) if body.founded_on else "没有登记"))
    if body.dissolved_on:
        facts.append(Known("撤销", state_of(body)))
    return tuple(facts)


def standard_of(body: Organisation, spec: OrganisationTypeSpec | None) -> tuple[tuple[str, bool], ...]:
    """Each item of the type's standard, and whether it has been reached."""
    items = spec.standard.items if spec and spec.standard else ()
    return tuple((item.name, item.code in body.standard) for item in items)


def posts_table(posts: Sequence[Post], names: Mapping[str, SubjectName], *, may_end: bool, today: dt.date) -> Table:
    return Table(
        caption="任职",
        columns=(
            Column(label="姓名", is_key=True),
            Column(label="职务"),
            Column(label="从哪天", kind="day"),
            Column(label="到哪天"),
            Column(label="办理"),
        ),
        rows=tuple(_post_row(post, names, may_end=may_end, today=today) for post in posts),
        empty="还没有登记任职的人。",
    )


def _post_row(post: Post, names: Mapping[str, SubjectName], *, may_end: bool, today: dt.date) -> Row:
    end = Cell(text="离任", href=reverse("post-end", args=[post.pk])) if may_end and post.ends is None else Cell()
    return Row(
        (
            holder_of(post, names),
            post.title,
            say_day(post.starts),
            say_day(post.ends) if post.ends else "",
            end,
        ),
        is_soft=post.ends is not None and post.ends <= today,
    )


def holder_of(post: Post, names: Mapping[str, SubjectName]) -> str:
    return post.account.name if post.account else _called(names, post.person)


def _called(names: Mapping[str, SubjectName], person: str) -> str:
    name = names.get(person)
    return name.name if name and name.is_seen else OUT_OF_SIGHT


def members_table(
    members: Sequence[Member], names: Mapping[str, SubjectName], *, may_end: bool, today: dt.date
) -> Table:
    return Table(
        caption="成员",
        columns=(
            Column(label="成员", is_key=True),
            Column(label="做什么"),
            Column(label="加入", kind="day"),
            Column(label="退出"),
            Column(label="办理"),
        ),
        rows=tuple(_member_row(member, names, may_end=may_end, today=today) for member in members),
        empty="还没有成员。",
    )


def _member_row(member: Member, names: Mapping[str, SubjectName], *, may_end: bool, today: dt.date) -> Row:
    if member.body:
        who = Cell(text=member.body.name, href=reverse("organisation", args=[member.body.pk]))
    else:
        who = Cell(text=_called(names, member.person))
    end = Cell(text="退出", href=reverse("organisation-member-end", args=[member.pk]))
    return Row(
        (
            who,
            member.role,
            say_day(member.starts),
            say_day(member.ends) if member.ends else "",
            end if may_end and member.ends is None else Cell(),
        ),
        is_soft=member.ends is not None and member.ends <= today,
    )


def partners_table(partners: Sequence[Partner], *, may_end: bool, today: dt.date) -> Table:
    return Table(
        caption="共建伙伴",
        columns=(
            Column(label="对方", is_key=True),
            Column(label="在哪里"),
            Column(label="一起做什么"),
            Column(label="从哪天", kind="day"),
            Column(label="到哪天"),
            Column(label="办理"),
        ),
        rows=tuple(
            Row(
                (
                    row.name,
                    row.place,
                    row.purpose,
                    say_day(row.starts),
                    say_day(row.ends) if row.ends else "",
                    Cell(text="结束", href=reverse("organisation-partner-end", args=[row.pk]))
                    if may_end and row.ends is None
                    else Cell(),
                ),
                is_soft=row.ends is not None and row.ends <= today,
            )
            for row in partners
        ),
        empty="还没有共建伙伴。",
    )


def turns_facts(turns: Turns | None, hosts: Mapping[str, str]) -> tuple[Known, ...]:
    """Whose turn it is, and whose next."""
    if turns is None:
        return ()
    gone = "已经退出的一家"
    return (
        Known("现在", f"{hosts.get(turns.today, gone)}（{turns.today_period.name}）"),
        Known("接下来", f"{hosts.get(turns.next, gone)}（{turns.next_period.name}）"),
    )


def events_of(
    cards: Iterable[Card], changes: Iterable[OrganisationChange], names: Mapping[str, str]
) -> tuple[Event, ...]:
    """Records that touch it and what was changed of it, on one thread, newest first."""
    told = [(card.day, 1, _event_of(card)) for card in cards]
    for change in changes:
        day = change.at.astimezone(SHANGHAI).date()
        by = f"{names[change.by]}登记" if change.by in names else ""
        told.append((day, 0, Event(day=say_day(day), title=change.what, text=_said(change), by=by, state="fold")))
    return tuple(event for _, _, event in sorted(told, key=lambda each: each[:2], reverse=True))


def _event_of(card: Card) -> Event:
    href = reverse(card.url_name, args=[card.key])
    return Event(day=say_day(card.day), title=card.title, href=href, text=card.detail)


def _said(change: OrganisationChange) -> str:
    said = []
    for name, (before, after) in change.said.items():
        words = _WORDS.get(name, name)
        said.append(f"{words}改了" if name in _CODES else f"{words}：{before or '没有'} → {after or '没有'}")
    return "；".join(said)


def said_listing(on: dt.date, off: dt.date | None, grade: str) -> str:
    """2021年3月8日起，市级."""
    span = f"{say_day(on)}—{say_day(off)}" if off else f"{say_day(on)}起"
    return f"{span}，{grade}" if grade else span


def rank_name(programme: str, code: str) -> str:
    """A level's or grade's name on a list; its code when it has left the catalogue."""
    spec = catalog().find_programme(programme)
    options = (*spec.levels, *spec.grades) if spec else ()
    return next((option.name for option in options if option.code == code), code)


def by_group(rows: Sequence[Organisation]) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    """The bodies of one place under the names of their groups, in the groups' order; unknown types last."""
    types = catalog().organisation_types
    found: dict[str, list[Line]] = {}
    for row in rows:
        group = types[row.type].group if row.type in types else "unit"
        line = Line(text=row.name, href=reverse("organisation", args=[row.pk]), note=type_name(row.type))
        found.setdefault(group, []).append(line)
    return tuple((GROUPS[group], tuple(found[group])) for group in GROUPS if group in found)


def crumbs_of(body: Organisation, here: str) -> tuple[Crumb, ...]:
    return (
        Crumb("组织", reverse("organisations")),
        Crumb(body.name, reverse("organisation", args=[body.pk])),
        Crumb(here),
    )
