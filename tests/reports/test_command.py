"""`lianxin report`: three formats, one sentence for impossible input, nothing half-written."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import docx
import pytest
from django.test import override_settings

from lianxin.catalog.current import catalog
from lianxin.cli.main import run
from lianxin.cli.report import write_whole
from lianxin.register.models import Membership
from tests.cast import COUNTY, LIANFENG, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_addresses")]


@pytest.fixture
def _addresses() -> Any:
    with override_settings(ROOT_URLCONF="lianxin.desk.figures.urls"):
        yield


def report(*, out: Path | str, region: str = COUNTY, year: str = "2021", more: tuple[str, ...] = ()) -> int:
    return run(["report", "--region", region, "--year", year, "--out", str(out), *more])


@pytest.fixture
def year(cast: Cast) -> Cast:
    """Two visits to one household, a golden idea, a family file, a child's file."""
    cast.visit(day="2021-02-01", opinions=[{"text": "托管班", "idea": True}], people="0")
    cast.visit(day="2021-05-01", difficulties=[{"text": "低保", "state": "solved"}], people="2")
    cast.listing("family-file")
    members = Membership.objects.unscoped("test").filter(household=cast.households[LIANFENG][0])
    child = members.exclude(relation="head").values_list("person_id", flat=True)[0]
    cast.listing("child-in-difficulty", subject_type="person", subject=child)
    return cast


def test_json_holds_every_indicator_in_the_promised_shape(year: Cast, tmp_path: Path) -> None:
    assert report(out=tmp_path / "report.json") == 0

    told = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert list(told) == ["region", "year", "figures"]
    assert (told["region"], told["year"]) == (COUNTY, 2021)
    assert {tuple(figure) for figure in told["figures"]} == {("code", "name", "value", "unit", "fold", "records")}
    assert [figure["code"] for figure in told["figures"]] == [spec.code for spec in catalog().whole_indicators]
    figures = {figure["code"]: figure for figure in told["figures"]}
    assert figures["visits.households"] == {
        "code": "visits.households",
        "name": catalog().indicator("visits.households").name,
        "value": 1,
        "unit": "户",
        "fold": "distinct",
        "records": 2,
    }
    for code in ("files.family-and-women", "files.children", "difficulties.solved", "ideas.heard"):
        assert (figures[code]["value"], figures[code]["records"]) == (1, 1)
    assert figures["difficulties.solved-rate"]["value"] == 100
    assert figures["visits.persons"]["value"] == 0


def test_a_ratio_over_nothing_is_null(cast: Cast, tmp_path: Path) -> None:
    assert report(out=tmp_path / "r.json") == 0

    figures = {f["code"]: f for f in json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["figures"]}
    assert figures["difficulties.solved-rate"]["value"] is None
    assert figures["visits.times"]["value"] == 0


def test_docx_is_the_composed_report(year: Cast, tmp_path: Path) -> None:
    assert report(out=tmp_path / "report.docx") == 0

    text = "\n".join(paragraph.text for paragraph in docx.Document(str(tmp_path / "report.docx")).paragraphs)
    assert text.startswith("南湖区妇联2021年执委履职情况\n一、走访联系\n")
    assert "前后走访2户次，走到、联系到的家庭有1户" in text


def test_html_stands_alone_and_each_figure_is_a_door(year: Cast, tmp_path: Path) -> None:
    assert report(out=tmp_path / "report.html", more=("--site", "https://lianxin.example/")) == 0

    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert 'href="https://lianxin.example/figures/visits.households/?region=330402&amp;period=2021"' in page
    assert "/figures/visits.times/?region=330402&amp;period=2021-Q1" in page
    assert "<script" not in page
    assert "stylesheet" not in page


def test_an_empty_year_is_an_honest_report(cast: Cast, tmp_path: Path) -> None:
    assert report(out=tmp_path / "r.docx", year="1949") == 0

    text = "\n".join(paragraph.text for paragraph in docx.Document(str(tmp_path / "r.docx")).paragraphs)
    assert "1949年没有登记走访" in text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"region": "330499"}, "没有“330499”这个区划"),
        ({"region": "33040"}, "不是区划代码"),
        ({"region": "南湖区"}, "不是区划代码"),
        ({"region": ""}, "区划"),
        ({"year": "1948"}, "年份不能早于 1949 年"),
        ({"year": "2999"}, "还没有到"),
        ({"year": "明年"}, "不是年份"),
        ({"year": "-5"}, "不是年份"),
        ({"out": "report.pdf"}, ".docx、.html 或 .json 结尾"),
        ({"out": "report"}, ".docx、.html 或 .json 结尾"),
        ({"out": "nowhere/report.json"}, "文件夹"),
        ({"more": ("--site", "lianxin")}, "不是网址"),
    ],
)
def test_impossible_input_is_one_sentence_and_writes_nothing(
    cast: Cast,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    asked: dict[str, Any],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)

    code = report(**({"out": "report.json"} | asked))

    err = capsys.readouterr().err
    assert code == 2
    assert said in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_full_width_digits_will_do(year: Cast, tmp_path: Path) -> None:
    assert report(out=tmp_path / "r.json", region="３３０４０２", year="２０２１年") == 0


def test_a_report_takes_an_old_ones_place_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cast: Cast
) -> None:
    target = tmp_path / "r.json"
    target.write_text("old", encoding="utf-8")

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device", str(target))

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", broken)
        assert report(out=target) == 2

    assert target.read_text(encoding="utf-8") == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["r.json"]
    write_whole(target, b"new")
    assert target.read_bytes() == b"new"


def test_a_folder_that_cannot_be_written_to_is_said(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(out="/proc/report.json") == 2
    assert capsys.readouterr().err.count("\n") == 1
