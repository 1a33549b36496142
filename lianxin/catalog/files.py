"""The tables that whole files hold, and what a county's overlay may add to something shipped. Specs stand in specs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

from lianxin.catalog.bodies import OrganisationsFile, OrganisationTypeExtension, OrganisationTypeSpec
from lianxin.catalog.clocks import ClockExtension, ClocksFile, ClockSpec, HolidaysFile
from lianxin.catalog.documents import TemplateSpec
from lianxin.catalog.fields import FieldSpec
from lianxin.catalog.keys import Key
from lianxin.catalog.lists import CategorySpec, GradeSpec, OptionSpec, WhoSpec
from lianxin.catalog.plain import Code, DottedCode, Kind, Source
from lianxin.catalog.specs import (
    ChapterSpec,
    IndicatorSpec,
    MeasureSpec,
    ProgrammeSpec,
    ReasonSpec,
    ReportSpec,
    SubjectSpec,
    TagSpec,
)
from lianxin.catalog.triage import SchemeSpec

Shelf = Literal[
    "programme",
    "indicators",
    "measures",
    "chapters",
    "seeds",
    "organisations",
    "report",
    "clocks",
    "holidays",
    "triage",
    "documents",
]
Extends = Annotated[bool, Key("写 true，表示在原有的基础上增补", always=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedOption:
    """One more answer for a question that is already asked."""

    field: Annotated[str, Key("给哪个字段添选项，写字段代号")]
    code: Code
    name: Annotated[str, Key("名称", longest=30)]
    source: Annotated[str, Key("出处；不写就随整个文件", longest=200)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeExtension:
    """What a county adds to a shipped line of work: it may add, rename and retire, never take away or recount."""

    code: Code
    extends: Extends
    source: Source
    name: Annotated[str, Key("改个叫法", longest=30)] = ""
    short: Annotated[str, Key("改个短名，最多 6 个字", longest=6)] = ""
    help: Annotated[str, Key("换一句说明", longest=80)] = ""
    until: Annotated[dt.date | None, Key("到哪天为止（那天起不再用）")] = None
    order: Annotated[int | None, Key("在手机上排第几", least=0)] = None
    reasons: Annotated[tuple[ReasonSpec, ...], Key("添几条为什么去", toml="reason")] = ()
    categories: Annotated[tuple[CategorySpec, ...], Key("添几类", toml="category")] = ()
    levels: Annotated[tuple[OptionSpec, ...], Key("添几个级别", toml="level")] = ()
    grades: Annotated[tuple[GradeSpec, ...], Key("添几级", toml="grade")] = ()
    papers: Annotated[tuple[OptionSpec, ...], Key("添几种材料", toml="paper")] = ()
    who: Annotated[WhoSpec | None, Key("改由哪一级上册、离册、定级")] = None
    review_months: Annotated[int | None, Key("改成隔几个月复核一次", least=1)] = None
    review_source: Annotated[str, Key("本县复核周期的出处", longest=200)] = ""
    valid_months: Annotated[int | None, Key("改成有效期几个月", least=1)] = None
    fields: Annotated[tuple[FieldSpec, ...], Key("添几个要填的", toml="field")] = ()
    options: Annotated[tuple[AddedOption, ...], Key("给原有的字段添选项", toml="option")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorExtension:
    """A county's own names for a shipped figure."""

    code: DottedCode
    extends: Extends
    name: Annotated[str, Key("改个叫法", longest=30)] = ""
    note: Annotated[str, Key("换一句说明", longest=120)] = ""
    aka: Annotated[tuple[str, ...], Key("本县总结里的叫法")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TagExtension:
    """More values for a shipped dimension."""

    code: Code
    owner: Annotated[Kind, Key("哪一类记录的维度")]
    extends: Extends
    source: Source
    options: Annotated[tuple[OptionSpec, ...], Key("添哪几个值", least=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterExtension:
    """The county's own heading for a chapter."""

    code: Code
    extends: Extends
    name: Annotated[str, Key("改个叫法", longest=20)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuresFile:
    """measures.toml: what can be counted, of whom, by which dimensions."""

    subjects: Annotated[tuple[SubjectSpec, ...], Key("数谁", toml="subject")] = ()
    tags: Annotated[tuple[TagSpec | TagExtension, ...], Key("维度", toml="tag")] = ()
    measures: Annotated[tuple[MeasureSpec, ...], Key("记哪几笔", toml="measure")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChaptersFile:
    """chapters.toml: the chapters of the annual summary."""

    chapters: Annotated[tuple[ChapterSpec | ChapterExtension, ...], Key("章", toml="chapter")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedEntry:
    """One line of work as the seeds name it."""

    code: Annotated[str, Key("编号", pattern=r"^S\d{3}$", mend="写 S 加三位数字，例如 S073")]
    name: Annotated[str, Key("原来的叫法", longest=60)]
    carried: Annotated[str, Key("承接到哪一步，还缺什么", longest=200)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedsFile:
    """seeds.toml: the lines of work found in published summaries, which programmes say they carry."""

    seeds: Annotated[tuple[SeedEntry, ...], Key("一条线", toml="seed")]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorsFile:
    """indicators/<chapter>.toml: the figures of one chapter."""

    chapter: Annotated[str, Key("写在年度总结哪一章，chapters.toml 里的代号")]
    indicators: Annotated[tuple[IndicatorSpec | IndicatorExtension, ...], Key("指标", toml="indicator")]


TABLES: dict[Shelf, tuple[type, ...]] = {
    "programme": (ProgrammeSpec, ProgrammeExtension),
    "indicators": (IndicatorsFile,),
    "measures": (MeasuresFile,),
    "chapters": (ChaptersFile,),
    "seeds": (SeedsFile,),
    "organisations": (OrganisationsFile,),
    "report": (ReportSpec,),
    "clocks": (ClocksFile,),
    "holidays": (HolidaysFile,),
    "triage": (SchemeSpec,),
    "documents": (TemplateSpec,),
}
"""What a file on each shelf holds: (as it stands alone, as it extends) or one table."""

EXTENSIONS: dict[type, type] = {
    ProgrammeSpec: ProgrammeExtension,
    IndicatorSpec: IndicatorExtension,
    TagSpec: TagExtension,
    ChapterSpec: ChapterExtension,
    OrganisationTypeSpec: OrganisationTypeExtension,
    ClockSpec: ClockExtension,
}
"""Which table stands in a spec's place where `extends = true`."""

LISTS = (
    ("reasons", "reason"),
    ("categories", "category"),
    ("levels", "level"),
    ("grades", "grade"),
    ("papers", "paper"),
    ("fields", "field"),
)
"""What both a programme and its extension list: (attribute, as the file writes it)."""
