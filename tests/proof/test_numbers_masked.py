"""A telephone or ID number typed anywhere into running text is kept nowhere: not in a table, an index, a history or a
draft, nor among the bytes of the database file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from lianxin.base.ids import new_id
from lianxin.kinds.visits.models import Difficulty, Visit
from lianxin.register.models import Household
from tests.cast import LIANFENG, Cast, lay_cast

PHONE, ID_NUMBER = "13612349876", "330402195305010028"
SHAPES = (
    PHONE,
    "136-1234-9876",
    "136 1234 9876",
    "１３６１２３４９８７６",
    "+86 13612349876",
    ID_NUMBER,
    "３３０４０２１９５３０５０１００２８",
)
NOTE = "她的号码是" + "，".join(SHAPES) + "，说好了打给她"
# Each number in pieces that would give it away; the last four may stand, as a mask shows them.
TELLING = ("1361234", "12349876", "33040219530501", "19530501002", "5301002")


@pytest.fixture
def committed(transactional_db: None) -> Cast:
    """A cast whose rows really reach the file."""
    return lay_cast()


def client_of(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.accounts[who])
    return client


def type_it_everywhere(cast: Cast) -> None:
    """Into every field of running text that the web has."""
    household = cast.households[LIANFENG][0]
    member, officer = client_of(cast, "chair"), client_of(cast, "officer")
    typed = {
        "id": new_id(), "day": "2021-12-20", "mode": "door", "people": "1",
        "why": ["four-musts/hardship", "festival-care/new-year", "real-things/lead"], "heard": NOTE,
        "companions": f"村医 {PHONE}", "next_on": "2022-02-01", "next_why": f"打 {PHONE}", "opinions.0.text": NOTE,
        "difficulties.0.text": NOTE, "difficulties.0.handler": f"老沈 {PHONE}", "givings.0.what": "goods",
        "givings.0.name": f"大米 {PHONE}", "givings.0.amount": "10", "givings.0.giver": f"厂长 {PHONE}",
        "festival-care.roster": f"第一批 {ID_NUMBER}", "real-things.leader": f"主席 {PHONE}",
    }  # fmt: skip
    record = reverse("visit-record", args=["household", household])
    draft = {"draft_form": f"visit:new:household:{household}"}
    assert member.post(reverse("visit-draft"), typed | draft).status_code == 204
    assert member.post(record, typed | {"day": "2099-01-01"}).status_code == 400
    assert member.post(record, typed).status_code == 302
    assert member.get(reverse("visits"), {"q": PHONE}).status_code == 200
    visit = Visit.objects.unscoped("test").get()
    amended = typed | {"base": "1", "because": NOTE, "heard": f"改过：{NOTE}"}
    assert member.post(reverse("visit-amend", args=[visit.key]), amended).status_code == 302
    line = Difficulty.objects.unscoped("test").get().line
    solved = {"base": "2", "state": "solved", "on": "2021-12-22", "handler": f"镇里 {PHONE}"}
    assert member.post(reverse("visit-followup", args=[visit.key, line]), solved).status_code == 302
    listing = {"id": new_id(), "list": "family-file", "on_day": "2021-06-01", "note": f"家里电话 {PHONE}"}
    assert member.post(reverse("listing-new", args=["household", household]), listing).status_code == 302
    newcomer = typed | {"id": new_id(), "n.name": "陆小妹", "n.region": LIANFENG, "n.place": f"5组2号 {PHONE}"}
    assert member.post(reverse("visit-newcomer"), newcomer).status_code == 302
    moved = {"kind": "wrong", "region": "330402100226", "because": NOTE[:180]}
    assert officer.post(reverse("household-move", args=[household]), moved).status_code == 302
    complaint = {"id": new_id(), "kind": "other", "text": NOTE, "whose": "named", "page": f"/visits/?q={PHONE}"}
    assert member.post(reverse("complaint-new"), complaint).status_code == 302
    withdrawn = {"base": str(Visit.objects.unscoped("test").get(key=visit.key).revision), "because": NOTE}
    assert officer.post(reverse("visit-withdraw", args=[visit.key]), withdrawn).status_code == 302
    sealed = {"region": "330402", "period": "2021-11", "because": NOTE[:180]}
    assert officer.post(reverse("periods"), sealed).status_code == 302


def every_cell() -> Iterator[tuple[str, str]]:
    """(column, text) of everything in the database. A word index cannot be read whole; the tables it keeps can."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            tables |= {name for (name,) in cursor.fetchall()}
            cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%%'")
            tables -= {name for (name,) in cursor.fetchall()}
        for table in sorted(tables):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, cell in zip(names, row, strict=True):
                    is_bytes = isinstance(cell, memoryview | bytes)
                    yield f"{table}.{name}", bytes(cell).decode("latin-1") if is_bytes else str(cell)


def digits_of(text: str) -> str:
    """With full-width digits and what people put between digits taken away."""
    plain = text.translate({0xFF10 + digit: str(digit) for digit in range(10)})
    return re.sub(r"(?<=\d)[\s\-—–·.]+(?=\d)", "", plain)


def test_no_table_holds_a_number_that_was_typed_into_a_text(committed: Cast) -> None:
    type_it_everywhere(committed)

    found = {(where, piece) for where, text in every_cell() for piece in TELLING if piece in digits_of(text)}

    assert found == set()


def test_no_byte_of_the_file_holds_it(committed: Cast) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's files hold what its tables hold; asked above")
    type_it_everywhere(committed)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()

    file = Path(connection.settings_dict["NAME"])
    bytes_on_disk = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*") if "kept" not in path.name)

    assert "说好了打给她".encode() in bytes_on_disk  # the note itself is there
    for shape in SHAPES:
        for encoding in ("utf-8", "utf-16-le"):
            assert shape.encode(encoding) not in bytes_on_disk, shape


def test_no_page_shows_it(committed: Cast) -> None:
    type_it_everywhere(committed)
    client = client_of(committed, "officer")
    keys = list(Visit.objects.unscoped("test").values_list("key", flat=True))
    household = Household.objects.unscoped("test").order_by("id").last()
    assert household is not None
    pages = [reverse("visits"), reverse("listings"), reverse("complaints"), reverse("difficulties"), reverse("home"),
             reverse("household", args=[committed.households[LIANFENG][0]]), reverse("household", args=[household.id]),
             reverse("periods"), *(reverse("visit", args=[key]) for key in keys),
             *(reverse("visit-versions", args=[key]) for key in keys)]  # fmt: skip

    shown = {
        (page, piece) for page in pages for piece in TELLING if piece in digits_of(client.get(page).content.decode())
    }

    assert shown == set()


def test_the_masked_note_is_still_found_by_its_words_and_not_by_the_number(committed: Cast) -> None:
    type_it_everywhere(committed)
    client = client_of(committed, "chair")

    def count(sought: str) -> str:
        return client.get(reverse("visits"), {"q": sought}).content.decode().split("一共 ")[1].split(" 次")[0]

    assert count("说好了") == "1"  # the newcomer's; the other was withdrawn
    assert count(PHONE) == "0"
    assert count("1361234") == "0"
