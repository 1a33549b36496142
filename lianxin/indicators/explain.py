"""How a figure is counted, in sentences for the person who is asked about it (怎么算的)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lianxin.base.days import Period, say_day
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import IndicatorSpec, MeasureSpec
from lianxin.indicators.veil import programmes_behind


@dataclass(frozen=True, slots=True)
class Told:
    """One line: what it is about, what is to be said."""

    label: str
    text: str


FOLD_NAMES = {"flow": "相加", "stock": "在册", "distinct": "去重", "ratio": "比率"}


def explain(spec: IndicatorSpec, period: Period) -> tuple[Told, ...]:
    """Measure, fold, day, lines of work, source: in this order."""
    lines = [Told("数什么", spec.note), Told("怎么数", _fold(spec, period))]
    if spec.fold == "ratio":
        names = [catalog().indicator(code).name for code in (spec.numerator, spec.denominator)]
        return (*lines, Told("两个数", f"“{names[0]}”除以“{names[1]}”；下面列的是“{names[1]}”的记录。"))
    measure = catalog().measure(spec.measure)
    lines.append(Told("记一笔", measure.source))
    lines.append(Told("算哪天", _day(spec, period)))
    lines += _programmes(spec, measure)
    if spec.small:
        lines.append(Told("小的数", f"涉及受保护的记录：{hidden_note(spec)}。"))
    if spec.aka:
        lines.append(Told("又叫", "；".join(spec.aka)))
    return tuple(lines)


def fold_words(spec: IndicatorSpec, period: Period, *, until: dt.date | None = None) -> str:
    """The fold in half a sentence, for beside the number: 同一户全年只算一次. `until` is today."""
    match spec.fold:
        case "flow":
            return "一次算一次，可以相加"
        case "stock":
            if until is not None and until < period.last_day:
                return "到今天在册的数"
            return f"到{say_day(period.last_day)}在册的数"
        case "distinct":
            return f"同一{_one(spec)}{_within(period)}只算一次"
        case _:
            return "两个数相除"


def hidden_note(spec: IndicatorSpec) -> str:
    """Said below a number or a table with something hidden. Which cell is which is not told."""
    return f"少于{spec.small}的不显示，能推算出它的也不显示"


def _fold(spec: IndicatorSpec, period: Period) -> str:
    match spec.fold:
        case "flow":
            return f"{period.name}里发生的逐笔相加；各地相加、各月相加，都等于总数。"
        case "stock":
            return f"到{say_day(period.last_day)}还在册的；各地可以相加，各月不能相加。"
        case "distinct":
            return (
                f"同一{_one(spec)}在{period.name}里不管几次，只算一次。"
                "各月相加会多，两个地方都有的，各地相加也会多，以总数为准。"
            )
        case _:
            return "分母是 0 的时候没有数。"


def _one(spec: IndicatorSpec) -> str:
    return spec.unit if spec.unit in ("户", "人", "家", "个") else "对象"


def _within(period: Period) -> str:
    return {12: "全年", 6: "半年里", 3: "一个季度里", 1: "一个月里"}[period.span.months]


def _day(spec: IndicatorSpec, period: Period) -> str:
    if spec.fold == "stock":
        return f"{say_day(period.last_day)}那天结束的时候。"
    return f"事情发生在{say_day(period.start)}到{say_day(period.last_day)}的，不看哪天登记。"


def _programmes(spec: IndicatorSpec, measure: MeasureSpec) -> list[Told]:
    names = [programme.name for programme in programmes_behind(spec)]
    lines = [Told("哪些工作", "；".join(names) or "目录里眼下没有工作记这一笔。")]
    options = {
        (tag, option.code): option.name
        for (owner, tag), known in catalog().tags.items()
        if owner == measure.owner
        for option in known.options
    }
    chosen = [options[name, code] for name, codes in spec.where for code in codes if (name, code) in options]
    return [*lines, Told("只数", "、".join(chosen))] if chosen else lines
