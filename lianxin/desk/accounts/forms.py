"""The forms of accounts and posts: what is asked. What is right is known by `net`, which refuses by field."""

from __future__ import annotations

import datetime as dt

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import parse_day
from lianxin.catalog.current import catalog
from lianxin.desk.accounts.places import NAMES, place_fields
from lianxin.net.actors import known_roles
from lianxin.net.models import Account
from lianxin.ui.forms import Field, FieldType, Form, Option


def sign_in_form(*, onward: str = "") -> Form:
    """`onward` is where she was going when she was stopped."""
    return Form(
        (
            Field(name="username", label="账号", autocomplete="username"),
            Field(name="password", label="密码", type=FieldType.SECRET, autocomplete="current-password"),
            Field(name="next", label="", type=FieldType.HIDDEN, values=(onward,)),
        )
    )


def code_form(*, onward: str = "") -> Form:
    """The code besides the password, or a recovery code."""
    help_ = "6 位数字，每 30 秒换一个；或者一个恢复码。"
    return Form(
        (
            Field(name="code", label="动态码", required=True, limit=20, autocomplete="one-time-code", help=help_),
            Field(name="next", label="", type=FieldType.HIDDEN, values=(onward,)),
        )
    )


def password_form(*, is_temporary: bool) -> Form:
    """`is_temporary`: the password she has was read to her by an administrator."""
    old = "临时密码" if is_temporary else "原密码"
    return Form(
        (
            Field(name="old", label=old, type=FieldType.SECRET, autocomplete="current-password"),
            Field(
                name="new",
                label="新密码",
                type=FieldType.SECRET,
                autocomplete="new-password",
                help="至少 10 个字符，不要太常见，也不要和账号、姓名一样。一句自己记得住的话就很好。",
            ),
            Field(name="again", label="再输一次新密码", type=FieldType.SECRET, autocomplete="new-password"),
        )
    )


def account_form() -> Form:
    return Form(
        (
            Field(name="name", label="姓名", required=True, limit=40, help="页面上和记录里这样称呼她。"),
            Field(
                name="username",
                label="账号",
                required=True,
                limit=40,
                help="登录时用，例如姓名的拼音。3 到 40 个小写字母、数字、点、横线或下划线；定下以后不改。",
            ),
        )
    )


def account_name_form(account: Account) -> Form:
    name = Field(name="name", label="姓名", values=(account.name,), required=True, limit=40)
    return Form((name,))


def appointment_form(actor: Actor, *, today: dt.date, typed: Form | None = None) -> Form:
    """Role, place, programmes, from when to when, on what grounds. The lists of places follow what was chosen above."""
    roles = tuple(
        Option(role.code, role.name, note=f"{role.description}授到{role.level.label}或以下。")
        for role in known_roles().values()
    )
    listed = "、".join(f"“{role.name}”" for role in known_roles().values() if role.by_programme)
    programmes = tuple(Option(each.code, each.name) for each in catalog().programmes.values() if each.is_open_on(today))
    fields = (
        Field(name="role", label="什么岗位", type=FieldType.WHO, options=roles, required=True),
        *place_fields(actor, Verb.USER_MANAGE, typed),
        Field(
            name="programmes",
            label="限于这些工作",
            type=FieldType.CHOICES,
            options=programmes,
            help=f"{listed}请勾上她办的工作；别的岗位不勾，就是全部工作。" if listed else "不勾，就是全部工作。",
        ),
        Field(name="starts", label="从哪天起", type=FieldType.DAY, values=(today.isoformat(),), required=True),
        Field(name="ends", label="到哪天止", type=FieldType.DAY, help="这一天起就不再有这个岗位；没有定，就空着。"),
        Field(name="because", label="依据", limit=200, placeholder="例如 2021年换届选举结果", help="可以不填。"),
    )
    return with_typed(Form(fields), typed)


def ending_form(*, today: dt.date) -> Form:
    return Form(
        (
            Field(
                name="ends",
                label="从哪天起不再担任",
                type=FieldType.DAY,
                values=(today.isoformat(),),
                required=True,
                help="当天就生效，填今天。",
            ),
        )
    )


def with_typed(form: Form, typed: Form | None) -> Form:
    """With what was typed, but for the places: those were worked out anew."""
    if typed is None:
        return form
    return form.fill({field.name: field.values for field in typed.fields if field.name not in NAMES})


def post_form(*, find_url: str, today: dt.date) -> Form:
    return Form(
        (
            Field(name="person", label="谁", type=FieldType.WHO, find_url=find_url, required=True),
            Field(name="title", label="职务", required=True, limit=40, placeholder="主席、副主席、执委"),
            Field(name="starts", label="任职日期", type=FieldType.DAY, values=(today.isoformat(),), required=True),
            Field(name="ends", label="离任日期", type=FieldType.DAY, help="还在任的，空着。"),
        )
    )


def leaving_form(*, today: dt.date) -> Form:
    help_words = "这一天起不再担任。"
    day = (today.isoformat(),)
    return Form((Field(name="ends", label="离任日期", type=FieldType.DAY, values=day, required=True, help=help_words),))


def day_or_none(form: Form, name: str) -> dt.date | None:
    """The day typed into a field; None for an empty one; Refused for what is no day."""
    text = form.raw(name).strip()
    return parse_day(text, field=name) if text else None
