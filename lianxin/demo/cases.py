"""The demo's family disputes of 2021: found and resolved as published, laid as old cases; a few of today.

Everybody is invented; no case tells a real one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from lianxin.access.actor import Actor, Grant
from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI
from lianxin.base.ids import new_id
from lianxin.demo.sums import YEAR, Published
from lianxin.records.door import submit
from lianxin.records.drafts import Draft
from lianxin.register.drafts import HouseholdDraft

Progress = Callable[[str], None]
SOURCES = {"alarm-110": 38, "hotline-12338": 11, "micro-home": 9, "grid": 20, "member": 16, "caller": 4, "court": 2}
COLOURS = {"blue": 68, "yellow": 26, "red": 6}
MATTERS = {"couple": 52, "elders": 16, "children": 12, "property": 14, "love": 4, "other": 2}
GISTS = {
    "couple": ("为钱争吵", "为打牌吵了几次", "分床半年，孩子夹在中间", "喝了酒就摔东西", "疑心有外人，天天盘问"),
    "elders": ("婆媳为带孩子吵", "老人住哪家说不拢", "小姑子插手家事"),
    "children": ("离了婚，看孩子被拦着", "孩子上学的钱没人出", "孩子不肯回家"),
    "property": ("拆迁分钱说不拢", "老人的房子给谁住", "借给兄弟的钱要不回来"),
    "love": ("同居分手，东西没分清",),
    "other": ("邻里牵扯到家里",),
    "violence": ("动了手，胳膊上有伤", "推搡，摔了手机", "当着孩子的面打人"),
}
DONE = (
    "两口子讲开了，写了保证",
    "分了账，各管各的",
    "老人轮流住，按月排好",
    "家里人坐下来谈了两次",
    "搬出去住了，安稳了",
)
_SUPERVISING = frozenset({Verb.CASE_SUPERVISE, Verb.CASE_READ, Verb.CASE_RECORD, Verb.CASE_WORK})


def lay_cases(
    dice: Random,
    actors: dict[str, Actor],
    reviewer: Actor,
    homes: Sequence[HouseholdDraft],
    *,
    published: Published,
    now: dt.datetime,
    progress: Progress,
) -> None:
    """As many as were found, as many of them resolved within the year; the rest early in the next."""
    progress("登记家事纠纷 …")
    drafts: dict[str, list[Draft]] = {}
    for number, home in enumerate(dice.choices(homes, k=published.disputes_found)):
        is_resolved = number < published.disputes_resolved
        values = _old(dice, home, actors[home.region], reviewer, in_time=is_resolved)
        drafts.setdefault(home.region, []).append(Draft("case", new_id(), values))
    at = dt.datetime(YEAR + 1, 12, 31, 20, 0, tzinfo=SHANGHAI)
    for village, mine in sorted(drafts.items()):
        submit(_entering(actors[village]), mine, at=at)
    _lay_of_today(dice, actors, homes, now)


def _entering(actor: Actor) -> Actor:
    """Old paper cases are entered by who supervises; in the demo the village's own, so that they count as hers."""
    return actor.also(Grant(role="demo", verbs=_SUPERVISING, region=actor.grants[0].region))


