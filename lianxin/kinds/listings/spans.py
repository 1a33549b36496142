"""Spells of organisations on lists: from a day to before a day, and how spells are put together. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

Place = tuple[str, str]
"""(list, organisation)."""


@dataclass(frozen=True, slots=True)
class Stay:
    """From a day to before a day (None: still) in a class of the list, formed in a mode ("" where it has none)."""

    starts: dt.date
    ends: dt.date | None
    category: str = ""
    mode: str = ""


def merged(stays: Iterable[Stay]) -> Iterable[Stay]:
    """One stay for those that touch: who is in two alliances stands on their list once, as of the first she joined."""
    current: Stay | None = None
    for stay in sorted(stays, key=lambda each: (each.starts, each.ends is None, each.ends or each.starts)):
        if current is None:
            current = stay
        elif current.ends is None or stay.starts <= current.ends:
            is_longer = current.ends is not None and (stay.ends is None or stay.ends > current.ends)
            current = replace(current, ends=stay.ends) if is_longer else current
        else:
            yield current
            current = stay
    if current is not None:
        yield current


def within(stay: Stay, starts: dt.date, ends: dt.date | None) -> Stay | None:
    """The part of a stay from a day to before a day; None where there is none."""
    begins = max(stay.starts, starts)
    until = min((day for day in (stay.ends, ends) if day), default=None)
    return replace(stay, starts=begins, ends=until) if until is None or begins < until else None
