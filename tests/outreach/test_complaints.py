"""Complaints: handed in by name or without one, read by their county, answered, never holding a person's number."""

from __future__ import annotations

import datetime as dt

import pytest

from lianxin.access.actor import Actor, Grant
from lianxin.access.guard import Unscoped
from lianxin.access.verbs import Verb
from lianxin.base.days import SHANGHAI
from lianxin.base.errors import Forbidden, Refused, Unseen
from lianxin.base.ids import new_id
from lianxin.outreach.complaints import (
    ComplaintDraft,
    answer_complaint,
    complaint_by_receipt,
    complaints_seen_by,
    own_complaints,
    submit_complaint,
)
from lianxin.outreach.models import Complaint, ComplaintKind, ComplaintState

NOW = dt.datetime(2021, 7, 1, 9, 30, tzinfo=SHANGHAI)
LATER = NOW + dt.timedelta(hours=1)

pytestmark = pytest.mark.django_db


def somebody(name: str, region: str, *verbs: Verb) -> Actor:
    return Actor(name, name, (Grant("r", frozenset(verbs), region),))


MEMBER = somebody("member", "330402100222", Verb.COMPLAINT_WRITE)
OTHER = somebody("other", "330402100223", Verb.COMPLAINT_WRITE)
NEIGHBOUR = somebody("neighbour", "330411002", Verb.COMPLAINT_WRITE)
OFFICER = somebody("officer", "330402", Verb.COMPLAINT_READ, Verb.COMPLAINT_WRITE)
OFFICER_NEXT_DOOR = somebody("next", "330411", Verb.COMPLAINT_READ, Verb.COMPLAINT_WRITE)


def complain(actor: Actor = MEMBER, *, now: dt.datetime = NOW, **changes: object) -> str:
    draft = {"key": new_id(), "kind": "duplicate", "text": "同一户又要填一遍。", **changes}
    return submit_complaint(actor, ComplaintDraft(**draft), now=now)  # type: ignore[arg-type]


def test_a_complaint_is_read_in_its_county_and_nowhere_else() -> None:
    here, there = complain(), complain(NEIGHBOUR)

    assert [row.pk for row in complaints_seen_by(OFFICER)] == [here]
    assert [row.pk for row in complaints_seen_by(OFFICER_NEXT_DOOR)] == [there]
    assert list(complaints_seen_by(MEMBER)) == []
    row = complaints_seen_by(OFFICER).get()
    assert (row.kind, row.text, row.state) == ("duplicate", "同一户又要填一遍。", "open")
    assert (row.account, row.region, row.created_at) == ("member", "330402", NOW)


def test_an_anonymous_complaint_keeps_neither_the_account_nor_the_village() -> None:
    key = complain(is_anonymous=True)

    row = complaints_seen_by(OFFICER).get()
    kept = " ".join(str(value) for value in vars(row).values())
    assert "member" not in kept
    assert "330402100" not in kept
    assert list(own_complaints(MEMBER)) == []
    assert complaint_by_receipt(MEMBER, key.lower()).pk == key


def test_an_answer_reaches_who_complained() -> None:
    key = complain()

    answer_complaint(OFFICER, key, answer="这张表已经并掉了。", now=LATER)

    row = own_complaints(MEMBER).get()
    assert (row.state, row.answer, row.answered_by, row.answered_at) == (
        "answered",
        "这张表已经并掉了。",
        "officer",
        LATER,
    )
    assert list(own_complaints(OTHER)) == []
    assert complaint_by_receipt(OTHER, key).answer == "这张表已经并掉了。"


def test_only_its_county_answers_and_an_answer_says_something() -> None:
    key = complain()

    with pytest.raises(Unseen):
        answer_complaint(OFFICER_NEXT_DOOR, key, answer="好", now=LATER)
    with pytest.raises(Unseen):
        answer_complaint(MEMBER, key, answer="好", now=LATER)
    with pytest.raises(Refused, match="答复"):
        answer_complaint(OFFICER, key, answer=" ", now=LATER)

    assert complaints_seen_by(OFFICER).get().state == ComplaintState.OPEN


def test_open_ones_stand_first_and_then_the_newest() -> None:
    oldest, middle, newest = (complain(now=NOW + dt.timedelta(minutes=minute)) for minute in range(3))
    answer_complaint(OFFICER, newest, answer="已改。", now=LATER)

    assert [row.pk for row in complaints_seen_by(OFFICER)] == [middle, oldest, newest]
    assert [row.pk for row in complaints_seen_by(OFFICER, state=ComplaintState.ANSWERED)] == [newest]


def test_a_second_click_is_the_same_complaint() -> None:
    key = new_id()

    complain(key=key)
    complain(key=key, text="又点了一下")

    assert complaints_seen_by(OFFICER).get().text == "同一户又要填一遍。"


def test_a_number_typed_into_a_complaint_or_an_answer_is_not_kept() -> None:
    key = complain(text="请打 13800002764 找我")
    answer_complaint(OFFICER, key, answer="已打过１３８００００２７６４", now=LATER)

    row = complaints_seen_by(OFFICER).get()
    assert "13800002764" not in row.text
    assert row.text.startswith("请打 138")
    assert "13800002764" not in row.answer
    assert "１３８" not in row.answer


def test_of_the_page_only_the_path_is_kept() -> None:
    complain(page="https://example.org/households?q=某某#top")
    complain(page="http://[broken")

    assert {row.page for row in complaints_seen_by(OFFICER)} == {"/households", ""}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "angry"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"text": "  \n"}, "text"),
        ({"text": "字" * 2_001}, "text"),
        ({"key": "1"}, "id"),
    ],
)
def test_a_complaint_that_cannot_be_is_refused_by_its_field(changes: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        complain(**changes)

    assert refusal.value.field == field
    assert list(complaints_seen_by(OFFICER)) == []


def test_who_may_not_complain_is_told_so_and_a_wrong_receipt_opens_nothing() -> None:
    stranger = Actor("", "")

    with pytest.raises(Forbidden):
        complain(stranger)
    with pytest.raises(Forbidden):
        complaint_by_receipt(stranger, complain())
    with pytest.raises(Unseen):
        complaint_by_receipt(MEMBER, new_id())
    assert list(own_complaints(stranger)) == []


def test_complaints_are_guarded() -> None:
    with pytest.raises(Unscoped):
        Complaint.objects.count()
    with pytest.raises(Unscoped):
        Complaint(kind=ComplaintKind.OTHER, text="x", created_at=NOW).save()
