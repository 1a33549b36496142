"""The listing as a kind of record: what the door asks it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.errors import Problems, Refused
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.kinds.listings import facts as listing_facts
from lianxin.kinds.listings import readings
from lianxin.kinds.listings.checked import (
    births_of,
    check_change,
    check_new,
    check_options,
    check_put_on,
    may_take_off,
    said_rank,
    with_clocks,
)
from lianxin.kinds.listings.models import Listing, ListingSpell
from lianxin.kinds.listings.queries import list_name, listing_cards, on_same_list, standing
from lianxin.kinds.listings.spans import Stay
from lianxin.kinds.listings.stays import (
    FOLLOWED,
    LAID,
    MODE,
    NOT_GRADED,
    followed_lists,
    keeps,
    laid_lists,
    not_to_be_graded,
    stays_of,
)
from lianxin.kinds.listings.values import ListingValues, read_values
from lianxin.ledger.facts import FactDraft
from lianxin.records.answers import clean_answers
from lianxin.records.drafts import Act, Draft, Raw
from lianxin.records.ground import AWAY, Home, home_on, homes_of
from lianxin.records.history import latest_values
from lianxin.records.kinds import Call, Card, Kind, Stand, Subject
from lianxin.records.models import Line


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who acts, and what is known of those that a batch is about."""

    actor: Actor
    homes: dict[Subject, tuple[Home, ...]]
    births: dict[str, dt.date]
    before: dict[str, ListingValues]


def _is_several(code: str) -> bool:
    programme = catalog().find_programme(code)
    return programme is not None and programme.several


def _has_age_limit(code: str) -> bool:
    programme = catalog().find_programme(code)
    return programme is not None and programme.age_limit is not None


class ListingKind(Kind[ListingValues]):
    """建档."""

    code = "listing"
    name = "建档"
    model = Listing
    line_models = (ListingSpell,)
    verbs = {
        "read": Verb.LISTING_READ,
        Act.RECORD.value: Verb.LISTING_RECORD,
        Act.AMEND.value: Verb.LISTING_AMEND,
        Act.FOLLOW_UP.value: Verb.LISTING_AMEND,
        Act.VOID.value: Verb.LISTING_VOID,
    }

    def clean(
        self, actor: Actor, drafts: Sequence[Draft], *, today: dt.date
    ) -> list[tuple[Stand, ListingValues] | Exception]:
        read = []
        for draft in drafts:
            problems = Problems()
            read.append((draft, read_values(draft.values, problems, today=today), problems))
        asked = self._asked(actor, [(draft, values) for draft, values, _ in read])
        followed, laid = followed_lists(), laid_lists()
        taken = standing((values.programme, values.subject.key, draft.key) for draft, values, _ in read)
        stays = stays_of({values.subject.key for _, values, _ in read if values.programme in followed})
        misplaced = not_to_be_graded([(values.programme, values.subject.key) for _, values, _ in read])
        cleaned: list[tuple[Stand, ListingValues] | Exception] = []
        for draft, values, problems in read:
            place = (values.programme, values.subject.key)
            # Asked only of somebody in sight: “already on the list” must not tell that a stranger exists.
            is_asked = values.off_day is None and values.subject in asked.homes and not _is_several(values.programme)
            if is_asked and taken.setdefault(place, draft.key) != draft.key:
                problems.add("subject", "已经在这个册子里了，不用再建一份。")
            if values.programme in followed and not _follows(draft, values, stays.get(place, ())):
                problems.add("list", FOLLOWED)
            if values.programme in laid and not keeps(actor, values.programme):
                problems.add("list", LAID)
            if place in misplaced:
                problems.add("list", NOT_GRADED)
            cleaned.append(_stood(asked, draft, values, problems))
        return cleaned

    def _asked(self, actor: Actor, read: Sequence[tuple[Draft, ListingValues]]) -> _Asked:
        """What the registers and the history know, asked once for a whole batch."""
        new = [values for draft, values in read if draft.act is Act.RECORD]
        aged = [values.subject.key for values in new if _has_age_limit(values.programme)]
        changed = tuple(draft.key for draft, _ in read if draft.act is not Act.RECORD)
        before = latest_values(actor, self, changed) if changed else []
        return _Asked(
            actor,
            homes_of(actor, (values.subject for _, values in read)),
            births_of(actor, aged),
            {key: self.recall(raw) for key, _, raw in before},
        )

    def recall(self, raw: Raw) -> ListingValues:
        values = read_values(raw, Problems(), today=dt.date.max)
        return replace(values, answers=dict(raw["answers"]))

    def refuses_to_join(self, ours: tuple[str, ...], theirs: tuple[str, ...]) -> str:
        both = on_same_list(ours, theirs)
        return f"两条都在“{list_name(both)}”的册子里。请先把登记重复的一份撤回，再合并。" if both else ""

    def follows(self, before: ListingValues, after: ListingValues) -> bool:
        """Taken off, looked at again, renewed: what was said at the beginning stays."""
        begun = replace(
            after,
            off_day=before.off_day,
            off_why=before.off_why,
            reviews=after.reviews[: len(before.reviews)],
            review_on=before.review_on,
            valid_to=before.valid_to,
        )
        return begun == before

    def refuse_void(self, actor: Actor, record: Listing) -> None:
        if record.programme in laid_lists() and not keeps(actor, record.programme):
            raise Refused(LAID)
        programme = catalog().find_programme(record.programme, record.programme_version)
        if programme is not None and not may_take_off(actor, programme, record.region):
            raise Refused(f"撤回由{said_rank(programme, 'take_off')}以上办理，请报给她们。")

    def subjects(self, values: ListingValues) -> tuple[Subject, ...]:
        return (values.subject,)

    def programmes(self, values: ListingValues) -> tuple[ProgrammeSpec, ...]:
        return (catalog().programme(values.programme, values.version),)

    def fill(self, record: Listing, values: ListingValues) -> None:
        record.subject_type, record.subject = values.subject.type, values.subject.key
        record.off_day, record.off_why, record.ends = values.off_day, values.off_why, values.ends
        place = values.last_place
        record.category, record.also = place.category, listed(place.also)
        record.level, record.grade = place.level, place.grade
        record.headline = _headline(values)
        record.review_on, record.valid_to, record.note = values.review_on, values.valid_to, values.note
        record.reviewed_on = values.reviews[-1].day if values.reviews else None
        record.paper, record.paper_number, record.paper_day = values.paper, values.paper_number, values.paper_day
        record.slot = record.key if _is_several(values.programme) else ""
        record.answers = dict(values.answers)

    def lines(self, record: Listing, values: ListingValues) -> Iterable[Line]:
        return _spell_rows(record, values)

    def facts(self, stand: Stand, values: ListingValues) -> tuple[FactDraft, ...]:
        return listing_facts.facts(stand, values)

    def words(self, values: ListingValues) -> str:
        notes = (review.note for review in values.reviews)
        return "\n".join(text for text in (_headline(values), values.note, values.off_why, *notes) if text)

    def marks(self, record: Listing) -> tuple[str, ...]:
        named = (("category", record.category), ("level", record.level), ("grade", record.grade))
        return tuple(f"{name}:{code}" for name, code in named if code)

    def calls(self, actor: Actor, subjects: Sequence[str]) -> tuple[Call, ...]:
        return readings.care_calls(actor, subjects)

    def cards(self, actor: Actor, keys: Sequence[str]) -> dict[str, Card]:
        return listing_cards(actor, keys)


