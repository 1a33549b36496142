"""What subjects are called, for lists and headings: as far as the actor may see them, a plain word otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lianxin.access.actor import Actor
from lianxin.net.organisations import organisations_seen_by
from lianxin.records.kinds import Subject
from lianxin.register.queries import household_names, person_names

OUT_OF_SIGHT = {"household": "不在您区域的住户", "person": "不在您区域的人", "organisation": "不在您区域的单位"}


@dataclass(frozen=True, slots=True)
class SubjectName:
    """A household is called after its head; `place` is its house number."""

    key: str
    type: str
    name: str
    place: str = ""
    is_seen: bool = True


def subject_names(actor: Actor, subjects: Iterable[Subject]) -> dict[str, SubjectName]:
    """Key → name, one query a type; a subject out of sight gets a plain word, so that every key answers."""
    wanted: dict[str, list[str]] = {}
    for subject in subjects:
        wanted.setdefault(subject.type, []).append(subject.key)
    names = {key: _out_of_sight(key, kind) for kind, keys in wanted.items() for key in keys}
    for key, (name, place) in household_names(actor, wanted.get("household", ())).items():
        names[key] = SubjectName(key, "household", f"{name}家", place)
    if keys := wanted.get("person"):
        for key, name in person_names(actor, keys).items():
            names[key] = SubjectName(key, "person", name)
    if keys := wanted.get("organisation"):
        for key, name in organisations_seen_by(actor).filter(id__in=keys).values_list("id", "name"):
            names[key] = SubjectName(key, "organisation", name)
    return names


def _out_of_sight(key: str, kind: str) -> SubjectName:
    return SubjectName(key, kind, OUT_OF_SIGHT.get(kind, OUT_OF_SIGHT["household"]), is_seen=False)
