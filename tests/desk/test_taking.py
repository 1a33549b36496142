"""Every list that goes out: why is asked, it is written down, the file says whose it is."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from lianxin.audit.models import Entry, Reason
from lianxin.exchange.sheets import MARK
from tests.audit.test_log import may_grow_to
from tests.cast import Cast
from tests.house.addresses import addresses
from tests.taking import WHY, taken_out

pytestmark = pytest.mark.django_db


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.accounts[who])
    return client


def exports() -> list[Entry]:
    return list(Entry.objects.unscoped("the test looks at rows").filter(act="export").order_by("no"))


def file_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_the_page_asks_why_and_gives_nothing_yet(cast: Cast) -> None:
    page = signed_in(cast, "chair").get(reverse("households-export"))

    assert page.status_code == 200
    assert "为什么要导出" in page.content.decode()
    assert "张桂英" not in page.content.decode()
    assert exports() == []


@pytest.mark.parametrize("why", ["", "  ", "核对"])
def test_without_a_reason_there_is_no_file(cast: Cast, why: str) -> None:
    answer = taken_out(signed_in(cast, "chair"), reverse("households-export"), why=why)

    assert answer.status_code == 400
    assert "请写明为什么要导出" in answer.content.decode()
    assert exports() == []


def test_what_was_typed_is_not_lost(cast: Cast) -> None:
    answer = taken_out(signed_in(cast, "chair"), reverse("households-export"), why="核对台" * 80)

    assert answer.status_code == 400
    assert "核对台" * 80 in answer.content.decode()


def test_it_is_written_down_who_took_what_out_and_why(cast: Cast) -> None:
    taken_out(signed_in(cast, "chair"), reverse("visits-export"))

    (entry,) = exports()
    assert (entry.by, entry.kind, entry.what) == (cast.accounts["chair"].pk, "export", "visits-export")
    assert Reason.objects.unscoped("test").get(entry=entry.no).said.reveal() == WHY


def test_the_file_says_whose_it_is_on_every_page_and_in_its_properties(cast: Cast) -> None:
    content = file_of(taken_out(signed_in(cast, "chair"), reverse("households-export")))

    book = load_workbook(io.BytesIO(content))
    (entry,) = exports()
    said = str(book.active.oddHeader.right.text)
    assert "示例chair（cast.chair）" in said
    assert entry.key in said
    kept = {each.name: each.value for each in book.custom_doc_props.props}  # type: ignore[attr-defined]
    assert entry.key in str(kept[MARK])
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert entry.key in packed.read("docProps/custom.xml").decode()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite can be told that the disk is full")
@pytest.mark.django_db(transaction=True)
def test_when_the_disk_is_full_no_file_goes_out(cast: Cast) -> None:
    client = signed_in(cast, "chair")
    try:
        may_grow_to("SELECT page_count FROM pragma_page_count()")
        answers = [taken_out(client, reverse("households-export"), why=WHY * 15) for _ in range(40)]
    finally:
        may_grow_to("SELECT 1073741823")

    assert answers[-1].status_code == 400
    assert "查阅记录写不进去" in answers[-1].content.decode()
    assert len(exports()) == sum(answer.status_code == 200 for answer in answers)


def test_every_address_that_sends_a_ledger_asks_first(cast: Cast) -> None:
    """Whoever adds an export by a way of her own is found: what a GET answers is never a workbook."""
    client = signed_in(cast, "officer")
    sent = []
    for address in addresses():
        if address.has_arguments:
            continue
        response = client.get(reverse(address.name))
        if "spreadsheet" in response.headers.get("Content-Type", ""):
            sent.append(address.name)

    assert sent == []


def test_who_may_not_take_lists_out_is_told_before_she_writes_a_reason(cast: Cast) -> None:
    for name in ("visits-export", "households-export", "listings-export", "figures-export"):
        assert signed_in(cast, "member").get(reverse(name)).status_code == 403, name
        assert taken_out(signed_in(cast, "member"), reverse(name)).status_code == 403, name
