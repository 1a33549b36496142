"""Lists say exactly how much they hold, whoever looks: kept counts and the word index against reading everything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from django.db import connection

from lianxin.access.actor import Actor, Grant
from lianxin.access.verbs import Seal, Verb
from lianxin.cli.prepare import take_measure
from lianxin.kinds.visits.actions import withdraw_visit
from lianxin.kinds.visits.models import Visit
from lianxin.kinds.visits.queries import Cursor, VisitFilter, marks_of, visits_matching, visits_page
from lianxin.records.kinds import installed, kind_of
from lianxin.records.models import Filing
from lianxin.records.reindex import ensure_index, miscounted, rebuild
from tests.cast import COUNTY, LIANFENG, NOW, SANXING, TOWN, YONGLI, Cast

pytestmark = pytest.mark.django_db

WORDS = ("路灯", "扶手", "路灯不亮", "ＡＢ门", "托管班")
FILTERS = [
    VisitFilter(),
    VisitFilter(words="路灯"),
    VisitFilter(words="路灯 扶手"),
    VisitFilter(words="路灯不亮"),
    VisitFilter(words="ab"),
    VisitFilter(purpose="four-musts"),
    VisitFilter(purpose="minors-in-court", words="路灯"),
    VisitFilter(purpose="four-musts", mode="phone"),
    VisitFilter(region=TOWN, words="扶手"),
    VisitFilter(region=SANXING),
    VisitFilter(region=COUNTY, mode="door"),
    VisitFilter(words="没人说过"),
]


def lay(cast: Cast, many: int) -> None:
    """Visits of all kinds in three villages of two towns, some amended into another drawer, some withdrawn."""
    dice = Random(7)
    writers = {LIANFENG: "chair", SANXING: "clerk", YONGLI: "next_clerk"}
    for number in range(many):
        village = dice.choice([LIANFENG, LIANFENG, SANXING, YONGLI])
        visit = cast.visit(
            writers[village],
            subject=cast.households[village][0],
            day=str(dt.date(2021, 1, 1) + dt.timedelta(days=dice.randrange(300))),
            mode=dice.choice(["door", "door", "phone"]),
            heard="，".join(dice.sample(WORDS, 2)),
            purposes=[{"programme": dice.choice(["four-musts", "festival-care", "minors-in-court"]), "reasons": []}],
        )
        if number % 9 == 0:
            withdraw_visit(cast.actor(writers[village]), key=visit.key, base=1, because="登错", at=NOW)


def readers(cast: Cast) -> Iterator[Actor]:
    yield from (cast.actor(who) for who in ("member", "neighbour", "clerk", "next_clerk", "officer", "stranger"))
    yield cast.actor("programme_officer")
    member = cast.actor("member")
    town = Grant("x", frozenset({Verb.VISIT_READ}), TOWN, programmes=frozenset({"festival-care"}))
    yield replace(member, grants=(*member.grants, town))  # what lies in her village she may see twice over
    everything = Grant("x", frozenset({Verb.VISIT_READ}), "", frozenset(Seal))
    yield replace(member, grants=(*member.grants, everything))
    yield replace(member, grants=())


def read_all(actor: Actor, chosen: VisitFilter) -> list[Visit]:
    """The same by looking at every visit there is, newest first."""

    def is_asked(visit: Visit) -> bool:
        plain = visit.words.lower().replace("ａｂ", "ab")
        return (
            bool(actor.may(Verb.VISIT_READ, region=visit.region, programme=visit.programme, seal=Seal(visit.seal)))
            and visit.region.startswith(chosen.region)
            and all(word in plain for word in chosen.words.split())
            and chosen.purpose in ("", visit.purposes.strip(";"))
            and chosen.mode in ("", visit.mode)
        )

    rows = Visit.objects.unscoped("test").filter(is_void=False).order_by("-day", "-seq")
    return [visit for visit in rows if is_asked(visit)]


@pytest.mark.parametrize("many", [12, 60])  # few: the index gives the rows; many: they are met on the way down
def test_whoever_looks_for_whatever_sees_and_counts_what_is_there(cast: Cast, many: int) -> None:
    lay(cast, many)

    for actor in readers(cast):
        for chosen in FILTERS:
            wanted = read_all(actor, chosen)
            page = visits_page(actor, chosen, size=5)
            assert (page.count, list(page.visits)) == (len(wanted), wanted[:5]), (actor, chosen)
            if page.older:
                assert list(visits_page(actor, chosen, before=page.older, size=5).visits) == wanted[5:10]
            assert page.older == (Cursor(wanted[4].day, wanted[4].seq) if len(wanted) > 5 else None)


def test_what_is_taken_out_is_what_the_list_counts(cast: Cast) -> None:
    lay(cast, 30)
    clerk = cast.actor("clerk")

    for chosen in FILTERS:
        if chosen.words != "ab":  # the text is read as it was written here
            assert len(list(visits_matching(clerk, chosen))) == visits_page(clerk, chosen).count


def test_counts_follow_a_record_through_its_life(cast: Cast) -> None:
    def kept(**where: Any) -> int:
        return sum(Filing.objects.filter(kind="visit", **where).values_list("n", flat=True))

    visit = cast.visit("chair", mode="door")

    assert (kept(place=LIANFENG), kept(place=TOWN)) == (1, 1)
    assert kept(marks=";mode:door;purpose:four-musts;") == 2

    withdraw_visit(cast.actor("chair"), key=visit.key, base=1, because="登错", at=NOW)

    assert (kept(place=LIANFENG), kept(place=TOWN)) == (0, 0)


def test_kept_counts_are_what_stands_there(cast: Cast) -> None:
    lay(cast, 20)
    cast.listing("family-file")
    assert list(miscounted()) == []

    Filing.objects.filter(kind="visit", place=TOWN, n__gt=0).update(n=99)

    assert {difference.where for difference in miscounted()} == {f"visit {TOWN}"}


def test_an_upgrade_that_left_the_index_empty_is_made_good(cast: Cast) -> None:
    lay(cast, 12)
    clerk, chosen = cast.actor("clerk"), VisitFilter(words="路灯")
    before = visits_page(clerk, chosen)
    assert ensure_index() == ()

    Filing.objects.all().delete()

    assert ensure_index() == ("走访",)
    assert visits_page(clerk, chosen) == before
    rebuild(kind_of("visit"))
    assert visits_page(clerk, chosen) == before
    assert list(miscounted()) == []


def test_no_mark_holds_what_parts_marks(cast: Cast) -> None:
    lay(cast, 6)

    assert {kind.code for kind in installed()} == {"visit", "listing", "case"}
    for visit in Visit.objects.unscoped("test").all():
        assert all(mark and ";" not in mark for mark in marks_of(visit))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL takes its measure by itself")
def test_the_planner_is_told_how_much_there_is(cast: Cast) -> None:
    lay(cast, 3)

    take_measure()

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl IN ('visits_visit', 'records_filing')")
        assert cursor.fetchone()[0] >= 2
