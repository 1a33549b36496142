"""Lists as Excel ledgers, for those who may take them out."""

from __future__ import annotations

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import now
from lianxin.desk.people.screens import region_asked
from lianxin.desk.taking import TakeOut
from lianxin.exchange.doubles import doubles_ledger
from lianxin.exchange.ledgers import apart_ledger, households_ledger, listings_ledger, persons_ledger, visits_ledger
from lianxin.exchange.sheets import LedgerSheet
from lianxin.kinds.listings.queries import listings_matching
from lianxin.kinds.listings.screens import filter_from as listing_filter
from lianxin.kinds.visits.screens import filter_from as visit_filter
from lianxin.net.regions import region_name
from lianxin.register.domiciles import people_apart, read_domiciles
from lianxin.register.models import Household


def where_of(actor: Actor) -> str:
    """The names of the areas an actor may take lists out of."""
    return "、".join(region_name(top) for top in actor.regions(Verb.EXPORT) if top)


class VisitsExport(TakeOut):
    """The visits that the list's filter chooses."""

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.VISIT_READ)
        return visits_ledger(actor, visit_filter(self.request.GET), where=where_of(actor), at=now())


class HouseholdsExport(TakeOut):
    """The standing households of the actor's area."""

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.REGISTER_READ)
        rows = Household.objects.seen_by(actor).filter(until__isnull=True).order_by("region", "place", "id")
        return households_ledger(actor, rows.iterator(chunk_size=500), where=where_of(actor), at=now())


class PersonsExport(TakeOut):
    """Everybody in the standing households of the actor's area."""

    title = "导出人员台账"

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.REGISTER_READ)
        rows = Household.objects.seen_by(actor).filter(until__isnull=True).order_by("region", "place", "id")
        return persons_ledger(actor, rows.iterator(chunk_size=500), where=where_of(actor), at=now())


class DoublesExport(TakeOut):
    """The pairs that wait to be looked at, both people beside each other."""

    title = "导出疑似重复台账"

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.REGISTER_WRITE)
        return doubles_ledger(actor, where=where_of(actor), at=now())


class ApartExport(TakeOut):
    """Those whose registration and home are apart, as the page chooses."""

    title = "导出人户分离台账"

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.REGISTER_READ)
        region = region_asked(actor, self.request.GET.get("region", ""))
        rows = people_apart(actor, region, state=self.request.GET.get("state", ""))
        return apart_ledger(actor, read_domiciles(rows), where=where_of(actor), at=now())


class ListingsExport(TakeOut):
    """Who stands on the list that the page shows."""

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.LISTING_READ)
        rows = listings_matching(actor, listing_filter(self.request.GET))
        return listings_ledger(actor, rows, where=where_of(actor), at=now())
