"""The forms of organisations: what is asked follows the type and the place. What is right is known by `net`."""

from __future__ import annotations

import datetime as dt

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of
from lianxin.base.errors import Refused
from lianxin.catalog.bodies import GROUPS, OrganisationTypeSpec
from lianxin.catalog.current import catalog
from lianxin.desk.accounts.forms import day_or_none
from lianxin.desk.accounts.places import NAMES, place_fields
from lianxin.net.models import UNIT, Organisation
from lianxin.net.organisations import OrganisationDraft
from lianxin.ui.forms import Field, FieldType, Form, Option

WHY_ELSEWHERE = Field(name="because", label="为什么改", limit=200, required=True, placeholder="例如：登记时选错了村")
_STEPS = (Level.COUNTY, Level.TOWN, Level.VILLAGE)
BECAUSE = Field(name="because", label="为什么", limit=200, help="日期落在已经封账的年份里才要写。")


def new_form(actor: Actor, *, near: tuple[Organisation, ...], typed: Form | None, today: dt.date) -> Form:
    """A body to be entered. `typed` says which type and where, `near` may lead or house it."""
    spec = catalog().organisation_types.get(typed.raw("type")) if typed else None
    types = tuple(
        Option(each.code, f"{GROUPS[each.group]} · {each.name}")
        for each in catalog().organisation_types.values()
        if each.is_open_on(today)
    )
    fields = (
        Field(name="type", label="类型", type=FieldType.CHOICE, options=types, required=True),
        *place_fields(actor, Verb.ORGANISATION_WRITE, typed),
        Field(name="name", label="名称", required=True, limit=80),
        *_asked(spec, near=near),
        BECAUSE,
    )
    return Form(fields)


def amend_form(body: Organisation, *, near: tuple[Organisation, ...]) -> Form:
    """What is said of a body, to be put right; its type and place stay."""
    spec = catalog().organisation_types.get(body.type)
    near = tuple(each for each in near if each.pk != body.pk)
    fields = (Field(name="name", label="名称", required=True, limit=80), *_asked(spec, near=near), BECAUSE)
    return Form(fields).fill(known_of(body))


def known_of(body: Organisation) -> dict[str, str | tuple[str, ...]]:
    """What is said of a body now, by the names of the form."""
    return {
        "name": body.name,
        "parent": body.parent_id or "",
        "host": body.host_id or "",
        "founded_on": body.founded_on.isoformat() if body.founded_on else "",
        "mode": body.mode,
        "field": body.field,
        "address": body.address,
        "contact": body.contact,
        "standard": tuple(body.standard),
    }


def place_of_body(body: Organisation) -> dict[str, str]:
    """Its type and place, by the names of the form."""
    own = level_of(body.region)
    steps = zip(NAMES, _STEPS, strict=True)
    return {"type": body.type} | {name: body.region[: level.length] for name, level in steps if level <= own}


def elsewhere_form(
    actor: Actor, body: Organisation, *, near: tuple[Organisation, ...], typed: Form | None, today: dt.date
) -> Form:
    """Another type or place. `typed` is what was chosen so far; before, what stands."""
    near = tuple(each for each in near if each.pk != body.pk)
    chosen = typed or new_form(actor, near=(), typed=None, today=today).fill(place_of_body(body))
    form = new_form(actor, near=near, typed=chosen, today=today)
    fields = tuple(WHY_ELSEWHERE if field.name == BECAUSE.name else field for field in form.fields)
    return Form(fields).fill({"type": chosen.raw("type")})


def rebuild_form(body: Organisation, types: tuple[OrganisationTypeSpec, ...], *, today: dt.date) -> Form:
    """What it becomes, on which day; all else goes on."""
    modes = tuple(Option(each.code, each.name) for each in catalog().modes.values())
    day = (today.isoformat(),)
    form = Form(
        (
            Field(
                name="type",
                label="改建成什么",
                type=FieldType.CHOICE,
                options=tuple(Option(spec.code, spec.name, note=spec.help) for spec in types),
                values=(types[0].code,) if len(types) == 1 else (),
                required=True,
            ),
            Field(name="name", label="改建以后的名称", required=True, limit=80),
            Field(name="founded_on", label="改建日期", type=FieldType.DAY, values=day, required=True),
            Field(name="mode", label="组建方式", type=FieldType.CHOICE, options=modes),
            Field(name="contact", label="找谁", limit=40, help="写职务，不写姓名和电话。"),
            BECAUSE,
        )
    )
    return form.fill({"name": body.name, "mode": body.mode})


