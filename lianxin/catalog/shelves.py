"""Every spec with the place it was written at, sorted by what it is; and what broken files probably held.

A file that cannot be used still counts as naming its codes, so that one slip is not reported ten times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from lianxin.catalog import bodies, lists, specs
from lianxin.catalog.build import build
from lianxin.catalog.clocks import ClockExtension, ClocksFile, ClockSpec, HolidaysFile, YearSpec
from lianxin.catalog.documents import TemplateSpec
from lianxin.catalog.fields import FieldSpec
from lianxin.catalog.files import (
    TABLES,
    ChapterExtension,
    ChaptersFile,
    IndicatorExtension,
    IndicatorsFile,
    MeasuresFile,
    ProgrammeExtension,
    SeedEntry,
    SeedsFile,
    Shelf,
    TagExtension,
)
from lianxin.catalog.plain import NOTHING
from lianxin.catalog.problems import CatalogProblem
from lianxin.catalog.read import Document
from lianxin.catalog.triage import SchemeSpec

_Spec = TypeVar("_Spec")
_NOUNS: dict[Shelf, tuple[str, ...]] = {
    "programme": ("programme",),
    "indicators": ("indicator",),
    "measures": ("measure", "tag", "subject"),
    "chapters": ("chapter",),
    "seeds": ("seed",),
    "organisations": ("mode", "field", "type"),
    "report": ("report",),
    "clocks": ("clock",),
    "holidays": ("year",),
    "triage": ("triage",),
    "documents": ("documents",),
}


@dataclass(frozen=True, slots=True)
class Placed(Generic[_Spec]):
    """A spec and where it stands: its document and the path of its table in it ("" for the whole file)."""

    spec: _Spec
    document: Document
    path: str = ""

    def problem(self, key: str, message: str, mend: str) -> CatalogProblem:
        return self.document.problem(".".join(part for part in (self.path, key) if part), message, mend)

    @property
    def said(self) -> str:
        """Where it stands, for the sentence of another problem."""
        return f"{self.document.file} {self.path}".strip()


@dataclass(slots=True)
class Shelves:
    """What all the files together say, unmerged."""

    subjects: list[Placed[specs.SubjectSpec]] = field(default_factory=list)
    tags: list[Placed[specs.TagSpec]] = field(default_factory=list)
    tag_extensions: list[Placed[TagExtension]] = field(default_factory=list)
    measures: list[Placed[specs.MeasureSpec]] = field(default_factory=list)
    chapters: list[Placed[specs.ChapterSpec]] = field(default_factory=list)
    chapter_extensions: list[Placed[ChapterExtension]] = field(default_factory=list)
    seeds: list[Placed[SeedEntry]] = field(default_factory=list)
    indicator_files: list[Placed[IndicatorsFile]] = field(default_factory=list)
    indicators: list[Placed[specs.IndicatorSpec]] = field(default_factory=list)
    indicator_extensions: list[Placed[IndicatorExtension]] = field(default_factory=list)
    programmes: list[Placed[specs.ProgrammeSpec]] = field(default_factory=list)
    programme_extensions: list[Placed[ProgrammeExtension]] = field(default_factory=list)
    modes: list[Placed[lists.OptionSpec]] = field(default_factory=list)
    new_fields: list[Placed[lists.OptionSpec]] = field(default_factory=list)
    types: list[Placed[bodies.OrganisationTypeSpec]] = field(default_factory=list)
    type_extensions: list[Placed[bodies.OrganisationTypeExtension]] = field(default_factory=list)
    reports: list[Placed[specs.ReportSpec]] = field(default_factory=list)
    clocks: list[Placed[ClockSpec]] = field(default_factory=list)
    clock_extensions: list[Placed[ClockExtension]] = field(default_factory=list)
    years: list[Placed[YearSpec]] = field(default_factory=list)
    schemes: list[Placed[SchemeSpec]] = field(default_factory=list)
    templates: list[Placed[TemplateSpec]] = field(default_factory=list)
    rumoured: set[tuple[str, str]] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)

    def is_rumoured(self, noun: str, code: str) -> bool:
        """Whether a file that is broken in some other way seems to define this code."""
        return noun in self.unsure or (noun, code) in self.rumoured


def shelve(documents: Iterable[Document], broken: set[Document]) -> Shelves:
    """Build every sound document; note what the broken ones name."""
    shelves = Shelves()
    for document in documents:
        if document.raw is None or document in broken:
            _note_rumours(shelves, document)
        else:
            _place(shelves, document, document.raw)
    return shelves


def _note_rumours(shelves: Shelves, document: Document) -> None:
    if document.shelf in ("programme", "report", "triage", "documents"):
        code = (document.raw or {}).get("code")
        shelves.rumoured |= {(document.shelf, document.stem), (document.shelf, str(code))}
        return
    if document.raw is None:
        shelves.unsure.update(_NOUNS[document.shelf])
        return
    for noun in _NOUNS[document.shelf]:
        entries = document.raw.get(noun, [])
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict):
                shelves.rumoured.add((noun, str(entry.get("code"))))


def _place(shelves: Shelves, document: Document, raw: dict[str, Any]) -> None:
    tables = TABLES[document.shelf]
    content: Any = build(tables[-1] if raw.get("extends") else tables[0], raw)
    match content:
        case specs.ProgrammeSpec():
            shelves.programmes.append(Placed(settled(content), document))
        case IndicatorsFile():
            shelves.indicator_files.append(Placed(content, document))
            entries = (_in_chapter(entry, content.chapter) for entry in content.indicators)
            _sort(_numbered(entries, document, "indicator"), shelves.indicators, shelves.indicator_extensions)
        case ChaptersFile():
            _sort(_numbered(content.chapters, document, "chapter"), shelves.chapters, shelves.chapter_extensions)
        case MeasuresFile():
            tags = (_with_sources(tag) for tag in content.tags)
            shelves.subjects += _numbered(content.subjects, document, "subject")
            shelves.measures += _numbered(content.measures, document, "measure")
            _sort(_numbered(tags, document, "tag"), shelves.tags, shelves.tag_extensions)
        case bodies.OrganisationsFile():
            shelves.modes += _numbered(content.modes, document, "mode")
            shelves.new_fields += _numbered(content.new_fields, document, "field")
            _sort(_numbered(content.types, document, "type"), shelves.types, shelves.type_extensions)
        case ClocksFile():
            _sort(_numbered(content.clocks, document, "clock"), shelves.clocks, shelves.clock_extensions)
        case HolidaysFile():
            shelves.years += _numbered(content.years, document, "year")
        case SeedsFile():
            shelves.seeds += _numbered(content.seeds, document, "seed")
        case _:
            _whole(shelves, content).append(Placed(content, document))


def _whole(shelves: Shelves, content: Any) -> list[Placed[Any]]:
    """Where a spec goes that fills its file alone."""
    owners: dict[type, list[Any]] = {
        ProgrammeExtension: shelves.programme_extensions,
        specs.ReportSpec: shelves.reports,
        SchemeSpec: shelves.schemes,
        TemplateSpec: shelves.templates,
    }
    return owners[type(content)]


def _numbered(entries: Iterable[Any], document: Document, noun: str) -> Iterator[Placed[Any]]:
    for number, entry in enumerate(entries, 1):
        yield Placed(entry, document, f"{noun}[{number}]")


def _with_sources(tag: specs.TagSpec | TagExtension) -> specs.TagSpec | TagExtension:
    return replace(tag, options=tuple(sourced(option, tag.source) for option in tag.options))


def _in_chapter(
    entry: specs.IndicatorSpec | IndicatorExtension, chapter: str
) -> specs.IndicatorSpec | IndicatorExtension:
    return replace(entry, chapter=chapter) if isinstance(entry, specs.IndicatorSpec) else entry


def _sort(entries: Iterable[Placed[Any]], whole: list[Placed[Any]], extending: list[Placed[Any]]) -> None:
    for placed in entries:
        (extending if getattr(placed.spec, "extends", False) else whole).append(placed)


def settled(programme: specs.ProgrammeSpec) -> specs.ProgrammeSpec:
    """The programme with every list knowing its source, and every fact what each sample adds to it."""
    lists: dict[str, Any] = {
        attribute: tuple(sourced(entry, programme.source) for entry in getattr(programme, attribute))
        for attribute in ("reasons", "categories", "levels", "grades", "papers", "cares", "fields")
    }
    facts = tuple(replace(fact, samples=_samples_of(fact, programme)) for fact in programme.facts)
    return replace(programme, facts=facts, **lists)


def _samples_of(fact: specs.FactSpec, programme: specs.ProgrammeSpec) -> tuple[specs.FactSample, ...]:
    return tuple(
        specs.FactSample(values=sample.values, sum=sample.sums.get(fact.measure, NOTHING), says=sample.says)
        for sample in programme.samples
    )


def sourced(entry: Any, source: str) -> Any:
    """A reason, category, grade, option or field with its own source, or the one of what it stands in."""
    own = entry.source or source
    if isinstance(entry, FieldSpec):
        return replace(entry, source=own, options=tuple(sourced(option, own) for option in entry.options))
    return replace(entry, source=own)
