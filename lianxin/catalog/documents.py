"""Specs of documents 文书 that are printed from a case: a template with places to fill, numbered and versioned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from lianxin.catalog.fields import FieldSpec
from lianxin.catalog.keys import Key
from lianxin.catalog.plain import Code, Source

Reader = Literal["file", "her", "other", "court", "police", "village"]

READERS: dict[Reader, str] = {
    "file": "存档",
    "her": "求助人",
    "other": "对方",
    "court": "人民法院",
    "police": "公安机关",
    "village": "村（居）委会",
}
MAY_REACH_THE_OTHER: frozenset[Reader] = frozenset({"other", "court"})
"""Whoever of these gets a copy, the other side may read it: a court hands papers on."""

PLACES = {
    "number": "文书编号",
    "case": "个案编号",
    "at": "接到的时间",
    "today": "出具的日期",
    "place": "在哪个镇、村",
    "office": "出具的妇联",
    "source": "从哪里来",
    "matter": "什么事",
    "her": "求助人",
    "other": "对方",
    "relation": "对方是求助人的什么人",
    "children": "孩子",
    "heard": "原话",
    "first": "接收人",
    "recorder": "出具人",
}
"""What `{…}` may name, besides `{ask.…}`. Where she lives now and her safe number are not among them, ever."""

NEVER_TO_THE_OTHER = frozenset({"heard", "source", "first"})
"""Her own words and who told: not in what the other side is handed."""

PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSpec:
    """A part of a document. A paragraph is words with `{…}` in them; one of them alone gets the whole text."""

    paragraphs: Annotated[tuple[str, ...], Key("一段一段写；{her} 这样的地方会填上", least=1)]
    heading: Annotated[str, Key("小标题", longest=40)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSpec:
    """One sort of document, in our own words. `asks` is what is typed when it is made out."""

    code: Code
    version: Annotated[int, Key("第几版，从 1 起；改了内容就加 1", least=1)]
    name: Annotated[str, Key("叫法", longest=20)]
    title: Annotated[str, Key("印在最上面的标题", longest=40)]
    prefix: Annotated[str, Key("编号的字头，例如 家证", longest=6)]
    goes_to: Annotated[tuple[Reader, ...], Key("给谁：file、her、other、court、police、village", least=1)]
    source: Source
    not_violent: Annotated[bool, Key("涉及暴力的不出这种文书")] = False
    signed: Annotated[tuple[str, ...], Key("谁签名，一行一个")] = ()
    asks: Annotated[tuple[FieldSpec, ...], Key("出具时要填的", toml="ask")] = ()
    parts: Annotated[tuple[PartSpec, ...], Key("正文", toml="part", least=1)]

    @property
    def may_reach_the_other(self) -> bool:
        return bool(MAY_REACH_THE_OTHER.intersection(self.goes_to))

    @property
    def places(self) -> tuple[str, ...]:
        """Every `{…}` of its parts, in order."""
        texts = (text for part in self.parts for text in (part.heading, *part.paragraphs))
        return tuple(name for text in texts for name in PLACE.findall(text))
