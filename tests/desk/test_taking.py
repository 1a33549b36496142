"""Every list that goes out: why is asked, it is written down, the file says whose it is."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from lianxin.audit.models import Entry, Reason
from lianxin.base.days import now
from lianxin.base.errors import Refused
from lianxin.exchange.models import Taking
from lianxin.exchange.sheets import MARK
from lianxin.exchange.taking import ask, decide, standing, use
from lianxin.register.models import Person
from tests.audit.test_log import may_grow_to
from tests.cast import LIANFENG, Cast
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


# ── protected lists: a second person ─────────────────────────────────────────

CHILDREN = {"list": "child-in-difficulty"}


@pytest.fixture
def child(cast: Cast) -> Cast:
    """A child of 联丰 stands on a protected list."""
    key = Person.objects.unscoped("test").filter(region=LIANFENG, birth__year=2012).order_by("id")[0].id
    cast.listing("child-in-difficulty", subject=key, subject_type="person", note="孩子的事")
    return cast


def decided(cast: Cast, who: str, word: str = "yes") -> Any:
    row = Taking.objects.unscoped("test").order_by("-asked_at")[0]
    return signed_in(cast, who).post(reverse("taking-decide", args=[row.pk]), {"word": word})


def is_file(answer: Any) -> bool:
    return "spreadsheet" in answer.headers.get("Content-Type", "")


def test_a_protected_list_waits_for_a_second_person_and_goes_out_once(child: Cast) -> None:
    chair, url = signed_in(child, "chair"), reverse("listings-ledger")

    asked = taken_out(chair, url, CHILDREN)
    assert (asked.status_code, asked.headers["Location"]) == (302, reverse("takings"))
    assert not is_file(taken_out(chair, url, CHILDREN))
    assert decided(child, "clerk").status_code == 302
    first, second = taken_out(chair, url, CHILDREN), taken_out(chair, url, CHILDREN)

    assert is_file(first)
    rows = str(list(load_workbook(io.BytesIO(file_of(first))).active.iter_rows(values_only=True)))
    assert "张小雨" in rows
    assert not is_file(second)
    assert [entry.what for entry in exports()] == ["asked", "granted", "listings-ledger", "asked"]


def test_nobody_agrees_to_her_own_request(child: Cast) -> None:
    taken_out(signed_in(child, "officer"), reverse("listings-ledger"), CHILDREN)

    assert decided(child, "officer").status_code == 403
    assert Taking.objects.unscoped("test").get().state == "asked"


@pytest.mark.parametrize(
    ("who", "status"), [("next_clerk", 404), ("strange_officer", 404), ("programme_officer", 404), ("member", 403)]
)
def test_whom_the_list_does_not_concern_has_no_word_in_it(child: Cast, who: str, status: int) -> None:
    taken_out(signed_in(child, "chair"), reverse("listings-ledger"), CHILDREN)

    assert decided(child, who).status_code == status
    assert "困境儿童" not in signed_in(child, who).get(reverse("takings")).content.decode()


def test_of_two_who_decide_at_once_one_is_told(child: Cast) -> None:
    taken_out(signed_in(child, "chair"), reverse("listings-ledger"), CHILDREN)

    assert decided(child, "clerk", "no").status_code == 302
    late = decided(child, "officer", "yes")

    assert late.status_code == 400
    assert "已经有人办了" in late.content.decode()
    assert Taking.objects.unscoped("test").get().state == "refused"
    assert not is_file(taken_out(signed_in(child, "chair"), reverse("listings-ledger"), CHILDREN))


def test_a_word_for_one_list_does_not_open_another(child: Cast) -> None:
    chair = signed_in(child, "chair")
    taken_out(chair, reverse("listings-ledger"), CHILDREN)
    decided(child, "clerk")

    assert not is_file(taken_out(chair, reverse("listings-ages-export")))
    assert not is_file(taken_out(signed_in(child, "clerk"), reverse("listings-ledger"), CHILDREN))


def test_a_word_is_over_after_a_day(child: Cast) -> None:
    chair = child.actor("chair")
    row = ask(chair, path="/x/", title="台账", why="年底核对", at=now())
    decide(child.actor("clerk"), row.pk, grant=True, at=now())

    assert standing(chair, "/x/", at=now()) is not None
    assert standing(chair, "/x/", at=now() + dt.timedelta(hours=25)) is None
    with pytest.raises(Refused, match="过期"), transaction.atomic():
        use(chair, row, at=now() + dt.timedelta(hours=25))


def test_an_open_list_holds_nothing_that_is_protected(child: Cast) -> None:
    child.listing("family-file")
    content = file_of(taken_out(signed_in(child, "chair"), reverse("listings-export")))

    rows = str(list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)))
    assert "家庭档案" in rows
    assert "张小雨" not in rows


def test_a_decision_that_was_not_made_is_asked_for(child: Cast) -> None:
    taken_out(signed_in(child, "chair"), reverse("listings-ledger"), CHILDREN)

    answer = decided(child, "clerk", "")

    assert answer.status_code == 400
    assert "请选批准还是不批准" in answer.content.decode()


def test_requests_are_listed_with_the_way_on(child: Cast) -> None:
    chair = signed_in(child, "chair")
    taken_out(chair, reverse("listings-ledger"), CHILDREN)
    key = Taking.objects.unscoped("test").get().pk

    assert reverse("taking-decide", args=[key]) in signed_in(child, "clerk").get(reverse("takings")).content.decode()
    decided(child, "clerk")
    assert f"{reverse('listings-ledger')}?list=" in chair.get(reverse("takings")).content.decode()
