"""A question with its type and its options: what lines of work, lists and documents ask beyond their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from lianxin.catalog.keys import Key
from lianxin.catalog.lists import OptionSpec
from lianxin.catalog.plain import Code, FieldType


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """A question that a line of work asks beyond its kind's own. Options only for choice and choices."""

    code: Code
    name: Annotated[str, Key("问的是什么", longest=20)]
    type: Annotated[FieldType, Key("填什么：一行字、长文、数、人数、元、日期、单选、多选、是否")]
    options: Annotated[tuple[OptionSpec, ...], Key("可选的答案（单选、多选）")] = ()
    required: Annotated[bool, Key("是否必填")] = False
    counted: Annotated[bool, Key("数字要不要按它分（单选、多选、是否；建档）")] = False
    months_before: Annotated[int | None, Key("那天到上册至少满几个月（日期；建档）", least=1)] = None
    help: Annotated[str, Key("填写说明，一句话", longest=80)] = ""
    source: Annotated[str, Key("出处；不写就随整份工作", longest=200)] = ""
