"""Laws of every template of the house, wherever it stands: it parses, carries no script or style, fetches nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from django.template import TemplateSyntaxError
from django.template.loader import get_template

from tests.house.source import PACKAGE

TEMPLATES = sorted(PACKAGE.glob("**/templates/**/*.html"))
STATIC = sorted(path for path in PACKAGE.glob("**/static/**/*") if path.suffix in (".css", ".js", ".svg"))
EXCUSED = {
    "ui/paper.html": "a file that is saved and sent on brings its style along; the house never shows it",
    "ui/specimen.html": "a page of the tests' own, without a server that would take its form",
}


def name(path: Path) -> str:
    return path.as_posix().partition("/templates/")[2] or path.as_posix().partition("/static/")[2]


def offences(paths: Iterable[Path], look: Callable[[str], object]) -> dict[str, object]:
    found = {name(path): look(path.read_text(encoding="utf-8")) for path in paths if name(path) not in EXCUSED}
    return {at: what for at, what in found.items() if what}


def test_every_template_parses() -> None:
    broken: dict[str, str] = {}
    for path in TEMPLATES:
        try:
            get_template(name(path))
        except TemplateSyntaxError as error:
            broken[name(path)] = str(error)

    assert broken == {}


def test_no_template_carries_script_or_style_or_trusts_a_text() -> None:
    def look(text: str) -> list[str]:
        return [
            *re.findall(r"\sstyle=|<style|\son[a-z]+\s*=|javascript:|hx-on|hx-vars|\bjs:", text),
            *re.findall(r"<script(?![^>]*\ssrc=)", text),
            *re.findall(r"\|\s*safe\b|{%\s*autoescape\s+off", text),
        ]

    assert offences(TEMPLATES, look) == {}


def test_a_form_that_posts_carries_the_token() -> None:
    def look(text: str) -> list[str]:
        forms = re.findall(r"<form\b[^>]*method=\"?post.*?</form>", text, flags=re.IGNORECASE | re.DOTALL)
        return [form[:80] for form in forms if "csrf_token" not in form]

    assert offences(TEMPLATES, look) == {}


def test_nothing_is_fetched_from_elsewhere() -> None:
    def look(text: str) -> list[str]:
        text = re.sub(r"<!--.*?-->|/\*.*?\*/", "", text, flags=re.DOTALL)  # a licence may name its home
        found = re.findall(r"(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s\"')]*", text)
        return [address for address in found if not address.startswith("http://www.w3.org/")]

    assert offences([*TEMPLATES, *STATIC], look) == {}


def test_where_we_are_is_said_by_one_component() -> None:
    def look(text: str) -> list[str]:
        return re.findall(r'<nav[^>]*class="crumbs?"', text)

    assert offences(TEMPLATES, look) == {"ui/parts/crumbs.html": ['<nav class="crumbs"']}


def test_what_is_excused_is_there() -> None:
    assert set(EXCUSED) <= {name(path) for path in TEMPLATES}
    assert len(TEMPLATES) > 80
    assert any(path.suffix == ".css" for path in STATIC)
