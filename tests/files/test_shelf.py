"""Files of records through their pages: kept sealed, given out by the record's scope, gone when taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lianxin.audit.models import Entry
from lianxin.base.errors import Refused, Unseen
from lianxin.files import disk, shelf
from lianxin.files.kinds import UNKNOWN
from lianxin.files.models import File
from lianxin.files.shelf import Ref
from lianxin.kinds.listings.kind import ListingKind
from lianxin.register.models import Membership
from tests.cast import NOW, Cast
from tests.files.samples import document, picture

pytestmark = pytest.mark.django_db


def client(cast: Cast, who: str) -> Client:
    made = Client()
    made.force_login(cast.accounts[who])
    return made


def upload(name: str = "张桂英低保证.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if content is None else content, content_type="text/html")


@pytest.fixture
def listing(cast: Cast) -> str:
    return cast.listing("family-file").key


def keep(cast: Cast, listing: str, name: str = "张桂英低保证.jpg", content: bytes | None = None) -> shelf.Kept:
    ref = Ref("listing", listing)
    return shelf.keep(cast.actor("chair"), record=ref, name=name, upload=upload("a.jpg", content), at=NOW)


def hand_in(browser: Client, listing: str, file: SimpleUploadedFile) -> Any:
    return browser.post(reverse("listing-file-new", args=[listing]), {"file": file})


def test_a_paper_is_handed_in_listed_and_saved_again(cast: Cast, listing: str) -> None:
    browser = client(cast, "chair")

    hand_in(browser, listing, upload())
    page = browser.get(reverse("listing", args=[listing])).content.decode()
    key = File.objects.unscoped("test").get().pk
    address = reverse("listing-file", args=[listing, key])
    response = browser.get(address)

    assert "张桂英低保证.jpg" in page
    assert address in page
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert b"SPYPHONE" not in response.content


def test_neither_name_nor_content_lies_plain_on_the_disk(cast: Cast, listing: str) -> None:
    kept = keep(cast, listing, "张桂英.docx", document("不可告人"))
    folder = Path(settings.HOME.path) / "files"
    row = File.objects.unscoped("test").get()

    found = [path for path in folder.rglob("*") if path.is_file() and kept.id in path.name]
    assert len(found) == 1
    assert found[0].stat().st_mode & 0o077 == 0
    raw = found[0].read_bytes()
    assert b"PK\x03\x04" not in raw
    assert "张桂英" not in str(found[0])
    assert "张桂英".encode() not in row.name.box
    assert disk.get(kept.id) == document("不可告人")
    assert not folder.is_relative_to(settings.STATIC_ROOT)


def test_a_file_is_seen_by_those_who_see_its_record_and_nobody_else(cast: Cast, listing: str) -> None:
    kept = keep(cast, listing)
    addresses = {name: reverse(name, args=[listing, kept.id]) for name in ("listing-file", "listing-file-withdraw")}

    for who, status in (("member", 200), ("officer", 200), ("neighbour", 404), ("next_clerk", 404), ("stranger", 404)):
        assert client(cast, who).get(addresses["listing-file"]).status_code == status, who
    for who, status in (("partner", 403), ("administrator", 403), ("audit", 403)):
        assert client(cast, who).get(addresses["listing-file"]).status_code == status, who
    assert client(cast, "neighbour").post(addresses["listing-file-withdraw"], {"because": "x"}).status_code == 403
    assert hand_in(client(cast, "neighbour"), listing, upload()).status_code == 403
    assert hand_in(client(cast, "next_clerk"), listing, upload()).status_code == 404
    assert File.objects.unscoped("test").filter(is_void=False).count() == 1


def test_a_file_is_not_had_by_the_way_of_another_record(cast: Cast, listing: str) -> None:
    """The nosy neighbour hangs the id of a stranger's file onto a record that she may read."""
    hers = cast.listing("family-file", "clerk", subject=cast.households["330402100226"][0]).key
    kept = keep(cast, listing)

    with pytest.raises(Unseen):
        shelf.open_file(cast.actor("neighbour"), Ref("listing", hers), kept.id, at=NOW)
    with pytest.raises(Unseen):
        shelf.open_file(cast.actor("chair"), Ref("listing", kept.id), kept.id, at=NOW)


def test_a_file_exchanged_on_the_disk_is_not_given_out(cast: Cast, listing: str) -> None:
    one, other = keep(cast, listing), keep(cast, listing, "b.docx", document())
    folder = Path(settings.HOME.path) / "files"
    (folder / one.id[-2:] / one.id).write_bytes((folder / other.id[-2:] / other.id).read_bytes())

    with pytest.raises(Refused) as refused:
        shelf.open_file(cast.actor("chair"), Ref("listing", listing), one.id, at=NOW)
    assert "备份" in refused.value.message


