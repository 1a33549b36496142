"""Facts of a small part of 南湖区, posted straight into the ledger, and the people who look at the figures of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from lianxin.access.actor import Actor, Grant
from lianxin.access.verbs import Seal, Verb
from lianxin.base.codes import Level, level_of
from lianxin.base.days import SHANGHAI, Period
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import IndicatorSpec
from lianxin.ledger.facts import FactDraft, Posting
from lianxin.ledger.post import post
from lianxin.ledger.view import LedgerView

COUNTY, CITY = "330402", "3304"
JIANSHE, JIEFANG, XINJIA = "330402007", "330402008", "330402009"
BAIHUALONG, JIEFANGLU, BEIJINGLU = "330402007024", "330402008016", "330402009025"  # a village of each
FENGQIAO = "330402100"
LIANFENG = "330402100222"
AT = dt.datetime(2022, 1, 5, 9, 30, tzinfo=SHANGHAI)
YEAR = Period.of_year(2021)
READING = frozenset({Verb.FIGURE_READ, Verb.VISIT_READ, Verb.LISTING_READ, Verb.REPORT_READ, Verb.REGISTER_READ})

_made = iter(range(1, 1_000_000))


def reader(
    region: str = COUNTY, *, seals: frozenset[Seal] = frozenset({Seal.OPEN}), verbs: frozenset[Verb] = READING
) -> Actor:
    grant = Grant(role="test", verbs=verbs, region=region, seals=seals)
    return Actor(account=f"01READER{region:0>18}", name="测试", grants=(grant,), level=level_of(region))


def officer(region: str = COUNTY) -> Actor:
    """Somebody who reads protected records as well."""
    return reader(region, seals=frozenset({Seal.OPEN, Seal.STAFF}))


def indicator(code: str) -> IndicatorSpec:
    return catalog().indicator(code)


def view(
    actor: Actor | None = None, region: str = COUNTY, period: Period = YEAR, *, own_level: bool = False
) -> LedgerView:
    return LedgerView(actor or officer(), region, period, own_level=own_level)


def visit(
    subject: str,
    *,
    region: str = LIANFENG,
    day: str = "2021-03-05",
    mode: str = "door",
    people: int = 0,
    level: Level = Level.VILLAGE,
) -> str:
    """One visit to a household; its record's key."""
    tags = (("mode", mode), ("purpose", "four-musts"), ("subject", "household"))
    facts = [_fact("visit.done", 1, subject, region, day, "four-musts", tags)]
    if people:
        facts.append(_fact("visit.people", people, subject, region, day, "four-musts", tags))
    return _post("visit", facts, level=level)


def file(
    subject: str, *, book: str = "child-in-difficulty", region: str = LIANFENG, day: str = "2021-03-05", off: str = ""
) -> str:
    """One file put on a list, and taken off again where `off` says when."""
    tags = (("list", book), ("subject", "person"))
    facts = [
        _fact("listing.standing", 1, subject, region, day, book, tags),
        _fact("listing.opened", 1, subject, region, day, book, tags),
    ]
    if off:
        facts.append(_fact("listing.standing", -1, subject, region, off, book, tags))
    return _post("listing", facts, seal=Seal.STAFF if book == "child-in-difficulty" else Seal.OPEN)


def files(n: int, *, region: str, day: str = "2021-03-05") -> None:
    for _ in range(n):
        file(f"CHILD{next(_made)}", region=region, day=day)


def _fact(
    measure: str, value: int, subject: str, region: str, day: str, programme: str, tags: tuple[tuple[str, str], ...]
) -> FactDraft:
    return FactDraft(
        measure=measure,
        value=Decimal(value),
        subject=subject,
        subject_type="household",
        region=region,
        day=dt.date.fromisoformat(day),
        programme=programme,
        tags=tags,
    )


def _post(kind: str, facts: list[FactDraft], *, level: Level = Level.VILLAGE, seal: Seal = Seal.OPEN) -> str:
    record = f"01RECORD{next(_made):018}"
    posting = Posting(
        record=record,
        kind=kind,
        revision=1,
        organisation=f"ORG{int(level)}",
        org_level=level,
        seal=seal,
        facts=tuple(facts),
        is_new=True,
    )
    with transaction.atomic():
        post([posting], by="01TESTCLERK000000000000000", at=AT)
    return record
