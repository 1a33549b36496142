"""The federations 妇联 of a loaded county: one for itself and each of its towns and villages."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, range_under
from lianxin.base.errors import Refused
from lianxin.net.models import FEDERATION, Organisation
from lianxin.net.regions import region_name, standing_region, subtree


def found_federations(actor: Actor, county: str, *, founded_on: dt.date | None = None, is_demo: bool = False) -> int:
    """A federation 妇联 for a loaded county, each of its towns and villages; how many were new (南湖区: 1 + 13 + 143).

    Regions that have one keep it. Needs organisation.write over the county. Nobody publishes their days: without
    one they are not counted.
    """
    actor.require(Verb.ORGANISATION_WRITE, region=county)
    top = standing_region(county)
    if top.level != Level.COUNTY:
        raise Refused("请写县（区）的 6 位代码，例如 330402。", field="region")
    low, high = range_under(county)
    with transaction.atomic():
        federations = Organisation.objects.filter(type=FEDERATION, dissolved_on__isnull=True)
        by_region = {row.region: row for row in federations.filter(region__gte=low, region__lt=high)}
        before = len(by_region)
        for level in (Level.COUNTY, Level.TOWN, Level.VILLAGE):
            added = [
                Organisation(
                    name=f"{region_name(place.code)}妇联",
                    type=FEDERATION,
                    level=level,
                    region=place.code,
                    parent=by_region.get(place.parent),
                    founded_on=founded_on,
                    is_demo=is_demo,
                )
                for place in subtree(county, level)
                if place.code not in by_region
            ]
            by_region |= {row.region: row for row in Organisation.objects.bulk_create(added)}
        return len(by_region) - before
