"""The form of a visit: the kind's own questions, the lines, and what the chosen lines of work ask on top."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lianxin.base.errors import Problem, Problems, Refused
from lianxin.base.text import NOTE_LIMIT
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.kinds.visits.values import Delivery, Mode, Progress
from lianxin.kinds.visits.wire import LISTS
from lianxin.ui.forms import Field, FieldType, Form, Option, field_of

OPINION, DIFFICULTY, DELIVERY, GIVING = LISTS
REST = ("people", "visitors", "companions", "next_on", "next_why")
UNTOUCHED = {"people": ("1",)}
_BEGINS = frozenset({"text", "kind", "name", "amount"})  # what makes a line one
_LINE_NAME = re.compile(rf"({'|'.join(LISTS)})\.(\d{{1,3}})\.\w+")


@dataclass(frozen=True, slots=True)
class ChipGroup:
    """The reasons of one line of work, as chips; `is_open` when they stand in sight from the start."""

    name: str
    options: tuple[Option, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class VisitForm:
    """What the page shows: fields by name, chips by line of work, line numbers by list, and extra questions."""

    form: Form
    why: tuple[ChipGroup, ...]
    opinions: tuple[tuple[Field, ...], ...]
    difficulties: tuple[tuple[Field, ...], ...]
    deliveries: tuple[tuple[Field, ...], ...]
    givings: tuple[tuple[Field, ...], ...]
    asked: tuple[tuple[str, tuple[Field, ...]], ...]

    @property
    def touched(self) -> frozenset[str]:
        """The folded parts that hold something already, or something wrong: they stand open."""
        parts = {name: [field for row in getattr(self, name) for field in row] for name in LISTS}
        parts["rest"] = [self.form[name] for name in REST if name in self.form]
        return frozenset(name for name, fields in parts.items() if any(map(_is_touched, fields)))


def visit_form(
    programmes: Sequence[ProgrammeSpec],
    *,
    today: dt.date,
    colleagues: Sequence[Option] = (),
    posted: Mapping[str, list[str]] | None = None,
    one_more: str = "",
) -> VisitForm:
    """The empty form, or with what was typed. `one_more` names a list that gets another empty line."""
    posted = posted or {}
    rows = {name: _row_numbers(name, posted, one_more=name == one_more) for name in LISTS}
    lines = {name: [_ASK[name](f"{name}.{number}.") for number in rows[name]] for name in LISTS}
    chosen = {value.partition("/")[0] for value in posted.get("why", ())}
    asked = {
        programme.code: tuple(field_of(field, prefix=f"{programme.code}.") for field in programme.fields)
        for programme in programmes
        if programme.fields and programme.code in chosen
    }
    own = _own_fields(programmes, today, colleagues)
    every = [*own, *(field for name in LISTS for row in lines[name] for field in row)]
    every += [field for fields in asked.values() for field in fields]
    form = Form(tuple(every)).fill(posted)
    return _laid_out(form, programmes, rows, asked, posted.get("why", ()))


def _laid_out(
    form: Form,
    programmes: Sequence[ProgrammeSpec],
    rows: Mapping[str, Sequence[int]],
    asked: Mapping[str, tuple[Field, ...]],
    why: Sequence[str],
) -> VisitForm:
    def filled(fields: Iterable[Field]) -> tuple[Field, ...]:
        return tuple(form[field.name] for field in fields)

    names = {programme.code: programme.name for programme in programmes}
    return VisitForm(
        form=form,
        why=_chip_groups(programmes, why),
        asked=tuple((names[code], filled(fields)) for code, fields in asked.items()),
        **{name: tuple(filled(_ASK[name](f"{name}.{number}.")) for number in rows[name]) for name in LISTS},
    )


def refused(shown: VisitForm, error: Refused | Problems) -> VisitForm:
    """The same page with the mistakes beside their fields; the door's “purposes” are the chips “why”."""
    problems = error.items if isinstance(error, Problems) else [Problem(error.field, error.message)]
    named = [replace(item, field="why") if item.field == "purposes" else item for item in problems]
    named = [item for item in named if item.field != "because"]  # which stands apart from the form
    mistakes = shown.form.refuse(Problems(named))

    def again(rows: tuple[tuple[Field, ...], ...]) -> tuple[tuple[Field, ...], ...]:
        return tuple(tuple(mistakes[field.name] for field in row) for row in rows)

    return replace(
        shown,
        form=mistakes,
        opinions=again(shown.opinions),
        difficulties=again(shown.difficulties),
        deliveries=again(shown.deliveries),
        givings=again(shown.givings),
        asked=tuple((name, tuple(mistakes[field.name] for field in fields)) for name, fields in shown.asked),
    )


