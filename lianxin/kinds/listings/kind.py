"""The listing as a kind of record: what the door asks it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from lianxin.access.actor import Actor
from lianxin.access.verbs import Verb
from lianxin.base.errors import Problems
from lianxin.catalog.current import catalog
from lianxin.catalog.specs import ProgrammeSpec
from lianxin.kinds.listings import facts as listing_facts
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.listings.queries import listing_cards, standing
from lianxin.kinds.listings.values import ListingValues, read_values
from lianxin.ledger.facts import FactDraft
from lianxin.records.answers import clean_answers
from lianxin.records.drafts import Act, Draft, Raw
from lianxin.records.ground import AWAY, Home, home_on, homes_of
from lianxin.records.kinds import Card, Kind, Stand, Subject
from lianxin.records.models import Line


class ListingKind(Kind[ListingValues]):
    """建档."""

    code = "listing"
    name = "建档"
    model = Listing
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
        homes = homes_of(actor, (values.subject for _, values, _ in read))
        taken = standing((values.programme, values.subject.key, draft.key) for draft, values, _ in read)
        cleaned: list[tuple[Stand, ListingValues] | Exception] = []
        for draft, values, problems in read:
            place = (values.programme, values.subject.key)
            # Asked only of somebody in sight: “already on the list” must not tell that a stranger exists.
            is_asked = values.off_day is None and values.subject in homes
            if is_asked and taken.setdefault(place, draft.key) != draft.key:
                problems.add("subject", "已经在这个册子里了，不用再建一份。")
            cleaned.append(_stood(draft, values, homes, problems))
        return cleaned

    def recall(self, raw: Raw) -> ListingValues:
        values = read_values(raw, Problems(), today=dt.date.max)
        return replace(values, answers=dict(raw["answers"]))

    def follows(self, before: ListingValues, after: ListingValues) -> bool:
        return replace(after, off_day=before.off_day, off_why=before.off_why) == before

    def subjects(self, values: ListingValues) -> tuple[Subject, ...]:
        return (values.subject,)

    def programmes(self, values: ListingValues) -> tuple[ProgrammeSpec, ...]:
        return (catalog().programme(values.programme, values.version),)

    def fill(self, record: Listing, values: ListingValues) -> None:
        record.subject_type, record.subject = values.subject.type, values.subject.key
        record.off_day, record.off_why = values.off_day, values.off_why
        record.category, record.grade = values.category, values.grade
        record.review_on, record.note = values.review_on, values.note
        record.answers = dict(values.answers)

    def lines(self, record: Listing, values: ListingValues) -> Iterable[Line]:
        return ()

    def facts(self, stand: Stand, values: ListingValues) -> tuple[FactDraft, ...]:
        return listing_facts.facts(stand, values)

    def words(self, values: ListingValues) -> str:
        return "\n".join(text for text in (values.note, values.off_why) if text)

    def marks(self, record: Listing) -> tuple[str, ...]:
        return (f"category:{record.category}",) if record.category else ()

    def cards(self, actor: Actor, keys: Sequence[str]) -> dict[str, Card]:
        return listing_cards(actor, keys)


def _stood(
    draft: Draft, values: ListingValues, homes: dict[Subject, tuple[Home, ...]], problems: Problems
) -> tuple[Stand, ListingValues] | Exception:
    version = values.version if draft.act is not Act.RECORD and values.version else None
    programme = catalog().find_programme(values.programme, version=version)
    if programme is None or programme.kind != "listing":
        problems.add("list", "没有这本册子，请重新选。")
        return problems
    _check_against(programme, values, problems)
    home = homes.get(values.subject)
    if home is None and values.subject.key:
        problems.add("subject", "没有找到这一户（人），可能已迁走或不在您的区域，请重新选。")
    raw_answers: Any = draft.values.get("answers")
    answers = clean_answers((programme,), raw_answers if isinstance(raw_answers, dict) else {}, problems)
    stood_at = home_on(home, values.on_day) if home else None
    if stood_at is not None and not stood_at.is_seen and draft.act is not Act.FOLLOW_UP:
        problems.add("on_day", AWAY)
    if problems.items or stood_at is None:
        return problems
    stand = Stand(draft.key, stood_at.region, values.on_day, (programme,))
    return stand, replace(values, version=programme.version, answers=answers)


def _check_against(programme: ProgrammeSpec, values: ListingValues, problems: Problems) -> None:
    if values.subject.type not in programme.subjects:
        problems.add("subject", f"“{programme.name}”不登这一类对象，请重新选。")
    if values.category and values.category not in {option.code for option in programme.categories}:
        problems.add("category", "类别请从列出的选项里选。")
    if values.grade and values.grade not in {option.code for option in programme.grades}:
        problems.add("grade", "等级请从列出的选项里选。")
