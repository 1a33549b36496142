"""Posting: differences only, by key, in one gapless chain, and what it refuses."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
from django.db import transaction

from lianxin.access.verbs import Seal
from lianxin.base.codes import Level
from lianxin.ledger.facts import Posted, Posting, tags_text
from lianxin.ledger.models import Batch, Fact
from lianxin.ledger.post import post
from lianxin.ledger.standing import net_of
from tests.ledger.toy import AT, COUNTY, NEXT_VILLAGE, VILLAGE, draft, posted, posting

pytestmark = pytest.mark.django_db


def said() -> list[tuple[str, int]]:
    return list(Fact.objects.order_by("id").values_list("record", "hundredths"))


def test_a_new_record_posts_what_it_says_in_hundredths() -> None:
    came = posted(posting("R1", draft(), draft("giving.amount", "69600.05")))

    assert came == Posted(batch=1, facts=2)
    assert said() == [("R1", 6_960_005), ("R1", 100)]


def test_a_fact_keeps_where_when_and_by_whom() -> None:
    posted(posting("R1", draft(tags=(("purpose", "care"), ("mode", "door"), ("purpose", "care"))), level=Level.TOWN))

    fact = Fact.objects.get()
    assert (fact.region, fact.town, fact.county) == ("330402100201", "330402100", "330402")
    assert (fact.day, fact.month) == (dt.date(2021, 3, 5), 202103)
    assert (fact.programme, fact.tags) == ("four-musts", ";mode=door;purpose=care;")
    assert (fact.organisation, fact.org_level, fact.seal) == ("ORG4", 4, "open")
    assert (fact.kind, fact.revision, fact.subject, fact.subject_type) == ("visit", 1, "H1", "household")


def test_the_grid_of_a_record_counts_in_its_village() -> None:
    posted(posting("R1", draft(region=f"{VILLAGE}003")))

    assert Fact.objects.get().region == VILLAGE


def test_a_county_as_ground_has_no_town() -> None:
    posted(posting("R1", draft(region=COUNTY), draft(region="3304")))

    assert list(Fact.objects.order_by("region").values_list("town", "county")) == [("", ""), ("", COUNTY)]


def test_amend_posts_the_difference_only() -> None:
    posted(posting("R1", draft(), draft("visit.people", "3")))

    came = posted(posting("R1", draft(), draft("visit.people", "5"), revision=2))

    assert came == Posted(batch=2, facts=1)
    assert Fact.objects.filter(batch=2).values_list("measure", "hundredths", "revision").get() == (
        "visit.people",
        200,
        2,
    )


def test_a_move_takes_away_here_and_gives_there() -> None:
    posted(posting("R1", draft()))

    posted(posting("R1", draft(region=NEXT_VILLAGE), revision=2))

    moved = Fact.objects.filter(batch=2).order_by("region")
    assert list(moved.values_list("region", "hundredths")) == [(VILLAGE, -100), (NEXT_VILLAGE, 100)]


def test_a_withdrawal_posts_the_reverse_and_leaves_nothing() -> None:
    posted(posting("R1", draft(), draft("visit.people", "3")))

    came = posted(posting("R1", revision=2))

    assert came == Posted(batch=2, facts=2)
    assert net_of(["R1"]) == {}


@pytest.mark.parametrize("again", [posting("R1", draft(), revision=2), posting("R2")])
def test_nothing_to_say_makes_no_batch(again: Posting) -> None:
    posted(posting("R1", draft()))

    assert posted(again) == Posted(batch=None, facts=0)
    assert Batch.objects.count() == 1


def test_the_same_thing_said_twice_in_a_record_is_one_fact() -> None:
    posted(posting("R1", draft("difficulty.found"), draft("difficulty.found"), draft("opinion.heard", "0")))

    assert said() == [("R1", 200)]


def test_another_organisation_or_seal_is_another_fact() -> None:
    posted(posting("R1", draft()))

    posted(posting("R1", draft(), level=Level.TOWN))
    sealed = Posting("R1", "visit", 3, "ORG4", Level.TOWN, Seal.STAFF, (draft(),))
    posted(sealed)

    nets = net_of(["R1"])["R1"]
    assert [(key.organisation, key.org_level, key.seal, n) for key, n in nets.items()] == [("ORG4", 4, "staff", 100)]


def test_a_new_record_is_taken_at_its_word() -> None:
    new = Posting("R1", "visit", 1, "ORG5", Level.VILLAGE, Seal.OPEN, (draft(),), is_new=True)

    assert posted(new).facts == 1


def test_many_records_are_one_batch_and_net_apart() -> None:
    came = posted(*(posting(f"R{number}", draft(subject=f"H{number}")) for number in range(1_200)))

    assert came == Posted(batch=1, facts=1_200)
    assert len(net_of(f"R{number}" for number in range(1_200))) == 1_200
    assert posted(*(posting(f"R{number}") for number in range(1_200))) == Posted(batch=2, facts=1_200)


def test_batches_are_numbered_without_gaps_through_a_rollback() -> None:
    posted(posting("R1", draft()))
    with transaction.atomic():
        assert posted(posting("R2", draft())).batch == 2
        transaction.set_rollback(True)
    posted(posting("R3", draft()))

    assert list(Batch.objects.order_by("no").values_list("no", "facts")) == [(1, 1), (2, 1)]
    first, second = Batch.objects.order_by("no")
    assert second.previous == first.hash
    assert first.previous == ""


def test_the_hash_is_what_anybody_can_work_out_from_the_rows() -> None:
    posted(posting("R1", draft()))
    posted(posting("R2", draft("giving.amount", "69600.05", tags=(("what", "money"),))), because="补录")

    first, second = Batch.objects.order_by("no")
    header = json.dumps(
        [first.hash, 2, "2023-01-05T01:30:00.000000+00:00", "01TOYCLERK0000000000000000", "补录", 1], ensure_ascii=False
    )
    line = (
        "R2\x1fvisit\x1f1\x1fgiving.amount\x1f6960005\x1fH1\x1fhousehold\x1f330402100201\x1f330402100\x1f330402\x1f"
        "2021-03-05\x1f202103\x1ffour-musts\x1f;what=money;\x1fORG5\x1f5\x1fopen"
    )
    assert second.hash == hashlib.sha256(f"{header}\n{line}".encode()).hexdigest()


def test_a_value_finer_than_a_hundredth_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="finer than a hundredth"):
        posted(posting("R1", draft(value="0.005")))


def test_a_record_stands_in_a_batch_once() -> None:
    with pytest.raises(ValueError, match="one record, one posting"):
        posted(posting("R1", draft()), posting("R1"))


@pytest.mark.parametrize("tag", [("mode", "a;b"), ("mo=de", "a"), ("mode", "a\nb"), ("mode;", "a"), ("", "a")])
def test_a_tag_that_would_break_the_tags_apart_is_a_mistake(tag: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="a tag is a name and a code"):
        tags_text((tag,))


def test_a_code_longer_than_its_column_is_a_mistake_on_both_databases() -> None:
    with pytest.raises(ValueError, match="subject is longer than 26"):
        posted(posting("R1", draft(subject="H" * 27)))


def test_a_code_with_a_control_character_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="without control characters"):
        posted(posting("R1", draft(subject="H\x1f1")))


def test_a_fact_counts_somewhere() -> None:
    with pytest.raises(ValueError, match="counts somewhere"):
        posted(posting("R1", draft(region="")))


@pytest.mark.django_db(transaction=True)
def test_post_belongs_into_the_transaction_of_the_record() -> None:
    with pytest.raises(RuntimeError, match="in the transaction"):
        post([posting("R1", draft())], by="x", at=AT)
