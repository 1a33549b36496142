"""The one door: every record comes in here, alone or in a batch, and posts its facts in the same transaction.

require → clean → save → lines → entries → history → facts → words. All or nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction

from lianxin.access.actor import Actor
from lianxin.access.guard import pen
from lianxin.access.verbs import Seal, Verb
from lianxin.base.codes import Level
from lianxin.base.errors import Forbidden, Problem, Problems, Refused, Unseen
from lianxin.base.ids import checked_id
from lianxin.base.text import clean_line
from lianxin.ledger.facts import Posting, ground
from lianxin.ledger.locks import hold_identities
from lianxin.ledger.post import post
from lianxin.ledger.seals import SealBook, SealedPeriod
from lianxin.records.drafts import Act, Conflict, Draft, Outcome, Rejected
from lianxin.records.keywords import Slip, slip_of, word_index
from lianxin.records.kinds import Kind, Stand, Values, kind_of
from lianxin.records.models import PEN, Entry, History, Record
from lianxin.records.postings import leads_of, posting_of, postings_now
from lianxin.register.bulk import lay_new
from lianxin.vault.masks import mask_free_text


@dataclass(slots=True)
class _Work:
    """One draft on its way through the door."""

    draft: Draft
    record: Record
    stand: Stand
    values: Values
    old_slip: Slip | None  # what the word index holds of it; nothing of a new record, or of one that is its team's

    @property
    def is_new(self) -> bool:
        return self.draft.act is Act.RECORD


def submit(actor: Actor, drafts: Sequence[Draft], *, at: dt.datetime) -> tuple[Outcome, ...]:
    """Keep these records, all or none. A draft whose id has already come in answers the record it made then.

    Raises Rejected (what is wrong, by draft), Conflict (changed meanwhile), Forbidden, Unseen, Refused.
    """
    if not drafts:
        return ()
    kinds = {draft.kind for draft in drafts}
    if len(kinds) != 1:
        raise ValueError("one batch holds records of one kind")
    kind = kind_of(kinds.pop())
    drafts = [_checked(draft) for draft in drafts]
    if len({draft.key for draft in drafts}) != len(drafts):
        raise Refused("同一批里有两条用了同一个编号，请重新打开页面再填。")
    try:
        with transaction.atomic(), pen(PEN):
            hold_identities()
            return _submit(actor, kind, drafts, at=at)
    except IntegrityError:
        # The same id came in twice at once (a second click): the other one has won, and is answered now.
        with transaction.atomic(), pen(PEN):
            hold_identities()
            return _submit(actor, kind, drafts, at=at)


def post_again(actor: Actor, subjects: Collection[str], *, at: dt.datetime) -> int:
    """Count anew what touches these subjects, after the register said whom they stand for; how many records.

    The records stay as they are, down to their revision. Belongs into the transaction that holds the identities.
    Refused when a figure of a sealed period would move and the actor may not correct one.
    """
    touching = Entry.objects.unscoped("records of somebody who is merged or taken apart count for whom they stand for")
    found: dict[str, set[str]] = {}
    for code, record in touching.filter(subject__in=subjects).values_list("kind", "record"):
        found.setdefault(code, set()).add(record)
    postings: list[Posting] = []
    for code, keys in sorted(found.items()):
        kind = kind_of(code)
        rows = kind.model.objects.unscoped("the door re-reads what it is about to count anew")
        postings += postings_now(kind, list(rows.select_for_update().filter(key__in=keys).order_by("key")))
    correcting = bool(actor.may(Verb.PERIOD_CORRECT))
    post(postings, by=actor.account, at=at, because="更正" if correcting else "", correcting=correcting)
    return len(postings)


def is_correction(actor: Actor, because: str) -> bool:
    """Whether somebody who may correct a sealed period says why she changes something: then it goes in even there."""
    return bool(because.strip()) and bool(actor.may(Verb.PERIOD_CORRECT))


def _submit(actor: Actor, kind: Kind[Any], drafts: list[Draft], *, at: dt.datetime) -> tuple[Outcome, ...]:
    present = _present(kind, drafts)
    replayed = {
        draft.key: _replay(actor, present[draft.key])
        for draft in drafts
        if draft.act is Act.RECORD and draft.key in present
    }
    pending = [draft for draft in drafts if draft.key not in replayed]
    work = _prepare(actor, kind, pending, present, at=at)
    _write(actor, kind, work, at=at)
    kept = {item.draft.key: Outcome(item.record) for item in work}
    return tuple(kept.get(draft.key) or replayed[draft.key] for draft in drafts)


def _checked(draft: Draft) -> Draft:
    because = mask_free_text(clean_line(draft.because, field="because", limit=500))
    if not because and (draft.act is Act.VOID or draft.correcting):
        raise Refused("请写明原因。", field="because")
    return Draft(draft.kind, checked_id(draft.key), draft.values, draft.act, draft.base, because, draft.correcting)


def _present(kind: Kind[Any], drafts: list[Draft]) -> dict[str, Record]:
    """The records that already stand under these ids, locked when they are to be changed."""
    keys = [draft.key for draft in drafts]
    rows = kind.model.objects.unscoped("the door compares ids before it asks what the actor may do")
    if any(draft.act is not Act.RECORD for draft in drafts):
        rows = rows.select_for_update()
    return {row.key: row for row in rows.filter(key__in=keys).order_by("key")}


def _replay(actor: Actor, record: Record) -> Outcome:
    """A second click, or a phone that did not hear the answer. Somebody else's id is told nothing."""
    if record.recorded_by != actor.account:
        raise Refused("这张表单的编号已经用过，请重新打开页面再填。", field="id")
    return Outcome(record, is_replay=True)


