"""`lianxin import KIND FILE`: what scripts may rely on, and one sentence for everything that cannot be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lianxin.exchange.models import Batch, Stage, StagedRow
from lianxin.register.models import Person
from tests.cast import COUNTY, LIANFENG, Cast
from tests.cli.conftest import Said
from tests.exchange.tables import number_of

pytestmark = pytest.mark.django_db
TABLE = (
    "村,姓名,与户主关系,身份证号,出生日期\n"
    f"联丰村,钱大福,户主,{number_of('19600101', 1)},\n"
    "联丰村,钱小花,女儿,,1990-13-03\n"
    f"没有的村,李根宝,户主,{number_of('19550505', 1)},\n"
)
WRONG = [
    {"row": 3, "column": "出生日期", "message": "没有“1990-13-03”这一天，请核对。"},
    {
        "row": 4,
        "column": "村",
        "message": "没有找到“没有的村”这个村（社区），请写全称或 12 位区划代码；不在您的区域里的不能导入。",
    },
]
Run = Callable[..., Said]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "花名册.csv"
    path.write_text(TABLE, encoding="gbk")
    return path


def people() -> int:
    return Person.objects.unscoped("test").count()


def test_a_dry_run_says_what_is_wrong_and_leaves_nothing(cast: Cast, lianxin: Run, file: Path) -> None:
    before = people()

    said = lianxin("import", "persons", str(file), "--region", COUNTY, "--dry-run", "--json")

    assert said.code == 1
    assert {key: said.json[key] for key in ("rows", "good", "bad", "errors")} == {
        "rows": 3, "good": 1, "bad": 2, "errors": WRONG,
    }  # fmt: skip
    assert people() == before
    assert StagedRow.objects.unscoped("test").count() == 0
    assert Batch.objects.unscoped("test").get().stage == Stage.DROPPED


def test_what_is_good_goes_in_and_again_nothing_is_double(cast: Cast, lianxin: Run, file: Path) -> None:
    before = people()

    first = lianxin("import", "persons", str(file), "--as", "cast.clerk", "--json")
    again = lianxin("import", "persons", str(file), "--as", "cast.clerk", "--json")

    assert (first.code, first.json["applied"], first.json["bad"]) == (1, 1, 2)
    assert again.json == first.json
    assert people() == before + 1


def test_all_good_is_exit_code_nought_and_can_be_undone(cast: Cast, lianxin: Run, file: Path) -> None:
    file.write_text("姓名,出生日期\n冯甲,1980-01-01\n", encoding="utf-8")
    done = lianxin("import", "persons", str(file), "--region", LIANFENG)
    undone = lianxin("import", "persons", str(file), "--region", LIANFENG, "--undo", "传错了", "--json")

    assert (done.code, undone.code) == (0, 0)
    assert "已导入 1 行" in done.out
    assert (undone.json["applied"], undone.json["undone"]) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("persons", "没有这个文件.xlsx", "--region", COUNTY), "没有这个文件.xlsx"),
        (("horses", "{file}", "--region", COUNTY), "不能导入“horses”"),
        (("persons", "{file}"), "--region"),
        (("persons", "{file}", "--region", "999999"), "没有“999999”"),
        (("persons", "{file}", "--as", "nobody"), "没有“nobody”这个账号"),
        (("persons", "{file}", "--as", "cast.member"), "没有这项权限"),
        (("persons", "{broken}", "--region", COUNTY), "不是 .xlsx"),
        (("persons", "{empty}", "--region", COUNTY), "空的"),
        (("persons", "{strange}", "--region", COUNTY), "没有认出表头"),
        (("persons", "{file}", "--region", COUNTY, "--undo", "传错了"), "还没有导入完"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_code_two(
    cast: Cast, lianxin: Run, file: Path, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    files = {"file": file}
    for name, content in (("broken", b"PK\x03\x04xx"), ("empty", b""), ("strange", "哦\n嗯\n".encode())):
        files[name] = tmp_path / name
        files[name].write_bytes(content)

    said = lianxin("import", *(each.format(**files) for each in arguments), "--json")

    assert said.code == 2
    assert sentence in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""