def _follows(draft: Draft, values: ListingValues, stays: Sequence[Stay]) -> bool:
    """Whether an organisation's listing says what the organisation itself says."""
    answers: Any = draft.values.get("answers")
    mode = answers.get(f"{values.programme}.{MODE}", "") if isinstance(answers, dict) else ""
    said = Stay(values.on_day, values.off_day, values.place.category, mode)
    return values.subject.type == "organisation" and said in stays


def _stood(
    asked: _Asked, draft: Draft, values: ListingValues, problems: Problems
) -> tuple[Stand, ListingValues] | Exception:
    version = values.version if draft.act is not Act.RECORD and values.version else None
    programme = catalog().find_programme(values.programme, version=version)
    if programme is None or programme.kind != "listing":
        problems.add("list", "没有这本册子，请重新选。")
        return problems
    check_options(programme, values, problems)
    home = asked.homes.get(values.subject)
    if home is None and values.subject.key:
        problems.add("subject", "没有找到这一户（人），可能已迁走或不在您的区域，请重新选。")
    raw_answers: Any = draft.values.get("answers")
    answers = clean_answers((programme,), raw_answers if isinstance(raw_answers, dict) else {}, problems)
    stood_at = home_on(home, values.on_day) if home else None
    if stood_at is not None and not stood_at.is_seen and draft.act is not Act.FOLLOW_UP:
        problems.add("on_day", AWAY)
    if stood_at is None:
        return problems
    stand = Stand(draft.key, stood_at.region, values.on_day, (programme,))
    values = replace(values, version=programme.version, answers=answers)
    if not problems.items:
        values = with_clocks(programme, values)
        _check_who(asked, draft, stand, values, problems)
    return problems if problems.items else (stand, values)


def _check_who(asked: _Asked, draft: Draft, stand: Stand, values: ListingValues, problems: Problems) -> None:
    before = asked.before.get(draft.key)
    if draft.act is Act.RECORD:
        check_put_on(asked.actor, stand, problems)
        check_new(stand.programmes[0], values, asked.births, problems)
    elif before is not None:
        check_change(asked.actor, stand, before, values, problems)


def _headline(values: ListingValues) -> str:
    programme = catalog().find_programme(values.programme, values.version)
    code = programme.headline if programme else ""
    return str(values.answers.get(f"{values.programme}.{code}", ""))[:120] if code else ""


def _spell_rows(record: Listing, values: ListingValues) -> Iterable[Line]:
    for no, spell in enumerate(values.spells):
        yield ListingSpell(
            record=record.key,
            line=record.key,
            no=no,
            is_void=record.is_void,
            region=record.region,
            town=record.town,
            county=record.county,
            day=record.day,
            programme=record.programme,
            seal=record.seal,
            subject_type=record.subject_type,
            subject=record.subject,
            headline=record.headline,
            starts=spell.starts,
            ends=spell.ends,
            category=spell.place.category,
            also=listed(spell.place.also),
            level=spell.place.level,
            grade=spell.place.grade,
        )


def listed(codes: Iterable[str]) -> str:
    """Codes as “;a;b;” so that one is found by “;a;”; empty for none."""
    joined = ";".join(codes)
    return f";{joined};" if joined else ""
