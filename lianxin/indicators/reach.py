"""Whose figures somebody may look at: any region of her county, everything above it and everything below her posts."""

from __future__ import annotations

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, is_under, level_of
from lianxin.base.days import Period
from lianxin.base.errors import Unseen
from lianxin.ledger.view import LedgerView


def counties(actor: Actor, verb: Verb = Verb.FIGURE_READ) -> tuple[str, ...]:
    """The counties of an actor's posts; the post's own region where it stands higher than a county."""
    return tuple(dict.fromkeys(top[: Level.COUNTY.length] for top in actor.regions(verb)))


def may_look_at(actor: Actor, region: str, verb: Verb = Verb.FIGURE_READ) -> bool:
    """Whether figures (or reports) of a region are open to her."""
    return any(is_under(region, county) or is_under(county, region) for county in counties(actor, verb))


def figure_view(actor: Actor, region: str, period: Period, *, own_level: bool = False) -> LedgerView:
    """The view that every page of figures starts from; Unseen for another county's region, Forbidden without the verb.

    A well-formed code is needed: Refused otherwise, and for a grid.
    """
    actor.require(Verb.FIGURE_READ)
    level_of(region)
    if not may_look_at(actor, region):
        raise Unseen("您能看的是本县和上级的数字，这个区域不在其中。")
    return LedgerView(actor, region, period, own_level=own_level)
