"""How long organisations stand on the lists that follow them: their founding and their memberships say so.

Read by the kind, which takes nothing else on such a list, and by `bodies`, which keeps the listings up with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from lianxin.access.actor import Actor, Grant
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level
from lianxin.catalog.current import catalog
from lianxin.kinds.listings.covered import covered_stays
from lianxin.kinds.listings.spans import Place, Stay, merged
from lianxin.net.models import FEDERATION, Member, Organisation

_VERBS = frozenset({Verb.LISTING_READ, Verb.LISTING_RECORD, Verb.LISTING_AMEND, Verb.LISTING_VOID})
NOT_GRADED = "这一类组织不评这个，请重新选册子。"
FOLLOWED = "这本册子跟着组织走：请到组织的页面登记成立、撤销、加入、退出，或改日期。"

LAID = "这本册子换届时自动记下，不用手登；名单有错的，当天撤回换届，改好再办。"
MODE = "mode"  # the question of a list that says how its bodies were formed
KEEPER = "行事"  # no code of a role is written so: only code grants it, for what follows from an act


def followed_lists() -> frozenset[str]:
    """The lists on which nobody puts anything by hand: they follow the organisations or their members."""
    types = catalog().organisation_types.values()
    return frozenset(
        {
            code
            for spec in types
            for code in (spec.counted_on, spec.members_on, spec.covered_on, spec.rebuilt_on)
            if code
        }
    )


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
    """Where these organisations should stand on followed lists, oldest stay first; at most three queries."""
    found: dict[Place, list[Stay]] = {}
    bodies = list(Organisation.objects.filter(id__in=keys, founded_on__isnull=False).select_related("rebuilt_from"))
    for body in bodies:
        for programme, stay in _own_stays(body):
            found.setdefault((programme, body.pk), []).append(stay)
    for member in Member.objects.filter(body__in=keys).select_related("organisation"):
        spec = catalog().organisation_types.get(member.organisation.type)
        if spec and spec.members_on and member.body_id:
            stay = Stay(member.starts, member.ends, _member_category(spec.members_on, spec.code))
            found.setdefault((spec.members_on, member.body_id), []).append(stay)
    own = {place: tuple(merged(stays)) for place, stays in found.items()}
    return own | covered_stays([body for body in bodies if body.type == FEDERATION])


def _own_stays(body: Organisation) -> Iterable[tuple[str, Stay]]:
    """The list that counts its type; where it was rebuilt from another body, the list of that besides."""
    spec = catalog().organisation_types.get(body.type)
    if spec is None or body.founded_on is None or body.founded_on == body.dissolved_on:
        return
    if spec.counted_on:
        mode = mode_on(spec.counted_on, body.mode)
        yield spec.counted_on, Stay(body.founded_on, body.dissolved_on, _category(body), mode)
    if spec.rebuilt_on and body.rebuilt_from is not None:
        yield spec.rebuilt_on, Stay(body.founded_on, body.dissolved_on, body.rebuilt_from.type)


def mode_on(programme: str, mode: str) -> str:
    """How a body was formed, where its list asks and knows it."""
    spec = catalog().find_programme(programme)
    asked = next((field for field in spec.counted_fields if field.code == MODE), None) if spec else None
    return mode if asked and any(option.code == mode for option in asked.options) else ""


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
