"""docs/catalog.md names every key of every file, and no other; with the right “must”."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from lianxin.catalog import bodies, cases, clocks, documents, files, lists, plain, specs, triage
from lianxin.catalog.keys import keys_of

DOC = Path(settings.BASE_DIR) / "docs" / "catalog.md"
TABLES: dict[str, type] = {
    "programme": specs.ProgrammeSpec,
    "programme [[reason]]": specs.ReasonSpec,
    "programme [[level]], [[paper]], options": lists.OptionSpec,
    "programme [[category]]": lists.CategorySpec,
    "programme [[grade]]": lists.GradeSpec,
    "programme [who]": lists.WhoSpec,
    "programme [[care]]": lists.CareSpec,
    "programme [figures]": lists.FiguresSpec,
    "programme [case]": cases.CaseSpec,
    "programme [[case.colour]]": cases.ColourSpec,
    "programme [[case.clock]]": cases.CaseClockSpec,
    "programme [[case.outcome]]": cases.OutcomeSpec,
    "programme [[field]]": specs.FieldSpec,
    "programme [[fact]]": specs.FactSpec,
    "programme [[sample]]": specs.SampleSpec,
    "programme, extends = true": files.ProgrammeExtension,
    "extending programme [[option]]": files.AddedOption,
    "indicators": files.IndicatorsFile,
    "indicators [[indicator]]": specs.IndicatorSpec,
    "indicators [[indicator]], extends = true": files.IndicatorExtension,
    "measures": files.MeasuresFile,
    "measures [[subject]]": specs.SubjectSpec,
    "measures [[tag]]": specs.TagSpec,
    "measures [[tag]], extends = true": files.TagExtension,
    "measures [[measure]]": specs.MeasureSpec,
    "chapters": files.ChaptersFile,
    "chapters [[chapter]]": specs.ChapterSpec,
    "chapters [[chapter]], extends = true": files.ChapterExtension,
    "seeds": files.SeedsFile,
    "seeds [[seed]]": files.SeedEntry,
    "organisations": bodies.OrganisationsFile,
    "organisations [[type]]": bodies.OrganisationTypeSpec,
    "organisations [type.standard]": bodies.StandardSpec,
    "organisations [[type]], extends = true": bodies.OrganisationTypeExtension,
    "report": specs.ReportSpec,
    "report [[section]]": specs.SectionSpec,
    "clocks": clocks.ClocksFile,
    "clocks [[clock]]": clocks.ClockSpec,
    "clocks [[clock]], extends = true": clocks.ClockExtension,
    "holidays": clocks.HolidaysFile,
    "holidays [[year]]": clocks.YearSpec,
    "holidays [[year.rest]]": clocks.RestSpec,
    "triage": triage.SchemeSpec,
    "triage [[colour]]": triage.ShadeSpec,
    "triage [[factor]]": triage.FactorSpec,
    "triage [[rule]]": triage.RuleSpec,
    "documents": documents.TemplateSpec,
    "documents [[part]]": documents.PartSpec,
}
ROW = re.compile(
    r"^\| (?P<place>[^|]+) \| `(?P<key>[a-z_]+)` \| (?P<value>[^|]+) \| (?P<must>yes)? ?\| (?P<says>.+) \|$"
)


def test_the_table_of_keys_is_that_of_the_specs() -> None:
    rows = [row for line in DOC.read_text(encoding="utf-8").splitlines() if (row := ROW.match(line))]

    documented = [(row["place"], row["key"], row["must"] == "yes") for row in rows]

    assert documented == [(place, key.name, key.required) for place, table in TABLES.items() for key in keys_of(table)]


def test_every_table_of_a_file_is_in_the_doc() -> None:
    ours = {
        table
        for module in (specs, lists, files, bodies, clocks, cases, triage, documents)
        for table in vars(module).values()
        if isinstance(table, type)
    }
    with_keys = {table for table in ours if hasattr(table, "__dataclass_fields__") and keys_of(table)}

    assert with_keys == set(TABLES.values())


def test_every_choice_of_a_key_is_named_in_the_doc() -> None:
    text = DOC.read_text(encoding="utf-8")
    choices = (
        *(plain.Kind, plain.Seal, plain.Fold, plain.FieldType, plain.ValuesFrom, plain.Span),
        *(bodies.BodyLevel, bodies.Group, bodies.CategoryFrom),
        *(lists.Rank, lists.ReviewRule, lists.LaidBy, lists.Reviewer, lists.FigureBy, lists.Delivery),
    )

    missing = {choice for literal in choices for choice in literal.__args__ if f"`{choice}`" not in text}

    assert missing == set()
