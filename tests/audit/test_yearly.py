"""The draft of the yearly audit: counted by hand from a few entries."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest
from django.db import transaction

from lianxin.access.actor import Actor
from lianxin.audit.log import Thing, note
from lianxin.audit.models import Act
from lianxin.audit.yearly import year_of_log
from lianxin.base.days import SHANGHAI
from lianxin.cli.main import run

pytestmark = pytest.mark.django_db
ONE, OTHER = Actor("A" * 26, "甲"), Actor("B" * 26, "乙")


def at(month: int, day: int = 5, year: int = 2021) -> dt.datetime:
    return dt.datetime(year, month, day, 9, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def year() -> None:
    with transaction.atomic():
        for actor, act, when, about, what in (
            (ONE, Act.VIEW, at(3), Thing("listing", "L1"), ""),
            (OTHER, Act.VIEW, at(3), Thing("listing", "L1"), ""),
            (OTHER, Act.VIEW, at(12, 31), Thing("visit", "V1"), ""),
            (ONE, Act.VIEW, at(1, year=2022), Thing("visit", "V1"), ""),
            (ONE, Act.VIEW, at(4), Thing("list", "child-in-difficulty"), ""),
            (ONE, Act.EXPORT, at(5), Thing("taking", "T1"), "asked"),
            (OTHER, Act.EXPORT, at(5), Thing("taking", "T1"), "granted"),
            (ONE, Act.EXPORT, at(5), Thing("export", "E1"), "listings-ledger"),
            (ONE, Act.REVEAL, at(6), Thing("person", "P1"), "phone"),
            (ONE, Act.SEARCH, at(6), Thing("person", ""), ""),
        ):
            note(actor, act, at=when, about=about, what=what)


def test_a_year_is_counted_and_the_next_one_left_out() -> None:
    counted = year_of_log(2021)

    assert (counted.openings, counted.files, counted.accounts) == (3, 2, 2)
    assert counted.lists == {"child-in-difficulty": 1}
    assert (counted.asked, counted.granted, counted.refused, counted.exports) == (1, 1, 0, 1)
    assert (counted.reveals, counted.searches) == (1, 1)
    assert counted.months == (0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1)
    assert year_of_log(2022).openings == 1


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def ran(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return ran


def test_the_command_says_it_in_sentences_and_as_json(said: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = said("audit", "year", "2021")

    assert code == 0
    assert "2 个账号打开 2 份档案 3 次" in out
    assert "申请 1 次，批准 1 次" in out
    assert [line[0] for line in out.splitlines()[1:] if line[1:2] == "、"] == list("一二三四五六")
    assert "甲" not in out
    assert json.loads(said("audit", "year", "2021", "--json")[1])["openings"] == 3


@pytest.mark.parametrize("year", ["", "21", "last", "99999"])
def test_a_year_that_is_none_is_refused(year: str, said: Callable[..., tuple[int, str, str]]) -> None:
    assert said("audit", "year", year)[0] == 2
