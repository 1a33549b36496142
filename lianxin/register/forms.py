"""All forms made again from the names and places they stand for: after the readings changed, or to prove them right."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from lianxin.access.guard import pen
from lianxin.register.bulk import Row, lay
from lianxin.register.drafts import Leaving
from lianxin.register.models import PEN, Household, Membership, NameForm, Person
from lianxin.register.rows import FORM, person_forms, place_forms

_ALL = "the forms stand for every name and place there is"


def forms_due() -> Iterator[Row]:
    """What should be found, columns as `rows.FORM` has them: the living by their names, standing houses by theirs."""
    members = Membership.objects.unscoped(_ALL).filter(ends__isnull=True)
    homes = dict(members.values_list("person_id", "household_id"))
    withdrawn = set(
        Membership.objects.unscoped(_ALL).filter(ended_why=Leaving.WITHDRAWN).values_list("person_id", flat=True)
    )
    living = Person.objects.unscoped(_ALL).filter(died_on__isnull=True, into="").values_list("id", "name", "region")
    for key, name, region in living.iterator():
        if key in withdrawn and key not in homes:
            continue
        yield from person_forms(name, person=key, household=homes.get(key, ""), region=region)
    houses = Household.objects.unscoped(_ALL).filter(until__isnull=True).values_list("id", "place", "region")
    for key, place, region in houses.iterator():
        yield from place_forms(place, household=key, region=region)


def make_forms_again() -> int:
    """Take away every form and lay those that are due; how many."""
    with transaction.atomic(), pen(PEN):
        NameForm.objects.unscoped(_ALL).delete()
        lay(NameForm, FORM, list(forms_due()))
        return NameForm.objects.unscoped(_ALL).count()


def ensure_forms() -> int:
    """Lay the forms anew where people were registered before sounds were kept; how many, 0 where all is well."""
    rows = NameForm.objects.unscoped(_ALL)
    if rows.filter(kind="sound").exists() or not rows.filter(kind="full").exists():
        return 0
    return make_forms_again()
