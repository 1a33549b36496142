"""Regions, users, ledger from the command line: what they do, and impossible input with nothing half-written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from lianxin.net.models import Account, Appointment, Region

Lianxin = Callable[..., Any]
pytestmark = pytest.mark.django_db


def test_a_county_is_laid_with_its_13_towns_and_143_villages(lianxin: Lianxin) -> None:
    first, again = lianxin("regions", "load", "330402", "--json"), lianxin("regions", "load", "330402", "--json")

    # 13 towns, 143 villages, the county, its city and its province
    assert (first.code, first.json) == (0, {"region": "330402", "added": 159})
    assert again.json["added"] == 0
    assert Region.objects.filter(level=4).count() == 13
    assert Region.objects.filter(level=5).count() == 143


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("load", "999999"), "没有“999999”这个代码"),
        (("load", "三三"), "不是区划代码"),
        (("load",), "写一个区划代码"),
        (("load", "33", "--all"), "写一个区划代码"),
        (("list", "330402"), "没有“330402”这个区划"),
        (("withdraw", "330402", "--on", "明天"), "日期请写成"),
        (("withdraw", "330402", "--on", "2999-01-01"), "不能晚于今天"),
    ],
)
def test_impossible_regions_are_refused_with_nothing_written(
    lianxin: Lianxin, arguments: tuple[str, ...], sentence: str
) -> None:
    said = lianxin("regions", *arguments)

    assert said.code == 2
    assert sentence in said.err
    assert not Region.objects.exists()


def test_a_first_user_is_opened_with_a_post_and_a_temporary_password(lianxin: Lianxin) -> None:
    lianxin("regions", "load", "330402")

    said = lianxin(
        "user", "add", "Clerk", "--name", "测试甲", "--role", "county-officer", "--region", "330402", "--json"
    )

    account = Account.objects.get()
    appointment = Appointment.objects.get()
    assert said.json["username"] == account.username == "clerk"
    assert account.check_password(said.json["temporary_password"])
    assert account.must_change_password
    assert (appointment.role, appointment.region, appointment.account_id) == ("county-officer", "330402", account.pk)
    assert lianxin("user", "list", "--json").json == [
        {
            "username": "clerk",
            "name": "测试甲",
            "active": True,
            "posts": [{"role": "county-officer", "region": "330402"}],
        }
    ]


def test_a_password_is_reset_and_an_account_switched_off_and_on(lianxin: Lianxin) -> None:
    lianxin("user", "add", "clerk", "--name", "测试甲")

    fresh = lianxin("user", "password", "clerk").out.split()[1].partition("（")[0]
    off = lianxin("user", "disable", "clerk")

    account = Account.objects.get()
    assert account.check_password(fresh)
    assert (off.code, account.is_active) == (0, False)
    assert lianxin("user", "enable", "clerk").code == 0
    assert Account.objects.get().is_active


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "x", "--name", "测试甲"), "账号用 3 到 40 个"),
        (("add", "clerk", "--name", " "), "请填显示名"),
        (("add", "clerk", "--name", "测试甲", "--role", "county-officer"), "要一起写"),
        (("add", "clerk", "--name", "测试甲", "--role", "queen", "--region", "330402"), "没有这个角色"),
        (("add", "clerk", "--name", "测试甲", "--role", "county-officer", "--region", "33040"), "不是区划代码"),
        (
            ("add", "clerk", "--name", "测试甲", "--role", "county-officer", "--region", "330402"),
            "没有“330402”这个区划",
        ),
        (("password", "nobody"), "没有“nobody”这个账号"),
    ],
)
def test_impossible_users_are_refused_with_nothing_written(
    lianxin: Lianxin, arguments: tuple[str, ...], sentence: str
) -> None:
    said = lianxin("user", *arguments)

    assert said.code == 2
    assert sentence in said.err
    assert not Account.objects.exists()


def test_the_shipped_catalogue_has_nothing_wrong(lianxin: Lianxin) -> None:
    said = lianxin("check")

    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("工作目录没有问题")


def test_a_countys_mistake_is_named_with_file_key_and_mending(lianxin: Lianxin, tmp_path: Path, settings: Any) -> None:
    settings.OVERLAY_DIR = tmp_path
    (tmp_path / "indicators").mkdir()
    (tmp_path / "indicators" / "own.toml").write_text('[[indicator]]\ncode = "own.count"\nname = "本县的数"\n', "utf-8")

    said, listed = lianxin("check"), lianxin("check", "--json")

    assert (said.code, listed.code, said.out) == (2, 2, "")
    assert "本县目录 indicators/own.toml" in said.err
    assert {problem["file"] for problem in listed.json} == {"indicators/own.toml"}
    assert all(problem["message"] and problem["mend"] for problem in listed.json)


def test_a_broken_roles_file_is_an_error_of_check_too(lianxin: Lianxin, tmp_path: Path, settings: Any) -> None:
    shutil.copytree(settings.CATALOG_DIR, tmp_path / "catalog")
    settings.CATALOG_DIR = tmp_path / "catalog"
    with (tmp_path / "catalog" / "roles.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[role]]\ncode = "queen"\n')

    said = lianxin("check")

    assert said.code == 2
    assert "roles.toml" in said.err


def _tally(hundredths: int) -> None:
    """A cell of 走访户次 that no fact stands behind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_flowcell (key, grain, month, region, level, hundredths) "
            "VALUES ('visits.times', 12, 202103, '330402100201', 5, %s)",
            [hundredths],
        )


def test_a_ledger_without_difference_ends_with_its_three_numbers(lianxin: Lianxin) -> None:
    said = lianxin("ledger", "verify", "--json")

    assert said.code == 0
    assert said.json == {"records": 0, "facts": 0, "differences": 0}


def test_a_difference_is_named_ends_in_exit_code_1_and_a_rebuild_mends_it(lianxin: Lianxin) -> None:
    assert lianxin("ledger", "rebuild").code == 0
    _tally(100)

    told, listed = lianxin("ledger", "verify"), lianxin("ledger", "verify", "--json")

    assert (told.code, listed.code) == (1, 1)
    assert told.out.startswith("1 处不符。第一处：指标 visits.times")
    assert [json.loads(line) for line in listed.out.splitlines()][-1] == {"records": 0, "facts": 0, "differences": 1}
    assert lianxin("ledger", "rebuild").code == 0
    assert lianxin("ledger", "verify").code == 0