def differences(mine: VisitForm, theirs: VisitForm) -> tuple[tuple[str, str, str], ...]:
    """(question, what I wrote, what somebody else saved) where two versions differ, in the words of the form."""
    hers = {field.name: field for field in mine.form.fields}
    others = {field.name: field for field in theirs.form.fields}
    begun = _begun_lines(mine) | _begun_lines(theirs)
    told = []
    for name, asked in (hers | others).items():
        line = _LINE_NAME.fullmatch(name)
        if asked.type is FieldType.HIDDEN or (line and name.rpartition(".")[0] not in begun):
            continue
        said = (_said(hers.get(name)), _said(others.get(name)))
        if said[0] != said[1]:
            where = f"（第 {int(line[2]) + 1} 条）" if line and int(line[2]) else ""
            told.append((f"{asked.label}{where}", *said))
    return tuple(told)


def _said(field: Field | None) -> str:
    """What stands in a field, options by their labels; a line nobody began says nothing."""
    if field is None:
        return ""
    labels = {option.value: option.label for option in field.options}
    return "、".join(labels.get(value, value) for value in field.values if value)


def _begun_lines(shown: VisitForm) -> set[str]:
    """Lines that say something, by “difficulties.0”: what a choice says by default is nobody's answer."""
    return {
        field.name.rpartition(".")[0]
        for field in shown.form.fields
        if _LINE_NAME.fullmatch(field.name) and field.name.rpartition(".")[2] in _BEGINS and _said(field)
    }


def _is_touched(field: Field) -> bool:
    typed = tuple(value for value in field.values if value)
    return bool(field.error) or (
        field.type is not FieldType.HIDDEN and bool(typed) and typed != UNTOUCHED.get(field.name)
    )


def _row_numbers(name: str, posted: Mapping[str, list[str]], *, one_more: bool) -> tuple[int, ...]:
    used = {int(match[2]) for key in posted if (match := _LINE_NAME.fullmatch(key)) and match[1] == name}
    numbers = sorted(used) or [0]
    return (*numbers, numbers[-1] + 1) if one_more else tuple(numbers)


def _own_fields(programmes: Sequence[ProgrammeSpec], today: dt.date, colleagues: Sequence[Option]) -> list[Field]:
    fields = [
        Field(name="day", label="哪一天", type=FieldType.DAY, values=(today.isoformat(),), required=True),
        Field(
            name="mode",
            label="怎么见的",
            type=FieldType.CHOICE,
            options=tuple(Option(mode.value, mode.label) for mode in Mode),
            values=(Mode.DOOR.value,),
        ),
        Field(
            name="why",
            label="为什么去",
            type=FieldType.CHOICES,
            options=tuple(chip for programme in programmes for chip in _chips(programme)),
            required=True,
        ),
        Field(
            name="heard",
            label="听到什么",
            type=FieldType.NOTE,
            help="她怎么说就怎么写",
            in_her_words=True,
            limit=NOTE_LIMIT,
        ),
        Field(name="people", label="见到几位妇女儿童", type=FieldType.PEOPLE, values=("1",)),
        Field(name="companions", label="还有谁一起去", help="不在账号里的，写名字或单位", limit=120),
        Field(name="next_on", label="下次哪天去", type=FieldType.DAY),
        Field(name="next_why", label="去看什么", limit=60),
    ]
    if colleagues:
        fields.append(Field(name="visitors", label="同去的同事", type=FieldType.CHOICES, options=tuple(colleagues)))
    return fields


