"""Reads a page as somebody who fills its form meets it: what stands in each control, and what is said beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Control:
    """One named control: its values as they stand, and the ids of what describes it."""

    values: list[str] = field(default_factory=list)
    described_by: str = ""


class Page(HTMLParser):
    """`controls` by name; `said(name)` is the mistake told beside a control."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.controls: dict[str, Control] = {}
        self.texts: dict[str, str] = {}
        self._open_ids: list[tuple[str, str]] = []
        self._group = ""
        self._area: Control | None = None
        self._select: Control | None = None
        self.feed(text)

    def said(self, name: str) -> str:
        control = self.controls.get(name, Control())
        return "".join(self.texts.get(each, "") for each in control.described_by.split() if each.endswith("-error"))

    def values(self, name: str) -> list[str]:
        return self.controls[name].values if name in self.controls else []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            self._open_ids.append((tag, at.get("id", "")))
        if at.get("id"):
            self.texts.setdefault(at["id"], "")
        if tag == "fieldset":
            self._group = at.get("aria-describedby", "")
        if tag == "input" and at.get("name"):
            self._input(at)
        if tag == "textarea" and at.get("name"):
            self._area = self._control(at)
            self._area.values.append("")
        if tag == "select" and at.get("name"):
            self._select = self._control(at)
        if tag == "option" and "selected" in at and self._select:
            self._select.values.append(at.get("value", ""))

    def _input(self, at: dict[str, str]) -> None:
        control = self._control(at)
        if at.get("type") in ("radio", "checkbox") and "checked" not in at:
            return
        control.values.append(at.get("value", ""))

    def _control(self, at: dict[str, str]) -> Control:
        control = self.controls.setdefault(at["name"], Control())
        control.described_by = at.get("aria-describedby", "") or control.described_by or self._group
        return control

    def handle_endtag(self, tag: str) -> None:
        if tag == "fieldset":
            self._group = ""
        if tag == "textarea":
            self._area = None
        if tag == "select":
            self._select = None
        while self._open_ids and tag not in _VOID:
            opened, _ = self._open_ids.pop()
            if opened == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.values[-1] += data
        for _, name in self._open_ids:
            if name:
                self.texts[name] += data


_VOID = frozenset(
    {"input", "br", "hr", "img", "meta", "link", "source", "wbr", "col", "area", "base", "embed", "param", "track"}
    | {"use", "path", "rect", "line", "circle"}  # drawings close themselves
)
