"""The demo's visits of 2021: which households, when, why; difficulties, ideas and gifts dealt out among them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.demo import words
from lianxin.demo.sums import YEAR, Published

MONTH_WEIGHTS = (9, 9, 8, 7, 7, 8, 6, 6, 9, 9, 11, 11)
LEADING = {
    "duty-contact": 30,
    "four-musts": 28,
    "grid-walk": 20,
    "three-conditions": 8,
    "rights-household": 5,
    "front-line": 4,
    "festival-care": 3,
    "paired-help": 2,
}


@dataclass(slots=True)
class PlannedVisit:
    """One visit as it will be handed to the door."""

    household: str
    day: dt.date
    values: dict[str, Any] = field(default_factory=dict)
    key: str = field(default_factory=new_id)


def visits_of_year(dice: Random, households: Sequence[str], published: Published) -> list[PlannedVisit]:
    """Every visit of the year, in the order of their days."""
    visited = dice.sample(list(households), published.households_visited)
    again = dice.choices(visited, k=published.repeat_visits)
    plans = [_bare(dice, household) for household in (*visited, *again)]
    plans.sort(key=lambda plan: plan.day)
    _deal_difficulties(dice, plans, published)
    _deal_opinions(dice, plans, published)
    for plan in dice.sample(plans, published.deliveries):
        kind = dice.choice(("law", "policy", "care", "skill", "health"))
        plan.values["deliveries"] = [{"id": new_id(), "kind": kind, "people": str(dice.randint(1, 6))}]
    for plan in dice.sample(plans, published.givings):
        plan.values["givings"] = [_giving(dice)]
    return plans


def _bare(dice: Random, household: str) -> PlannedVisit:
    month = dice.choices(range(1, 13), MONTH_WEIGHTS)[0]
    day = dt.date(YEAR, month, dice.randint(1, 28))
    values: dict[str, Any] = {
        "day": day.isoformat(),
        "subject_type": "household",
        "subject": household,
        "mode": dice.choices(("door", "phone", "office"), (76, 18, 6))[0],
        "purposes": list(purposes(dice)),
        "people": str(dice.choices((1, 2, 3, 4), (50, 30, 15, 5))[0]),
        "heard": words.heard(dice) if dice.random() < 0.55 else "",
    }
    return PlannedVisit(household, day, values)


def purposes(dice: Random) -> Iterator[dict[str, Any]]:
    """One line of work, sometimes a second, with a reason where the programme has any."""
    leading = dice.choices(list(LEADING), list(LEADING.values()))[0]
    also = dice.choice(list(LEADING)) if dice.random() < 0.15 else leading
    for code in dict.fromkeys((leading, also)):
        reasons = catalog().programme(code).reasons
        yield {"programme": code, "reasons": [dice.choice(reasons).code] if reasons and dice.random() < 0.8 else []}


def _deal_difficulties(dice: Random, plans: list[PlannedVisit], published: Published) -> None:
    chosen = dice.sample([plan for plan in plans if plan.day.month < 12], published.difficulties_found)
    for number, plan in enumerate(chosen):
        plan.values["difficulties"] = [difficulty(dice, plan.day, is_solved=number < published.difficulties_solved)]


def difficulty(dice: Random, found: dt.date, *, is_solved: bool) -> dict[str, Any]:
    """One difficulty; solved within the month after it was found, and before the half-year is over."""
    category, text = dice.choice(words.DIFFICULTIES)
    line: dict[str, Any] = {
        "id": new_id(),
        "text": text,
        "category": category,
        "state": "handling",
        "found_on": found.isoformat(),
        "handling_on": (min(found + dt.timedelta(days=dice.randint(0, 3)), last_of_half(found))).isoformat(),
        "handler": dice.choice(words.HANDLERS),
    }
    if is_solved:
        solved = min(found + dt.timedelta(days=dice.randint(4, 30)), last_of_half(found))
        line |= {"state": "solved", "solved_on": solved.isoformat()}
    return line


def last_of_half(day: dt.date) -> dt.date:
    return dt.date(day.year, 6, 30) if day.month <= 6 else dt.date(day.year, 12, 31)


def _deal_opinions(dice: Random, plans: list[PlannedVisit], published: Published) -> None:
    chosen = dice.sample(plans, published.opinions)
    for number, plan in enumerate(chosen):
        is_idea = number < published.golden_ideas
        text = dice.choice(words.IDEAS if is_idea else words.OPINIONS)
        plan.values["opinions"] = [{"id": new_id(), "text": text, "idea": is_idea}]


def _giving(dice: Random) -> dict[str, Any]:
    if dice.random() < 0.5:
        amount = dice.choice(("200.00", "300.00", "500.00", "800.00"))
        return {"id": new_id(), "what": "money", "name": "慰问金", "amount": amount, "giver": dice.choice(words.GIVERS)}
    name, measure_word, each = dice.choice(words.GOODS)
    count = dice.randint(1, 2)
    return {
        "id": new_id(),
        "what": "goods",
        "name": name,
        "quantity": str(count),
        "measure_word": measure_word,
        "amount": f"{each * count}.00",
        "giver": dice.choice(words.GIVERS),
    }
