"""What is asked when a case comes in, and at each step. Cleaning is the door's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from lianxin.catalog.cases import CaseSpec
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.kinds.cases.life import Standing
from lianxin.kinds.cases.rules import MEASURES, SERVICES, SITUATIONS, is_violent
from lianxin.kinds.cases.steps import Answer, Seating, Step
from lianxin.kinds.cases.triage import Known
from lianxin.kinds.cases.values import WAYS, CaseValues
from lianxin.ui.forms import YES_NO, Field, FieldType, Form, Option

HOUSEHOLD = "household"


def _options(pairs: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[Option, ...]:
    items = pairs.items() if isinstance(pairs, Mapping) else pairs
    return tuple(Option(value, label) for value, label in items)


def tag_options(tag: str, codes: Iterable[str]) -> tuple[Option, ...]:
    """Values of a dimension by their names, in the order of the catalogue."""
    wanted = set(codes)
    return tuple(Option(each.code, each.name) for each in catalog().options("case", tag) if each.code in wanted)


def safety_fields(*, asked: bool = True) -> tuple[Field, ...]:
    """How she may be reached without harm: asked before anything else."""
    ways = _options(WAYS)
    question = Field(
        name="is_asked",
        label="先问她：怎样联系才安全",
        type=FieldType.YES_NO,
        options=_options(YES_NO),
        required=True,
        help="她说都可以，也要问过才选“是”。匿名的、只是咨询的，选“否”。",
    )
    fields = (
        Field(name="ways", label="可以这样找她", type=FieldType.CHOICES, options=ways),
        Field(name="never", label="千万不要", type=FieldType.CHOICES, options=ways),
        Field(name="hours", label="什么时候可以", limit=40, placeholder="工作日 9:00—15:00"),
        Field(
            name="opening", label="开口说什么", limit=80, placeholder="“两癌筛查通知”", help="别人接了也听不出来的话。"
        ),
        Field(name="cover", label="上门叫什么名目", limit=40, placeholder="“人口普查回访”"),
        Field(
            name="safe_number",
            label="安全的电话",
            limit=120,
            help="加密保存；点开要写原因。",
            placeholder="她本人拿着的",
        ),
        Field(
            name="whereabouts",
            label="现在住哪里",
            limit=120,
            help="搬出来的，住处加密保存，不印在任何给对方的材料上。",
        ),
    )
    return (question, *fields) if asked else fields


def case_form(programmes: Iterable[ProgrammeSpec], places: Iterable[tuple[str, str]], *, find_url: str) -> Form:
    """One page: how to reach her, what it is about, where from, who, her own words."""
    known = [programme for programme in programmes if programme.case]
    sources = [code for programme in known if programme.case for code in programme.case.sources]
    matters = [code for programme in known if programme.case for code in programme.case.matters]
    lines = tuple(Option(each.code, each.short, note=each.help) for each in known)
    return Form(
        (
            *safety_fields(),
            _choice("programme", "哪一类", lines, required=True),
            _choice("matter", "什么事", tag_options("matter", matters), required=True),
            _choice("source", "从哪里来", tag_options("source", sources), required=True),
            Field(name="day", label="哪天来的", type=FieldType.DAY, required=True),
            Field(name="hour", label="几点几分", limit=5, placeholder="9:30", help="第一次联系的时限从这一刻算起。"),
            *_told_fields(),
            *_who_fields(_options(places), find_url),
            Field(name="is_anonymous", label="她不愿说是谁", type=FieldType.YES_NO, options=_options(YES_NO)),
            Field(name="is_consultation", label=_CONSULTED, type=FieldType.YES_NO, options=_options(YES_NO)),
        )
    )


_CONSULTED = "只是咨询，当时答复了，不立案"
_NO_NAMES = "不写名字；名册、值守台上只看到这一句。"


def _choice(
    name: str, label: str, options: tuple[Option, ...], *, required: bool = False, help_text: str = ""
) -> Field:
    return Field(name=name, label=label, type=FieldType.CHOICE, options=options, required=required, help=help_text)


def _told_fields() -> tuple[Field, ...]:
    locked = "存下以后不能改，可作证据打印。"
    return (
        Field(name="gist", label="用一句话写是什么事", limit=120, help=_NO_NAMES, placeholder="为钱争吵，孩子在场"),
        Field(name="heard", label="她的原话", type=FieldType.NOTE, in_her_words=True, help=locked),
    )


def _who_fields(places: tuple[Option, ...], find_url: str) -> tuple[Field, ...]:
    known = "册子里有的选出来；没有的、不肯说的空着。"
    return (
        Field(name=HOUSEHOLD, label="哪一户", type=FieldType.WHO, find_url=find_url, help=known),
        _choice("region", "在哪个村（社区）", places, help_text="选了户就不用选。"),
        Field(name="her_name", label="求助人怎么称呼", limit=40),
        Field(name="other_name", label="对方怎么称呼", limit=40),
        Field(name="relation", label="两人什么关系", limit=20, placeholder="夫妻、婆媳"),
    )


_SAFETY = ("ways", "never", "hours", "opening", "cover", "safe_number", "whereabouts", "is_asked")
_PLAIN = (
    "programme",
    "matter",
    "source",
    "day",
    "hour",
    "gist",
    "heard",
    "region",
    "is_anonymous",
    "is_consultation",
)


def typed_safety(form: Form) -> dict[str, Any]:
    safety: dict[str, Any] = {name: form.raw(name) for name in _SAFETY if name in form}
    return safety | {name: list(form.raws(name)) for name in ("ways", "never") if name in form}


def typed_case(form: Form) -> dict[str, Any]:
    """What was typed, as the door takes it."""
    values: dict[str, Any] = {name: form.raw(name) for name in _PLAIN}
    parties = [
        {"role": "her", "name": form.raw("her_name"), "relation": form.raw("relation")},
        {"role": "other", "name": form.raw("other_name"), "relation": form.raw("relation")},
    ]
    return values | {"household": form.raw(HOUSEHOLD), "parties": parties, "safety": typed_safety(form)}


# ── steps ────────────────────────────────────────────────────────────────────

_NOTES = {
    Step.TRIAGE: ("为什么定这一色", "写看到的、听到的事实。"),
    Step.ALARM: ("这一次发生了什么", "存下就升到最重的一色，时限重新算。"),
    Step.LOWER_ASK: ("为什么可以降", "要另一个人同意才降。"),
    Step.LOWER: ("为什么同意", ""),
    Step.LOWER_NO: ("为什么不降", ""),
    Step.CONTACT: ("她说了什么，看到什么", ""),
    Step.SESSION: ("谈了什么，谈到哪一步", "一方明确不愿意，就停下，告诉她别的路（人民调解法第十七、二十六条）。"),
    Step.CONFERENCE: ("会商纪要：谁来了，定了什么", "定下的事，另外派成任务。"),
    Step.TASK: ("要做什么", ""),
    Step.TASK_DONE: ("办得怎样", ""),
    Step.REFER: ("请对方做什么", "对方只看到这一段：不写不必要的。"),
    Step.WHISTLE: ("请对方马上来做什么", "对方只看到这一段：不写不必要的。"),
    Step.ANSWER: ("对方怎么说的", ""),
    Step.MEASURE: ("补充说明", ""),
    Step.SERVICE: ("做了什么", ""),
    Step.MANDATED: ("看到的情况", "报告人的身份保密。"),
    Step.RECUSE: ("为什么回避", ""),
    Step.LEVEL: ("为什么升级介入", ""),
    Step.NOTE: ("写什么", ""),
    Step.CLOSE_ASK: ("怎么办成的", "镇、县妇联审过才算结案。"),
    Step.CLOSE: ("审看的意见", ""),
    Step.CLOSE_NO: ("为什么退回", ""),
    Step.REVISIT: ("看到的，听到的", ""),
    Step.RATED: ("她还说了什么", ""),
    Step.REOPEN: ("为什么重新办理", ""),
    Step.JOIN: ("为什么是同一件", ""),
    Step.APART: ("为什么不是同一件", ""),
}
_WAYS_OF = frozenset({Step.CONTACT, Step.REVISIT})
_TO = frozenset({Step.REFER, Step.WHISTLE, Step.TASK, Step.MANDATED})
_UNTIL = frozenset({Step.REFER, Step.WHISTLE, Step.TASK, Step.MEASURE})
_CODES = {
    Step.MEASURE: ("哪种措施", MEASURES),
    Step.SERVICE: ("哪种服务", SERVICES),
    Step.MANDATED: ("哪种情形", SITUATIONS),
}


def step_form(
    act: Step,
    values: CaseValues,
    now: Standing,
    case: CaseSpec,
    *,
    today: dt.date,
    colleagues: Mapping[str, str],
    bodies: Mapping[str, str],
) -> Form:
    """What this step asks, and nothing else."""
    fields = [*_own(act, values, now, case, colleagues), *_sent_to(act, bodies)]
    if act in _UNTIL:
        label = "有效到哪天" if act is Step.MEASURE else "哪天以前"
        fields.append(Field(name="until", label=label, type=FieldType.DAY, required=act is not Step.MEASURE))
    if act in _NOTES:
        label, help_text = _NOTES[act]
        needs = act not in _NOTE_MAY_BE_EMPTY
        fields.append(Field(name="note", label=label, type=FieldType.NOTE, help=help_text, required=needs))
    fields.append(Field(name="day", label="哪天", type=FieldType.DAY, values=(today.isoformat(),)))
    fields.append(Field(name="hour", label="几点几分", limit=5, help="空着就是现在；补记的写当时。"))
    return Form(tuple(fields))


_NOTE_MAY_BE_EMPTY = frozenset(
    {Step.MEASURE, Step.SERVICE, Step.ANSWER, Step.TASK_DONE, Step.RATED, Step.CONTACT, Step.MANDATED}
)


def _own(
    act: Step, values: CaseValues, now: Standing, case: CaseSpec, colleagues: Mapping[str, str]
) -> tuple[Field, ...]:
    """What only this kind of step asks."""
    match act:
        case Step.TRIAGE:
            return (*factor_fields(case), _colour(act, now, case))
        case Step.LOWER_ASK:
            return (_colour(act, now, case),)
        case Step.CONTACT | Step.REVISIT:
            return tuple(_ways(act, values))
        case Step.MEASURE | Step.SERVICE | Step.MANDATED:
            return (_codes(act, values, case),)
        case Step.ANSWER | Step.TASK_DONE:
            return tuple(_about(act, now))
        case Step.SEAT | Step.UNSEAT | Step.RECUSE | Step.JOIN:
            return tuple(_who(act, now, colleagues))
        case Step.CLOSE_ASK:
            outcomes = tuple(Option(each.code, each.name) for each in case.outcomes)
            return (Field(name="outcome", label="办成什么样", type=FieldType.CHOICE, options=outcomes, required=True),)
        case Step.RATED:
            return (_rating(),)
        case Step.LEVEL:
            levels = _options({"2": "二级：首次化解", "3": "三级：联合介入（X+N）"})
            return (Field(name="level", label="升到哪一级", type=FieldType.CHOICE, options=levels, required=True),)
    return ()


FACTOR = "factor."


def factor_fields(case: CaseSpec) -> tuple[Field, ...]:
    """What the scheme looks at, each yes, no or not known: whatever nobody asked is not known, never no."""
    scheme = catalog().schemes.get(case.scheme)
    if scheme is None:
        return ()
    answers = tuple(Option(known.value, known.label) for known in Known)
    return tuple(
        Field(
            name=f"{FACTOR}{factor.code}",
            label=factor.name,
            type=FieldType.CHOICE,
            options=answers,
            help=f"依据：{factor.basis}",
            values=(Known.UNKNOWN.value,),
        )
        for factor in scheme.factors
    )


def typed_factors(form: Form) -> dict[str, str]:
    """What was ticked, by factor; as the log keeps it: “injury=yes”, what is not known left out."""
    said = {field.name.removeprefix(FACTOR): field.value for field in form.fields if field.name.startswith(FACTOR)}
    return {code: value for code, value in said.items() if value in tuple(Known)}


def _rating() -> Field:
    ratings = tag_options("satisfaction", ("very", "fairly", "not"))
    help_text = "只在方便说话的时候问；对方在旁边，就不问、不记。"
    return Field(name="rating", label="她怎么说", type=FieldType.CHOICE, options=ratings, required=True, help=help_text)


def _colour(act: Step, now: Standing, case: CaseSpec) -> Field:
    if act is Step.TRIAGE:
        offered = [each for each in case.colours if case.is_higher(each.code, now.colour)]
    else:
        offered = [each for each in case.colours if case.is_higher(now.colour, each.code)]
    options = tuple(Option(each.code, each.name, note=each.means) for each in offered)
    return Field(name="colour", label="定哪一色", type=FieldType.CHOICE, options=options, required=True)


def _ways(act: Step, values: CaseValues) -> list[Field]:
    ways = {code: name for code, name in WAYS.items() if code not in values.safety.never}
    fields = [Field(name="mode", label="怎么联系的", type=FieldType.CHOICE, options=_options(ways), required=True)]
    if act is Step.CONTACT:
        fields.append(Field(name="is_met", label="联系上本人了吗", type=FieldType.YES_NO, options=_options(YES_NO)))
    fields.append(
        Field(name="two_came", label="上门是两个人一起去的吗", type=FieldType.YES_NO, options=_options(YES_NO))
    )
    return fields


def _codes(act: Step, values: CaseValues, case: CaseSpec) -> Field:
    label, names = _CODES[act]
    offered = dict(names)
    if act is Step.SERVICE and is_violent(values, case):
        offered.pop("mediation")
    return Field(name="codes", label=label, type=FieldType.CHOICES, options=_options(offered), required=True)


def _about(act: Step, now: Standing) -> list[Field]:
    is_task = act is Step.TASK_DONE
    waiting = [beat for beat in now.waiting if (beat.act is Step.TASK) is is_task]
    options = tuple(Option(beat.line, f"{beat.to or beat.act.label}：{beat.note[:24]}") for beat in waiting)
    fields = [Field(name="about", label="哪一件", type=FieldType.CHOICE, options=options, required=True)]
    if not is_task:
        answers = tuple(Option(each.value, each.label) for each in Answer)
        fields.append(Field(name="answer", label="怎么说", type=FieldType.CHOICE, options=answers, required=True))
    return fields


def _who(act: Step, now: Standing, colleagues: Mapping[str, str]) -> list[Field]:
    if act is Step.JOIN:
        return [_choice("case", "和哪一件是同一件", _options(colleagues), required=True)]
    here = {seat.account for seat in now.team if seat.ends is None}
    offered = {key: name for key, name in colleagues.items() if act is not Step.UNSEAT or key in here}
    fields = [Field(name="account", label="谁", type=FieldType.CHOICE, options=_options(offered), required=True)]
    if act is Step.SEAT:
        roles = tuple(Option(each.value, each.label) for each in Seating)
        fields.append(Field(name="role", label="做什么", type=FieldType.CHOICE, options=roles, required=True))
    return fields


def _sent_to(act: Step, bodies: Mapping[str, str]) -> list[Field]:
    if act not in _TO:
        return []
    fields = []
    if act in (Step.REFER, Step.WHISTLE) and bodies:
        fields.append(
            Field(
                name="organisation",
                label="给哪个单位",
                type=FieldType.CHOICE,
                options=_options(bodies),
                help="选了在册的单位，对方登录就看到请办的这一段，别的看不到。",
            )
        )
    label = "报给了谁" if act is Step.MANDATED else "交给谁" if act is Step.TASK else "不在册的，写名称"
    fields.append(Field(name="to", label=label, limit=60, required=act is not Step.REFER and act is not Step.WHISTLE))
    return fields


def typed_step(act: Step, form: Form) -> dict[str, Any]:
    """What was typed, as the log takes it; a day without an hour is now, or noon of an earlier day."""
    names = (
        "colour",
        "mode",
        "about",
        "answer",
        "account",
        "role",
        "outcome",
        "case",
        "rating",
        "level",
        "to",
        "organisation",
        "until",
        "note",
        "is_met",
        "two_came",
    )
    step: dict[str, Any] = {"act": act.value} | {name: form.raw(name) for name in names if name in form}
    if act is Step.TRIAGE:
        known = typed_factors(form)
        step["codes"] = [f"{code}={said}" for code, said in known.items() if said != Known.UNKNOWN]
    if "codes" in form:
        step["codes"] = list(form.raws("codes"))
    day, hour = form.raw("day").strip(), form.raw("hour").strip()
    return step | {"at": f"{day} {hour}".strip()} if hour or day else step
