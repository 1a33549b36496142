"""Two registrations of one person made one, and taken apart again. Both rows stay; `Merge` keeps what was changed.

Records keep the key they were made with: whoever counts asks `aliases.leads` and posts again (`records.merging`).
The rules, and why they are so, stand in docs/decisions/0009.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.base.days import SHANGHAI
from lianxin.base.errors import Refused, Unseen
from lianxin.base.text import clean_line
from lianxin.register.drafts import Leaving, Relation
from lianxin.register.leaving import close_quietly, heir_of
from lianxin.register.log import PERSON, Act, FieldChange, change_row
from lianxin.register.models import PEN, Household, Membership, Merge, Person, Suspect
from lianxin.register.opened import (
    home_last,
    household_now,
    lay_house,
    lay_person,
    lift_person,
    members_now,
    open_person,
)
from lianxin.register.rows import (
    common_ground,
    hash_of_id,
    hash_of_id_tail,
    hash_of_phone,
    hash_of_phone_tail,
)
from lianxin.vault.masks import mask_free_text

FIELDS = ("name", "sex", "birth", "died_on", "id_number", "phone")
_MERGED = "rows of people who are merged or taken apart"


def merge_people(
    actor: Actor, kept_key: str, gone_key: str, *, taken: Collection[str] = (), because: str, at: dt.datetime
) -> int:
    """From now on `gone_key` leads to `kept_key`; `taken` names the fields whose value comes from the other one.

    Needs the right to write where both are. Raises Refused with what to do first, Unseen, Forbidden.
    """
    if kept_key == gone_key:
        raise Refused("这两条是同一条，请选两条不同的。")
    reason = reason_of(because)
    with transaction.atomic(), pen(PEN):
        first, second = (open_person(actor, key) for key in sorted((kept_key, gone_key)))
        kept, gone = (first, second) if first.id == kept_key else (second, first)
        taken = _with_number(kept, gone, taken)
        _refuse_impossible(kept, gone, taken)
        undo: dict[str, Any] = {"kept": _values(kept), "spell": _step_out(gone, kept, at=at)}
        lift_person(gone)
        lift_person(kept)
        _take(kept, gone, taken)
        gone.into = kept.id
        gone.save()
        kept.save()
        _lay(kept)
        merge = Merge(
            kind=PERSON,
            kept=kept.id,
            gone=gone.id,
            taken=sorted(taken),
            because=reason,
            at=at,
            by=actor.account,
            undo=json.dumps(undo, ensure_ascii=False),
            **common_ground(kept.region, gone.region),
        )
        merge.save()
        _settle_pair(merge, "merged", reason)
        _log(actor, Act.MERGED, kept, [FieldChange.said(field, "", "取另一条的") for field in taken], reason, at=at)
    return merge.pk


def unmerge_people(actor: Actor, merge_id: int, *, because: str, at: dt.datetime) -> tuple[str, str]:
    """Two people again, each as she was; what was changed or recorded meanwhile stays where it was said. (kept, gone)

    The last one merged into somebody is the first to be taken apart.
    """
    reason = reason_of(because)
    with transaction.atomic(), pen(PEN):
        merge = open_merge(actor, merge_id, PERSON)
        kept = open_person(actor, merge.kept)
        gone = Person.objects.unscoped(_MERGED).select_for_update().get(id=merge.gone)
        undo: dict[str, Any] = json.loads(merge.undo.reveal())
        lift_person(kept)
        try:
            with transaction.atomic():
                _give_back(kept, gone, merge.taken, undo["kept"])
        except IntegrityError:
            raise Refused("合并以后，有人用同一个证件号登记了别人，请先核对那一位。") from None
        _step_in(gone, undo["spell"])
        _lay(kept)
        _lay(gone)
        merge.undone_at, merge.undone_by, merge.undone_why = at, actor.account, reason
        merge.save()
        _settle_pair(merge, "other", reason)
        _log(actor, Act.UNMERGED, kept, [], reason, at=at)
    return kept.id, gone.id


def reason_of(because: str) -> str:
    reason = mask_free_text(clean_line(because, field="because", limit=200))
    if not reason:
        raise Refused("请写明为什么。", field="because")
    return reason


def _with_number(kept: Person, gone: Person, taken: Collection[str]) -> set[str]:
    """Birth, sex and the kind of paper go with the number they were read from."""
    if unknown := set(taken) - set(FIELDS):
        raise Refused("有一栏不认得，请重新打开页面再选。", field=min(unknown))
    bound = {field for field in ("birth", "sex") if getattr(gone if "id_number" in taken else kept, field)}
    if "id_number" in taken:
        return {*taken, "id_kind", *(bound if gone.id_number else ())}
    return set(taken) - bound if kept.id_number else set(taken)


def _refuse_impossible(kept: Person, gone: Person, taken: Collection[str]) -> None:
    here, there = household_now(kept), household_now(gone)
    if here is None and there is not None:
        raise Refused("另一条现在在一户里，这一条不在。请保留在户里的那一条。", field="kept")
    died = gone.died_on if "died_on" in taken else kept.died_on
    if died is not None and (here or there):
        raise Refused("一条登记为已去世，另一条还在户里。请先核对，把不对的改过来。", field="died_on")
    birth = gone.birth if "birth" in taken else kept.birth
    if died is not None and birth is not None and died < birth:
        raise Refused("去世日期早于出生日期，请核对。", field="died_on")


def open_merge(actor: Actor, number: int, kind: str) -> Merge:
    """A merge that may be undone now: in sight, not undone, and none later into the same one."""
    merge = Merge.objects.seen_by(actor).select_for_update().filter(pk=number, kind=kind).first()
    if merge is None:
        raise Unseen("没有找到这次合并。")
    if merge.undone_at is not None:
        raise Refused("这次合并已经拆开了。")
    later = Merge.objects.unscoped(_MERGED).filter(kept=merge.kept, undone_at__isnull=True, pk__gt=merge.pk)
    if later.exists():
        raise Refused("后来还有一条并了进来，请先拆开后来的那一次。")
    return merge


def _settle_pair(merge: Merge, how: str, reason: str) -> None:
    """The work list need not ask about these two again."""
    pair = {"one": min(merge.kept, merge.gone), "other": max(merge.kept, merge.gone)}
    rows = Suspect.objects.unscoped(_MERGED).filter(**pair)
    moment, by = (merge.undone_at, merge.undone_by) if merge.undone_at else (merge.at, merge.by)
    rows.update(settled=how, because=reason, settled_at=moment, settled_by=by)


# ── values ───────────────────────────────────────────────────────────────────


def _values(person: Person) -> dict[str, str]:
    """What stands in her fields, plain: only ever kept sealed."""
    return {
        "name": person.name,
        "sex": person.sex,
        "birth": person.birth.isoformat() if person.birth else "",
        "died_on": person.died_on.isoformat() if person.died_on else "",
        "id_kind": person.id_kind,
        "id_number": person.id_number.reveal(),
        "phone": person.phone.reveal(),
    }


def _set(person: Person, field: str, value: str) -> None:
    match field:
        case "birth" | "died_on":
            setattr(person, field, dt.date.fromisoformat(value) if value else None)
        case "id_number":
            person.id_number = value
            person.id_hash, person.id_tail_hash = hash_of_id(value), hash_of_id_tail(value)
        case "phone":
            person.phone = value
            person.phone_hash, person.phone_tail_hash = hash_of_phone(value), hash_of_phone_tail(value)
        case _:
            setattr(person, field, value)


def _take(kept: Person, gone: Person, taken: Collection[str]) -> None:
    theirs = _values(gone)
    if "id_number" in taken:  # a number stands once: hers for as long as they are one
        gone.id_hash = None
        gone.save()
    for field in taken:
        _set(kept, field, theirs[field])


def _give_back(kept: Person, gone: Person, taken: Collection[str], before: dict[str, str]) -> None:
    """Every value that is still the one taken goes back; what was corrected meanwhile was said of the one kept."""
    now, theirs = _values(kept), _values(gone)
    for field in taken:
        if now[field] == theirs[field]:
            _set(kept, field, before[field])
    kept.save()
    gone.into = ""
    _set(gone, "id_number", theirs["id_number"])
    gone.save()


# ── households ───────────────────────────────────────────────────────────────


def _step_out(gone: Person, kept: Person, *, at: dt.datetime) -> dict[str, Any] | None:
    """The other registration leaves its household from today on; what it takes to bring it back."""
    spell = household_now(gone)
    if spell is None:
        return None
    household = Household.objects.unscoped(_MERGED).select_for_update().get(id=spell.household_id)
    day = max(at.astimezone(SHANGHAI).date(), spell.starts)
    spell.ends, spell.ended_why = day, Leaving.MERGED.value
    spell.save()
    undo: dict[str, Any] = {"id": spell.pk, "head": household.head == gone.id, "closed": False, "heir": None}
    staying = members_now(household)
    if not staying:
        undo["closed"] = True
        close_quietly(household, day)
    elif undo["head"]:
        heir = next((row for row in staying if row.person_id == kept.id), None) or heir_of(staying)
        undo["heir"] = {"id": heir.pk, "relation": heir.relation}
        heir.relation = Relation.HEAD.value
        heir.save()
        household.head = heir.person_id
        household.save()
    return undo


def _step_in(gone: Person, undo: dict[str, Any] | None) -> None:
    if undo is None:
        return
    spell = Membership.objects.unscoped(_MERGED).get(pk=undo["id"])
    household = Household.objects.unscoped(_MERGED).select_for_update().get(id=spell.household_id)
    if undo["closed"] and not household.into:
        reopen(household)
    if household.until is not None:  # closed meanwhile by somebody: she left with it
        spell.ends, spell.ended_why = max(spell.starts, household.until), Leaving.OTHER.value
        spell.save()
        return
    spell.ends, spell.ended_why = None, ""
    if undo["head"]:
        _lead_again(household, gone, spell, undo)
    spell.save()
    gone.region, gone.town, gone.county = household.region, household.town, household.county
    gone.save()


def reopen(household: Household) -> None:
    """A household that a merge had closed stands again, without a head yet."""
    household.until = None
    household.save()
    home = home_last(household)
    if home is not None:
        home.ends = None
        home.save()
    lay_house(household)


def _lead_again(household: Household, gone: Person, spell: Membership, undo: dict[str, Any]) -> None:
    """Head again, unless the household has chosen another one meanwhile."""
    heir = undo["heir"] and Membership.objects.unscoped(_MERGED).filter(pk=undo["heir"]["id"]).first()
    if heir and not (heir.ends is None and household.head == heir.person_id):
        spell.relation = Relation.OTHER.value
        return
    if heir:
        heir.relation = undo["heir"]["relation"]
        heir.save()
    household.head = gone.id
    household.save()


def _lay(person: Person) -> None:
    if person.died_on is None and not person.into:
        spell = household_now(person)
        lay_person(person, household=spell.household_id if spell else "")


def _log(actor: Actor, act: Act, kept: Person, fields: list[FieldChange], reason: str, *, at: dt.datetime) -> None:
    spell = household_now(kept)
    change_row(
        actor,
        act,
        household=spell.household_id if spell else "",
        region=kept.region,
        person=kept.id,
        at=at,
        fields=fields,
        because=reason,
    ).save()
