"""The frozen specs that the rooms read, and the Catalog that holds them. What each key means stands beside its type.

Not here: reading files (read, build), what must hold between files (checks), the tables of whole files (files).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from lianxin.catalog.bodies import OrganisationTypeSpec
from lianxin.catalog.cases import CaseSpec
from lianxin.catalog.clocks import ClockSpec, YearSpec
from lianxin.catalog.documents import TemplateSpec
from lianxin.catalog.fields import FieldSpec
from lianxin.catalog.keys import Key
from lianxin.catalog.lists import (
    CareSpec,
    CategorySpec,
    FiguresSpec,
    GradeSpec,
    LaidBy,
    OptionSpec,
    ReviewRule,
    WhoSpec,
)
from lianxin.catalog.plain import (
    Code,
    DottedCode,
    Fold,
    Kind,
    Seal,
    SeedCode,
    Source,
    Span,
    ValuesFrom,
    Where,
)
from lianxin.catalog.triage import SchemeSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectSpec:
    """What a distinct count counts once, and the unit that counting it gives: 家庭 户, 人 人."""

    code: Code
    name: Annotated[str, Key("名称", longest=20)]
    unit: Annotated[str, Key("按它去重以后的单位，例如 户、人", longest=4)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TagSpec:
    """A declared dimension of facts of one kind: codes, never free text."""

    code: Code
    owner: Annotated[Kind, Key("哪一类记录带这个维度")]
    name: Annotated[str, Key("名称", longest=20)]
    values: Annotated[ValuesFrom, Key("取值从哪里来；options 表示就在下面列出")]
    options: Annotated[tuple[OptionSpec, ...], Key("可取的值（values = options 时）")] = ()
    source: Annotated[str, Key("这张取值表的出处（values = options 时必写）", longest=200)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureSpec:
    """What can be counted of a kind. One kind owns it; `folds` says how its facts may be read."""

    code: DottedCode
    name: Annotated[str, Key("名称", longest=20)]
    unit: Annotated[str, Key("逐笔相加的单位，例如 户次、人次、元", longest=4)]
    owner: Annotated[Kind, Key("归哪一类记录，只能一个")]
    subjects: Annotated[tuple[str, ...], Key("去重时数谁，[[subject]] 的代号", least=1)]
    folds: Annotated[tuple[Literal["flow", "stock", "distinct"], ...], Key("可以怎样读：流量、存量、去重", least=1)]
    tags: Annotated[tuple[str, ...], Key("可以带的维度，[[tag]] 的代号")]
    source: Annotated[str, Key("一句话：怎样记这一笔", longest=200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterSpec:
    """A chapter of the annual summary: where a line of work is told."""

    code: Code
    name: Annotated[str, Key("名称", longest=20)]
    order: Annotated[int, Key("排在第几", least=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonSpec:
    """Why one goes: a chip on the phone."""

    code: Code
    name: Annotated[str, Key("名称，一句话说清", longest=40)]
    short: Annotated[str, Key("手机上的短名，最多 6 个字", longest=6)]
    source: Annotated[str, Key("出处；不写就随整份工作", longest=200)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSpec:
    """An example record and what each measure must add up to over it; a measure that `sums` leaves out adds nothing."""

    values: Annotated[Mapping[str, Any], Key("示例记录，只写用得着的几项")] = field(hash=False)
    sums: Annotated[Mapping[str, Decimal], Key('记账结果："笔目" = 加多少；没写的笔目一点不加')] = field(hash=False)
    says: Annotated[str, Key("这个例子说明什么", longest=80)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSample:
    """A sample as one fact sees it: posting a record of these values must add `sum` to its measure."""

    values: Mapping[str, Any] = field(hash=False)
    sum: Decimal
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSpec:
    """What a line of work counts, and by which dimensions. `samples` come from the programme's [[sample]] tables."""

    measure: Annotated[str, Key("记哪一笔，measures.toml 里的代号")]
    tags: Annotated[tuple[str, ...], Key("带哪些维度")]
    samples: tuple[FactSample, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeSpec:
    """A line of work: one file that configures a kind."""

    code: Code
    version: Annotated[int, Key("第几版，从 1 起；改了口径就加 1，旧版另存", least=1)]
    name: Annotated[str, Key("全名", longest=30)]
    short: Annotated[str, Key("手机上的短名，最多 6 个字", longest=6)]
    kind: Annotated[Kind, Key("哪一类记录")]
    chapter: Annotated[str, Key("写在年度总结哪一章，chapters.toml 里的代号")]
    source: Source
    help: Annotated[str, Key("一句话：什么时候用它", longest=80)] = ""
    seal: Annotated[Seal, Key("保护级别：公开办理、限工作人员、限承办人")] = "open"
    seeds: Annotated[tuple[SeedCode, ...], Key("承接哪几条线（seeds.toml 里的编号）")] = ()
    since: Annotated[dt.date | None, Key("从哪天起开展，不写就一直开展")] = None
    until: Annotated[dt.date | None, Key("到哪天为止（那天起不再用）")] = None
    order: Annotated[int, Key("在手机上排第几，小的在前", least=0)] = 100
    subjects: Annotated[tuple[str, ...], Key("对谁：household、person、organisation", least=1)]
    reasons: Annotated[tuple[ReasonSpec, ...], Key("为什么去（走访）", toml="reason")] = ()
    unit: Annotated[str, Key("册上的一份是一个什么：人、户、家、个、项、件（建档），不写为份", longest=4)] = ""
    categories: Annotated[tuple[CategorySpec, ...], Key("分哪几类（建档）", toml="category")] = ()
    several_categories: Annotated[bool, Key("一份可以同时属于几类（建档）")] = False
    levels: Annotated[tuple[OptionSpec, ...], Key("国家、省、市、县、镇、村哪一级的（建档）", toml="level")] = ()
    grades: Annotated[tuple[GradeSpec, ...], Key("分哪几级（建档）", toml="grade")] = ()
    several: Annotated[bool, Key("同一对象可以在册几份，例如几项荣誉（建档）")] = False
    laid_by: Annotated[LaidBy, Key("谁来登：人登，还是换届到点自动登（建档）")] = "hand"
    headline: Annotated[str, Key("名册上显示哪个字段，例如荣誉名称；写字段代号（建档）")] = ""
    who: Annotated[WhoSpec | None, Key("由哪一级上册、离册、定级，不写就是村里起都可以（建档）")] = None
    papers: Annotated[tuple[OptionSpec, ...], Key("看过哪些材料（建档）", toml="paper")] = ()
    paper_required: Annotated[bool, Key("是否一定要看过材料才能上册（建档）")] = False
    review_months: Annotated[int | None, Key("隔几个月复核一次（建档）", least=1)] = None
    review_rule: Annotated[ReviewRule, Key("复核周期是法规定的还是本地定的（建档）")] = "local"
    review_source: Annotated[str, Key("复核周期的出处；不写就随整份工作（建档）", longest=200)] = ""
    valid_months: Annotated[int | None, Key("有效期几个月，不写为长期有效（建档）", least=1)] = None
    ages: Annotated[tuple[int, ...], Key("满几岁要提醒，例如 [14, 16, 18]（建档）")] = ()
    age_limit: Annotated[int | None, Key("满几岁应离册（建档）", least=1)] = None
    cares: Annotated[tuple[CareSpec, ...], Key("在册的应当得到什么关爱（建档）", toml="care")] = ()
    figures: Annotated[FiguresSpec | None, Key("自动生成的指标：在册、新增、离册和各分项（建档）")] = None
    case: Annotated[CaseSpec | None, Key("怎样办（个案）")] = None
    fields: Annotated[tuple[FieldSpec, ...], Key("另外要填的", toml="field")] = ()
    facts: Annotated[tuple[FactSpec, ...], Key("记哪几笔账", toml="fact", least=1)]
    samples: Annotated[tuple[SampleSpec, ...], Key("例子：一条记录和它记出来的账", toml="sample", least=1)]

    def is_open_on(self, day: dt.date) -> bool:
        """Whether the line of work was under way on a day; `until` is the first day it no longer is."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)

    def reason(self, code: str) -> ReasonSpec:
        return next(reason for reason in self.reasons if reason.code == code)

    def field(self, code: str) -> FieldSpec:
        return next(entry for entry in self.fields if entry.code == code)

    def category(self, code: str) -> CategorySpec | None:
        return next((each for each in self.categories if each.code == code), None)

    @property
    def counted_fields(self) -> tuple[FieldSpec, ...]:
        return tuple(entry for entry in self.fields if entry.counted)

    def tags_of(self, measure: str) -> tuple[str, ...]:
        """The dimensions it keeps with a measure; none when it does not post it."""
        return next((fact.tags for fact in self.facts if fact.measure == measure), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorSpec:
    """A figure: a measure folded, or (ratio) one figure over another. `where` is equality and membership only."""

    code: DottedCode
    name: Annotated[str, Key("名称", longest=30)]
    unit: Annotated[str, Key("单位：户、户次、人、人次、元、份、%……", longest=4)]
    fold: Annotated[Fold, Key("怎样数：流量相加、某日存量、去重、比率")]
    note: Annotated[str, Key("一句大白话：怎么数的", longest=120)]
    measure: Annotated[str, Key("数哪一笔，measures.toml 里的代号（比率不写）")] = ""
    where: Annotated[Where, Key("只数哪些：维度 = [值, …]；同一维度里是“或”，维度之间是“且”")] = ()
    numerator: Annotated[str, Key("分子，另一个指标的代号（只用于比率）")] = ""
    denominator: Annotated[str, Key("分母，另一个指标的代号（只用于比率）")] = ""
    tally: Annotated[bool, Key("是否随记随算，常看的数才开")] = False
    small: Annotated[int, Key("小于几不显示（涉未成年人等），0 为都显示", least=0)] = 0
    aka: Annotated[tuple[str, ...], Key("总结里常见的叫法")] = ()
    chapter: str = ""  # from the file it stands in
    of: str = ""  # the figure that it is a part of: set on those made from a list's own [figures]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionSpec:
    """A heading of a report and its paragraphs; `{code}` binds a figure, `{code@Q1}` that of a part of the year."""

    heading: Annotated[str, Key("小标题", longest=40)]
    paragraphs: Annotated[
        tuple[str, ...],
        Key("段落；{指标代号} 处填数字和单位，{指标代号@Q1} 填一季度的（@H1 上半年，@03 三月）", least=1),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSpec:
    """A report's shipped wording."""

    code: Code
    name: Annotated[str, Key("名称", longest=30)]
    span: Annotated[Span, Key("一份管多久")]
    title: Annotated[str, Key("标题；{region} 处填区域，{period} 处填期间", longest=60)]
    source: Source
    sections: Annotated[tuple[SectionSpec, ...], Key("章节", toml="section", least=1)]
    none: Annotated[Mapping[str, str], Key("一句话里的数都没有时，换成哪一句；键是那句话里头一个指标")] = field(
        default_factory=dict, hash=False
    )


_Spec = TypeVar("_Spec")


class UnknownCode(KeyError):
    """A code that the catalogue does not hold. A programming error unless somebody typed it."""


def _empty() -> Mapping[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Catalog:
    """Everything the catalogue says, by code. `programmes` and `older` hold the newest version and the rest."""

    subjects: Mapping[str, SubjectSpec] = field(default_factory=_empty)
    tags: Mapping[tuple[str, str], TagSpec] = field(default_factory=_empty)
    measures: Mapping[str, MeasureSpec] = field(default_factory=_empty)
    chapters: Mapping[str, ChapterSpec] = field(default_factory=_empty)
    programmes: Mapping[str, ProgrammeSpec] = field(default_factory=_empty)
    older: Mapping[tuple[str, int], ProgrammeSpec] = field(default_factory=_empty)
    indicators: Mapping[str, IndicatorSpec] = field(default_factory=_empty)
    reports: Mapping[str, ReportSpec] = field(default_factory=_empty)
    modes: Mapping[str, OptionSpec] = field(default_factory=_empty)
    new_fields: Mapping[str, OptionSpec] = field(default_factory=_empty)
    organisation_types: Mapping[str, OrganisationTypeSpec] = field(default_factory=_empty)
    seeds: Mapping[str, str] = field(default_factory=_empty)
    clocks: Mapping[str, ClockSpec] = field(default_factory=_empty)
    years: Mapping[int, YearSpec] = field(default_factory=_empty)
    schemes: Mapping[str, SchemeSpec] = field(default_factory=_empty)
    templates: Mapping[str, TemplateSpec] = field(default_factory=_empty)

    def programme(self, code: str, version: int | None = None) -> ProgrammeSpec:
        """The newest version, or the one a record was made under; UnknownCode when there is none."""
        found = self.find_programme(code, version)
        if found is None:
            raise UnknownCode(f"{code} v{version}" if version else code)
        return found

    def find_programme(self, code: str, version: int | None = None) -> ProgrammeSpec | None:
        newest = self.programmes.get(code)
        if newest is None or version is None or version == newest.version:
            return newest
        return self.older.get((code, version))

    def of_kind(self, kind: str, *, on: dt.date | None = None) -> tuple[ProgrammeSpec, ...]:
        """The newest programmes of a kind in their order; `on` keeps those under way on that day."""
        return tuple(
            programme
            for programme in self.programmes.values()
            if programme.kind == kind and (on is None or programme.is_open_on(on))
        )

    def indicator(self, code: str) -> IndicatorSpec:
        return _known(self.indicators, code)

    @property
    def whole_indicators(self) -> tuple[IndicatorSpec, ...]:
        """The figures that stand for themselves: all but the parts of another by class, level, grade or answer."""
        return tuple(spec for spec in self.indicators.values() if not spec.of)

    def parts_of(self, code: str) -> tuple[IndicatorSpec, ...]:
        """The parts of a figure, in the order of the list's own file."""
        return tuple(spec for spec in self.indicators.values() if spec.of == code)

    def measure(self, code: str) -> MeasureSpec:
        return _known(self.measures, code)

    def organisation_type(self, code: str) -> OrganisationTypeSpec:
        return _known(self.organisation_types, code)

    def clock(self, code: str) -> ClockSpec:
        return _known(self.clocks, code)

    def scheme(self, code: str) -> SchemeSpec:
        return _known(self.schemes, code)

    def report(self, code: str) -> ReportSpec:
        return _known(self.reports, code)

    def options(self, kind: str, tag: str) -> tuple[OptionSpec, ...]:
        """The values listed for a dimension, e.g. ("visit", "category"): the categories of difficulties."""
        return self.tags[kind, tag].options


def _known(specs: Mapping[str, _Spec], code: str) -> _Spec:
    try:
        return specs[code]
    except KeyError:
        raise UnknownCode(code) from None