def _asked(spec: OrganisationTypeSpec | None, *, near: tuple[Organisation, ...]) -> tuple[Field, ...]:
    """What a type asks: who leads and houses it, mode, field, standard; before a type is chosen only the plain ones."""
    led_by = set(spec.led_by) if spec else set()
    bodies = tuple(Option(row.pk, row.name) for row in near if row.type != UNIT and (not led_by or row.type in led_by))
    units = tuple(Option(row.pk, row.name) for row in near if row.type == UNIT)
    founded = "成立（开办）日期"
    fields = [
        Field(name="parent", label="上级组织", type=FieldType.CHOICE, options=bodies),
        Field(
            name="host",
            label="依托单位",
            type=FieldType.CHOICE,
            options=units,
            help="建在机关、企业、社会组织里的，选那个单位；还没有的，先登记那个单位。",
        ),
        Field(name="founded_on", label=founded, type=FieldType.DAY, required=bool(spec and spec.counted_on)),
    ]
    if spec and spec.has_field:
        options = tuple(Option(each.code, each.name) for each in catalog().new_fields.values())
        fields.append(Field(name="field", label="哪个领域", type=FieldType.CHOICE, options=options, required=True))
    if spec and spec.has_mode:
        options = tuple(Option(each.code, each.name) for each in catalog().modes.values())
        fields.append(Field(name="mode", label="组建方式", type=FieldType.CHOICE, options=options))
    fields.append(Field(name="address", label="地址", limit=120, help="公开的地点，不写谁家的门牌。"))
    posts = "、".join(spec.posts) if spec and spec.posts else "负责人"
    ask_for = "写职务，不写姓名和电话；谁在任，看任职。"
    fields.append(Field(name="contact", label="找谁", limit=40, placeholder=posts, help=ask_for))
    if spec and spec.standard:
        items = tuple(Option(item.code, item.name) for item in spec.standard.items)
        label = f"{spec.standard.name}做到了哪几项"
        fields.append(Field(name="standard", label=label, type=FieldType.CHOICES, options=items))
    return tuple(fields)


def draft_of(form: Form, *, kind: str, region: str) -> OrganisationDraft:
    """What was typed. Refused for a day that is none."""
    raw = {name: form.raw(name) if name in form else "" for name in ("parent", "host", "mode", "field")}
    return OrganisationDraft(
        name=form.raw("name"),
        type=kind,
        region=region,
        founded_on=day_or_none(form, "founded_on"),
        address=form.raw("address"),
        contact=form.raw("contact"),
        standard=tuple(form.raws("standard")) if "standard" in form else (),
        **raw,
    )


def dissolving_form(*, today: dt.date) -> Form:
    day = (today.isoformat(),)
    return Form((Field(name="dissolved_on", label="撤销日期", type=FieldType.DAY, values=day, required=True), BECAUSE))


def take_back_form() -> Form:
    help_words = "例如：同一个微家登记了两次。它计入的数会退回去，经过留着。"
    return Form((Field(name="because", label="为什么撤回", limit=200, required=True, help=help_words),))


def member_form(*, bodies: tuple[Option, ...], sought: str, find_url: str, today: dt.date) -> Form:
    """Who joins: `bodies` are the organisations and people that the search found."""
    return Form(
        (
            Field(
                name="who",
                label="谁加入",
                type=FieldType.WHO,
                find_url=find_url,
                options=bodies,
                sought=sought,
                placeholder="单位名称，或人的姓名、首字母",
                required=True,
            ),
            Field(name="role", label="在里面做什么", limit=40, placeholder="例如 成员单位、讲师、队员"),
            Field(name="starts", label="加入日期", type=FieldType.DAY, values=(today.isoformat(),), required=True),
            BECAUSE,
        )
    )


def partner_form(*, today: dt.date) -> Form:
    return Form(
        (
            Field(name="name", label="对方", required=True, limit=80, placeholder="例如 某县妇联、某学院妇委会"),
            Field(name="place", label="在哪里", required=True, limit=60, placeholder="省、市、县"),
            Field(name="purpose", label="一起做什么", limit=200),
            Field(name="starts", label="从哪天起", type=FieldType.DAY, values=(today.isoformat(),), required=True),
        )
    )


def leaving_form(*, label: str, today: dt.date) -> Form:
    day = (today.isoformat(),)
    return Form((Field(name="ends", label=label, type=FieldType.DAY, values=day, required=True), BECAUSE))


def rota_form(hosts: dict[str, str], *, chosen: tuple[str, ...], period: str, starts: str) -> Form:
    """One list to pull down for each turn, in order; empty ones are left out."""
    spans = (("month", "每月一家"), ("quarter", "每季度一家"), ("half", "每半年一家"), ("year", "每年一家"))
    options = tuple(Option(key, name) for key, name in hosts.items())
    turns = tuple(
        Field(
            name=f"turn-{number}",
            label=f"第 {number} 家",
            type=FieldType.CHOICE,
            options=options,
            values=(chosen[number - 1],) if number <= len(chosen) else (),
        )
        for number in range(1, len(hosts) + 1)
    )
    return Form(
        (
            Field(
                name="period",
                label="多久换一家",
                type=FieldType.CHOICE,
                options=tuple(Option(*span) for span in spans),
                values=(period,) if period else (),
                required=True,
            ),
            Field(
                name="starts",
                label="第一家从哪天开始",
                type=FieldType.DAY,
                values=(starts,) if starts else (),
                required=True,
            ),
            *turns,
        )
    )


def chosen_turns(form: Form) -> tuple[str, ...]:
    names = [field.name for field in form.fields if field.name.startswith("turn-")]
    return tuple(form.raw(name) for name in names if form.raw(name))


def day_of(form: Form, name: str, *, missing: str) -> dt.date:
    """The day typed into a field; Refused with `missing` for an empty one."""
    day = day_or_none(form, name)
    if day is None:
        raise Refused(missing, field=name)
    return day
