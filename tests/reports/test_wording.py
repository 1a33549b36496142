"""The checks of a report's file: quarters, and words for where there is nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from lianxin.catalog.load import load_catalog
from lianxin.catalog.problems import CatalogErrors

SHIPPED = Path(__file__).parents[2] / "catalog"
HEAD = 'code = "ours"\nname = "本县"\nspan = "{span}"\ntitle = "{{region}}{{period}}"\nsource = "测试"\n'
SECTION = '[[section]]\nheading = "走访"\nparagraphs = ["{text}"]\n'


def problems(tmp_path: Path, text: str, *, none: str = "", span: str = "year") -> list[tuple[str, str]]:
    """What is wrong with a county's own report, as (key, message)."""
    (tmp_path / "reports").mkdir()
    body = HEAD.format(span=span) + SECTION.format(text=text) + none
    (tmp_path / "reports" / "ours.toml").write_text(body, encoding="utf-8")
    try:
        load_catalog(SHIPPED, tmp_path)
    except CatalogErrors as error:
        return [(problem.key, problem.message) for problem in error.problems]
    return []


def test_a_part_of_the_year_can_be_bound(tmp_path: Path) -> None:
    assert problems(tmp_path, "一季度{visits.times@Q1}，上半年{visits.times@H1}，三月{visits.times@03}。") == []


@pytest.mark.parametrize("part", ["Q5", "13", "2021", ""])
def test_an_unknown_part_is_told(tmp_path: Path, part: str) -> None:
    found = problems(tmp_path, f"{{visits.times@{part}}}")

    assert found == [("section[1].paragraphs[1]", f"“@{part}”不是一年的一段")]


def test_only_a_years_report_has_parts(tmp_path: Path) -> None:
    found = problems(tmp_path, "{visits.times@03}", span="quarter")

    assert found == [("section[1].paragraphs[1]", "一个季度的报告不能再分段")]


def test_words_for_nothing_belong_to_the_first_figure_of_a_sentence(tmp_path: Path) -> None:
    text = "走访{visits.times}，见到{visits.people}。办结{difficulties.solved}。"

    none = '[none]\n"visits.times" = "没有。"\n"visits.people" = "没有。"\n"difficulties.solved" = "{period}没有。"\n'

    assert problems(tmp_path, text, none=none) == [("none.visits.people", "没有哪句话拿它开头，这一句永远用不上")]


def test_words_for_nothing_bind_no_figures(tmp_path: Path) -> None:
    found = problems(tmp_path, "走访{visits.times}。", none='[none]\n"visits.times" = "只有{visits.people}。"\n')

    assert found == [("none.visits.times", "这里不能放“{visits.people}”")]
