"""A toy county for the ledger's tests, and its figures counted in plain Python, without a look at the ledger's code."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db import connection, transaction

from lianxin.access.actor import Actor, Grant
from lianxin.access.verbs import Seal, Verb
from lianxin.base.codes import Level
from lianxin.base.days import SHANGHAI
from lianxin.ledger.facts import FactDraft, Posted, Posting
from lianxin.ledger.post import post
from lianxin.ledger.selections import Fold, Selection

COUNTY, OTHER_COUNTY = "330402", "330409"
TOWN, OTHER_TOWN = "330402100", "330402109"
VILLAGE, NEXT_VILLAGE, FAR_VILLAGE = "330402100201", "330402100209", "330402109200"
OTHER_COUNTYS_VILLAGE, OTHER_PROVINCES_VILLAGE = "330409101201", "340101101201"

VISITS = Selection("visits", Fold.FLOW, "visit.done")
GIVEN = Selection("given", Fold.FLOW, "giving.amount", (("programme", ("care",)),))
FILES = Selection("files", Fold.STOCK, "listing.standing")
FAMILIES = Selection("families", Fold.DISTINCT, "visit.done")
FAMILIES_AT_THE_DOOR = Selection("families.door", Fold.DISTINCT, "visit.done", (("mode", ("door",)),))
FAMILIES_CARED_FOR = Selection(
    "families.cared-for", Fold.DISTINCT, "visit.done", (("mode", ("door", "phone")), ("purpose", ("care",)))
)
TALLIED = (VISITS, GIVEN, FILES, FAMILIES, FAMILIES_AT_THE_DOOR, FAMILIES_CARED_FOR)
NOT_TALLIED = (
    Selection("visits.phone", Fold.FLOW, "visit.done", (("mode", ("phone",)),)),
    Selection("files.care", Fold.STOCK, "listing.standing", (("programme", ("care",)),)),
    Selection("families.phone", Fold.DISTINCT, "visit.done", (("mode", ("phone",)),)),
)

AT = dt.datetime(2023, 1, 5, 9, 30, tzinfo=SHANGHAI)


def officer(*verbs: Verb, region: str = COUNTY) -> Actor:
    grant = Grant(role="county-officer", verbs=frozenset({Verb.FIGURE_READ, *verbs}), region=region)
    return Actor(account="01TOYOFFICER00000000000000", name="测试", grants=(grant,), level=Level.COUNTY)


def draft(
    measure: str = "visit.done",
    value: str = "1",
    *,
    subject: str = "H1",
    region: str = VILLAGE,
    day: str = "2021-03-05",
    programme: str = "four-musts",
    tags: tuple[tuple[str, str], ...] = (),
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


def posting(record: str, *facts: FactDraft, revision: int = 1, level: Level = Level.VILLAGE) -> Posting:
    return Posting(
        record=record,
        kind="visit",
        revision=revision,
        organisation=f"ORG{int(level)}",
        org_level=level,
        seal=Seal.OPEN,
        facts=facts,
    )


def posted(*postings: Posting, because: str = "", correcting: bool = False) -> Posted:
    with transaction.atomic():
        return post(postings, by="01TOYCLERK0000000000000000", at=AT, because=because, correcting=correcting)


def contents() -> dict[str, list[tuple[object, ...]]]:
    """The tallies as they stand, cells of nothing left away."""
    numbers = {"ledger_flowcell": "hundredths", "ledger_presence": "hundredths", "ledger_cell": "n"}
    found = {}
    with connection.cursor() as cursor:
        for table, number in numbers.items():
            cursor.execute(f"SELECT * FROM {table} WHERE {number} <> 0")
            found[table] = sorted(cursor.fetchall())
    return found


# ── the recount ──────────────────────────────────────────────────────────────

Said = tuple[FactDraft, Level]  # a fact as a record has it now, and the level of who recorded it


def counts(selection: Selection, said: Said, *, region: str, first: str, last: str, own: int | None) -> bool:
    fact, level = said
    asked = dict(selection.where)
    answers = defaultdict(set)
    for name, value in fact.tags:
        answers[name].add(value)
    answers["programme"] = {fact.programme}
    return (
        fact.measure == selection.measure
        and fact.region.startswith(region)
        and first <= fact.day.isoformat() <= last
        and (own is None or own == level)
        and all(answers[name] & set(values) for name, values in asked.items())
    )


def recounted(
    selection: Selection, truth: Iterable[Said], *, region: str, first: str, last: str, own: int | None = None
) -> Decimal:
    """The figure, by going through everything that every record says; `last` is the day of a stock."""
    if selection.fold is Fold.STOCK:
        first = "0000-00-00"
    counting = [said for said in truth if counts(selection, said, region=region, first=first, last=last, own=own)]
    if selection.fold is not Fold.DISTINCT:
        return sum((fact.value for fact, _ in counting), Decimal(0))
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for fact, _ in counting:
        sums[fact.subject, fact.region] += fact.value
    return Decimal(len({subject for (subject, _), value in sums.items() if value > 0}))
