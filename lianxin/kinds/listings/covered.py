"""Which places have one: the federation 妇联 of a place stands on a list while a body of a type stands in that place.

However many there are, the place is counted once; so coverage is a plain ratio of standing to standing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lianxin.base.codes import Level
from lianxin.catalog.current import catalog
from lianxin.kinds.listings.spans import Place, Stay, merged, within
from lianxin.net.models import FEDERATION, Organisation


def covering_types() -> dict[str, tuple[str, Level]]:
    """Type → (its list of places, the level of those places): where it should stand everywhere, else the village."""
    specs = catalog().organisation_types.values()
    return {
        spec.code: (spec.covered_on, Level[(spec.covers or "village").upper()]) for spec in specs if spec.covered_on
    }


def federations_beside(bodies: Iterable[Organisation]) -> list[Organisation]:
    """The federations whose place one of these bodies may cover."""
    types = covering_types()
    places = {body.region for body in bodies if body.type in types}
    return list(Organisation.objects.filter(type=FEDERATION, region__in=places)) if places else []


def federations_at(region: str) -> list[Organisation]:
    """The federation of exactly this place, if it has one."""
    return list(Organisation.objects.filter(type=FEDERATION, region=region))


def covered_stays(federations: Sequence[Organisation]) -> dict[Place, tuple[Stay, ...]]:
    """Since when and until when each of these federations has had one in its place; one query."""
    types = covering_types()
    wanted = [body for body in federations if any(level == body.level for _, level in types.values())]
    if not wanted:
        return {}
    rows = Organisation.objects.filter(type__in=types, region__in={body.region for body in wanted})
    beside: dict[str, list[Organisation]] = {}
    for row in rows.filter(founded_on__isnull=False):
        beside.setdefault(row.region, []).append(row)
    found: dict[Place, tuple[Stay, ...]] = {}
    for federation in wanted:
        for kind, (programme, level) in types.items():
            stays = merged(_stays(federation, [row for row in beside.get(federation.region, ()) if row.type == kind]))
            if level == federation.level and (spells := tuple(stays)):
                found[programme, federation.pk] = spells
    return found


def _stays(federation: Organisation, rows: Iterable[Organisation]) -> Iterable[Stay]:
    for row in rows:
        if row.founded_on and federation.founded_on and row.founded_on != row.dissolved_on:
            stay = within(Stay(row.founded_on, row.dissolved_on), federation.founded_on, federation.dissolved_on)
            if stay is not None:
                yield stay
