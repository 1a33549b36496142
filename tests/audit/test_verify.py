"""Proving the log: whatever is done to it behind the house's back is found, and named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from lianxin.audit import triggers
from lianxin.audit.chain import Said, hash_of
from lianxin.audit.log import accept
from lianxin.audit.models import Entry, Head, Reason
from lianxin.audit.verify import parse_noted, verify
from lianxin.base.errors import Refused
from lianxin.cli.main import run
from tests.audit.conftest import AT, CHAIR, Noting

pytestmark = pytest.mark.django_db
TABLES = ("audit_entry", "audit_reason")


def quiet(*_: object) -> None:
    return None


def difference(noted: str = "") -> str:
    return verify(quiet, noted=parse_noted(noted) if noted else None).difference


def behind_the_back(*statements: str) -> None:
    """What somebody with the database in hand does: lift the locks, write, lay them again."""
    triggers.remove(connection, TABLES)
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)
    triggers.install(connection, TABLES)


def test_an_untouched_log_is_proved(five: None) -> None:
    verdict = verify(quiet)

    assert (verdict.entries, verdict.difference) == (5, "")
    assert verdict.head.startswith("5-")


def test_an_empty_log_is_proved(db: None) -> None:
    assert verify(quiet).difference == ""


@pytest.mark.parametrize(
    ("done", "found"),
    [
        (["UPDATE audit_entry SET \"by\" = 'x' WHERE no = 2"], "第 2 条被改动过"),
        (["UPDATE audit_entry SET act = 'view' WHERE no = 4"], "第 4 条被改动过"),
        (["UPDATE audit_entry SET region = '' WHERE no = 1"], "第 1 条被改动过"),
        (["UPDATE audit_entry SET at = '2021-12-24 01:00:00+00:00' WHERE no = 3"], "第 3 条被改动过"),
        (["DELETE FROM audit_entry WHERE no = 3"], "第 3 条不见了"),
        (["DELETE FROM audit_entry WHERE no = 1"], "第 1 条不见了"),
        (
            [
                "UPDATE audit_entry SET no = 99 WHERE no = 2",
                "UPDATE audit_entry SET no = 2 WHERE no = 3",
                "UPDATE audit_entry SET no = 3 WHERE no = 99",
            ],
            "第 2 条被改动过，或者换了位置",
        ),
        (["DELETE FROM audit_entry WHERE no = 5"], "最后 1 条不见了"),
        (["DELETE FROM audit_entry WHERE no > 3"], "最后 2 条不见了"),
        (["DELETE FROM audit_reason WHERE entry = 4"], "第 4 条的事由不见了"),
        (
            ["UPDATE audit_reason SET said = (SELECT said FROM audit_reason WHERE entry = 1) WHERE entry = 2"],
            "第 2 条的事由被改动过",
        ),
        (["UPDATE audit_reason SET entry = 3 WHERE entry = 4"], "第 3 条多出了事由"),
        (["UPDATE audit_head SET hash = ''"], "末条的登记"),
    ],
)  # fmt: skip
def test_what_was_done_behind_its_back_is_found(five: None, done: list[str], found: str) -> None:
    behind_the_back(*done)

    assert found in difference()


def test_a_log_cut_off_with_its_head_is_found_by_what_the_machine_saw(five: None) -> None:
    third = Entry.objects.unscoped("test").get(no=3).hash
    behind_the_back(
        "DELETE FROM audit_entry WHERE no > 3",
        "DELETE FROM audit_reason WHERE entry > 3",
        f"UPDATE audit_head SET no = 3, hash = '{third}'",
    )

    assert difference() == "末尾被截去：这台机器见过 5 条，现在只有 3 条。"


def test_with_the_machines_file_wound_back_too_the_head_on_paper_shows_it(five: None, head_file: Path) -> None:
    paper = verify(quiet).head
    third = Entry.objects.unscoped("test").get(no=3).hash
    behind_the_back(
        "DELETE FROM audit_entry WHERE no > 3",
        "DELETE FROM audit_reason WHERE entry > 3",
        f"UPDATE audit_head SET no = 3, hash = '{third}'",
    )
    from lianxin.audit.witness import begin_anew  # noqa: PLC0415 — as an intruder with the keys would

    begin_anew(3, third)

    assert difference() == ""
    assert "和记下的末条对不上" in difference(paper)


def test_an_earlier_head_on_paper_still_holds_when_the_log_has_grown(five: None, noted: Noting) -> None:
    paper = verify(quiet).head
    noted("又看了一次")

    assert difference(paper) == ""


def test_whoever_has_the_database_but_no_keys_cannot_chain_anew(five: None) -> None:
    """The public hash over the same line is not the entry's: the chain is keyed."""
    from hashlib import sha256  # noqa: PLC0415

    row = Entry.objects.unscoped("test").get(no=1)
    said = Said(at=row.at, by=row.by, act=row.act, kind=row.kind, key=row.key, what=row.what, region=row.region,
                address=row.address, reason=row.reason)  # fmt: skip

    assert row.hash == hash_of(said, no=1, previous="")
    assert row.hash != sha256(json.dumps(["", 1], ensure_ascii=False).encode()).hexdigest()
    assert row.hash != hash_of(said, no=1, previous="x")


