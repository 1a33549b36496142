"""Which step may follow, by whom, and why not. Pure; what is refused is said as a village chair would say it."""

from __future__ import annotations

from dataclasses import dataclass

from lianxin.catalog.cases import CaseSpec
from lianxin.kinds.cases.life import OPEN, RECUSED, Stage, Standing
from lianxin.kinds.cases.steps import Beat, Seating, Step
from lianxin.kinds.cases.values import CaseValues

SITUATIONS = {
    "injury": "生殖器官或隐私部位有非正常损伤",
    "under-14": "不满十四周岁的女孩疑似遭性侵、怀孕、流产",
    "over-14": "十四周岁以上女孩疑似因性侵怀孕、流产",
    "wounds": "多处损伤、严重营养不良、意识不清，疑似家暴、欺凌、虐待、麻醉",
    "self-harm": "自杀、自残、工伤、中毒、麻醉、殴打等致残致死",
    "abandoned": "被遗弃，或长期没有人照看",
    "missing": "来源不明、失踪、被拐卖、被收买",
    "begging": "被组织乞讨",
    "other": "别的受到侵害或可能受到侵害的情形",
}
"""九种情形：关于建立侵害未成年人案件强制报告制度的意见（试行）第四条."""
SERVICES = {
    "law": "普法宣传",
    "reception": "信访接待",
    "mediation": "家庭调解",
    "legal-aid": "法律帮助",
    "counselling": "心理疏导",
    "hardship": "困难帮扶",
    "other-side": "对方的法治教育、心理辅导",
}
"""“六位一体”加对方一侧（反家庭暴力法第二十二条）."""
MEASURES = {
    "warning": "告诫书",
    "criticism": "批评教育",
    "penalty": "治安处罚",
    "no-contact": "禁止接触令",
    "protection": "人身安全保护令",
    "criminal": "刑事立案",
    "shelter": "庇护",
    "legal-aid": "法律援助",
    "confirmation": "司法确认",
    "relief": "社会救助",
    "duty-notice": "家庭责任告知书",
}


