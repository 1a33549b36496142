"""Keys that lead elsewhere: whom a merged key stands for, and which keys stand for somebody. Keys only, no values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Q

from lianxin.register.log import HOUSEHOLD
from lianxin.register.models import Household, Merge, Person

_KEYS = "which key stands for which, wherever its rows are"
AT_ONCE = 5_000  # keys in one question: SQLite takes 32,766


def leads(kind: str, keys: Collection[str]) -> dict[str, str]:
    """Those of these people (or households) that were merged into another, with whom they stand for in the end."""
    model = Household if kind == HOUSEHOLD else Person
    rows = model.objects.unscoped(_KEYS).exclude(into="")
    into: dict[str, str] = {}
    asked = set(keys)
    while asked:
        some = sorted(asked)
        asked = set()
        for start in range(0, len(some), AT_ONCE):
            found = dict(rows.filter(id__in=some[start : start + AT_ONCE]).values_list("id", "into"))
            into |= found
            asked |= set(found.values()) - into.keys()
    return {key: _end(into, key) for key in keys if key in into}


def same_as(keys: Collection[str]) -> dict[str, tuple[str, ...]]:
    """For each of these keys all that stand for the same subject, itself first; one query where none is merged."""
    rows = Merge.objects.unscoped(_KEYS).filter(undone_at__isnull=True)
    group = {key: {key} for key in keys}
    asked = list(group)
    while asked:
        joined = [
            pair
            for start in range(0, len(asked), AT_ONCE)
            for pair in rows.filter(_touching(asked[start : start + AT_ONCE])).values_list("kept", "gone")
        ]
        asked = [key for pair in joined for key in pair if key not in group]
        for kept, gone in joined:
            together = group.setdefault(kept, {kept}) | group.setdefault(gone, {gone})
            group |= dict.fromkeys(together, together)
    return {key: (key, *sorted(group[key] - {key})) for key in keys}


def _touching(keys: Sequence[str]) -> Q:
    return Q(kept__in=keys) | Q(gone__in=keys)


def _end(into: Mapping[str, str], key: str) -> str:
    while key in into:
        key = into[key]
    return key


def with_merged(keys: Iterable[str]) -> tuple[str, ...]:
    """These keys and every key that was merged into one of them: under all of them her records stand."""
    found = dict.fromkeys(keys)
    asked = list(found)
    rows = Merge.objects.unscoped(_KEYS).filter(undone_at__isnull=True)
    while asked:
        below = [
            gone
            for start in range(0, len(asked), AT_ONCE)
            for gone in rows.filter(kept__in=asked[start : start + AT_ONCE]).values_list("gone", flat=True)
        ]
        asked = [key for key in below if key not in found]
        found |= dict.fromkeys(asked)
    return tuple(found)