def _old(dice: Random, home: HouseholdDraft, lead: Actor, reviewer: Actor, *, in_time: bool) -> dict[str, Any]:
    """One case of 2021 from its report to its last revisit."""
    first = dt.date(YEAR, 1, 1) if in_time else dt.date(YEAR, 11, 25)
    day = first + dt.timedelta(days=dice.randrange(335 if in_time else 34))
    is_violent = dice.random() < 0.14
    matter = "violence" if is_violent else _dealt(dice, MATTERS)
    colour = "red" if is_violent and dice.random() < 0.4 else _dealt(dice, COLOURS)
    log = [{"act": "seat", "account": lead.account, "role": "lead", "by": lead.account, "at": f"{day} 09:00"}]
    log += _handled(day, colour, is_violent=is_violent, lead=lead.account, reviewer=reviewer.account)
    # Closed about three weeks after it came in; what came in last of all, in the next year.
    closing = day + dt.timedelta(days=dice.randint(18, 24))
    if not in_time:
        closing = max(closing, dt.date(YEAR + 1, 1, dice.randint(4, 28)))
    outcome = "safe" if is_violent else dice.choice(("agreed", "calmed"))
    asked, reviewed = closing - dt.timedelta(days=1), closing
    log.append(_step("close-ask", asked, lead.account, dice.choice(DONE), outcome=outcome))
    log.append(_step("close", reviewed, reviewer.account, "看过材料，属实"))
    for after in (90,) if colour == "blue" else (30, 90):
        log.append(_step("revisit", reviewed + dt.timedelta(days=after), lead.account, "都好", mode="call"))
    return {
        "programme": "violence" if is_violent else "dispute",
        "day": day.isoformat(),
        "hour": "9:00",
        "source": _dealt(dice, SOURCES),
        "matter": matter,
        "gist": dice.choice(GISTS[matter]),
        "household": home.id,
        "safety": {"is_asked": "yes", "ways": ["call", "office"]},
        "log": log,
    }


def _handled(day: dt.date, colour: str, *, is_violent: bool, lead: str, reviewer: str) -> list[dict[str, Any]]:
    """Weighed on the day, met soon, served; red is lowered by two people before it may be closed."""
    met = day + dt.timedelta(days={"red": 0, "yellow": 1, "blue": 3}[colour])
    steps = [
        _step("triage", day, lead, "按现场情况定", colour=colour),
        _step("contact", met, lead, "见了面，先听她说", mode="office", is_met=True),
    ]
    if is_violent:
        steps.append(
            _step("service", met + dt.timedelta(days=2), lead, "陪着去了一趟", codes=["counselling", "legal-aid"])
        )
    else:
        steps.append(_step("session", met + dt.timedelta(days=5), lead, "两边都来了，谈了一个钟头"))
    if colour == "red":
        lowered = day + dt.timedelta(days=15)
        steps.append(_step("lower-ask", lowered, lead, "半个月没有再动手，搬开住了", colour="yellow"))
        steps.append(_step("lower", lowered, reviewer, "同意，继续看着"))
    return steps


def _step(act: str, day: dt.date, by: str, note: str, **more: Any) -> dict[str, Any]:
    hour = {"triage": "10:00", "contact": "14:00", "lower": "15:00"}.get(act, "14:30")
    return {"act": act, "at": f"{day} {hour}", "by": by, "note": note, **more}


def _lay_of_today(dice: Random, actors: dict[str, Actor], homes: Sequence[HouseholdDraft], now: dt.datetime) -> None:
    """A dozen open ones in one town, so that the duty desk has something to do."""
    if now.year <= YEAR + 1:
        return
    near = [home for home in homes if home.region.startswith("330402100")]
    for number, home in enumerate(dice.sample(near, min(12, len(near)))):
        day = now.date() - dt.timedelta(days=dice.randint(0, 9))
        matter = "violence" if number == 0 else _dealt(dice, MATTERS)
        lead = actors[home.region]
        log = [{"act": "seat", "account": lead.account, "role": "lead", "by": lead.account, "at": f"{day} 08:00"}]
        if number % 4:
            colour = "red" if number == 1 else _dealt(dice, {"blue": 6, "yellow": 4})
            log.append(_step("triage", day, lead.account, "按现场情况定", colour=colour) | {"at": f"{day} 08:00"})
        values = {
            "programme": "violence" if matter == "violence" else "dispute",
            "day": day.isoformat(),
            "hour": "8:00",
            "source": _dealt(dice, SOURCES),
            "matter": matter,
            "gist": dice.choice(GISTS[matter]),
            "household": home.id,
            "safety": {"is_asked": "yes", "ways": ["call"]},
            "log": log,
        }
        submit(_entering(lead), [Draft("case", new_id(), values)], at=now)


def _dealt(dice: Random, weights: dict[str, int]) -> str:
    return dice.choices(list(weights), list(weights.values()))[0]
