"""Traces of cases kept and looked up: which cases may be of the same person, and which somebody told apart.

Only cases that the actor may read are proposed; of two that nobody below sees both, the supervisor above is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.access.verbs import Verb
from lianxin.base.errors import Refused, Unseen
from lianxin.base.text import clean_line
from lianxin.kinds.cases import matching
from lianxin.kinds.cases.matching import Likeness, Told, as_json, blocks_of, from_json, likeness, rarity_of, trace_of
from lianxin.kinds.cases.models import TRACE_PEN, Apart, Block, Case, Trace
from lianxin.kinds.cases.values import CaseValues, Party
from lianxin.register.models import Person
from lianxin.vault.box import keyed_hash
from lianxin.vault.masks import mask_free_text

MOST_ASKED, MOST_SHOWN = 300, 5
COMPARED = ("her", "other")
_COMMON = "how common a name is: one number, shown to nobody"
_NOT_THERE = "没有那一件，或者不归您看。"


@dataclass(frozen=True, slots=True)
class Alike:
    """A case that may be of the same person, and why."""

    case: Case
    likeness: Likeness


def lay_traces(actor: Actor, row: Case, values: CaseValues) -> None:
    """Keep the traces of a case anew: when it is taken in, and when her safe number is put right."""
    traces = tuple(_traces(actor, row, values))
    with transaction.atomic(), pen(TRACE_PEN):
        old = list(Trace.objects.seen_by(actor).filter(record=row.key).values_list("pk", flat=True))
        Block.objects.filter(trace__in=old).delete()
        Trace.objects.seen_by(actor).filter(pk__in=old).delete()
        for trace in traces:
            kept = Trace.objects.create(
                record=row.key,
                sound=min(trace.sounds, default=""),
                signs=as_json(trace),
                region=row.region,
                town=row.town,
                county=row.county,
                day=row.day,
                programme=row.programme,
                seal=row.seal,
            )
            Block.objects.bulk_create(Block(block=_short(block), trace=kept.pk) for block in blocks_of(trace))


def alike(actor: Actor, row: Case) -> tuple[Alike, ...]:
    """Cases that may be of the same people, the likeliest first; without those that were told apart or joined."""
    own = [_read(kept) for kept in Trace.objects.seen_by(actor).filter(record=row.key)]
    found: dict[str, Likeness] = {}
    among = Trace.objects.unscoped(_COMMON).filter(county=row.county)
    total = among.count() if own else 0
    for trace in own:
        rarity = rarity_of(among.filter(sound=min(trace.sounds, default="")).count(), total)
        for other in _asked(actor, row, trace):
            # a small county's names are not common because few cases are kept
            how = likeness(trace, other, rarity=max(rarity, matching.RAREST - 3) if total < 2_000 else rarity)
            if how.is_likely and (other.key not in found or how.weight > found[other.key].weight):
                found[other.key] = how
    return _shown(actor, row, found)


def _asked(actor: Actor, row: Case, trace: matching.Trace) -> Iterator[matching.Trace]:
    blocks = [_short(block) for block in blocks_of(trace)]
    ids = Block.objects.filter(block__in=blocks).order_by("-trace").values_list("trace", flat=True)[:MOST_ASKED]
    seen = Trace.objects.seen_by(actor).filter(pk__in=set(ids)).exclude(record=row.key)
    yield from (_read(kept) for kept in seen)


def _shown(actor: Actor, row: Case, found: dict[str, Likeness]) -> tuple[Alike, ...]:
    if not found:
        return ()
    apart = set(Apart.objects.seen_by(actor).filter(record=row.key).values_list("other", flat=True))
    cases = Case.objects.seen_by(actor).filter(key__in=found.keys() - apart, is_void=False)
    rows = [Alike(case, found[case.key]) for case in cases if case.stage != "joined"]
    return tuple(sorted(rows, key=lambda each: -each.likeness.weight)[:MOST_SHOWN])


def keep_apart(actor: Actor, row: Case, other: str, *, because: str, at: dt.datetime) -> None:
    """They are two, and not proposed again. Refused without a reason; Unseen for what she cannot read."""
    actor.require(Verb.CASE_WORK)
    reason = mask_free_text(clean_line(because, field="because", limit=500))
    if not reason:
        raise Refused("请写明为什么不是同一个人。", field="because")
    there = Case.objects.seen_by(actor).filter(key=other).exclude(key=row.key).first()
    if there is None:
        raise Unseen(_NOT_THERE)
    try:
        with transaction.atomic(), pen(TRACE_PEN):
            for case, its_other in ((row, there), (there, row)):
                Apart.objects.create(
                    record=case.key,
                    other=its_other.key,
                    because=reason,
                    at=at,
                    by=actor.account,
                    region=case.region,
                    town=case.town,
                    county=case.county,
                    day=at.date(),
                    programme=case.programme,
                    seal=case.seal,
                )
    except IntegrityError:
        raise Refused("已经有人看过，记为不是同一个人。") from None


def take_back_apart(actor: Actor, row: Case, other: str) -> None:
    """They may be one after all: proposed again, both ways."""
    actor.require(Verb.CASE_WORK)
    with transaction.atomic(), pen(TRACE_PEN):
        for record, its_other in ((row.key, other), (other, row.key)):
            Apart.objects.seen_by(actor).filter(record=record, other=its_other).delete()


def told_apart(actor: Actor, row: Case) -> tuple[tuple[Case, str], ...]:
    """The cases it was told apart from, with the reason."""
    kept = dict(Apart.objects.seen_by(actor).filter(record=row.key).values_list("other", "because"))
    cases = Case.objects.seen_by(actor).filter(key__in=kept)
    return tuple((case, kept[case.key]) for case in cases)


def _traces(actor: Actor, row: Case, values: CaseValues) -> Iterator[matching.Trace]:
    parties = [party for party in values.parties if party.role in COMPARED]
    known = {
        person.id: person
        for person in Person.objects.seen_by(actor, Verb.REGISTER_READ).filter(
            id__in=[party.person for party in parties if party.person]
        )
    }
    safe = values.safety.reveal("safe_number")  # hashed here and forgotten; no person is shown it
    for party in parties:
        told = _told(party, known.get(party.person), row.region)
        if party.role == "her" and safe:
            told = replace(told, phone="".join(sign for sign in safe if sign.isdigit()))
        yield trace_of(row.key, told, _token)


def _told(party: Party, person: Person | None, village: str) -> Told:
    if person is None:
        return Told(person=party.person, name=party.name, village=village)
    return Told(
        person=party.person,
        name=person.name,
        birth_year=person.birth.year if person.birth else 0,
        sex=person.sex,
        village=village,
    )


def _token(text: str) -> str:
    return keyed_hash(text, purpose="case.trace")


def _short(block: str) -> str:
    return keyed_hash(block, purpose="case.block")


def _read(kept: Trace) -> matching.Trace:
    return from_json(kept.record, kept.signs)
