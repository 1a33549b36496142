"""Finding an organisation that a record can be about: part of its name, its initials or its pinyin, in sight only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.net.organisations import organisations_seen_by
from lianxin.register.finding import plain_search
from lianxin.register.names import forms_of_name

_SHORTEST_SOUND = 2


@dataclass(frozen=True, slots=True)
class OrganisationHit:
    """A body that was searched for; `matched` is the sound it was met by, "" when by its name."""

    key: str
    name: str
    type: str
    region: str
    matched: str = ""


def find_organisations(actor: Actor, text: str, *, limit: int = 8) -> tuple[OrganisationHit, ...]:
    """Standing bodies within the actor's area, those that begin with what was typed first; nothing typed: none."""
    typed = plain_search(text)
    if not typed or not actor.may(Verb.ORGANISATION_READ):
        return ()
    return tuple(sorted(_matching(actor, typed), key=lambda hit: _rank(hit, typed))[:limit])


def _matching(actor: Actor, typed: str) -> Iterator[OrganisationHit]:
    rows = organisations_seen_by(actor).filter(dissolved_on__isnull=True).order_by("region", "name")
    for key, name, kind, region in rows.values_list("pk", "name", "type", "region"):
        matched = _met(name, typed)
        if matched is not None:
            yield OrganisationHit(key, name, kind, region, matched)


def _met(name: str, typed: str) -> str | None:
    """The sound by which a name answers to what was typed; "" for its signs themselves, None for not at all."""
    plain, sounds = _forms(name)
    if typed in plain:
        return ""
    if not (typed.isascii() and typed.isalpha()) or len(typed) < _SHORTEST_SOUND:
        return None
    return next((sound for sound in sounds if typed in sound), None)


def _rank(hit: OrganisationHit, typed: str) -> tuple[bool, int]:
    at = (hit.matched or plain_search(hit.name)).find(typed)
    return at != 0, len(hit.name)


@lru_cache(maxsize=20_000)
def _forms(name: str) -> tuple[str, tuple[str, ...]]:
    """A name as it is compared, and its initials and full pinyin. A pure reading of the text, so it may be kept."""
    forms = forms_of_name(name)
    return plain_search(name), (*forms.initials, *forms.full)
