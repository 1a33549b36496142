"""The indicators that a list asks for by its own [figures]: standing, new, left, and the parts of each."""

from __future__ import annotations

from collections.abc import Iterator

from lianxin.catalog.fields import FieldSpec
from lianxin.catalog.lists import FiguresSpec
from lianxin.catalog.plain import Where
from lianxin.catalog.shelves import Placed
from lianxin.catalog.specs import IndicatorSpec, ProgrammeSpec

_FOLDS = (
    ("", "listing.standing", "", "到期末那天还在册的{unit}数。"),
    (".new", "listing.opened", "新增", "这段时间上册的{unit}数。"),
    (".left", "listing.closed", "离册", "这段时间离册和到期的{unit}数。"),
)


def answer_values(programme: ProgrammeSpec) -> tuple[str, ...]:
    """What the tag `field` can say of a list: `list.field/answer` for each answer of its counted questions."""
    return tuple(
        answer_value(programme, field, code) for field in programme.counted_fields for code, _ in answers_of(field)
    )


def answer_value(programme: ProgrammeSpec, field: FieldSpec, code: str) -> str:
    return f"{programme.code}.{field.code}/{code}"


def answers_of(field: FieldSpec) -> tuple[tuple[str, str], ...]:
    """(code, name) of what can be answered to a counted question."""
    if field.type == "yes-no":
        return (("yes", "是"), ("no", "否"))
    return tuple((option.code, option.name) for option in field.options)


def figures_of(placed: Placed[ProgrammeSpec]) -> Iterator[Placed[IndicatorSpec]]:
    """Nothing for a line of work without [figures]. What it posts is the checks' business."""
    programme, figures = placed.spec, placed.spec.figures
    if figures is None:
        return
    for end, measure, before, note in _FOLDS:
        if any(fact.measure == measure for fact in programme.facts):
            whole = _whole(programme, figures, end, measure, f"{before}{figures.name}", note)
            for figure in (whole, *(_parts(programme, figures, whole, end) if end != ".left" else ())):
                yield Placed(figure, placed.document, "figures")


def _whole(
    programme: ProgrammeSpec, figures: FiguresSpec, end: str, measure: str, name: str, note: str
) -> IndicatorSpec:
    unit = programme.unit or "份"
    return IndicatorSpec(
        code=f"{figures.code}{end}",
        name=name,
        unit=unit,
        fold="flow" if end else "stock",
        note=note.format(unit=unit),
        measure=measure,
        where=(("list", (programme.code,)),),
        tally=figures.tally and end != ".left",
        small=figures.small,
        aka={"": figures.aka, ".new": figures.aka_new}.get(end, ()),
        chapter=programme.chapter,
    )


def _parts(programme: ProgrammeSpec, figures: FiguresSpec, whole: IndicatorSpec, end: str) -> Iterator[IndicatorSpec]:
    for code, name, tag in _cuts(programme, figures):
        where: Where = (*whole.where, tag)
        yield IndicatorSpec(
            code=f"{figures.code}.{code}{end}",
            name=f"{whole.name}·{name}",
            unit=whole.unit,
            fold=whole.fold,
            note=f"其中“{name}”。{whole.note}",
            measure=whole.measure,
            where=where,
            small=whole.small,
            chapter=whole.chapter,
            of=whole.code,
        )


def _cuts(programme: ProgrammeSpec, figures: FiguresSpec) -> Iterator[tuple[str, str, tuple[str, tuple[str, ...]]]]:
    """(end of the code, name, condition) of each part."""
    lists = (("category", programme.categories), ("level", programme.levels), ("grade", programme.grades))
    for tag, options in lists:
        if tag in figures.by:
            for option in options:
                yield f"{tag}.{option.code}", option.name, (tag, (option.code,))
    if "field" in figures.by:
        for field in programme.counted_fields:
            for code, name in answers_of(field):
                said = f"{field.name}：{name}" if field.type == "yes-no" else name
                yield f"{field.code}.{code}", said, ("field", (answer_value(programme, field, code),))
