"""Whom a row is about: found by ID number, by our own key, by name within the village. Only whom the actor may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.errors import Refused
from lianxin.exchange.imports.kinds import Read
from lianxin.net.organisations import organisations_seen_by
from lianxin.records.kinds import Subject
from lianxin.register.models import Membership, NameForm, Person
from lianxin.register.names import plain_name
from lianxin.register.rows import hash_of_id

NOBODY = "册子里没有找到“{}”，请先登记她，或核对姓名、身份证号和村。"
SEVERAL = "这个村有 {} 位“{}”，请写上身份证号或出生日期。"
HOMELESS = "“{}”现在不在任何一户，请先给她登户。"
NO_BODY = "没有找到叫“{}”的组织，请写全称。"
NO_NAME = "请填姓名。"


@dataclass(frozen=True, slots=True)
class _People:
    """Who could be meant, laid out by what rows name her by."""

    by_mark: Mapping[str | None, str]
    by_name: Mapping[tuple[str, str], Sequence[tuple[str, str]]]  # (village, plain name) → [(person, birth)]
    homes: Mapping[str, str]
    bodies: Mapping[str, str]


class Subjects:
    """Asked once for the rows of a piece, answered row by row."""

    def __init__(self, actor: Actor, reads: Sequence[Read]) -> None:
        self._people = _people(actor, [read.said for read in reads])

    def of(self, said: Mapping[str, Any], types: Collection[str]) -> Subject:
        """The subject of a row, of one of these types. Refused where there is none, or more than one."""
        if "organisation" in types and types == {"organisation"}:
            key = self._people.bodies.get(str(said["name"]))
            if key is None:
                raise Refused(NO_BODY.format(said["name"]), field="name")
            return Subject("organisation", key)
        person = self._person(said)
        if "person" in types:
            return Subject("person", person)
        home = self._people.homes.get(person)
        if home is None:
            raise Refused(HOMELESS.format(said["name"]), field="name")
        return Subject("household", home)

    def _person(self, said: Mapping[str, Any]) -> str:
        name = str(said["name"])
        if said["id"]:
            key = self._people.by_mark.get(hash_of_id(str(said["id"])))
            if key is None:
                raise Refused(NOBODY.format(name), field="id_number")
            return key
        if not name:
            raise Refused(NO_NAME, field="name")
        found = self._people.by_name.get((str(said["village"]), plain_name(name)), ())
        if said["birth"]:
            found = [each for each in found if each[1] == said["birth"]]
        if not found:
            raise Refused(NOBODY.format(name), field="name")
        if len(found) > 1:
            raise Refused(SEVERAL.format(len(found), name), field="name")
        return found[0][0]


def _people(actor: Actor, rows: Sequence[Mapping[str, Any]]) -> _People:
    people = Person.objects.seen_by(actor)
    marks = {hash_of_id(str(said["id"])) for said in rows if said["id"]} - {None}
    by_mark = dict(people.filter(id_hash__in=marks).values_list("id_hash", "id")) if marks else {}
    by_name = _by_name(actor, rows)
    keys = {*by_mark.values(), *(key for found in by_name.values() for key, _ in found)}
    members = Membership.objects.seen_by(actor).filter(person_id__in=keys, ends__isnull=True)
    names = {str(said["name"]) for said in rows if said["name"]}
    bodies = {}
    if actor.may(Verb.ORGANISATION_READ):
        standing = organisations_seen_by(actor).filter(name__in=names, dissolved_on__isnull=True)
        bodies = dict(standing.values_list("name", "id"))
    return _People(by_mark, by_name, dict(members.values_list("person_id", "household_id")), bodies)


def _by_name(actor: Actor, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for said in rows:
        if said["name"] and not said["id"] and said["village"]:
            wanted[str(said["village"])].add(plain_name(str(said["name"])))
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for village, names in wanted.items():
        forms = NameForm.objects.seen_by(actor).filter(
            county=village[:6], form__in=names, region=village, kind=NameForm.Kind.NAME
        )
        named = {person: form for person, form in forms.values_list("person", "form") if person}
        births = Person.objects.seen_by(actor).filter(id__in=named).values_list("id", "birth")
        for key, birth in births:
            found[village, named[key]].append((key, birth.isoformat() if birth else ""))
    return found
