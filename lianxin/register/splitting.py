"""Households parted and brought together: some of the people move out into one of their own; two that were one are one.

Merging keeps both rows, as with people: the other key leads, and `Merge` keeps what it takes to undo it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.base.days import SHANGHAI, say_day
from lianxin.base.errors import Refused
from lianxin.base.ids import new_id
from lianxin.register.checked import Checker
from lianxin.register.drafts import Day, Leaving, Relation
from lianxin.register.leaving import close_quietly, pass_on
from lianxin.register.log import HOUSEHOLD, Act, FieldChange, log_of
from lianxin.register.merging import open_merge, reason_of, reopen
from lianxin.register.models import PEN, Household, Membership, Merge, Person, Residence
from lianxin.register.opened import (
    lay_house,
    lay_person,
    lift_person,
    members_now,
    open_household,
    people_of,
)
from lianxin.register.rows import Place, common_ground

_MERGED = "rows of households that are merged or taken apart"


def split_household(
    actor: Actor,
    key: str,
    *,
    people: Collection[str],
    head: str,
    relations: Mapping[str, str] | None = None,
    place: str = "",
    on: Day = None,
    at: dt.datetime,
) -> str:
    """Some of the people have a household of their own from a day on (today), in the same village; its key.

    `relations` says what they are to the new head; who is not in it is some other relative. Raises Problems, Refused.
    """
    with transaction.atomic(), pen(PEN):
        household = open_household(actor, key)
        rows = members_now(household)
        leaving = [row for row in rows if row.person_id in set(people)]
        checker = Checker.at(at)
        day, house_number = checker.past_day(on, "on", default=checker.today), checker.place(place)
        kin = {person: checker.relation(said) for person, said in (relations or {}).items()}
        _refuse_splitting(household, rows, leaving, head, day, checker)
        new = Household(
            id=new_id(),
            place=house_number,
            head=head,
            since=day,
            is_demo=household.is_demo,
            **Place(household.region).columns,
        )
        new.save()
        Residence(household_id=new.id, starts=day, **Place(new.region).columns).save()
        lay_house(new)
        named = {person.id: person for person in people_of(leaving)}
        for row in leaving:
            relation = Relation.HEAD if row.person_id == head else kin.get(row.person_id, Relation.OTHER)
            _change_house(row, named[row.person_id], new, relation, day, Leaving.SPLIT)
        if household.head in named:
            pass_on(household, [row for row in rows if row not in leaving])
        names = "、".join(person.name for person in named.values())
        said = [FieldChange.said("people", "", names), FieldChange.said("on", "", day)]
        log_of(actor, Act.SPLIT, household, at=at, fields=said)
        log_of(actor, Act.REGISTERED, new, at=at, fields=[FieldChange.said("members", "", len(leaving))])
    return new.id


def _refuse_splitting(
    household: Household, rows: list[Membership], leaving: list[Membership], head: str, day: dt.date, checker: Checker
) -> None:
    if household.until is not None:
        raise Refused(f"这一户在{say_day(household.until)}已经销户，不能再分。")
    if not leaving:
        checker.add("people", "请选哪几位分出去。")
    elif len(leaving) == len(rows):
        checker.add("people", "至少要有一位留在原来的户里；全家搬走的，请用“搬家”。")
    if leaving and head not in {row.person_id for row in leaving}:
        checker.add("head", "新户的户主要在分出去的人里选。")
    latest = max((row.starts for row in leaving), default=household.since)
    if day < latest:
        checker.add("on", f"日期不能早于她们入户的日子（{say_day(latest)}）。")
    checker.problems.raise_if_any()


def _change_house(
    row: Membership, person: Person, household: Household, relation: Relation, day: dt.date, why: Leaving
) -> Membership:
    """She leaves the one and is in the other from the same day on."""
    row.ends, row.ended_why = day, why.value
    row.save()
    made = Membership(
        person_id=person.id,
        household_id=household.id,
        relation=relation.value,
        starts=day,
        **Place(household.region).columns,
    )
    made.save()
    _settle(person, household)
    return made


def _settle(person: Person, household: Household) -> None:
    """She is at home there now, and found there."""
    lift_person(person)
    person.region, person.town, person.county = household.region, household.town, household.county
    person.save()
    if person.died_on is None:
        lay_person(person, household=household.id)


def merge_households(actor: Actor, kept_key: str, gone_key: str, *, because: str, at: dt.datetime) -> int:
    """Two registrations of one household are one: all are in `kept_key` from today on, the other key leads there."""
    if kept_key == gone_key:
        raise Refused("这是同一户，请选两户不同的。")
    reason = reason_of(because)
    with transaction.atomic(), pen(PEN):
        opened = {key: open_household(actor, key) for key in sorted((kept_key, gone_key))}
        kept, gone = opened[kept_key], opened[gone_key]
        if kept.until is not None:
            raise Refused("这一户已经销户。请保留还在的那一户。", field="kept")
        day = max(at.astimezone(SHANGHAI).date(), kept.since, *(row.starts for row in members_now(gone)))
        undo: dict[str, Any] = {"head": gone.head, "closed": gone.until is None, "moved": []}
        rows = members_now(gone)
        named = {person.id: person for person in people_of(rows)}
        for row in rows:
            made = _change_house(row, named[row.person_id], kept, Relation.OTHER, day, Leaving.MERGED)
            undo["moved"].append([row.pk, made.pk])
        if undo["closed"]:
            close_quietly(gone, day)
        gone.into = kept.id
        gone.save()
        merge = Merge(
            kind=HOUSEHOLD,
            kept=kept.id,
            gone=gone.id,
            because=reason,
            at=at,
            by=actor.account,
            undo=json.dumps(undo),
            **common_ground(kept.region, gone.region),
        )
        merge.save()
        log_of(actor, Act.MERGED, kept, at=at, because=reason)
    return merge.pk


def unmerge_households(actor: Actor, merge_id: int, *, because: str, at: dt.datetime) -> tuple[str, str]:
    """Two households again: who was moved by the merge and is still there goes back. (kept, gone)"""
    reason = reason_of(because)
    with transaction.atomic(), pen(PEN):
        merge = open_merge(actor, merge_id, HOUSEHOLD)
        kept = open_household(actor, merge.kept)
        gone = Household.objects.unscoped(_MERGED).select_for_update().get(id=merge.gone)
        undo: dict[str, Any] = json.loads(merge.undo.reveal())
        gone.into = ""
        gone.save()
        returned = _take_back(kept, gone, undo["moved"])
        if undo["closed"] and returned:
            reopen(gone)
            gone.head = undo["head"] if undo["head"] in {row.person_id for row in returned} else ""
            gone.save()
            if not gone.head:
                pass_on(gone, returned)
        _lead_on(kept, at.astimezone(SHANGHAI).date())
        merge.undone_at, merge.undone_by, merge.undone_why = at, actor.account, reason
        merge.save()
        log_of(actor, Act.UNMERGED, kept, at=at, because=reason)
    return kept.id, gone.id


def _take_back(kept: Household, gone: Household, moved: list[list[int]]) -> list[Membership]:
    """Who is where the merge put her returns; who went elsewhere meanwhile stays where she went."""
    numbers = [number for pair in moved for number in pair]
    rows = {row.pk: row for row in Membership.objects.unscoped(_MERGED).filter(pk__in=numbers)}
    returned = []
    for ended_pk, made_pk in moved:
        ended, made = rows[ended_pk], rows.get(made_pk)
        if made is None or made.ends is not None or made.household_id != kept.id:
            ended.ended_why = Leaving.OTHER.value
            ended.save()
            continue
        made.delete()
        ended.ends, ended.ended_why = None, ""
        ended.save()
        person = Person.objects.unscoped(_MERGED).select_for_update().get(id=ended.person_id)
        _settle(person, gone)
        returned.append(ended)
    return returned


def _lead_on(kept: Household, day: dt.date) -> None:
    """The household kept may have lost its head with those who went back, or everybody."""
    staying = members_now(kept)
    if kept.until is None and not staying:
        close_quietly(kept, day)
    elif staying and kept.head not in {row.person_id for row in staying}:
        pass_on(kept, staying)
