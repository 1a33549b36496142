"""Two registrations made one, or taken apart, with everything that hangs on them: register and ledger in one breath.

What is one in the register is counted once from the same moment; records keep the key they were made with.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.access.verbs import Seal
from lianxin.base.errors import Refused
from lianxin.ledger.locks import hold_identities
from lianxin.records.door import post_again
from lianxin.records.kinds import installed
from lianxin.records.models import Entry
from lianxin.register.actions import merge_households, merge_people, unmerge_households, unmerge_people
from lianxin.register.aliases import with_merged


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge came to: its number, whose key leads where, how many records were counted anew."""

    merge: int
    kept: str
    gone: str
    records: int


def merge(actor: Actor, kept: str, gone: str, *, taken: Collection[str] = (), because: str, at: dt.datetime) -> Merged:
    """`gone` stands for `kept` from now on, and whatever was recorded of either counts for one.

    Raises what `merge_people` does; Refused where both stand on the same list, or a sealed figure would move.
    """
    with transaction.atomic():
        hold_identities(changing=True)
        number = merge_people(actor, kept, gone, taken=taken, because=because, at=at)
        theirs = with_merged([gone])
        _refuse_both(tuple(set(with_merged([kept])) - set(theirs)), theirs)
        return Merged(number, kept, gone, post_again(actor, theirs, at=at))


def unmerge(actor: Actor, number: int, *, because: str, at: dt.datetime) -> Merged:
    """Two again: each record counts for the key it was made with. Raises what `unmerge_people` does."""
    with transaction.atomic():
        hold_identities(changing=True)
        kept, gone = unmerge_people(actor, number, because=because, at=at)
        return Merged(number, kept, gone, post_again(actor, with_merged([gone]), at=at))


def merge_homes(actor: Actor, kept: str, gone: str, *, because: str, at: dt.datetime) -> Merged:
    """Two registrations of one household are one, with everything recorded of either."""
    with transaction.atomic():
        hold_identities(changing=True)
        number = merge_households(actor, kept, gone, because=because, at=at)
        theirs = with_merged([gone])
        _refuse_both(tuple(set(with_merged([kept])) - set(theirs)), theirs)
        return Merged(number, kept, gone, post_again(actor, theirs, at=at))


def unmerge_homes(actor: Actor, number: int, *, because: str, at: dt.datetime) -> Merged:
    """Two households again."""
    with transaction.atomic():
        hold_identities(changing=True)
        kept, gone = unmerge_households(actor, number, because=because, at=at)
        return Merged(number, kept, gone, post_again(actor, with_merged([gone]), at=at))


def records_of(alike: Mapping[str, Collection[str]]) -> dict[str, Counter[str]]:
    """How many records of each kind hang on each of these subjects; no more than their number. One query.

    `alike`: all keys that stand for each (register.aliases.same_as). What is kept for a team is left out: that there is
    one is told to nobody else.
    """
    every = [key for keys in alike.values() for key in keys]
    rows = Entry.objects.unscoped("how many records hang on somebody who is to be merged, nothing of what they say")
    shown = rows.filter(subject__in=every, is_void=False).exclude(seal=Seal.TEAM).values_list("subject", "kind")
    entries = list(shown)
    return {one: Counter(kind for subject, kind in entries if subject in keys) for one, keys in alike.items()}


def _refuse_both(ours: tuple[str, ...], theirs: tuple[str, ...]) -> None:
    for kind in installed():
        if why := kind.refuses_to_join(ours, theirs):
            raise Refused(why)
