"""What a list's own file demands of a listing: known options, a paper seen, an age, clocks, who may do it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

from lianxin.access.actor import Actor
from lianxin.access.verbs import Seal, Verb
from lianxin.base.codes import Level, level_of
from lianxin.base.days import age_on, months_after, say_day
from lianxin.base.errors import Problems
from lianxin.catalog.fields import FieldSpec
from lianxin.catalog.lists import OptionSpec, WhoSpec
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.kinds.listings.values import ListingValues, Outcome, Place
from lianxin.records.kinds import Stand
from lianxin.register.aliases import leads
from lianxin.register.log import PERSON
from lianxin.register.models import Person

_RANKS = {"village": Level.VILLAGE, "town": Level.TOWN, "county": Level.COUNTY}
_SAID = {"village": "村（社区）", "town": "镇（街道）", "county": "县（区）"}
_ANYBODY = WhoSpec()


def check_options(programme: ProgrammeSpec, values: ListingValues, problems: Problems) -> None:
    """What was chosen is on offer."""
    if values.subject.type not in programme.subjects:
        problems.add("subject", f"“{programme.name}”不登这一类对象，请重新选。")
    _check_place(programme, values.place, problems)
    for no, review in enumerate(values.reviews):
        if review.outcome is Outcome.CHANGED:
            _check_place(programme, review.place, problems, f"reviews.{no}.")
    _known("paper", values.paper, programme.papers, problems, "材料请从列出的选项里选。")


def _check_place(programme: ProgrammeSpec, place: Place, problems: Problems, prefix: str = "") -> None:
    _known(f"{prefix}category", place.category, programme.categories, problems, "类别请从列出的选项里选。")
    _known(f"{prefix}level", place.level, programme.levels, problems, "级别请从列出的选项里选。")
    _known(f"{prefix}grade", place.grade, programme.grades, problems, "等级请从列出的选项里选。")
    if place.also and not programme.several_categories:
        problems.add(f"{prefix}also", f"“{programme.name}”只能选一类。")
    for code in place.also:
        _known(f"{prefix}also", code, programme.categories, problems, "类别请从列出的选项里选。")


def _known(field: str, code: str, options: Iterable[OptionSpec], problems: Problems, says: str) -> None:
    if code and code not in {option.code for option in options}:
        problems.add(field, says)


def check_new(
    programme: ProgrammeSpec, values: ListingValues, births: Mapping[str, dt.date], problems: Problems
) -> None:
    """What is asked only of somebody being put on."""
    if programme.paper_required and not values.paper:
        problems.add("paper", "请选看过的是哪份材料。")
    for asked in programme.fields:
        _check_months(programme, asked, values, problems)
    born, limit = births.get(values.subject.key), programme.age_limit
    if limit is not None and born is not None and age_on(born, values.on_day) >= limit:
        problems.add("subject", f"那天已满 {limit} 周岁，不能再上“{programme.name}”。")


def _check_months(programme: ProgrammeSpec, asked: FieldSpec, values: ListingValues, problems: Problems) -> None:
    """A day that must lie so many months back: 外出满六个月."""
    name = f"{programme.code}.{asked.code}"
    answer = values.answers.get(name)
    if asked.months_before is None or not answer:
        return
    begun = dt.date.fromisoformat(str(answer))
    full = months_after(begun, asked.months_before)
    if values.on_day < full:
        said = f"{say_day(begun)}起，要满 {asked.months_before} 个月，{say_day(full)}以后才上“{programme.name}”。"
        problems.add(name, said)


def may_confirm(actor: Actor, programme: ProgrammeSpec, region: str) -> bool:
    """Whether she may say that nothing has changed, who may not amend: where the list's own file lets members."""
    who = programme.who or _ANYBODY
    seal = Seal(programme.seal)
    return who.review == "member" and bool(
        actor.may(Verb.LISTING_RECORD, region=region, programme=programme.code, seal=seal)
    )


