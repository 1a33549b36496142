"""Contrast of the colours, light and dark, computed after WCAG 2.2."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import lianxin.ui

TOKENS = (Path(lianxin.ui.__file__).parent / "static" / "lianxin" / "tokens.css").read_text(encoding="utf-8")
GROUNDS = ("paper", "sunk")
TEXTS = ("ink", "ink-2", "ink-3", "plum", "red", "yellow", "blue", "green")
ON_WASHES = (
    ("plum", "wash"),
    ("ink", "wash"),
    ("red", "red-wash"),
    ("ink", "red-wash"),
    ("ink-2", "red-wash"),
    ("yellow", "yellow-wash"),
    ("blue", "blue-wash"),
    ("green", "green-wash"),
    ("ink", "green-wash"),
    ("ink", "yellow-wash"),
    ("ink", "blue-wash"),
    ("on-fill", "fill"),
    ("on-fill", "fill-2"),
)


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


LIGHT = colours(TOKENS.split(":root {")[1].split("}")[0])
DARK = {**LIGHT, **colours(TOKENS.split(":root.dark {")[1].split("}")[0])}
SYSTEM_DARK = {**LIGHT, **colours(TOKENS.split(":root:not(.light) {")[1].split("}")[0])}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the well-known grey that just fails


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_words_can_be_read(theme: dict[str, str], ground: str, text: str) -> None:
    assert contrast(theme[text], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "wash"), ON_WASHES)
def test_words_can_be_read_on_colour(theme: dict[str, str], text: str, wash: str) -> None:
    assert contrast(theme[text], theme[wash]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("edge", ["edge", "last", "plum"])
def test_edges_of_fields_and_lines_of_charts_can_be_seen(theme: dict[str, str], edge: str) -> None:
    assert contrast(theme[edge], theme["paper"]) >= 3


def test_the_two_darks_are_one() -> None:
    assert DARK == SYSTEM_DARK