def _chips(programme: ProgrammeSpec) -> tuple[Option, ...]:
    if not programme.reasons:
        return (Option(programme.code, programme.short),)
    return tuple(Option(f"{programme.code}/{reason.code}", reason.short) for reason in programme.reasons)


def _chip_groups(programmes: Sequence[ProgrammeSpec], why: Sequence[str]) -> tuple[ChipGroup, ...]:
    """The first line of work and those already chosen stand open; the rest fold away."""
    chosen = {value.partition("/")[0] for value in why}
    return tuple(
        ChipGroup(programme.short, _chips(programme), is_open=place == 0 or programme.code in chosen)
        for place, programme in enumerate(programmes)
    )


def _opinion(prefix: str) -> tuple[Field, ...]:
    return (
        Field(name=f"{prefix}text", label="意见建议", type=FieldType.NOTE, help="她对村里、镇里有什么想法"),
        Field(
            name=f"{prefix}idea", label="算不算金点子", type=FieldType.CHOICES, options=(Option("yes", "这是个金点子"),)
        ),
        Field(name=f"{prefix}id", label="", type=FieldType.HIDDEN),
    )


def _difficulty(prefix: str) -> tuple[Field, ...]:
    states = tuple(Option(state.value, state.label) for state in Progress)
    return (
        Field(name=f"{prefix}text", label="什么困难", limit=NOTE_LIMIT),
        Field(name=f"{prefix}category", label="哪一类", type=FieldType.CHOICE, options=_categories()),
        Field(name=f"{prefix}state", label="办到哪一步", type=FieldType.CHOICE, options=states, values=("found",)),
        Field(name=f"{prefix}handler", label="谁在办", limit=60),
        Field(name=f"{prefix}solved_on", label="哪天解决的", type=FieldType.DAY),
        Field(name=f"{prefix}found_on", label="", type=FieldType.HIDDEN),
        Field(name=f"{prefix}handling_on", label="", type=FieldType.HIDDEN),
        Field(name=f"{prefix}id", label="", type=FieldType.HIDDEN),
    )


def _categories() -> tuple[Option, ...]:
    return tuple(Option(option.code, option.name) for option in catalog().options("visit", "category"))


def _delivery(prefix: str) -> tuple[Field, ...]:
    kinds = tuple(Option(kind.value, kind.label) for kind in Delivery)
    return (
        Field(name=f"{prefix}kind", label="送了哪样", type=FieldType.CHOICE, options=kinds),
        Field(name=f"{prefix}people", label="几个人受益", type=FieldType.PEOPLE),
        Field(name=f"{prefix}id", label="", type=FieldType.HIDDEN),
    )


def _giving(prefix: str) -> tuple[Field, ...]:
    return (
        Field(
            name=f"{prefix}what",
            label="钱还是物",
            type=FieldType.CHOICE,
            options=(Option("money", "慰问金"), Option("goods", "物品")),
        ),
        Field(name=f"{prefix}name", label="送的什么", limit=60),
        Field(name=f"{prefix}quantity", label="多少", type=FieldType.NUMBER),
        Field(name=f"{prefix}measure_word", label="单位", limit=10, placeholder="袋、床"),
        Field(name=f"{prefix}amount", label="值多少钱", type=FieldType.YUAN),
        Field(name=f"{prefix}giver", label="谁出的", limit=60),
        Field(name=f"{prefix}fund", label="", type=FieldType.HIDDEN),
        Field(name=f"{prefix}id", label="", type=FieldType.HIDDEN),
    )


_ASK = {OPINION: _opinion, DIFFICULTY: _difficulty, DELIVERY: _delivery, GIVING: _giving}