@dataclass(frozen=True, slots=True)
class Hand:
    """Who does a step: her account, and whether she supervises there."""

    account: str
    supervises: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A step that somebody wants to take, and where the case stands before it."""

    values: CaseValues
    now: Standing
    beat: Beat
    hand: Hand
    case: CaseSpec


def is_violent(values: CaseValues, case: CaseSpec) -> bool:
    """Whether nobody may be urged to make peace: by its matter, or by what was done about it."""
    if values.matter in case.violent:
        return True
    acts = {beat.act for beat in values.log}
    codes = {code for beat in values.log if beat.act is Step.MEASURE for code in beat.codes}
    return Step.MANDATED in acts or bool(codes & {"warning", "protection", "no-contact", "criminal"})


def refusal(move: Move) -> tuple[str, str] | None:
    """(field, sentence) why this step may not follow; None when it may."""
    if move.now.stage is Stage.CONSULTED and move.beat.act not in _OF_THE_TEAM:
        return "act", "这一条只是咨询，没有立案；要办的话请另登一件。"
    if move.now.stage is Stage.JOINED and move.beat.act not in (Step.APART, *_OF_THE_TEAM):
        return "act", "这一件已经并到另一件，请到那一件里办；并错了的，先分开。"
    last = move.values.log[-1].at if move.values.log else move.values.at
    if move.beat.at < move.values.at:
        return "at", "时间不能早于来件的时间。"
    if move.beat.act in _ORDERED and move.beat.at < last and move.values.log and move.values.log[-1].act in _ORDERED:
        return "at", "时间不能早于上一步。"
    ask = _ASKS.get(move.beat.act)
    return ask(move) if ask else None


_OF_THE_TEAM = (Step.NOTE, Step.SEAT, Step.UNSEAT, Step.RECUSE, Step.LOOK)
_ORDERED = frozenset({Step.TRIAGE, Step.ALARM, Step.LOWER, Step.CLOSE_ASK, Step.CLOSE, Step.REOPEN, Step.REVISIT})


def _triage(move: Move) -> tuple[str, str] | None:
    if move.case.colour(move.beat.colour) is None:
        return "colour", "请从列出的颜色里选。"
    if not move.beat.note:
        return "note", "请写明为什么定这一色。"
    if move.now.stage not in OPEN:
        return "act", "已经结案，要再定级请先重新办理。"
    if move.now.colour and not move.case.is_higher(move.beat.colour, move.now.colour):
        return "colour", "降级要第二个人同意，请用“请求降级”；升级马上生效。"
    return None


def _lower_ask(move: Move) -> tuple[str, str] | None:
    if move.now.stage not in OPEN or not move.now.colour:
        return "act", "还没有定级，或者已经结案，不用降级。"
    if move.case.colour(move.beat.colour) is None or not move.case.is_higher(move.now.colour, move.beat.colour):
        return "colour", "请选比现在轻的颜色。"
    return None if move.beat.note else ("note", "请写明为什么可以降。")


def _lower(move: Move) -> tuple[str, str] | None:
    if move.now.asked_colour is None:
        return "act", "没有人请求降级。"
    if move.now.asked_colour.by == move.beat.by:
        return "act", "降级要两个人：请求的人自己不能同意。"
    return None if move.beat.note else ("note", "请写一句为什么。")


def _session(move: Move) -> tuple[str, str] | None:
    if is_violent(move.values, move.case):
        return "act", "涉及暴力，不做劝和调解：先保安全，可以转介、申请保护令、心理辅导。"
    return None if move.now.stage in OPEN else ("act", "已经结案。")


def _close_ask(move: Move) -> tuple[str, str] | None:
    if move.now.stage is not Stage.WORKING:
        return "act", "在办的才能请求结案。"
    colour = move.case.colour(move.now.colour)
    if colour is not None and not colour.closes:
        return "act", f"{colour.name}不能直接结案，请先降级，降级要第二个人同意。"
    if move.now.contacted is None and move.beat.outcome not in ("lost", "death", "moved"):
        return "act", "还没有联系上本人，不能结案。"
    if move.case.outcome(move.beat.outcome) is None:
        return "outcome", "请选办成什么样。"
    return None if move.beat.note else ("note", "请写明怎么办成的。")


def _close(move: Move) -> tuple[str, str] | None:
    if move.now.asked_close is None:
        return "act", "没有人请求结案。"
    if move.now.asked_close.by == move.beat.by:
        return "act", "结案要另一个人审：请求的人自己不能审。"
    if not move.hand.supervises:
        return "act", "结案由镇、县妇联审。"
    return None if move.beat.note else ("note", "请写一句审看的意见。")


def _answer(move: Move) -> tuple[str, str] | None:
    if move.beat.about not in {each.line for each in move.now.waiting if each.act is not Step.TASK}:
        return "about", "没有等着答复的这一件，可能已经答复过了。"
    return None if move.beat.answer else ("answer", "请选对方怎么说。")


def _task_done(move: Move) -> tuple[str, str] | None:
    open_tasks = {each.line for each in move.now.waiting if each.act is Step.TASK}
    return None if move.beat.about in open_tasks else ("about", "没有等着办的这一项，可能已经办好了。")


def _sent(move: Move) -> tuple[str, str] | None:
    if move.now.stage not in OPEN:
        return "act", "已经结案，要接着办请先重新办理。"
    if not (move.beat.to or move.beat.organisation):
        return "to", "请写给谁。"
    if move.beat.until is None or move.beat.until < move.beat.day:
        return "until", "请写哪天以前答复，不早于今天。"
    return None if move.beat.note else ("note", "请写要对方做什么；对方只看到这一段。")


def _seat(move: Move) -> tuple[str, str] | None:
    if not move.beat.account:
        return "account", "请选一个人。"
    if any(seat.account == move.beat.account and seat.role == RECUSED for seat in move.now.team):
        return "account", "她要回避，不能进来承办。"
    if move.beat.role not in {each.value for each in Seating}:
        return "role", "请选她做什么。"
    return None


def _unseat(move: Move) -> tuple[str, str] | None:
    here = {seat.account for seat in move.now.team if seat.ends is None and seat.role != RECUSED}
    if move.beat.account not in here:
        return "account", "她不在这一件里。"
    if move.beat.account == move.now.lead:
        return "account", "主办不能空着：请先让别人做主办，她再退出。"
    return None


def _recuse(move: Move) -> tuple[str, str] | None:
    if not move.beat.account:
        return "account", "请选谁回避。"
    if not move.beat.note:
        return "note", "请写明为什么回避。"
    here = {seat.account for seat in move.now.team if seat.ends is None and seat.role != RECUSED}
    if move.beat.account == move.now.lead and here - {move.beat.account} == set():
        return "account", "只剩她一个承办人：请先让别人做主办，她再回避。"
    return None


def _revisit(move: Move) -> tuple[str, str] | None:
    if move.now.stage not in (Stage.CLOSED, Stage.SETTLED):
        return "act", "结案以后才叫回访；在办的请记“联系”。"
    return None if move.beat.note else ("note", "请写看到的、听到的。")


def _rated(move: Move) -> tuple[str, str] | None:
    if move.now.stage not in (Stage.CLOSED, Stage.SETTLED):
        return "act", "结案以后再问满意不满意。"
    return None if move.beat.rating in ("very", "fairly", "not") else ("rating", "请选她怎么说；不便问就不用记。")


def _reopen(move: Move) -> tuple[str, str] | None:
    if move.now.stage not in (Stage.CLOSED, Stage.SETTLED):
        return "act", "没有结案，不用重新办理。"
    return None if move.beat.note else ("note", "请写明为什么重新办理。")


def _contact(move: Move) -> tuple[str, str] | None:
    if move.beat.mode in move.values.safety.never:
        return "mode", "她说过不要用这种办法找她。"
    if not move.beat.mode:
        return "mode", "请选怎么联系的。"
    colour = move.case.colour(move.now.colour)
    if move.beat.mode == "door" and colour is not None and colour.two_visitors and not move.beat.two_came:
        return "two_came", f"{colour.name}上门要两个人一起去。"
    return None


def _mandated(move: Move) -> tuple[str, str] | None:
    if not set(move.beat.codes) or not set(move.beat.codes) <= set(SITUATIONS):
        return "codes", "请选是哪种情形，可以选几种。"
    return None if move.beat.to else ("to", "请写报给了谁，例如派出所；还没有报的，请马上打 110。")


def _needs_note(move: Move) -> tuple[str, str] | None:
    return None if move.beat.note else ("note", "请写一句。")


def _measure(move: Move) -> tuple[str, str] | None:
    return None if set(move.beat.codes) and set(move.beat.codes) <= set(MEASURES) else ("codes", "请选是哪种措施。")


def _service(move: Move) -> tuple[str, str] | None:
    if not set(move.beat.codes) or not set(move.beat.codes) <= set(SERVICES):
        return "codes", "请选是哪种服务。"
    if "mediation" in move.beat.codes and is_violent(move.values, move.case):
        return "codes", "涉及暴力，不做劝和调解。"
    return None


def _join(move: Move) -> tuple[str, str] | None:
    if move.now.stage not in OPEN:
        return "act", "在办的才能并案。"
    return None if move.beat.case and move.beat.note else ("note", "请写明为什么是同一件。")


def _apart(move: Move) -> tuple[str, str] | None:
    if move.now.stage is not Stage.JOINED:
        return "act", "这一件没有并过。"
    return None if move.beat.note else ("note", "请写明为什么不是同一件。")


_ASKS = {
    Step.TRIAGE: _triage,
    Step.LOWER_ASK: _lower_ask,
    Step.LOWER: _lower,
    Step.LOWER_NO: _lower,
    Step.SESSION: _session,
    Step.CLOSE_ASK: _close_ask,
    Step.CLOSE: _close,
    Step.CLOSE_NO: _close,
    Step.ANSWER: _answer,
    Step.TASK_DONE: _task_done,
    Step.REFER: _sent,
    Step.WHISTLE: _sent,
    Step.TASK: _sent,
    Step.SEAT: _seat,
    Step.UNSEAT: _unseat,
    Step.RECUSE: _recuse,
    Step.REVISIT: _revisit,
    Step.RATED: _rated,
    Step.REOPEN: _reopen,
    Step.CONTACT: _contact,
    Step.MANDATED: _mandated,
    Step.ALARM: _needs_note,
    Step.NOTE: _needs_note,
    Step.CONFERENCE: _needs_note,
    Step.MEASURE: _measure,
    Step.SERVICE: _service,
    Step.JOIN: _join,
    Step.APART: _apart,
    Step.LEVEL: _needs_note,
    Step.LOOK: _needs_note,
}
