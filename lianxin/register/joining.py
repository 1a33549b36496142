"""Coming into a household: born, married in, found missing. A person stands in one household at a time."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.base.days import say_day
from lianxin.base.errors import Refused
from lianxin.register.bulk import lay
from lianxin.register.checked import Checker
from lianxin.register.drafts import Day, MemberDraft, Relation
from lianxin.register.known import refuse_known
from lianxin.register.log import Act, FieldChange, log_of
from lianxin.register.models import PEN, Household, Membership, Person
from lianxin.register.opened import (
    household_now,
    last_day_of,
    lay_person,
    lift_person,
    members_now,
    open_household,
    open_person,
)
from lianxin.register.rows import MEMBERSHIP, PERSON, Place, membership_row, person_row


def add_member(actor: Actor, household_key: str, draft: MemberDraft, *, on: Day = None, at: dt.datetime) -> str:
    """Register somebody new in a household from a day on (today; her birth when that is later); her key."""
    try:
        with transaction.atomic(), pen(PEN):
            household = open_household(actor, household_key)
            checker = Checker.at(at)
            member = checker.member(draft)
            since = checker.past_day(on, "on", default=checker.today)
            _refuse_joining(household, member.relation, since, checker)
            refuse_known(actor, [member], checker.problems)
            checker.problems.raise_if_any()
            region = household.region
            lay(Person, PERSON, [person_row(member, region=region, is_demo=household.is_demo)])
            lay(Membership, MEMBERSHIP, [membership_row(member, household=household.id, since=since, region=region)])
            _settle(actor, household, open_person(actor, member.key), member.relation, at=at)
    except IntegrityError:
        raise Refused("刚才有人登记了同一位，请刷新后再看一遍。") from None
    return member.key


def add_known_member(
    actor: Actor, household_key: str, person_key: str, *, relation: str, on: Day = None, at: dt.datetime
) -> None:
    """Somebody already registered comes in. Needs the right to write in the village she was in, and in this one."""
    with transaction.atomic(), pen(PEN):
        household, person = open_household(actor, household_key), open_person(actor, person_key)
        checker = Checker.at(at)
        kin = checker.relation(relation)
        since = checker.past_day(on, "on", default=checker.today)
        _refuse_joining(household, kin, since, checker)
        _refuse_two_households(person, since, checker)
        checker.problems.raise_if_any()
        lift_person(person)
        person.region, person.town, person.county = household.region, household.town, household.county
        person.save()
        Membership(
            person_id=person.id,
            household_id=household.id,
            relation=kin.value,
            starts=since,
            **Place(household.region).columns,
        ).save()
        _settle(actor, household, person, kin, at=at)


def change_relation(actor: Actor, household_key: str, person_key: str, *, relation: str, at: dt.datetime) -> None:
    """Correct what a member is to the head; who is the head, `amend_household` changes."""
    with transaction.atomic(), pen(PEN):
        household = open_household(actor, household_key)
        membership = next((row for row in members_now(household) if row.person_id == person_key), None)
        if membership is None:
            raise Refused("这个人现在不在这一户。", field="person")
        checker = Checker.at(at)
        kin = checker.relation(relation)
        if (kin == Relation.HEAD) != (household.head == person_key):
            checker.add("relation", "要换户主，请在这一户的资料里改。")
        checker.problems.raise_if_any()
        said = FieldChange.said("relation", Relation(membership.relation).label, kin.label)
        membership.relation = kin.value
        membership.save()
        log_of(actor, Act.AMENDED, household, person=person_key, at=at, fields=[said])


def _refuse_joining(household: Household, kin: Relation, since: dt.date, checker: Checker) -> None:
    if household.until is not None:
        checker.add("", f"这一户在{say_day(household.until)}已经销户，不能再加人。")
    if kin == Relation.HEAD and household.head:
        checker.add("relation", "这一户已有户主。要换户主，请先按别的关系加入，再改户主。")
    if since < household.since:
        checker.add("on", f"日期不能早于建户的日子（{say_day(household.since)}）。")


def _refuse_two_households(person: Person, since: dt.date, checker: Checker) -> None:
    if household_now(person) is not None:
        checker.add("person", f"{person.name}现在还在另一户，请先在那一户办理离开。")
        return
    if person.died_on is not None:
        checker.add("person", f"{person.name}登记为已去世，请核对。")
    left = last_day_of(person)
    if left is not None and since < left:
        checker.add("on", f"{person.name}到{say_day(left)}为止还在另一户，日期不能更早。")
    if person.birth is not None and since < person.birth:
        checker.add("on", f"日期不能早于{person.name}的出生日期（{say_day(person.birth)}）。")


def _settle(actor: Actor, household: Household, person: Person, kin: Relation, *, at: dt.datetime) -> None:
    lay_person(person, household=household.id)
    if kin == Relation.HEAD:
        household.head = person.id
        household.save()
    log_of(
        actor,
        Act.JOINED,
        household,
        person=person.id,
        at=at,
        fields=[FieldChange.said("relation", "", kin.label)],
    )
