"""What care is called for: whichever kind's records say so, as far as each may be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lianxin.access.actor import Actor
from lianxin.records.kinds import Call, installed


def care_called_for(actor: Actor, subjects: Sequence[str]) -> tuple[Call, ...]:
    """The care that these households or people should get; a query for each kind that calls for any.

    Whoever was merged into them counts with them when the keys come from `register.aliases`.
    """
    return tuple(call for kind in installed() if actor.may(kind.verbs["read"]) for call in kind.calls(actor, subjects))


def said_once(calls: Iterable[Call]) -> str:
    """What should be done, without the names of the lists that call for it: the page lies open at somebody's door."""
    return "；".join(dict.fromkeys(call.says for call in calls))
