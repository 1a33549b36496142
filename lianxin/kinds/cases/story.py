"""A case told from top to bottom: what happened, who said so, what comes next. Words only; nothing is asked here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lianxin.base.days import SHANGHAI, say_day
from lianxin.catalog.cases import CaseSpec
from lianxin.catalog.current import catalog
from lianxin.kinds.cases.life import Owed
from lianxin.kinds.cases.queries import option_name
from lianxin.kinds.cases.rules import MEASURES, SERVICES, SITUATIONS
from lianxin.kinds.cases.steps import Answer, Beat, Seating, Step
from lianxin.kinds.cases.values import WAYS, CaseValues
from lianxin.ui.parts import Event

_CODES = {**MEASURES, **SERVICES, **SITUATIONS}
_QUIET = frozenset({Step.SEAT, Step.UNSEAT})


def told(
    values: CaseValues, owed: tuple[Owed, ...], case: CaseSpec, names: Mapping[str, str], *, now: dt.datetime
) -> tuple[Event, ...]:
    """Events oldest first, what is still owed at the end, dotted."""
    return (
        *_beginning(values, names),
        *(_event(beat, values, case, names) for beat in values.log if beat.act not in _QUIET),
        *(_ahead(each, now) for each in owed),
    )


def _beginning(values: CaseValues, names: Mapping[str, str]) -> Iterator[Event]:
    source = option_name("source", values.source)
    first = values.log[0] if values.log else None
    by = names.get(first.by, "") if first else ""
    yield Event(
        day=_day(values.at),
        time=_hour(values.at),
        title=f"{source}，{option_name('matter', values.matter)}",
        quote=values.heard,
        by=f"接收 {by} · 原话已锁定" if by and values.heard else f"接收 {by}" if by else "",
    )


def _event(beat: Beat, values: CaseValues, case: CaseSpec, names: Mapping[str, str]) -> Event:
    colour = case.colour(beat.colour)
    return Event(
        day=_day(beat.at),
        time=_hour(beat.at),
        title=title_of(beat, values, case, names),
        text=beat.note,
        by=f"记录 {names[beat.by]}" if beat.by in names else "",
        tone=colour.tone if colour and beat.act is Step.TRIAGE else "",
        tone_word=colour.name if colour and beat.act is Step.TRIAGE else "",
    )


def title_of(beat: Beat, values: CaseValues, spec: CaseSpec, names: Mapping[str, str]) -> str:
    """One step in a few words."""
    if say := _TITLES.get(beat.act):
        return say(_Told(beat, values, spec, names))
    return beat.act.label


@dataclass(frozen=True, slots=True)
class _Told:
    """A step with what its words are taken from."""

    beat: Beat
    values: CaseValues
    spec: CaseSpec
    names: Mapping[str, str]


def _colour_of(of: _Told) -> str:
    colour = of.spec.colour(of.beat.colour)
    return f"{of.beat.act.label}：{colour.name if colour else of.beat.colour}"


def _alarm(of: _Told) -> str:
    return f"又发生了，升到{of.spec.colours[0].name}"


def _contact(of: _Told) -> str:
    return f"{WAYS.get(of.beat.mode, '联系')}，{'联系上她了' if of.beat.is_met else '没联系上'}"


def _revisit(of: _Told) -> str:
    return f"回访：{WAYS.get(of.beat.mode, '联系')}"


def _sent(of: _Told) -> str:
    until = f"，{_short(of.beat.until)}前" if of.beat.until else ""
    return f"{of.beat.act.label}：{of.beat.to or of.names.get(of.beat.organisation, '')}{until}"


def _answer(of: _Told) -> str:
    asked = next((each for each in of.values.log if each.line == of.beat.about), None)
    whom = (asked.to or of.names.get(asked.organisation, "")) if asked else ""
    return f"{whom}{Answer(of.beat.answer).label if of.beat.answer else ''}"


def _measure(of: _Told) -> str:
    return f"{_codes(of.beat)}{f'，到{say_day(of.beat.until)}' if of.beat.until else ''}"


def _mandated(of: _Told) -> str:
    return f"强制报告：报给{of.beat.to}（{_codes(of.beat)}）"


def _service(of: _Told) -> str:
    return _codes(of.beat)


def _recuse(of: _Told) -> str:
    return f"{of.names.get(of.beat.account, '一位同事')}回避"


def _close_ask(of: _Told) -> str:
    outcome = of.spec.outcome(of.beat.outcome)
    return f"请求结案：{outcome.name if outcome else ''}"


def _look(of: _Told) -> str:
    what = {"whereabouts": "现在的住处", "safe_number": "安全的电话"}
    return f"看了{'、'.join(what.get(code, code) for code in of.beat.codes)}"


def _weighed(of: _Told) -> str:
    scheme = catalog().schemes.get(of.spec.scheme)
    found = [code.removesuffix("=yes") for code in of.beat.codes if code.endswith("=yes")]
    names = [factor.name for factor in scheme.factors if factor.code in found] if scheme else []
    return f"定级：{'；'.join(names)}" if names else "定级"


def _rated(of: _Told) -> str:
    return f"问她满意不满意：{option_name('satisfaction', of.beat.rating)}"


_TITLES: dict[Step, Callable[[_Told], str]] = {
    Step.LOWER_ASK: _colour_of,
    Step.ALARM: _alarm,
    Step.CONTACT: _contact,
    Step.REVISIT: _revisit,
    Step.REFER: _sent,
    Step.WHISTLE: _sent,
    Step.TASK: _sent,
    Step.ANSWER: _answer,
    Step.MEASURE: _measure,
    Step.MANDATED: _mandated,
    Step.SERVICE: _service,
    Step.RECUSE: _recuse,
    Step.CLOSE_ASK: _close_ask,
    Step.RATED: _rated,
    Step.LOOK: _look,
    Step.TRIAGE: _weighed,
}


def _codes(beat: Beat) -> str:
    return "、".join(_CODES.get(code, code) for code in beat.codes)


def _ahead(owed: Owed, now: dt.datetime) -> Event:
    late = owed.by < now
    left = (owed.by.astimezone(SHANGHAI).date() - now.astimezone(SHANGHAI).date()).days
    return Event(
        day=f"{_day(owed.by)}前",
        time="已超期" if late else "今天" if left == 0 else f"还有 {left} 天",
        title=owed.what,
        by=f"时限出处：{owed.source}" if owed.source else "",
        state="next",
        tone="red" if late else "",
        tone_word="超期" if late else "",
    )


def seat_words(role: str) -> str:
    return Seating(role).label if role in set(Seating) else "回避"


def _day(at: dt.datetime) -> str:
    return _short(at.astimezone(SHANGHAI).date())


def _short(day: dt.date | None) -> str:
    return f"{day.month}月{day.day}日" if day else ""


def _hour(at: dt.datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%H:%M")
