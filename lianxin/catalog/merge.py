"""From shelves to one book: codes have one owner, versions stand in a row, a county's additions are laid over.

What must hold *inside* and *between* specs is the checks' business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, Protocol, TypeVar

from lianxin.catalog import bodies, lists, specs
from lianxin.catalog.clocks import ClockExtension, ClockSpec, YearSpec
from lianxin.catalog.documents import TemplateSpec
from lianxin.catalog.extend import extended_programme
from lianxin.catalog.figures import figures_of
from lianxin.catalog.files import IndicatorExtension, SeedEntry, TagExtension
from lianxin.catalog.problems import OVERLAY, SHIPPED, CatalogProblem, nearest
from lianxin.catalog.shelves import Placed, Shelves
from lianxin.catalog.triage import SchemeSpec

ONLY_OVERLAY = "增补（extends）只用在本县目录里"


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


_Spec = TypeVar("_Spec")
_C = TypeVar("_C", bound=_Coded)
_Key = TypeVar("_Key")


@dataclass(slots=True)
class Book:
    """The merged catalogue with every spec's place, for the checks to speak of."""

    shelves: Shelves
    subjects: dict[str, Placed[specs.SubjectSpec]] = field(default_factory=dict)
    tags: dict[tuple[str, str], Placed[specs.TagSpec]] = field(default_factory=dict)
    measures: dict[str, Placed[specs.MeasureSpec]] = field(default_factory=dict)
    chapters: dict[str, Placed[specs.ChapterSpec]] = field(default_factory=dict)
    seeds: dict[str, Placed[SeedEntry]] = field(default_factory=dict)
    versions: dict[str, dict[int, Placed[specs.ProgrammeSpec]]] = field(default_factory=dict)
    indicators: dict[str, Placed[specs.IndicatorSpec]] = field(default_factory=dict)
    modes: dict[str, Placed[lists.OptionSpec]] = field(default_factory=dict)
    new_fields: dict[str, Placed[lists.OptionSpec]] = field(default_factory=dict)
    types: dict[str, Placed[bodies.OrganisationTypeSpec]] = field(default_factory=dict)
    reports: dict[str, Placed[specs.ReportSpec]] = field(default_factory=dict)
    clocks: dict[str, Placed[ClockSpec]] = field(default_factory=dict)
    years: dict[int, Placed[YearSpec]] = field(default_factory=dict)
    schemes: dict[str, Placed[SchemeSpec]] = field(default_factory=dict)
    templates: dict[str, Placed[TemplateSpec]] = field(default_factory=dict)
    made: list[Placed[specs.IndicatorSpec]] = field(default_factory=list)
    """The indicators that lists ask for by their [figures]."""

    @property
    def newest(self) -> dict[str, Placed[specs.ProgrammeSpec]]:
        return {code: versions[max(versions)] for code, versions in self.versions.items()}

    def every_version(self) -> Iterable[Placed[specs.ProgrammeSpec]]:
        return (placed for versions in self.versions.values() for placed in versions.values())

    def unknown(self, noun: str, code: str, known: Iterable[str]) -> str | None:
        """How to mend a code that nobody defines; None when it is known or a broken file seems to define it."""
        listed = list(known)
        if code in listed or self.shelves.is_rumoured(noun, code):
            return None
        return nearest(code, listed)


def merge(shelves: Shelves, problems: list[CatalogProblem]) -> Book:
    """The book of all files; what stands in nobody's or in two hands is told."""
    book = Book(shelves)
    _own(book.subjects, shelves.subjects, problems)
    _own(book.measures, shelves.measures, problems)
    _own(book.chapters, shelves.chapters, problems)
    _own(book.seeds, shelves.seeds, problems)
    _own(book.indicators, shelves.indicators, problems)
    _own(book.reports, shelves.reports, problems)
    _own(book.modes, shelves.modes, problems)
    _own(book.new_fields, shelves.new_fields, problems)
    _own(book.types, shelves.types, problems)
    _own(book.clocks, shelves.clocks, problems)
    _own(book.schemes, shelves.schemes, problems)
    _own(book.templates, shelves.templates, problems)
    _own_by(book.years, shelves.years, lambda year: year.year, problems)
    _own_by(book.tags, shelves.tags, lambda tag: (tag.owner, tag.code), problems)
    problems += _new_measures([*shelves.subjects, *shelves.measures])
    _line_up_versions(book, shelves.programmes, problems)
    _lay_over_programmes(book, shelves, problems)
    book.made = [figure for placed in book.newest.values() for figure in figures_of(placed)]
    _own(book.indicators, book.made, problems)
    _lay_over(book, shelves, problems)
    return book


