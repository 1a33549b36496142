"""Choosing a region by plain lists, county → town → village, as far as somebody may use a verb; without script too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.codes import Level, is_under, level_of
from lianxin.net.models import Region
from lianxin.net.regions import children, region_name, subtree
from lianxin.ui.forms import Field, FieldType, Form, Option

STEPS = (("county", "县（区）"), ("town", "镇（街道）"), ("village", "村（社区）"))
NAMES = tuple(name for name, _ in STEPS)
NARROW = "narrow"  # the button that lists what lies below; nothing is saved then


def place_fields(actor: Actor, verb: Verb, typed: Form | None = None) -> tuple[Field, ...]:
    """Three lists to pull down. A step with a single possible answer is answered; later ones follow the earlier."""
    tops = actor.regions(verb)
    fields: list[Field] = []
    above = ""
    for depth, (name, label) in enumerate(STEPS):
        options = _options(tops, depth, above)
        chosen = _chosen(typed.raw(name) if typed else "", options, tops, is_first=depth == 0)
        fields.append(
            Field(
                name=name,
                label=label,
                type=FieldType.CHOICE,
                options=tuple(Option(code, region_name(code)) for code in options),
                values=(chosen,) if chosen else (),
                required=depth == 0,
            )
        )
        above = chosen
    return tuple(fields)


def chosen_place(form: Form) -> str:
    """The lowest step that was answered; "" for none. `place_fields` has already dropped what does not fit."""
    return next((form.raw(name) for name in reversed(NAMES) if form.raw(name)), "")


def place_field_for(form: Form) -> str:
    """Which of the three answers for a mistake about the region: the first that is missing, else the last."""
    return next((name for name in NAMES if not form.raw(name)), NAMES[-1])


def names_of_steps(form: Form, said: str) -> tuple[str, str]:
    """What leaving the town or the village empty means: 南湖区全部, 凤桥镇全部."""
    county, town = (region_name(form.raw(name)) if form.raw(name) else "" for name in NAMES[:2])
    return f"{county}{said}", f"{town}{said}"


def towns_within(actor: Actor, verb: Verb) -> tuple[Option, ...]:
    """The towns of whoever works above them, to narrow a list by; nothing for a town or village."""
    tops = [top for top in actor.regions(verb) if Level.PROVINCE <= level_of(top) <= Level.COUNTY]
    towns = [town for top in tops for town in subtree(top, Level.TOWN)]
    return tuple(Option(town.code, region_name(town.code)) for town in towns)


def _options(tops: Sequence[str], depth: int, above: str) -> list[str]:
    if depth == 0:
        return sorted({county for top in tops for county in _counties(top)})
    if not above:
        return []
    return [row.code for row in _reachable(children(above), tops)]


def _counties(top: str) -> Iterable[str]:
    if level_of(top) < Level.COUNTY:
        return [row.code for row in subtree(top, Level.COUNTY)]
    return [top[: Level.COUNTY.length]]


def _reachable(rows: Iterable[Region], tops: Sequence[str]) -> Iterable[Region]:
    return [row for row in rows if any(is_under(row.code, top) or is_under(top, row.code) for top in tops)]


def _chosen(typed: str, options: Sequence[str], tops: Sequence[str], *, is_first: bool) -> str:
    if typed in options:
        return typed
    # What lies above all that she has charge of need not be asked: her county, a village administrator's town.
    is_settled = len(options) == 1 and (is_first or any(is_under(top, options[0]) for top in tops))
    return options[0] if is_settled else ""
