"""A copied home without its keys: every raw byte of it is read, and what is sealed is nowhere.

The home is filled through the front door: somebody new, a member with an ID number, a draft, a table handed in, papers,
a number shown in full for a reason, a search, an export, a backup.
"""

from __future__ import annotations

import gzip
import io
import shutil
import sqlite3
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from lianxin.base.days import now
from lianxin.base.ids import new_id
from lianxin.cli.backup import make_backup
from lianxin.project.home import Home
from lianxin.register.models import Person
from lianxin.vault.box import forget_keyring
from tests.cast import LIANFENG, Cast, lay_cast
from tests.exchange.tables import as_excel_keeps_it, workbook
from tests.files.samples import picture
from tests.taking import taken_out

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's files stand on its own machine")

ID_NUMBER, PHONE = "330402198808080048", "13957361209"
IN_A_TABLE, IN_A_DRAFT = "330402197707070057", "13705730468"
REASON, WHY_OUT = "她丈夫打过来问，先回个电话", "给县里核对困难名单用"
FILE_NAME = "陆小妹诊断书.jpg"
# What must not be found, and what of it would be enough to find her.
SEALED = {
    "ID number": (ID_NUMBER, ID_NUMBER[:14], ID_NUMBER[6:]),
    "phone": (PHONE, PHONE[:7], PHONE[3:]),
    "ID number of a row that waits": (IN_A_TABLE, IN_A_TABLE[6:]),
    "phone in a draft": (IN_A_DRAFT, IN_A_DRAFT[3:]),
    "reason of a reveal": (REASON,),
    "reason of an export": (WHY_OUT,),
    "name of a file": (FILE_NAME, "诊断书"),
}
KNOWN_PLAIN = "陆小妹"  # names are searched by, and lie plain: the search below is not blind


@pytest.fixture
def home(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home with keys apart, and a folder for temporary files that can be read afterwards."""
    monkeypatch.setenv("LIANXIN_KEYS", str(tmp_path / "keys"))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    settings.HOME = Home(tmp_path / "home")
    forget_keyring()
    yield tmp_path / "home"
    forget_keyring()


@pytest.fixture
def cast(transactional_db: None, home: Path) -> Cast:
    return lay_cast()


def test_a_copied_home_without_its_keys_shows_none_of_them(cast: Cast, home: Path, tmp_path: Path) -> None:
    _fill(cast)
    make_backup(home / "backups" / "night.tar.gz", now(), with_keys=False)
    copied = tmp_path / "copied"
    shutil.copytree(home, copied)
    database = Path(connection.settings_dict["NAME"])
    for path in database.parent.glob(f"{database.name}*"):  # the log and the index of the log beside it as they stand
        if "kept" not in path.name:
            shutil.copy2(path, copied / path.name)

    found = _found(copied) | _found(tmp_path / "tmp")

    assert found == set()
    assert _holds(copied, KNOWN_PLAIN)
    assert not list(copied.rglob("vault-*"))


def test_every_row_that_was_emptied_is_wiped_too(cast: Cast, home: Path, tmp_path: Path) -> None:
    """What waits in a table or a draft is sealed before it is written: pages freed later hold no trace."""
    _fill(cast)
    copy = tmp_path / "copy.sqlite3"
    with sqlite3.connect(connection.settings_dict["NAME"]) as live:
        live.execute("PRAGMA wal_checkpoint(PASSIVE)")
    shutil.copy2(connection.settings_dict["NAME"], copy)

    assert not any(part.encode() in copy.read_bytes() for parts in SEALED.values() for part in parts)


def _fill(cast: Cast) -> None:
    chair, clerk = _client(cast, "chair"), _client(cast, "clerk")
    typed = {"head": KNOWN_PLAIN, "place": "8组8号", "region": LIANFENG, "phone": PHONE}
    assert chair.post(reverse("household-new"), typed).status_code == 302
    person = Person.objects.unscoped("test").get(name=KNOWN_PLAIN)
    amended = {"name": KNOWN_PLAIN, "sex": "female", "id_number": ID_NUMBER, "phone": PHONE}
    assert chair.post(reverse("household-member-amend", args=[person.id]), amended).status_code == 302
    assert Person.objects.unscoped("test").get(name=KNOWN_PLAIN).id_number.reveal() == ID_NUMBER
    for field, number in (("phone", PHONE), ("id_number", ID_NUMBER)):
        page = chair.post(reverse("reveal", args=[person.id, field]), {"because": REASON})
        assert number in page.content.decode()
    for sought in (ID_NUMBER, PHONE, PHONE[-4:]):
        assert KNOWN_PLAIN in chair.get(reverse("households"), {"q": sought}).content.decode()
    draft = {"draft_form": f"visit:new:household:{cast.households[LIANFENG][0]}", "heard": f"号码 {IN_A_DRAFT}"}
    assert chair.post(reverse("visit-draft"), draft).status_code == 204
    table = workbook(("村", "姓名", "与户主关系", "身份证号"), ("联丰村", "钱大福", "户主", IN_A_TABLE))
    handed = SimpleUploadedFile("名册.xlsx", as_excel_keeps_it(table))
    assert clerk.post(reverse("import-new", args=["persons"]), {"file": handed}).status_code == 302
    listing = cast.listing("family-file").key
    paper = SimpleUploadedFile(FILE_NAME, picture(), content_type="image/jpeg")
    assert chair.post(reverse("listing-file-new", args=[listing]), {"file": paper}).status_code == 302
    for name in ("households-export", "people-export"):
        assert b"".join(taken_out(chair, reverse(name), why=WHY_OUT).streaming_content)
    wrong = {"id": new_id(), "day": "2099-01-01", "mode": "door", "heard": "x"}
    chair.post(reverse("visit-record", args=["household", cast.households[LIANFENG][0]]), wrong)


def _client(cast: Cast, who: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(cast.accounts[who])
    return client


def _found(folder: Path) -> set[tuple[str, str]]:
    """(file, what) for everything sealed that stands there plain, in whatever a Chinese computer writes."""
    return {
        (name, what)
        for name, content in _contents(folder)
        for what, parts in SEALED.items()
        for part in parts
        for encoding in ("utf-8", "utf-16-le", "gb18030")
        if part.encode(encoding) in content
    }


def _holds(folder: Path, text: str) -> bool:
    return any(text.encode() in content for _, content in _contents(folder))


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file, and what is packed inside archives and workbooks."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield from _opened(str(path.relative_to(folder)), path.read_bytes())


def _opened(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, content
    if content[:2] == b"\x1f\x8b":
        plain = gzip.decompress(content)
        yield f"{name} unpacked", plain
        if name.endswith(".tar.gz"):
            with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
                for member in tar:
                    file = tar.extractfile(member) if member.isreg() else None
                    if file is not None:
                        yield f"{name}/{member.name}", file.read()
    elif content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for inner in packed.namelist():
                yield f"{name}/{inner}", packed.read(inner)


def test_the_search_finds_what_lies_plain(tmp_path: Path) -> None:
    """The proof of the proof: each way of hiding is looked through."""
    (tmp_path / "plain.txt").write_text(f"号码 {PHONE}", encoding="gb18030")
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "plain.txt", arcname="inside")

    assert {name for name, _ in _found(tmp_path)} == {"plain.txt", "b.tar.gz unpacked", "b.tar.gz/inside"}
    assert configured.HOME