def _new_measures(entries: Iterable[Placed[Any]]) -> Iterable[CatalogProblem]:
    """What is counted needs a kind that posts it: code, not a county's file."""
    for placed in entries:
        if placed.document.place == OVERLAY:
            mend = "删去这一段；要数新的东西，请找维护人员改程序"
            yield placed.problem("", "本县目录里不能添新的笔目", mend)


def _own(owned: dict[str, Placed[_C]], entries: Iterable[Placed[_C]], problems: list[CatalogProblem]) -> None:
    _own_by(owned, entries, lambda spec: spec.code, problems)


def _own_by(
    owned: dict[_Key, Placed[_Spec]],
    entries: Iterable[Placed[_Spec]],
    key: Callable[[_Spec], _Key],
    problems: list[CatalogProblem],
) -> None:
    for placed in entries:
        first = owned.setdefault(key(placed.spec), placed)
        if first is not placed:
            code = getattr(placed.spec, "code", key(placed.spec))
            message = f"代号“{code}”已经有主：{first.said}"
            problems.append(placed.problem("code", message, "换一个代号；是同一样东西就只留一处"))


def _line_up_versions(
    book: Book, programmes: Iterable[Placed[specs.ProgrammeSpec]], problems: list[CatalogProblem]
) -> None:
    for placed in programmes:
        versions = book.versions.setdefault(placed.spec.code, {})
        first = versions.setdefault(placed.spec.version, placed)
        if first is not placed:
            problems.append(_two_owners(first, placed))
    for code, versions in book.versions.items():
        problems += _missing_versions(book, code, versions)
        problems += _misnamed(versions)
        problems += _changed_kind(versions)


def _two_owners(first: Placed[specs.ProgrammeSpec], second: Placed[specs.ProgrammeSpec]) -> CatalogProblem:
    version = second.spec.version
    message = f"“{second.spec.code}”第 {version} 版已经有主：{first.said}"
    if second.document.place == OVERLAY and first.document.place == SHIPPED:
        mend = f"只是增补就写 extends = true；要整个替换就写 version = {version + 1}"
        return second.problem("version", message, mend)
    return second.problem("code", message, "换一个代号；是同一项工作就只留一个文件")


def _missing_versions(
    book: Book, code: str, versions: Mapping[int, Placed[specs.ProgrammeSpec]]
) -> Iterable[CatalogProblem]:
    last = versions[max(versions)]
    missing = [number for number in range(1, max(versions)) if number not in versions]
    for number in missing:
        if ("programme", code) not in book.shelves.rumoured:
            message = f"少了第 {number} 版，照第 {number} 版登记的记录会找不到口径"
            yield last.problem("version", message, f"把第 {number} 版存成 {code}.v{number}.toml，放在旁边")


def _misnamed(versions: Mapping[int, Placed[specs.ProgrammeSpec]]) -> Iterable[CatalogProblem]:
    newest = {
        place: max((n for n, placed in versions.items() if placed.document.place == place), default=0)
        for place in (SHIPPED, OVERLAY)
    }
    for number, placed in versions.items():
        code = placed.spec.code
        name = f"{code}.toml" if number == newest[placed.document.place] else f"{code}.v{number}.toml"
        if PurePosixPath(placed.document.file).name != name:
            message = f"文件名和里面的代号、版本对不上（{code} 第 {number} 版）"
            yield placed.problem("code", message, f"文件改名为 {name}")


def _changed_kind(versions: Mapping[int, Placed[specs.ProgrammeSpec]]) -> Iterable[CatalogProblem]:
    kind = versions[min(versions)].spec.kind
    for placed in versions.values():
        if placed.spec.kind != kind:
            yield placed.problem("kind", f"换了记录的类别（原来是 {kind}）", "另起一个代号，旧的写 until 停用")


def _lay_over(book: Book, shelves: Shelves, problems: list[CatalogProblem]) -> None:
    _extend(book, "tag", book.tags, shelves.tag_extensions, lambda spec: (spec.owner, spec.code), _wider_tag, problems)
    _extend(book, "chapter", book.chapters, shelves.chapter_extensions, _code_of, _renamed, problems)
    _extend(book, "indicator", book.indicators, shelves.indicator_extensions, _code_of, _known_as, problems)
    _extend(book, "type", book.types, shelves.type_extensions, _code_of, _own_sort, problems)
    _extend(book, "clock", book.clocks, shelves.clock_extensions, _code_of, _own_length, problems)


