"""Lays a county set-wise, past the door: the same rows that the door would leave, as `ledger verify` can prove."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from random import Random

from django.db import transaction

from lianxin.access.actor import operator
from lianxin.access.guard import pen
from lianxin.access.verbs import Seal, Verb
from lianxin.base.codes import Level
from lianxin.base.days import SHANGHAI
from lianxin.base.ids import new_id
from lianxin.catalog.current import catalog
from lianxin.demo import words
from lianxin.demo.accounts import open_accounts
from lianxin.demo.people import households as invented
from lianxin.demo.sums import COUNTY
from lianxin.kinds.visits.kind import VisitKind
from lianxin.kinds.visits.models import Visit
from lianxin.kinds.visits.values import Mode, Purpose, VisitValues
from lianxin.ledger.bulk import bulk_load
from lianxin.ledger.facts import FactRow, Posting, fact_row, wanted
from lianxin.net.models import Account
from lianxin.net.organisations import found_federations
from lianxin.net.regions import load_regions, subtree
from lianxin.records.keywords import slip_of, word_index
from lianxin.records.kinds import Stand, Subject
from lianxin.records.models import PEN, Entry, History
from lianxin.register.actions import bulk_register
from lianxin.register.bulk import lay

FIRST, LAST = dt.date(2017, 1, 1), dt.date(2021, 12, 31)
AT = dt.datetime(2021, 12, 31, 20, 0, tzinfo=SHANGHAI)
PIECE = 20_000
COMMON, SOME, RARE = "路灯", "托管", "香囊"
"""A word in 30 %, 1 % and 0.01 % of the notes."""

_VISIT = [
    "key",
    "programme",
    "programme_version",
    "region",
    "town",
    "county",
    "day",
    "seal",
    "revision",
    "is_void",
    "organisation",
    "org_level",
    "recorded_at",
    "recorded_by",
    "changed_at",
    "changed_by",
    "words",
    "subject_type",
    "subject",
    "mode",
    "purposes",
    "reasons",
    "companions",
    "people",
    "heard",
    "ideas",
    "difficulties",
    "solved",
    "next_on",
    "next_why",
    "answers",
]
_ENTRY = [
    "kind",
    "record",
    "subject",
    "subject_type",
    "programme",
    "is_void",
    "region",
    "town",
    "county",
    "day",
    "seal",
]
_HISTORY = [
    "programme",
    "kind",
    "record",
    "revision",
    "act",
    "because",
    "at",
    "by",
    "values",
    "region",
    "town",
    "county",
    "day",
    "seal",
]


def fill(*, households: int, visits: int, seed: int = 1) -> list[tuple[str, str]]:
    """The county, laid into an empty database; (household, village) of everybody."""
    dice = Random(seed)
    keeper = operator(*Verb, because="laying the bench's county")
    with transaction.atomic():
        load_regions(COUNTY)
        found_federations(keeper, COUNTY, is_demo=True)
        villages = [village.code for village in subtree(COUNTY, Level.VILLAGE)]
        chairs = open_accounts(villages)
    homes: list[tuple[str, str]] = []
    for start in range(0, households, 5_000):
        drafts = invented(dice, villages, many=max(len(villages), min(5_000, households - start)))
        keys = bulk_register(keeper, drafts, at=AT)
        homes += [(key, draft.region) for key, draft in zip(keys, drafts, strict=True)]
        print(f"households {len(homes):,}", flush=True)
    bulk_load(_facts(dice, homes, chairs, visits), by="bench", at=AT, because="bench")
    return homes


def _facts(dice: Random, homes: list[tuple[str, str]], chairs: dict[str, Account], visits: int) -> Iterator[FactRow]:
    """The facts of visits that are laid piece by piece while they are asked for."""
    kind = VisitKind()
    done = 0
    with pen(PEN):
        while done < visits:
            piece = [_visit(dice, *dice.choice(homes), chairs, kind) for _ in range(min(PIECE, visits - done))]
            _lay_piece(piece)
            for visit, values, stand in piece:
                posting = Posting(
                    visit.key, "visit", 1, "", int(Level.VILLAGE), Seal.OPEN, kind.facts(stand, values), is_new=True
                )
                for key, hundredths in wanted(posting).items():
                    yield fact_row(visit.key, "visit", 1, key, hundredths)
            done += len(piece)
            print(f"visits {done:,}", flush=True)


def _visit(
    dice: Random, home: str, village: str, chairs: dict[str, Account], kind: VisitKind
) -> tuple[Visit, VisitValues, Stand]:
    day = FIRST + dt.timedelta(days=dice.randrange((LAST - FIRST).days + 1))
    code = dice.choice(("duty-contact", "four-musts", "grid-walk", "three-conditions"))
    programme = catalog().programme(code)
    reasons = (dice.choice(programme.reasons).code,) if programme.reasons else ()
    values = VisitValues(
        day=day,
        subject=Subject("household", home),
        mode=dice.choices((Mode.DOOR, Mode.PHONE, Mode.OFFICE), (80, 15, 5))[0],
        purposes=(Purpose(code, programme.version, reasons),),
        people=dice.randint(1, 4),
        heard=_note(dice),
    )
    stand = Stand(new_id(), village, day, (programme,))
    recorder = chairs[village].pk
    visit = Visit(
        key=stand.key, programme=code, programme_version=programme.version, region=village, town=stand.town,
        county=stand.county, day=day, seal="open", org_level=int(Level.VILLAGE), recorded_at=AT, recorded_by=recorder,
        changed_at=AT, changed_by=recorder, words=kind.words(values),
    )  # fmt: skip
    kind.fill(visit, values)
    return visit, values, stand


def _note(dice: Random) -> str:
    said = words.heard(dice).replace("路灯", "灯泡").replace("香囊", "小包")
    chance = dice.random()
    if chance < 0.0001:
        said += f"还想学做{RARE}。"
    elif chance < 0.0101:
        said += f"暑假想有{SOME}班。"
    if dice.random() < 0.3:
        said += f"组里{COMMON}不亮。"
    return said


def _lay_piece(piece: list[tuple[Visit, VisitValues, Stand]]) -> None:
    lay(Visit, _VISIT, ([getattr(visit, name) for name in _VISIT] for visit, _, _ in piece))
    lay(
        Entry,
        _ENTRY,
        (
            ("visit", v.key, v.subject, v.subject_type, v.programme, False, v.region, v.town, v.county, v.day, v.seal)
            for v, _, _ in piece
        ),
    )
    lay(
        History,
        _HISTORY,
        (
            (
                v.programme,
                "visit",
                v.key,
                1,
                "record",
                "",
                AT,
                v.recorded_by,
                said.as_json(),
                v.region,
                v.town,
                v.county,
                v.day,
                v.seal,
            )
            for v, said, _ in piece
        ),
    )
    keys = [visit.key for visit, _, _ in piece]
    rows = Visit.objects.unscoped("the bench numbers what it has just laid").filter(
        key__gte=min(keys), key__lte=max(keys)
    )
    numbers = dict(rows.values_list("key", "seq"))
    kind = VisitKind()
    word_index("visit").move([(numbers[visit.key], None, slip_of(kind, visit)) for visit, _, _ in piece])
