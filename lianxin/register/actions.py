"""Registering new households and the people in them, one or thousands; changing them later is in `changing`.

The actor comes first, her verb is asked at the village, the pen is held, and every mistake is said at once.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.db import IntegrityError, transaction

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.access.verbs import Verb
from lianxin.base.errors import Problems, Refused
from lianxin.register import rows
from lianxin.register.bulk import lay
from lianxin.register.changing import amend_household, amend_person
from lianxin.register.checked import CheckedHousehold, Checker
from lianxin.register.drafts import HouseholdDraft
from lianxin.register.joining import add_known_member, add_member, change_relation
from lianxin.register.known import refuse_known
from lianxin.register.leaving import close_household, end_membership
from lianxin.register.log import Act, FieldChange, change_row
from lianxin.register.merging import merge_people, unmerge_people
from lianxin.register.models import PEN, Change, Household, Membership, NameForm, Person, Residence
from lianxin.register.moving import correct_home, move_household
from lianxin.register.splitting import merge_households, split_household, unmerge_households

__all__ = [
    "add_known_member",
    "add_member",
    "amend_household",
    "amend_person",
    "bulk_register",
    "change_relation",
    "close_household",
    "correct_home",
    "end_membership",
    "merge_households",
    "merge_people",
    "move_household",
    "register_household",
    "split_household",
    "unmerge_households",
    "unmerge_people",
]

BATCH = 5_000  # households written at a time
ASKED = 500  # keys asked for at a time

_T = TypeVar("_T")


def register_household(actor: Actor, draft: HouseholdDraft, *, at: dt.datetime) -> str:
    """The key of the new household; of the same one when its id came in before.

    Raises Problems by field (`head`, `place`, `members.0.id_number` …), Forbidden outside the actor's villages.
    """
    return _register(actor, [draft], prefixes=[""], at=at)[0]


def bulk_register(actor: Actor, drafts: Sequence[HouseholdDraft], *, at: dt.datetime) -> tuple[str, ...]:
    """The keys of the new households in order; all are kept or none. Problems name the draft: `12.members.0.birth`."""
    return _register(actor, drafts, prefixes=[f"{number}." for number in range(len(drafts))], at=at)


def _register(
    actor: Actor, drafts: Sequence[HouseholdDraft], *, prefixes: Sequence[str], at: dt.datetime
) -> tuple[str, ...]:
    checker = Checker.at(at)
    problems = checker.problems
    read = [checker.within(prefix).household(draft) for prefix, draft in zip(prefixes, drafts, strict=True)]
    households = [household for household in read if household is not None]
    for region in {household.region for household in households}:
        actor.require(Verb.REGISTER_WRITE, region=region)
    _refuse_repeated_keys(households, problems)
    given = [household.key for household, draft in zip(read, drafts, strict=True) if household and draft.id]
    try:
        with transaction.atomic(), pen(PEN):
            kept = _kept_before(actor, given, problems)
            new = [household for household in households if household.key not in kept]
            refuse_known(actor, (member for household in new for member in household.members), problems)
            problems.raise_if_any()
            for batch in _batches(new, BATCH):
                _write(actor, batch, at=at)
    except IntegrityError:
        # Between the question and the write somebody else registered the same person, or a person's id was used twice.
        raise Refused("刚才有人登记了同一位，请刷新后再看一遍。") from None
    return tuple(household.key for household in households)


def _refuse_repeated_keys(households: Sequence[CheckedHousehold], problems: Problems) -> None:
    keys = Counter(household.key for household in households)
    keys.update(member.key for household in households for member in household.members)
    if repeated := [key for key, times in keys.items() if times > 1]:
        problems.add("id", f"编号 {repeated[0]} 用了两次，请重新打开页面再填。")


def _kept_before(actor: Actor, keys: Sequence[str], problems: Problems) -> set[str]:
    """An id made on a phone may come in twice, and is the same household."""
    known = Household.objects.unscoped("whether an id made by a client came in before")
    kept = {
        key: region
        for batch in _batches(keys, ASKED)
        for key, region in known.filter(id__in=batch).values_list("id", "region")
    }
    for region in kept.values():
        if not actor.may(Verb.REGISTER_READ, region=region):
            problems.add("id", "这张表单的编号已经用过，请重新打开页面再填。")
    return set(kept)


def _write(actor: Actor, households: Sequence[CheckedHousehold], *, at: dt.datetime) -> None:
    people = [(household, member) for household in households for member in household.members]
    lay(Household, rows.HOUSEHOLD, map(rows.household_row, households))
    lay(
        Person,
        rows.PERSON,
        (rows.person_row(member, region=home.region, is_demo=home.is_demo) for home, member in people),
    )
    lay(
        Membership,
        rows.MEMBERSHIP,
        (
            rows.membership_row(member, household=home.key, since=home.since, region=home.region)
            for home, member in people
        ),
    )
    lay(
        Residence,
        rows.RESIDENCE,
        (rows.residence_row(home.key, starts=home.since, region=home.region) for home in households),
    )
    forms = (form for home in households for form in rows.household_forms(home))
    lay(NameForm, rows.FORM, sorted(forms, key=rows.form_of))  # neighbours in the index are laid together
    Change.objects.bulk_create(_registered(actor, home, at=at) for home in households)


def _registered(actor: Actor, household: CheckedHousehold, *, at: dt.datetime) -> Change:
    fields = (FieldChange.said("members", "", len(household.members)),)
    return change_row(actor, Act.REGISTERED, household=household.key, region=household.region, at=at, fields=fields)


def _batches(items: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    return (items[start : start + size] for start in range(0, len(items), size))
