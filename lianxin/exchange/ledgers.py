"""The ledgers 台账 that lists go out as: which columns, which rows, read with the asker's eyes a piece at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from lianxin.access.actor import Actor
from lianxin.base.days import today
from lianxin.catalog.current import catalog
from lianxin.exchange.models import Batch, StagedRow
from lianxin.exchange.sheets import Column, Kind, LedgerSheet, Value, say_export
from lianxin.kinds.listings.models import Listing
from lianxin.kinds.listings.queries import list_name
from lianxin.kinds.visits.models import Visit
from lianxin.kinds.visits.queries import VisitFilter, purpose_names, visits_matching
from lianxin.kinds.visits.values import Mode
from lianxin.net.colleagues import account_names
from lianxin.net.regions import path_name
from lianxin.records.kinds import Subject
from lianxin.records.subjects import subject_names
from lianxin.register.domiciles import Domiciled
from lianxin.register.models import Household
from lianxin.register.queries import household_cards, person_cards

PIECE = 500

_T = TypeVar("_T")

Rows = Iterator[Sequence[Value]]

VISIT_COLUMNS = (
    Column("哪天", Kind.DAY),
    Column("村（社区）", Kind.TEXT, 18),
    Column("看了谁", Kind.NAME, 14),
    Column("门牌", Kind.TEXT),
    Column("怎么见的", Kind.NAME),
    Column("为什么去", Kind.TEXT, 20),
    Column("见到妇女儿童（人次）", Kind.WHOLE, 12),
    Column("听到什么", Kind.LONG),
    Column("困难（项）", Kind.WHOLE),
    Column("已解决（项）", Kind.WHOLE),
    Column("金点子（条）", Kind.WHOLE),
    Column("下次走访", Kind.DAY),
    Column("登记人", Kind.NAME, 14),
    Column("登记时间", Kind.MOMENT),
)


def visits_ledger(actor: Actor, chosen: VisitFilter, *, where: str, at: dt.datetime) -> LedgerSheet:
    """走访台账: the visits that a filter chooses, newest first."""
    return LedgerSheet(
        title="走访台账",
        subtitle=say_export(what="走访台账", where=where, period="", by=actor.name, at=at),
        columns=VISIT_COLUMNS,
        rows=_visit_rows(actor, visits_matching(actor, chosen)),
        is_numbered=True,
    )


def _visit_rows(actor: Actor, visits: Iterable[Visit]) -> Rows:
    for piece in _pieces(visits):
        names = subject_names(actor, (Subject(visit.subject_type, visit.subject) for visit in piece))
        recorders = account_names({visit.recorded_by for visit in piece})
        for visit in piece:
            name = names[visit.subject]
            yield (
                visit.day,
                path_name(visit.region),
                name.name,
                name.place,
                Mode(visit.mode).label,
                "、".join(purpose_names(visit)),
                visit.people,
                visit.heard,
                visit.difficulties,
                visit.solved,
                visit.ideas,
                visit.next_on,
                recorders.get(visit.recorded_by, ""),
                visit.recorded_at,
            )


HOUSEHOLD_COLUMNS = (
    Column("村（社区）", Kind.TEXT, 18),
    Column("户主", Kind.NAME),
    Column("门牌", Kind.TEXT),
    Column("人数", Kind.WHOLE),
    Column("家里的人", Kind.LONG),
    Column("电话", Kind.CODE),
    Column("建户日期", Kind.DAY),
    Column("编号", Kind.CODE, 30),
)


def households_ledger(actor: Actor, households: Iterable[Household], *, where: str, at: dt.datetime) -> LedgerSheet:
    """家庭台账; numbers masked, as on every page."""
    return LedgerSheet(
        title="家庭台账",
        subtitle=say_export(what="家庭台账", where=where, period="", by=actor.name, at=at),
        columns=HOUSEHOLD_COLUMNS,
        rows=_household_rows(actor, (household.id for household in households)),
        is_numbered=True,
    )


def _household_rows(actor: Actor, keys: Iterable[str]) -> Rows:
    for piece in _pieces(keys):
        cards = household_cards(actor, piece, on=today())
        for key in piece:
            if card := cards.get(key):
                yield (
                    path_name(card.region),
                    card.name,
                    card.place,
                    card.people,
                    "、".join(member.words for member in card.members),
                    card.phone,
                    card.since,
                    card.key,
                )


PERSON_COLUMNS = (
    Column("村（社区）", Kind.TEXT, 18),
    Column("户主", Kind.NAME),
    Column("姓名", Kind.NAME),
    Column("与户主关系", Kind.NAME, 13),
    Column("性别", Kind.NAME, 7),
    Column("出生日期", Kind.DAY),
    Column("身份证号", Kind.CODE, 22),
    Column("电话", Kind.CODE),
    Column("门牌", Kind.TEXT),
    Column("户号", Kind.CODE, 30),
    Column("编号", Kind.CODE, 30),
)


def persons_ledger(actor: Actor, households: Iterable[Household], *, where: str, at: dt.datetime) -> LedgerSheet:
    """人员台账: everybody of these households, the head first; numbers masked. The keys lead back on the way in."""
    return LedgerSheet(
        title="人员台账",
        subtitle=say_export(what="人员台账", where=where, period="", by=actor.name, at=at),
        columns=PERSON_COLUMNS,
        rows=_person_rows(actor, (household.id for household in households)),
        is_numbered=True,
    )


def _person_rows(actor: Actor, keys: Iterable[str]) -> Rows:
    for piece in _pieces(keys):
        homes = household_cards(actor, piece, on=today())
        people = person_cards(actor, [line.key for home in homes.values() for line in home.members], on=today())
        for key in piece:
            home = homes.get(key)
            for line in home.members if home else ():
                if (card := people.get(line.key)) and home:
                    yield (
                        path_name(home.region),
                        home.name,
                        card.name,
                        line.relation.label,
                        card.sex,
                        card.birth,
                        card.id_number,
                        card.phone,
                        home.place,
                        home.key,
                        card.key,
                    )


APART_COLUMNS = (
    Column("村（社区）", Kind.TEXT, 18),
    Column("姓名", Kind.NAME, 14),
    Column("性别", Kind.TEXT, 6),
    Column("出生日期", Kind.DAY),
    Column("户口和人", Kind.TEXT, 28),
    Column("从哪天起", Kind.DAY),
)


def apart_ledger(actor: Actor, rows: Iterable[Domiciled], *, where: str, at: dt.datetime) -> LedgerSheet:
    """人户分离台账: whose registration and home are apart; the address away from here stays under its seal."""
    return LedgerSheet(
        title="人户分离台账",
        subtitle=say_export(what="人户分离台账", where=where, period="", by=actor.name, at=at),
        columns=APART_COLUMNS,
        rows=_apart_rows(actor, rows),
        is_numbered=True,
    )


def _apart_rows(actor: Actor, rows: Iterable[Domiciled]) -> Rows:
    for piece in _pieces(rows):
        people = person_cards(actor, [row.person for row in piece], on=today())
        for row in piece:
            if card := people.get(row.person):
                yield path_name(row.region), card.name, card.sex, card.birth, row.state.label, row.since


LISTING_COLUMNS = (
    Column("村（社区）", Kind.TEXT, 18),
    Column("册子", Kind.TEXT, 14),
    Column("谁", Kind.NAME, 14),
    Column("类别", Kind.TEXT),
    Column("等级", Kind.TEXT),
    Column("建档日期", Kind.DAY),
    Column("复核日期", Kind.DAY),
    Column("离册日期", Kind.DAY),
    Column("离册原因", Kind.TEXT, 18),
)


def listings_ledger(actor: Actor, listings: Iterable[Listing], *, where: str, at: dt.datetime) -> LedgerSheet:
    """建档台账: who stands or stood on a list."""
    return LedgerSheet(
        title="建档台账",
        subtitle=say_export(what="建档台账", where=where, period="", by=actor.name, at=at),
        columns=LISTING_COLUMNS,
        rows=_listing_rows(actor, listings),
        is_numbered=True,
    )


def _listing_rows(actor: Actor, listings: Iterable[Listing]) -> Rows:
    for piece in _pieces(listings):
        names = subject_names(actor, (Subject(listing.subject_type, listing.subject) for listing in piece))
        for listing in piece:
            spec = catalog().find_programme(listing.programme, listing.programme_version)
            options = {option.code: option.name for option in (*spec.categories, *spec.grades)} if spec else {}
            yield (
                path_name(listing.region),
                list_name(listing.programme),
                names[listing.subject].name,
                options.get(listing.category, listing.category),
                options.get(listing.grade, listing.grade),
                listing.day,
                listing.review_on,
                listing.off_day,
                listing.off_why,
            )


ERROR_COLUMNS = (
    Column("行号", Kind.WHOLE),
    Column("哪一列", Kind.TEXT, 18),
    Column("怎么了", Kind.LONG, 60),
)


def import_errors_ledger(actor: Actor, batch: Batch, rows: Iterable[StagedRow], *, at: dt.datetime) -> LedgerSheet:
    """What is wrong in a table that was handed in, row by row; none of what its cells say."""
    return LedgerSheet(
        title="导入有错的行",
        subtitle=say_export(what="导入有错的行", where=batch.file_name, period="", by=actor.name, at=at),
        columns=ERROR_COLUMNS,
        rows=((row.row, column, message) for row in rows for column, message in row.problems),
    )


def _pieces(items: Iterable[_T]) -> Iterator[list[_T]]:
    rest = iter(items)
    while piece := list(islice(rest, PIECE)):
        yield piece
