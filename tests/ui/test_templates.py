"""Laws of the templates: they compile, name icons that exist, carry no inline script or style, and stay light."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.template.loader import get_template
from django.test import Client

import lianxin.ui
from lianxin.ui import sprite
from lianxin.ui.templatetags.lianxin import figure, icon, mark

UI = Path(lianxin.ui.__file__).parent
TEMPLATES = sorted(UI.glob("templates/**/*.html"))
SAVED = UI / "templates" / "ui" / "paper.html"  # a file that is saved and sent on brings its style along
STATIC = UI / "static" / "lianxin"
PAGES = [file for file in TEMPLATES if file != SAVED]
BUDGET = 100 * 1024
STYLE_BUDGET = 12 * 1024


def names(files: list[Path]) -> list[str]:
    return [str(file.relative_to(UI / "templates")) for file in files]


@pytest.mark.parametrize("name", names(TEMPLATES))
def test_every_template_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("file", PAGES, ids=names(PAGES))
def test_no_template_carries_script_or_style(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert re.findall(r"\sstyle=|<style|\son[a-z]+=|javascript:|hx-on|hx-vars|js:", text) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", text) == []


@pytest.mark.parametrize("file", TEMPLATES, ids=names(TEMPLATES))
def test_every_icon_named_is_in_the_sprite(file: Path) -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite.SPRITE.read_text(encoding="utf-8")))
    named = set(re.findall(r'{% icon "([^"]+)"', file.read_text(encoding="utf-8")))

    assert named <= drawn


def test_the_sprite_holds_what_its_list_says_and_its_licence() -> None:
    text = sprite.SPRITE.read_text(encoding="utf-8")

    assert set(re.findall(r'<symbol id="([^"]+)"', text)) == {*sprite.OUTLINE, *sprite.FILLED, "knot"}
    assert "MIT License" in text
    assert "Permission is hereby granted" in (STATIC / "icons.LICENSE.txt").read_text(encoding="utf-8")


def test_scripts_neither_evaluate_nor_write_markup() -> None:
    for file in STATIC.glob("*.js"):
        assert re.findall(r"eval\(|new Function|innerHTML|document\.write", file.read_text(encoding="utf-8")) == []


def test_nothing_is_fetched_from_elsewhere() -> None:
    for file in [*TEMPLATES, *STATIC.glob("*.css"), *STATIC.glob("*.js")]:
        assert re.findall(r"https?://|@import|url\(", file.read_text(encoding="utf-8")) == []


def test_a_figure_opens_says_its_unit_and_its_fold() -> None:
    drawn = figure(16704, "户", "/f?a=1&b=2", "distinct")

    assert drawn == (
        '<a class="fig" href="/f?a=1&amp;b=2">16,704<span class="u">户</span>'
        '<span class="vh">（同一户只算一次）</span></a>'
    )


def test_a_figure_nobody_knows_does_not_open() -> None:
    assert figure(None, "户", "/f") == '<span class="num is-unknown">没有数</span>'
    assert figure(0, "户") == '<span class="num">0<span class="u">户</span></span>'


def test_icons_are_decoration_unless_named() -> None:
    assert 'aria-hidden="true"' in icon("check")
    assert 'role="img" aria-label="相符"' in icon("check", "相符")


def test_a_colour_carries_shape_and_word() -> None:
    drawn = mark("yellow", "黄<色>")

    assert "#yellow" in drawn
    assert "黄&lt;色&gt;" in drawn


def test_days_and_numbers_are_said_by_filters() -> None:
    numbers = "{% load lianxin %}{{ n|thousands }} {{ n|yuan }} {{ n|wan }} {{ r|percent }} "
    unknown = "{{ none|thousands }}{{ none|say_day }}"

    assert Template(numbers + unknown).render(Context({"n": 69600, "r": 1, "none": None})) == (
        "69,600 69,600.00 元 6.96 万元 100% 没有数"
    )


def test_the_style_is_light() -> None:
    assert sum(len(gzip.compress(file.read_bytes())) for file in STATIC.glob("*.css")) <= STYLE_BUDGET


@pytest.mark.parametrize("path", ["/", "/visits", "/record", "/figure"])
def test_a_first_page_stays_under_its_budget(visitor: Client, path: str) -> None:
    page = visitor.get(path).content
    linked = set(re.findall(r'(?:src|href)="/static/([^"#]+)', page.decode()))
    weight = len(gzip.compress(page))
    for name in linked:
        file = finders.find(name)
        assert file, name
        weight += len(gzip.compress(Path(file).read_bytes()))

    assert weight <= BUDGET, f"{weight / 1024:.1f} KB"
