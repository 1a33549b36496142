"""What care is called for: whichever kind's records say so, as far as each may be read."""

from __future__ import annotations

from collections.abc import Sequence

from lianxin.access.actor import Actor
from lianxin.records.kinds import Call, installed


def care_called_for(actor: Actor, subjects: Sequence[str]) -> tuple[Call, ...]:
    """The care that these households or people should get; a query for each kind that calls for any."""
    return tuple(call for kind in installed() if actor.may(kind.verbs["read"]) for call in kind.calls(actor, subjects))
