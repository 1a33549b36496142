"""Households that came in by mistake, many at once: they end as they began, and nothing is kept of their people.

What somebody has changed since is left as it is, and named.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.access.verbs import Verb
from lianxin.register.drafts import Leaving
from lianxin.register.log import Act, change_row
from lianxin.register.models import PEN, Change, Household, Membership, NameForm, Person, Residence
from lianxin.register.names import forms_of_place
from lianxin.register.rows import texts_of_name

_OPENED = "rows of households that were opened to the actor"
ASKED = 500
GONE = "已不在您的区域"
CLOSED = "已经销户"
ERASED = "（已撤销）"
_NO_NUMBERS = {"phone": "", "phone_hash": "", "phone_tail_hash": ""}


def withdraw_households(actor: Actor, keys: Sequence[str], *, because: str, at: dt.datetime) -> dict[str, str]:
    """Those that were left, with what happened to them since. Forbidden where the actor may not write."""
    left: dict[str, str] = {}
    for start in range(0, len(keys), ASKED):
        with transaction.atomic(), pen(PEN):
            left |= _withdraw(actor, keys[start : start + ASKED], because=because, at=at)
    return left


def _withdraw(actor: Actor, keys: Sequence[str], *, because: str, at: dt.datetime) -> dict[str, str]:
    households = {row.id: row for row in Household.objects.seen_by(actor).select_for_update().filter(id__in=keys)}
    for region in {row.region for row in households.values()}:
        actor.require(Verb.REGISTER_WRITE, region=region)
    left = {key: GONE for key in keys if key not in households}
    left |= {key: CLOSED for key, row in households.items() if row.until is not None}
    changed = Change.objects.seen_by(actor).filter(household__in=households).exclude(act=Act.REGISTERED.value)
    left |= {key: Act(act).label for key, act in changed.order_by("id").values_list("household", "act")}
    going = [row for key, row in households.items() if key not in left]
    if going:
        _end(going)
        Change.objects.bulk_create(
            change_row(actor, Act.WITHDRAWN, household=row.id, region=row.region, at=at, because=because)
            for row in going
        )
    return left


def _end(households: Sequence[Household]) -> None:
    keys = [row.id for row in households]
    members = Membership.objects.unscoped(_OPENED).filter(household_id__in=keys, ends__isnull=True)
    people = list(members.values_list("person_id", flat=True))
    _lose_sight(households, people)
    members.update(ends=F("starts"), ended_why=Leaving.WITHDRAWN.value)
    # Nothing is kept of people who came in by mistake: brought in rightly, they are not there already.
    for start in range(0, len(people), ASKED):
        rows = Person.objects.unscoped(_OPENED).filter(id__in=people[start : start + ASKED])
        rows.update(name=ERASED, sex="", birth=None, **_NO_NUMBERS, id_number="", id_hash=None, id_tail_hash="")
    Residence.objects.unscoped(_OPENED).filter(household_id__in=keys, ends__isnull=True).update(ends=F("starts"))
    rows_of = Household.objects.unscoped(_OPENED).filter(id__in=keys)
    rows_of.update(until=F("since"), head="", place="", grid="", **_NO_NUMBERS)


def _lose_sight(households: Iterable[Household], people: Sequence[str]) -> None:
    """No name and no house number finds them. Asked village by village, as the index of forms has it."""
    texts: dict[str, set[str]] = defaultdict(set)
    keys: dict[str, list[str]] = defaultdict(list)
    for row in households:
        texts[row.region].update(forms_of_place(row.place))
        keys[row.region].append(row.id)
    for start in range(0, len(people), ASKED):
        rows = Person.objects.unscoped(_OPENED).filter(id__in=people[start : start + ASKED])
        for region, name in rows.values_list("region", "name"):
            texts[region].update(text for _, text in texts_of_name(name))
    for region, forms_there in texts.items():
        ordered = sorted(forms_there)
        for start in range(0, len(ordered), ASKED):
            forms = NameForm.objects.unscoped(_OPENED).filter(
                county=region[:6], form__in=ordered[start : start + ASKED], region=region
            )
            forms.filter(household__in=keys[region]).delete()
