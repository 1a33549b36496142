"""人户分离: where somebody is registered as against where she lives, said and read for the village she is in.

Residence and registration are two things in law (居住证暂行条例 2: six months away from one's 户籍 make a resident).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from lianxin.access.actor import Actor
from lianxin.access.guard import GuardedQuerySet, pen
from lianxin.base.codes import range_under
from lianxin.base.days import say_day
from lianxin.base.errors import Problems
from lianxin.base.text import clean_line
from lianxin.register.aliases import same_as
from lianxin.register.checked import Checker
from lianxin.register.drafts import Apart, Day
from lianxin.register.log import Act, FieldChange, change_row
from lianxin.register.models import PEN, Domicile, Person
from lianxin.register.opened import household_now, open_person
from lianxin.register.rows import Place
from lianxin.vault.fields import Sealed

ADDRESS_LIMIT = 80
SHORTEST_ADDRESS = 2
_APART = (Apart.REGISTERED_AWAY.value, Apart.LIVING_AWAY.value)


@dataclass(frozen=True, slots=True)
class Domiciled:
    """What is on file of somebody's registration since a day; `has_address`: where, is kept under seal."""

    person: str
    region: str
    state: Apart
    since: dt.date
    has_address: bool

    @property
    def is_apart(self) -> bool:
        return self.state is not Apart.TOGETHER

    @property
    def words(self) -> str:
        return f"{self.state.label}（{say_day(self.since)}起）"


def say_domicile(
    actor: Actor, person_key: str, *, state: str, elsewhere: str, since: Day, at: dt.datetime
) -> Domiciled:
    """Write down where somebody is registered from a day on; what held before ends with that day.

    `elsewhere` is the address away from here, under seal from then on; "" keeps the one on file while the state stays.
    Raises Problems (state, elsewhere, since), Refused, Unseen.
    """
    with transaction.atomic(), pen(PEN):
        person = open_person(actor, person_key)
        before = _standing_row(person)
        row = _checked(person, before, state, elsewhere, since, at)
        if before is not None:
            before.ends = max(row.starts, before.starts)
            before.save()
        row.save()
        membership = household_now(person)
        said = [FieldChange.said("domicile", before.state if before else "", row.state)]
        change_row(
            actor,
            Act.DOMICILE,
            household=membership.household_id if membership else "",
            region=person.region,
            person=person.id,
            at=at,
            fields=[*said, FieldChange.unsaid("elsewhere")] if elsewhere.strip() else said,
        ).save()
    return _read(row)


def _standing_row(person: Person) -> Domicile | None:
    rows = Domicile.objects.unscoped("what was said before of somebody opened to the actor").select_for_update()
    return rows.filter(person=person.id, ends__isnull=True).first()


def _checked(
    person: Person, before: Domicile | None, state: str, elsewhere: str, since: Day, at: dt.datetime
) -> Domicile:
    """The row that is to stand, unsaved; Problems for what cannot be."""
    checker = Checker.at(at)
    day = checker.past_day(since, "since", default=checker.today)
    chosen = _state(state, checker.problems)
    address = _address(elsewhere, chosen, checker.problems)
    of_here = before is not None and before.region == person.region
    if before is not None and of_here and day < before.starts:
        checker.add("since", f"册上从{say_day(before.starts)}起另有登记，日期不能更早。")
    checker.problems.raise_if_any()
    if before is not None and of_here and before.state == chosen.value and not address:
        address = before.elsewhere.reveal()
    return Domicile(person=person.id, state=chosen.value, elsewhere=address, starts=day, **Place(person.region).columns)


def _state(typed: str, problems: Problems) -> Apart:
    try:
        return Apart(typed)
    except ValueError:
        problems.add("state", "请选一种：户口和人在不在一处。")
        return Apart.REGISTERED_AWAY


def _address(typed: str, state: Apart, problems: Problems) -> str:
    if not typed.strip():
        return ""
    address = clean_line(typed, field="elsewhere", limit=ADDRESS_LIMIT)
    if state is Apart.TOGETHER:
        problems.add("elsewhere", "户口和人都在这里，就不用填外地的地址。")
    elif len(address) < SHORTEST_ADDRESS:
        problems.add("elsewhere", "请写清楚在哪里，至少写到省、市、县。")
    return address


def domicile_of(actor: Actor, keys: Sequence[str], *, region: str) -> Domiciled | None:
    """What holds now of somebody, as far as it was said of the village she lives in; her own word before a merged one.

    `keys`: all that stand for her, her own first.
    """
    rows = {row.person: row for row in _standing(actor).filter(person__in=keys, region=region)}
    return next((_read(rows[key]) for key in keys if key in rows), None)


def people_apart(actor: Actor, region: str = "", *, state: str = "") -> GuardedQuerySet[Domicile]:
    """Everybody whose registration and home are apart, village by village."""
    rows = _standing(actor).filter(state__in=[state] if state in _APART else _APART)
    if region:
        low, high = range_under(region)
        rows = rows.filter(region__gte=low, region__lt=high)
    return rows.order_by("region", "state", "-starts", "id")


def read_domiciles(rows: GuardedQuerySet[Domicile]) -> Iterator[Domiciled]:
    return (_read(row) for row in rows)


def count_apart(actor: Actor, region: str = "") -> dict[Apart, int]:
    """How many of each direction, in 人."""
    rows = people_apart(actor, region).order_by().values_list("state").annotate(Count("id"))
    return {Apart(state): count for state, count in rows}


def sealed_address(actor: Actor, person_key: str, region: str) -> Sealed | None:
    """The address away from here; None where none is kept. Whoever opens it says why in a log first."""
    keys = same_as([person_key])[person_key]
    row = _standing(actor).filter(person__in=keys, region=region).order_by("-starts", "-id").first()
    return row.elsewhere if row is not None and row.elsewhere else None


def _standing(actor: Actor) -> GuardedQuerySet[Domicile]:
    return Domicile.objects.seen_by(actor).filter(ends__isnull=True)


def _read(row: Domicile) -> Domiciled:
    return Domiciled(row.person, row.region, Apart(row.state), row.starts, bool(row.elsewhere))
