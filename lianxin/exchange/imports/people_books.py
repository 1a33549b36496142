"""Persons and households against the register: who stands there already, who goes in, and who is taken out again."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lianxin.access.actor import Actor
from lianxin.base.codes import Level, range_under
from lianxin.base.errors import Problem, Problems, Refused
from lianxin.base.ids import new_id
from lianxin.exchange.imports.kinds import Became, Read
from lianxin.exchange.imports.rows import said_of
from lianxin.exchange.models import StagedRow, State
from lianxin.records.models import Entry
from lianxin.register.actions import add_member, bulk_register, end_membership
from lianxin.register.drafts import HouseholdDraft, Leaving, MemberDraft, Relation
from lianxin.register.models import Household, Membership, NameForm, Person
from lianxin.register.names import plain_name
from lianxin.register.rows import hash_of_phone
from lianxin.register.withdrawing import ERASED, withdraw_households

KNOWN = "已经在册，没有改动。"
LIKE = "册子里有同名的{}，也可能就是她，请您定。"
CHANGED = "后来改动过，没有撤销：{}。"
USED = "后来别处用到了，没有撤销。"
HOMELESS = "户主已经在册，但现在不在任何一户，请先在网页上给她登户。"
ASKED = 500


# ── recognising ──────────────────────────────────────────────────────────────


def recognised(actor: Actor, reads: Sequence[Read]) -> list[Read]:
    """By key, by ID number; by name with birth date or phone somebody is asked. Only whom the actor may see."""
    good = [read for read in reads if read.state == State.GOOD]
    people = Person.objects.seen_by(actor)
    by_mark = dict(people.filter(id_hash__in=[r.mark for r in good if r.mark]).values_list("id_hash", "id"))
    good = _with_keys_of_their_own(actor, good)
    reads = [*good, *(read for read in reads if read.state != State.GOOD)]
    by_key = set(people.filter(id__in=[read.key for read in good]).values_list("id", flat=True))
    found = {read.row: by_mark.get(read.mark) or (read.key if read.key in by_key else "") for read in good}
    homes = _homes(actor, [key for key in found.values() if key])
    standing = _standing(actor, {read.home for read in good})
    likely = _likely(actor, [read for read in good if not found[read.row]])
    known_home = {r.unit: homes.get(found[r.row], "") for r in good if found[r.row]}
    known_home |= {read.unit: read.home for read in good if read.home in standing}
    told = []
    for read in reads:
        key = found.get(read.row, "")
        if key:
            read = replace(read, state=State.KNOWN, found=key, said={}, problems=(("name", KNOWN),))
        elif read.row in likely:
            key, what = likely[read.row]
            read = replace(read, state=State.ASK, found=key, problems=(("name", LIKE.format(what)),))
        if read.state in (State.KNOWN, State.GOOD, State.ASK) and known_home.get(read.unit):
            read = replace(read, home=known_home[read.unit])
        told.append(_in_house(read, standing))
    return sorted(told, key=lambda read: read.row)


def _with_keys_of_their_own(actor: Actor, reads: Sequence[Read]) -> list[Read]:
    """Keys that our own ledgers name, but of households that are closed and people who were taken back, are used up."""
    closed = Household.objects.seen_by(actor).filter(id__in={read.home for read in reads}, until__isnull=False)
    fresh = {key: new_id() for key in closed.values_list("id", flat=True)}
    gone = Person.objects.seen_by(actor).filter(id__in=[read.key for read in reads], name=ERASED)
    fresh |= {key: new_id() for key in gone.values_list("id", flat=True)}
    return [replace(r, key=fresh.get(r.key, r.key), home=fresh.get(r.home, r.home)) for r in reads]


def _in_house(read: Read, standing: Collection[str]) -> Read:
    """A row of our own household ledger names nobody but the head of a house that stands there already."""
    is_known = read.state == State.GOOD and read.home in standing and read.said.get("by_house")
    return replace(read, state=State.KNOWN, said={}, problems=(("head", KNOWN),)) if is_known else read


def _homes(actor: Actor, people: Collection[str]) -> dict[str, str]:
    rows = Membership.objects.seen_by(actor).filter(person_id__in=people, ends__isnull=True)
    return dict(rows.values_list("person_id", "household_id"))


def _standing(actor: Actor, homes: Collection[str]) -> set[str]:
    rows = Household.objects.seen_by(actor).filter(id__in=homes, until__isnull=True)
    return set(rows.values_list("id", flat=True))


def _likely(actor: Actor, reads: Sequence[Read]) -> dict[int, tuple[str, str]]:
    """Row → (person, what she shares with it): the same name in the same town, with the same birth date or phone."""
    by_town: dict[str, list[Read]] = defaultdict(list)
    for read in reads:
        if read.said.get("birth") or read.said.get("phone"):
            by_town[str(read.said.get("village", ""))[: Level.TOWN.length]].append(read)
    likely: dict[int, tuple[str, str]] = {}
    for town, group in by_town.items():
        if town:
            likely |= _likely_in(actor, town, group)
    return likely


def _likely_in(actor: Actor, town: str, reads: Sequence[Read]) -> dict[int, tuple[str, str]]:
    low, high = range_under(town)
    forms = {plain_name(str(read.said["name"])) for read in reads}
    named = NameForm.objects.seen_by(actor).filter(
        county=town[: Level.COUNTY.length], form__in=forms, region__gte=low, region__lt=high, kind=NameForm.Kind.NAME
    )
    keys = {key for key in named.values_list("person", flat=True) if key}
    by_name: dict[str, list[tuple[str, dt.date | None, str, str | None]]] = defaultdict(list)
    for batch in _pieces(sorted(keys)):
        rows = Person.objects.seen_by(actor).filter(id__in=batch)
        for key, name, birth, phone, mark in rows.values_list("id", "name", "birth", "phone_hash", "id_hash"):
            by_name[name].append((key, birth, phone, mark))
    likely = {}
    for read in reads:
        for key, birth, phone, mark in by_name.get(str(read.said["name"]), ()):
            if read.mark and mark:
                continue  # two different ID numbers: two persons
            if birth and birth.isoformat() == read.said["birth"]:
                likely[read.row] = (key, "、同一天出生的人")
            elif phone and phone == hash_of_phone(str(read.said["phone"])):
                likely[read.row] = (key, "、同一个电话的人")
    return likely


# ── applying ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _House:
    """The rows of one household that go in together, with what they say."""

    home: str
    rows: tuple[StagedRow, ...]
    said: tuple[dict[str, Any], ...]

    def draft(self) -> HouseholdDraft:
        about = next((said for said in self.said if said.get("region")), {})
        members = tuple(member_of(row, said) for row, said in zip(self.rows, self.said, strict=True))
        has_head = any(member.relation == Relation.HEAD for member in members)
        return HouseholdDraft(
            id=self.home,
            region=about.get("region") or self.said[0]["village"],
            place=about.get("place", ""),
            phone=about.get("home_phone", ""),
            since=about.get("since", ""),
            head="" if has_head else about.get("head", ""),
            members=members,
        )


def member_of(row: StagedRow, said: dict[str, Any]) -> MemberDraft:
    return MemberDraft(
        id=row.key,
        name=said["name"],
        relation=said["relation"],
        sex=said["sex"],
        birth=said["birth"],
        id_number=said["id"],
        id_kind=said.get("id_kind", ""),
        phone=said["phone"],
    )


def apply_rows(actor: Actor, rows: Sequence[StagedRow], *, at: dt.datetime) -> dict[int, Became]:
    """Rows of whole units, those that are good. New households all at once, newcomers of standing ones one by one."""
    became: dict[int, Became] = {}
    lives_in = _homes(actor, [row.found for row in rows if row.state == State.KNOWN and row.found])
    known_home = {row.unit: lives_in[row.found] for row in rows if row.found in lives_in}
    standing = _standing(actor, {row.home for row in rows} | set(known_home.values()))
    units: dict[int, list[StagedRow]] = defaultdict(list)
    for row in rows:
        units[row.unit].append(row)
    new = []
    for unit in units.values():
        good = [row for row in unit if row.state == State.GOOD]
        if not good:
            continue
        house = _House(known_home.get(unit[0].unit, good[0].home), tuple(good), tuple(map(said_of, good)))
        waiting = next((row for row in unit if row.state == State.ASK), None)
        if house.home in standing:
            became |= _joined(actor, house, at=at)
        elif any(row.state == State.KNOWN for row in unit):
            became |= dict.fromkeys((row.row for row in good), Became(state=State.FAILED, message=HOMELESS))
        elif waiting is None or not _leads(waiting):
            new.append(house)
    return became | _registered(actor, new, at=at)


def _leads(row: StagedRow) -> bool:
    """A household whose head is still in question waits for her; its rows stay as they are."""
    return bool(said_of(row).get("relation") == Relation.HEAD)


def _registered(actor: Actor, houses: Sequence[_House], *, at: dt.datetime) -> dict[int, Became]:
    """All at once; those that the register refuses are named and the others tried again."""
    became: dict[int, Became] = {}
    while houses:
        try:
            bulk_register(actor, [house.draft() for house in houses], at=at)
        except Problems as problems:
            wrong = _by_draft(problems.items)
            if not wrong:
                raise
            for number, items in wrong.items():
                became |= _failed(houses[number], items)
            houses = [house for number, house in enumerate(houses) if number not in wrong]
        except Refused as error:
            if len(houses) == 1:
                return became | _failed(houses[0], [Problem("", error.message)])
            for house in houses:
                became |= _registered(actor, [house], at=at)
            return became
        else:
            applied = Became(state=State.APPLIED)
            return became | {row.row: applied for house in houses for row in house.rows}
    return became


def _by_draft(items: Iterable[Problem]) -> dict[int, list[Problem]]:
    """“12.members.0.id_number” belongs to the twelfth."""
    wrong: dict[int, list[Problem]] = defaultdict(list)
    for item in items:
        number, _, rest = item.field.partition(".")
        if number.isdigit():
            wrong[int(number)].append(Problem(rest, item.message))
    return wrong


def _failed(house: _House, items: Sequence[Problem]) -> dict[int, Became]:
    """The member that is wrong says what; the others of her house say that they wait for her."""
    told: dict[int, Became] = {}
    for item in items:
        parts = item.field.split(".")
        place = int(parts[1]) if parts[0] == "members" and len(parts) > 2 and parts[1].isdigit() else 0
        row = house.rows[min(place, len(house.rows) - 1)]
        told.setdefault(row.row, Became(state=State.FAILED, message=item.message, field=parts[-1]))
    others = Became(state=State.FAILED, message="同一户有一行没能导入，这一户都还没有导入。")
    return {row.row: told.get(row.row, others) for row in house.rows}


def _joined(actor: Actor, house: _House, *, at: dt.datetime) -> dict[int, Became]:
    became = {}
    for row, said in zip(house.rows, house.said, strict=True):
        try:
            add_member(actor, house.home, member_of(row, said), at=at)
        except Problems as problems:
            item = problems.items[0]
            became[row.row] = Became(state=State.FAILED, message=item.message, field=item.field)
        except Refused as error:
            became[row.row] = Became(state=State.FAILED, message=error.message, field=error.field)
        else:
            became[row.row] = Became(state=State.APPLIED, found=house.home)
    return became


# ── taking back ──────────────────────────────────────────────────────────────


def undo_rows(actor: Actor, rows: Sequence[StagedRow], *, because: str, at: dt.datetime) -> dict[int, Became]:
    """Households that came in by these rows end as never been; who joined a standing one leaves it again."""
    home_of: dict[int, str] = {}
    for row in rows:
        if not row.found:
            home_of.setdefault(row.unit, row.home)  # the first row's: it named the household when it was registered
    created = set(home_of.values())
    used = _used(created | {row.key for row in rows})
    spared = {home_of[row.unit] for row in rows if not row.found and used & {home_of[row.unit], row.key}}
    left = withdraw_households(actor, sorted(created - spared), because=because, at=at)
    became = {}
    for row in rows:
        if row.found:
            became[row.row] = _left_again(actor, row, row.key in used, at=at)
        elif home_of[row.unit] in spared:
            became[row.row] = Became(state=State.KEPT, message=USED)
        elif home_of[row.unit] in left:
            became[row.row] = Became(state=State.KEPT, message=CHANGED.format(left[home_of[row.unit]]))
        else:
            became[row.row] = Became(state=State.UNDONE)
    return became


def _used(keys: Collection[str]) -> set[str]:
    """Those that a record is about."""
    rows = Entry.objects.unscoped("what somebody recorded about them, in sight or not, keeps them where they are")
    found: set[str] = set()
    for piece in _pieces(sorted(keys)):
        found |= set(rows.filter(subject__in=piece, is_void=False).values_list("subject", flat=True))
    return found


def _left_again(actor: Actor, row: StagedRow, is_used: bool, *, at: dt.datetime) -> Became:
    if is_used:
        return Became(state=State.KEPT, message=USED)
    try:
        end_membership(actor, row.found, row.key, why=Leaving.MISTAKE.value, at=at)
    except (Problems, Refused) as error:
        return Became(state=State.KEPT, message=CHANGED.format(str(error).rstrip("。")))
    return Became(state=State.UNDONE)


def _pieces(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[start : start + ASKED] for start in range(0, len(keys), ASKED))
