"""Writing the access log: ids only, one after the other, and nothing is done where it cannot be written."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from lianxin.access.actor import Grant
from lianxin.access.guard import pen
from lianxin.audit import triggers
from lianxin.audit.log import Unwritten, checked_reason, ground_of, note
from lianxin.audit.models import PEN, Act, Entry, Head, Reason
from lianxin.base.days import now
from lianxin.base.errors import Refused
from lianxin.register.models import Person
from lianxin.register.queries import reveal
from tests.audit.conftest import AT, CHAIR, HERE, NEXT, Noting
from tests.cast import LIANFENG, SANXING, Cast

pytestmark = pytest.mark.django_db


def entries() -> list[Entry]:
    return list(Entry.objects.unscoped("the test looks at rows").order_by("no"))


def test_entries_are_numbered_and_each_holds_the_one_before(five: None) -> None:
    rows = entries()

    assert [row.no for row in rows] == [1, 2, 3, 4, 5]
    assert [row.previous for row in rows[1:]] == [row.hash for row in rows[:-1]]
    assert Head.objects.get().hash == rows[-1].hash
    assert {row.by for row in rows} == {CHAIR.account}


def test_a_reason_is_kept_sealed_and_apart(noted: Noting) -> None:
    noted("张桂英的丈夫来问，代她约时间")

    reason = Reason.objects.unscoped("the test looks at rows").get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT said FROM audit_reason")
        (box,) = cursor.fetchone()
    assert reason.said.reveal() == "张桂英的丈夫来问，代她约时间"
    assert "张桂英".encode() not in bytes(box)
    assert "张桂英" not in "".join(str(value) for row in entries() for value in vars(row).values())


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_nothing_is_noted() -> None:
    with pytest.raises(RuntimeError, match="in the transaction"):
        note(CHAIR, Act.REVEAL, at=AT)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET \"by\" = 'nobody'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_reason",
        *(["TRUNCATE audit_entry", "TRUNCATE audit_reason"] if connection.vendor == "postgresql" else []),
    ],
)
def test_the_database_refuses_to_change_or_remove_an_entry(five: None, sql: str) -> None:
    with pytest.raises(DatabaseError, match="this table only grows"), transaction.atomic():
        connection.cursor().execute(sql)


@pytest.mark.parametrize("table", ["net_accountchange", "net_organisationchange", "register_change"])
def test_the_other_logs_are_never_rewritten_either(cast: Cast, table: str) -> None:
    if table == "net_organisationchange":
        connection.cursor().execute(
            "INSERT INTO net_organisationchange (at, by, organisation, what, said) VALUES (%s, '', '', '', '{}')",
            [AT],
        )
    if table == "net_accountchange":
        connection.cursor().execute(
            "INSERT INTO net_accountchange (at, by, kind, account, appointment, was, because)"
            " VALUES (%s, '', '', '', '', '', '')",
            [AT],
        )
    for sql in (f"UPDATE {table} SET by = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="this table only grows"), transaction.atomic():
            connection.cursor().execute(sql)


def test_python_refuses_to_rewrite_an_entry(five: None) -> None:
    rows = Entry.objects.unscoped("the test looks at rows")

    for write in (rows.delete, lambda: rows.update(by="")):
        with pytest.raises(TypeError, match="only grows"), pen(PEN):
            write()


def test_every_lock_stands_and_a_missing_one_is_named(db: None) -> None:
    assert triggers.missing(connection) == ()

    triggers.remove(connection, ["audit_entry"])

    assert "audit_entry_refuses_delete" in triggers.missing(connection)


@pytest.mark.parametrize("typed", ["", "  ", "看看", "长" * 201])
def test_a_reason_is_asked_for(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_reason(typed, asks="请写明为什么。")

    assert refused.value.field == "because"


def test_numbers_in_a_reason_are_hidden() -> None:
    assert checked_reason("回电 13812342764 约时间", asks="") == "回电 138····2764 约时间"


def test_an_entry_stands_where_all_posts_of_the_actor_meet() -> None:
    two = replace(CHAIR, grants=(*CHAIR.grants, Grant("member", frozenset(), NEXT)))

    assert ground_of(CHAIR) == HERE
    assert ground_of(two) == "330402100"
    assert ground_of(replace(CHAIR, grants=())) == ""


# ── what is noted ────────────────────────────────────────────────────────────


def test_looking_for_an_id_number_leaves_a_trace_found_or_not(cast: Cast) -> None:
    client = Client(REMOTE_ADDR="10.0.0.7")
    client.force_login(cast.accounts["member"])

    client.get(reverse("households"), {"q": "330402199001010027"})
    client.get(reverse("households"), {"q": "张桂英"})

    (row,) = entries()
    assert (row.act, row.by, row.kind, row.key) == ("search", cast.accounts["member"].pk, "person", "")
    assert len(row.address) == 32
    assert "10.0.0.7" not in row.address
    assert "330402199001010027" not in str(vars(row))


def test_the_same_machine_has_the_same_mark(cast: Cast) -> None:
    for address in ("10.0.0.7", "10.0.0.8", "10.0.0.7"):
        client = Client(REMOTE_ADDR=address)
        client.force_login(cast.accounts["member"])
        client.get(reverse("households"), {"q": "330402199001010027"})

    first, second, third = (row.address for row in entries())
    assert first == third != second


def test_a_childs_file_that_is_opened_leaves_a_trace(cast: Cast) -> None:
    child = _child(LIANFENG)
    record = cast.listing("child-in-difficulty", subject=child, subject_type="person")
    client = Client()
    client.force_login(cast.accounts["chair"])

    assert client.get(reverse("listing", args=[record.key])).status_code == 200

    (row,) = [row for row in entries() if row.act == "view"]
    assert (row.kind, row.key, row.region) == ("listing", record.key, LIANFENG)


def test_an_open_file_leaves_none(cast: Cast) -> None:
    record = cast.listing("family-file", "member")
    client = Client()
    client.force_login(cast.accounts["member"])

    client.get(reverse("listing", args=[record.key]))

    assert entries() == []


def test_a_change_of_rights_is_noted(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.accounts["administrator"])

    client.post(reverse("user-deactivate", args=[cast.accounts["neighbour"].pk]))

    (row,) = entries()
    assert (row.act, row.kind, row.key, row.what) == ("rights", "account", cast.accounts["neighbour"].pk, "deactivated")


def _child(village: str) -> str:
    rows = Person.objects.unscoped("the test looks at rows").filter(region=village, birth__year=2012)
    return str(rows.order_by("id").first().id)  # type: ignore[union-attr]


# ── a full disk ──────────────────────────────────────────────────────────────


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite can be told that the disk is full")
@pytest.mark.django_db(transaction=True)
def test_when_the_disk_is_full_no_number_is_shown(cast: Cast) -> None:
    """The database may not grow any more: reveals go on while there is room for their entry, then none is given."""
    member, home, shown = cast.actor("member"), cast.households[LIANFENG][0], 0
    try:
        may_grow_to("SELECT page_count FROM pragma_page_count()")
        with pytest.raises(Unwritten, match="查阅记录写不进去"):  # noqa: PT012 — until it is full
            while True:
                assert reveal(member, home, "phone", "回访约时间" * 30, at=now()) == "13805733012"
                shown += 1
    finally:
        may_grow_to("SELECT 1073741823")

    assert [row.act for row in entries()] == ["reveal"] * shown
    assert Head.objects.get().no == shown


def may_grow_to(asked: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(asked)
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite can be told that the disk is full")
@pytest.mark.django_db(transaction=True)
def test_the_page_says_so_in_a_sentence(cast: Cast) -> None:
    client, home = Client(), cast.households[LIANFENG][0]
    client.force_login(cast.accounts["member"])
    url = reverse("reveal", args=[home, "phone"])
    try:
        may_grow_to("SELECT page_count FROM pragma_page_count()")
        pages = [client.post(url, {"because": "回访约时间" * 30}) for _ in range(40)]
    finally:
        may_grow_to("SELECT 1073741823")

    assert pages[-1].status_code == 400
    assert "查阅记录写不进去" in pages[-1].content.decode()
    assert "13805733012" not in pages[-1].content.decode()
    assert cast.households[SANXING]
