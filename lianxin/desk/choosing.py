"""Choosing one person of the register in a form: what the search found, and who is chosen already."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from lianxin.access.actor import Actor
from lianxin.net.regions import path_name
from lianxin.register.queries import find_subjects, household_cards, person_card
from lianxin.ui.forms import Form, Option

FIND = "find"  # the button that looks somebody up; nothing is saved then
PERSON = "person"
MOST = 12


def with_hits(actor: Actor, form: Form, sought: str, *, on: dt.date, near: str = "") -> Form:
    """The person field with whom the search found, those of a region `near` first, and who is chosen already."""
    found = [*(people_found(actor, sought, on=on, region=near) if near and sought else ())]
    found += people_found(actor, sought, on=on) if sought and len(found) < MOST else []
    options = {option.value: option for option in found[:MOST]}
    chosen = form.raw(PERSON)
    if chosen and chosen not in options and (card := person_card(actor, chosen, on=on)):
        options[chosen] = Option(chosen, card.name, note=path_name(card.region))
    field = replace(form[PERSON], options=tuple(options.values()), sought=sought)
    return replace(form, fields=tuple(field if each.name == PERSON else each for each in form.fields))


def people_found(actor: Actor, sought: str, *, on: dt.date, region: str | None = None) -> list[Option]:
    """Whoever matches, by name or initials; of a household only the one that was meant."""
    hits = find_subjects(actor, sought, region=region, limit=MOST)
    cards = household_cards(actor, [hit.key for hit in hits if hit.kind == "household"], on=on)
    options = []
    for hit in hits:
        note = f"{path_name(hit.region)} {hit.place}".strip()
        if hit.kind == "person":
            options.append(Option(hit.key, hit.name, note=note, mark=hit.matched))
        elif card := cards.get(hit.key):
            meant = [member for member in card.members if member.name == hit.name]
            options += [Option(member.key, member.name, note=note, mark=hit.matched) for member in meant]
    return options
