"""Changing keys while the house is in use: everything is sealed anew, nothing is lost, whoever breaks off goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from lianxin.access.guard import pen
from lianxin.audit.models import Entry
from lianxin.base.days import now
from lianxin.base.ids import new_id
from lianxin.cli.main import run
from lianxin.files import disk
from lianxin.project.home import Home
from lianxin.records.saved import keep_typed, typed_before
from lianxin.register.models import PEN, Person
from lianxin.register.queries import find_persons, reveal
from lianxin.vault import keys, rotate
from lianxin.vault.box import forget_keyring, keyring, seal
from lianxin.vault.boxes import every
from lianxin.vault.ciphers import Scheme
from lianxin.vault.fields import SealedField
from tests.cast import LIANFENG, Cast, lay_cast

pytestmark = pytest.mark.django_db
Said = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.HOME = Home(tmp_path / "home")
    forget_keyring()
    yield tmp_path / "home"
    forget_keyring()


@pytest.fixture
def cast(db: None, home: Path) -> Cast:
    """The county, sealed with the keys of this test's home."""
    return lay_cast()


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    def ran(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return ran


def quiet(*_: object) -> None:
    return None


def sealed_by() -> set[tuple[int, int]]:
    return {header for column in rotate.counted().values() for header in column}


def test_everything_is_sealed_anew_and_opens(cast: Cast, said: Said) -> None:
    member, household = cast.actor("member"), cast.households[LIANFENG][0]
    reveal(member, household, "phone", "回访约时间", at=now())
    keep_typed(member, "visit:new", {"heard": ["浴室没扶手"]}, at=now())
    paper = new_id()
    disk.put(paper, "病历".encode())

    code, out, _ = said("vault", "rotate", "--scheme", "sm4-gcm", "--json")

    told = json.loads(out)
    assert (code, told["key"], told["scheme"], told["unopened"]) == (0, 2, "sm4-gcm", [])
    assert sealed_by() == {(2, 2)}
    assert disk.header_of(paper) == (2, 2)
    assert disk.get(paper).decode() == "病历"
    assert reveal(member, household, "phone", "回访约时间", at=now()) == "13805733012"
    typed = typed_before(member, "visit:new", now=now())
    assert typed is not None
    assert typed.fields["heard"] == ["浴室没扶手"]


def test_people_are_still_found_by_their_numbers(cast: Cast, said: Said) -> None:
    officer = cast.actor("officer")
    with pen(PEN):
        Person.objects.unscoped("test").filter(region=LIANFENG).update(phone="13900001234")
    before = [hit.key for hit in find_persons(officer, "张桂英")]

    said("vault", "rotate")

    assert [hit.key for hit in find_persons(officer, "张桂英")] == before != []
    assert reveal(officer, before[0], "phone", "回访约时间", at=now()) == "13900001234"


def test_what_was_broken_off_goes_on_with_the_same_key(cast: Cast, said: Said) -> None:
    keyring()
    keys.make_next(Scheme.AES_256_GCM)
    before = rotate.counted()
    assert {(1, 1)} == sealed_by()

    code, out, err = said("vault", "rotate", "--json")

    assert (code, json.loads(out)["key"]) == (0, 2)
    assert "接着做" in err
    assert json.loads(out)["resealed"] == sum(sum(column.values()) for column in before.values())
    assert sealed_by() == {(1, 2)}


def test_a_row_written_meanwhile_is_not_lost(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody saves a new phone between the reading and the writing of a piece: hers stays."""
    keys.make_next(Scheme.AES_256_GCM)
    household = cast.households[LIANFENG][0]
    real = rotate.unseal_bytes

    def opened(box: bytes, *, context: str) -> bytes:
        with connection.cursor() as cursor:
            fresh = seal("13900001234", context="household.phone")
            cursor.execute("UPDATE register_household SET phone = %s WHERE id = %s", [fresh, household])
        return real(box, context=context)

    monkeypatch.setattr(rotate, "unseal_bytes", opened)
    rotate.reseal(quiet)

    assert reveal(cast.actor("member"), household, "phone", "回访约时间", at=now()) == "13900001234"


def test_what_cannot_be_opened_stays_as_it_is_and_is_told(cast: Cast, said: Said) -> None:
    household = cast.households[LIANFENG][0]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE register_household SET phone = %s WHERE id = %s",
            [seal("13900001234", context="person.phone"), household],
        )

    code, out, _ = said("vault", "rotate")

    assert code == 1
    assert f"第一处：register_household.phone {household}" in out
    assert (1, 1) in rotate.counted()["register_household.phone"]


def test_the_log_says_that_keys_were_changed(cast: Cast, said: Said) -> None:
    said("vault", "rotate")

    entry = Entry.objects.unscoped("the test looks at rows").order_by("-no")[0]
    assert (entry.by, entry.act, entry.what) == ("operator", "keys", "aes-256-gcm 2")


def test_status_tells_which_key_sealed_how_much_and_shows_none(cast: Cast, said: Said, home: Path) -> None:
    said("vault", "rotate", "--scheme", "sm4-gcm")

    code, out, _ = said("vault", "status", "--json")

    told = json.loads(out)
    assert code == 0
    assert [(each["key"], each["scheme"], each["seals_now"]) for each in told["keys"]] == [
        (1, "aes-256-gcm", False),
        (2, "sm4-gcm", True),
    ]
    assert told["keys"][0]["sealed"] == 0
    assert told["keys"][1]["sealed"] > 0
    for path in (home / "keys").iterdir():
        assert path.read_text(encoding="ascii") not in out


def test_a_key_that_is_done_with_may_be_put_away(cast: Cast, said: Said, home: Path) -> None:
    assert said("vault", "retire", "1")[0] == 2
    said("vault", "rotate")

    code, out, _ = said("vault", "retire", "1")
    (home / "keys" / "vault-1").rename(home.parent / "safe")
    forget_keyring()

    assert code == 0
    assert "保险柜" in out
    assert reveal(cast.actor("member"), cast.households[LIANFENG][0], "phone", "回访约时间", at=now()) == "13805733012"


@pytest.mark.parametrize(
    "arguments", [("rotate", "--scheme", "rot13"), ("retire", "9"), ("retire", "0"), ("retire", "one"), ("retire",)]
)
def test_impossible_input_is_a_sentence_and_exit_2(cast: Cast, said: Said, arguments: tuple[str, ...]) -> None:
    code, _, err = said("vault", *arguments)

    assert code == 2
    assert len(err.strip().splitlines()) == 1


PLAIN_BYTES: dict[str, str] = {}


def test_every_column_of_bytes_is_sealed_and_known_to_the_change_of_keys() -> None:
    known = {boxes.name for boxes in every()}
    bytes_columns = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        if model.__module__.startswith("lianxin.")
        for field in model._meta.local_fields
        if isinstance(field, models.BinaryField)
    }

    assert bytes_columns - known - set(PLAIN_BYTES) == set(), "say `also(Boxes(…))`, or why its bytes may be plain"
    assert {"person.phone", "audit.reason"} <= {
        field.context
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, SealedField)
    }