def _prepare(
    actor: Actor, kind: Kind[Any], drafts: list[Draft], present: dict[str, Record], *, at: dt.datetime
) -> list[_Work]:
    seals = _Seals()
    for draft in drafts:
        if draft.act is not Act.RECORD:
            _require_change(actor, kind, draft, present.get(draft.key), seals)
    voided = [_voided(kind, draft, present[draft.key]) for draft in drafts if draft.act is Act.VOID]
    kept = [draft for draft in drafts if draft.act is not Act.VOID]
    work: list[_Work] = []
    wrong: dict[int, Problems] = {}
    for place, (draft, cleaned) in enumerate(zip(kept, kind.clean(actor, kept, today=at.date()), strict=True)):
        if isinstance(cleaned, Problems):
            wrong[place] = cleaned
        elif isinstance(cleaned, Exception):
            raise cleaned
        else:
            try:
                work.append(_accepted(actor, kind, draft, cleaned, present, seals, at=at))
            except Forbidden:
                raise
            except Refused as error:
                wrong[place] = Problems([Problem(error.field, error.message)])
    if wrong:
        raise Rejected(wrong)
    return work + voided


def _require_change(actor: Actor, kind: Kind[Any], draft: Draft, record: Record | None, seals: _Seals) -> None:
    """Unseen for a stranger, Forbidden without the verb, Conflict when it changed since she looked."""
    if record is None:
        raise Unseen("没有这条记录。")
    if not _is_seen(actor, kind, record):
        raise Unseen("没有这条记录。")
    _require_verb(actor, kind, draft, record.region, record.programme, Seal(record.seal))
    if draft.act is Act.VOID:
        kind.refuse_void(actor, record)
    if record.is_void:
        raise Refused("这条记录已经撤回，不能再改；需要的话请重新登记一条。")
    if draft.base != record.revision:
        raise Conflict(record, draft.values)
    _refuse_sealed(actor, draft, seals.on(record.region, record.day), record.region)


def _is_seen(actor: Actor, kind: Kind[Any], record: Record) -> bool:
    if record.seal == Seal.TEAM:  # which team is hers only the guard knows
        return kind.model.objects.seen_by(actor).filter(key=record.key).exists()
    seal = Seal(record.seal)
    return bool(actor.may(kind.verbs["read"], region=record.region, programme=record.programme, seal=seal))


def _require_verb(actor: Actor, kind: Kind[Any], draft: Draft, region: str, programme: str, seal: Seal) -> None:
    """Forbidden without the verb there. Who is in a record's team uses it wherever her own post may be."""
    verb = kind.verbs[draft.act.value]
    if seal is not Seal.TEAM:
        actor.require(verb, region=region, programme=programme, seal=seal)
    elif draft.act is Act.RECORD:
        actor.require(verb, region=region, programme=programme)
    else:
        actor.require(verb)


class _Seals:
    """The seals of the counties a batch touches, each county's read once."""

    def __init__(self) -> None:
        self._books: dict[str, SealBook] = {}

    def on(self, region: str, day: dt.date) -> SealedPeriod | None:
        county = region[: Level.COUNTY.length]
        if county not in self._books:
            self._books[county] = SealBook.of([county])
        return self._books[county].on(region, day)


def _refuse_sealed(actor: Actor, draft: Draft, sealed: SealedPeriod | None, region: str) -> None:
    """A sealed period takes no ordinary write dated inside; what is solved afterwards counts when it is solved."""
    if sealed is None or draft.act is Act.FOLLOW_UP:
        return
    if not draft.correcting and actor.may(Verb.PERIOD_CORRECT, region=region):
        raise Refused(f"{sealed.name}已经封账；要更正，请写明原因。", field="because")
    if not draft.correcting:
        raise Refused(f"{sealed.name}已经封账，这一天的记录不能再登记或修改；确有错漏，请县妇联更正。", field="day")
    actor.require(Verb.PERIOD_CORRECT, region=region)


