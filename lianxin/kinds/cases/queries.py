"""Reading cases: the desk, the list, one case. Every read names the actor; nothing here is counted for anybody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from lianxin.access.actor import Actor
from lianxin.base.codes import Level, level_of
from lianxin.catalog.cases import CaseSpec
from lianxin.catalog.current import catalog
from lianxin.kinds.cases.life import OPEN, Stage
from lianxin.kinds.cases.models import Case, Referral
from lianxin.kinds.cases.values import CaseValues
from lianxin.records.kinds import Card

PAGE = 20


def case_spec(values: CaseValues) -> CaseSpec:
    """How its line of work, in the version of then, handles it."""
    spec = catalog().programme(values.programme, values.version or None).case
    if spec is None:
        raise ValueError(f"{values.programme} handles no cases")
    return spec


def spec_of(row: Case) -> CaseSpec:
    spec = catalog().programme(row.programme, row.programme_version).case
    if spec is None:
        raise ValueError(f"{row.programme} handles no cases")
    return spec


def number_of(key: str, year: int) -> str:
    """2021-K7Q4XW: what people say on the phone; from the random end of its key, so that none can be guessed."""
    return f"{year}-{key[-8:]}"


def ground_of(record: Case) -> dict[str, Any]:
    return {
        "record": record.key,
        "region": record.region,
        "town": record.town,
        "county": record.county,
        "day": record.day,
        "programme": record.programme,
        "seal": record.seal,
        "is_void": record.is_void,
    }


def option_name(tag: str, code: str) -> str:
    return next((option.name for option in catalog().options("case", tag) if option.code == code), code)


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """How a list of cases is narrowed. Empty means: not by this."""

    words: str = ""
    colour: str = ""
    stage: str = ""
    region: str = ""
    source: str = ""
    mine: bool = False


def narrowed(actor: Actor, chosen: CaseFilter) -> QuerySet[Case]:
    """The cases that the actor may see and asked for. Words are looked for in the rows themselves: none are filed."""
    rows = Case.objects.seen_by(actor).filter(is_void=False)
    if chosen.region:
        level = level_of(chosen.region)
        column = {Level.COUNTY: "county", Level.TOWN: "town"}.get(level, "region")
        rows = rows.filter(**{column: chosen.region})
    if chosen.stage == "open":
        rows = rows.filter(stage__in=[stage.value for stage in OPEN])
    elif chosen.stage:
        rows = rows.filter(stage=chosen.stage)
    for name in ("colour", "source"):
        if value := getattr(chosen, name):
            rows = rows.filter(**{name: value})
    if chosen.mine:
        rows = rows.filter(lead=actor.account)
    for word in chosen.words.split():
        rows = rows.filter(words__icontains=word) if "-" not in word else rows.filter(number__iexact=word)
    return rows


@dataclass(frozen=True, slots=True)
class CasePage:
    rows: tuple[Case, ...]
    count: int
    older: str


def cases_page(actor: Actor, chosen: CaseFilter, *, before: str = "", size: int = PAGE) -> CasePage:
    """One page of cases, newest first, and how many there are for this actor."""
    rows = narrowed(actor, chosen)
    count = rows.count()
    day, _, seq = before.partition(".")
    if seq.isdigit() and len(seq) < 16:
        try:
            upto = dt.date.fromisoformat(day)
        except ValueError:
            upto = dt.date.max
        rows = rows.filter(day__lte=upto).exclude(day=upto, seq__gte=int(seq))
    found = tuple(rows.order_by("-day", "-seq")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return CasePage(found[:size], count, f"{last.day.isoformat()}.{last.seq}" if last else "")


def cases_matching(actor: Actor, chosen: CaseFilter) -> Iterator[Case]:
    """All of them, newest first, read a piece at a time."""
    return narrowed(actor, chosen).order_by("-day", "-seq").iterator(chunk_size=500)


def due_cases(actor: Actor, chosen: CaseFilter, *, until: dt.datetime, limit: int = 60) -> tuple[Case, ...]:
    """What falls due before a moment, longest overdue first."""
    rows = narrowed(actor, chosen).filter(next_by__lt=until)
    return tuple(rows.order_by("next_by", "seq")[:limit])


def unowned(actor: Actor, *, limit: int = 20) -> tuple[Case, ...]:
    """Open cases that nobody leads: they wait for the town to say who does."""
    rows = Case.objects.seen_by(actor).filter(is_void=False, lead="", stage__in=[stage.value for stage in OPEN])
    return tuple(rows.order_by("reported_at")[:limit])


def open_by_colour(actor: Actor, chosen: CaseFilter) -> dict[str, int]:
    """Colour → open cases, as far as the actor sees them."""
    rows = narrowed(actor, chosen).filter(stage__in=[stage.value for stage in OPEN])
    return dict(rows.values_list("colour").annotate(n=Count("seq")).order_by())


def one_case(actor: Actor, key: str) -> Case | None:
    return Case.objects.seen_by(actor).filter(key=key).first()


def alike(actor: Actor, row: Case, *, limit: int = 5) -> tuple[Case, ...]:
    """Other cases of the same household that the actor may see: likely one matter, told twice; a person decides."""
    if not row.household:
        return ()
    rows = Case.objects.seen_by(actor).filter(household=row.household, is_void=False)
    rows = rows.exclude(key=row.key).exclude(stage__in=(Stage.JOINED.value, Stage.CONSULTED.value))
    return tuple(rows.order_by("-reported_at")[:limit])


def by_number(number: str) -> Case | None:
    """For breaking the glass alone: the answer says nothing unless the glass may be broken."""
    rows = Case.objects.unscoped("somebody breaks the glass by a case's number, which cannot be guessed")
    return rows.filter(number__iexact=number.strip(), is_void=False).first() if number.strip() else None


def referrals_to(actor: Actor, *, line: str = "", limit: int = 50) -> tuple[Referral, ...]:
    """What her own body was asked (or one of these), and nothing else of the cases it belongs to."""
    if not actor.organisation:
        return ()
    rows = Referral.objects.unscoped("a receiver reads what her own body was asked, and no more of the case")
    rows = rows.filter(organisation=actor.organisation, is_void=False)
    rows = rows.filter(line=line) if line else rows
    return tuple(rows.order_by("-sent_on", "-pk")[:limit])


def case_cards(actor: Actor, keys: Sequence[str]) -> dict[str, Card]:
    """These cases by number and stage: never whose they are or what about, for cards stand in lists and exports."""
    return {row.key: _card(row) for row in Case.objects.seen_by(actor).filter(key__in=keys)}


def _card(row: Case) -> Card:
    return Card(
        key=row.key,
        kind="case",
        day=row.day,
        region=row.region,
        title=f"个案 {row.number} · {Stage(row.stage).label}",
        detail="",
        url_name="case",
        is_void=row.is_void,
        is_delicate=True,
    )


def colour_names(rows: Iterable[Case]) -> dict[tuple[str, str], tuple[str, str]]:
    """(programme, colour) → (tone, name) for the marks of a list."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for row in rows:
        if row.colour and (row.programme, row.colour) not in found:
            colour = spec_of(row).colour(row.colour)
            found[row.programme, row.colour] = (colour.tone, colour.name) if colour else ("soft", row.colour)
    return found