@pytest.mark.parametrize("content", ["", "9 abc def", "5", "kein\n"])
def test_a_forged_file_beside_the_database_is_found(five: None, head_file: Path, content: str) -> None:
    head_file.write_text(content, encoding="ascii")

    assert "被改动过" in difference()


def test_a_file_that_was_taken_away_is_found(five: None, head_file: Path) -> None:
    head_file.unlink()

    assert "没有见过" in difference()


def test_a_missing_lock_is_found(five: None) -> None:
    triggers.remove(connection, ["audit_entry"])

    assert "少了一道锁" in difference()


def test_after_a_restore_the_log_goes_on_and_says_so(
    five: None, head_file: Path, django_capture_on_commit_callbacks: Any
) -> None:
    head_file.unlink()

    with django_capture_on_commit_callbacks(execute=True):
        accept(CHAIR, at=AT, reason="从昨晚的备份恢复")

    assert difference() == ""
    last = Entry.objects.unscoped("test").order_by("-no")[0]
    assert (last.no, last.act) == (6, "restore")
    assert Reason.objects.unscoped("test").get(entry=6).said.reveal() == "从昨晚的备份恢复"
    assert Head.objects.get().no == 6


# ── the command ──────────────────────────────────────────────────────────────

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def said(capsys: Captured) -> Callable[..., tuple[int, str, str]]:
    def ran(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return ran


def test_the_command_prints_the_head_to_be_noted_down(five: None, said: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = said("audit", "verify")

    assert code == 0
    assert verify(quiet).head in out
    assert said("audit", "verify", "--noted", verify(quiet).head)[0] == 0


def test_the_command_names_the_first_difference_and_exits_1(
    five: None, said: Callable[..., tuple[int, str, str]]
) -> None:
    behind_the_back("UPDATE audit_entry SET \"by\" = 'x' WHERE no > 1")

    code, out, _ = said("audit", "verify", "--json")

    assert code == 1
    assert json.loads(out)["difference"].startswith("第 2 条")
    assert json.loads(out)["entries"] == 1


@pytest.mark.parametrize("noted", ["", "five", "5", "5-xyz", "-1-0000000000000000"])
def test_a_head_that_is_none_is_refused(db: None, noted: str, said: Callable[..., tuple[int, str, str]]) -> None:
    code, _, err = said("audit", "verify", f"--noted={noted}")

    assert code == 2
    assert "记下的末条应像" in err
    with pytest.raises(Refused):
        parse_noted(noted)


def test_accepting_needs_a_reason(db: None, said: Callable[..., tuple[int, str, str]]) -> None:
    code, _, err = said("audit", "accept", "--because", "好")

    assert code == 2
    assert "请写明为什么" in err
