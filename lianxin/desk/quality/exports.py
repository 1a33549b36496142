"""Ledgers of data quality: the table by place, and what others counted beside our own count."""

from __future__ import annotations

from collections.abc import Iterator

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.days import now, today
from lianxin.desk.people.exports import where_of
from lianxin.desk.quality.screens import places_of, region_asked
from lianxin.desk.taking import TakeOut
from lianxin.exchange.sheets import Column, Kind, LedgerSheet, Value, say_export
from lianxin.net.colleagues import account_names
from lianxin.net.regions import path_name, region_name
from lianxin.quality.checks import checks_for, counted
from lianxin.quality.claims import Compared, claims_beside
from lianxin.quality.models import Claim

MOST = 2_000  # claims of one ledger: each is counted anew


class QualityOverviewExport(TakeOut):
    """The table of the page: by place, how many rows each check finds."""

    title = "导出数据质量台账"

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.REGISTER_READ)
        region = region_asked(actor, self.request.GET.get("region", ""))
        checks = checks_for(actor, region)
        numbers = {check.code: counted(actor, check, region, today=today()) for check in checks}
        columns = (
            Column("哪里", width=26),
            Column("区划代码", Kind.CODE),
            *(Column(check.name, Kind.WHOLE, 13) for check in checks),
        )
        title = f"{region_name(region)}数据质量台账"
        says = say_export(what="数据质量", where=region_name(region), period="", by=actor.name, at=now())
        rows: list[tuple[Value, ...]] = [
            (path_name(code), code, *(numbers[check.code].get(code, 0) for check in checks))
            for code in places_of(region, numbers)
        ]
        return LedgerSheet(title, says, columns, rows, is_numbered=True)


class ClaimsExport(TakeOut):
    """Every claim of her area beside our own count of today."""

    title = "导出别处报的数"

    def sheet(self, actor: Actor) -> LedgerSheet:
        actor.require(Verb.LISTING_READ)
        title = "别处报的数台账"
        columns = (
            Column("什么数", width=26),
            Column("哪里", width=22),
            Column("哪一段", width=16),
            Column("谁数的", width=22),
            Column("报的", Kind.NUMBER),
            Column("底账", Kind.NUMBER),
            Column("相差", Kind.NUMBER),
            Column("单位", Kind.NAME, 7),
            Column("登记人", Kind.NAME),
            Column("说明", Kind.LONG),
        )
        says = say_export(what=title, where=where_of(actor), period="", by=actor.name, at=now())
        return LedgerSheet(title, says, columns, _claims(actor), is_numbered=True)


def _claims(actor: Actor) -> Iterator[tuple[Value, ...]]:
    rows = Claim.objects.seen_by(actor).filter(is_void=False).order_by("-stated_at", "-id")[:MOST]
    compared: list[Compared] = list(claims_beside(actor, rows))
    names = account_names(each.claim.stated_by for each in compared)
    for each in compared:
        claim = each.claim
        yield (
            each.spec.name if each.spec else claim.indicator,
            path_name(claim.region),
            each.period.name,
            claim.counted_by,
            claim.value,
            each.ours,
            each.difference,
            each.spec.unit if each.spec else "",
            names.get(claim.stated_by, ""),
            claim.note,
        )