def _lay_over_programmes(book: Book, shelves: Shelves, problems: list[CatalogProblem]) -> None:
    seen: dict[str, Placed[Any]] = {}
    _own_by(seen, shelves.programme_extensions, _code_of, problems)
    for code, placed in seen.items():
        if not _may_extend(book, "programme", placed, code, book.versions, problems):
            continue
        problems += _extension_misnamed(placed)
        versions = book.versions[code]
        newest = max(versions)
        for number, target in versions.items():
            told = problems if number == newest else []  # an older version takes what fits it, silently
            spec = extended_programme(target.spec, placed, is_newest=number == newest, problems=told)
            versions[number] = replace(target, spec=spec)


def _extension_misnamed(placed: Placed[Any]) -> Iterable[CatalogProblem]:
    if PurePosixPath(placed.document.file).name != f"{placed.spec.code}.toml":
        yield placed.problem("code", "文件名和里面的代号对不上", f"文件改名为 {placed.spec.code}.toml")


def _code_of(spec: Any) -> Any:
    return spec.code


def _extend(
    book: Book,
    noun: str,
    owned: dict[Any, Any],
    extensions: Iterable[Placed[Any]],
    key: Callable[[Any], Any],
    laid: Callable[[Any, Placed[Any], list[CatalogProblem]], Any],
    problems: list[CatalogProblem],
) -> None:
    seen: dict[Any, Placed[Any]] = {}
    _own_by(seen, extensions, key, problems)
    for code, placed in seen.items():
        if _may_extend(book, noun, placed, code, owned, problems):
            owned[code] = replace(owned[code], spec=laid(owned[code].spec, placed, problems))


def _may_extend(
    book: Book, noun: str, placed: Placed[Any], code: Any, owned: Mapping[Any, Any], problems: list[CatalogProblem]
) -> bool:
    if placed.document.place != OVERLAY:
        problems.append(placed.problem("extends", ONLY_OVERLAY, "直接改原来的那一段"))
        return False
    if code in owned:
        return True
    if not book.shelves.is_rumoured(noun, placed.spec.code):
        codes = [key if isinstance(key, str) else key[-1] for key in owned]  # a tag's key is (owner, code)
        problems.append(placed.problem("code", f"没有“{placed.spec.code}”可以增补", nearest(placed.spec.code, codes)))
    return False


def _wider_tag(tag: specs.TagSpec, placed: Placed[Any], problems: list[CatalogProblem]) -> specs.TagSpec:
    extension: TagExtension = placed.spec
    if tag.values != "options":
        problems.append(placed.problem("options", f"“{tag.code}”的值不是列出来的，不能添", "删去这一段"))
        return tag
    known = {option.code for option in tag.options}
    for number, option in enumerate(extension.options, 1):
        if option.code in known:
            problems.append(placed.problem(f"options[{number}].code", f"“{option.code}”已经有了", "换一个代号或删去"))
    return replace(tag, options=tag.options + extension.options)


def _renamed(chapter: specs.ChapterSpec, placed: Placed[Any], _: list[CatalogProblem]) -> specs.ChapterSpec:
    return replace(chapter, name=placed.spec.name)


def _known_as(indicator: specs.IndicatorSpec, placed: Placed[Any], _: list[CatalogProblem]) -> specs.IndicatorSpec:
    extension: IndicatorExtension = placed.spec
    return replace(
        indicator,
        name=extension.name or indicator.name,
        note=extension.note or indicator.note,
        aka=indicator.aka + extension.aka,
    )


def _own_sort(
    sort: bodies.OrganisationTypeSpec, placed: Placed[Any], _: list[CatalogProblem]
) -> bodies.OrganisationTypeSpec:
    extension: bodies.OrganisationTypeExtension = placed.spec
    return replace(
        sort,
        name=extension.name or sort.name,
        help=extension.help or sort.help,
        covers=extension.covers or sort.covers,
        posts=sort.posts + extension.posts,
        standard=extension.standard or sort.standard,
        until=extension.until or sort.until,
    )


def _own_length(clock: ClockSpec, placed: Placed[Any], problems: list[CatalogProblem]) -> ClockSpec:
    extension: ClockExtension = placed.spec
    remind, note = extension.remind or clock.remind, extension.note or clock.note
    if extension.length is None and extension.unit is None:
        return replace(clock, remind=remind, note=note)
    if clock.is_fixed:
        key = "length" if extension.length is not None else "unit"
        message = f"“{clock.name}”是{clock.cited}定的，不能改"
        problems.append(placed.problem(key, message, "删去这个键；提醒（remind）可以改"))
        return clock
    length = clock.length if extension.length is None else extension.length
    unit = extension.unit or clock.unit
    return replace(
        clock, length=length, unit=unit, source=extension.source, article="", grade="local", remind=remind, note=note
    )