def _accepted(
    actor: Actor,
    kind: Kind[Any],
    draft: Draft,
    cleaned: tuple[Stand, Values],
    present: dict[str, Record],
    seals: _Seals,
    *,
    at: dt.datetime,
) -> _Work:
    stand, values = cleaned
    leading = stand.programmes[0]
    if draft.act is Act.FOLLOW_UP:
        _require_following(kind, present[draft.key], values)
        # What comes of a record later is counted where it stands, wherever the register says today that it belongs.
        stand = replace(stand, region=present[draft.key].region)
    _require_verb(actor, kind, draft, stand.region, leading.code, stand.seal)
    if draft.act is not Act.FOLLOW_UP:
        _refuse_sealed(actor, draft, seals.on(stand.region, stand.day), stand.region)
    if draft.act is Act.RECORD:
        record = _new_record(actor, kind, stand, at=at)
        old_slip = None
    else:
        record = present[draft.key]
        old_slip = slip_of(kind, record)
        record.revision += 1
    _stand(record, stand)
    record.changed_at, record.changed_by = at, actor.account
    record.words = kind.words(values)
    kind.fill(record, values)
    return _Work(draft, record, stand, values, old_slip)


def _require_following(kind: Kind[Any], record: Record, values: Values) -> None:
    if not kind.follows(kind.recall(_last_values(record)), values):
        raise Refused("续办只能写办到哪一步；别的要改，请用“修改”。")


def _new_record(actor: Actor, kind: Kind[Any], stand: Stand, *, at: dt.datetime) -> Record:
    return kind.model(
        key=stand.key,
        organisation=actor.organisation,
        org_level=int(actor.level),
        recorded_at=at,
        recorded_by=actor.account,
    )


def _stand(record: Record, stand: Stand) -> None:
    leading = stand.programmes[0]
    record.programme, record.programme_version = leading.code, leading.version
    # The village is the finest ground: an organisation of a grid stands in its village.
    record.region, record.town, record.county = ground(stand.region), stand.town, stand.county
    record.day, record.seal = stand.day, stand.seal.value


def _voided(kind: Kind[Any], draft: Draft, record: Record) -> _Work:
    values = kind.recall(_last_values(record))
    old_slip = slip_of(kind, record)
    record.is_void = True
    record.revision += 1
    record.words = ""
    return _Work(draft, record, Stand(record.key, record.region, record.day, ()), values, old_slip)


def _last_values(record: Record) -> dict[str, Any]:
    rows = History.objects.unscoped("the door re-reads what it is about to change")
    return dict(rows.get(record=record.key, revision=record.revision).values)


def _write(actor: Actor, kind: Kind[Any], work: list[_Work], *, at: dt.datetime) -> None:
    if not work:
        return
    _save_records(actor, kind, work, at=at)
    _save_lines(kind, work)
    _save_entries(kind, work)
    lay_new([_history(actor, kind, item, at=at) for item in work])
    word_index(kind.code).move([(item.record.seq, item.old_slip, slip_of(kind, item.record)) for item in work])
    # Last: from here to the commit everybody else who posts has to wait.
    correcting = any(item.draft.correcting for item in work)
    # The reason stays in the history, which can be erased; the ledger keeps only that this was a correction.
    because = "更正" if correcting else ""
    led = leads_of(kind, [item.values for item in work])
    postings = [posting_of(kind, item.record, item.values, led, is_new=item.is_new) for item in work]
    post(postings, by=actor.account, at=at, because=because, correcting=correcting)


def _save_records(actor: Actor, kind: Kind[Any], work: list[_Work], *, at: dt.datetime) -> None:
    new = [item.record for item in work if item.is_new]
    if new:
        kind.model.objects.bulk_create(new)
    for item in work:
        if not item.is_new:
            item.record.changed_at, item.record.changed_by = at, actor.account
            item.record.save()


def _save_lines(kind: Kind[Any], work: list[_Work]) -> None:
    """Sub-rows are laid anew at each revision: their ids travel in the values, so they stay the same rows."""
    changed = [item.record.key for item in work if not item.is_new]
    for model in kind.line_models:
        if changed:
            model.objects.unscoped("lines of a record that the door is re-laying").filter(record__in=changed).delete()
        rows = [line for item in work for line in kind.lines(item.record, item.values) if type(line) is model]
        lay_new(rows)


def _save_entries(kind: Kind[Any], work: list[_Work]) -> None:
    changed = [item.record.key for item in work if not item.is_new]
    if changed:
        Entry.objects.unscoped("entries of a record that the door is re-laying").filter(record__in=changed).delete()
    lay_new(
        [
            Entry(
                **_ground(item.record),
                kind=kind.code,
                record=item.record.key,
                subject=subject.key,
                subject_type=subject.type,
                is_void=item.record.is_void,
            )
            for item in work
            for subject in kind.subjects(item.values)
        ]
    )


def _ground(record: Record) -> dict[str, Any]:
    return {
        "region": record.region,
        "town": record.town,
        "county": record.county,
        "day": record.day,
        "programme": record.programme,
        "seal": record.seal,
    }


def _history(actor: Actor, kind: Kind[Any], item: _Work, *, at: dt.datetime) -> History:
    return History(
        **_ground(item.record),
        kind=kind.code,
        record=item.record.key,
        revision=item.record.revision,
        act=item.draft.act.value,
        because=item.draft.because,
        at=at,
        by=actor.account,
        values=item.values.as_json(),
    )
