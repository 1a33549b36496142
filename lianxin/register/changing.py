"""Changing the particulars of a household or a person. Who belongs to it, and where it lives, stand apart."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.base.days import say_day
from lianxin.base.errors import Refused
from lianxin.register.checked import CheckedMember, Checker
from lianxin.register.drafts import HouseholdChanges, MemberDraft, PersonChanges, Relation
from lianxin.register.known import refuse_known
from lianxin.register.log import Act, FieldChange, change_row, log_of
from lianxin.register.models import PEN, Household, Person
from lianxin.register.opened import (
    first_day_of,
    household_now,
    lay_house,
    lay_person,
    lift_house,
    lift_person,
    members_now,
    open_household,
    open_person,
)
from lianxin.register.rows import hash_of_id, hash_of_id_tail, hash_of_phone, hash_of_phone_tail
from lianxin.vault.papers import PaperKind

SAME_PERSON = "刚才有人登记了同一位，请刷新后再看一遍。"


def amend_household(actor: Actor, key: str, *, changes: HouseholdChanges, at: dt.datetime) -> tuple[str, ...]:
    """Change house number, grid, phone or head; the fields that changed. Raises Problems, Refused, Unseen."""
    with transaction.atomic(), pen(PEN):
        household = open_household(actor, key)
        if household.until is not None:
            raise Refused(f"这一户在{say_day(household.until)}已经销户，不能再改。")
        checker = Checker.at(at)
        said = [
            *_address(household, changes, checker),
            *_household_phone(household, changes, checker),
            *_head(household, changes, checker),
        ]
        checker.problems.raise_if_any()
        if said:
            household.save()
            log_of(actor, Act.AMENDED, household, at=at, fields=said)
    return tuple(change.field for change in said)


def _address(household: Household, changes: HouseholdChanges, checker: Checker) -> list[FieldChange]:
    said: list[FieldChange] = []
    if changes.place is not None and (place := checker.place(changes.place)) != household.place:
        said.append(FieldChange.said("place", household.place, place))
        lift_house(household)
        household.place = place
        lay_house(household)
    if changes.grid is not None and (grid := checker.grid(changes.grid, region=household.region)) != household.grid:
        said.append(FieldChange.said("grid", household.grid, grid))
        household.grid = grid
    return said


def _household_phone(household: Household, changes: HouseholdChanges, checker: Checker) -> list[FieldChange]:
    if changes.phone is None:
        return []
    phone = checker.phone(changes.phone, "phone")
    if hash_of_phone(phone) == household.phone_hash:
        return []
    household.phone = phone
    household.phone_hash, household.phone_tail_hash = hash_of_phone(phone), hash_of_phone_tail(phone)
    return [FieldChange.unsaid("phone")]


def _head(household: Household, changes: HouseholdChanges, checker: Checker) -> list[FieldChange]:
    if changes.head is None or changes.head == household.head:
        return []
    rows = {row.person_id: row for row in members_now(household)}
    if changes.head not in rows:
        checker.add("head", "户主要在这一户现在的人里选。")
        return []
    if household.head in rows:
        rows[household.head].relation = Relation.OTHER.value  # what he is to her, nobody has said
        rows[household.head].save()
    rows[changes.head].relation = Relation.HEAD.value
    rows[changes.head].save()
    household.head = changes.head
    return [FieldChange.said("head", "", "")]  # keys tell a reader nothing; the card names the head


def amend_person(actor: Actor, key: str, *, changes: PersonChanges, at: dt.datetime) -> tuple[str, ...]:
    """Change name, sex, birth, ID number or phone; the names of the fields that changed. Raises Problems, Unseen."""
    try:
        with transaction.atomic(), pen(PEN):
            person = open_person(actor, key)
            checker = Checker.at(at)
            member = checker.member(_as_draft(person, changes))
            _refuse_birth_after_joining(person, member, checker)
            refuse_known(actor, [member] if changes.id_number else [], checker.problems, save=key)
            checker.problems.raise_if_any()
            said = _differences(person, member)
            if said:
                _keep(actor, person, member, said, at=at)
    except IntegrityError:
        raise Refused(SAME_PERSON, field="id_number") from None
    return tuple(change.field for change in said)


def _as_draft(person: Person, changes: PersonChanges) -> MemberDraft:
    """She as she is to be. A new ID number brings its own birth and sex, where none are given."""
    is_renumbered = bool(changes.id_number)
    known_birth, known_sex = (None, "") if is_renumbered else (person.birth, person.sex)
    return MemberDraft(
        id=person.id,
        name=person.name if changes.name is None else changes.name,
        sex=known_sex if changes.sex is None else changes.sex,
        birth=known_birth if changes.birth is None else changes.birth,
        id_number=person.id_number.reveal() if changes.id_number is None else changes.id_number,
        id_kind=_kind(person, changes),
        phone=person.phone.reveal() if changes.phone is None else changes.phone,
    )


def _kind(person: Person, changes: PersonChanges) -> str:
    """Of a new number the kind that comes with it; of the old one its own."""
    if changes.id_kind is not None:
        return changes.id_kind
    return person.id_kind if changes.id_number is None else ""


def _refuse_birth_after_joining(person: Person, member: CheckedMember, checker: Checker) -> None:
    joined = first_day_of(person)
    if member.birth is not None and joined is not None and member.birth > joined:
        checker.add("birth", f"{member.name}在{say_day(joined)}就已经在册，出生日期不能更晚。")


def _differences(person: Person, member: CheckedMember) -> list[FieldChange]:
    said = [
        FieldChange.said(field, getattr(person, field), getattr(member, field))
        for field in ("name", "sex", "birth")
        if getattr(person, field) != getattr(member, field)
    ]
    if hash_of_id(member.id_number) != person.id_hash:
        said.append(FieldChange.unsaid("id_number"))
    elif member.id_number and member.id_kind != (person.id_kind or PaperKind.RESIDENT):
        said.append(FieldChange.said("id_kind", person.id_kind, member.id_kind))
    if hash_of_phone(member.phone) != person.phone_hash:
        said.append(FieldChange.unsaid("phone"))
    return said


def _keep(actor: Actor, person: Person, member: CheckedMember, said: list[FieldChange], *, at: dt.datetime) -> None:
    membership = household_now(person)
    household = membership.household_id if membership else ""
    lift_person(person)
    person.name, person.sex, person.birth = member.name, member.sex, member.birth
    person.id_kind, person.id_number, person.phone = member.id_kind, member.id_number, member.phone
    person.id_hash, person.id_tail_hash = hash_of_id(member.id_number), hash_of_id_tail(member.id_number)
    person.phone_hash, person.phone_tail_hash = hash_of_phone(member.phone), hash_of_phone_tail(member.phone)
    person.save()
    if person.died_on is None:
        lay_person(person, household=household)
    change_row(
        actor, Act.AMENDED, household=household, region=person.region, person=person.id, at=at, fields=said
    ).save()