def with_clocks(programme: ProgrammeSpec, values: ListingValues) -> ListingValues:
    """The next review and the last valid day, where nobody named another."""
    months = review_months(programme, values.last_place)
    if values.review_on is None and months is not None:
        last = max([values.on_day, *(review.day for review in values.reviews)])
        values = replace(values, review_on=months_after(last, months))
    if values.valid_to is None and programme.valid_months is not None:
        until = months_after(values.on_day, programme.valid_months) - dt.timedelta(days=1)
        values = replace(values, valid_to=until)
    return values


def review_months(programme: ProgrammeSpec, place: Place) -> int | None:
    """How often somebody at this place of the list is looked at again; the grade's own rhythm goes first."""
    grade = next((grade for grade in programme.grades if grade.code == place.grade), None)
    return (grade.review_months if grade else None) or programme.review_months


def births_of(actor: Actor, keys: Iterable[str]) -> dict[str, dt.date]:
    """When these people were born, as far as the actor sees them and the register knows."""
    wanted = set(keys)
    if not wanted:
        return {}
    rows = Person.objects.seen_by(actor).values_list("id", "birth", "into")
    found = {key: (birth, into) for key, birth, into in rows.filter(id__in=wanted)}
    merged = {key for key, (_, into) in found.items() if into} | (wanted - found.keys())
    led = leads(PERSON, merged) if merged else {}
    births = {key: birth for key, (birth, _) in found.items()}
    if kept := set(led.values()) - found.keys():
        births |= {key: birth for key, birth, _ in rows.filter(id__in=kept)}
    return {key: birth for key in wanted if (birth := births.get(led.get(key, key)))}


def may_put_on(actor: Actor, programme: ProgrammeSpec, region: str | None = None) -> bool:
    """Whether she may put somebody on this list (there)."""
    return _ranks(actor, Verb.LISTING_RECORD, programme, (programme.who or _ANYBODY).put_on, region)


def may_take_off(actor: Actor, programme: ProgrammeSpec, region: str) -> bool:
    return _ranks(actor, Verb.LISTING_AMEND, programme, (programme.who or _ANYBODY).take_off, region)


def may_regrade(actor: Actor, programme: ProgrammeSpec, region: str) -> bool:
    return _ranks(actor, Verb.LISTING_AMEND, programme, (programme.who or _ANYBODY).grade, region)


def _ranks(actor: Actor, verb: Verb, programme: ProgrammeSpec, rank: str, region: str | None) -> bool:
    seal = Seal(programme.seal)
    return any(
        grant.covers(verb, region, programme.code, seal) and level_of(grant.region) <= _RANKS[rank]
        for grant in actor.grants
    )


def check_put_on(actor: Actor, stand: Stand, problems: Problems) -> None:
    """Told by the field, so that she knows whom to ask; whether she may record at all is the door's question."""
    programme = stand.programmes[0]
    if not may_put_on(actor, programme, stand.region) and actor.may(Verb.LISTING_RECORD, region=stand.region):
        problems.add("list", f"“{programme.name}”由{said_rank(programme, 'put_on')}以上登记，请报给她们。")


def check_change(actor: Actor, stand: Stand, before: ListingValues, after: ListingValues, problems: Problems) -> None:
    programme = stand.programmes[0]
    if after.off_day != before.off_day and not may_take_off(actor, programme, stand.region):
        problems.add("off_day", f"离册由{said_rank(programme, 'take_off')}以上办理，请报给她们。")
    if _places(after) != _places(before) and not may_regrade(actor, programme, stand.region):
        problems.add("grade", f"类别和等级由{said_rank(programme, 'grade')}以上来定，请报给她们。")


def said_rank(programme: ProgrammeSpec, act: str) -> str:
    """镇（街道）: from which level of the net up."""
    return _SAID[getattr(programme.who or _ANYBODY, act)]


def _places(values: ListingValues) -> list[Place]:
    return [spell.place for spell in values.spells]
