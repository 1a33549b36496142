"""How long organisations stand on the lists that follow them: their founding and their memberships say so.

Read by the kind, which takes nothing else on such a list, and by `bodies`, which keeps the listings up with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from lianxin.access.actor import Actor, Grant
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level
from lianxin.catalog.current import catalog
from lianxin.net.models import Member, Organisation

_VERBS = frozenset({Verb.LISTING_READ, Verb.LISTING_RECORD, Verb.LISTING_AMEND, Verb.LISTING_VOID})
NOT_GRADED = "这一类组织不评这个，请重新选册子。"
FOLLOWED = "这本册子跟着组织走：请到组织的页面登记成立、撤销、加入、退出，或改日期。"

LAID = "这本册子换届时自动记下，不用手登；名单有错的，当天撤回换届，改好再办。"
KEEPER = "行事"  # no code of a role is written so: only code grants it, for what follows from an act

Place = tuple[str, str]
"""(list, organisation)."""


@dataclass(frozen=True, slots=True)
class Stay:
    """From a day to before a day (None: still) in a class of the list ("" where it has none)."""

    starts: dt.date
    ends: dt.date | None
    category: str = ""


def followed_lists() -> frozenset[str]:
    """The lists on which nobody puts anything by hand: they follow the organisations or their members."""
    types = catalog().organisation_types.values()
    return frozenset({code for spec in types for code in (spec.counted_on, spec.members_on) if code})


def grade_lists() -> frozenset[str]:
    """The lists that bodies are put on when they win a grade, and leave with their dissolution at the latest."""
    return frozenset(code for spec in catalog().organisation_types.values() for code in spec.graded_on)


def laid_lists() -> frozenset[str]:
    """The lists that a change of term fills at its hour, and nobody by hand."""
    return frozenset(spec.code for spec in catalog().of_kind("listing") if spec.laid_by == "terms")


def keeping(actor: Actor, regions: Iterable[str], lists: frozenset[str]) -> Actor:
    """The same person, allowed for this act to keep lists up with what she has just been let do."""
    grants = (Grant(KEEPER, _VERBS, region, programmes=lists) for region in sorted(set(regions)))
    return actor.also(*grants)


def keeps(actor: Actor, programme: str) -> bool:
    """Whether she acts as the keeper of a list."""
    return any(
        grant.role == KEEPER and grant.programmes is not None and programme in grant.programmes
        for grant in actor.grants
    )


def not_to_be_graded(asked: Collection[Place]) -> frozenset[Place]:
    """Those of (grade list, organisation) whose type does not win that grade."""
    lists = grade_lists()
    graded = {(programme, key) for programme, key in asked if programme in lists}
    if not graded:
        return frozenset()
    types = dict(Organisation.objects.filter(id__in={key for _, key in graded}).values_list("id", "type"))
    specs = catalog().organisation_types
    return frozenset(
        (programme, key)
        for programme, key in graded
        if types.get(key) in specs and programme not in specs[types[key]].graded_on
    )


def stays_of(keys: Collection[str]) -> dict[Place, tuple[Stay, ...]]:
    """Where these organisations should stand on followed lists, oldest stay first; two queries."""
    found: dict[Place, list[Stay]] = {}
    for body in Organisation.objects.filter(id__in=keys, founded_on__isnull=False):
        spec = catalog().organisation_types.get(body.type)
        if spec and spec.counted_on and body.dissolved_on != body.founded_on and body.founded_on:
            stay = Stay(body.founded_on, body.dissolved_on, _category(body))
            found.setdefault((spec.counted_on, body.pk), []).append(stay)
    for member in Member.objects.filter(body__in=keys).select_related("organisation"):
        spec = catalog().organisation_types.get(member.organisation.type)
        if spec and spec.members_on and member.body_id:
            stay = Stay(member.starts, member.ends, _member_category(spec.members_on, spec.code))
            found.setdefault((spec.members_on, member.body_id), []).append(stay)
    return {place: tuple(_merged(stays)) for place, stays in found.items()}


def _category(body: Organisation) -> str:
    spec = catalog().organisation_type(body.type)
    match spec.category_from:
        case "type":
            return body.type
        case "field":
            return body.field
        case "mode":
            return body.mode
        case "level":
            return Level(body.level).name.lower()
        case _:
            return ""


def _member_category(programme: str, type_code: str) -> str:
    """Members are classed by the type of what they joined, where their list knows it."""
    known = catalog().programme(programme).categories
    return type_code if any(option.code == type_code for option in known) else ""


def _merged(stays: Iterable[Stay]) -> Iterable[Stay]:
    """One stay for those that touch: who is in two alliances stands on their list once, as of the first she joined."""
    current: Stay | None = None
    for stay in sorted(stays, key=lambda each: (each.starts, each.ends is None, each.ends or each.starts)):
        if current is None:
            current = stay
        elif current.ends is None or stay.starts <= current.ends:
            is_longer = current.ends is not None and (stay.ends is None or stay.ends > current.ends)
            current = replace(current, ends=stay.ends) if is_longer else current
        else:
            yield current
            current = stay
    if current is not None:
        yield current