def test_taking_back_says_why_and_destroys_the_bytes(
    cast: Cast, listing: str, django_capture_on_commit_callbacks: Any
) -> None:
    kept, browser = keep(cast, listing), client(cast, "chair")
    address = reverse("listing-file-withdraw", args=[listing, kept.id])

    assert browser.post(address, {"because": " "}).status_code == 400
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(address, {"because": "传错了，是138 0573 2764的"}).status_code == 302

    row = File.objects.unscoped("test").get()
    assert (row.is_void, bool(row.name), row.void_by) == (True, False, cast.accounts["chair"].pk)
    assert "2764" not in row.because or "·" in row.because
    assert kept.id not in set(disk.kept())
    assert browser.get(reverse("listing-file", args=[listing, kept.id])).status_code == 404


def test_what_is_refused_is_said_by_the_field_and_leaves_nothing(cast: Cast, listing: str) -> None:
    browser, before = client(cast, "chair"), set(disk.kept())

    for file in (upload("a.jpg", b"<script>alert(1)</script>"), upload("b.exe", b"MZ\x90\x00" + b"\0" * 99)):
        response = hand_in(browser, listing, file)
        assert response.status_code == 400
        assert UNKNOWN in response.content.decode()
    nothing = browser.post(reverse("listing-file-new", args=[listing]))
    assert (nothing.status_code, "请选一个文件" in nothing.content.decode()) == (400, True)
    assert (File.objects.unscoped("test").count(), set(disk.kept())) == (0, before)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("../../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\a\\证.JPG", "证.jpg"),
        ("证\r\nSet-Cookie: a=b.jpg", "证Set-Cookie_ a=b.jpg"),
        ("证\u202egpj.exe", "证gpj.jpg"),
        ('"><img src=x onerror=alert(1)>.png', "_img src=x onerror=alert(1)_.jpg"),
        ("", "材料.jpg"),
        (".jpg", "材料.jpg"),
        ("长" * 200 + ".jpg", "长" * 80 + ".jpg"),
    ],
)
def test_a_name_is_a_name_and_nothing_else(cast: Cast, listing: str, typed: str, name: str) -> None:
    assert keep(cast, listing, typed).name == name


def test_a_record_holds_so_many_files(cast: Cast, listing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST_OF_A_RECORD", 1)
    keep(cast, listing)
    before = set(disk.kept())

    with pytest.raises(Refused) as refused:
        keep(cast, listing)
    assert "最多放 1 份" in refused.value.message
    assert set(disk.kept()) == before


def test_a_kind_with_stricter_eyes_is_asked(cast: Cast, listing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind that shows a record to fewer than its region does (a team, nobody related) decides for its files too."""
    kept = keep(cast, listing)
    monkeypatch.setattr(ListingKind, "find", lambda *_: None)

    with pytest.raises(Unseen):
        shelf.of(cast.actor("chair"), Ref("listing", listing))
    with pytest.raises(Unseen):
        shelf.open_file(cast.actor("chair"), Ref("listing", listing), kept.id, at=NOW)


def test_opening_a_childs_paper_leaves_a_trace_and_an_ordinary_one_none(cast: Cast, listing: str) -> None:
    household = cast.households["330402100222"][0]
    rows = Membership.objects.unscoped("test").filter(household=household, relation="grandchild")
    child = str(rows.values_list("person_id", flat=True).get())
    file = cast.listing("child-in-difficulty", subject_type="person", subject=child).key
    papers = {record: keep(cast, record) for record in (file, listing)}
    for record, kept in papers.items():
        shelf.open_file(cast.actor("chair"), Ref("listing", record), kept.id, at=NOW)

    entries = [(entry.act, entry.kind, entry.key) for entry in Entry.objects.unscoped("test").order_by("no")]
    assert entries[-1] == ("view", "file", papers[file].id)
    assert papers[listing].id not in {key for _, _, key in entries}


def test_changing_keys_seals_every_file_again(cast: Cast, listing: str) -> None:
    kept = keep(cast, listing, "a.docx", document())
    place = Path(settings.HOME.path) / "files" / kept.id[-2:] / kept.id
    before = place.read_bytes()

    disk.seal_again(kept.id)

    assert place.read_bytes() != before
    assert disk.get(kept.id) == document()
