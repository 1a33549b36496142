"""Rows opened for changing: seen by the actor, her verb asked where they stand, locked until the transaction ends.

Also the forms they are found by, kept in step. Callers hold the pen and a transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Max, Min

from lianxin.access.actor import Actor
from lianxin.access.guard import GuardedQuerySet
from lianxin.access.verbs import Verb
from lianxin.base.errors import Refused, Unseen
from lianxin.register.bulk import lay
from lianxin.register.models import Household, Membership, NameForm, Person, Residence
from lianxin.register.names import forms_of_place
from lianxin.register.rows import FORM, person_forms, place_forms, texts_of_name

_OPENED = "rows of a household that was opened to the actor"


def open_household(actor: Actor, key: str) -> Household:
    """Unseen when it is none or out of sight, Forbidden when it may be read only."""
    household = Household.objects.seen_by(actor).select_for_update().filter(id=key).first()
    if household is None:
        raise Unseen("没有找到这一户，可能已经搬走。请重新查找。")
    actor.require(Verb.REGISTER_WRITE, region=household.region)
    if household.into:
        raise Refused("这一户已经并到另一户，请在那一户里办。")
    return household


def open_person(actor: Actor, key: str) -> Person:
    """Unseen when she is none or out of sight, Forbidden when she may be read only."""
    person = Person.objects.seen_by(actor).select_for_update().filter(id=key).first()
    if person is None:
        raise Unseen("没有找到这个人，可能已经迁走。请重新查找。")
    actor.require(Verb.REGISTER_WRITE, region=person.region)
    if person.into:
        raise Refused("这一条已经并到另一条，请在那一条里改。")
    return person


def members_now(household: Household) -> list[Membership]:
    """Who is in it, the first to come first."""
    rows = Membership.objects.unscoped(_OPENED).filter(household_id=household.id, ends__isnull=True)
    return list(rows.order_by("starts", "id"))


def all_memberships(household: Household) -> list[Membership]:
    return list(Membership.objects.unscoped(_OPENED).filter(household_id=household.id).order_by("starts", "id"))


def home_now(household: Household) -> Residence | None:
    """Where it lives; None once it is closed."""
    return Residence.objects.unscoped(_OPENED).filter(household_id=household.id, ends__isnull=True).first()


def home_last(household: Household) -> Residence | None:
    """Where it lives, or lived last."""
    rows = Residence.objects.unscoped(_OPENED).filter(household_id=household.id)
    return rows.order_by("-starts", "-id").first()


def household_now(person: Person) -> Membership | None:
    """The household she is in."""
    return Membership.objects.unscoped(_OPENED).filter(person_id=person.id, ends__isnull=True).first()


def first_day_of(person: Person) -> dt.date | None:
    """The day she first came into a household."""
    day: dt.date | None = _days_of(person).aggregate(day=Min("starts"))["day"]
    return day


def last_day_of(person: Person) -> dt.date | None:
    """The day from which she was in none any more."""
    day: dt.date | None = _days_of(person).aggregate(day=Max("ends"))["day"]
    return day


def _days_of(person: Person) -> GuardedQuerySet[Membership]:
    return Membership.objects.unscoped(_OPENED).filter(person_id=person.id)


def people_of(memberships: Iterable[Membership]) -> list[Person]:
    return list(Person.objects.unscoped(_OPENED).filter(id__in=[row.person_id for row in memberships]))


def lift_person(person: Person) -> None:
    """She is no longer found."""
    texts = [text for _, text in texts_of_name(person.name)]
    rows = NameForm.objects.unscoped(_OPENED).filter(county=person.county, region=person.region, form__in=texts)
    rows.filter(person=person.id).delete()


def lay_person(person: Person, *, household: str) -> None:
    """She is found by her name of now, in her village of now."""
    lay(NameForm, FORM, person_forms(person.name, person=person.id, household=household, region=person.region))


def lift_house(household: Household) -> None:
    """Its house number no longer finds it."""
    texts = forms_of_place(household.place)
    rows = NameForm.objects.unscoped(_OPENED).filter(county=household.county, region=household.region, form__in=texts)
    rows.filter(household=household.id, person="").delete()


def lay_house(household: Household) -> None:
    """It is found by its house number of now."""
    lay(NameForm, FORM, place_forms(household.place, household=household.id, region=household.region))
