"""What stands where, as a ledger: every town and village below a place, how many of each group, what it lacks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, level_of
from lianxin.base.days import now, say_day
from lianxin.catalog.bodies import GROUPS, OrganisationTypeSpec
from lianxin.catalog.current import catalog
from lianxin.desk.organisations import queries
from lianxin.desk.organisations.screens_places import region_asked
from lianxin.desk.taking import TakeOut
from lianxin.exchange.sheets import Column, Kind, LedgerSheet, Value, say_export
from lianxin.net.regions import path_name, region_name, subtree

LEVELS = (Level.TOWN, Level.VILLAGE)


class PlacesExport(TakeOut):
    """The page of places, all levels below at once."""

    title = "导出各地组织台账"

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.ORGANISATION_READ)
        at = now()
        region = region_asked(actor, self.request.GET.get("region", ""))
        covers = [spec for spec in catalog().organisation_types.values() if spec.covers]
        title = f"{region_name(region)}各地组织台账"
        columns = (
            Column("地方", width=26),
            Column("区划代码", Kind.CODE),
            *(Column(name, Kind.WHOLE, 12) for name in GROUPS.values()),
            *(Column(spec.name, Kind.NAME, 14) for spec in covers),
        )
        rows = _rows(actor, region, covers, on=at.date())
        period = f"{say_day(at.date())}在的"
        says = say_export(what="各地组织", where=region_name(region), period=period, by=actor.name, at=at)
        return LedgerSheet(title, says, columns, rows, is_numbered=True)


def _rows(actor: Actor, region: str, covers: list[OrganisationTypeSpec], *, on: dt.date) -> Iterator[tuple[Value, ...]]:
    types = catalog().organisation_types
    having = queries.places_having(actor, region, [spec.code for spec in covers], on=on)
    counted = {level: queries.standing_by_place(actor, region, level, on=on) for level in LEVELS}
    places = [row for level in LEVELS if level >= level_of(region) for row in subtree(region, level)]
    for place in sorted(places, key=lambda row: row.code):
        many = counted[Level(place.level)].get(place.code, {})
        groups = [
            sum(number for kind, number in many.items() if (types[kind].group if kind in types else "unit") == group)
            for group in GROUPS
        ]
        said = [_said(spec, Level(place.level), place.code in having[spec.code]) for spec in covers]
        yield (path_name(place.code), place.code, *groups, *said)


def _said(spec: OrganisationTypeSpec, level: Level, is_there: bool) -> str:
    """有, 没有, or nothing where none is asked for on that level."""
    if not spec.covers or Level[spec.covers.upper()] is not level:
        return ""
    return "有" if is_there else "没有"
