"""Lists as Excel ledgers: one list with its own questions, now or on a day; children who turn an age."""

from __future__ import annotations

from lianxin.access.actor import Actor
from lianxin.access.verbs import Seal, Verb
from lianxin.base.days import now
from lianxin.catalog.current import catalog
from lianxin.desk.people.exports import where_of
from lianxin.desk.taking import TakeOut
from lianxin.exchange.cases import cases_ledger
from lianxin.exchange.listings import ages_ledger, list_ledger
from lianxin.exchange.sheets import LedgerSheet
from lianxin.kinds.cases.screens import filter_from as case_filter_from
from lianxin.kinds.listings.ages import turnings
from lianxin.kinds.listings.screens import filter_from
from lianxin.kinds.listings.screens_lists import asked_of


class ListExport(TakeOut):
    """Who stands on a list, now or on a day, with the list's own questions."""

    def is_protected(self) -> bool:
        spec = catalog().find_programme(filter_from(self.request.GET).programme)
        return spec is not None and spec.seal != Seal.OPEN.value

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.LISTING_READ)
        return list_ledger(actor, filter_from(self.request.GET), where=where_of(actor), at=now())


class AgesExport(TakeOut):
    """Children who turn an age soon, or have outgrown their list."""

    def is_protected(self) -> bool:
        return True

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.LISTING_READ)
        at = now()
        months, programme = asked_of(self.request.GET)
        found = turnings(actor, on=at.date(), months=months, programme=programme)
        return ages_ledger(actor, found, months=months, where=where_of(actor), at=at)


class CasesExport(TakeOut):
    """Cases by number, stage, colour and days: neither who nor what about leaves the house in a list."""

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.CASE_SUPERVISE)
        return cases_ledger(actor, case_filter_from(self.request.GET), where=where_of(actor), at=now())
