"""The forms of a change of term: what is asked. What is right is known by `terms`, which refuses by field."""

from __future__ import annotations

import datetime as dt

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of
from lianxin.base.days import SHANGHAI, parse_day, parse_hour
from lianxin.base.errors import Refused
from lianxin.desk.accounts.places import place_fields
from lianxin.net.actors import known_roles
from lianxin.terms.models import Committee, Schooling, Seat
from lianxin.terms.preparing import LEVELS, SeatDraft
from lianxin.ui.forms import YES_NO, Field, FieldType, Form, Option

NO_ROLE = "none"


def new_form(actor: Actor, *, typed: Form | None = None) -> Form:
    """What it is called, where, and which level's committees."""
    levels = tuple(Option(str(int(level)), f"{level.label}妇联") for level in LEVELS)
    form = Form(
        (
            Field(name="name", label="名称", required=True, limit=60, placeholder="2026年村（社区）妇联换届"),
            *place_fields(actor, Verb.ORGANISATION_WRITE, typed),
            Field(
                name="level",
                label="换哪一级",
                type=FieldType.CHOICE,
                options=levels,
                values=(str(int(Level.VILLAGE)),),
                required=True,
                help="选到县（区）、换村一级，就是全县各村一起换。",
            ),
        )
    )
    return form.fill({"name": typed.raw("name"), "level": typed.raws("level")}) if typed else form


def seat_form(committee: Committee, *, find_url: str, held: Seat | None = None) -> Form:
    """Who is to sit where, and what she may do from then on. `held`: how she stands on the list now."""
    roles = [role for role in known_roles().values() if role.level == level_of(committee.region)]
    form = Form(
        (
            Field(name="person", label="谁", type=FieldType.WHO, find_url=find_url, required=True),
            Field(name="title", label="职务", required=True, limit=40, placeholder="主席、副主席、执委"),
            Field(
                name="role",
                label="换届后能办什么",
                type=FieldType.CHOICE,
                options=(*(Option(role.code, role.name) for role in roles), Option(NO_ROLE, "不授岗位")),
                required=True,
                help="到了换届时间，岗位随职务一起变；没有账号的，到时一起开。",
            ),
            Field(
                name="schooling",
                label="文化程度",
                type=FieldType.CHOICE,
                options=tuple(Option(level.value, level.label) for level in Schooling),
            ),
            Field(
                name="sits_in_both",
                label="进村（社区）“两委”班子",
                type=FieldType.YES_NO,
                options=tuple(Option(value, label) for value, label in YES_NO),
                values=("no",),
            ),
        )
    )
    if held is None:
        return form
    return form.fill(
        {
            "person": held.person,
            "title": held.title,
            "role": held.role or NO_ROLE,
            "schooling": held.schooling,
            "sits_in_both": "yes" if held.sits_in_both else "no",
        }
    )


def seat_draft(form: Form) -> SeatDraft:
    """What was typed; Refused for what was not offered."""
    role = form.chosen("role")
    if not role:
        raise Refused("请选换届后她能办什么；只任职不办事的，选“不授岗位”。", field="role")
    return SeatDraft(
        person=form.raw("person"),
        title=form.raw("title"),
        role="" if role == NO_ROLE else role,
        schooling=form.chosen("schooling"),
        sits_in_both=form.raw("sits_in_both") == "yes",
    )


def hour_form(*, now: dt.datetime) -> Form:
    local = now.astimezone(SHANGHAI)
    return Form(
        (
            Field(name="day", label="哪一天", type=FieldType.DAY, values=(local.date().isoformat(),), required=True),
            Field(
                name="hour",
                label="几点",
                values=(f"{local:%H:%M}",),
                required=True,
                limit=8,
                help="24 小时制，例如 9:00、14:30。就是现在的，马上办。",
            ),
        )
    )


def typed_hour(form: Form) -> dt.datetime:
    """Day and hour in Shanghai; Refused by the field that is wrong."""
    day = parse_day(form.raw("day"), field="day")
    return dt.datetime.combine(day, parse_hour(form.raw("hour"), field="hour"))


def undo_form() -> Form:
    return Form((Field(name="because", label="为什么撤回", required=True, limit=200, placeholder="名单报错了"),))
