"""What a list asks, as forms: putting on, changing, looking again. Cleaning is the door's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lianxin.base.days import today
from lianxin.catalog.lists import OptionSpec
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.kinds.listings.values import Outcome, Place
from lianxin.records.answers import answer_name
from lianxin.ui.forms import Field, FieldType, Form, Option, field_of

_PLAIN = (
    "on_day", "off_day", "off_why", "category", "level", "grade", "review_on", "valid_to",
    "paper", "paper_number", "paper_day", "note",
)  # fmt: skip


def options_of(options: Iterable[OptionSpec]) -> tuple[Option, ...]:
    return tuple(Option(option.code, option.name) for option in options)


def category_options(spec: ProgrammeSpec) -> tuple[Option, ...]:
    """Classes with their sub-classes behind them: 困难母亲 · 单亲抚养子女."""
    names = {category.code: category.name for category in spec.categories}
    return tuple(
        Option(each.code, f"{names[each.under]} · {each.name}" if each.under in names else each.name)
        for each in spec.categories
    )


def place_fields(spec: ProgrammeSpec) -> list[Field]:
    """Class, level, grade: as far as the list has them."""
    fields = []
    if spec.categories:
        choices = category_options(spec)
        fields.append(Field(name="category", label="哪一类", type=FieldType.CHOICE, options=choices))
        if spec.several_categories:
            fields.append(Field(name="also", label="还属于哪几类", type=FieldType.CHOICES, options=choices))
    for name, label, options in (("level", "哪一级的", spec.levels), ("grade", "定在哪一等", spec.grades)):
        if options:
            fields.append(Field(name=name, label=label, type=FieldType.CHOICE, options=options_of(options)))
    return fields


def listing_form(spec: ProgrammeSpec) -> Form:
    """What a list asks of somebody being put on; what it never has is not asked."""
    asked = {field.code: field_of(field, prefix=f"{spec.code}.") for field in spec.fields}
    headline = asked.pop(spec.headline, None)
    day = Field(name="on_day", label="哪天上册", type=FieldType.DAY, values=(today().isoformat(),), required=True)
    fields = [*([headline] if headline else []), day, *place_fields(spec), *asked.values()]
    if spec.papers:
        fields += _paper_fields(spec)
    fields += _clock_fields(spec)
    fields.append(Field(name="note", label="备注", type=FieldType.NOTE, limit=500))
    return Form(tuple(fields))


def _paper_fields(spec: ProgrammeSpec) -> list[Field]:
    return [
        Field(
            name="paper",
            label="看过哪份材料",
            type=FieldType.CHOICE,
            options=options_of(spec.papers),
            required=spec.paper_required,
            help="看过原件就记下编号和日期，不用复印。",
        ),
        Field(name="paper_number", label="材料的编号", limit=40),
        Field(name="paper_day", label="材料的日期", type=FieldType.DAY),
    ]


def _clock_fields(spec: ProgrammeSpec) -> list[Field]:
    fields = []
    if spec.review_months is not None:
        help_text = f"不填就是 {spec.review_months} 个月以后"
        fields.append(Field(name="review_on", label="下次哪天复核", type=FieldType.DAY, help=help_text))
    if spec.valid_months is not None or spec.several:
        help_text = f"不填就是满 {spec.valid_months} 个月" if spec.valid_months else "长期有效就空着"
        fields.append(Field(name="valid_to", label="有效期到哪天", type=FieldType.DAY, help=help_text))
    return fields


def amend_form(spec: ProgrammeSpec, *, may_take_off: bool = True) -> Form:
    """All of it again; taking off below, for who may."""
    leaving = [
        Field(name="off_day", label="哪天离册", type=FieldType.DAY, help="还在册就空着"),
        Field(name="off_why", label="为什么离册", limit=60),
    ]
    because = Field(name="because", label="为什么改", limit=500)
    return Form((*listing_form(spec).fields, *(leaving if may_take_off else ()), because))


def review_form(spec: ProgrammeSpec, place: Place, *, may_regrade: bool, may_take_off: bool) -> Form:
    """Somebody looked again: still so, changed (then how), or left (then why)."""
    outcomes = [Outcome.SAME]
    changing = place_fields(spec) if may_regrade else []
    outcomes += [Outcome.CHANGED] if changing else []
    outcomes += [Outcome.LEFT] if may_take_off else []
    fields = [
        Field(
            name="outcome",
            label="现在怎样",
            type=FieldType.CHOICE,
            options=tuple(Option(each.value, each.label) for each in outcomes),
            values=(Outcome.SAME.value,),
            required=True,
        ),
        Field(name="day", label="哪天看的", type=FieldType.DAY, values=(today().isoformat(),), required=True),
        *changing,
    ]
    if may_take_off:
        fields.append(Field(name="off_why", label="为什么离册", limit=60, help="离册了才写，例如搬走、情况好转"))
    fields.append(Field(name="note", label="说一句", limit=120))
    now = {"category": place.category, "also": place.also, "level": place.level, "grade": place.grade}
    return Form(tuple(fields)).fill(now)


def typed_values(spec: ProgrammeSpec, form: Form) -> dict[str, Any]:
    """What a listing's form says, as the door takes it."""
    values: dict[str, Any] = {name: form.raw(name) for name in _PLAIN if name in form}
    if "also" in form:
        values["also"] = list(form.raws("also"))
    names = [answer_name(spec, field) for field in spec.fields]
    return values | {
        "answers": {name: list(form.raws(name)) if len(form.raws(name)) > 1 else form.raw(name) for name in names}
    }


def typed_review(form: Form, *, line: str) -> dict[str, Any]:
    """What a review's form says."""
    names = ("outcome", "day", "category", "level", "grade", "note")
    review: dict[str, Any] = {"id": line} | {name: form.raw(name) for name in names if name in form}
    return review | ({"also": list(form.raws("also"))} if "also" in form else {})
